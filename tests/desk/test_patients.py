from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from app.desk.patients import LikelyDuplicate
from app.model.accounts import AuditAction, Role
from app.model.connection import ConnectionState
from app.model.errors import BadInput, NotEntitled, NotFound, NotPermitted, Unreachable
from app.model.outbox import JobState, PatientUpdate
from app.model.people import Patient
from app.store import connections, outbox, patients
from tests.desk.conftest import DAY, OFFERS, actor, system, visit


async def test_search_finds_and_recent_remembers_whom_one_opened(practice, rosa):
    desk = practice.desk.patients
    assert [row.last_name for row in await desk.search(rosa, "fenn m 3/14/84")] == ["Fennimore"]
    assert await desk.recent(rosa) == []
    await desk.get(rosa, practice.people["1002"])
    assert [row.last_name for row in await desk.recent(rosa)] == ["Fennwick"]
    assert await desk.recent(actor(key="other")) == []
    assert await desk.count(rosa) == 2
    (line,) = await practice.log(AuditAction.VIEW)
    assert (line.patient_id, line.practice) == (practice.people["1002"], "Larkspur Family Medicine")
    await desk.look(rosa, practice.people["1002"])
    assert len(await practice.log(AuditAction.VIEW)) == 1


async def test_a_profile_shows_visits_what_is_missing_and_linked_records(practice, rosa):
    named = [
        ("A1", visit("1", 480, patient_vendor_id="1001")),
        ("A2", visit("1", 660, patient_vendor_id="1001")),
    ]
    await practice.read_day("1", DAY, named, set())
    await practice.store.write(connections.save, system("c2", name="athenahealth", source="AH"))
    other = practice.told("88213", Patient(first_name="Marigold", last_name="Fennimore", phone="555"))
    key = await practice.store.write(patients.save, "c2", msgspec.structs.replace(other, connection_id="c2"))
    await practice.desk.patients.link(rosa, practice.people["1001"], key)
    found = await practice.desk.patients.get(rosa, practice.people["1001"])
    assert (found.age, found.system, found.source) == (41, "OfficePro", "OP")
    assert [each.visit.vendor_id for each in found.upcoming] == ["A2"]
    assert [each.visit.vendor_id for each in found.past] == ["A1"]
    assert found.upcoming[0].provider is not None
    assert found.to_complete == ("address", "sex on record")
    (linked,) = found.linked
    assert (linked.system, linked.agree, linked.differ) == ("athenahealth", ("last_name", "first_name"), ())
    assert found.can_edit
    await practice.desk.patients.unlink(rosa, key, practice.people["1001"])
    assert (await practice.desk.patients.look(rosa, practice.people["1001"])).linked == ()


async def test_two_records_of_one_system_are_not_linked(practice, rosa):
    with pytest.raises(BadInput):
        await practice.desk.patients.link(rosa, practice.people["1001"], practice.people["1002"])
    with pytest.raises(NotFound):
        await practice.desk.patients.link(rosa, practice.people["1001"], "gone")


async def test_creating_asks_about_a_likely_duplicate_first(practice, rosa):
    desk = practice.desk.patients
    again = Patient(first_name="Marigold", last_name="Fennimore", birth_date=date(1984, 3, 14))
    with pytest.raises(LikelyDuplicate) as asked:
        await desk.create(rosa, "c1", again)
    assert asked.value.matches[0].row.local_id == practice.people["1001"]
    assert await practice.store.read(outbox.listed) == []
    job_id = await desk.create(rosa, "c1", again, accepted_duplicates=True)
    job = await practice.desk.jobs.get(rosa, job_id)
    assert (job.state, job.summary) == (JobState.HELD, "Creates 1 patient in OfficePro")


async def test_who_is_being_created_already_is_not_created_again(practice, rosa):
    desk = practice.desk.patients
    wren = Patient(first_name="Wren", last_name="Ashgrove", birth_date=date(1999, 2, 17), phone="312-555-0199")
    first = await desk.create(rosa, "c1", wren)
    with pytest.raises(BadInput, match="being created already"):
        await desk.create(actor(key="other"), "c1", msgspec.structs.replace(wren, phone=""))
    twin = msgspec.structs.replace(wren, first_name="Robin")
    await desk.create(rosa, "c1", twin)
    await practice.move(first, JobState.CANCELLED)
    assert await desk.create(rosa, "c1", wren) != first


@pytest.mark.parametrize(
    ("field", "value"),
    [("birth_date", "2026-02-30"), ("birth_date", "2031-01-01"), ("cell_phone", "12"), ("middle_name", "x" * 301)],
)
async def test_what_cannot_be_in_a_field_is_refused_in_words(practice, rosa, field, value):
    key = practice.people["1001"]
    with pytest.raises(BadInput) as refused:
        await practice.desk.patients.edit(rosa, key, {field: value}, key)
    assert refused.value.field == field
    if field != "birth_date":
        with pytest.raises(BadInput):
            await practice.desk.patients.create(rosa, "c1", Patient(last_name="Ashgrove", **{field: value}))


