"""A real store, the real OfficePro adapter, and its sandbox over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.connect.outbox_worker import Patience
from app.model.clock import FixedClock
from app.model.connection import Connection, Topic
from app.model.outbox import Job
from app.model.schedule import BookingRequest, Slot
from app.model.systems import ConnectionForm
from app.rules.outbox_jobs import new_job
from app.store import providers
from app.store.store import Store
from tests.conftest import MORNING
from tests.connect.manual import ManualTiming, PaperDesk
from tests.connect.workplace import KEY, MovedClock, Workplace, actor
from tests.forms import form_of
from vendors.contract.context import Timing
from vendors.officepro.sandbox import open_sandbox
from vendors.officepro.sandbox.sandbox import OfficeProSandbox
from vendors.sandboxkit.plan import Plan

#: Asked once; long enough for a busy machine.
ROOMY = Timing(connect_s=30.0, answer_s=60.0, whole_s=60.0, tries=1, back_off_s=0.01, patience_s=0.2)
#: What is lost here is lost at once.
SETTLED = Patience(answer_s=0.8, margin_s=0.2)
#: For an answer that never comes.
IMPATIENT = msgspec.structs.replace(ROOMY, whole_s=2.0)


@dataclass(kw_only=True)
class Office(Workplace):
    """A workplace connected to OfficePro's simulator."""

    sandbox: OfficeProSandbox
    clock: MovedClock
    timing: Timing = ROOMY
    patience: Patience | None = SETTLED

    def form(self, **changes: Any) -> ConnectionForm:
        return form_of(self.sandbox, **changes)

    async def join(self) -> Connection:
        """Connect the sandbox as a person would."""
        self.connection = await self.connect.connections.add(self.form(), actor())
        return self.connection

    async def act(self, name: str, **given: Any) -> Any:
        return await self.sandbox.actions[name](given)

    async def ledger(self, operation: str) -> list[dict[str, Any]]:
        told = await self.act("ledger")
        return [write for write in told["writes"] if write["operation"] == operation]

    async def ready(self) -> None:
        """Wait until providers are known."""
        await self.connect.live.sync_now(self.connection.connection_id, [Topic.PROVIDERS])

    async def restart(self, **changes: Any) -> None:
        """End what speaks with vendors and begin again, with ``changes`` of this workplace."""
        await self.connect.stop()
        for name, value in changes.items():
            setattr(self, name, value)
        await self.make().start()

    async def rest(self) -> None:
        """Syncing rests, and what it had asked for before has arrived."""
        await self.connect._links.rest(True)
        await self.arrived()

    async def arrived(self) -> None:
        """What was on its way to the simulator has arrived: it lives on the same loop."""
        for _ in range(50):
            await asyncio.sleep(0.002)

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

    async def provider_id(self, vendor_id: str = "2") -> str:
        row = await self.store.read(providers.by_vendor, self.connection.connection_id, vendor_id)
        assert row is not None
        return row.provider_id


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    clock = MovedClock(MORNING)
    sandbox = await open_sandbox(Plan(now=MORNING))
    store = await Store.open(tmp_path / "daybook.db", KEY, clock=clock)
    place = Office(sandbox=sandbox, store=store, clock=clock)
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


@pytest.fixture
async def desk(tmp_path: Path, clock: FixedClock) -> AsyncIterator[PaperDesk]:
    store = await Store.open(tmp_path / "daybook.db", KEY, clock=clock)
    made = PaperDesk(store=store, clock=clock, waiting=ManualTiming(clock))
    made.make().connections.pause_all(True)
    await made.connect.start()
    await made.join()
    yield made
    await made.connect.stop()
    await store.close()
