"""The sides of a system that are signed in to apart (a file service, web pages): each fails and goes on alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from app.connect.breaker import Breaker
from app.connect.troubles import Mark
from app.model.capabilities import Capability
from app.model.errors import DaybookError
from vendors.contract import Adapter, Manifest, SessionInfo, SignsInApart


@dataclass
class Side:
    """One side: its sign-in, what stopped it until a person acts, its breaker. ``name`` is empty where it is all."""

    name: str
    breaker: Breaker
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    info: SessionInfo | None = None
    stopped: DaybookError | None = None

    @property
    def mark(self) -> Mark:
        """What its troubles are kept under."""
        return self.name or None

    async def sign_in(self, adapter: Adapter) -> SessionInfo:
        """Sign in to this side alone, where the adapter can."""
        if self.name and isinstance(adapter, SignsInApart):
            return await adapter.sign_in_to(self.name)
        return await adapter.sign_in()


def side_names(manifest: Manifest) -> tuple[str, ...]:
    """The names of a system's sides; one without a name where it is signed in to as a whole."""
    return tuple(side.name for side in manifest.sides) or ("",)


def side_of(manifest: Manifest, capability: Capability | None) -> str:
    """The side that does ``capability``; the first one where none says so."""
    for side in manifest.sides:
        if capability in side.capabilities:
            return side.name
    return side_names(manifest)[0]


def side_of_pages(manifest: Manifest) -> str:
    """The side on which web pages are driven; the first one where none says so."""
    return next((side.name for side in manifest.sides if side.pages), side_names(manifest)[0])
