"""Making outbox jobs and reading what is in them: payloads, evidence, results, the short code people recognise."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from app.model.ids import new_id
from app.model.outbox import ClaimFile, Evidence, Job, JobEvent, JobKind, JobResult, JobState, PatientUpdate
from app.model.people import Patient
from app.model.portal import WritePlan
from app.model.portal_writes import PortalOperation, WriteWish
from app.model.schedule import BookingRequest

#: How long a booking stays good: after this it is not sent but needs a person (seconds).
BOOKING_LIFE = timedelta(minutes=10)

#: Letters and digits that are not mistaken for one another when read aloud or copied by hand.
_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 6

Payload = BookingRequest | Patient | PatientUpdate | WriteWish | ClaimFile

_KIND: dict[type, JobKind] = {
    BookingRequest: JobKind.BOOK_VISIT,
    Patient: JobKind.CREATE_PATIENT,
    PatientUpdate: JobKind.UPDATE_PATIENT,
    ClaimFile: JobKind.SEND_CLAIMS,
}
#: Of wishes; patients and files of claims have values of their own.
_KIND_OF_WISH = {
    PortalOperation.SAVE_POLICY: JobKind.SAVE_POLICY,
    PortalOperation.CHECK_IN: JobKind.CHANGE_VISIT_STATUS,
    PortalOperation.POST_REMITTANCE: JobKind.POST_PAYMENT,
    PortalOperation.CORRECT_CLAIM: JobKind.CORRECT_CLAIM,
    PortalOperation.ENROLL: JobKind.ENROLL,
}
#: The kinds of job whose payload is a ``WriteWish``.
WISHES = frozenset(_KIND_OF_WISH.values())


def new_job(
    payload: Payload,
    *,
    connection_id: str,
    summary: str,
    actor_id: str,
    now: datetime,
    patient_id: str = "",
    depends_on: str = "",
    hold_seconds: float = 0.0,
    idempotency_key: str = "",
    plan: WritePlan | None = None,
) -> Job:
    """A job that asks for ``payload``, not yet kept anywhere.

    ``hold_seconds`` leaves time to undo. ``depends_on`` is the job that must be confirmed first. Handing in two
    jobs with one ``idempotency_key`` (the same press of a button) keeps only the first. ``plan`` is what was shown.
    """
    job_id = new_id(int(now.timestamp() * 1000))
    kind = _KIND_OF_WISH[payload.operation] if isinstance(payload, WriteWish) else _KIND[type(payload)]
    state = JobState.HELD if hold_seconds > 0 else JobState.QUEUED
    return Job(
        job_id=job_id,
        kind=kind,
        connection_id=connection_id,
        idempotency_key=idempotency_key or job_id,
        short_code=short_code(job_id),
        state=state,
        summary=summary,
        payload=msgspec.json.encode(payload),
        actor_id=actor_id,
        created_at=now,
        updated_at=now,
        patient_id=patient_id,
        depends_on=depends_on,
        held_until=now + timedelta(seconds=hold_seconds) if hold_seconds > 0 else None,
        expires_at=now + BOOKING_LIFE if kind is JobKind.BOOK_VISIT else None,
        history=(JobEvent(at=now, state=state, words="Asked for.", actor_id=actor_id),),
        plan=plan,
    )


def short_code(job_id: str) -> str:
    """Six characters drawn from the random end of ``job_id``."""
    rest = int(job_id.replace("-", "")[-12:], 16)
    code = ""
    for _ in range(_CODE_LENGTH):
        rest, place = divmod(rest, len(_ALPHABET))
        code += _ALPHABET[place]
    return code


def booking_of(job: Job) -> BookingRequest:
    """What a BOOK_VISIT asks for. Raises msgspec.ValidationError when the payload is not one."""
    return msgspec.json.decode(job.payload, type=BookingRequest)


def patient_of(job: Job) -> Patient:
    """Whom a CREATE_PATIENT makes. Raises msgspec.ValidationError when the payload is none."""
    return msgspec.json.decode(job.payload, type=Patient)


def update_of(job: Job) -> PatientUpdate:
    """What an UPDATE_PATIENT changes. Raises msgspec.ValidationError when the payload is none."""
    return msgspec.json.decode(job.payload, type=PatientUpdate)


def claim_file_of(job: Job) -> ClaimFile:
    """The file a SEND_CLAIMS hands over. Raises msgspec.ValidationError when the payload is none."""
    return msgspec.json.decode(job.payload, type=ClaimFile)


def evidence_of(job: Job) -> Evidence | None:
    """What was remembered before sending, or None when nothing was ever about to leave."""
    return msgspec.json.decode(job.evidence, type=Evidence) if job.evidence else None


def result_of(job: Job) -> JobResult:
    """What came of a confirmed job."""
    return msgspec.json.decode(job.result, type=JobResult) if job.result else JobResult()


def booking_to_send(job: Job, parent: Job | None) -> BookingRequest:
    """The request as it leaves: the new patient's id from ``parent``, the short code in the notes, once."""
    request = booking_of(job)
    mark = f"Daybook {job.short_code}"
    notes = request.notes if mark in request.notes else f"{request.notes}\n[{mark}]".strip()
    patient = request.patient_vendor_id or (result_of(parent).vendor_id if parent is not None else "")
    return msgspec.structs.replace(request, notes=notes, patient_vendor_id=patient)
