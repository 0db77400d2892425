"""A small practice in a real encrypted store, and in-memory ports that answer as a vendor and an outbox would."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.desk.desk import Desk
from app.model.accounts import Actor, AuditAction, AuditDraft, AuditEntry, Role
from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.clock import FixedClock
from app.model.connection import Connection, ConnectionState, Environment, Topic
from app.model.coverage import CoverageRecord
from app.model.errors import DaybookError
from app.model.outbox import Job, JobState
from app.model.people import Patient
from app.model.rules import BlockRule, ProviderRules, WorkingHours
from app.model.schedule import Location, Provider, Slot, SlotCheck, Visit, VisitType
from app.model.sourced import Sourced
from app.rules.permissions import permissions_of
from app.store import audit, connections, coverage, outbox, patients, providers, rules, slots, visits
from app.store.store import Store, Tx

DAY = date(2026, 3, 10)
KEY = bytes(range(32))
NO_CANCEL = "OfficePro's API cannot cancel. Cancel in OfficePro itself."
OFFERS = (
    *(
        CapabilityOffer(capability=each, standing=Standing.YES)
        for each in (
            Capability.READ_SCHEDULE,
            Capability.FIND_OPEN_SLOTS,
            Capability.BOOK_VISIT,
            Capability.SEARCH_PATIENTS,
            Capability.CREATE_PATIENT,
            Capability.UPDATE_PATIENT,
        )
    ),
    CapabilityOffer(capability=Capability.CANCEL_VISIT, standing=Standing.NOT_OFFERED, words=NO_CANCEL),
    CapabilityOffer(capability=Capability.MOVE_VISIT, standing=Standing.NOT_OFFERED, words="It cannot move either."),
)
HOURS = tuple(
    WorkingHours(weekday=day, start=start, end=end) for day in range(5) for start, end in ((480, 720), (780, 1020))
)
LUNCH = BlockRule(label="Lunch", start=720, end=780, weekdays=(0, 1, 2, 3, 4))


def actor(role: Role = Role.FRONT_DESK, key: str = "rosa") -> Actor:
    return Actor(
        account_id=key, full_name="Rosa Mallow", role=role, permissions=permissions_of(role), workstation="Desk 1"
    )


class FakeLive:
    """A vendor that answers from ``free``: (provider vendor id, day) → start minutes. ``fails`` is raised instead."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now = store, now
        self.searched_for: Actor | None = None
        self.free: dict[tuple[str, date], set[int]] = {}
        self.fails: DaybookError | None = None
        self.asked: list[object] = []
        self.policies: list[Sourced[CoverageRecord]] = []
        self.watched: list[tuple[Topic, tuple[date, ...]]] = []

    def _answer(self, question: object) -> None:
        self.asked.append(question)
        if self.fails:
            raise self.fails

    async def check_slot(self, connection_id: str, slot: Slot) -> SlotCheck:
        self._answer(slot)
        start = slot.start.hour * 60 + slot.start.minute
        return SlotCheck(slot=slot, available=start in self.free.get((slot.provider_vendor_id, slot.day), set()))

    async def open_slots(self, connection_id: str, provider_vendor_id: str, day: date, minutes: int) -> list[Slot]:
        self._answer((provider_vendor_id, day, minutes))
        return [slot(provider_vendor_id, day, at, minutes) for at in self.free.get((provider_vendor_id, day), ())]

    async def read_slots(self, connection_id: str, provider_vendor_id: str, days: Sequence[date], minutes: int) -> None:
        self._answer((provider_vendor_id, tuple(days), minutes))
        for day in days:
            free = [slot(provider_vendor_id, day, at, minutes) for at in self.free.get((provider_vendor_id, day), ())]
            await self.store.write(slots.replace_day, connection_id, provider_vendor_id, day, minutes, free, self.now)

    async def next_slot(
        self, connection_id: str, provider_vendor_id: str, minutes: int, max_days: int | None = None
    ) -> Slot | None:
        self._answer(("next", provider_vendor_id))
        days = [day for (provider, day), starts in self.free.items() if provider == provider_vendor_id and starts]
        day = min(days, default=date.max)
        if day > self.now.date() + timedelta(days=max_days or 365):
            return None
        return slot(provider_vendor_id, day, min(self.free[provider_vendor_id, day]), minutes)

    async def search_patients(
        self, connection_id: str, text: str, actor: Actor | None = None
    ) -> list[Sourced[Patient]]:
        self.searched_for = actor
        self._answer(text)
        return []

    async def coverage(self, connection_id: str, patient_vendor_id: str, actor: Actor) -> list[Sourced[CoverageRecord]]:
        self._answer(("coverage", patient_vendor_id))
        await self.store.write(coverage.keep, connection_id, patient_vendor_id, self.policies, self.now)
        return self.policies

    def offers(self, connection_id: str) -> tuple[CapabilityOffer, ...]:
        return OFFERS

    async def sync_now(
        self, connection_id: str | None = None, topics: Sequence[Topic] = (), actor: Actor | None = None
    ) -> None:
        return None

    def watch(self, topic: Topic, days: Sequence[date] = ()) -> Callable[[], None]:
        entry = (topic, tuple(days))
        self.watched.append(entry)
        return lambda: self.watched.remove(entry)


