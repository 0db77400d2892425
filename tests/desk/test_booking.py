from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.desk.booking import BookingRefused
from app.model.accounts import AuditAction, Role
from app.model.booking import BookingDraft, WarningKind
from app.model.errors import BadInput, NotPermitted, Unreachable
from app.model.outbox import Choice, JobKind, JobResult, JobState, PersonReason
from app.model.people import Patient
from app.model.rules import BlockForce, BlockRule, ProviderRules, VisitTypeRule
from app.model.schedule import BookingRequest
from app.model.views import Verdict
from app.rules.outbox_jobs import booking_of, patient_of
from app.store import connections, outbox, patients, rules
from tests.desk.conftest import DAY, HOURS, NO_CANCEL, OFFERS, actor, system, visit


@pytest.fixture
def draft(practice) -> BookingDraft:
    return BookingDraft(
        provider_id=practice.ids["1"], day=DAY, start_minute=660, minutes=30, visit_type="Follow-up",
        patient_id=practice.people["1001"], window_patient_id=practice.people["1001"], reason=" BP recheck ",
    )  # fmt: skip


async def test_the_plan_says_what_will_happen_before_it_does(practice, rosa, draft):
    plan = await practice.desk.booking.prepare(rosa, draft)
    assert plan.sentence == "Creates 1 visit in OfficePro."
    assert plan.irreversible == f"Once OfficePro has confirmed, it cannot be moved or cancelled from here. {NO_CANCEL}"
    assert plan.live_words == "Rechecked live at 9:43 AM: free."
    assert plan.alert == "Needs an interpreter"
    assert plan.to_complete == ("address", "sex on record")
    assert plan.ready
    assert await practice.store.read(outbox.listed) == []


async def test_booking_is_one_durable_job_with_its_audit_line(practice, rosa, draft):
    plan = await practice.desk.booking.prepare(rosa, draft)
    assert await practice.desk.booking.book(rosa, plan) == plan.job_ids
    (job,) = await practice.store.read(outbox.listed)
    assert (job.kind, job.state, job.patient_id) == (JobKind.BOOK_VISIT, JobState.QUEUED, practice.people["1001"])
    assert job.summary == "Creates 1 visit in OfficePro: Tue, Mar 10, 11:00 – 11:30 AM with Dr. Oakenfield"
    assert job.expires_at == practice.clock.now() + timedelta(minutes=10)
    request = booking_of(job)
    assert (request.patient_vendor_id, request.provider_vendor_id, request.reason) == ("1001", "1", "BP recheck")
    assert request.provider_start is None
    (line,) = await practice.log(AuditAction.CREATE)
    assert (line.subject, line.patient_id) == (job.summary, job.patient_id)
    assert "recheck" not in line.after


async def test_pressing_twice_is_one_booking(practice, rosa, draft):
    plan = await practice.desk.booking.prepare(rosa, draft)
    first = await practice.desk.booking.book(rosa, plan)
    assert await practice.desk.booking.book(rosa, plan) == first
    assert len(await practice.store.read(outbox.listed)) == 1


async def test_provider_time_inside_the_visit_comes_from_the_rules_or_the_form(practice, rosa, draft):
    rule = VisitTypeRule(visit_type="FOLLOWUP", provider_offset=10, provider_minutes=15)
    await practice.store.write(rules.save, practice.ids["1"], ProviderRules(visit_types=(rule,)))
    await practice.desk.booking.book(rosa, await practice.desk.booking.prepare(rosa, draft))
    (job,) = await practice.store.read(outbox.listed)
    request = booking_of(job)
    assert request.provider_start is not None
    assert (request.provider_start.hour, request.provider_start.minute, request.provider_minutes) == (11, 10, 15)


async def test_a_slot_taken_meanwhile_is_refused_with_the_three_nearest(practice, rosa, draft):
    plan = await practice.desk.booking.prepare(rosa, draft)
    practice.live.free["1", DAY] = {690}
    with pytest.raises(BookingRefused) as refused:
        await practice.desk.booking.book(rosa, plan)
    error = refused.value
    assert error.happened == "Not booked. OfficePro says 11:00 AM is not free."
    assert error.next_steps == ("Next free: 11:30 AM on Tue, Mar 10.",)
    assert error.plan.draft == draft
    assert [(s.start_minute, s.verdict) for s in error.plan.alternatives] == [
        (690, Verdict.FREE),
        (660, Verdict.FREE),
        (600, Verdict.FREE),
    ]
    assert await practice.store.read(outbox.listed) == []
    moved = msgspec.structs.replace(draft, start_minute=error.plan.alternatives[0].start_minute)
    assert (await practice.desk.booking.prepare(rosa, moved)).ready


