"""OfficePro's records ⇄ ours. Pure: values in, values out; Drifted where a record is not what we know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, TypeVar

import msgspec

from app.model.errors import BadInput
from app.model.schedule import (
    BookedVisit,
    BookingRequest,
    Provider,
    Slot,
    SlotCheck,
    Visit,
    VisitType,
)
from vendors.officepro.manifest import MANIFEST
from vendors.officepro.wire import (
    BookedAnswer,
    CheckAnswer,
    Id,
    NextSlotAnswer,
    ProviderRecord,
    ScheduleAnswer,
    SlotsAnswer,
    VisitTypeRecord,
)
from vendors.transport.decode import drifted, shaped

T = TypeVar("T")

TITLE = MANIFEST.title

_PROVIDER_NAMES = {
    "id": ("id", "providerid", "provider_id"),
    "name": ("name", "fullname", "providername", "displayname"),
    "title": ("title", "credentials"),
    "specialty": ("specialty", "speciality"),
    "npi": ("npi",),
    "active": ("active", "isactive"),
}


# --- words of the wire -----------------------------------------------------------------------------------------------


def id_text(value: Id) -> str:
    """An id as we keep it: text, whatever it came as."""
    return str(value).strip()


def id_out(vendor_id: str) -> int | str:
    """An id as OfficePro wants it: a number where it is one exactly, else as it was."""
    return (
        int(vendor_id)
        if vendor_id.isascii() and vendor_id.isdigit() and str(int(vendor_id)) == vendor_id
        else vendor_id
    )


def time_out(moment: time) -> str:
    """``09:00:00``."""
    return moment.strftime("%H:%M:%S")


def time_in(text: str, operation: str, field: str) -> time:
    """``09:00:00`` or ``09:00``. Raises Drifted naming ``field``."""
    try:
        moment = time.fromisoformat(text.strip())
    except ValueError:
        raise drifted(TITLE, operation, f"“{field}” in another shape") from None
    if moment.tzinfo is not None:
        raise drifted(TITLE, operation, f"“{field}” in another shape")
    return moment.replace(microsecond=0)


def date_in(text: str, operation: str, field: str) -> date:
    """``2026-03-09``, with or without a time behind it. Raises Drifted naming ``field``."""
    try:
        return datetime.fromisoformat(text.strip()).date()
    except ValueError:
        raise drifted(TITLE, operation, f"“{field}” in another shape") from None


def inside(value: Any) -> Any:
    """What an envelope holds: ``data`` where there is one, else the value itself."""
    return value["data"] if isinstance(value, dict) and "data" in value else value


def rows(value: Any, operation: str, *names: str) -> list[Any]:
    """The records of a list answer: bare, under ``data``, or under one of ``names``.

    Raises Drifted where there is no list, or where the answer counts more records than it shows.
    """
    held = inside(value)
    if isinstance(held, dict):
        held = next((held[name] for name in names if isinstance(held.get(name), list)), held)
    if not isinstance(held, list):
        raise drifted(TITLE, operation, "“data” in another shape")
    return held


def whole(value: Any, found: list[Any], operation: str) -> list[Any]:
    """``found``, unless the envelope's ``count`` says that some were left out. Raises Drifted."""
    count = value.get("count") if isinstance(value, dict) else None
    if isinstance(count, int) and count > len(found):
        raise drifted(TITLE, operation, "fewer records than it counts")
    return found


def once(found: Iterable[T]) -> list[T]:
    """``found`` in its order, without what an answer says twice word for word."""
    return list(dict.fromkeys(found))


def agree(operation: str, **pairs: tuple[object, object]) -> None:
    """Each pair (wanted, answered) must be equal. Raises Drifted naming the field that is not."""
    for field, (wanted, answered) in pairs.items():
        if wanted != answered:
            raise drifted(TITLE, operation, f"another “{field}” than was asked for")


# --- providers, types, schedule --------------------------------------------------------------------------------------


