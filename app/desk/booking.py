"""Book a visit: what it will do, said before; asked live at the moment of writing; handed to the outbox, once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.desk.booking_facts import Facts, day_at, facts_of, nearby
from app.desk.common import UseCase, can, draft, offer
from app.desk.finding import Finding
from app.desk.people import check_person
from app.desk.ports import OutboxPort
from app.model.accounts import Actor, AuditAction, AuditDraft, Permission
from app.model.booking import BookingDraft, BookingPlan, BookingStatus, PlanWarning, WarningKind
from app.model.capabilities import Capability
from app.model.clock import Clock
from app.model.errors import BadInput, DaybookError, NotFound
from app.model.ids import new_id
from app.model.outbox import Job, JobKind, JobState, PersonReason
from app.model.rules import Reason, ReasonCode
from app.model.schedule import BookingRequest
from app.model.views import FoundSlot, Verdict
from app.rules.names import shown
from app.rules.outbox_jobs import booking_of, new_job, result_of, short_code
from app.rules.permissions import refusal
from app.rules.timezones import local, minute_of, time_of
from app.rules.words import clock_time, listed, short_day, time_range
from app.store import connections, visits
from app.store import outbox as jobs
from app.store.store import Reader, Store

NOT_YET = "Not booked yet. Do not promise this time."
_LONGEST_VISIT = 12 * 60
_ALTERNATIVES = 3


class BookingRefused(DaybookError):
    """The booking was not handed in. ``plan`` says why and holds the nearest times; nothing has to be typed again."""

    code = "booking_refused"

    def __init__(self, plan: BookingPlan, happened: str, next_steps: tuple[str, ...]) -> None:
        super().__init__(happened, "Nothing was sent.", next_steps)
        self.plan = plan


class Booking(UseCase):
    """Booking visits through the outbox."""

    def __init__(self, store: Store, clock: Clock, finding: Finding, outbox: OutboxPort) -> None:
        super().__init__(store, clock)
        self._finding = finding
        self._outbox = outbox

    async def prepare(self, actor: Actor, wanted: BookingDraft, live: bool = True) -> BookingPlan:
        """What booking ``wanted`` would do. With ``live`` the vendor is asked whether the time is free; without, only
        what is known here is weighed (while somebody types).

        Raises NotPermitted, or BadInput naming the field that is wrong.
        """
        await self._may_book(actor, wanted)
        plan, _ = await self._planned(wanted, live)
        return plan

    async def book(self, actor: Actor, plan: BookingPlan) -> tuple[str, ...]:
        """Ask the vendor once more, then hand the booking to the outbox. Returns the job ids, the visit's last.

        When this returns the jobs are safe on disk, and nothing is booked yet: follow ``status``. The same plan
        twice is the same jobs. Raises BookingRefused (with the fresh plan) where the time went or a warning is open.
        """
        await self._may_book(actor, plan.draft)
        if await self._store.read(_all_kept, plan.job_ids):
            return plan.job_ids
        fresh, facts = await self._planned(plan.draft, live=True)
        fresh = msgspec.structs.replace(fresh, job_ids=plan.job_ids)
        if not fresh.ready:
            raise _refused(fresh, facts)
        made = _jobs(fresh, facts, actor, self._clock.now())
        await self._outbox.submit(made, [_audit(actor, job, facts) for job in made])
        return plan.job_ids

    async def status(self, actor: Actor, job_id: str) -> BookingStatus:
        """Where a booking stands, in words; ask again when a JOBS change names ``job_id``."""
        await self._allow(actor, Permission.VIEW_SCHEDULE, "how a booking stands")
        job, system, room = await self._store.read(_job_system_room, job_id)
        status = _status(job, system, room)
        if job.state is JobState.NEEDS_PERSON and job.person_reason is PersonReason.CONFLICT:
            near = await self._store.read(nearby, job.connection_id, booking_of(job), self._clock.now())
            status = msgspec.structs.replace(status, alternatives=near[:_ALTERNATIVES])
        return status

    async def alternatives(self, actor: Actor, wanted: BookingDraft) -> tuple[FoundSlot, ...]:
        """The three nearest free times, checked live where the system answers (FEATURES A15)."""
        await self._may_book(actor, wanted)
        facts = await self._store.read(facts_of, wanted, self._clock.now())
        return await self._nearest(facts)

    async def undo(self, actor: Actor, job_id: str) -> None:
        """Withdraw a booking that has not left. Raises DaybookError in words when it already has."""
        await self._allow(actor, Permission.BOOK_VISIT, "undo a booking")
        await self._outbox.undo(job_id, actor)

    async def _may_book(self, actor: Actor, wanted: BookingDraft) -> None:
        await self._allow(actor, Permission.BOOK_VISIT, "book a visit", wanted.patient_id)
        if wanted.new_patient is not None and refusal(actor, Permission.EDIT_PATIENTS):
            await self._allow(actor, Permission.EDIT_PATIENTS, "book a visit for a new patient")
        if wanted.window_patient_id != wanted.patient_id:
            subject = "Booking refused: the window shows another patient"
            await self._remember(
                draft(actor, AuditAction.DENIED, subject, patient_id=wanted.patient_id, before=wanted.window_patient_id)
            )
            raise wrong_patient()
        _check(wanted)
        if wanted.new_patient is not None:
            check_person(wanted.new_patient, await self._store.read(day_at, wanted.provider_id, self._clock.now()))

    async def _planned(self, wanted: BookingDraft, live: bool) -> tuple[BookingPlan, Facts]:
        facts = await self._store.read(facts_of, wanted, self._clock.now())
        slot = facts.slot
        may_ask = live and not _cannot(facts)
        if may_ask:
            (slot,) = await self._finding.verdicts([slot])
        blocked = _blocked(facts, slot)
        alternatives = await self._nearest(facts) if blocked and may_ask else ()
        return _plan(facts, slot, blocked, alternatives, self._clock.now()), facts

    async def _nearest(self, facts: Facts) -> tuple[FoundSlot, ...]:
        """Nearest times, a few more than needed, so that those just taken can fall away; the day itself is asked
        anew, as the copy of it has just proved old."""
        told = await self._finding.told_now(facts.slot)
        now = self._clock.now()
        request = _request(facts.draft, facts)
        near = await self._store.read(nearby, facts.connection.connection_id, request, now, told)
        checked = await self._finding.verdicts(near)
        return tuple(slot for slot in checked if slot.verdict is not Verdict.TAKEN)[:_ALTERNATIVES]


def wrong_patient() -> BadInput:
    """The window shows one patient and the change is for another (FEATURES J23)."""
    return BadInput(
        "patient_id",
        "This window shows another patient than the one to be changed.",
        "Nothing was sent, so that no visit or detail lands on the wrong person.",
        ("Close the form, open the right patient and start again.",),
    )


def _check(wanted: BookingDraft) -> None:
    if not wanted.patient_id and wanted.new_patient is None:
        raise BadInput("patient_id", "No patient is chosen.", "", ("Choose a patient, or create a new one.",))
    if wanted.patient_id and wanted.new_patient is not None:
        raise BadInput("patient_id", "Both a known and a new patient are given.", "", ("Keep one of them.",))
    if not wanted.visit_type.strip():
        raise BadInput("visit_type", "No visit type is chosen.", "", ("Choose a visit type.",))
    if not 1 <= wanted.minutes <= _LONGEST_VISIT:
        raise BadInput("minutes", "The length is not between 1 minute and 12 hours.", "", ("Enter the minutes.",))
    if not 0 <= wanted.start_minute < 1440:
        raise BadInput("start_minute", "The time is not within the day.", "", ("Choose a time.",))


# ---------------------------------------------------------------- the plan


def _cannot(facts: Facts) -> Reason | None:
    """Why this system takes no booking like this at all."""
    wanted = [Capability.BOOK_VISIT] + [Capability.CREATE_PATIENT] * (facts.draft.new_patient is not None)
    for capability in wanted:
        if not can(facts.connection, capability):
            said = offer(facts.connection, capability).words
            doing = "bookings" if capability is Capability.BOOK_VISIT else "new patients"
            words = said or f"{facts.connection.name} takes no {doing} from here."
            return Reason(code=ReasonCode.CANNOT_BOOK, words=words)
    if facts.patient is not None and facts.patient.connection_id != facts.connection.connection_id:
        name = facts.connection.name
        words = f"{facts.patient_name} has no record in {name}. Link the record there first, or create one."
        return Reason(code=ReasonCode.CANNOT_BOOK, words=words)
    return None


def _blocked(facts: Facts, slot: FoundSlot) -> tuple[Reason, ...]:
    cannot = _cannot(facts)
    if cannot is not None:
        return (cannot,)
    firm = [reason for reason in facts.reasons if reason.firm]
    if slot.verdict is Verdict.TAKEN:
        words = f"{facts.connection.name} says {clock_time(facts.draft.start_minute)} is not free."
        return (Reason(code=ReasonCode.BOOKED, words=words), *(each for each in firm if each.code not in _VENDOR_KNOWS))
    if slot.verdict is Verdict.FREE:
        # The vendor itself says it is free: a booking in the copy is out of date.
        firm = [reason for reason in firm if reason.code not in _VENDOR_KNOWS]
    return tuple(reason for reason in firm if reason.code is not ReasonCode.NOT_OFFERED)


_VENDOR_KNOWS = frozenset({ReasonCode.BOOKED, ReasonCode.NOT_OFFERED, ReasonCode.NOT_READ})


def _plan(
    facts: Facts, slot: FoundSlot, blocked: tuple[Reason, ...], alternatives: tuple[FoundSlot, ...], now: datetime
) -> BookingPlan:
    wanted = facts.draft
    count = 2 if wanted.new_patient is not None else 1
    created = "1 patient and 1 visit" if wanted.new_patient is not None else "1 visit"
    return BookingPlan(
        draft=wanted,
        sentence=f"Creates {created} in {facts.connection.name}.",
        irreversible=_irreversible(facts),
        job_ids=tuple(new_id(int(now.timestamp() * 1000)) for _ in range(count)),
        slot=slot,
        live_words=_live_words(facts, slot),
        alert=shown(facts.patient.value.alert, 400) if facts.patient else "",
        warnings=_warnings(facts, slot),
        blocked=blocked,
        duplicates=facts.duplicates,
        to_complete=facts.to_complete,
        alternatives=alternatives,
    )


def _irreversible(facts: Facts) -> str:
    """What cannot be undone, from what the system offers; said before the button is pressed (FEATURES L9)."""
    name = facts.connection.name
    lacking = [
        (word, offer(facts.connection, capability).words)
        for word, capability in (("moved", Capability.MOVE_VISIT), ("cancelled", Capability.CANCEL_VISIT))
        if not can(facts.connection, capability)
    ]
    if not lacking:
        return f"Once {name} has confirmed, the visit can be moved or cancelled there and here."
    verbs = listed([word for word, _ in lacking], "or")
    why = next((words for _, words in reversed(lacking) if words), "")
    return f"Once {name} has confirmed, it cannot be {verbs} from here. {why}".strip()


def _live_words(facts: Facts, slot: FoundSlot) -> str:
    if slot.verdict is Verdict.CACHED:
        return ""
    if slot.verdict is Verdict.FAILED or slot.checked_at is None:
        return slot.words
    _, minute = local(slot.checked_at, facts.zone)
    state = "free" if slot.verdict is Verdict.FREE else "taken"
    return f"Rechecked live at {clock_time(minute)}: {state}."


def _warnings(facts: Facts, slot: FoundSlot) -> tuple[PlanWarning, ...]:
    found = []
    for other in facts.overlapping:
        state = "is being booked" if other.pending else "is already booked"
        words = (
            f"{facts.patient_name} {state} {time_range(other.start, other.minutes)} with {shown(other.provider_name)}."
        )
        found.append(PlanWarning(kind=WarningKind.SAME_PATIENT_OVERLAP, words=words))
    likely = [match for match in facts.duplicates if match.likely]
    if likely:
        first = likely[0]
        words = f"{shown(first.row.full_name())} may be the same person. {first.words}"
        found.append(PlanWarning(kind=WarningKind.LIKELY_DUPLICATE, words=words))
    if facts.being_created:
        words = f"{facts.patient_name} is being created already: see Activity. This booking would make a second record."
        found.append(PlanWarning(kind=WarningKind.LIKELY_DUPLICATE, words=words))
    for reason in facts.reasons:
        if reason.code is ReasonCode.SOFT_BLOCK:
            found.append(PlanWarning(kind=WarningKind.SOFT_BLOCK, words=reason.words))
    if slot.verdict is Verdict.FAILED:
        words = f"{slot.words} The booking waits up to 10 minutes for {facts.connection.name} to answer.".strip()
        found.append(PlanWarning(kind=WarningKind.NO_LIVE_CHECK, words=words))
    return tuple(found)


def _refused(plan: BookingPlan, facts: Facts) -> BookingRefused:
    if plan.blocked:
        happened = f"Not booked. {plan.blocked[0].words}"
        steps = []
        if plan.alternatives:
            first = plan.alternatives[0]
            steps.append(f"Next free: {clock_time(first.start_minute)} on {short_day(first.day)}.")
        return BookingRefused(plan, happened, tuple(steps) or ("Choose another time.",))
    open_warnings = [each for each in plan.warnings if each.kind not in facts.draft.accepted]
    return BookingRefused(
        plan, f"Not booked yet. {open_warnings[0].words}", ("Read the warning and confirm it, or change the booking.",)
    )


# ---------------------------------------------------------------- jobs


def _jobs(plan: BookingPlan, facts: Facts, actor: Actor, now: datetime) -> list[Job]:
    wanted, made = plan.draft, []
    name, depends_on = facts.connection.name, ""
    if wanted.new_patient is not None:
        person = new_job(
            wanted.new_patient,
            connection_id=facts.connection.connection_id,
            summary=f"Creates 1 patient in {name}",
            actor_id=actor.account_id,
            now=now,
            idempotency_key=f"{plan.job_ids[-1]}/patient",
        )
        made.append(_as(person, plan.job_ids[0]))
        depends_on = plan.job_ids[0]
    when = f"{short_day(wanted.day)}, {time_range(wanted.start_minute, wanted.minutes)}"
    visit = new_job(
        _request(wanted, facts),
        connection_id=facts.connection.connection_id,
        summary=f"Creates 1 visit in {name}: {when} with {facts.provider.shown_name()}",
        actor_id=actor.account_id,
        now=now,
        patient_id=facts.patient.local_id if facts.patient else "",
        depends_on=depends_on,
        idempotency_key=f"{plan.job_ids[-1]}/visit",
    )
    return [*made, _as(visit, plan.job_ids[-1])]


def _as(job: Job, job_id: str) -> Job:
    """The job under the id its plan gave it, so that pressing twice is one job."""
    return msgspec.structs.replace(job, job_id=job_id, short_code=short_code(job_id))


def _request(wanted: BookingDraft, facts: Facts) -> BookingRequest:
    rule = facts.type_rule
    offset, minutes = wanted.provider_offset, wanted.provider_minutes
    if rule is not None and not minutes:
        offset, minutes = rule.provider_offset, rule.provider_minutes
    start = min(wanted.start_minute + offset, 1439)
    return BookingRequest(
        patient_vendor_id=facts.patient.vendor_id if facts.patient else "",
        provider_vendor_id=facts.provider.vendor_id,
        visit_type=wanted.visit_type,
        day=wanted.day,
        start=time_of(wanted.start_minute),
        minutes=wanted.minutes,
        reason=wanted.reason.strip(),
        notes=wanted.notes.strip(),
        provider_start=time_of(start) if minutes else None,
        provider_minutes=minutes,
    )


def _audit(actor: Actor, job: Job, facts: Facts) -> AuditDraft:
    """What was asked for, with a digest of the payload: the log proves what was sent without holding it twice."""
    return draft(
        actor,
        AuditAction.CREATE,
        job.summary,
        patient_id=job.patient_id,
        practice=facts.connection.practice,
        after=hashlib.sha256(job.payload).hexdigest(),
    )


def _all_kept(conn: Reader, job_ids: Sequence[str]) -> bool:
    return all(jobs.get(conn, job_id) is not None for job_id in job_ids)


# ---------------------------------------------------------------- where it stands


def _job_system_room(conn: Reader, job_id: str) -> tuple[Job, str, str]:
    job = jobs.get(conn, job_id)
    if job is None or job.kind is not JobKind.BOOK_VISIT:
        raise NotFound("This booking is not in the outbox.", "", ("Look at Activity for what was sent.",))
    vendor_id = result_of(job).vendor_id
    visit = visits.by_vendor(conn, job.connection_id, vendor_id) if vendor_id else None
    connection = connections.get(conn, job.connection_id)
    return job, connection.name if connection else "the system", visit.room if visit else ""


def _status(job: Job, system: str, room: str) -> BookingStatus:
    return BookingStatus(
        job_id=job.job_id,
        state=job.state,
        words=_status_words(job, system),
        confirmed=job.state is JobState.CONFIRMED,
        may_undo=job.state is JobState.HELD,
        waiting_for=job.waiting_for,
        question=job.question,
        choices=job.choices,
        visit_vendor_id=result_of(job).vendor_id,
        room=room,
    )


def _status_words(job: Job, system: str) -> str:
    request = booking_of(job)
    when = f"{short_day(request.day)}, {clock_time(minute_of(request.start))}"
    said = {
        JobState.CONFIRMED: f"Booked: {when}. {system} has confirmed it.",
        JobState.CANCELLED: "Not booked. This booking was given up and will not be sent.",
        JobState.HELD: f"{NOT_YET} It is held for a moment and may still be undone.",
        JobState.QUEUED: f"{NOT_YET} It waits to be sent.",
        JobState.SENDING: f"{NOT_YET} It is being sent.",
        JobState.UNKNOWN: f"{NOT_YET} No clear answer came; Daybook looks whether it was booked.",
        JobState.NEEDS_PERSON: f"{NOT_YET} It needs you.",
    }
    return said[job.state]
