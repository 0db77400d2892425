"""Activity: notices about reports, and what is typed into web pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from PySide6.QtCore import Qt

from app.model.clearing_views import NoticeKind, ReportNotice
from app.model.outbox import Job, JobKind, JobState, PersonReason
from app.model.people import Patient
from app.model.schedule import BookingRequest
from app.rules.outbox_jobs import new_job
from app.store import outbox, reports
from tests.ui.conftest import Desk, seen
from tests.ui.office import key, office, plan_of
from ui.screens.activity.entries import brief_of
from ui.screens.activity.screen import ActivityScreen

__all__ = ["office"]


def notice(desk: Desk, **changes: Any) -> ReportNotice:
    made = ReportNotice(
        notice_id="n1",
        connection_id="oa",
        system="Office Ally",
        kind=NoticeKind.NO_REPORT,
        happened="No report has come for DBK_837P.txt.",
        means="It was sent 25 hours ago; a first report is there within 12.",
        next_steps=("Call Office Ally and name file 481230067.",),
        since=desk.practice.clock.now() - timedelta(hours=1),
        file_name="DBK_837P.txt",
        accounts=("A1", "A2"),
    )
    return msgspec.structs.replace(made, **changes)


async def test_a_missing_report_stands_above_all_and_is_dealt_with_by_one_key(office: Desk) -> None:
    await office.practice.store.write(reports.replace_notices, "oa", [notice(office)])
    await office.settle()
    screen = await office.open("activity")
    assert isinstance(screen, ActivityScreen)
    words = seen(screen)
    assert "1 thing needs you" in words and "Call Office Ally and name file 481230067." in words
    assert office.window.feed.facts.asking(office.session.person()) == 1
    screen.retry_job()
    await office.settle()
    assert office.clearing.asked == [("reports", "oa")]
    key(office, Qt.Key.Key_D)
    await office.settle()
    assert screen.current_notice() is None


async def test_what_is_only_missing_cannot_be_waved_away(office: Desk) -> None:
    await office.practice.store.write(reports.replace_notices, "oa", [notice(office, can_dismiss=False)])
    screen = await office.open("activity", notice_id="n1")
    assert not screen.may_dismiss()
    assert "It goes away by itself as soon as the report is here." in seen(screen)


async def test_a_job_for_web_pages_shows_what_is_typed_where(office: Desk) -> None:
    person = office.session.actor()
    job = Job(
        job_id="j2", kind=JobKind.ENROLL, connection_id="oa", idempotency_key="k2", short_code="AB12CD",
        state=JobState.HELD, summary="Enroll for 835", payload=b"{}", actor_id=person.account_id,
        created_at=office.practice.clock.now(), plan=plan_of(),
    )  # fmt: skip
    await office.practice.store.write(outbox.add, job)
    asked = "The page changed since it was shown. Now it would be, in Office Ally:\n“Contact Name”: gets “Rosa Mallow”"
    await office.practice.move("j2", JobState.NEEDS_PERSON, person_reason=PersonReason.CHANGED, question=asked)
    screen = await office.open("activity", job_id="j2")
    words = seen(screen)
    assert "The page changed since it was shown. Now it would be, in Office Ally:" in words.splitlines()
    assert "What is typed into Office Ally, “Enrollment Form”" in words
    assert "Then “Submit Enrollment” is pressed." in words


def test_the_table_of_activity_tells_a_change_in_words_that_fit() -> None:
    visit = BookingRequest(
        patient_vendor_id="1001", provider_vendor_id="2", visit_type="Follow-up", day=date(2026, 3, 13),
        start=time(11), minutes=30,
    )  # fmt: skip
    when = datetime(2026, 3, 10, 15, tzinfo=UTC)
    job = new_job(visit, connection_id="c1", summary="Creates 1 visit in OfficePro: 11:00", actor_id="rosa", now=when)
    told = brief_of(job, "OfficePro", {("c1", "2"): "Dr. Oakenfield"})
    assert told == "Book a visit: Fri, Mar 13, 11:00 AM, Dr. Oakenfield"
    person = Patient(last_name="Ashgrove")
    job = new_job(person, connection_id="c1", summary="Creates 1 patient in OfficePro", actor_id="rosa", now=when)
    assert brief_of(job, "OfficePro", {}) == "Creates 1 patient"
