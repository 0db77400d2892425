"""The outbox's words: a job is a write that was promised before a byte left."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from app.model.portal import WritePlan


class JobState(StrEnum):
    """Where a job stands. UNKNOWN is a real state: read back first, and only then decide."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    NEEDS_PERSON = "needs_person"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


#: Nothing more will happen to a job in one of these.
FINAL = frozenset({JobState.CONFIRMED, JobState.CANCELLED})


class JobKind(StrEnum):
    """What a job asks of a vendor, with the value its payload is JSON of."""

    #: ``BookingRequest``; its patient id stays empty while the job depends on a CREATE_PATIENT.
    BOOK_VISIT = "book_visit"
    #: ``Patient``.
    CREATE_PATIENT = "create_patient"
    #: ``PatientUpdate``.
    UPDATE_PATIENT = "update_patient"
    #: A ``WriteWish`` each: what goes through a system's web pages.
    CHANGE_VISIT_STATUS = "change_visit_status"
    SAVE_POLICY = "save_policy"
    CORRECT_CLAIM = "correct_claim"
    POST_PAYMENT = "post_payment"
    ENROLL = "enroll"
    #: ``ClaimFile``.
    SEND_CLAIMS = "send_claims"


class PersonReason(StrEnum):
    """Why a person is asked."""

    MFA = "mfa"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    DRIFTED = "drifted"
    TOO_LATE = "too_late"
    MAYBE_DONE = "maybe_done"
    DEPENDENCY = "dependency"
    SIGN_IN = "sign_in"
    CHANGED = "changed"
    PREVIEW = "preview"


class PatientUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of UPDATE_PATIENT: new text for fields of the vendor's record, named as in ``Patient``."""

    vendor_id: str
    changes: dict[str, str]


class ClaimFile(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of SEND_CLAIMS. A job never carries the file itself: its bytes are kept once, as document ``sha256``.

    ``name`` is its name here. ``is_test``: the connection's mode when it was asked for, compared before it leaves.
    ``by_portal``: through the web page instead of the clearinghouse's file service.
    """

    sha256: str
    name: str
    claims: int
    is_test: bool
    by_portal: bool = False


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What was known of the vendor's records before the first byte left, and what has been learned since.

    ``vendor_ids`` are the records that were there already (the provider-day's visits, the patients of that name).
    ``unsure`` says that an earlier attempt may have taken effect, ``open`` that nobody has looked since;
    ``refused`` that the vendor said "not free" to the last attempt; ``denied`` are records a person said are not it.
    ``plan`` is what was about to be typed where, with the marks that tell afterwards whether it happened.
    """

    vendor_ids: tuple[str, ...] = ()
    taken_at: datetime | None = None
    unsure: bool = False
    open: bool = False
    refused: bool = False
    denied: tuple[str, ...] = ()
    plan: WritePlan | None = None


class JobResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a confirmed job: the vendor's id of the record, empty where nobody knows it."""

    vendor_id: str = ""


class JobEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a job's history; ``words`` hold no patient data beyond the job's own summary."""

    at: datetime
    state: JobState
    words: str
    actor_id: str = ""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One answer a person may give to a job that asks: ``key`` for the program, ``label`` for the button."""

    key: str
    label: str


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A durable write.

    ``payload`` is JSON of the value for ``kind``; ``evidence`` is JSON of an ``Evidence`` remembered before sending
    and ``result`` JSON of a ``JobResult`` once confirmed. ``summary`` says to a person what it will change.
    ``depends_on`` must be confirmed first. ``plan`` is what was shown before it was asked for, where it goes through a
    system's web pages: what will be typed where.
    Of jobs that wait, those of the smallest ``place`` leave first, then those asked for first.
    ``short_code`` is the six-character mark people can recognise in the vendor's notes.
    """

    job_id: str
    kind: JobKind
    connection_id: str
    idempotency_key: str
    short_code: str
    state: JobState
    summary: str
    payload: bytes
    actor_id: str
    created_at: datetime
    patient_id: str = ""
    depends_on: str = ""
    place: int = 0
    held_until: datetime | None = None
    expires_at: datetime | None = None
    not_before: datetime | None = None
    attempts: int = 0
    evidence: bytes = b""
    result: bytes = b""
    person_reason: PersonReason | None = None
    question: str = ""
    choices: tuple[Choice, ...] = ()
    waiting_for: str = ""
    history: tuple[JobEvent, ...] = ()
    updated_at: datetime | None = None
    plan: WritePlan | None = None
