"""Everything known here about one wanted booking, in one store read (on a reader thread)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from app.desk.common import Systems
from app.desk.finding import listed_for, reasons_for
from app.desk.people import being_created, known_candidates, still_to_complete
from app.desk.picture import Snapshot, pending_bookings
from app.model.booking import BookingDraft, DuplicateMatch
from app.model.connection import Connection
from app.model.errors import BadInput
from app.model.people import Patient
from app.model.rules import Reason, VisitTypeRule
from app.model.schedule import BookingRequest, ProviderRow, VisitRow, VisitStatus
from app.model.sourced import Sourced
from app.model.views import FoundSlot
from app.rules import rank
from app.rules import slots as slot_rules
from app.rules.duplicates import likely_duplicates
from app.rules.names import shown
from app.rules.overlap import BookedTime, overlapping
from app.rules.slots import Asked, Offer, mask_of, starts_for
from app.rules.timezones import minute_of
from app.store import patients, providers, rules, visits
from app.store.slots import OpenDay
from app.store.store import Reader

#: How far around the wanted day other times are looked for, and how many.
_DAYS_AROUND = 7
NEAREST = 6


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a wanted booking; ``reasons`` speak against it."""

    draft: BookingDraft
    provider: ProviderRow
    connection: Connection
    zone: str
    slot: FoundSlot
    reasons: tuple[Reason, ...]
    type_rule: VisitTypeRule | None
    patient: Sourced[Patient] | None
    patient_name: str
    overlapping: tuple[BookedTime, ...]
    duplicates: tuple[DuplicateMatch, ...]
    #: The outbox holds a new patient like this one, whom no system has confirmed yet.
    being_created: bool
    to_complete: tuple[str, ...]


def day_at(conn: Reader, provider_id: str, now: datetime) -> date:
    """The date now where a provider works."""
    provider = providers.get(conn, provider_id)
    return Systems.read(conn).day(now, provider.connection_id if provider is not None else "")


def facts_of(conn: Reader, wanted: BookingDraft, now: datetime) -> Facts:
    """Read and weigh all that is known. Raises BadInput where the provider or patient is not known."""
    provider = providers.get(conn, wanted.provider_id)
    if provider is None:
        raise BadInput("provider_id", "This provider is not listed any more.", "", ("Choose another provider.",))
    snapshot = Snapshot.read(conn, wanted.day, wanted.day, None, now)
    asked = Asked(
        minutes=wanted.minutes,
        visit_type=wanted.visit_type,
        vendor_lists_provider=listed_for(providers.visit_types(conn), provider, wanted.visit_type),
    )
    patient, new = _patient(conn, provider, wanted), wanted.new_patient
    known = snapshot.rules.get(provider.provider_id)
    person = patient.value if patient else new or Patient()
    return Facts(
        draft=wanted,
        provider=provider,
        connection=snapshot.connection(provider),
        zone=snapshot.systems.zone_of(provider),
        slot=_slot(snapshot, provider, wanted),
        reasons=reasons_for(snapshot, provider, wanted.day, wanted.start_minute, asked),
        type_rule=known.for_type(wanted.visit_type) if known else None,
        patient=patient,
        patient_name=shown(person.full_name()),
        overlapping=_overlapping(conn, snapshot, provider, wanted, patient),
        duplicates=likely_duplicates(new, known_candidates(conn, new)) if new else (),
        being_created=new is not None and being_created(conn, new),
        to_complete=still_to_complete(person),
    )


def _slot(snapshot: Snapshot, provider: ProviderRow, wanted: BookingDraft) -> FoundSlot:
    told = snapshot.open_days.get((provider.provider_id, wanted.day), [])
    return FoundSlot(
        provider_id=provider.provider_id,
        connection_id=provider.connection_id,
        provider_vendor_id=provider.vendor_id,
        day=wanted.day,
        start_minute=wanted.start_minute,
        minutes=wanted.minutes,
        as_of=min((each.as_of for each in told), default=snapshot.now),
    )


def _patient(conn: Reader, provider: ProviderRow, wanted: BookingDraft) -> Sourced[Patient] | None:
    """The patient's record in the provider's own system where a linked one is there, else the one chosen."""
    if not wanted.patient_id:
        return None
    chosen = patients.get(conn, wanted.patient_id)
    if chosen is None:
        raise BadInput(
            "patient_id", "This patient is not known here.", "", ("Search for the patient and choose again.",)
        )
    if chosen.connection_id == provider.connection_id:
        return chosen
    for link in patients.linked(conn, wanted.patient_id):
        if link.patient.connection_id == provider.connection_id:
            return patients.get(conn, link.patient.local_id) or chosen
    return chosen


# ---------------------------------------------------------------- the same patient elsewhere


