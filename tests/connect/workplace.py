"""A workplace as every test of this room has one: a real store, what speaks with vendors, one connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import vendors.load
from app.connect.connect import Connect
from app.connect.outbox_worker import Patience
from app.connect.timing import Timing as LoopTiming
from app.connect.vendor_table import VendorTable
from app.model.accounts import Actor, Role
from app.model.clock import Clock, ShiftedClock
from app.model.connection import Connection
from app.model.outbox import Job, JobState
from app.rules.permissions import permissions_of
from app.store import connections, outbox
from app.store.keys import MemoryKeyRing
from app.store.store import Store
from vendors.contract.context import Timing

KEY = bytes(range(32))


class MovedClock(ShiftedClock):
    """Runs on, and leaps when it is told to."""

    def shift(self, by: timedelta) -> None:
        self._shift += by


def actor(role: Role = Role.ADMIN, account_id: str = "rosa") -> Actor:
    return Actor(account_id=account_id, full_name="Rosa Mallow", role=role, permissions=permissions_of(role))


@dataclass(kw_only=True)
class Workplace:
    """``timing`` rules single requests; closing waits ``grace_s`` for writes.

    ``patience`` is how long a write of unknown end is left alone before it is read back: what is lost in these tests is
    lost for good, so it is less than a request may live on a busy machine. None for the usual.
    """

    store: Store
    clock: Clock
    timing: Timing
    patience: Patience | None = None
    grace_s: float = 0.5
    vendors: VendorTable = vendors.load
    waiting: LoopTiming | None = None
    ring: MemoryKeyRing = field(default_factory=MemoryKeyRing)
    connect: Connect = field(init=False)
    connection: Connection = field(init=False)

    def make(self) -> Connect:
        """As at the start of the program; the store is the one that is here."""
        self.connect = Connect(
            self.store,
            self.clock,
            self.vendors,
            self.ring,
            store_id="test",
            timing=self.waiting,
            vendor_timing=self.timing,
            grace_s=self.grace_s,
        )
        if self.patience is not None:
            self.connect._worker._patience = self.patience
        return self.connect

    @property
    def key(self) -> str:
        return self.connection.connection_id

    async def told(self) -> Connection:
        found = await self.store.read(connections.get, self.key)
        assert found is not None
        return found

    async def job(self, job: Job | str) -> Job:
        found = await self.store.read(outbox.get, job if isinstance(job, str) else job.job_id)
        assert found is not None
        return found

    async def until(self, job: Job | str, *states: JobState, seconds: float = 60.0) -> Job:
        """Wait for a job to reach one of ``states``."""
        found = await self.job(job)

        async def there() -> bool:
            nonlocal found
            found = await self.job(job)
            return found.state in states

        def why() -> str:
            return f"{found.state}, not {states}: {[event.words for event in found.history]} {found.question}"

        await eventually(there, seconds, why)
        return found


async def eventually(true: Callable[[], Any], seconds: float = 60.0, why: Callable[[], str] = lambda: "") -> None:
    """Wait until ``true()`` is."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await true():
        assert asyncio.get_running_loop().time() < deadline, why()
        await asyncio.sleep(0.02)