def provider(raw: Any, operation: str) -> tuple[str, Provider]:
    """A provider's id and value, under whichever of the likely names the fields come."""
    if not isinstance(raw, dict):
        raise drifted(TITLE, operation, "“provider” in another shape")
    given = {str(key).lower(): value for key, value in raw.items() if value is not None}
    known = {
        field: next((given[name] for name in names if name in given), None) for field, names in _PROVIDER_NAMES.items()
    }
    if not known["name"]:
        parts = (given.get("firstname"), given.get("lastname"))
        known["name"] = " ".join(str(part) for part in parts if part) or None
    record = shaped(_present(known), ProviderRecord, title=TITLE, operation=operation, where="provider")
    return id_text(record.id), Provider(
        name=record.name.strip(),
        title=(record.title or "").strip(),
        specialty=(record.specialty or "").strip(),
        npi=id_text(record.npi) if record.npi is not None else "",
        active=record.active is not False,
    )


def visit_type(raw: Any, operation: str) -> VisitType:
    """One kind of visit; OfficePro says no length."""
    record = shaped(raw, VisitTypeRecord, title=TITLE, operation=operation, where="data")
    return VisitType(
        name=record.visit_type.strip(),
        active=record.active,
        provider_vendor_ids=tuple(id_text(value) for value in record.providers or ()),
        resource_vendor_ids=tuple(id_text(value) for value in record.resources or ()),
    )


def visits(value: Any, provider_id: str, start: date, end: date) -> list[tuple[str, Visit]]:
    """The booked visits of a schedule answer, with their ids, in order of time.

    A row that says ``booked: false`` is no visit and is left out. Raises Drifted when the answer speaks of another
    provider or other days, or counts more visits than it shows.
    """
    operation = "visits"
    answer = shaped(inside(value), ScheduleAnswer, title=TITLE, operation=operation, where="data")
    agree(operation, **{"provider.id": (provider_id, id_text(answer.provider.id))})
    if isinstance(answer.schedule, list):
        if answer.schedule:
            raise drifted(TITLE, operation, "“data.schedule” in another shape")
        days: Mapping[str, list[Any]] = {}
    else:
        days = answer.schedule
    shown = sum(len(day) for day in days.values())
    if answer.total_visits is not None and answer.total_visits > shown:
        raise drifted(TITLE, operation, "fewer visits than “data.totalVisits” counts")
    found = []
    for text, day_rows in days.items():
        day = date_in(text, operation, "data.schedule")
        if not start <= day <= end:
            raise drifted(TITLE, operation, "days that were not asked for")
        for row in day_rows:
            if not row.booked:
                continue
            found.append(
                (
                    id_text(row.visit_id),
                    Visit(
                        provider_vendor_id=provider_id,
                        day=day,
                        start=time_in(row.time, operation, "data.schedule[].time"),
                        minutes=_minutes(row.duration, operation, "data.schedule[].duration"),
                        visit_type=(row.type or "").strip(),
                    ),
                )
            )
    return sorted(once(found), key=lambda pair: (pair[1].day, pair[1].start, pair[0]))


# --- slots and bookings ----------------------------------------------------------------------------------------------


def slot_check(value: Any, slot: Slot) -> SlotCheck:
    """The answer about exactly ``slot``. Raises Drifted when it is about another time."""
    operation = "check_slot"
    answer = shaped(inside(value), CheckAnswer, title=TITLE, operation=operation, where="data")
    agree(
        operation,
        ProviderID=(slot.provider_vendor_id, id_text(answer.provider_id)),
        Date=(slot.day, date_in(answer.date, operation, "data.Date")),
        Time=(slot.start, time_in(answer.time, operation, "data.Time")),
        Duration=(slot.minutes, answer.duration),
    )
    return SlotCheck(slot=slot, available=answer.available)


def open_slots(value: Any, provider_id: str, day: date, minutes: int) -> list[Slot]:
    """The free times of a day, in order."""
    operation = "open_slots"
    answer = shaped(inside(value), SlotsAnswer, title=TITLE, operation=operation, where="data")
    agree(
        operation,
        ProviderID=(provider_id, id_text(answer.provider_id)),
        Date=(day, date_in(answer.date, operation, "data.Date")),
        Duration=(minutes, answer.duration),
    )
    if answer.count is not None and answer.count > len(answer.slots):
        raise drifted(TITLE, operation, "fewer times than “data.Count” counts")
    starts = {time_in(text, operation, "data.Slots[]") for text in answer.slots}
    return [Slot(provider_vendor_id=provider_id, day=day, start=start, minutes=minutes) for start in sorted(starts)]


