"""Reading back: a write of unknown end is looked for in the vendor's own records, and only then sent again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time

import msgspec

from app.model.outbox import Choice, Evidence, Job, JobResult, JobState, PatientUpdate, PersonReason
from app.model.people import Patient
from app.model.schedule import BookingRequest, Visit, VisitStatus
from app.model.sourced import Sourced
from app.rules.outbox import Move, ask_whether_there, taken, too_late
from app.rules.outbox_jobs import booking_of, evidence_of, patient_of, update_of


def booking_found(
    job: Job, visits: Iterable[Sourced[Visit]], ours: frozenset[str], age: float | None, system: str
) -> Move:
    """Decide a booking of unknown end from its provider's day as the vendor tells it now.

    ``ours`` are visits that other jobs of ours have confirmed. A new visit of the same time, length and type is
    probably it, but the schedule may show no patient, so it can be another clerk's: a person is asked.
    """
    request = booking_of(job)
    evidence = evidence_of(job) or Evidence()
    known = {*evidence.vendor_ids, *evidence.denied, *ours}
    overlapping = [visit for visit in visits if _overlaps(visit.value, request)]
    candidates = [visit.vendor_id for visit in overlapping if visit.vendor_id not in known and _same(visit, request)]
    if candidates:
        return _ask_which(job, candidates, system)
    closed = msgspec.structs.replace(evidence, open=False, refused=False)
    if overlapping or evidence.refused:
        return taken(system, closed)
    late = too_late(job, age, system)
    if late is not None:
        return msgspec.structs.replace(late, evidence=closed)
    return _send_again(closed, system)


def _overlaps(visit: Visit, request: BookingRequest) -> bool:
    if visit.status is VisitStatus.CANCELLED or visit.day != request.day:
        return False
    begin, wanted = _minute(visit.start), _minute(request.start)
    return begin < wanted + request.minutes and wanted < begin + visit.minutes


def _same(visit: Sourced[Visit], request: BookingRequest) -> bool:
    value = visit.value
    return (
        value.start == request.start
        and value.minutes == request.minutes
        and _word(value.visit_type) == _word(request.visit_type)
    )


def _ask_which(job: Job, candidates: Sequence[str], system: str) -> Move:
    yes = tuple(Choice(key=f"yes:{vendor_id}", label=f"Yes, {vendor_id} is it") for vendor_id in candidates)
    which = f"Visit {candidates[0]} is" if len(candidates) == 1 else f"One of the visits {', '.join(candidates)} is"
    return Move(
        to=JobState.NEEDS_PERSON,
        words=f"{which} probably this booking.",
        person_reason=PersonReason.MAYBE_DONE,
        question=(
            f"{which} probably this booking: it is new, at the same time, of the same length and type. {system} does "
            f"not show whose it is. Look in {system} for code {job.short_code} in its notes. Is it?"
        ),
        choices=(*yes, Choice(key="no", label="No, it is somebody else's")),
    )


def _send_again(evidence: Evidence, system: str) -> Move:
    return Move(to=JobState.QUEUED, words=f"It is not in {system}. It is sent again.", evidence=evidence)


def created_found(job: Job, found: Iterable[Sourced[Patient]], system: str) -> Move:
    """Decide a created patient of unknown end from the records that carry that name or phone now."""
    wanted = patient_of(job)
    evidence = evidence_of(job) or Evidence()
    known = {*evidence.vendor_ids, *evidence.denied}
    likely = {entry.vendor_id: same_person(wanted, entry.value) for entry in found if entry.vendor_id not in known}
    certain = [vendor_id for vendor_id, sure in likely.items() if sure]
    possible = [vendor_id for vendor_id, sure in likely.items() if sure is not False]
    closed = msgspec.structs.replace(evidence, open=False)
    if len(certain) == 1 and len(possible) == 1:
        return Move(
            to=JobState.CONFIRMED,
            words=f"Found in {system} by name, phone and birth date: record {certain[0]}.",
            result=JobResult(vendor_id=certain[0]),
            evidence=closed,
        )
    if possible:
        yes = tuple(Choice(key=f"yes:{vendor_id}", label=f"Yes, {vendor_id} is it") for vendor_id in possible)
        which = ", ".join(possible)
        return Move(
            to=JobState.NEEDS_PERSON,
            words=f"Record {which} in {system} may be this patient.",
            person_reason=PersonReason.MAYBE_DONE,
            question=f"Record {which} in {system} is new and carries this name. Is it this patient?",
            choices=(*yes, Choice(key="no", label="No, that is somebody else")),
        )
    return _send_again(closed, system)


def same_person(wanted: Patient, found: Patient) -> bool | None:
    """True when name, phone and birth date all agree, False when one differs, None when one cannot be compared.

    A wanted patient without phone or without birth date is compared by the rest; by the name alone nobody is sure.
    """
    if (_name(wanted.first_name), _name(wanted.last_name)) != (_name(found.first_name), _name(found.last_name)):
        return False
    phone = _one_of(_phones(wanted), _phones(found))
    birth = _one_of(_dates(wanted.birth_date), _dates(found.birth_date))
    if phone is False or birth is False:
        return False
    if phone is None and birth is None:
        return None
    asked = (bool(_phones(wanted)), wanted.birth_date is not None)
    return True if all(agree for agree, given in zip((phone, birth), asked, strict=True) if given) else None


def update_found(job: Job, found: Patient | None, system: str) -> Move:
    """Decide a changed patient of unknown end: every field as wanted means done; else the same change goes again."""
    update: PatientUpdate = update_of(job)
    evidence = evidence_of(job) or Evidence()
    if found is None:
        return ask_whether_there(job, f"The record is not shown by {system}.", PersonReason.MAYBE_DONE, system)
    closed = msgspec.structs.replace(evidence, open=False)
    if all(field_text(found, name) == text.strip() for name, text in update.changes.items()):
        return Move(
            to=JobState.CONFIRMED,
            words=f"Found as wanted in {system}.",
            result=JobResult(vendor_id=update.vendor_id),
            evidence=closed,
        )
    return _send_again(closed, system)


def field_text(patient: Patient, name: str) -> str:
    """A patient's field as text, by the names an update uses (address parts by their own names)."""
    holder: object = patient if name in Patient.__struct_fields__ else patient.address
    value = getattr(holder, name, None)
    if value is None:
        value = patient.extra.get(name, "")
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def changed(patient: Patient, changes: dict[str, str]) -> Patient:
    """``patient`` with the changes of an update; names that are not ours go to ``extra``."""
    own: dict[str, object] = {}
    place: dict[str, str] = {}
    extra = dict(patient.extra)
    for name, text in changes.items():
        if name == "birth_date":
            own[name] = date.fromisoformat(text) if text else None
        elif name == "is_lead":
            own[name] = text in {"1", "true"}
        elif name in Patient.__struct_fields__:
            own[name] = text
        elif name in patient.address.__struct_fields__:
            place[name] = text
        else:
            extra[name] = text
    address = msgspec.structs.replace(patient.address, **place)
    return msgspec.structs.replace(patient, address=address, extra=extra, **own)


def _one_of(wanted: frozenset[str], found: frozenset[str]) -> bool | None:
    """Whether they share one; None where either side says nothing."""
    return bool(wanted & found) if wanted and found else None


def _phones(patient: Patient) -> frozenset[str]:
    digits = (
        "".join(char for char in text if char.isdigit())
        for text in (patient.phone, patient.cell_phone, patient.sms_phone)
    )
    return frozenset(text[-10:] for text in digits if text)


def _dates(value: date | None) -> frozenset[str]:
    return frozenset() if value is None else frozenset({value.isoformat()})


def _name(text: str) -> str:
    return " ".join(text.casefold().split())


def _word(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _minute(value: time) -> int:
    return value.hour * 60 + value.minute
