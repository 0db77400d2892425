"""From rows to a picture of the schedule: one snapshot of the store, then columns ready for painting.

Runs on a reader thread. What vendors offer is cut down by ``app.rules.slots``; layout comes from ``app.rules.lanes``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

import msgspec

from app.desk.common import Systems, askable, can, offer, too_old
from app.model.capabilities import Capability
from app.model.connection import Connection
from app.model.outbox import Job, JobKind
from app.model.rules import ProviderRules, Window
from app.model.schedule import BookingRequest, ProviderRow, VisitRow, VisitStatus
from app.model.views import Block, ColumnSource, DayColumn, FreeSlot, PendingBlock, VisitBlock
from app.rules import slots as slot_rules
from app.rules import stats, timezones
from app.rules.lanes import lay_out
from app.rules.names import shown
from app.rules.outbox_jobs import booking_of
from app.rules.slots import Asked, Busy, Offer, Place
from app.rules.words import as_of as as_of_words
from app.store import outbox, patients, providers, rules, slots, visits
from app.store.slots import OpenDay
from app.store.store import Reader
from app.store.visits import DayRead

Row = TypeVar("Row", VisitRow, OpenDay)

_STATUS_WORDS = {
    VisitStatus.BOOKED: "Booked",
    VisitStatus.CONFIRMED: "Confirmed",
    VisitStatus.ARRIVED: "Arrived",
    VisitStatus.IN_ROOM: "In room",
    VisitStatus.CHECKED_OUT: "Checked out",
    VisitStatus.NO_SHOW: "No-show",
    VisitStatus.CANCELLED: "Cancelled",
}


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """A booking of ours under way, with the provider it is for and the patient's name."""

    job: Job
    request: BookingRequest
    provider_id: str
    patient_name: str

    @property
    def start(self) -> int:
        """Minute after local midnight."""
        return timezones.minute_of(self.request.start)


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """What one read found for some days: everything a picture needs. ``held`` is time that a system itself blocks."""

    now: datetime
    systems: Systems
    providers: tuple[ProviderRow, ...]
    rules: Mapping[str, ProviderRules]
    visits: Mapping[tuple[str, date], list[VisitRow]]
    held: Mapping[tuple[str, date], list[VisitRow]]
    reads: Mapping[tuple[str, date], DayRead]
    open_days: Mapping[tuple[str, date], list[OpenDay]]
    pending: Mapping[tuple[str, date], list[Pending]]

    @classmethod
    def read(cls, conn: Reader, start: date, end: date, provider_ids: Sequence[str] | None, now: datetime) -> Snapshot:
        """Everything from ``start`` to ``end`` (both included) of these providers in this order, or of all active."""
        chosen = _chosen(providers.listed(conn, active_only=provider_ids is None), provider_ids)
        ids = [each.provider_id for each in chosen]
        known = rules.all(conn)
        rows = visits.between(conn, start, end, ids)
        return cls(
            now=now,
            systems=Systems.read(conn),
            providers=chosen,
            rules=known,
            visits=_grouped(row for row in rows if not row.is_block),
            held=_grouped(row for row in rows if row.is_block),
            reads={(each.provider_id, each.day): each for each in visits.coverage(conn, start, end, ids)},
            open_days=_grouped(open_days(conn, ids, start, end, known)),
            pending=_grouped_pending(conn, chosen, start, end),
        )

    def place(self, provider: ProviderRow) -> Place:
        """Zone and present moment for a provider's rules."""
        return Place(time_zone=self.systems.zone_of(provider), now=self.now)

    def connection(self, provider: ProviderRow) -> Connection:
        """The provider's connection."""
        return self.systems.connections[provider.connection_id]

    def busy(self, provider_id: str, day: date) -> list[Busy]:
        """Visits, blocked time and bookings under way that take this provider's time."""
        key = provider_id, day
        return busy_of([*self.visits.get(key, []), *self.held.get(key, [])], self.pending.get(key, []))

    def in_rooms(self, day: date) -> list[Busy]:
        """Every visit of the day that stands in a named room."""
        return [
            busy
            for (_, on), rows in self.visits.items()
            if on == day
            for busy in busy_of([row for row in rows if row.room], [])
        ]


def _chosen(listed: list[ProviderRow], wanted: Sequence[str] | None) -> tuple[ProviderRow, ...]:
    if wanted is None:
        return tuple(listed)
    by_id = {each.provider_id: each for each in listed}
    return tuple(by_id[each] for each in dict.fromkeys(wanted) if each in by_id)