class FakeOutbox:
    """Keeps jobs in the store, as the real one does, and sends nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.done: list[tuple[str, str]] = []

    async def submit(self, jobs: Sequence[Job], audits: Sequence[AuditDraft], documents: Sequence[bytes] = ()) -> None:
        def keep(tx: Tx) -> None:
            for job in jobs:
                outbox.add(tx, job)
            for line in audits:
                tx.audit(line)

        await self._store.write(keep)

    async def undo(self, job_id: str, actor: Actor) -> None:
        self.done.append(("undo", job_id))

    async def answer(self, job_id: str, choice_key: str, actor: Actor) -> None:
        self.done.append((f"answer {choice_key}", job_id))

    async def retry(self, job_id: str, actor: Actor) -> None:
        self.done.append(("retry", job_id))

    async def cancel(self, job_id: str, actor: Actor) -> None:
        self.done.append(("cancel", job_id))

    async def reorder(self, job_id: str, actor: Actor, *, first: bool) -> None:
        self.done.append(("first" if first else "last", job_id))


def slot(provider_vendor_id: str, day: date, minute: int, minutes: int) -> Slot:
    return Slot(day=day, start=time(minute // 60, minute % 60), minutes=minutes, provider_vendor_id=provider_vendor_id)


def visit(provider: str, minute: int, minutes: int = 30, day: date = DAY, **kw: Any) -> Visit:
    return Visit(
        provider_vendor_id=provider, day=day, start=time(minute // 60, minute % 60), minutes=minutes,
        visit_type="FOLLOWUP", **kw,
    )  # fmt: skip


class Practice:
    """One connection (OfficePro), two providers, a few visits and free times around Tuesday morning."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store, self.clock = store, clock
        self.live, self.outbox = FakeLive(store, clock.now()), FakeOutbox(store)
        self.desk = Desk(store, clock, self.live, self.outbox)
        self.ids: dict[str, str] = {}
        self.people: dict[str, str] = {}

    async def fill(self) -> None:
        await self.store.write(self._systems)
        rows = {row.vendor_id: row.provider_id for row in await self.store.read(providers.listed)}
        self.ids = rows
        await self.store.write(rules.save, rows["1"], ProviderRules(hours=HOURS, blocks=(LUNCH,)))
        await self.read_day("1", DAY, [("V1", visit("1", 480)), ("V2", visit("1", 600))], {630, 660, 690})
        await self.read_day("2", DAY, [("V3", visit("2", 540, 60))], {600, 660})
        thursday = DAY + timedelta(2)
        await self.read_day("1", thursday, [], {540, 570})
        await self.read_day("2", thursday, [], {560})

    def _systems(self, tx: Tx) -> None:
        connections.save_location(tx, Location(location_id="main", name="Main Street", time_zone="America/Chicago"))
        connections.save(tx, system())
        providers.save_all(
            tx,
            "c1",
            [
                self.told("1", Provider(name="Dr. Oakenfield", specialty="Family")),
                self.told("2", Provider(name="Noor Calderwick", title="NP")),
            ],
        )
        providers.save_visit_types(
            tx,
            "c1",
            [VisitType(name="Follow-up", minutes=30), VisitType(name="Procedure", provider_vendor_ids=("2",))],
        )
        for key, person in PEOPLE.items():
            self.people[key] = patients.save(tx, "c1", self.told(key, person))

    def told(self, vendor_id: str, value: Any) -> Sourced[Any]:
        return Sourced(value=value, connection_id="c1", vendor_id=vendor_id, as_of=self.clock.now())

    async def read_day(
        self, provider: str, day: date, found: list[tuple[str, Visit]], free: set[int], minutes: int = 30
    ) -> None:
        """What a sync would keep; the live vendor knows the same free times."""
        now = self.clock.now()
        told = [self.told(key, value) for key, value in found]
        await self.store.write(visits.replace_window, "c1", provider, day, day, told, now)
        free_slots = [slot(provider, day, at, minutes) for at in free]
        await self.store.write(slots.replace_day, "c1", provider, day, minutes, free_slots, now)
        self.live.free[provider, day] = set(free)

    async def set_state(self, state: ConnectionState, words: str = "") -> None:
        await self.store.write(connections.set_state, "c1", state, words)

    async def log(self, action: AuditAction | None = None) -> list[AuditEntry]:
        return await self.store.read(audit.entries, action=action)

    async def move(self, job_id: str, to: JobState, **fields: object) -> None:
        job = await self.store.read(outbox.get, job_id)
        assert job is not None
        await self.store.write(outbox.move, job_id, expect=job.state, to=to, words="Moved.", **fields)


def system(connection_id: str = "c1", **kw: Any) -> Connection:
    given: dict[str, Any] = {
        "connection_id": connection_id, "vendor": "officepro", "source": "OP", "name": "OfficePro",
        "practice": "Larkspur Family Medicine", "environment": Environment.SANDBOX, "base_urls": {}, "tenant": "Demo",
        "location_id": "main", "state": ConnectionState.HEALTHY, "offers": OFFERS,
    }  # fmt: skip
    return Connection(**(given | kw))


PEOPLE = {
    "1001": Patient(
        first_name="Marigold", last_name="Fennimore", birth_date=date(1984, 3, 14), phone="(312) 555-0147",
        email="marigold@mail.example", usual_provider_vendor_id="1", alert="Needs an interpreter",
    ),
    "1002": Patient(first_name="Tobias", last_name="Fennwick", birth_date=date(1961, 11, 2), phone="(312) 555-0122"),
}  # fmt: skip


@pytest.fixture
async def practice(tmp_path: Path, clock: FixedClock) -> AsyncIterator[Practice]:
    store = await Store.open(tmp_path / "daybook.db", KEY, clock=clock, workstation="front desk 2")
    made = Practice(store, clock)
    await made.fill()
    yield made
    await store.close()


@pytest.fixture
def rosa() -> Actor:
    return actor()


def minutes_ago(clock: FixedClock, minutes: float) -> datetime:
    return clock.now() - timedelta(minutes=minutes)