async def test_alternatives_the_copy_does_not_know_are_found_too(practice, rosa, draft):
    practice.live.free["1", DAY] = {800, 830, 860}
    with pytest.raises(BookingRefused) as refused:
        await practice.desk.booking.book(rosa, await practice.desk.booking.prepare(rosa, draft, live=False))
    assert [s.start_minute for s in refused.value.plan.alternatives] == [660, 800, 830]


async def test_a_taken_room_is_not_among_the_nearest(practice, rosa, draft):
    rule = VisitTypeRule(visit_type="Follow-up", rooms=("Room 1",))
    await practice.store.write(rules.save, practice.ids["1"], ProviderRules(visit_types=(rule,)))
    tomorrow = DAY + timedelta(1)
    await practice.read_day("1", tomorrow, [], {600, 630})
    await practice.read_day("2", tomorrow, [("V20", visit("2", 600, day=tomorrow, room="Room 1"))], set())
    practice.live.free["1", DAY] = set()
    practice.live.free["2", DAY] = set()
    found = await practice.desk.booking.alternatives(rosa, draft)
    thursday = DAY + timedelta(2)
    assert [(s.day, s.start_minute) for s in found] == [(tomorrow, 630), (thursday, 540), (thursday, 570)]


async def test_the_vendor_decides_also_where_the_copy_is_out_of_date(practice, rosa, draft):
    practice.live.free["1", DAY].add(600)
    cancelled_there = msgspec.structs.replace(draft, start_minute=600)
    assert (await practice.desk.booking.prepare(rosa, cancelled_there)).ready
    asleep = await practice.desk.booking.prepare(rosa, cancelled_there, live=False)
    assert [reason.code for reason in asleep.blocked] == ["booked"]


async def test_local_rules_stop_and_soft_ones_ask(practice, rosa, draft):
    hard = BlockRule(label="Meeting", start=660, end=690, day=DAY)
    await practice.store.write(rules.save, practice.ids["1"], ProviderRules(hours=HOURS, blocks=(hard,)))
    plan = await practice.desk.booking.prepare(rosa, draft)
    assert [reason.words for reason in plan.blocked] == ["Blocked: Meeting, 11:00 – 11:30 AM."]
    assert [s.start_minute for s in plan.alternatives] == [630, 690, 660]
    soft = msgspec.structs.replace(hard, force=BlockForce.SOFT)
    await practice.store.write(rules.save, practice.ids["1"], ProviderRules(hours=HOURS, blocks=(soft,)))
    plan = await practice.desk.booking.prepare(rosa, draft)
    assert (plan.ready, [w.kind for w in plan.warnings]) == (False, [WarningKind.SOFT_BLOCK])
    with pytest.raises(BookingRefused) as refused:
        await practice.desk.booking.book(rosa, plan)
    assert "Kept free: Meeting" in refused.value.happened
    accepted = msgspec.structs.replace(draft, accepted=frozenset({WarningKind.SOFT_BLOCK}))
    assert (await practice.desk.booking.prepare(rosa, accepted)).ready


async def test_the_same_patient_at_the_same_time_elsewhere_is_a_warning(practice, rosa, draft):
    named = visit("2", 645, patient_vendor_id="1001")
    await practice.read_day("2", DAY, [("V7", named)], set())
    plan = await practice.desk.booking.prepare(rosa, draft)
    (warning,) = plan.warnings
    assert warning.kind is WarningKind.SAME_PATIENT_OVERLAP
    assert warning.words == "Marigold Fennimore is already booked 10:45 – 11:15 AM with Noor Calderwick, NP."
    assert not plan.ready


async def test_a_booking_of_hers_still_under_way_counts_too(practice, rosa, draft):
    await practice.desk.booking.book(rosa, await practice.desk.booking.prepare(rosa, draft))
    other = msgspec.structs.replace(draft, provider_id=practice.ids["2"])
    (warning,) = (await practice.desk.booking.prepare(rosa, other)).warnings
    assert warning.words == "Marigold Fennimore is being booked 11:00 – 11:30 AM with Dr. Oakenfield."


async def test_a_new_patient_is_two_jobs_the_second_depending_on_the_first(practice, rosa, draft):
    new = Patient(first_name="Wren", last_name="Ashgrove", phone="312-555-0199")
    draft = msgspec.structs.replace(draft, patient_id="", window_patient_id="", new_patient=new)
    plan = await practice.desk.booking.prepare(rosa, draft)
    assert plan.sentence == "Creates 1 patient and 1 visit in OfficePro."
    assert plan.to_complete == ("birth date", "email", "address", "sex on record")
    ids = await practice.desk.booking.book(rosa, plan)
    visit_job, person = await practice.store.read(outbox.listed)
    assert (person.job_id, visit_job.job_id) == ids
    assert visit_job.depends_on == person.job_id
    assert patient_of(person) == new
    assert booking_of(visit_job).patient_vendor_id == ""
    assert person.summary == "Creates 1 patient in OfficePro"
    again = await practice.desk.booking.prepare(rosa, msgspec.structs.replace(draft, start_minute=840))
    assert [w.kind for w in again.warnings] == [WarningKind.LIKELY_DUPLICATE]
    assert "being created already" in again.warnings[0].words