def next_slot(value: Any, provider_id: str, minutes: int) -> Slot | None:
    """The next free time, or None where the answer holds none."""
    operation = "next_slot"
    held = inside(value)
    if isinstance(held, dict) and held.get("TheNextSlot") in ({}, [], "", False):
        held = {**held, "TheNextSlot": None}
    answer = shaped(held, NextSlotAnswer, title=TITLE, operation=operation, where="data")
    agree(operation, ProviderID=(provider_id, id_text(answer.provider_id)), Duration=(minutes, answer.duration))
    found = answer.next_slot
    if found is None:
        return None
    if isinstance(found, list):
        raise drifted(TITLE, operation, "“data.TheNextSlot” in another shape")
    agree(operation, **{"TheNextSlot.ProviderID": (provider_id, id_text(found.provider_id))})
    return Slot(
        provider_vendor_id=provider_id,
        day=date_in(found.date, operation, "data.TheNextSlot.Date"),
        start=time_in(found.time, operation, "data.TheNextSlot.Time"),
        minutes=minutes,
    )


def booking_out(request: BookingRequest) -> dict[str, Any]:
    """The body of POST visits/book: the six required fields, and the optional ones that say something."""
    fields: dict[str, Any] = {
        "PatientID": id_out(request.patient_vendor_id),
        "ProviderID": id_out(request.provider_vendor_id),
        "VisitType": request.visit_type,
        "VisitDate": request.day.isoformat(),
        "VisitTime": time_out(request.start),
        "VisitDuration": request.minutes,
    }
    if request.reason:
        fields["VisitComplaint"] = request.reason
    if request.provider_start is not None:
        fields["ProviderTime"] = time_out(request.provider_start)
    if request.provider_minutes:
        fields["ProviderDuration"] = request.provider_minutes
    if request.notes:
        fields["VisitNotes"] = request.notes
    return fields


def booked(value: Any, request: BookingRequest) -> BookedVisit:
    """The confirmation, if it confirms exactly ``request``. Raises Drifted where it does not, naming the field."""
    operation = "book_visit"
    answer = shaped(inside(value), BookedAnswer, title=TITLE, operation=operation, where="data")
    visit_id = id_text(answer.visit_id)
    if visit_id in {"", "0"}:
        raise drifted(TITLE, operation, "no “data.VisitID”")
    agree(
        operation,
        PatientID=(request.patient_vendor_id, id_text(answer.patient_id)),
        ProviderID=(request.provider_vendor_id, id_text(answer.provider_id)),
        VisitType=(request.visit_type.strip().casefold(), answer.visit_type.strip().casefold()),
        VisitDate=(request.day, date_in(answer.visit_date, operation, "data.VisitDate")),
        VisitTime=(request.start, time_in(answer.visit_time, operation, "data.VisitTime")),
        VisitDuration=(request.minutes, answer.visit_duration),
    )
    provider_start = request.provider_start
    if answer.provider_time:
        answered = time_in(answer.provider_time, operation, "data.ProviderTime")
        if provider_start is not None:
            agree(operation, ProviderTime=(provider_start, answered))
        provider_start = answered
    if request.provider_minutes and answer.provider_duration is not None:
        agree(operation, ProviderDuration=(request.provider_minutes, answer.provider_duration))
    return BookedVisit(
        visit_vendor_id=visit_id,
        request=msgspec.structs.replace(
            request,
            provider_start=provider_start,
            provider_minutes=answer.provider_duration or request.provider_minutes,
        ),
        room=id_text(answer.room_id) if answer.room_id is not None else "",
    )


def asked_minutes(minutes: int) -> int:
    """``minutes`` if a visit can be that long. Raises BadInput."""
    if not 1 <= minutes <= 24 * 60:
        raise BadInput("minutes", "A visit lasts between 1 minute and a day.", "", ("Enter its minutes again.",))
    return minutes


def _minutes(value: int, operation: str, field: str) -> int:
    if not 0 <= value <= 24 * 60:
        raise drifted(TITLE, operation, f"“{field}” in another shape")
    return value


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
