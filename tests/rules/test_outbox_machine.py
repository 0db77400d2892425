"""The outbox's rules against a vendor that may fail anywhere, a program that may die anywhere, a clock that jumps."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from app.model.clock import FixedClock
from app.model.errors import BadInput
from app.model.outbox import FINAL, Job, JobState, PersonReason
from app.rules import outbox
from app.rules.outbox_jobs import evidence_of, result_of
from tests.conftest import MORNING
from tests.rules.outbox_world import CRASHES, FAULTS, Booked, World, booking, request


class OutboxMachine(RuleBasedStateMachine):
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.world = World(FixedClock(MORNING))
        self.given_up: set[str] = set()

    def now_of(self, job_id: str) -> Job:
        return self.world.jobs[job_id]

    @rule(target=jobs, hour=st.integers(9, 10), half=st.booleans(), held=st.booleans())
    def ask(self, hour: int, half: bool, held: bool) -> str:
        asked = request(hour, 30 if half else 0)
        job = booking(self.world.clock.now(), asked=asked, hold_seconds=8.0 if held else 0.0)
        self.world.submit(job)
        return job.job_id

    @rule(job_id=jobs, fault=st.sampled_from(FAULTS), crash=st.sampled_from(CRASHES))
    def carry(self, job_id: str, fault: str, crash: str) -> None:
        self.world.carry(self.now_of(job_id), fault, crash)

    @rule(
        job_id=jobs,
        faults=st.lists(st.sampled_from(FAULTS), max_size=4),
        crash=st.sampled_from(CRASHES),
        patience=st.sampled_from([0.0, 10.0, 46.0]),
    )
    def carry_on(self, job_id: str, faults: list[str], crash: str, patience: float) -> None:
        for fault in [*faults, "none"]:
            self.world.carry(self.now_of(job_id), fault, crash)
            self.world.pass_time(patience)
            crash = "none"

    @rule(seconds=st.sampled_from([1.0, 9.0, 46.0, 400.0]))
    def wait(self, seconds: float) -> None:
        self.world.pass_time(seconds)

    @rule(minutes=st.sampled_from([-90, -1, 1, 90]))
    def somebody_sets_the_clock(self, minutes: int) -> None:
        self.world.clock.set_wall(self.world.clock.now() + timedelta(minutes=minutes))

    @rule()
    def die(self) -> None:
        self.world.crash()

    @rule(hour=st.integers(9, 10), same=st.booleans())
    def another_clerk_books(self, hour: int, same: bool) -> None:
        if self.world.vendor.free(hour * 60, 30):
            self.world.vendor.next_id += 1
            self.world.vendor.visits[str(self.world.vendor.next_id)] = Booked(
                hour * 60, 30, "Consult" if same else "Physical"
            )

    @rule(job_id=jobs)
    def person_answers(self, job_id: str) -> None:
        job = self.now_of(job_id)
        if job.state is JobState.NEEDS_PERSON:
            self.world.apply(job, outbox.answered(job, self.truth(job), self.world.clock.now()))

    @rule(job_id=jobs, what=st.sampled_from(["undo", "cancel", "retry"]))
    def person_acts(self, job_id: str, what: str) -> None:
        job = self.now_of(job_id)
        try:
            if what == "undo":
                move = outbox.undone(job)
            elif what == "cancel":
                move = outbox.cancelled(job)
            else:
                move = outbox.retried(job, self.world.clock.now())
        except BadInput as refusal:
            assert refusal.happened
            return
        self.world.apply(job, move)
        if move.to is JobState.CANCELLED:
            self.given_up.add(job_id)

    def truth(self, job: Job) -> str:
        """What a person sees who looks into the vendor's notes."""
        there = self.world.vendor.with_code(job.short_code)
        keys = [choice.key for choice in job.choices]
        if job.person_reason is PersonReason.MAYBE_DONE:
            return next((key for key in keys if key.partition(":")[2] in there), "no")
        if "done" in keys and not any(job.short_code in asked.notes for _, asked in self.world.vendor.flying):
            return "done" if there else "not_done"
        return "retry"

    @invariant()
    def nothing_is_doubled(self) -> None:
        for job in self.world.jobs.values():
            assert len(self.world.vendor.with_code(job.short_code)) <= 1

    @invariant()
    def confirmed_is_true_and_cancelled_is_gone(self) -> None:
        for job in self.world.jobs.values():
            there = self.world.vendor.with_code(job.short_code)
            if job.state is JobState.CONFIRMED:
                assert there == [result_of(job).vendor_id or there[0]]
            if job.state is JobState.CANCELLED:
                assert there == []
                assert not any(job.short_code in asked.notes for _, asked in self.world.vendor.flying)

    @invariant()
    def whoever_waits_says_for_what(self) -> None:
        for job in self.world.jobs.values():
            if job.state is JobState.NEEDS_PERSON:
                assert job.question
                assert job.choices
                assert job.person_reason is not None
            if job.state is JobState.UNKNOWN:
                known = evidence_of(job)
                assert known is not None
                assert known.unsure

    def teardown(self) -> None:
        """With the vendor well again and a person at hand, every job ends, and the vendor agrees."""
        for _ in range(60):
            for job in list(self.world.jobs.values()):
                self.world.carry(self.world.jobs[job.job_id])
                standing = self.world.jobs[job.job_id]
                if standing.state is JobState.NEEDS_PERSON:
                    key = "cancel" if standing.person_reason is PersonReason.CONFLICT else self.truth(standing)
                    self.world.apply(standing, outbox.answered(standing, key, self.world.clock.now()))
            self.world.pass_time(20.0)
        for job in self.world.jobs.values():
            assert job.state in FINAL, job.state
        self.nothing_is_doubled()
        self.confirmed_is_true_and_cancelled_is_gone()


OutboxMachine.TestCase.settings = settings(
    max_examples=300, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestOutboxMachine = OutboxMachine.TestCase
