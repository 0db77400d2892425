"""A real store, the real OfficePro adapter, and its sandbox over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

import vendors.load
from app.connect.connect import Connect
from app.model.accounts import Actor, Role
from app.model.clock import Clock, ShiftedClock
from app.model.connection import Connection, Environment, Topic
from app.model.outbox import Job, JobState
from app.model.schedule import BookingRequest, Slot
from app.model.systems import ConnectionForm
from app.rules.outbox_jobs import new_job
from app.rules.permissions import permissions_of
from app.store import connections, outbox, providers
from app.store.keys import MemoryKeyRing
from app.store.store import Store
from tests.conftest import MORNING
from vendors.contract.context import Timing
from vendors.officepro.sandbox import open_sandbox
from vendors.officepro.sandbox.sandbox import OfficeProSandbox
from vendors.sandboxkit.plan import Plan

KEY = bytes(range(32))
ZONE = "America/Chicago"
#: Fast enough for tests, and still "wait past the timeout".
QUICK = Timing(connect_s=1.0, answer_s=0.8, whole_s=0.8, tries=1, back_off_s=0.01, patience_s=0.2)
MARGIN = 0.2


def actor(role: Role = Role.ADMIN, account_id: str = "rosa") -> Actor:
    return Actor(account_id=account_id, full_name="Rosa Mallow", role=role, permissions=permissions_of(role))


@dataclass
class Office:
    """One workplace connected to one sandbox."""

    sandbox: OfficeProSandbox
    store: Store
    clock: Clock
    ring: MemoryKeyRing = field(default_factory=MemoryKeyRing)
    timing: Timing = QUICK
    connect: Connect = field(init=False)
    connection: Connection = field(init=False)

    def make(self) -> Connect:
        self.connect = Connect(
            self.store,
            self.clock,
            vendors.load,
            self.ring,
            store_id="test",
            vendor_timing=self.timing,
            margin_s=MARGIN,
        )
        return self.connect

    def form(self, **changes: Any) -> ConnectionForm:
        told = self.sandbox.announcement()
        fields: dict[str, Any] = {
            "vendor": "officepro",
            "name": "OfficePro",
            "practice": "Larkspur Family Medicine",
            "environment": Environment.SANDBOX,
            "base_urls": told["base_urls"],
            "tenant": told["tenant"],
            "location_name": "Main Street",
            "time_zone": ZONE,
            "secrets": {"api_key": told["credentials"]["api_key"]},
        }
        return ConnectionForm(**{**fields, **changes})

    async def join(self) -> Connection:
        """Connect the sandbox as a person would."""
        self.connection = await self.connect.connections.add(self.form(), actor())
        return self.connection

    async def told(self) -> Connection:
        found = await self.store.read(connections.get, self.connection.connection_id)
        assert found is not None
        return found

    async def act(self, name: str, **given: Any) -> Any:
        return await self.sandbox.actions[name](given)

    async def ledger(self, operation: str) -> list[dict[str, Any]]:
        told = await self.act("ledger")
        return [write for write in told["writes"] if write["operation"] == operation]

    async def ready(self) -> None:
        """Wait until providers are known."""
        await self.connect.live.sync_now(self.connection.connection_id, [Topic.PROVIDERS])

    async def free_slot(self, minutes: int = 30, provider: str = "2", ahead: int = 1) -> Slot:
        """The vendor's next free time at least ``ahead`` days from now."""
        day = date(2026, 3, 10) + timedelta(days=ahead)
        while True:
            found = await self.connect.live.open_slots(self.connection.connection_id, provider, day, minutes)
            if found:
                return found[0]
            day += timedelta(days=1)

    def booking(self, slot: Slot, **more: Any) -> Job:
        request = BookingRequest(
            patient_vendor_id=more.pop("patient", "1001"),
            provider_vendor_id=slot.provider_vendor_id,
            visit_type=more.pop("visit_type", "Follow-up"),
            day=slot.day,
            start=slot.start,
            minutes=slot.minutes,
        )
        return new_job(
            request,
            connection_id=self.connection.connection_id,
            summary="Books 30 min Follow-up in OfficePro",
            actor_id="rosa",
            now=self.clock.now(),
            **more,
        )

    def booking_anywhere(self) -> Job:
        """A booking for some time, free or not."""
        return self.booking(Slot(day=date(2026, 3, 19), start=time(10), minutes=30, provider_vendor_id="2"))

    async def submit(self, *jobs: Job) -> None:
        await self.connect.outbox.submit(jobs, [])

    async def job(self, job_id: str) -> Job:
        found = await self.store.read(outbox.get, job_id)
        assert found is not None
        return found

    async def until(self, job: Job, *states: JobState, seconds: float = 8.0) -> Job:
        """Wait for a job to reach one of ``states``."""

        async def there() -> bool:
            return (await self.job(job.job_id)).state in states

        await eventually(there, seconds, lambda: f"job stayed elsewhere than {states}")
        return await self.job(job.job_id)

    async def provider_id(self, vendor_id: str = "2") -> str:
        row = await self.store.read(providers.by_vendor, self.connection.connection_id, vendor_id)
        assert row is not None
        return row.provider_id


async def eventually(true: Callable[[], Any], seconds: float = 5.0, why: Callable[[], str] = lambda: "") -> None:
    """Wait until ``true()`` is."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await true():
        assert asyncio.get_running_loop().time() < deadline, why()
        await asyncio.sleep(0.02)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    clock = ShiftedClock(MORNING)
    sandbox = await open_sandbox(Plan(now=MORNING))
    store = await Store.open(tmp_path / "daybook.db", KEY, clock=clock)
    place = Office(sandbox, store, clock)
    connect = place.make()
    await connect.start()
    yield place
    await place.connect.stop()
    await store.close()
    await sandbox.close()


@pytest.fixture
async def joined(office: Office) -> Office:
    await office.join()
    await office.ready()
    return office