def _overlapping(
    conn: Reader, snapshot: Snapshot, provider: ProviderRow, wanted: BookingDraft, patient: Sourced[Patient] | None
) -> tuple[BookedTime, ...]:
    if patient is None:
        return ()
    same = {wanted.patient_id, patient.local_id}
    same |= {link.patient.local_id for link in patients.linked(conn, wanted.patient_id)}
    rows = {each.provider_id: each for each in providers.listed(conn, active_only=False)}
    booked = [_booked(row, rows, snapshot) for key in same for row in visits.of_patient(conn, key) if _stands(row)]
    booked += [
        BookedTime(
            key=each.job.job_id,
            day=each.request.day,
            start=each.start,
            minutes=each.request.minutes,
            time_zone=snapshot.systems.zone_of(rows[each.provider_id]),
            provider_name=rows[each.provider_id].shown_name(),
            visit_type=each.request.visit_type,
            pending=True,
        )
        for each in pending_bookings(conn, rows.values())
        if each.job.patient_id in same
    ]
    new = BookedTime(
        key="",
        day=wanted.day,
        start=wanted.start_minute,
        minutes=wanted.minutes,
        time_zone=snapshot.systems.zone_of(provider),
        provider_name=provider.shown_name(),
    )
    return overlapping(new, booked)


def _stands(row: VisitRow) -> bool:
    return row.status not in {VisitStatus.CANCELLED, VisitStatus.NO_SHOW}


def _booked(row: VisitRow, rows: Mapping[str, ProviderRow], snapshot: Snapshot) -> BookedTime:
    provider = rows.get(row.provider_id)
    return BookedTime(
        key=row.local_id,
        day=row.day,
        start=row.start_minute,
        minutes=row.minutes,
        time_zone=snapshot.systems.zone(row.connection_id, provider.location_id if provider else ""),
        provider_name=provider.shown_name() if provider else "another provider",
        visit_type=row.visit_type,
    )


# ---------------------------------------------------------------- times around


def nearby(
    conn: Reader, connection_id: str, request: BookingRequest, now: datetime, told: frozenset[int] | None = None
) -> tuple[FoundSlot, ...]:
    """Times nearest to a booking that cannot be had: twice as many as are shown, some may be gone.

    Of this provider on the days around, and on the same day of others in the system who do this type; from the copy,
    but for the provider's own day from ``told`` (start minutes) where the vendor has just said what is free.
    """
    provider = providers.by_vendor(conn, connection_id, request.provider_vendor_id)
    if provider is None:
        return ()
    others = [
        each
        for each in providers.listed(conn)
        if each.connection_id == connection_id and each.provider_id != provider.provider_id
    ]
    first, last = request.day - timedelta(days=1), request.day + timedelta(days=_DAYS_AROUND)
    # Rooms are everybody's: only where a rule names some must other providers' bookings be read as well.
    alone = None if _names_rooms(conn, provider) else [provider.provider_id]
    around = Snapshot.read(conn, first, last, alone, now)
    if told is not None:
        fresh = OpenDay(
            provider_id=provider.provider_id,
            day=request.day,
            minutes=request.minutes,
            starts=tuple(sorted(told)),
            as_of=now,
        )
        days = {**around.open_days, (provider.provider_id, request.day): [fresh]}
        around = msgspec.structs.replace(around, open_days=days)
    same_day = Snapshot.read(conn, request.day, request.day, None, now)
    types = providers.visit_types(conn)
    found: list[FoundSlot] = []
    for each, snapshot in [(provider, around), *((other, same_day) for other in others)]:
        lists = listed_for(types, each, request.visit_type)
        asked = Asked(minutes=request.minutes, visit_type=request.visit_type, vendor_lists_provider=lists)
        found += _near_with(snapshot, each, asked)
    wanted = FoundSlot(
        provider_id=provider.provider_id,
        connection_id=connection_id,
        provider_vendor_id=provider.vendor_id,
        day=request.day,
        start_minute=minute_of(request.start),
        minutes=request.minutes,
        as_of=now,
    )
    return rank.nearest(found, wanted, NEAREST)


def _names_rooms(conn: Reader, provider: ProviderRow) -> bool:
    known = rules.get(conn, provider.provider_id)
    return known is not None and any(rule.rooms for rule in known.visit_types)


def _near_with(snapshot: Snapshot, provider: ProviderRow, asked: Asked) -> Sequence[FoundSlot]:
    allowed = Offer(snapshot.rules.get(provider.provider_id), asked, snapshot.place(provider))
    found = []
    for (key, day), told in snapshot.open_days.items():
        if key != provider.provider_id:
            continue
        offered = starts_for([(each.minutes, mask_of(each.starts)) for each in told], asked.minutes)
        if offered:
            offered &= allowed.starts(day, snapshot.busy(key, day), snapshot.in_rooms(day))
        found += [
            FoundSlot(
                provider_id=key,
                connection_id=provider.connection_id,
                provider_vendor_id=provider.vendor_id,
                day=day,
                start_minute=start,
                minutes=asked.minutes,
                as_of=min(each.as_of for each in told),
            )
            for start in slot_rules.starts_of(offered)
        ]
    return found
