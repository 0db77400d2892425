"""What is typed on web pages: seen by a person first, decided by its own plan afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from app.model.outbox import ClaimFile, Evidence, Job, JobKind, JobState, PatientUpdate, PersonReason
from app.model.people import Address, Patient
from app.model.portal import PlannedEntry, WritePlan
from app.model.portal_writes import Done, PortalOperation, ReadBack, WriteWish
from app.rules import outbox
from app.rules.outbox_jobs import Payload, evidence_of, new_job
from app.rules.outbox_plans import not_as_shown, patient_values, planned_found, wish_of

NOW = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)
WISH = WriteWish(operation=PortalOperation.CHECK_IN, record="501")


def plan(*entries: PlannedEntry, **fields: str) -> WritePlan:
    values = {
        "operation": "check_in",
        "system": "S",
        "page": "P",
        "record": "501",
        "address": "/",
        "summary": "Check in",
    }
    shown = entries or (PlannedEntry(field="Status", before="Scheduled", after="Checked In"),)
    return WritePlan(**{**values, **fields}, entries=shown, button="Check In")


def job(payload: Payload = WISH, **fields: Any) -> Job:
    made = new_job(payload, connection_id="c", summary="x", actor_id="a", now=NOW)
    return msgspec.structs.replace(made, **fields)


def test_each_wish_has_its_kind_of_job() -> None:
    kinds = {
        job(WriteWish(operation=one)).kind for one in PortalOperation if one not in {"save_patient", "upload_claims"}
    }
    assert kinds == {
        JobKind.CHANGE_VISIT_STATUS, JobKind.SAVE_POLICY, JobKind.CORRECT_CLAIM, JobKind.POST_PAYMENT, JobKind.ENROLL,
    }  # fmt: skip
    assert wish_of(job()) == WISH


def test_patients_and_files_are_wishes_too() -> None:
    person = Patient(
        first_name="Ada", last_name="Quillfeather", birth_date=date(1991, 5, 6), sms_phone="555", notes="  ",
        address=Address(street="1 Main", unit="B", city="Boise"),
    )  # fmt: skip
    made = wish_of(job(person))
    assert made is not None
    assert made.values == {
        "first_name": "Ada", "last_name": "Quillfeather", "birth_date": "1991-05-06", "cell_phone": "555",
        "street": "1 Main B", "city": "Boise",
    }  # fmt: skip
    assert made.values == patient_values(person)
    changed = wish_of(job(PatientUpdate(vendor_id="7", changes={"city": ""})))
    assert changed == WriteWish(operation=PortalOperation.SAVE_PATIENT, record="7", values={"city": ""})
    file = ClaimFile(sha256="0", name="n", claims=1, is_test=True)
    assert wish_of(job(file)) is None
    uploaded = wish_of(job(msgspec.structs.replace(file, by_portal=True)))
    assert uploaded == WriteWish(operation=PortalOperation.UPLOAD_CLAIMS)


def test_nothing_is_typed_unseen() -> None:
    first = not_as_shown(job(), plan(), "S")
    assert first is not None
    assert (first.to, first.person_reason, first.plan) == (JobState.NEEDS_PERSON, PersonReason.PREVIEW, plan())
    assert "“Status”: “Scheduled” becomes “Checked In”" in first.question
    assert [choice.key for choice in first.choices] == ["retry", "cancel"]
    assert not_as_shown(job(plan=plan()), plan(), "S") is None
    a, b = (PlannedEntry(field=name, before="", after="x") for name in "AB")
    assert not_as_shown(job(plan=plan(a, b)), plan(b, a, summary="other words"), "S") is None
    other = not_as_shown(job(plan=plan(a)), plan(b), "S")
    assert other is not None
    assert other.person_reason is PersonReason.CHANGED
    many = not_as_shown(job(), plan(*(PlannedEntry(field=str(at), before="", after="x") for at in range(30))), "S")
    assert many is not None
    assert many.question.endswith("And 19 more.")


@pytest.mark.parametrize(
    ("done", "to"),
    [(Done.YES, JobState.CONFIRMED), (Done.NO, JobState.QUEUED), (Done.UNCLEAR, JobState.NEEDS_PERSON)],
)
def test_reading_back_decides(done: Done, to: JobState) -> None:
    lost = job(evidence=msgspec.json.encode(Evidence(unsure=True, open=True, plan=plan())), state=JobState.UNKNOWN)
    move = planned_found(lost, ReadBack(done=done, record="9", words="Seen."), "S")
    assert move.to is to
    assert (move.result.vendor_id if move.result else "") == ("9" if done is Done.YES else "")
    assert move.evidence is None if done is Done.UNCLEAR else not (move.evidence or Evidence(open=True)).open


def test_a_person_s_word_ends_the_doubt_and_the_next_plan_takes_the_place_of_the_first() -> None:
    asks = job(
        state=JobState.NEEDS_PERSON,
        choices=(outbox.LOOK_AGAIN, outbox.IT_IS_NOT_THERE),
        evidence=msgspec.json.encode(Evidence(unsure=True, open=True, plan=plan())),
    )
    said = outbox.answered(asks, "not_done", NOW)
    assert said.evidence is not None
    assert (said.to, said.evidence.unsure, said.evidence.open) == (JobState.QUEUED, False, False)
    unsure = job(evidence=msgspec.json.encode(Evidence(vendor_ids=("1",), unsure=True, plan=plan())))
    leaving = outbox.sending(unsure, (), NOW, "S", plan(page="New"))
    assert leaving.evidence is not None
    assert (leaving.evidence.vendor_ids, leaving.evidence.plan) == (("1",), plan(page="New"))


def test_who_waited_for_a_sign_in_goes_on() -> None:
    waits = job(state=JobState.NEEDS_PERSON, person_reason=PersonReason.MFA)
    went = outbox.signed_in(waits, NOW)
    assert went is not None
    assert (went.to, went.expires_at) == (JobState.QUEUED, None)
    doubtful = msgspec.structs.replace(waits, evidence=msgspec.json.encode(Evidence(open=True)))
    looks = outbox.signed_in(doubtful, NOW)
    assert looks is not None
    assert looks.to is JobState.UNKNOWN
    assert outbox.signed_in(job(state=JobState.NEEDS_PERSON, person_reason=PersonReason.REJECTED), NOW) is None
    assert outbox.signed_in(job(), NOW) is None
    assert evidence_of(job()) is None
