"""Bookings through the real outbox, adapter and sandbox; the sandbox's ledger judges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app.model.accounts import Role
from app.model.errors import BadInput, NotPermitted
from app.model.outbox import JobState, PersonReason
from app.model.people import Patient
from app.rules.outbox_jobs import BOOKING_LIFE, new_job, result_of
from app.store import audit, patients, visits
from tests.connect.conftest import IMPATIENT, Office
from tests.connect.workplace import actor, eventually


def booked(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["effect"]]


async def test_a_booking_is_sent_once_and_stands_in_the_store_as_it_is_confirmed(joined: Office) -> None:
    slot = await joined.free_slot()
    job = joined.booking(slot)
    await joined.submit(job)
    done = await joined.until(job, JobState.CONFIRMED)
    ledger = await joined.ledger("book_visit")
    assert len(ledger) == 1
    assert job.short_code in ledger[0]["body"]["VisitNotes"]
    visit_id = result_of(done).vendor_id
    row = await joined.store.read(visits.by_vendor, joined.connection.connection_id, visit_id)
    assert row is not None
    assert (row.day, row.start_minute) == (slot.day, slot.start.hour * 60 + slot.start.minute)
    assert [event.state for event in done.history] == [JobState.QUEUED, JobState.SENDING, JobState.CONFIRMED]
    entries = await joined.store.read(audit.entries, limit=5)
    assert any(entry.action == "sent" and entry.actor_id == "rosa" for entry in entries)


async def test_a_known_patient_is_linked_to_the_visit(joined: Office) -> None:
    found = await joined.connect.live.search_patients(joined.connection.connection_id, "Fennimore")
    marigold = next(one for one in found if one.value.first_name == "Marigold")
    job = joined.booking(await joined.free_slot(), patient=marigold.vendor_id, patient_id=marigold.local_id)
    await joined.submit(job)
    done = await joined.until(job, JobState.CONFIRMED)
    row = await joined.store.read(visits.by_vendor, joined.connection.connection_id, result_of(done).vendor_id)
    assert row is not None
    assert row.patient_id == marigold.local_id


async def test_the_same_press_twice_is_one_booking(joined: Office) -> None:
    job = joined.booking(await joined.free_slot(), idempotency_key="press-1")
    await joined.submit(job)
    again = msgspec.structs.replace(job, job_id="another")
    await joined.submit(again)
    await joined.until(job, JobState.CONFIRMED)
    assert len(await joined.ledger("book_visit")) == 1


async def test_a_taken_time_needs_a_person_and_is_not_sent(joined: Office) -> None:
    slot = await joined.free_slot()
    await joined.act(
        "take", provider_id=2, date=slot.day.isoformat(), time=slot.start.isoformat(), duration=slot.minutes
    )
    job = joined.booking(slot)
    await joined.submit(job)
    stuck = await joined.until(job, JobState.NEEDS_PERSON)
    assert stuck.person_reason is PersonReason.CONFLICT
    assert await joined.ledger("book_visit") == []
    await joined.connect.outbox.answer(job.job_id, "cancel", actor())
    assert (await joined.job(job.job_id)).state is JobState.CANCELLED


async def test_taken_between_check_and_book(joined: Office) -> None:
    await joined.act("faults", spec="take*1@book_visit")
    job = joined.booking(await joined.free_slot())
    await joined.submit(job)
    stuck = await joined.until(job, JobState.NEEDS_PERSON)
    assert stuck.person_reason is PersonReason.CONFLICT


@pytest.mark.parametrize("fault", ["drop_before", "hang"])
async def test_lost_before_it_was_done_is_read_back_and_sent_again(joined: Office, fault: str) -> None:
    job = joined.booking(await joined.free_slot())
    if fault == "hang":
        await joined.restart(timing=IMPATIENT)
    await joined.act("faults", spec=f"{fault}*1@book_visit")
    await joined.submit(job)
    done = await joined.until(job, JobState.CONFIRMED)
    assert JobState.UNKNOWN in [event.state for event in done.history]
    assert len(booked(await joined.ledger("book_visit"))) == 1


@pytest.mark.parametrize("fault", ["drop_after", "fail_after=500", "malformed", "drift=VisitID"])
async def test_lost_after_it_was_done_asks_a_person_with_the_visit(joined: Office, fault: str) -> None:
    await joined.act("faults", spec=f"{fault}*1@book_visit")
    job = joined.booking(await joined.free_slot())
    await joined.submit(job)
    asks = await joined.until(job, JobState.NEEDS_PERSON)
    visit_id = str(booked(await joined.ledger("book_visit"))[0]["effect"]["visit_id"])
    assert asks.person_reason is PersonReason.MAYBE_DONE
    assert f"Visit {visit_id}" in asks.question
    await joined.connect.outbox.answer(job.job_id, f"yes:{visit_id}", actor())
    done = await joined.job(job.job_id)
    assert done.state is JobState.CONFIRMED
    assert await joined.store.read(visits.by_vendor, joined.connection.connection_id, visit_id) is not None
    assert len(await joined.ledger("book_visit")) == 1


async def test_no_it_is_somebody_elses_makes_the_time_taken(joined: Office) -> None:
    await joined.act("faults", spec="drop_after*1@book_visit")
    job = joined.booking(await joined.free_slot())
    await joined.submit(job)
    await joined.until(job, JobState.NEEDS_PERSON)
    with pytest.raises(BadInput):
        await joined.connect.outbox.cancel(job.job_id, actor())
    await joined.connect.outbox.answer(job.job_id, "no", actor())

    async def conflict() -> bool:
        return (await joined.job(job.job_id)).person_reason is PersonReason.CONFLICT

    await eventually(conflict)
    assert len(await joined.ledger("book_visit")) == 1


async def test_a_new_patient_and_the_booking_that_waits_for_it(joined: Office) -> None:
    await joined.act("faults", spec="drop_after*1@create_patient")
    now = joined.clock.now()
    person = Patient(first_name="Ottoline", last_name="Quillfeather", phone="(312) 555-0188")
    create = new_job(
        person, connection_id=joined.connection.connection_id, summary="Creates a patient", actor_id="rosa", now=now
    )
    book = joined.booking(await joined.free_slot(), patient="", depends_on=create.job_id)
    await joined.submit(create, book)
    assert (await joined.job(book.job_id)).waiting_for == "Waits for: Creates a patient"
    done = await joined.until(book, JobState.CONFIRMED)
    made = await joined.job(create.job_id)
    assert made.state is JobState.CONFIRMED
    assert JobState.UNKNOWN in [event.state for event in made.history]
    assert len(await joined.ledger("create_patient")) == 1
    sent = (await joined.ledger("book_visit"))[0]["body"]
    assert str(sent["PatientID"]) == result_of(made).vendor_id
    row = await joined.store.read(visits.by_vendor, joined.connection.connection_id, result_of(done).vendor_id)
    assert row is not None
    assert row.patient_name == "Ottoline Quillfeather"


async def test_a_created_patient_lost_before_is_created_once(joined: Office) -> None:
    await joined.act("faults", spec="drop_before*1@create_patient")
    person = Patient(first_name="Ottoline", last_name="Quillfeather", phone="(312) 555-0188")
    create = new_job(
        person,
        connection_id=joined.connection.connection_id,
        summary="Creates a patient",
        actor_id="rosa",
        now=joined.clock.now(),
    )
    await joined.submit(create)
    done = await joined.until(create, JobState.CONFIRMED)
    assert len(booked(await joined.ledger("create_patient"))) == 1
    row = await joined.store.read(patients.by_vendor, joined.connection.connection_id, result_of(done).vendor_id)
    assert row is not None


async def test_undo_while_held_and_not_after(joined: Office) -> None:
    slot = await joined.free_slot()
    held = joined.booking(slot, hold_seconds=60.0)
    await joined.submit(held)
    await joined.connect.outbox.undo(held.job_id, actor())
    assert (await joined.job(held.job_id)).state is JobState.CANCELLED
    short = joined.booking(slot, hold_seconds=0.2)
    await joined.submit(short)
    await joined.until(short, JobState.CONFIRMED)
    with pytest.raises(BadInput):
        await joined.connect.outbox.undo(short.job_id, actor())
    assert len(await joined.ledger("book_visit")) == 1


async def test_the_one_put_first_is_sent_first_and_brings_what_it_depends_on(joined: Office) -> None:
    """Bookings of one provider's day go one after another; the last asked for is the one that matters now."""
    day = (await joined.free_slot()).day
    free = await joined.connect.live.open_slots(joined.connection.connection_id, "2", day, 30)
    times = [slot for slot in free if slot.start.minute == free[0].start.minute][:3]
    line = [joined.booking(slot, hold_seconds=60.0) for slot in times]
    await joined.submit(*line)
    await joined.connect.outbox.reorder(line[2].job_id, actor(), first=True)
    await joined.connect.outbox.reorder(line[0].job_id, actor(), first=False)
    assert (await joined.job(line[2].job_id)).history[-1].words == "Put before the others."
    joined.clock.shift(timedelta(seconds=60.0))
    joined.connect._worker.wake()
    for job in line:
        await joined.until(job, JobState.CONFIRMED)
    sent = [write["body"]["VisitTime"][:5] for write in booked(await joined.ledger("book_visit"))]
    assert sent == [f"{times[at].start:%H:%M}" for at in (2, 1, 0)]
    with pytest.raises(BadInput, match="finished"):
        await joined.connect.outbox.reorder(line[0].job_id, actor(), first=True)
    stranger = msgspec.structs.replace(actor(Role.FRONT_DESK, "otto"), permissions=frozenset())
    with pytest.raises(NotPermitted):
        await joined.connect.outbox.reorder(line[0].job_id, stranger, first=True)


