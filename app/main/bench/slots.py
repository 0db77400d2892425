"""Benchmark ``slots``: the next free slot over 60 providers and 60 days, from a real encrypted store."""

from __future__ import annotations

import asyncio
import random
import secrets
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import TypeVar

import msgspec

from app.desk.desk import Desk
from app.desk.ports import LivePort, OutboxPort
from app.main.bench import people
from app.main.bench.rows import BenchRow, median, p95
from app.model.accounts import Actor, AuditDraft, Role
from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.clock import FixedClock
from app.model.connection import ConnectionState, Topic
from app.model.coverage import CoverageRecord
from app.model.errors import Unreachable
from app.model.outbox import Job
from app.model.people import Patient
from app.model.rules import BlockRule, ProviderRules, VisitTypeRule, WorkingHours
from app.model.schedule import Location, Provider, Slot, SlotCheck, Visit, VisitType
from app.model.sourced import Sourced
from app.model.views import DayPart, SlotSearch
from app.rules.permissions import permissions_of
from app.store import connections, providers, rules, visits
from app.store import slots as open_slots
from app.store.store import Store, Tx

PROVIDERS, DAYS, RUNS = 60, 60, 40
REACH_MS = 25.0
T = TypeVar("T")

NOW = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)
TODAY = date(2026, 3, 10)
_STARTS = [minute for minute in range(480, 1020, 20) if not 720 <= minute < 780]


class _Nobody(LivePort, OutboxPort):
    """No vendor and no outbox: a search from the store asks neither."""

    async def check_slot(self, connection_id: str, slot: Slot) -> SlotCheck:
        raise Unreachable("Nobody is connected.")

    async def open_slots(self, connection_id: str, provider_vendor_id: str, day: date, minutes: int) -> list[Slot]:
        raise Unreachable("Nobody is connected.")

    async def read_slots(self, connection_id: str, provider_vendor_id: str, days: Sequence[date], minutes: int) -> None:
        raise Unreachable("Nobody is connected.")

    async def next_slot(
        self, connection_id: str, provider_vendor_id: str, minutes: int, max_days: int | None = None
    ) -> Slot | None:
        raise Unreachable("Nobody is connected.")

    async def search_patients(
        self, connection_id: str, text: str, actor: Actor | None = None
    ) -> list[Sourced[Patient]]:
        raise Unreachable("Nobody is connected.")

    async def coverage(self, connection_id: str, patient_vendor_id: str, actor: Actor) -> list[Sourced[CoverageRecord]]:
        raise Unreachable("Nobody is connected.")

    def offers(self, connection_id: str) -> tuple[CapabilityOffer, ...]:
        return ()

    async def sync_now(
        self, connection_id: str | None = None, topics: Sequence[Topic] = (), actor: Actor | None = None
    ) -> None:
        raise Unreachable("Nobody is connected.")

    def watch(self, topic: Topic, days: Sequence[date] = ()) -> Callable[[], None]:
        return lambda: None

    async def submit(self, jobs: Sequence[Job], audits: Sequence[AuditDraft], documents: Sequence[bytes] = ()) -> None:
        raise Unreachable("Nobody is connected.")

    async def undo(self, job_id: str, actor: Actor) -> None:
        raise Unreachable("Nobody is connected.")

    async def answer(self, job_id: str, choice_key: str, actor: Actor) -> None:
        raise Unreachable("Nobody is connected.")

    async def retry(self, job_id: str, actor: Actor) -> None:
        raise Unreachable("Nobody is connected.")

    async def cancel(self, job_id: str, actor: Actor) -> None:
        raise Unreachable("Nobody is connected.")

    async def reorder(self, job_id: str, actor: Actor, *, first: bool) -> None:
        raise Unreachable("Nobody is connected.")


