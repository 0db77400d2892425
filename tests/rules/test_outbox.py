"""What a job does next, what errors mean, what a person's acts do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app.model.clock import FixedClock
from app.model.errors import (
    AuthExpired,
    BadInput,
    Drifted,
    NeedsMfa,
    NotEntitled,
    OutcomeUnknown,
    RateLimited,
    SlotTaken,
    Unreachable,
    VendorRejected,
    WrongCredentials,
)
from app.model.outbox import Evidence, Job, JobKind, JobResult, JobState, PatientUpdate, PersonReason
from app.model.people import Patient
from app.rules import outbox
from app.rules.outbox import Act, Move, Step
from app.rules.outbox_jobs import booking_to_send, evidence_of, new_job, short_code
from tests.rules.outbox_world import SETTLE, SYSTEM, booking, moved, request


def step(
    job: Job, clock: FixedClock, *, waited: float = 0.0, age: float | None = 0.0, parent: Job | None = None
) -> Step:
    return outbox.next_step(job, now=clock.now(), waited=waited, age=age, parent=parent, system=SYSTEM, settle=SETTLE)


def standing(job: Job, state: JobState, **more: object) -> Job:
    return msgspec.structs.replace(job, state=state, **more)


def unsure(job: Job, **more: Any) -> Job:
    evidence = Evidence(vendor_ids=("500",), unsure=True, **more)
    return msgspec.structs.replace(job, evidence=msgspec.json.encode(evidence))


def test_a_held_job_waits_and_then_queues(clock: FixedClock) -> None:
    job = booking(clock.now(), hold_seconds=8.0)
    assert step(job, clock) == Step(act=Act.WAIT, seconds=8.0)
    clock.advance(8.0)
    assert step(job, clock, waited=8.0).move == Move(to=JobState.QUEUED, words="The time to undo is over.")


def test_a_clock_set_back_holds_nothing_longer_than_meant(clock: FixedClock) -> None:
    job = booking(clock.now(), hold_seconds=8.0)
    clock.set_wall(clock.now() - timedelta(hours=1))
    assert step(job, clock).seconds == 8.0
    assert step(job, clock, waited=8.0).act is Act.MOVE


def test_a_clock_set_forward_does_not_shorten_the_settling_of_a_lost_write(clock: FixedClock) -> None:
    job = booking(clock.now())
    job = moved(job, outbox.sending(job, (), clock.now(), SYSTEM), clock.now())
    job = moved(job, outbox.interrupted(job, clock.now(), SETTLE, SYSTEM), clock.now())
    clock.set_wall(clock.now() + timedelta(hours=1))
    assert step(job, clock, waited=5.0) == Step(act=Act.WAIT, seconds=SETTLE - 5.0)
    assert step(job, clock, waited=SETTLE).act is Act.READ_BACK


@pytest.mark.parametrize(("age", "words"), [(600.0, "more than 10 minutes"), (None, "clock of this computer")])
def test_an_old_booking_is_not_sent_but_asks(clock: FixedClock, age: float | None, words: str) -> None:
    move = step(booking(clock.now()), clock, age=age).move
    assert move is not None
    assert (move.to, move.person_reason) == (JobState.NEEDS_PERSON, PersonReason.TOO_LATE)
    assert words in move.question


def test_a_booking_just_under_ten_minutes_is_sent(clock: FixedClock) -> None:
    assert step(booking(clock.now()), clock, age=599.0).act is Act.SEND


def test_a_patient_to_create_does_not_grow_old(clock: FixedClock) -> None:
    job = new_job(Patient(first_name="Ada"), connection_id="op", summary="", actor_id="", now=clock.now())
    assert step(job, clock, age=1e6).act is Act.SEND


def test_a_dependent_job_waits_says_so_and_goes_when_it_can(clock: FixedClock) -> None:
    parent = new_job(Patient(), connection_id="op", summary="Creates a patient", actor_id="", now=clock.now())
    child = booking(clock.now(), depends_on=parent.job_id)
    first = step(child, clock, parent=parent).move
    assert first is not None
    assert first.waiting_for == "Waits for: Creates a patient"
    assert step(moved(child, first, clock.now()), clock, parent=parent).act is Act.REST
    done = standing(parent, JobState.CONFIRMED, result=msgspec.json.encode(JobResult(vendor_id="1044")))
    assert step(child, clock, parent=done).act is Act.SEND
    sent = msgspec.structs.replace(child, payload=msgspec.json.encode(request_without_patient()))
    assert booking_to_send(sent, done).patient_vendor_id == "1044"


def request_without_patient() -> object:
    return msgspec.structs.replace(request(), patient_vendor_id="")


@pytest.mark.parametrize("gone", ["cancelled", "missing"])
def test_a_dependent_job_whose_parent_is_given_up_asks(clock: FixedClock, gone: str) -> None:
    parent = standing(booking(clock.now()), JobState.CANCELLED) if gone == "cancelled" else None
    child = booking(clock.now(), depends_on="another")
    move = step(child, clock, parent=parent).move
    assert move is not None
    assert move.person_reason is PersonReason.DEPENDENCY
    with pytest.raises(BadInput):
        outbox.retried(moved(child, move, clock.now()), clock.now())


def test_a_job_found_on_its_way_is_unknown_and_settles_first(clock: FixedClock) -> None:
    job = standing(booking(clock.now()), JobState.SENDING)
    move = step(job, clock).move
    assert move is not None
    assert move.to is JobState.UNKNOWN
    assert move.evidence == Evidence(unsure=True, open=True)
    assert step(moved(job, move, clock.now()), clock) == Step(act=Act.WAIT, seconds=SETTLE)


def test_evidence_of_the_first_attempt_is_kept_while_it_may_have_landed(clock: FixedClock) -> None:
    again = outbox.sending(unsure(booking(clock.now())), ("500", "501"), clock.now(), SYSTEM)
    assert again.evidence is not None
    assert again.evidence.vendor_ids == ("500",)
    afresh = outbox.sending(booking(clock.now()), ("500", "501"), clock.now(), SYSTEM)
    assert afresh.evidence is not None
    assert afresh.evidence.vendor_ids == ("500", "501")


def test_taken_after_an_unclear_attempt_may_be_our_own_visit(clock: FixedClock) -> None:
    first = outbox.send_failed(booking(clock.now()), SlotTaken("Taken."), clock.now(), 5, SETTLE, SYSTEM)
    assert (first.to, first.person_reason) == (JobState.NEEDS_PERSON, PersonReason.CONFLICT)
    second = outbox.send_failed(unsure(booking(clock.now())), SlotTaken("Taken."), clock.now(), 5, SETTLE, SYSTEM)
    assert second.to is JobState.UNKNOWN
    assert second.evidence is not None
    assert second.evidence.refused


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (RateLimited("Slow down.", retry_after=30), JobState.QUEUED, None),
        (Unreachable("No network."), JobState.QUEUED, None),
        (NeedsMfa("A code is wanted."), JobState.NEEDS_PERSON, PersonReason.MFA),
        (AuthExpired("Ended."), JobState.NEEDS_PERSON, PersonReason.SIGN_IN),
        (WrongCredentials("Refused."), JobState.NEEDS_PERSON, PersonReason.SIGN_IN),
        (NotEntitled("Not allowed."), JobState.NEEDS_PERSON, PersonReason.REJECTED),
        (VendorRejected("No such type."), JobState.NEEDS_PERSON, PersonReason.REJECTED),
        (OutcomeUnknown("No answer."), JobState.UNKNOWN, None),
        (Drifted("VisitID is missing."), JobState.UNKNOWN, None),
        (ZeroDivisionError(), JobState.UNKNOWN, None),
    ],
)
def test_what_an_error_of_the_write_means(
    clock: FixedClock, error: Exception, state: JobState, reason: PersonReason | None
) -> None:
    move = outbox.send_failed(booking(clock.now()), error, clock.now(), 5.0, SETTLE, SYSTEM)
    assert (move.to, move.person_reason) == (state, reason)
    if state is JobState.QUEUED:
        assert move.not_before == clock.now() + timedelta(seconds=30 if isinstance(error, RateLimited) else 5)
    if state is JobState.NEEDS_PERSON:
        assert "Nothing was changed in OfficePro" in move.question


def test_a_look_that_fails_stays_unknown_or_asks_and_never_sends(clock: FixedClock) -> None:
    job = standing(unsure(booking(clock.now()), open=True), JobState.UNKNOWN)
    assert outbox.read_back_failed(job, Unreachable("No."), clock.now(), 5.0, SYSTEM).to is JobState.UNKNOWN
    asks = outbox.read_back_failed(job, Drifted("Shape."), clock.now(), 5.0, SYSTEM)
    assert asks.person_reason is PersonReason.DRIFTED
    waiting = moved(job, asks, clock.now())
    with pytest.raises(BadInput, match="may already have happened"):
        outbox.cancelled(waiting)
    assert outbox.answered(waiting, "retry", clock.now()).to is JobState.UNKNOWN
    assert outbox.answered(waiting, "done", clock.now()).to is JobState.CONFIRMED
    gone = outbox.answered(waiting, "not_done", clock.now())
    assert gone.to is JobState.QUEUED
    assert gone.evidence is not None
    assert not gone.evidence.open


def test_undo_is_for_held_jobs(clock: FixedClock) -> None:
    assert outbox.undone(booking(clock.now(), hold_seconds=8.0)).to is JobState.CANCELLED
    with pytest.raises(BadInput, match="no longer be undone"):
        outbox.undone(booking(clock.now()))


@pytest.mark.parametrize("state", [JobState.SENDING, JobState.UNKNOWN, JobState.CONFIRMED])
def test_what_has_left_cannot_be_given_up(clock: FixedClock, state: JobState) -> None:
    with pytest.raises(BadInput):
        outbox.cancelled(standing(booking(clock.now()), state))


def test_trying_again_starts_the_ten_minutes_anew(clock: FixedClock) -> None:
    job = standing(booking(clock.now()), JobState.NEEDS_PERSON)
    clock.advance(3600)
    assert outbox.retried(job, clock.now()).expires_at == clock.now() + timedelta(minutes=10)


def test_an_answer_nobody_asked_for_is_refused(clock: FixedClock) -> None:
    asking = moved(booking(clock.now()), outbox.taken(SYSTEM), clock.now())
    with pytest.raises(BadInput):
        outbox.answered(asking, "yes:501", clock.now())


def test_the_short_code_is_six_clear_characters_and_stands_in_the_notes_once(clock: FixedClock) -> None:
    job = booking(clock.now())
    assert len(job.short_code) == 6
    assert not set(job.short_code) & set("01AEIOUL")
    assert short_code(job.job_id) == job.short_code
    sent = booking_to_send(job, None)
    assert sent.notes == f"[Daybook {job.short_code}]"
    twice = msgspec.structs.replace(job, payload=msgspec.json.encode(sent))
    assert booking_to_send(twice, None).notes == sent.notes


def test_kinds_follow_from_what_is_asked(clock: FixedClock) -> None:
    update = new_job(
        PatientUpdate(vendor_id="1", changes={"phone": "555-0100"}),
        connection_id="op",
        summary="",
        actor_id="",
        now=clock.now(),
    )
    assert update.kind is JobKind.UPDATE_PATIENT
    assert evidence_of(update) is None
