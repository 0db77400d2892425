"""Looking at the schedule: day, week and month in one store read each, and whose visit a block is."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from app.desk.common import Systems, UseCase, can, draft
from app.desk.picture import Snapshot, day_column, free_windows, open_days, source_of
from app.model.accounts import Actor, AuditAction, Permission
from app.model.capabilities import Capability
from app.model.clock import Clock
from app.model.connection import Topic
from app.model.errors import BadInput
from app.model.rules import ProviderRules
from app.model.schedule import ProviderRow, VisitStatus
from app.model.views import (
    DayColumn,
    DayLoad,
    DayStats,
    DayView,
    FreeCounts,
    FreeSlot,
    MonthLoads,
    NextFree,
    ProviderColumn,
    WeekView,
)
from app.rules import slots as slot_rules
from app.rules import stats, timezones
from app.rules.words import listed, short_day
from app.store import connections, patients, providers, rules, visit_links, visits
from app.store.store import Reader, Store, Tx

if TYPE_CHECKING:
    from app.desk.ports import LivePort

_OPENS, _CLOSES = 8 * 60, 17 * 60
_NEXT_FREE, _LONGEST = 4, 4


class Schedule(UseCase):
    """The schedule as screens paint it."""

    def __init__(self, store: Store, clock: Clock, live: LivePort) -> None:
        super().__init__(store, clock)
        self._live = live
        self._seen: set[tuple[str, str]] = set()

    async def day(self, actor: Actor, day: date, provider_ids: Sequence[str] | None = None) -> DayView:
        """The day grid of these providers in this order, or of all active ones by name. Raises NotPermitted."""
        await self._allow(actor, Permission.VIEW_SCHEDULE)
        view = await self._store.read(_day_view, day, provider_ids, self._clock.now())
        await self._note_view(actor, f"Schedule of {short_day(day)}")
        return view

    async def week(self, actor: Actor, provider_id: str, week_start: date) -> WeekView:
        """One provider's week from the Monday of ``week_start``'s week, with everybody's free slots.

        Saturday and Sunday are there only when something is on them. Raises NotPermitted, or BadInput for a provider
        nobody lists any more.
        """
        await self._allow(actor, Permission.VIEW_SCHEDULE)
        monday = week_start - timedelta(days=week_start.weekday())
        view = await self._store.read(_week_view, provider_id, monday, self._clock.now())
        await self._note_view(actor, f"Schedule of {view.provider.shown_name()}, week of {short_day(monday)}")
        return view

    async def month(self, actor: Actor, year: int, month: int, provider_ids: Sequence[str] | None = None) -> MonthLoads:
        """How full each day of a month is, over these providers or all."""
        await self._allow(actor, Permission.VIEW_SCHEDULE)
        return await self._store.read(_month_loads, year, month, provider_ids, self._clock.now())

    def watch(self, days: Sequence[date]) -> Callable[[], None]:
        """Somebody looks at these days: keep visits and open slots fresh until the returned function is called."""
        visits_done = self._live.watch(Topic.VISITS, days)
        slots_done = self._live.watch(Topic.OPEN_SLOTS, days)

        def done() -> None:
            visits_done()
            slots_done()

        return done

    async def link_patient(self, actor: Actor, visit_id: str, patient_id: str) -> None:
        """Say that a visit is this patient's: kept here, not written to the vendor. Can be taken back."""
        await self._allow(actor, Permission.BOOK_VISIT, "whose visit it is", patient_id)
        await self._allow_old_visit(actor, visit_id, patient_id)
        await self._store.write(_link, actor, visit_id, patient_id)

    async def unlink_patient(self, actor: Actor, visit_id: str) -> None:
        """Take back what ``link_patient`` said."""
        await self._allow(actor, Permission.BOOK_VISIT, "whose visit it is")
        await self._allow_old_visit(actor, visit_id)
        await self._store.write(_link, actor, visit_id, "")

    async def _allow_old_visit(self, actor: Actor, visit_id: str, patient_id: str = "") -> None:
        visit = await self._store.read(visits.get, visit_id)
        if visit is not None:
            await self._allow_old(actor, visit.day, "whose visit it is", patient_id or visit.patient_id)

    async def _note_view(self, actor: Actor, subject: str) -> None:
        """Audit that somebody looked, once for each thing looked at and sign-in day: screens repaint often."""
        key = (actor.account_id, f"{subject} on {self._clock.now().date()}")
        if key in self._seen:
            return
        await self._remember(draft(actor, AuditAction.VIEW, subject))
        self._seen.add(key)


# ---------------------------------------------------------------- reading, on a reader thread


