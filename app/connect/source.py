"""What every fetch of one connection works with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.connect.session import Session
from app.connect.timing import Timing
from app.model.capabilities import Capability
from app.model.clock import Clock
from app.model.schedule import ProviderRow
from app.rules.timezones import local
from app.store import providers
from app.store.database import Reader
from app.store.store import Store
from vendors.contract import Adapter

T = TypeVar("T")

#: Syncing spends at most this share of the requests allowed; the rest is for live questions and the outbox.
SYNC_SHARE = 0.7


@dataclass
class Source:
    """One connection's session, the store it fills, and its location's time zone.

    ``landed`` counts the bookings the vendor has confirmed to us: a schedule that was asked for before one landed
    does not show it, and must not replace the day.
    """

    connection_id: str
    session: Session
    store: Store
    clock: Clock
    time_zone: str
    timing: Timing
    landed: int = 0

    def today(self) -> date:
        """The location's date."""
        return local(self.clock.now(), self.time_zone)[0]

    async def read(self, capability: Capability, ask: Callable[[Adapter], Awaitable[T]]) -> T:
        """Ask on behalf of syncing: waits while little of the request budget is left, for people come first."""
        while True:
            budget = self.session.budget.visible()
            if budget.used < budget.allowed * SYNC_SHARE:
                return await self.session.call(capability, ask)
            await self.timing.wait(asyncio.Event(), 1.0)

    def width(self) -> int:
        """How many of its parallel requests syncing may use; the rest are for people who wait."""
        return max(1, self.session.manifest.limits.parallel // 2)

    async def providers(self) -> list[ProviderRow]:
        """The active providers of this connection, as last read."""
        return await self.store.read(_providers_of, self.connection_id)


def _providers_of(conn: Reader, connection_id: str) -> list[ProviderRow]:
    return [row for row in providers.listed(conn) if row.connection_id == connection_id]
