"""A workplace connected to the clearinghouse's simulator: real store, real adapter, real browser, real SFTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

import vendors.load
from app.connect.connect import Connect
from app.desk.desk import Desk
from app.model.clock import ShiftedClock
from app.model.connection import Connection, Environment
from app.model.outbox import Job, JobState
from app.model.systems import ConnectionForm
from app.store import connections, outbox
from app.store.keys import MemoryKeyRing
from app.store.store import Store
from tests.connect.conftest import KEY, actor, eventually
from tests.vendors.officeally.web import WebDesk
from tests.vendors.stage import NOW
from vendors.contract.context import Timing

#: Enough for a browser on a busy machine.
PATIENT = Timing(connect_s=5.0, answer_s=8.0, whole_s=10.0, tries=2, back_off_s=0.05, patience_s=0.3)


class MovedClock(ShiftedClock):
    """Runs on, and leaps when it is told to."""

    def shift(self, by: timedelta) -> None:
        self._shift += by


@dataclass
class Clearinghouse:
    """One workplace, one simulator."""

    desk: WebDesk
    store: Store
    clock: MovedClock
    timing: Timing = PATIENT
    margin_s: float = 0.2
    ring: MemoryKeyRing = field(default_factory=MemoryKeyRing)
    connect: Connect = field(init=False)
    office: Desk = field(init=False)
    connection: Connection = field(init=False)

    async def open(self) -> None:
        """Switch the workplace on; syncing rests until somebody asks."""
        self.connect = Connect(
            self.store,
            self.clock,
            vendors.load,
            self.ring,
            store_id="test",
            vendor_timing=self.timing,
            margin_s=self.margin_s,
        )
        self.connect.connections.pause_all(True)
        await self.connect.start()
        self.office = Desk(
            self.store,
            self.clock,
            self.connect.live,
            self.connect.outbox,
            connections=self.connect.connections,
            portal=self.connect.portal,
            clearing=self.connect.clearing,
        )

    async def join(self, **changes: Any) -> Connection:
        """Connect the simulator as a person would; ``without`` leaves secrets out by their beginning."""
        told = self.desk.sandbox.announcement()
        secrets = {**told["credentials"], "portal_user": changes.pop("user", "larkspur.plain")}
        without = changes.pop("without", ())
        only = changes.pop("only", tuple(told["base_urls"]))
        form = ConnectionForm(
            vendor="officeally",
            name="Office Ally",
            practice="Larkspur Family Medicine",
            environment=changes.pop("environment", Environment.SANDBOX),
            base_urls={name: url for name, url in told["base_urls"].items() if name in only},
            tenant=told["tenant"],
            location_name="Main Street",
            time_zone="America/Chicago",
            secrets={name: value for name, value in secrets.items() if not name.startswith(tuple(without))},
        )
        self.connection = await self.connect.connections.add(form, actor())
        return self.connection

    @property
    def key(self) -> str:
        return self.connection.connection_id

    async def told(self) -> Connection:
        found = await self.store.read(connections.get, self.key)
        assert found is not None
        return found

    async def job(self, job_id: str) -> Job:
        found = await self.store.read(outbox.get, job_id)
        assert found is not None
        return found

    async def until(self, job_id: str, *states: JobState, seconds: float = 30.0) -> Job:
        async def there() -> bool:
            return (await self.job(job_id)).state in states

        why: Callable[[], str] = lambda: f"not in {states}"  # noqa: E731
        try:
            await eventually(there, seconds, why)
        except AssertionError:
            job = await self.job(job_id)
            raise AssertionError(f"{job.state}: {[event.words for event in job.history]} {job.question}") from None
        return await self.job(job_id)

    async def effects(self, operation: str) -> int:
        """How often a write took effect, by the simulator's ledger."""
        return sum(bool(one["effect"]) for one in await self.desk.writes(operation))


@asynccontextmanager
async def workplace(desk: WebDesk, folder: Path, **changes: Any) -> AsyncIterator[Clearinghouse]:
    """Open, and closed in the end."""
    clock = MovedClock(NOW)
    store = await Store.open(folder / "daybook.db", KEY, clock=clock)
    place = Clearinghouse(desk, store, clock, **changes)
    await place.open()
    try:
        yield place
    finally:
        await place.connect.stop()
        await store.close()


def quicker(**changes: Any) -> Timing:
    return msgspec.structs.replace(PATIENT, **changes)