def _day_view(conn: Reader, day: date, provider_ids: Sequence[str] | None, now: datetime) -> DayView:
    snapshot = Snapshot.read(conn, day, day, provider_ids, now)
    columns = []
    for provider in snapshot.providers:
        source = source_of(snapshot, provider, [day])
        known = snapshot.rules.get(provider.provider_id) or ProviderRules()
        columns.append(
            ProviderColumn(
                provider=provider,
                source=source,
                time_zone=snapshot.systems.zone_of(provider),
                column=day_column(snapshot, provider, day, source),
                step=known.step,
            )
        )
    zone = columns[0].time_zone if columns else snapshot.systems.zone("")
    today, minute = timezones.local(now, zone)
    first, last = _span(column.column for column in columns)
    read = [column.source.as_of for column in columns]
    return DayView(
        day=day,
        today=today,
        time_zone=zone,
        now_minute=minute if day == today else None,
        first_minute=first,
        last_minute=last,
        columns=tuple(columns),
        stats=_day_stats(snapshot.systems, columns),
        next_free=_next_free(columns),
        as_of=min((each for each in read if each), default=None),
        empty_words="" if columns else _empty_words(snapshot),
    )


def _span(columns: Iterable[DayColumn]) -> tuple[int, int]:
    """The hours worth showing: at least 8 to 5, more where there is work, whole hours."""
    first, last = _OPENS, _CLOSES
    for column in columns:
        starts = [v.visit.start_minute for v in column.visits] + [f.start_minute for f in column.free]
        ends = [v.visit.start_minute + v.visit.minutes for v in column.visits]
        ends += [f.start_minute + f.minutes for f in column.free]
        if column.closed and column.note != "not working":
            starts += [window.end for window in column.closed[:1] if window.start == 0]
            ends += [window.start for window in column.closed[-1:] if window.end == slot_rules.MINUTES_A_DAY]
        starts += [each.start_minute for each in column.pending]
        ends += [each.start_minute + each.minutes for each in column.pending]
        first, last = min([first, *starts]), max([last, *ends])
    return first // 60 * 60, min(-(-last // 60) * 60, slot_rules.MINUTES_A_DAY)


def _day_stats(systems: Systems, columns: Sequence[ProviderColumn]) -> DayStats:
    rows = [block.visit for column in columns for block in column.column.visits]
    shown = {column.source.connection_id for column in columns}
    silent = [each for key, each in systems.connections.items() if key in shown and not _tells_status(systems, key)]
    told = {VisitStatus.BOOKED} | (set(VisitStatus) if len(silent) < len(shown) else set())
    names = listed(sorted({each.name for each in silent}))
    does = "does" if len({each.name for each in silent}) == 1 else "do"
    return DayStats(
        visits=stats.visit_count(rows),
        counts=stats.status_counts(rows, told),
        free_slots=sum(len(column.column.free) for column in columns),
        new_patients=sum(row.is_new_patient for row in rows),
        not_known=f"{names} {does} not tell who has arrived, left or not come." if silent else "",
    )


def _tells_status(systems: Systems, connection_id: str) -> bool:
    return can(systems.connections[connection_id], Capability.CHANGE_VISIT_STATUS)


def _next_free(columns: Sequence[ProviderColumn]) -> tuple[NextFree, ...]:
    found = [NextFree(provider=column.provider, slot=slot) for column in columns for slot in column.column.free]
    found.sort(key=lambda each: (each.slot.start_minute, each.provider.name))
    return tuple(found[:_NEXT_FREE])


def _empty_words(snapshot: Snapshot) -> str:
    if not snapshot.systems.connections:
        return "No system is connected yet. Connect one under Connections, and its schedule appears here."
    return "No providers to show. Choose some in the list above, or wait until the first sync is done."


def _week_view(conn: Reader, provider_id: str, monday: date, now: datetime) -> WeekView:
    sunday = monday + timedelta(days=6)
    snapshot = Snapshot.read(conn, monday, sunday, None, now)
    provider = next((each for each in snapshot.providers if each.provider_id == provider_id), None)
    if provider is None:
        raise BadInput(
            "provider_id",
            "This provider is not listed any more.",
            "The system does not name them among its active providers.",
            ("Choose another provider.",),
        )
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    week = [day for day in days if day.weekday() < 5 or _anything(snapshot, provider, day)]
    source = source_of(snapshot, provider, week)
    columns = tuple(day_column(snapshot, provider, day, source) for day in week)
    zone = snapshot.systems.zone_of(provider)
    today, minute = timezones.local(now, zone)
    first, last = _span(columns)
    rows = [block.visit for column in columns for block in column.visits]
    known = snapshot.rules.get(provider_id) or ProviderRules()
    loads = [column.load for column in columns if column.load is not None]
    tells = _tells_status(snapshot.systems, provider.connection_id)
    return WeekView(
        provider=provider,
        source=source,
        time_zone=zone,
        today=today,
        now_minute=minute,
        first_minute=first,
        last_minute=last,
        step=known.step,
        days=columns,
        free_counts=tuple(_free_counts(snapshot, each, week) for each in snapshot.providers),
        longest=_longest(columns),
        visits=stats.visit_count(rows),
        new_patients=sum(row.is_new_patient for row in rows),
        no_shows=sum(row.status is VisitStatus.NO_SHOW for row in rows) if tells else None,
        booked_share=sum(loads) / len(loads) if loads else None,
    )


