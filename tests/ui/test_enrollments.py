"""The Enrollments page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.model.enrollment import Enrollment, EnrollmentState, RefusalReason
from app.model.portal_writes import PortalOperation
from tests.ui.conftest import Desk, seen
from tests.ui.office import NPI, key, office, plan_of, press
from ui.screens.enrollments.note_sheet import NoteSheet
from ui.screens.enrollments.screen import EnrollmentsScreen
from ui.widgets.confirm import ConfirmSheet

__all__ = ["office"]


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
    assert "837P is not used with this payer: refused. Why is not known: ask the payer" in words


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


async def test_why_a_payer_refused_is_noted_with_the_refusal(office: Desk) -> None:
    screen = await grid(office)
    screen.note_state()
    await office.settle()
    sheet = office.window.sheets.top()
    assert isinstance(sheet, NoteSheet)
    assert "Why the payer refused" not in seen(sheet)
    sheet._state.setCurrentIndex(sheet._state.findData(EnrollmentState.REFUSED.value))
    await office.settle()
    assert "Why the payer refused" in seen(sheet)
    sheet._reason.set_key(RefusalReason.NOT_CREDENTIALED.value)
    press(office, "Keep note")
    await office.settle()
    _, kept = office.clearing.asked[-1]
    assert isinstance(kept, Enrollment)
    assert (kept.state, kept.reason) == (EnrollmentState.REFUSED, RefusalReason.NOT_CREDENTIALED)


async def test_the_clearinghouse_is_asked_again(office: Desk) -> None:
    screen = await grid(office)
    screen.ask_again()
    await office.settle()
    assert office.clearing.asked == [("enrollments", "oa")]


async def test_the_letter_names_everything_and_no_patient(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(office.window, "copy", lambda text, _what: copied.append(text))
    screen = await grid(office)
    screen.copy_letter()
    (letter,) = copied
    for part in (NPI, "HL100", "Remittances 835", "January 20, 2026", "Larkspur Family Medicine", "Rosa Mallow"):
        assert part in letter


async def test_an_enrollment_is_shown_before_it_is_sent(office: Desk) -> None:
    office.portal.planned = plan_of()
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
    assert job.plan == plan_of()


async def test_without_a_clearinghouse_the_page_says_where_enrollments_come_from(desk: Desk) -> None:
    screen = await desk.open("enrollments")
    assert "No clearinghouse is connected" in seen(screen)