def _grouped(rows: Iterable[Row]) -> dict[tuple[str, date], list[Row]]:
    groups: dict[tuple[str, date], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.provider_id, row.day), []).append(row)
    return groups


def _grouped_pending(
    conn: Reader, chosen: Iterable[ProviderRow], start: date, end: date
) -> dict[tuple[str, date], list[Pending]]:
    groups: dict[tuple[str, date], list[Pending]] = {}
    for each in pending_bookings(conn, chosen):
        if start <= each.request.day <= end:
            groups.setdefault((each.provider_id, each.request.day), []).append(each)
    return groups


def pending_bookings(conn: Reader, chosen: Iterable[ProviderRow]) -> list[Pending]:
    """Bookings that were promised to the outbox and are neither confirmed nor given up."""
    by_vendor = {(each.connection_id, each.vendor_id): each.provider_id for each in chosen}
    found = []
    for job in outbox.unfinished(conn):
        if job.kind is not JobKind.BOOK_VISIT:
            continue
        request = booking_of(job)
        provider_id = by_vendor.get((job.connection_id, request.provider_vendor_id))
        if provider_id is not None:
            name = patients.name_of(conn, job.patient_id) if job.patient_id else None
            found.append(Pending(job=job, request=request, provider_id=provider_id, patient_name=name or ""))
    return found


def open_days(
    conn: Reader, provider_ids: Sequence[str], start: date, end: date, known: Mapping[str, ProviderRules], *asked: int
) -> list[OpenDay]:
    """What the vendors told of these days for every length the practice works with, and those ``asked`` for."""
    types = [row.visit_type for row in providers.visit_types(conn)]
    lengths = slot_rules.lengths_used(known.values(), types, *asked)
    return [each for minutes in lengths for each in slots.days(conn, provider_ids, start, end, minutes)]


def busy_of(rows: Iterable[VisitRow], under_way: Iterable[Pending]) -> list[Busy]:
    """Visits and bookings under way, as the rules weigh them."""
    found = [
        Busy(
            provider_id=row.provider_id,
            start=row.start_minute,
            end=row.start_minute + row.minutes,
            visit_type=row.visit_type,
            room=row.room,
            status=row.status,
        )
        for row in rows
    ]
    found += [
        Busy(
            provider_id=each.provider_id,
            start=each.start,
            end=each.start + each.request.minutes,
            visit_type=each.request.visit_type,
            pending=True,
        )
        for each in under_way
    ]
    return found


# ---------------------------------------------------------------- columns


def source_of(snapshot: Snapshot, provider: ProviderRow, days: Sequence[date]) -> ColumnSource:
    """Where a provider's column comes from, and how old the oldest of ``days`` is."""
    connection, now = snapshot.connection(provider), snapshot.now
    read = [snapshot.reads.get((provider.provider_id, day)) for day in days]
    known = [each.as_of for each in read if each is not None]
    as_of = min(known) if known and len(known) == len(read) else None
    stale = too_old(as_of, now) or not askable(connection)
    zone = snapshot.systems.zone_of(provider)
    said = f"as of {as_of_words(as_of, now, zone)}" if as_of else "not read yet"
    booking = offer(connection, Capability.BOOK_VISIT)
    view_only = not can(connection, Capability.BOOK_VISIT)
    return ColumnSource(
        connection_id=connection.connection_id,
        source=connection.source,
        name=connection.name,
        state=connection.state,
        state_words=connection.state_words,
        as_of=as_of,
        stale=stale,
        stale_words=said if stale else "",
        view_only=view_only,
        view_only_words=(booking.words or f"{connection.name} takes no bookings from here.") if view_only else "",
        offers=connection.offers,
    )


