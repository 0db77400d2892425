"""The outbox's decisions: what a job does next, what an error means for it, what a person's answer does.

    held ──► queued ──► sending ──► confirmed
      │        ▲  ▲         │
      ▼        │  └─────────┤ certainly not sent
  cancelled ◄──┤            ├──► needs a person ──► queued, confirmed, cancelled
               │            ▼
               └──────── unknown: read back first (``app/rules/outbox_reading.py``)

Pure: the worker asks, does, and writes each ``Move`` with compare-and-set. Nothing here sends a write twice on a
guess: a write that may have happened goes to UNKNOWN, and only a look at the vendor's own records leads out of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from app.model.errors import (
    AuthExpired,
    BadDocument,
    BadInput,
    DaybookError,
    NeedsMfa,
    NotEntitled,
    NotFound,
    RateLimited,
    SlotTaken,
    Unreachable,
    VendorRejected,
    WrongCredentials,
)
from app.model.outbox import FINAL, Choice, Evidence, Job, JobKind, JobResult, JobState, PersonReason
from app.model.portal import WritePlan
from app.rules.outbox_jobs import BOOKING_LIFE, evidence_of

#: A wall clock may wander this far back before a job's age counts as unknown.
CLOCK_SLACK = timedelta(minutes=2)

RETRY = Choice(key="retry", label="Try again")
CANCEL = Choice(key="cancel", label="Do not send")
SEND_NOW = Choice(key="retry", label="Send it now")
LOOK_AGAIN = Choice(key="retry", label="Look again")
IT_IS_THERE = Choice(key="done", label="It is there")
IT_IS_NOT_THERE = Choice(key="not_done", label="It is not there")


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a job: the state to go to, and everything that is then true of it.

    ``evidence``, ``result``, ``expires_at`` and ``plan`` stay as they are where None; the rest is replaced.
    """

    to: JobState
    words: str
    person_reason: PersonReason | None = None
    question: str = ""
    choices: tuple[Choice, ...] = ()
    waiting_for: str = ""
    not_before: datetime | None = None
    evidence: Evidence | None = None
    result: JobResult | None = None
    expires_at: datetime | None = None
    #: What a person is shown now, where that is new.
    plan: WritePlan | None = None
    #: One more attempt leaves with this step.
    attempt: bool = False