async def test_an_old_booking_needs_a_person_and_goes_when_they_say_so(joined: Office) -> None:
    job = joined.booking(await joined.free_slot())
    past = joined.clock.now() - BOOKING_LIFE
    job = msgspec.structs.replace(job, created_at=past, updated_at=past, expires_at=past + BOOKING_LIFE)
    await joined.connect.stop()
    from app.store import outbox

    await joined.store.write(outbox.add, job)
    await joined.make().start()
    stuck = await joined.until(job, JobState.NEEDS_PERSON)
    assert stuck.person_reason is PersonReason.TOO_LATE
    await joined.connect.outbox.retry(job.job_id, actor())
    await joined.until(job, JobState.CONFIRMED)


async def test_only_those_who_may_answer_for_others(joined: Office) -> None:
    held = joined.booking(await joined.free_slot(), hold_seconds=60.0)
    await joined.submit(held)
    stranger = msgspec.structs.replace(actor(Role.FRONT_DESK, "otto"), permissions=frozenset())
    with pytest.raises(NotPermitted):
        await joined.connect.outbox.undo(held.job_id, stranger)
    entries = await joined.store.read(audit.entries, limit=1)
    assert entries[0].action == "denied"


async def test_a_job_found_on_its_way_is_read_back(joined: Office) -> None:
    """As after a crash: SENDING in the store, and the vendor may or may not have it."""
    from app.store import outbox

    job = joined.booking(await joined.free_slot())
    await joined.connect.stop()

    def left_sending(tx: Any) -> None:
        outbox.add(tx, job)
        outbox.move(tx, job.job_id, expect=JobState.QUEUED, to=JobState.SENDING, words="On its way.")

    await joined.store.write(left_sending)
    await joined.make().start()
    done = await joined.until(job, JobState.CONFIRMED)
    assert JobState.UNKNOWN in [event.state for event in done.history]
    assert len(await joined.ledger("book_visit")) == 1
