"""Sign-in codes: a banner first, the sheet on request; refused, sent anew, passed on, declined, several at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QRadioButton

from app.model.changes import Change, Kind
from app.model.connection import ConnectionState
from app.model.errors import Unreachable
from app.model.portal import CodeRequest
from app.store.store import Tx
from tests.ui.conftest import Desk, seen
from ui.shell.code_sheet import CodeSheet


def question(desk: Desk, **changes: Any) -> CodeRequest:
    now = desk.practice.clock.now()
    made = CodeRequest(
        request_id="r1",
        connection_id="c1",
        system="Office Ally",
        practice="Larkspur Family Medicine",
        words="Office Ally asks for a code.",
        asked_at=now,
        deadline=now + timedelta(seconds=180),
        sent_to="We sent a 6-digit code by text message to (***) ***-0147.",
        method="sms",
        methods=("totp", "sms", "email"),
        can_resend=True,
        waiting="Reading enrollments.",
    )
    return msgspec.structs.replace(made, **changes)


def _tell(tx: Tx) -> None:
    tx.changed(Change(kind=Kind.CODES))


async def ask(desk: Desk, *requests: CodeRequest) -> None:
    """The systems ask; the window hears of it."""
    desk.connections.questions = {request.connection_id: request for request in requests}
    await desk.practice.store.write(_tell)
    await desk.settle()


async def open_sheet(desk: Desk) -> CodeSheet:
    desk.window.codes.open_first()
    await desk.settle()
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, CodeSheet)
    return sheet


def press(sheet: CodeSheet, words: str) -> None:
    found = [one for one in sheet.findChildren(QAbstractButton) if one.text() == words and one.isVisible()]
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def type_code(sheet: CodeSheet, code: str) -> None:
    QTest.keyClicks(sheet.cells, code)
    QTest.keyClick(sheet.cells, Qt.Key.Key_Return)


async def test_a_banner_tells_first_and_typing_is_not_disturbed(desk: Desk) -> None:
    (await desk.open("patients")).find_in_page()
    field = desk.window.focus_widget()
    await ask(desk, question(desk))
    assert desk.window.sheets.top() is None
    assert desk.window.focus_widget() is field
    shown = desk.window.frame.banner.shown()
    assert shown is not None and shown.strong == "Office Ally asks for a sign-in code."


async def test_the_sheet_tells_where_it_went_how_long_it_lives_and_what_waits(desk: Desk) -> None:
    await ask(desk, question(desk))
    sheet = await open_sheet(desk)
    words = seen(sheet)
    assert "We sent a 6-digit code by text message to (***) ***-0147." in words
    assert "Larkspur Family Medicine" in words
    assert "Expires in 3:00" in words
    assert "Waiting for this: Reading enrollments." in words
    assert "(***) ***-0147" in words.splitlines()
    assert isinstance(desk.window.focus_widget(), QLineEdit)
    sheet.close_with("")


async def test_a_right_code_signs_in_and_the_sheet_goes(desk: Desk) -> None:
    await ask(desk, question(desk))
    sheet = await open_sheet(desk)
    type_code(sheet, "417903")
    await desk.settle()
    assert desk.connections.asked[-1] == ("code", "417903")
    assert desk.window.sheets.top() is None
    assert desk.window.frame.banner.shown() is None


@pytest.mark.parametrize("trusted", [True, False])
async def test_trust_is_offered_where_the_system_offers_it(desk: Desk, trusted: bool) -> None:
    await ask(desk, question(desk))
    sheet = await open_sheet(desk)
    assert not sheet.trust.isVisible()
    await ask(desk, question(desk, request_id="r2", can_trust=True))
    assert sheet.trust.isVisible() and sheet.trust.isChecked()
    sheet.trust.setChecked(trusted)
    type_code(sheet, "417903")
    await desk.settle()
    assert desk.connections.trusted is trusted


async def test_a_refused_code_is_told_and_stays_to_be_corrected(desk: Desk) -> None:
    await ask(desk, question(desk))
    sheet = await open_sheet(desk)
    desk.connections.then = [
        question(desk, request_id="r2", refused=True, words="Office Ally did not accept that code.")
    ]
    type_code(sheet, "417903")
    await desk.settle()
    assert desk.window.sheets.top() is sheet
    assert "Office Ally did not accept that code." in seen(sheet)
    assert sheet.cells.code() == "417903" and sheet.cells.hasSelectedText()
    type_code(sheet, "111222")
    await desk.settle()
    assert desk.connections.asked[-1] == ("code", "111222")
    assert desk.window.sheets.top() is None


async def test_a_refused_code_stays_also_where_nothing_was_asked_while_it_was_tried(desk: Desk) -> None:
    await ask(desk, question(desk))
    sheet = await open_sheet(desk)
    QTest.keyClicks(sheet.cells, "417903")
    sheet.show_requests(())
    sheet.show_requests((question(desk, request_id="r2", refused=True, words="Not that code."),))
    assert sheet.cells.code() == "417903" and "Not that code." in seen(sheet)
    sheet.close_with("")


async def test_tab_follows_the_eye(desk: Desk) -> None:
    await ask(desk, question(desk, can_trust=True))
    sheet = await open_sheet(desk)
    stops = sheet.stops()
    tops = [stop.mapTo(sheet, stop.rect().topLeft()).y() for stop in stops[stops.index(sheet.cells) :]]
    assert len(tops) > 6 and tops == sorted(tops)
    sheet.close_with("")


async def test_a_code_comes_by_another_way_only_when_that_is_confirmed(desk: Desk) -> None:
    await ask(desk, question(desk))
    sheet = await open_sheet(desk)
    QTest.keyClicks(sheet.cells, "417")
    email = next(one for one in sheet.findChildren(QRadioButton) if one.text() == "Email")
    email.setFocus()
    QTest.keyClick(email, Qt.Key.Key_Space)
    assert desk.connections.asked == []
    desk.connections.then = [
        question(desk, request_id="r2", method="email", sent_to="We sent a code by email to r***@mail.example.")
    ]
    press(sheet, "Get an email")
    await desk.settle()
    assert desk.connections.asked == [("code", "email")]
    assert "r***@mail.example" in seen(sheet).splitlines()
    assert sheet.cells.code() == ""
    sheet.close_with("")


async def test_a_new_code_can_be_sent(desk: Desk) -> None:
    await ask(desk, question(desk))
    sheet = await open_sheet(desk)
    desk.connections.then = [question(desk, request_id="r2")]
    press(sheet, "Send a new code")
    await desk.settle()
    assert desk.connections.asked == [("code", "sms")]
    assert desk.window.sheets.top() is sheet
    sheet.close_with("")


async def test_time_runs_down_and_a_dead_question_can_be_asked_again(desk: Desk) -> None:
    await ask(desk, question(desk, deadline=desk.practice.clock.now() + timedelta(seconds=20)))
    sheet = await open_sheet(desk)
    assert "Expires in 0:20" in seen(sheet)
    await ask(desk)
    assert "Office Ally waits for no code any more. Ask again to get a new one." in seen(sheet)
    press(sheet, "Ask again")
    await desk.settle()
    assert ("check", "c1") in desk.connections.asked
    assert desk.window.sheets.top() is None


async def test_a_colleague_can_be_asked_instead(desk: Desk) -> None:
    await ask(desk, question(desk))
    sheet = await open_sheet(desk)
    assert "Does somebody else get it?" in seen(sheet)
    people = await desk.accounts.listed(desk.session.actor())
    desmond = next(one for one in people if one.full_name == "Desmond Ferro")
    sheet.passed.emit("c1", desmond.account_id)
    await desk.settle()
    assert desk.connections.asked == [("passed", desmond.account_id)]
    assert desk.window.sheets.top() is None
    assert desk.window.codes.mine() == () and len(desk.window.codes.requests()) == 1
    assert desk.window.frame.banner.shown() is None


async def test_later_lets_the_sign_in_wait(desk: Desk) -> None:
    await ask(desk, question(desk))
    sheet = await open_sheet(desk)
    press(sheet, "Later")
    await desk.settle()
    assert desk.connections.asked == [("declined", "c1")]
    assert desk.window.sheets.top() is None


async def test_escape_only_closes_and_what_was_typed_is_still_asked_for(desk: Desk) -> None:
    await ask(desk, question(desk))
    sheet = await open_sheet(desk)
    QTest.keyClick(sheet.cells, Qt.Key.Key_Escape)
    await desk.settle()
    assert desk.connections.asked == []
    assert desk.window.frame.banner.shown() is not None


async def test_several_systems_ask_and_each_keeps_its_digits(desk: Desk) -> None:
    await ask(desk, question(desk), question(desk, connection_id="c2", system="Tebra", request_id="t1"))
    sheet = await open_sheet(desk)
    QTest.keyClicks(sheet.cells, "417")
    press(sheet, "Tebra")
    await desk.settle()
    assert "Tebra asks for a code" in seen(sheet) and sheet.cells.code() == ""
    QTest.keyClicks(sheet.cells, "9")
    press(sheet, "Office Ally")
    await desk.settle()
    assert sheet.cells.code() == "417"
    type_code(sheet, "903")
    await desk.settle()
    assert sheet.current() == "c2" and sheet.cells.code() == "9"
    sheet.close_with("")


async def test_what_goes_wrong_on_the_way_is_told_in_the_sheet(desk: Desk) -> None:
    await ask(desk, question(desk))
    sheet = await open_sheet(desk)
    desk.connections.fails = Unreachable("Office Ally did not answer.", "The code was not used.")
    type_code(sheet, "417903")
    await desk.settle()
    assert "Office Ally did not answer. The code was not used." in seen(sheet)
    assert sheet.cells.code() == "417903"
    sheet.close_with("")


async def test_connections_signs_in_where_nothing_is_asked_yet(desk: Desk) -> None:
    await desk.practice.set_state(ConnectionState.NEEDS_CODE)
    await desk.settle()
    connection = desk.window.feed.facts.connections[0]
    desk.window.act_on_connection(connection, "code")
    await desk.settle()
    assert ("check", connection.connection_id) in desk.connections.asked
    assert f"{connection.name} is signed in." in desk.texts() and "It is signed in" not in desk.texts()


async def test_a_system_that_is_being_connected_asks_at_once(desk: Desk) -> None:
    (await desk.open("connections")).connect_system()
    await desk.settle()
    await ask(desk, question(desk, connection_id="new"))
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, CodeSheet) and sheet.current() == "new"
    desk.window.sheets.close_all()
    await desk.settle()


async def test_the_tray_says_it_too(desk: Desk) -> None:
    await ask(desk, question(desk))
    desk.window.commands.open_tray()
    await desk.settle()
    assert "Office Ally asks for a sign-in code" in desk.texts()
    desk.window.close_popovers()


async def test_on_connections_the_page_says_it_once(desk: Desk) -> None:
    screen = await desk.open("connections")
    await ask(desk, question(desk, connection_id="c1", system="OfficePro"))
    shown = screen.banner.shown()
    assert shown is not None and shown.strong == "OfficePro needs a code to continue."
    assert desk.window.frame.banner.shown() is None
    assert screen.code_wanted()
    screen.enter_code()
    await desk.settle()
    assert isinstance(desk.window.sheets.top(), CodeSheet)
    assert desk.connections.asked == [], "what is asked already is not asked again"
    desk.window.sheets.close_all()