class Act(StrEnum):
    """What the worker does with a job now."""

    REST = "rest"
    WAIT = "wait"
    MOVE = "move"
    SEND = "send"
    READ_BACK = "read_back"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The next step: ``seconds`` to WAIT, or the ``move`` to MOVE by."""

    act: Act
    seconds: float = 0.0
    move: Move | None = None


REST = Step(act=Act.REST)


def next_step(
    job: Job,
    *,
    now: datetime,
    waited: float,
    age: float | None,
    parent: Job | None,
    system: str,
    settle: float,
) -> Step:
    """What to do with ``job``, which nobody is working on at this moment.

    ``waited`` is how many seconds (of a clock that never runs backwards) it has been seen standing as it stands;
    ``age`` how many seconds ago a person last wanted it, None where a changed clock hides that. ``parent`` is the
    job it depends on; ``system`` the vendor's name for people; ``settle`` how long a lost write may still land.
    """
    if job.state in FINAL or job.state is JobState.NEEDS_PERSON:
        return REST
    if job.state is JobState.SENDING:
        return Step(act=Act.MOVE, move=interrupted(job, now, settle, system))
    if job.state is not JobState.UNKNOWN:
        move = _refused(job, age, parent, system)
        if move is not None:
            return Step(act=Act.MOVE, move=move)
        if parent is not None and parent.state is not JobState.CONFIRMED:
            return _wait_for(parent, job)
    seconds = _seconds_left(job, now, waited, settle)
    if seconds > 0:
        return Step(act=Act.WAIT, seconds=seconds)
    if job.state is JobState.HELD:
        return Step(act=Act.MOVE, move=Move(to=JobState.QUEUED, words="The time to undo is over."))
    return Step(act=Act.READ_BACK if job.state is JobState.UNKNOWN else Act.SEND)


def _refused(job: Job, age: float | None, parent: Job | None, system: str) -> Move | None:
    """Why a job that has not left must not leave, if so."""
    if job.depends_on and (parent is None or parent.state is JobState.CANCELLED):
        return Move(
            to=JobState.NEEDS_PERSON,
            words="Not sent: what it depends on was given up.",
            person_reason=PersonReason.DEPENDENCY,
            question=f"The step before this one was cancelled, so nothing was sent to {system}. Give this up too?",
            choices=(Choice(key="cancel", label="Give it up"),),
        )
    return too_late(job, age, system)


def too_late(job: Job, age: float | None, system: str) -> Move | None:
    """A booking wanted more than ten minutes ago is not sent by itself: the patient may have hung up."""
    if job.expires_at is None or (age is not None and age < BOOKING_LIFE.total_seconds()):
        return None
    why = (
        "The clock of this computer was set back, so its age cannot be told."
        if age is None
        else "It is more than 10 minutes old."
    )
    return Move(
        to=JobState.NEEDS_PERSON,
        words=f"Not sent. {why}",
        person_reason=PersonReason.TOO_LATE,
        question=f"{why} Nothing was booked in {system}. Is it still wanted?",
        choices=(SEND_NOW, CANCEL),
    )


def _wait_for(parent: Job, job: Job) -> Step:
    waiting_for = f"Waits for: {parent.summary}"
    if job.state is JobState.HELD or job.waiting_for == waiting_for:
        return REST
    move = Move(to=job.state, words="Waits for the step before it.", waiting_for=waiting_for)
    return Step(act=Act.MOVE, move=move)


def _seconds_left(job: Job, now: datetime, waited: float, settle: float) -> float:
    """How much longer to wait; never longer than was meant when it was decided, whatever the wall clock says.

    Nor does a wall clock set forward shorten the time in which a lost write may still land.
    """
    until = job.held_until if job.state is JobState.HELD else job.not_before
    if until is None:
        return 0.0
    meant = (until - (job.updated_at or job.created_at)).total_seconds()
    least = min(meant, settle) - waited if job.state is JobState.UNKNOWN else 0.0
    return max(0.0, least, min((until - now).total_seconds(), meant - waited))


def interrupted(job: Job, now: datetime, settle: float, system: str) -> Move:
    """A job found on its way with nobody carrying it: Daybook stopped, or could not write down how it ended."""
    return _unknown(job, now, settle, "Daybook stopped while this was on its way.", system)


def _unknown(job: Job, now: datetime, settle: float, words: str, system: str) -> Move:
    evidence = evidence_of(job) or Evidence()
    return Move(
        to=JobState.UNKNOWN,
        words=f"{words} It may or may not have happened.",
        waiting_for=f"Daybook looks in {system} before anything is sent again.",
        not_before=now + timedelta(seconds=settle),
        evidence=msgspec.structs.replace(evidence, unsure=True, open=True, refused=False),
    )


def sending(job: Job, vendor_ids: tuple[str, ...], now: datetime, system: str, plan: WritePlan | None = None) -> Move:
    """The step that is durable before a byte leaves. The evidence of the first attempt is never replaced; its plan is,
    because reading back has just told that the first one changed nothing."""
    evidence = evidence_of(job)
    if evidence is None or not evidence.unsure:
        evidence = Evidence(vendor_ids=vendor_ids, taken_at=now, denied=evidence.denied if evidence else ())
    evidence = msgspec.structs.replace(evidence, plan=plan)
    return Move(to=JobState.SENDING, words=f"On its way to {system}.", evidence=evidence, attempt=True)


def not_free(job: Job, now: datetime, system: str) -> Move:
    """The vendor says the time is not free. After an attempt of unknown end it may be our own visit: look first."""
    evidence = evidence_of(job)
    if evidence is not None and evidence.unsure:
        return Move(
            to=JobState.UNKNOWN,
            words=f"{system} says this time is not free. It may be this very booking.",
            waiting_for=f"Daybook looks in {system} whether it is.",
            not_before=now,
            evidence=msgspec.structs.replace(evidence, open=True, refused=True),
        )
    return taken(system)


def taken(system: str, evidence: Evidence | None = None) -> Move:
    """The slot is somebody else's: a person chooses another time."""
    return Move(
        to=JobState.NEEDS_PERSON,
        words=f"Not booked. {system} says this time is taken.",
        person_reason=PersonReason.CONFLICT,
        question=f"Not booked. {system} says this time is taken. Choose another time.",
        choices=(Choice(key="cancel", label="Give this time up"), RETRY),
        evidence=evidence,
    )


