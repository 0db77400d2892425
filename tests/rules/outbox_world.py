"""A vendor made of a dictionary, and a worker made of a few lines, to try the outbox's rules without a wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from app.model.clock import FixedClock
from app.model.errors import AuthExpired, OutcomeUnknown, RateLimited, SlotTaken, Unreachable
from app.model.outbox import Job, JobState
from app.model.schedule import BookingRequest, Visit
from app.model.sourced import Sourced
from app.rules import outbox, outbox_reading
from app.rules.outbox import Act, Move
from app.rules.outbox_jobs import booking_to_send, evidence_of, new_job, result_of

DAY = date(2026, 3, 12)
SETTLE = 45.0
SYSTEM = "OfficePro"


def request(hour: int = 10, minute: int = 0, minutes: int = 30, visit_type: str = "Consult") -> BookingRequest:
    return BookingRequest(
        patient_vendor_id="1001",
        provider_vendor_id="2",
        visit_type=visit_type,
        day=DAY,
        start=time(hour, minute),
        minutes=minutes,
    )


def booking(now: datetime, hour: int = 10, **more: Any) -> Job:
    asked = more.pop("asked", None) or request(hour)
    assert isinstance(asked, BookingRequest)
    return new_job(
        asked,
        connection_id="op",
        summary="Books 30 min Consult in OfficePro",
        actor_id="rosa",
        now=now,
        **more,
    )


def moved(job: Job, move: Move, now: datetime) -> Job:
    """What the store makes of a move."""
    changes: dict[str, object] = {
        "state": move.to,
        "person_reason": move.person_reason,
        "question": move.question,
        "choices": move.choices,
        "waiting_for": move.waiting_for,
        "not_before": move.not_before,
        "updated_at": now,
    }
    if move.evidence is not None:
        changes["evidence"] = msgspec.json.encode(move.evidence)
    if move.result is not None:
        changes["result"] = msgspec.json.encode(move.result)
    if move.expires_at is not None:
        changes["expires_at"] = move.expires_at
    if move.attempt:
        changes["attempts"] = job.attempts + 1
    return msgspec.structs.replace(job, **changes)


@dataclass
class Booked:
    start: int
    minutes: int
    visit_type: str
    notes: str = ""


@dataclass
class Vendor:
    """Books at most one visit at a time, forgets nothing, and fails as it is told to."""

    visits: dict[str, Booked] = field(default_factory=dict)
    #: Writes on their way that will still land: (when, request).
    flying: list[tuple[float, BookingRequest]] = field(default_factory=list)
    next_id: int = 500

    def free(self, start: int, minutes: int) -> bool:
        return all(
            start >= visit.start + visit.minutes or visit.start >= start + minutes for visit in self.visits.values()
        )

    def book(self, asked: BookingRequest) -> str:
        start = asked.start.hour * 60 + asked.start.minute
        if not self.free(start, asked.minutes):
            raise SlotTaken("This time is taken.")
        self.next_id += 1
        self.visits[str(self.next_id)] = Booked(start, asked.minutes, asked.visit_type, asked.notes)
        return str(self.next_id)

    def land(self, now: float) -> None:
        due = [asked for when, asked in self.flying if when <= now]
        self.flying = [(when, asked) for when, asked in self.flying if when > now]
        for asked in due:
            if self.free(asked.start.hour * 60 + asked.start.minute, asked.minutes):
                self.book(asked)

    def day(self, now: datetime) -> list[Sourced[Visit]]:
        return [
            Sourced(
                value=Visit(
                    provider_vendor_id="2",
                    day=DAY,
                    start=time(visit.start // 60, visit.start % 60),
                    minutes=visit.minutes,
                    visit_type=visit.visit_type,
                ),
                connection_id="op",
                vendor_id=vendor_id,
                as_of=now,
            )
            for vendor_id, visit in self.visits.items()
        ]

    def with_code(self, code: str) -> list[str]:
        return [vendor_id for vendor_id, visit in self.visits.items() if code in visit.notes]


FAULTS = (
    "none",
    "no_answer_to_reading",
    "signed_out",
    "never_sent",
    "lost_before",
    "lost_after",
    "lands_later",
    "slow_down",
    "taken",
)
READING_FAULTS = {
    "no_answer_to_reading": Unreachable("No answer."),
    "signed_out": AuthExpired("The session ended."),
}
CRASHES = ("none", "before_wire", "after_wire")


@dataclass
class World:
    """Jobs, the vendor, the time; ``seen`` is what the worker remembers of them and a crash forgets."""

    clock: FixedClock
    vendor: Vendor = field(default_factory=Vendor)
    jobs: dict[str, Job] = field(default_factory=dict)
    seen: dict[str, tuple[object, float]] = field(default_factory=dict)
    ages: dict[str, tuple[object, float]] = field(default_factory=dict)

    def submit(self, job: Job) -> None:
        self.jobs[job.job_id] = job
        self.ages[job.job_id] = (job.expires_at, self.clock.monotonic())

    def apply(self, job: Job, move: Move) -> Job:
        self.jobs[job.job_id] = moved(job, move, self.clock.now())
        return self.jobs[job.job_id]

    def crash(self) -> None:
        self.seen.clear()
        self.ages.clear()

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.vendor.land(self.clock.monotonic())

    def waited(self, job: Job) -> float:
        mark = (job.state, job.updated_at)
        if job.job_id not in self.seen or self.seen[job.job_id][0] != mark:
            self.seen[job.job_id] = (mark, self.clock.monotonic())
        return self.clock.monotonic() - self.seen[job.job_id][1]

    def age(self, job: Job) -> float | None:
        known = self.ages.get(job.job_id)
        if known is None or known[0] != job.expires_at:
            touched = job.updated_at or job.created_at
            if self.clock.now() < touched - outbox.CLOCK_SLACK:
                return None
            assert job.expires_at is not None
            wall = (self.clock.now() - (job.expires_at - timedelta(minutes=10))).total_seconds()
            self.ages[job.job_id] = (job.expires_at, self.clock.monotonic() - max(0.0, wall))
        return self.clock.monotonic() - self.ages[job.job_id][1]

    def carry(self, job: Job, fault: str = "none", crash: str = "none") -> None:
        """One step of one job, as the worker takes it."""
        now = self.clock.now()
        parent = self.jobs.get(job.depends_on)
        step = outbox.next_step(
            job, now=now, waited=self.waited(job), age=self.age(job), parent=parent, system=SYSTEM, settle=SETTLE
        )
        if step.act is Act.MOVE:
            assert step.move is not None
            self.apply(job, step.move)
        elif step.act is Act.READ_BACK:
            if fault in READING_FAULTS:
                self.apply(job, outbox.read_back_failed(job, READING_FAULTS[fault], now, 5.0, SYSTEM))
            else:
                self.apply(job, self.look(job))
        elif step.act is Act.SEND:
            self.send(job, fault, crash)

    def look(self, job: Job) -> Move:
        ours = frozenset(
            result_of(other).vendor_id
            for other in self.jobs.values()
            if other.state is JobState.CONFIRMED and other.job_id != job.job_id
        )
        return outbox_reading.booking_found(job, self.vendor.day(self.clock.now()), ours, self.age(job), SYSTEM)

    def send(self, job: Job, fault: str, crash: str) -> None:
        now = self.clock.now()
        if fault in READING_FAULTS:
            self.apply(job, outbox.before_failed(job, READING_FAULTS[fault], now, 5.0, SYSTEM))
            return
        evidence = evidence_of(job)
        if evidence is not None and evidence.unsure:
            looked = self.look(job)
            if looked.to is not JobState.QUEUED:
                self.apply(job, looked)
                return
        asked = booking_to_send(job, None)
        job = self.apply(job, outbox.sending(job, tuple(self.vendor.visits), now, SYSTEM))
        if crash == "before_wire":
            self.crash()
            return
        move = self.wire(job, asked, fault)
        if crash == "after_wire":
            self.crash()
            return
        self.apply(job, move)

    def wire(self, job: Job, asked: BookingRequest, fault: str) -> Move:
        now = self.clock.now()
        try:
            return Move(
                to=JobState.CONFIRMED,
                words="Booked.",
                result=outbox.JobResult(vendor_id=self.call(asked, fault)),
            )
        except (SlotTaken, OutcomeUnknown, Unreachable, RateLimited) as error:
            return outbox.send_failed(job, error, now, 5.0, SETTLE, SYSTEM)

    def call(self, asked: BookingRequest, fault: str) -> str:
        if fault == "never_sent":
            raise Unreachable("No network.")
        if fault == "slow_down":
            raise RateLimited("Slow down.", retry_after=20)
        if fault == "lands_later":
            self.vendor.flying.append((self.clock.monotonic() + SETTLE * 0.9, asked))
        if fault in {"lost_before", "lands_later"}:
            raise OutcomeUnknown("No answer.")
        if fault == "taken":
            raise SlotTaken("The room is not free.")
        vendor_id = self.vendor.book(asked)
        if fault == "lost_after":
            raise OutcomeUnknown("No answer.")
        return vendor_id