def _anything(snapshot: Snapshot, provider: ProviderRow, day: date) -> bool:
    known = snapshot.rules.get(provider.provider_id)
    key = (provider.provider_id, day)
    return bool(
        snapshot.visits.get(key)
        or snapshot.held.get(key)
        or snapshot.pending.get(key)
        or (known and slot_rules.hours_on(known, day))
        or any(each.starts for each in snapshot.open_days.get(key, ()))
    )


def _free_counts(snapshot: Snapshot, provider: ProviderRow, week: Sequence[date]) -> FreeCounts:
    today, _ = timezones.local(snapshot.now, snapshot.systems.zone_of(provider))
    known = snapshot.rules.get(provider.provider_id) or ProviderRules()

    def on(day: date) -> int | None:
        worked = not known.hours or slot_rules.hours_on(known, day)
        if day < today or not worked or (provider.provider_id, day) not in snapshot.open_days:
            return None
        return len(free_windows(snapshot, provider, day))

    return FreeCounts(provider=provider, counts=tuple(on(day) for day in week))


def _longest(columns: Sequence[DayColumn]) -> tuple[FreeSlot, ...]:
    free = [slot for column in columns for slot in column.free]
    longest = sorted(free, key=lambda slot: (-slot.minutes, slot.day, slot.start_minute))[:_LONGEST]
    return tuple(sorted(longest, key=lambda slot: (slot.day, slot.start_minute)))


def _month_loads(conn: Reader, year: int, month: int, provider_ids: Sequence[str] | None, now: datetime) -> MonthLoads:
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    chosen = [
        each for each in providers.listed(conn) if provider_ids is None or each.provider_id in frozenset(provider_ids)
    ]
    ids = [each.provider_id for each in chosen]
    systems, known = Systems.read(conn), rules.all(conn)
    read = {(each.provider_id, each.day): each.booked_minutes for each in visits.coverage(conn, first, last, ids)}
    free: dict[tuple[str, date], int] = {}
    for each in open_days(conn, ids, first, last, known):
        stretches = slot_rules.free_windows((start, each.minutes) for start in each.starts)
        minutes = sum(window.end - window.start for window in stretches)
        key = (each.provider_id, each.day)
        free[key] = max(free.get(key, 0), minutes)
    today, _ = timezones.local(now, systems.zone_of(chosen[0]) if chosen else systems.zone(""))
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return MonthLoads(
        year=year, month=month, today=today, days=tuple(_day_load(day, chosen, known, read, free) for day in days)
    )


def _day_load(
    day: date,
    chosen: Sequence[ProviderRow],
    known: dict[str, ProviderRules],
    read: dict[tuple[str, date], int],
    free: dict[tuple[str, date], int],
) -> DayLoad:
    booked = capacity = 0
    open_anywhere = any_read = False
    for provider in chosen:
        key = (provider.provider_id, day)
        own = known.get(provider.provider_id) or ProviderRules()
        bookable = sum(window.end - window.start for window in slot_rules.bookable_windows(own, day))
        open_anywhere |= bool(bookable) or not own.hours
        if key in read:
            any_read = True
            booked += read[key]
            capacity += bookable or read[key] + free.get(key, 0)
    share = min(booked / capacity, 1.0) if any_read and capacity else None
    closed = not booked and not capacity and (any_read or not open_anywhere)
    return DayLoad(day=day, booked_minutes=booked, share=share, level=stats.load_level(share), closed=closed)


# ---------------------------------------------------------------- whose visit it is


def _link(tx: Tx, actor: Actor, visit_id: str, patient_id: str) -> None:
    visit = visits.get(tx.connection, visit_id)
    if visit is None:
        raise BadInput(
            "visit_id",
            "This visit is not on the schedule any more.",
            "It was changed or cancelled in its own system.",
            ("Refresh the day and look again.",),
        )
    if patient_id:
        _must_be_possible(tx, patient_id)
        visit_links.link(tx, visit.connection_id, visit.vendor_id, patient_id, actor.account_id, "a person said so")
    else:
        visit_links.unlink(tx, visit.connection_id, visit.vendor_id)
    connection = connections.get(tx.connection, visit.connection_id)
    what = "linked to a patient" if patient_id else "no longer linked to a patient"
    tx.audit(
        draft(
            actor,
            AuditAction.CHANGE,
            f"Visit {visit.vendor_id} {what}",
            patient_id=patient_id or visit.patient_id,
            practice=connection.practice if connection else "",
            before=visit.patient_id,
            after=patient_id,
        )
    )


def _must_be_possible(tx: Tx, patient_id: str) -> None:
    if patients.name_of(tx.connection, patient_id) is None:
        raise BadInput(
            "patient_id", "This patient is not known here.", "", ("Search for the patient and choose again.",)
        )
