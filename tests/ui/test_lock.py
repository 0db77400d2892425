"""Signing in, the lock, drafts that outlive it."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.model.accounts import AuditAction
from tests.ui.conftest import PASSWORD, Desk, seen
from tests.ui.hands import CTRL, press_key
from ui.screens.patients.form import PatientSheet
from ui.shell.popovers import PracticePopover
from ui.widgets.buttons import Button
from ui.widgets.popover import Popover
from ui.widgets.sheet import Sheet


async def test_signing_in_by_keyboard(desk: Desk) -> None:
    desk.session.lock()
    desk.window.commands.switch_user()
    await desk.settle()
    lock = desk.window.gate.lock_screen
    assert lock.isVisible() and lock.asked() is None
    lock.user.edit.setFocus()
    QTest.keyClicks(lock.user.edit, "desmond")
    press_key(desk, Qt.Key.Key_Tab)
    assert lock.password.edit.hasFocus()
    QTest.keyClicks(lock.password.edit, PASSWORD)
    press_key(desk, Qt.Key.Key_Return)
    await desk.settle()
    assert desk.session.actor().full_name == "Desmond Ferro"
    assert desk.window.frame.isVisible() and lock.password.raw() == ""


async def test_a_wrong_passphrase_is_told_at_the_field_and_five_lock_out(desk: Desk) -> None:
    desk.session.lock()
    await desk.settle()
    lock = desk.window.gate.lock_screen
    for attempt in range(5):
        lock.password.set_text(f"wrong {attempt}")
        lock._try()
        await desk.settle()
        assert desk.session.is_locked() and lock.password.raw() == ""
    assert "locked" in lock.password.message.words().lower()
    lock.password.set_text(PASSWORD)
    lock._try()
    await desk.settle()
    assert desk.session.is_locked()
    desk.practice.clock.advance(301)
    lock.password.set_text(PASSWORD)
    lock._try()
    await desk.settle()
    assert not desk.session.is_locked()


async def test_the_lock_hides_everything_and_keeps_what_is_half_typed(desk: Desk) -> None:
    await desk.open("patients")
    sheet = Sheet("Change the patient")
    line = QLineEdit()
    line.setAccessibleName("Note")
    sheet.body.addWidget(line)
    desk.window.show_sheet(sheet)
    line.setText("Marigold prefers Thursdays")
    desk.window.toast("Marigold Fennimore was booked.")
    desk.session.lock("after 10 minutes without activity")
    await desk.settle()
    shown = seen(desk.window)
    for secret in ("Marigold", "Fennimore", "Oakenfield", "OfficePro"):
        assert secret not in shown
    assert not sheet.isVisible() and not desk.window.frame.isVisible()
    assert desk.window.windowTitle() == "Daybook"
    assert desk.window.toasts.toasts() == []
    assert "Locked after 10 minutes without activity" in shown
    assert desk.connections.paused[-1] is True
    lock = desk.window.gate.lock_screen
    lock.password.set_text(PASSWORD)
    lock._try()
    await desk.settle()
    assert sheet.isVisible() and line.text() == "Marigold prefers Thursdays"
    assert desk.window.focus_widget() is line
    assert desk.connections.paused[-1] is False
    desk.window.sheets.close_all()


async def test_a_sheet_that_ends_behind_the_lock_takes_no_key_from_it(desk: Desk) -> None:
    await desk.open("patients")
    sheet = Sheet("Being written")
    desk.window.show_sheet(sheet)
    desk.session.lock()
    await desk.settle()
    sheet.close_with("go")
    focus = desk.window.focus_widget()
    assert focus is not None and desk.window.gate.isAncestorOf(focus)


async def test_a_sheet_that_comes_behind_the_lock_waits_for_the_person(desk: Desk) -> None:
    """A page was being looked at when the window locked: what was read there stands in the sheet that asks."""
    await desk.open("patients")
    desk.session.lock()
    await desk.settle()
    sheet = Sheet("Change the phone of Marigold Fennimore?")
    sheet.add_button("", Button("Cancel"))
    desk.window.show_sheet(sheet)
    focus = desk.window.focus_widget()
    assert not sheet.isVisible() and "Marigold" not in seen(desk.window)
    assert focus is not None and desk.window.gate.isAncestorOf(focus)
    await desk.session.unlock(PASSWORD)
    await desk.settle()
    focus = desk.window.focus_widget()
    assert sheet.isVisible() and focus is not None and sheet.isAncestorOf(focus)
    sheet.close_with("")


async def test_the_key_locks_over_a_sheet_too_and_what_was_just_typed_is_the_persons_own(desk: Desk) -> None:
    desk.window.open("patients")
    await desk.settle()
    press_key(desk, Qt.Key.Key_N, CTRL)
    await desk.settle()
    sheet = desk.window.sheets.top()
    assert isinstance(sheet, PatientSheet)
    QTest.keyClicks(sheet.form.fields["last_name"].edit, "Halfway")
    sheet.form.fields["last_name"].edit.setFocus()
    press_key(desk, Qt.Key.Key_L, CTRL)
    assert desk.session.is_locked()
    assert desk.window.gate.isVisible() and not desk.window.frame.isVisible() and not sheet.isVisible()
    await desk.settle()
    await desk.session.sign_in("desmond", PASSWORD)
    await desk.settle()
    assert desk.window.sheets.top() is None
    rosa = await desk.services.accounts.sign_in("rosa", PASSWORD, "front-1")
    kept = await desk.services.desk.patients.draft(rosa, "patient:new")
    assert kept is not None and b"Halfway" in kept


async def test_a_colleague_takes_over_with_one_press_and_each_keeps_their_own_draft(desk: Desk) -> None:
    """Rosa is booking when Desmond takes the desk: he finds no word of hers, and she finds every word again."""
    screen = await desk.open("schedule")
    screen.book()
    await desk.settle()
    QTest.keyClicks(screen.booking._reason.edit, "Her blood pressure")
    press_key(desk, Qt.Key.Key_L, CTRL)
    assert desk.session.is_locked()
    desk.window.commands.switch_user()
    await desk.settle()
    lock = desk.window.gate.lock_screen
    names = {button.text(): button for button in lock._people.findChildren(Button)}
    assert set(names) == {"Rosa Mallow", "Desmond Ferro", "Hollis Vane"}
    began = asyncio.get_running_loop().time()
    names["Desmond Ferro"].click()
    assert lock.password.edit.hasFocus()
    QTest.keyClicks(lock.password.edit, PASSWORD)
    QTest.keyClick(lock.password.edit, Qt.Key.Key_Return)
    await desk.settle()
    assert asyncio.get_running_loop().time() - began < 3
    assert desk.session.actor().full_name == "Desmond Ferro"
    screen = await desk.open("schedule")
    screen.book()
    await desk.settle()
    assert screen.booking._reason.text() == ""
    assert "blood pressure" not in "".join(field.text() for field in desk.window.findChildren(QLineEdit))
    desk.window.commands.switch_user()
    await desk.settle()
    lock.user.set_text("rosa")
    lock.password.set_text(PASSWORD)
    lock._try()
    await desk.settle()
    screen = await desk.open("schedule")
    screen.book()
    await desk.settle()
    assert screen.booking._reason.text() == "Her blood pressure"


async def test_popovers_go_with_the_lock(desk: Desk) -> None:
    desk.window.commands.open_practice_switcher()
    assert [type(p) for p in desk.window.findChildren(Popover)] == [PracticePopover]
    desk.session.lock()
    await desk.settle()
    assert not any(popover.isVisible() for popover in desk.window.findChildren(Popover))


async def test_another_person_does_not_see_what_the_one_before_had_open(desk: Desk) -> None:
    await desk.open("connections")
    before = desk.window.current_screen()
    sheet = Sheet("Half typed")
    desk.window.show_sheet(sheet)
    desk.window.commands.switch_user()
    await desk.settle()
    lock = desk.window.gate.lock_screen
    lock.user.set_text("hollis")
    lock.password.set_text(PASSWORD)
    lock._try()
    await desk.settle()
    assert desk.session.actor().full_name == "Hollis Vane"
    assert desk.window.sheets.top() is None
    assert desk.window.current_screen() is not before
    actions = [entry.action for entry in await desk.practice.log()]
    assert {AuditAction.LOCK, AuditAction.SIGN_OUT, AuditAction.SIGN_IN} <= set(actions)


async def test_idle_locks_after_the_limit_with_a_warning_half_a_minute_ahead(desk: Desk) -> None:
    clock, window = desk.practice.clock, desk.window
    clock.advance(10 * 60 - 31)
    window.idle.check()
    assert window.frame.banner.shown() is None
    clock.advance(5)
    window.idle.check()
    banner = window.frame.banner.shown()
    assert banner is not None and banner.strong == "Daybook locks in 26 s."
    QTest.mouseMove(window.windowHandle())
    window.idle.touch()
    assert window.frame.banner.shown() is None
    clock.advance(601)
    window.idle.check()
    await desk.settle()
    assert desk.session.is_locked()
    assert "after 10 minutes" in desk.session.why


async def test_a_setting_of_the_clock_does_not_postpone_the_lock(desk: Desk) -> None:
    clock = desk.practice.clock
    clock.set_wall(clock.now().replace(year=2020))
    desk.window.idle.check()
    assert not desk.session.is_locked()
    clock.advance(601)
    desk.window.idle.check()
    await desk.settle()
    assert desk.session.is_locked()