_PERSON: tuple[tuple[type[DaybookError], PersonReason], ...] = (
    (NeedsMfa, PersonReason.MFA),
    (AuthExpired, PersonReason.SIGN_IN),
    (WrongCredentials, PersonReason.SIGN_IN),
    (NotEntitled, PersonReason.REJECTED),
    (VendorRejected, PersonReason.REJECTED),
    (NotFound, PersonReason.REJECTED),
    (BadInput, PersonReason.REJECTED),
    (BadDocument, PersonReason.REJECTED),
)


def before_failed(job: Job, error: Exception, now: datetime, delay: float, system: str) -> Move:
    """What an error means that came while preparing, before the write itself: nothing has left."""
    if isinstance(error, RateLimited | Unreachable):
        return _later(job, error, now, delay)
    if isinstance(error, SlotTaken):
        return not_free(job, now, system)
    return _person(job, error, system)


def send_failed(job: Job, error: Exception, now: datetime, delay: float, settle: float, system: str) -> Move:
    """What an error of the write itself means: clear refusals are told, anything unclear is UNKNOWN."""
    if isinstance(error, SlotTaken):
        return not_free(job, now, system)
    if isinstance(error, RateLimited | Unreachable):
        return _later(job, error, now, delay)
    if isinstance(error, tuple(kind for kind, _ in _PERSON)):
        return _person(job, error, system)
    return _unknown(job, now, settle, f"{system} gave no clear answer.", system)


def read_back_failed(job: Job, error: Exception, now: datetime, delay: float, system: str) -> Move:
    """What an error means that came while looking whether it had happened: try later, or ask."""
    if isinstance(error, RateLimited | Unreachable):
        return _later(job, error, now, delay)
    return _person(job, error, system)


def _later(job: Job, error: DaybookError, now: datetime, delay: float) -> Move:
    seconds = max(delay, error.retry_after or 0.0)
    to = JobState.UNKNOWN if job.state is JobState.UNKNOWN else JobState.QUEUED
    return Move(
        to=to,
        words=error.happened,
        waiting_for=f"{error.happened} Daybook tries again by itself.",
        not_before=now + timedelta(seconds=seconds),
    )


def _person(job: Job, error: Exception, system: str) -> Move:
    reason = next((reason for kind, reason in _PERSON if isinstance(error, kind)), PersonReason.DRIFTED)
    if isinstance(error, DaybookError):
        words = f"{error.happened} {error.means}".strip()
    else:
        words = f"Daybook itself failed here ({type(error).__name__})."
    evidence = evidence_of(job)
    if evidence is not None and evidence.open:
        return ask_whether_there(job, f"{words} So Daybook cannot look whether it happened.", reason, system)
    return Move(
        to=JobState.NEEDS_PERSON,
        words=words,
        person_reason=reason,
        question=f"{words} Nothing was changed in {system}.",
        choices=(RETRY, CANCEL),
    )


def ask_whether_there(job: Job, words: str, reason: PersonReason, system: str) -> Move:
    """Only a person can find out: they look in the vendor's own program and say what they saw."""
    return Move(
        to=JobState.NEEDS_PERSON,
        words=words,
        person_reason=reason,
        question=f"{words} Look in {system} for code {job.short_code}, or look again from here.",
        choices=(LOOK_AGAIN, IT_IS_THERE, IT_IS_NOT_THERE),
    )


# --- what a person does