def day_column(snapshot: Snapshot, provider: ProviderRow, day: date, source: ColumnSource) -> DayColumn:
    """One provider's day: visits laid out, bookings under way, free slots, blocks, hours, load."""
    key = (provider.provider_id, day)
    known = snapshot.rules.get(provider.provider_id) or ProviderRules()
    rows = snapshot.visits.get(key, [])
    windows = free_windows(snapshot, provider, day)
    blocks = [
        Block(label=shown(each.label), start_minute=each.start, end_minute=each.end, force=each.force)
        for each in slot_rules.blocks_on(known, day)
    ]
    blocks += [
        Block(
            label=shown(row.reason) or "Blocked",
            start_minute=row.start_minute,
            end_minute=row.start_minute + row.minutes,
        )
        for row in snapshot.held.get(key, [])
    ]
    visit_blocks, pending_blocks = _laid_out(rows, snapshot.pending.get(key, []), source.name)
    booked = stats.booked_minutes(rows)
    return DayColumn(
        day=day,
        visits=visit_blocks,
        pending=pending_blocks,
        free=_free_slots(snapshot, provider, day, windows, not (source.stale or source.view_only)),
        blocks=tuple(blocks),
        closed=slot_rules.closed_on(known, day),
        load=stats.load(booked, slot_rules.bookable_windows(known, day), windows) if key in snapshot.reads else None,
        note=_note(snapshot, provider, day, bool(rows)),
    )


def free_windows(snapshot: Snapshot, provider: ProviderRow, day: date) -> tuple[Window, ...]:
    """What the vendor offers on ``day`` less local rules and bookings, joined into stretches."""
    open_days = snapshot.open_days.get((provider.provider_id, day), [])
    if not any(each.starts for each in open_days):
        return ()
    place, busy, rooms = snapshot.place(provider), snapshot.busy(provider.provider_id, day), snapshot.in_rooms(day)
    known = snapshot.rules.get(provider.provider_id)
    offered: list[tuple[int, int]] = []
    for each in open_days:
        allowed = Offer(known, Asked(minutes=each.minutes), place).starts(day, busy, rooms)
        offered += [(start, each.minutes) for start in each.starts if allowed >> start & 1]
    return slot_rules.free_windows(offered)


def _free_slots(
    snapshot: Snapshot, provider: ProviderRow, day: date, windows: Iterable[Window], bookable: bool
) -> tuple[FreeSlot, ...]:
    read_at = [each.as_of for each in snapshot.open_days.get((provider.provider_id, day), [])]
    return tuple(
        FreeSlot(
            provider_id=provider.provider_id,
            connection_id=provider.connection_id,
            provider_vendor_id=provider.vendor_id,
            day=day,
            start_minute=window.start,
            minutes=window.end - window.start,
            as_of=min(read_at),
            bookable=bookable and not too_old(min(read_at), snapshot.now),
        )
        for window in windows
    )


def _laid_out(
    rows: Sequence[VisitRow], under_way: Sequence[Pending], system: str
) -> tuple[tuple[VisitBlock, ...], tuple[PendingBlock, ...]]:
    spans = [(row.start_minute, row.start_minute + row.minutes) for row in rows]
    spans += [(each.start, each.start + each.request.minutes) for each in under_way]
    lanes = lay_out(spans)
    visit_blocks = tuple(
        VisitBlock(visit=row, title=title, detail=detail, lane=lane.lane, lanes=lane.of)
        for row, lane, (title, detail) in zip(rows, lanes, (visit_words(row, system) for row in rows), strict=False)
    )
    pending_blocks = tuple(
        PendingBlock(
            job_id=each.job.job_id,
            provider_id=each.provider_id,
            day=each.request.day,
            start_minute=each.start,
            minutes=each.request.minutes,
            title=shown(each.patient_name) or "New patient",
            state=each.job.state,
            patient_id=each.job.patient_id,
            lane=lane.lane,
            lanes=lane.of,
        )
        for each, lane in zip(under_way, lanes[len(rows) :], strict=True)
    )
    return visit_blocks, pending_blocks


def visit_words(row: VisitRow, system: str) -> tuple[str, str]:
    """Title and second line of a visit: the patient where one is known or named, else what the system does tell."""
    kind = shown(row.visit_type)
    if row.patient_id:
        return shown(row.patient_name), kind
    if row.patient_name or row.patient_vendor_id:
        number = f"Patient {shown(row.patient_vendor_id)}" if row.patient_vendor_id else ""
        return shown(row.patient_name) or number, "patient not read yet"
    status = _STATUS_WORDS[row.status]
    return (f"{status} · {kind}" if kind else status), f"Patient not shown by {system}"


def _note(snapshot: Snapshot, provider: ProviderRow, day: date, any_visits: bool) -> str:
    today, _ = timezones.local(snapshot.now, snapshot.systems.zone_of(provider))
    known = snapshot.rules.get(provider.provider_id)
    if known is not None and known.hours and not slot_rules.hours_on(known, day) and not any_visits:
        return "not working"
    if (provider.provider_id, day) not in snapshot.reads:
        return "not read yet"
    return "closed out" if day < today else ""