async def test_a_likely_duplicate_is_shown_before_anything_is_created(practice, rosa, draft):
    again = Patient(first_name="Marigold", last_name="Fennimore", phone="3125550147")
    draft = msgspec.structs.replace(draft, patient_id="", window_patient_id="", new_patient=again)
    plan = await practice.desk.booking.prepare(rosa, draft)
    assert [match.row.local_id for match in plan.duplicates] == [practice.people["1001"]]
    assert plan.duplicates[0].agree == ("last_name", "first_name", "phone")
    assert [w.kind for w in plan.warnings] == [WarningKind.LIKELY_DUPLICATE]
    assert not plan.ready


async def test_the_wrong_window_is_refused_and_remembered(practice, rosa, draft):
    other = msgspec.structs.replace(draft, window_patient_id=practice.people["1002"])
    for doing in (practice.desk.booking.prepare, practice.desk.booking.alternatives):
        with pytest.raises(BadInput) as refused:
            await doing(rosa, other)
        assert refused.value.field == "patient_id"
    denied = await practice.log(AuditAction.DENIED)
    assert {(line.patient_id, line.before) for line in denied} == {(practice.people["1001"], practice.people["1002"])}


async def test_a_window_that_shows_nobody_books_for_nobody(practice, rosa, draft):
    for unseen in (
        msgspec.structs.replace(draft, window_patient_id=""),
        msgspec.structs.replace(draft, patient_id="", new_patient=Patient(last_name="Fennimore")),
    ):
        with pytest.raises(BadInput, match="another patient"):
            await practice.desk.booking.prepare(rosa, unseen)


async def test_a_vendor_that_does_not_answer_is_a_warning_not_a_promise(practice, rosa, draft):
    practice.live.fails = Unreachable("OfficePro did not answer.")
    plan = await practice.desk.booking.prepare(rosa, draft)
    assert [w.kind for w in plan.warnings] == [WarningKind.NO_LIVE_CHECK]
    assert plan.slot.verdict is Verdict.FAILED
    accepted = msgspec.structs.replace(draft, accepted=frozenset({WarningKind.NO_LIVE_CHECK}))
    plan = await practice.desk.booking.prepare(rosa, accepted)
    await practice.desk.booking.book(rosa, plan)
    assert (await practice.desk.booking.status(rosa, plan.job_ids[-1])).words.startswith("Not booked yet. Do not")


async def test_what_the_system_does_not_offer_is_said_in_its_words(practice, rosa, draft):
    await practice.store.write(
        connections.save, system(offers=tuple(o for o in OFFERS if o.capability != "book_visit"))
    )
    plan = await practice.desk.booking.prepare(rosa, draft)
    assert [reason.words for reason in plan.blocked] == ["OfficePro takes no bookings from here."]
    assert practice.live.asked == []


async def test_a_patient_of_another_system_must_be_linked_first_and_then_their_record_here_is_booked(
    practice, rosa, draft
):
    await practice.store.write(connections.save, system("c2", name="athenahealth", source="AH"))
    there = practice.told("88213", Patient(first_name="Marigold", last_name="Fennimore"))
    key = await practice.store.write(patients.save, "c2", msgspec.structs.replace(there, connection_id="c2"))
    draft = msgspec.structs.replace(draft, patient_id=key, window_patient_id=key)
    plan = await practice.desk.booking.prepare(rosa, draft)
    assert "has no record in OfficePro" in plan.blocked[0].words
    await practice.desk.patients.link(rosa, key, practice.people["1001"])
    plan = await practice.desk.booking.prepare(rosa, draft)
    assert plan.ready
    await practice.desk.booking.book(rosa, plan)
    (job,) = await practice.store.read(outbox.listed)
    assert booking_of(job).patient_vendor_id == "1001"
    assert job.patient_id == practice.people["1001"]


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("patient_id", {"patient_id": "", "window_patient_id": ""}),
        ("patient_id", {"patient_id": "gone", "window_patient_id": "gone"}),
        ("patient_id", {"new_patient": Patient(last_name="X")}),
        ("last_name", {"patient_id": "", "window_patient_id": "", "new_patient": Patient(first_name="X")}),
        ("visit_type", {"visit_type": " "}),
        ("minutes", {"minutes": 0}),
        ("minutes", {"minutes": 721}),
        ("start_minute", {"start_minute": 1440}),
        ("provider_id", {"provider_id": "gone"}),
    ],
)
async def test_bad_input_names_its_field(practice, rosa, draft, field, change):
    with pytest.raises(BadInput) as refused:
        await practice.desk.booking.prepare(rosa, msgspec.structs.replace(draft, **change))
    assert refused.value.field == field
    assert refused.value.next_steps