def undone(job: Job) -> Move:
    """Undo of a held job. Raises BadInput once its time is over."""
    if job.state is not JobState.HELD:
        raise BadInput(
            "job", "This can no longer be undone.", "It has left, or was already withdrawn.", ("See Activity.",)
        )
    return Move(to=JobState.CANCELLED, words="Undone before it was sent.")


def retried(job: Job, now: datetime) -> Move:
    """Try again: a waiting job now, one that needs a person from the start, a maybe-done one by looking again."""
    evidence = evidence_of(job)
    if job.state not in {JobState.QUEUED, JobState.UNKNOWN, JobState.NEEDS_PERSON}:
        raise BadInput("job", "There is nothing to try again.", f"It is {job.state.replace('_', ' ')}.")
    if evidence is not None and evidence.open:
        return Move(to=JobState.UNKNOWN, words="Look again.", not_before=now)
    if job.person_reason is PersonReason.DEPENDENCY:
        raise BadInput("job", "The step before this one was cancelled.", "It cannot be sent alone.", ("Give it up.",))
    return Move(to=JobState.QUEUED, words="Try again.", expires_at=renewed(job, now))


def signed_in(job: Job, now: datetime) -> Move | None:
    """The sign-in that a job waited for has come about: it goes on by itself. None for any other job.

    Nobody wants it anew by that: a booking that has grown too old meanwhile is asked about.
    """
    if job.state is not JobState.NEEDS_PERSON or job.person_reason not in {PersonReason.MFA, PersonReason.SIGN_IN}:
        return None
    evidence = evidence_of(job)
    if evidence is not None and evidence.open:
        return Move(to=JobState.UNKNOWN, words="Signed in again. Daybook looks.", not_before=now)
    return Move(to=JobState.QUEUED, words="Signed in again.")


def cancelled(job: Job) -> Move:
    """Give up. Refused, in words, while it may have happened."""
    evidence = evidence_of(job)
    if evidence is not None and evidence.open:
        raise BadInput(
            "job",
            "This may already have happened.",
            "Giving it up now could leave a booking nobody knows of.",
            ("Look again, or say whether it is there.",),
        )
    if job.state not in {JobState.HELD, JobState.QUEUED, JobState.NEEDS_PERSON}:
        raise BadInput("job", "This can no longer be given up.", f"It is {job.state.replace('_', ' ')}.")
    return Move(to=JobState.CANCELLED, words="Given up.")


def answered(job: Job, key: str, now: datetime) -> Move:
    """What an answer does. Raises BadInput for an answer the job did not offer."""
    if job.state is not JobState.NEEDS_PERSON or key not in {choice.key for choice in job.choices}:
        raise BadInput("choice", "This question is not open any more.", "Somebody may have answered it.")
    evidence = evidence_of(job) or Evidence()
    answer, _, vendor_id = key.partition(":")
    if answer in {"yes", "done"}:
        closed = msgspec.structs.replace(evidence, open=False)
        words = f"A person says record {vendor_id} is it." if vendor_id else "A person saw that it is there."
        return Move(to=JobState.CONFIRMED, words=words, result=JobResult(vendor_id=vendor_id), evidence=closed)
    if answer == "no":
        shown = tuple(choice.key.partition(":")[2] for choice in job.choices if choice.key.startswith("yes:"))
        denied = msgspec.structs.replace(evidence, denied=(*evidence.denied, *shown), open=True)
        return Move(to=JobState.UNKNOWN, words="A person says that is not it.", evidence=denied, not_before=now)
    if answer == "not_done":
        # Reading back a plan could only say "unclear" again; a person's word stands then.
        closed = msgspec.structs.replace(evidence, open=False, unsure=evidence.unsure and evidence.plan is None)
        return Move(to=JobState.QUEUED, words="A person saw that it is not there.", evidence=closed)
    return cancelled(job) if answer == "cancel" else retried(job, now)


def renewed(job: Job, now: datetime) -> datetime | None:
    """A person wants it now: its ten minutes begin again."""
    return now + BOOKING_LIFE if job.kind is JobKind.BOOK_VISIT else None
