"""Enrollments, the payer list, notices about reports, and the web pages of a connection."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.clearing_views import NoticeKind, ReportNotice
from app.model.enrollment import Enrollment, EnrollmentState, Step
from app.model.outbox import Job, JobKind, JobState, PersonReason
from app.model.payer_list import PayerEntry, PayerList
from app.model.people import Patient
from app.model.portal import Evidence, PlannedEntry, PortalUse, ScreenChange, WritePlan
from app.model.portal_writes import PortalOperation
from app.model.schedule import BookingRequest
from app.rules.outbox_jobs import new_job
from app.store import connections, enrollments, outbox, payers, reports
from app.store.store import Tx
from tests.desk.conftest import OFFERS, system
from tests.ui import conftest
from tests.ui.conftest import Desk, seen
from tests.ui.test_page_view import jpeg
from ui.screens.activity.entries import brief_of
from ui.screens.activity.screen import ActivityScreen
from ui.screens.connections.portal_sheet import PortalSheet
from ui.screens.enrollments.screen import EnrollmentsScreen
from ui.screens.payers.screen import PayersScreen
from ui.widgets.confirm import ConfirmSheet

NPI = "1234567893"
TODAY = date(2026, 3, 10)


def _clearinghouse(tx: Tx) -> None:
    knows = CapabilityOffer(capability=Capability.READ_ENROLLMENTS, standing=Standing.YES)
    made = system("oa", vendor="officeally", source="OA", name="Office Ally", offers=(*OFFERS, knows))
    connections.save(tx, made)


def row(payer: str, transaction: str, state: EnrollmentState, **more: Any) -> Enrollment:
    given: dict[str, Any] = {"payer_name": payer, "since": date(2026, 3, 2), **more}
    return Enrollment(
        provider_npi=NPI, payer_id=given.pop("payer_id", "HL100"), transaction=transaction, state=state, **given
    )


ROWS = (
    row("Harborlight", "837P", EnrollmentState.APPROVED, since=date(2025, 1, 3)),
    row("Harborlight", "270", EnrollmentState.NOT_NEEDED, payer_id="HLELIG"),
    row("Harborlight", "835", EnrollmentState.WITH_PAYER, since=date(2026, 1, 20), words="Received by the payer."),
    row(
        "Northgate <b>Mutual</b>",
        "837P",
        EnrollmentState.REFUSED,
        payer_id="NGM1",
        words="The tax id does not match.",
        history=(Step(on=date(2026, 2, 1), state=EnrollmentState.SENT, words="By mail."),),
    ),
    row("Northgate <b>Mutual</b>", "835", EnrollmentState.NOT_STARTED, payer_id="NGM1", since=None),
)
LIST = PayerList(
    entries=(
        PayerEntry(name="HARBORLIGHT PPO", payer_id="HL100", transaction="837P"),
        PayerEntry(name="HARBORLIGHT PPO", payer_id="HLELIG", transaction="270"),
        PayerEntry(name="HARBORLIGHT PPO", payer_id="HL100", transaction="835", enrollment_needed=True),
        PayerEntry(name="LANTERN", payer_id="LNT", transaction="837P", non_par=True),
    ),
    doubts=("Row 88 was left out: no id.",),
)


@pytest.fixture
async def office(desk: Desk) -> Desk:
    """The desk with a clearinghouse, its enrollments and its payers."""
    await desk.practice.store.write(_clearinghouse)
    await desk.practice.store.write(enrollments.save_all, "oa", ROWS)
    await desk.practice.store.write(payers.save_list, "oa", LIST, "payers.csv")
    await desk.settle()
    return desk


def press(desk: Desk, words: str) -> None:
    found = [one for one in desk.window.findChildren(QAbstractButton) if one.text() == words and one.isVisible()]
    QTest.mouseClick(found[-1], Qt.MouseButton.LeftButton)


def key(desk: Desk, which: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or desk.window, which)


# -- enrollments -----------------------------------------------------------------------------------------------------


async def grid(office: Desk, transaction: str = "835", payer_id: str = "HL100") -> EnrollmentsScreen:
    screen = await office.open("enrollments", provider_npi=NPI, payer_id=payer_id, transaction=transaction)
    assert isinstance(screen, EnrollmentsScreen)
    return screen


async def test_a_cell_says_state_whose_turn_and_how_long(office: Desk) -> None:
    screen = await grid(office)
    cell = screen.current_cell()
    assert cell is not None and cell.state is EnrollmentState.WITH_PAYER and cell.stuck_days == 49
    spoken = screen._table.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == ", Harborlight, Remittances 835: With payer, for 49 days"
    words = seen(screen)
    assert "2 enrollments need you, 1 stuck" in words
    assert "Nothing has moved for 49 days." in words and "Received by the payer." in words


async def test_a_refusal_shows_its_reason_and_history_and_markup_stays_text(office: Desk) -> None:
    screen = await grid(office, "837P", "NGM1")
    words = seen(screen)
    assert "The tax id does not match." in words and "By mail." in words
    assert "Northgate <b>Mutual</b>" in words
    assert "837P is not used with this payer: refused." in words


async def test_the_payer_itself_lists_its_ids_by_transaction(office: Desk) -> None:
    screen = await grid(office)
    key(office, Qt.Key.Key_Home)
    await office.settle()
    assert screen.current_cell() is None and screen.current_row() is not None
    words = seen(screen).splitlines()
    assert "HL100" in words and "HLELIG" in words


async def test_j_and_k_walk_over_captions(office: Desk) -> None:
    screen = await grid(office)
    key(office, Qt.Key.Key_J)
    found = screen.current_row()
    assert found is not None and found.payer_name == "Northgate <b>Mutual</b>"
    key(office, Qt.Key.Key_J)
    key(office, Qt.Key.Key_K)
    key(office, Qt.Key.Key_K)
    found = screen.current_row()
    assert found is not None and found.payer_name == "Harborlight"


async def test_filters_keep_what_is_asked_for(office: Desk) -> None:
    screen = await grid(office)
    screen.toggle_ours()
    await office.settle()
    assert [line.row.payer_name for line in screen._table.grid.lines if line.row] == ["Northgate <b>Mutual</b>"]
    screen.toggle_ours()
    screen._find.setText("hlelig")
    await office.settle()
    assert [line.row.payer_name for line in screen._table.grid.lines if line.row] == ["Harborlight"]
    screen._find.setText("nobody")
    await office.settle()
    assert "No enrollment is like that." in seen(screen)


async def test_a_person_s_note_is_kept_with_who_said_it(office: Desk) -> None:
    screen = await grid(office)
    screen.note_state()
    await office.settle()
    sheet = office.window.sheets.top()
    assert sheet is not None and "Only one clearinghouse receives a payer's remittances" in seen(sheet)
    QTest.keyClicks(sheet._note, "By letter of March 9")  # type: ignore[attr-defined]
    press(office, "Keep note")
    await office.settle()
    what, kept = office.clearing.asked[-1]
    assert what == "keep" and isinstance(kept, Enrollment)
    assert "By letter of March 9" in kept.words and "Rosa Mallow" in kept.words


async def test_the_clearinghouse_is_asked_again(office: Desk) -> None:
    screen = await grid(office)
    screen.ask_again()
    await office.settle()
    assert office.clearing.asked == [("enrollments", "oa")]


async def test_the_letter_names_everything_and_no_patient(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(office.window, "copy", copied.append)
    screen = await grid(office)
    screen.copy_letter()
    (letter,) = copied
    for part in (NPI, "HL100", "Remittances 835", "January 20, 2026", "Larkspur Family Medicine", "Rosa Mallow"):
        assert part in letter


PLAN = WritePlan(
    operation="enroll",
    system="Office Ally",
    page="Enrollment Form",
    record="",
    address="",
    summary="Enroll for 835",
    entries=(PlannedEntry(field="Contact Name", before="", after="Rosa Mallow"),),
    button="Submit Enrollment",
)


async def test_an_enrollment_is_shown_before_it_is_sent(office: Desk) -> None:
    office.portal.planned = PLAN
    screen = await grid(office, "835", "NGM1")
    screen.send_enrollment()
    await office.settle()
    sheet = office.window.sheets.top()
    assert sheet is not None
    email = sheet.findChildren(QLineEdit)[1]
    QTest.keyClicks(email, "rosa@larkspur.example")
    press(office, "Look at the form")
    assert office.portal.wishes == [], "only who may sign can go on"
    sheet._signed.click()  # type: ignore[attr-defined]
    press(office, "Look at the form")
    await office.settle()
    (wish,) = office.portal.wishes
    assert wish.operation is PortalOperation.ENROLL and wish.values["email"] == "rosa@larkspur.example"
    confirm = office.window.sheets.top()
    assert isinstance(confirm, ConfirmSheet)
    words = seen(confirm)
    assert "Contact Name" in words and "Press “Submit Enrollment”" in words
    assert "Only one clearinghouse" in words
    press(office, "Write 1 change")
    await office.settle()
    (job,) = await office.services.desk.jobs.listed(office.session.actor(), open_only=True)
    assert job.plan == PLAN


async def test_without_a_clearinghouse_the_page_says_where_enrollments_come_from(desk: Desk) -> None:
    screen = await desk.open("enrollments")
    assert "No clearinghouse is connected" in seen(screen)


# -- payers ----------------------------------------------------------------------------------------------------------


async def payer_list(office: Desk, text: str = "") -> PayersScreen:
    screen = await office.open("payers", text=text)
    assert isinstance(screen, PayersScreen)
    return screen


async def test_a_payer_is_found_by_an_id_of_another_transaction(office: Desk) -> None:
    screen = await payer_list(office, "hlelig")
    payer = screen.current()
    assert payer is not None and payer.name == "HARBORLIGHT PPO"
    words = seen(screen)
    assert "Its id differs by transaction" in words
    assert "Enrollment needed first" in words and "Ready to use" in words


async def test_a_list_with_rows_left_out_says_so(office: Desk) -> None:
    screen = await payer_list(office)
    assert "1 row was left out of Office Ally's list." in seen(screen)


async def test_the_id_is_copied_and_enrollments_are_near(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(office.window, "copy", copied.append)
    screen = await payer_list(office, "harbor")
    screen._transaction.set_key("270")
    await office.settle()
    screen.copy_id()
    assert copied == ["HLELIG"]
    screen.open_enrollments()
    await office.settle()
    opened = office.window.current_screen()
    assert isinstance(opened, EnrollmentsScreen) and opened._find.text() == "HARBORLIGHT PPO"


def drop(screen: PayersScreen, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(200, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    screen.dropEvent(event)


async def test_a_dropped_file_is_imported_and_one_that_cannot_be_read_is_told(office: Desk, tmp_path: Path) -> None:
    screen = await payer_list(office)
    export = tmp_path / "export.csv"
    export.write_text("Payer Name,Payer ID\n", "utf-8")
    drop(screen, export)
    await office.settle()
    assert office.clearing.asked == [("import", "export.csv")]
    drop(screen, tmp_path / "gone.csv")
    await office.settle()
    assert "gone.csv cannot be read." in office.texts()
    office.window.sheets.close_all()


async def test_nobody_is_called_that(office: Desk) -> None:
    screen = await payer_list(office, "zzz")
    assert "No payer is called that" in seen(screen)


# -- activity --------------------------------------------------------------------------------------------------------


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
        created_at=office.practice.clock.now(), plan=PLAN,
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


# -- web pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def driven(monkeypatch: pytest.MonkeyPatch) -> None:
    form = msgspec.structs.replace(conftest.FORM, portal=True)
    monkeypatch.setattr(conftest, "FORM", form)


async def open_pages(desk: Desk) -> PortalSheet:
    now = desk.practice.clock.now()
    desk.portal.changes = [
        ScreenChange(
            vendor="officepro", page="Edit Patient", missing=("button “Save”",), seen_at=now, connection_id="c1",
            landmarks="x",
        )
    ]  # fmt: skip
    desk.portal.left = [
        Evidence(
            page="Edit Patient", operation="save_patient", happened="The page changed.", taken_at=now,
            outline=("h1", "label “Last Name”"), picture=jpeg(320, 200),
        )
    ]  # fmt: skip
    desk.portal.used = [
        PortalUse(who="Desmond Ferro", operation="enrollments", started_at=now, ended_at=now + timedelta(seconds=7)),
        PortalUse(who="", operation="sign_in", started_at=now),
    ]
    screen = await desk.open("connections")
    assert screen.has_pages()
    screen.open_pages()
    await desk.settle()
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, PortalSheet)
    return sheet


async def test_stopped_pages_evidence_and_uses_are_told(desk: Desk, driven: None) -> None:
    sheet = await open_pages(desk)
    words = seen(sheet)
    assert "Writing is stopped on 1 page" in words and "button “Save”" in words
    assert "The page changed." in words
    assert "Desmond Ferro: reading enrollments" in words and "7 s" in words
    assert "Daybook by itself: signing in" in words and "still at it" in words
    press(desk, "Show")
    await desk.settle()
    assert "label “Last Name”" in seen(sheet)
    sheet.close_with("")


async def test_whoever_has_looked_lets_writing_go_on(desk: Desk, driven: None) -> None:
    sheet = await open_pages(desk)
    press(desk, "I have looked: let writing go on")
    await desk.settle()
    assert desk.portal.lifted == ["Edit Patient"]
    assert "Writing goes on everywhere" in seen(sheet)
    sheet.close_with("")


async def test_a_page_that_cannot_be_watched_is_told_in_words(desk: Desk, driven: None) -> None:
    await desk.open("connections")
    desk.window.act_on_connection(desk.window.feed.facts.connections[0], "watch")
    await desk.settle()
    assert "This system has no page to watch." in desk.texts()
    desk.window.sheets.close_all()
    desk.window.toasts.clear()


async def test_a_system_without_web_pages_offers_none(desk: Desk) -> None:
    screen = await desk.open("connections")
    assert not screen.has_pages() and not screen.may_watch()