async def test_a_biller_may_not_book(practice, draft):
    biller = actor(Role.BILLER, "bo")
    plan = await practice.desk.booking.prepare(actor(), draft)
    for doing in (practice.desk.booking.prepare(biller, draft), practice.desk.booking.book(biller, plan)):
        with pytest.raises(NotPermitted):
            await doing
    assert await practice.store.read(outbox.listed) == []
    assert len(await practice.log(AuditAction.DENIED)) == 2


async def test_status_follows_the_job(practice, rosa, draft):
    desk = practice.desk.booking
    plan = await desk.prepare(rosa, draft)
    (job_id,) = await desk.book(rosa, plan)
    assert (await desk.status(rosa, job_id)).words == "Not booked yet. Do not promise this time. It waits to be sent."
    await practice.move(job_id, JobState.SENDING)
    assert not (await desk.status(rosa, job_id)).confirmed
    await practice.move(job_id, JobState.UNKNOWN)
    assert "looks whether it was booked" in (await desk.status(rosa, job_id)).words
    choices = (Choice(key="yes", label="Yes"),)
    await practice.move(
        job_id, JobState.NEEDS_PERSON, person_reason=PersonReason.CONFLICT, question="Taken.", choices=choices
    )
    asking = await desk.status(rosa, job_id)
    assert (asking.question, asking.choices) == ("Taken.", choices)
    assert len(asking.alternatives) == 3
    await practice.read_day("1", DAY, [("555", visit("1", 660, room="Room 4"))], set())
    result = msgspec.json.encode(JobResult(vendor_id="555"))
    await practice.move(job_id, JobState.CONFIRMED, result=result)
    done = await desk.status(rosa, job_id)
    assert done.confirmed
    assert done.words == "Booked: Tue, Mar 10, 11:00 AM. OfficePro has confirmed it."
    assert (done.visit_vendor_id, done.room) == ("555", "Room 4")


async def test_undo_and_answers_go_to_the_outbox_only_for_those_who_may(practice, rosa, draft):
    plan = await practice.desk.booking.prepare(rosa, draft)
    (job_id,) = await practice.desk.booking.book(rosa, plan)
    jobs = practice.desk.jobs
    await practice.desk.booking.undo(rosa, job_id)
    await jobs.undo(rosa, job_id)
    await jobs.answer(rosa, job_id, "yes")
    await jobs.retry(rosa, job_id)
    await jobs.cancel(rosa, job_id)
    assert [what for what, _ in practice.outbox.done] == ["undo", "undo", "answer yes", "retry", "cancel"]
    with pytest.raises(NotPermitted):
        await jobs.cancel(actor(Role.BILLER, "bo"), job_id)
    assert [job.job_id for job in await jobs.listed(rosa, open_only=True)] == [job_id]
    assert (await jobs.get(rosa, job_id)).history


async def test_an_old_waiting_change_is_a_managers_to_decide(practice, rosa, draft):
    (job_id,) = await practice.desk.booking.book(rosa, await practice.desk.booking.prepare(rosa, draft))
    practice.clock.set_wall(practice.clock.now() + timedelta(days=100))
    clerk, jobs = actor(Role.FRONT_DESK, "desmond"), practice.desk.jobs
    for decide in (jobs.cancel, jobs.retry, jobs.undo, lambda who, job: jobs.answer(who, job, "yes")):
        with pytest.raises(NotPermitted, match="100 days old"):
            await decide(clerk, job_id)
    assert practice.outbox.done == []
    await jobs.cancel(actor(Role.MANAGER, "mae"), job_id)
    assert [what for what, _ in practice.outbox.done] == ["cancel"]


async def test_the_request_keeps_what_was_typed(practice, rosa, draft):
    typed = msgspec.structs.replace(draft, notes="Bring cuff", provider_offset=5, provider_minutes=20)
    await practice.desk.booking.book(rosa, await practice.desk.booking.prepare(rosa, typed))
    (job,) = await practice.store.read(outbox.listed)
    request: BookingRequest = booking_of(job)
    assert (request.notes, request.provider_minutes) == ("Bring cuff", 20)
