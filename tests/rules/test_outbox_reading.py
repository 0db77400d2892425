"""What a look into the vendor's own records decides."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import msgspec
import pytest

from app.model.clock import FixedClock
from app.model.outbox import Evidence, Job, JobState, PatientUpdate, PersonReason
from app.model.people import Address, Patient
from app.model.schedule import Visit, VisitStatus
from app.model.sourced import Sourced
from app.rules.outbox_jobs import new_job
from app.rules.outbox_reading import booking_found, created_found, same_person, update_found
from tests.rules.outbox_world import DAY, SYSTEM, booking

ADA = Patient(first_name="Ada", last_name="Fennimore", phone="(312) 555-0114", birth_date=date(1971, 3, 4))


def unsure(job: Job, **more: Any) -> Job:
    evidence = Evidence(vendor_ids=("500",), unsure=True, open=True, **more)
    return msgspec.structs.replace(job, state=JobState.UNKNOWN, evidence=msgspec.json.encode(evidence))


def visit(clock: FixedClock, vendor_id: str = "555", **more: Any) -> Sourced[Visit]:
    fields: dict[str, Any] = {"start": time(10), "minutes": 30, "visit_type": "CONSULT", **more}
    value = Visit(provider_vendor_id="2", day=DAY, **fields)
    return Sourced(value=value, connection_id="op", vendor_id=vendor_id, as_of=clock.now())


def test_a_new_visit_just_like_it_asks_a_person(clock: FixedClock) -> None:
    job = unsure(booking(clock.now()))
    move = booking_found(job, [visit(clock)], frozenset(), 60.0, SYSTEM)
    assert (move.to, move.person_reason) == (JobState.NEEDS_PERSON, PersonReason.MAYBE_DONE)
    assert "Visit 555" in move.question
    assert job.short_code in move.question
    assert [choice.key for choice in move.choices] == ["yes:555", "no"]


@pytest.mark.parametrize(
    "other",
    [
        {"vendor_id": "500"},
        {"start": time(10, 15)},
        {"minutes": 45},
        {"visit_type": "Physical"},
        {"start": time(9, 45), "minutes": 20},
    ],
)
def test_any_other_overlap_is_taken(clock: FixedClock, other: dict[str, Any]) -> None:
    move = booking_found(unsure(booking(clock.now())), [visit(clock, **other)], frozenset(), 60.0, SYSTEM)
    assert (move.to, move.person_reason) == (JobState.NEEDS_PERSON, PersonReason.CONFLICT)
    assert move.evidence is not None
    assert not move.evidence.open


def test_a_visit_another_job_of_ours_has_confirmed_is_not_it(clock: FixedClock) -> None:
    move = booking_found(unsure(booking(clock.now())), [visit(clock)], frozenset({"555"}), 60.0, SYSTEM)
    assert move.person_reason is PersonReason.CONFLICT


def test_a_visit_a_person_denied_is_not_asked_about_again(clock: FixedClock) -> None:
    move = booking_found(unsure(booking(clock.now()), denied=("555",)), [visit(clock)], frozenset(), 60.0, SYSTEM)
    assert move.person_reason is PersonReason.CONFLICT


@pytest.mark.parametrize(
    "apart",
    [
        [],
        [{"start": time(10, 30)}],
        [{"start": time(9, 30)}],
        [{"status": VisitStatus.CANCELLED}],
    ],
)
def test_nothing_overlapping_sends_again(clock: FixedClock, apart: list[dict[str, Any]]) -> None:
    visits = [visit(clock, **one) for one in apart]
    move = booking_found(unsure(booking(clock.now())), visits, frozenset(), 60.0, SYSTEM)
    assert move.to is JobState.QUEUED
    assert move.evidence is not None
    assert (move.evidence.unsure, move.evidence.open) == (True, False)


def test_nothing_overlapping_but_refused_is_taken_and_does_not_go_round(clock: FixedClock) -> None:
    move = booking_found(unsure(booking(clock.now()), refused=True), [], frozenset(), 60.0, SYSTEM)
    assert move.person_reason is PersonReason.CONFLICT


def test_not_there_and_too_old_asks_instead_of_sending(clock: FixedClock) -> None:
    move = booking_found(unsure(booking(clock.now())), [], frozenset(), 601.0, SYSTEM)
    assert move.person_reason is PersonReason.TOO_LATE
    assert move.evidence is not None
    assert not move.evidence.open


def test_two_that_look_alike_are_both_offered(clock: FixedClock) -> None:
    move = booking_found(unsure(booking(clock.now())), [visit(clock), visit(clock, "556")], frozenset(), 60.0, SYSTEM)
    assert [choice.key for choice in move.choices] == ["yes:555", "yes:556", "no"]


def found(clock: FixedClock, vendor_id: str, patient: Patient) -> Sourced[Patient]:
    return Sourced(value=patient, connection_id="op", vendor_id=vendor_id, as_of=clock.now())


def creating(clock: FixedClock, patient: Patient = ADA) -> Job:
    return unsure(new_job(patient, connection_id="op", summary="", actor_id="", now=clock.now()))


def test_a_created_patient_is_known_by_name_phone_and_birth_date(clock: FixedClock) -> None:
    shown = Patient(first_name="ADA", last_name="Fennimore", phone="+1 312 555 0114", birth_date=date(1971, 3, 4))
    move = created_found(creating(clock), [found(clock, "1044", shown)], SYSTEM)
    assert move.to is JobState.CONFIRMED
    assert move.result is not None
    assert move.result.vendor_id == "1044"


def test_a_record_from_before_is_not_the_one_created(clock: FixedClock) -> None:
    move = created_found(creating(clock), [found(clock, "500", ADA)], SYSTEM)
    assert move.to is JobState.QUEUED


@pytest.mark.parametrize(
    "changes", [{"phone": "312-555-0115"}, {"birth_date": date(1971, 4, 3)}, {"first_name": "Adah"}]
)
def test_somebody_else_is_somebody_else(clock: FixedClock, changes: dict[str, object]) -> None:
    other = msgspec.structs.replace(ADA, **changes)
    assert same_person(ADA, other) is False
    assert created_found(creating(clock), [found(clock, "1044", other)], SYSTEM).to is JobState.QUEUED


@pytest.mark.parametrize(
    "records", [[("1044", Patient(first_name="Ada", last_name="Fennimore"))], [("1044", ADA), ("1045", ADA)]]
)
def test_where_reading_cannot_tell_a_person_is_asked(clock: FixedClock, records: list[tuple[str, Patient]]) -> None:
    move = created_found(creating(clock), [found(clock, *record) for record in records], SYSTEM)
    assert (move.to, move.person_reason) == (JobState.NEEDS_PERSON, PersonReason.MAYBE_DONE)
    assert [choice.key for choice in move.choices] == [*(f"yes:{vendor_id}" for vendor_id, _ in records), "no"]


def test_by_the_name_alone_nobody_is_sure() -> None:
    assert same_person(Patient(first_name="Ada", last_name="Fennimore"), ADA) is None


def test_an_update_is_done_when_every_field_is_as_wanted(clock: FixedClock) -> None:
    update = PatientUpdate(vendor_id="7", changes={"phone": "555-0100", "city": "Chicago", "birth_date": "1971-03-04"})
    job = unsure(new_job(update, connection_id="op", summary="", actor_id="", now=clock.now()))
    done = msgspec.structs.replace(ADA, phone="555-0100", address=Address(city="Chicago"))
    assert update_found(job, done, SYSTEM).to is JobState.CONFIRMED
    assert update_found(job, ADA, SYSTEM).to is JobState.QUEUED
    assert update_found(job, None, SYSTEM).person_reason is PersonReason.MAYBE_DONE
