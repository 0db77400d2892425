"""What the sandbox practice has already asked of its system, so that Activity has a history from the first minute.

The visits are those of the cast that the simulator holds; here each gets the job that would have brought it there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from app.model.outbox import FINAL, Job, JobEvent, JobResult, JobState, PatientUpdate
from app.model.schedule import BookingRequest, VisitRow
from app.rules.outbox_jobs import new_job
from app.rules.timezones import time_of
from app.rules.words import short_day, time_range
from app.store import outbox, patients, providers, visits
from app.store.store import Tx

#: Whose visit, by which account, how many hours ago; oldest first.
_BOOKED = (
    ("Marigold Fennimore", "desmond", 287.4),
    ("Sunniva Pell", "hollis", 118.2),
    ("Ned Larksong", "desmond", 96.7),
    ("Juniper Ashlock", "rosa", 24.9),
    ("Gideon Larkmoor", "desmond", 23.1),
    ("Otis Brambleton", "desmond", 1.2),
    ("Oren Silverbrook", "hollis", 0.4),
)
_CHANGED = ("Tobias Fennwick", "desmond", 22.6)
_TAKEN = ("Ione Starling", "hollis", 0.9)
#: Milliseconds from a job to its way, and from there to the answer.
_ON_ITS_WAY, _ANSWERED = 210, 640

Line = tuple[JobState, str]


def remember(
    tx: Tx, connection_id: str, system: str, links: Sequence[Mapping[str, object]], accounts: Mapping[str, str]
) -> None:
    """Keep the jobs behind some of the cast's visits. ``links`` are the simulator's, ``accounts`` user name → id."""
    known = _visits_by_name(tx, connection_id, links)
    made: list[Job] = []
    for name, user, ago in _BOOKED:
        if name in known:
            visit = known[name]
            job = _booking(tx, visit, system, accounts[user], _before(tx, ago))
            told = f"Booked in {system} as visit {visit.vendor_id}."
            made.append(_done(job, system, ((JobState.CONFIRMED, told),), visit.vendor_id))
    name, user, ago = _TAKEN
    if name in known:
        job = _booking(tx, known[name], system, accounts[user], _before(tx, ago))
        lines = (
            (JobState.NEEDS_PERSON, f"Not booked. {system} says this time is taken."),
            (JobState.CANCELLED, "Given up."),
        )
        made.append(_done(job, system, lines))
    changed = _change(tx, connection_id, system, accounts)
    for job in sorted([*made, *([changed] if changed else [])], key=lambda job: job.created_at):
        outbox.add(tx, job)


def _before(tx: Tx, hours: float) -> datetime:
    return tx.now() - timedelta(hours=hours)


def _visits_by_name(tx: Tx, connection_id: str, links: Sequence[Mapping[str, object]]) -> dict[str, VisitRow]:
    """The latest visit of each person the simulator names."""
    found: dict[str, VisitRow] = {}
    for link in links:
        person = patients.by_vendor(tx.connection, connection_id, str(link["patient_id"]))
        visit = visits.by_vendor(tx.connection, connection_id, str(link["visit_id"]))
        if person is not None and visit is not None:
            before = found.get(person.full_name())
            if before is None or before.day < visit.day:
                found[person.full_name()] = visit
    return found


def _booking(tx: Tx, visit: VisitRow, system: str, actor_id: str, at: datetime) -> Job:
    provider = providers.get(tx.connection, visit.provider_id)
    patient = patients.row_of(tx.connection, visit.patient_id)
    when = f"{short_day(visit.day)}, {time_range(visit.start_minute, visit.minutes)}"
    return new_job(
        BookingRequest(
            patient_vendor_id=patient.vendor_id if patient else "",
            provider_vendor_id=provider.vendor_id if provider else "",
            visit_type=visit.visit_type,
            day=visit.day,
            start=time_of(visit.start_minute),
            minutes=visit.minutes,
        ),
        connection_id=visit.connection_id,
        summary=f"Creates 1 visit in {system}: {when} with {provider.shown_name() if provider else 'somebody'}",
        actor_id=actor_id,
        now=at,
        patient_id=visit.patient_id,
    )


def _change(tx: Tx, connection_id: str, system: str, accounts: Mapping[str, str]) -> Job | None:
    name, user, ago = _CHANGED
    first, _, last = name.partition(" ")
    found = next(iter(patients.search(tx.connection, f"{last} {first}", 1)), None)
    if found is None or found.connection_id != connection_id:
        return None
    update = PatientUpdate(vendor_id=found.vendor_id, changes={"phone": found.phone})
    job = new_job(
        update,
        connection_id=connection_id,
        summary=f"Changes 1 patient in {system}: phone",
        actor_id=accounts[user],
        now=_before(tx, ago),
        patient_id=found.local_id,
    )
    return _done(job, system, ((JobState.CONFIRMED, f"Changed in {system}."),), found.vendor_id)


def _done(job: Job, system: str, lines: Sequence[Line], vendor_id: str = "") -> Job:
    """The job as it stands after all that happened to it."""
    at = job.created_at + timedelta(milliseconds=_ON_ITS_WAY)
    history = [*job.history, JobEvent(at=at, state=JobState.SENDING, words=f"On its way to {system}.")]
    for state, told in lines:
        at += timedelta(milliseconds=_ANSWERED) if state is not JobState.CANCELLED else timedelta(minutes=2)
        by = job.actor_id if state is JobState.CANCELLED else ""
        history.append(JobEvent(at=at, state=state, words=told, actor_id=by))
    last = history[-1].state
    assert last in FINAL
    return msgspec.structs.replace(
        job,
        state=last,
        attempts=1,
        history=tuple(history),
        result=msgspec.json.encode(JobResult(vendor_id=vendor_id)) if vendor_id else b"",
        updated_at=at,
    )