def slots() -> list[BenchRow]:
    """Median of the whole use case, permission to ranked results, for three kinds of search."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder) / "bench.db"))


async def _measured(path: Path) -> list[BenchRow]:
    clock = FixedClock(NOW)
    store = await Store.open(path, secrets.token_bytes(32), clock=clock)
    try:
        await _fill(store)
        nobody = _Nobody()
        desk = Desk(store, clock, nobody, nobody)
        found = []
        for name, search, known in _searches():
            await store.write(_enter_rules, known)
            taken, openings = await _timed(desk, search)
            note = f"p95 {p95(taken):.1f} ms, {openings:,} openings"
            found.append(BenchRow(bench="slots", name=name, value=median(taken), unit="ms", reach=REACH_MS, note=note))
        return found
    finally:
        await store.close()


def _searches() -> list[tuple[str, SlotSearch, ProviderRules]]:
    """Name, search and every provider's rules: hours and lunch; then also buffers, which need the bookings read."""
    hours = tuple(
        WorkingHours(weekday=day, start=start, end=end) for day in range(5) for start, end in ((480, 720), (780, 1020))
    )
    lunch = (BlockRule(label="Lunch", start=720, end=780, weekdays=(0, 1, 2, 3, 4)),)
    plain = ProviderRules(hours=hours, blocks=lunch)
    buffered = (VisitTypeRule(visit_type="Procedure", minutes=20, buffer_before=20),)
    mornings = SlotSearch(
        visit_type="Procedure", days=DAYS, weekdays=(1, 3), day_parts=(DayPart.MORNING,), recheck=False
    )
    return [
        ("60 providers × 60 days", SlotSearch(visit_type="Follow-up", days=DAYS, recheck=False), plain),
        ("Tue and Thu mornings", mornings, plain),
        ("with buffers", mornings, ProviderRules(hours=hours, blocks=lunch, visit_types=buffered)),
    ]


def _enter_rules(tx: Tx, known: ProviderRules) -> None:
    for row in providers.listed(tx.connection):
        rules.save(tx, row.provider_id, known)


async def _timed(desk: Desk, search: SlotSearch) -> tuple[list[float], int]:
    actor = Actor(
        account_id="bench", full_name="Bench", role=Role.FRONT_DESK, permissions=permissions_of(Role.FRONT_DESK)
    )
    taken, openings = [], 0
    for _ in range(RUNS):
        begun = time.perf_counter()
        results = await desk.slots.find(actor, search)
        taken.append((time.perf_counter() - begun) * 1000)
        openings = results.openings
    return taken, openings


async def _fill(store: Store) -> None:
    """Sixty providers, four fifths of their slots booked, for sixty days."""
    await store.write(_systems)
    chance = random.Random(1)  # noqa: S311 - chance that repeats
    for row in await store.read(providers.listed):
        await store.write(_fill_provider, row.vendor_id, chance)


def _systems(tx: Tx) -> None:
    connections.save_location(tx, Location(location_id="main", name="Main Street", time_zone="America/Chicago"))
    yes = (Capability.BOOK_VISIT, Capability.FIND_OPEN_SLOTS)
    connection = msgspec.structs.replace(
        people.connection(),
        location_id="main",
        state=ConnectionState.HEALTHY,
        offers=tuple(CapabilityOffer(capability=each, standing=Standing.YES) for each in yes),
    )
    connections.save(tx, connection)
    listed = [_told(str(number), Provider(name=f"Dr. Number {number:02}")) for number in range(PROVIDERS)]
    providers.save_all(tx, people.CONNECTION, listed)
    types = [VisitType(name="Follow-up", minutes=20), VisitType(name="Procedure", minutes=20)]
    providers.save_visit_types(tx, people.CONNECTION, types)


def _fill_provider(tx: Tx, vendor_id: str, chance: random.Random) -> None:
    booked = []
    for ahead in range(DAYS):
        day = TODAY + timedelta(days=ahead)
        if day.weekday() > 4:
            continue
        free = [start for start in _STARTS if chance.random() < 0.2]
        booked += [
            _told(f"{vendor_id}-{day}-{start}", _visit(vendor_id, day, start)) for start in _STARTS if start not in free
        ]
        offered = [_slot(vendor_id, day, start) for start in free]
        open_slots.replace_day(tx, people.CONNECTION, vendor_id, day, 20, offered, NOW)
    last = TODAY + timedelta(days=DAYS - 1)
    visits.replace_window(tx, people.CONNECTION, vendor_id, TODAY, last, booked, NOW)


def _visit(vendor_id: str, day: date, start: int) -> Visit:
    return Visit(provider_vendor_id=vendor_id, day=day, start=_wall(start), minutes=20, visit_type="Follow-up")


def _slot(vendor_id: str, day: date, start: int) -> Slot:
    return Slot(day=day, start=_wall(start), minutes=20, provider_vendor_id=vendor_id)


def _wall(minute: int) -> clock_time:
    return clock_time(minute // 60, minute % 60)


def _told(vendor_id: str, value: T) -> Sourced[T]:
    return Sourced(value=value, connection_id=people.CONNECTION, vendor_id=vendor_id, as_of=NOW)