async def test_born_tomorrow_is_told_by_the_location_s_day(practice, rosa, clock):
    """Half past seven in the evening of March 9 in Chicago is March 10 in Greenwich."""
    clock.set_wall(datetime(2026, 3, 10, 0, 30, tzinfo=UTC))
    key = practice.people["1001"]
    with pytest.raises(BadInput, match="in the future"):
        await practice.desk.patients.edit(rosa, key, {"birth_date": "2026-03-10"}, key)
    with pytest.raises(BadInput, match="in the future"):
        await practice.desk.patients.create(rosa, "c1", Patient(last_name="Ashgrove", birth_date=date(2026, 3, 10)))
    assert await practice.desk.patients.edit(rosa, key, {"birth_date": "2026-03-09"}, key)


async def test_a_change_is_held_for_a_moment_with_before_and_after_in_the_log(practice, rosa):
    desk, key = practice.desk.patients, practice.people["1001"]
    job_id = await desk.edit(rosa, key, {"phone": "312-555-0100", "street": "412 Heron Lane"}, key)
    job = await practice.desk.jobs.get(rosa, job_id)
    assert job.state is JobState.HELD
    assert job.summary == "Changes 1 patient in OfficePro: phone, street"
    assert msgspec.json.decode(job.payload, type=PatientUpdate).vendor_id == "1001"
    (line,) = await practice.log(AuditAction.CHANGE)
    assert msgspec.json.decode(line.before) == {"phone": "(312) 555-0147", "street": ""}
    assert msgspec.json.decode(line.after) == {"phone": "312-555-0100", "street": "412 Heron Lane"}


async def test_a_change_from_another_patients_window_is_refused(practice, rosa):
    with pytest.raises(BadInput):
        await practice.desk.patients.edit(
            rosa, practice.people["1001"], {"phone": "3125550100"}, practice.people["1002"]
        )
    assert await practice.store.read(outbox.listed) == []
    (line,) = await practice.log(AuditAction.DENIED)
    assert line.patient_id == practice.people["1001"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("last_name", " "), ("email", "not one"), ("phone", "12"), ("first_name", "x" * 301),
        ("alert", "x"), ("__class__", "x"), ("cell_phone", "1" * 16),
    ],
)  # fmt: skip
async def test_bad_details_name_their_field(practice, rosa, field, value):
    key = practice.people["1001"]
    with pytest.raises(BadInput) as refused:
        await practice.desk.patients.edit(rosa, key, {field: value}, key)
    assert refused.value.field == field


async def test_nothing_changed_and_a_future_birth_date(practice, rosa):
    key = practice.people["1001"]
    with pytest.raises(BadInput):
        await practice.desk.patients.edit(rosa, key, {}, key)
    with pytest.raises(BadInput):
        await practice.desk.patients.create(rosa, "c1", Patient(last_name="X", birth_date=date(2026, 3, 12)))
    with pytest.raises(BadInput):
        await practice.desk.patients.create(rosa, "c1", Patient(first_name="X"))


async def test_a_system_that_takes_no_patients_says_so(practice, rosa):
    key = practice.people["1001"]
    few = tuple(o for o in OFFERS if o.capability not in {"create_patient", "update_patient"})
    await practice.store.write(connections.save, system(offers=few))
    with pytest.raises(NotEntitled):
        await practice.desk.patients.create(rosa, "c1", Patient(last_name="Ashgrove"))
    with pytest.raises(NotEntitled):
        await practice.desk.patients.edit(rosa, key, {"phone": "3125550100"}, key)
    assert not (await practice.desk.patients.get(rosa, key)).can_edit


async def test_asking_every_system_names_those_that_did_not_answer(practice, rosa):
    desk = practice.desk.patients
    rows, silent = await desk.everywhere(rosa, "fennwick")
    assert practice.live.searched_for == rosa
    assert ([row.last_name for row in rows], silent) == (["Fennwick"], ())
    practice.live.fails = Unreachable("OfficePro did not answer.")
    assert (await desk.everywhere(rosa, "x"))[1] == ("OfficePro: OfficePro did not answer.",)
    await practice.set_state(ConnectionState.OFFLINE, "No network.")
    assert (await desk.everywhere(rosa, "x"))[1] == ("OfficePro was not asked. No network.",)


async def test_drafts_are_kept_for_one_person_only(practice, rosa):
    desk = practice.desk.patients
    await desk.save_draft(rosa, "new-patient", b'{"last_name":"Ash')
    assert await desk.draft(rosa, "new-patient") == b'{"last_name":"Ash'
    assert await desk.draft(actor(key="other"), "new-patient") is None
    await desk.drop_draft(rosa, "new-patient")
    assert await desk.draft(rosa, "new-patient") is None


async def test_who_may_what(practice):
    biller = actor(Role.BILLER, "bo")
    key = practice.people["1001"]
    await practice.desk.patients.get(biller, key)
    for doing in (
        practice.desk.patients.edit(biller, key, {"phone": "3125550100"}, key),
        practice.desk.patients.create(biller, "c1", Patient(last_name="X")),
        practice.desk.patients.link(biller, key, practice.people["1002"]),
    ):
        with pytest.raises(NotPermitted):
            await doing
    with pytest.raises(NotFound):
        await practice.desk.patients.get(biller, "gone")
