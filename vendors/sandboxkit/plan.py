"""How a simulator is asked for, and what it must be able to do."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, get_args
from zoneinfo import ZoneInfo

Scale = Literal["small", "clinic", "large"]
SCALES: tuple[str, ...] = get_args(Scale)

#: The practice's own zone: ``--now`` without an offset is meant in it.
ZONE = ZoneInfo("America/Chicago")

#: A control action: JSON in, JSON out.
Action = Callable[[dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``now``: the moment the simulator believes it is at its start (None: the machine's). ``port`` 0: any free one."""

    now: datetime | None = None
    seed: int = 1
    scale: Scale = "small"
    port: int = 0
    faults: str = ""
    tls: ssl.SSLContext | None = None


class Sandbox(Protocol):
    """A running simulator. ``actions`` are served on the control address, by name."""

    name: str
    actions: Mapping[str, Action]

    def announcement(self) -> dict[str, Any]:
        """``base_urls``, ``tenant``, ``credentials``: what a client needs."""
        ...

    async def close(self) -> None:
        """Give the sockets back."""
        ...


def moment(text: str) -> datetime:
    """``2026-03-10T09:43`` (the practice's zone) or with an offset. Raises ValueError."""
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=ZONE)
