"""What lies over the page: sheets, popovers, toasts, banners."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.ui.conftest import Desk
from tests.ui.hands import put
from tests.ui.leaks import sweep
from ui.widgets.banner import Banner, BannerSlot
from ui.widgets.buttons import Button
from ui.widgets.confirm import ConfirmSheet, Difference, Step
from ui.widgets.fields import TextField
from ui.widgets.label import Label
from ui.widgets.popover import Popover
from ui.widgets.sheet import Sheet, SheetLayer
from ui.widgets.toast import ToastHost


def a_sheet() -> tuple[Sheet, TextField, Button]:
    sheet = Sheet("Remove OfficePro?", "Its patients leave this computer.")
    field = TextField("Type REMOVE")
    sheet.body.addWidget(field)
    sheet.add_button("", Button("Cancel", keys="Esc"))
    go = sheet.add_button("go", Button("Remove", "primary", keys="Ctrl+Return"), confirm=True)
    return sheet, field, go


def test_a_sheet_keeps_tab_inside_and_gives_focus_back(place: QWidget) -> None:
    before = put(place, Button("Remove…"))
    before.setFocus()
    layer = SheetLayer(place)
    sheet, field, _ = a_sheet()
    layer.show_sheet(sheet)
    QApplication.processEvents()
    assert field.edit.hasFocus()
    reached = set()
    for _ in range(12):
        focus = QApplication.focusWidget()
        assert focus is not None and sheet.isAncestorOf(focus)
        reached.add(focus.accessibleName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert {"Type REMOVE", "Cancel", "Remove", "Close"} <= reached
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    assert layer.top() is None and layer.isHidden()
    assert before.hasFocus()


async def test_a_sheet_answers_by_key(place: QWidget) -> None:
    layer = SheetLayer(place)
    sheet, field, go = a_sheet()
    layer.show_sheet(sheet)
    waiting = asyncio.ensure_future(sheet.answer())
    await asyncio.sleep(0)
    go.setEnabled(False)
    QTest.keyClick(field.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not waiting.done()
    go.setEnabled(True)
    QTest.keyClick(field.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert await waiting == "go"


async def test_enter_presses_the_button_in_focus_and_no_other(desk: Desk) -> None:
    """Qt does so on some desktops only: on the others it must neither do nothing nor what another button says."""
    sheet, _, _ = a_sheet()
    desk.window.show_sheet(sheet)
    waiting = asyncio.ensure_future(sheet.answer())
    await asyncio.sleep(0)
    (shut,) = (one for one in sheet.stops() if one.accessibleName() == "Close")
    shut.setFocus()
    QTest.keyClick(shut, Qt.Key.Key_Return)
    assert await waiting == ""


def test_a_title_of_two_lines_is_whole_over_a_short_body(place: QWidget) -> None:
    layer = SheetLayer(place)
    sheet = Sheet(
        "This is not the payer list as Office Ally exports it.", "It was not read. The list that was here stays."
    )
    sheet.body.addWidget(QLabel("Export it again."))
    sheet.add_note("lock", "These words are longer than what the buttons leave to them.")
    sheet.add_button("", Button("Look at the form", keys="Ctrl+Return"))
    sheet.add_button("", Button("Close", "primary", keys="Esc"), confirm=True)
    layer.show_sheet(sheet)
    QApplication.processEvents()
    for label in sheet.findChildren(Label):
        assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_sheets_stack_and_the_lower_one_waits(place: QWidget) -> None:
    layer = SheetLayer(place)
    first, _, _ = a_sheet()
    second, _, _ = a_sheet()
    layer.show_sheet(first)
    layer.show_sheet(second)
    assert layer.top() is second and not first.isEnabled()
    second.close_with("")
    assert layer.top() is first and first.isEnabled()
    layer.close_all()
    assert layer.top() is None


def test_a_confirm_sheet_counts_its_writes_and_names_who(place: QWidget) -> None:
    layer = SheetLayer(place)
    steps = [
        Step(title="Book in athenahealth", words="Slot 10:30.", source="AH"),
        Step(title="Cancel in OfficePro", words="Visit 555.", source="OP", pill=("Frees 10:00", "amber", "alert")),
    ]
    sheet = ConfirmSheet(
        "Move the visit?",
        "This writes to two systems. Nothing has been sent yet.",
        differences=[Difference("Time", "10:00", "10:30"), Difference("Reason", "Thyroid", "Thyroid")],
        steps=steps,
        on_failure="If step 1 fails, nothing changes.",
        recorded_as="R. Mallow",
    )
    layer.show_sheet(sheet)
    QApplication.processEvents()
    assert sheet.write.text() == "Write 2 changes"
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    assert "no change" in texts and "Recorded in the audit log as R. Mallow" in texts
    assert sheet.height() <= place.height() - 40
    layer.close_all()


def test_a_sheet_larger_than_the_window_scrolls_inside(place: QWidget) -> None:
    place.resize(640, 420)
    layer = SheetLayer(place)
    sheet = Sheet("Many fields")
    for number in range(30):
        sheet.body.addWidget(TextField(f"Field {number}"))
    sheet.add_button("", Button("Close"))
    layer.show_sheet(sheet)
    QApplication.processEvents()
    assert place.rect().contains(sheet.geometry())
    layer.close_all()


def test_a_popover_closes_on_escape_and_outside(place: QWidget) -> None:
    anchor = put(place, Button("Practice"))
    anchor.setFocus()
    for close in ("escape", "outside", "resize"):
        popover = Popover("Practice", 200)
        popover.body.addWidget(Button("Sync all"))
        popover.open_below(anchor)
        QApplication.processEvents()
        assert popover.isVisible()
        if close == "escape":
            QTest.keyClick(popover, Qt.Key.Key_Escape)
            assert anchor.hasFocus()
        elif close == "outside":
            QTest.mouseClick(popover, Qt.MouseButton.LeftButton, pos=QPoint(880, 590))
        else:
            place.resize(901, 600)
        assert popover.isHidden()
        sweep()


async def test_toasts_are_two_at_most_wait_while_read_and_leave(place: QWidget) -> None:
    host = ToastHost(place, above=28)
    undone: list[bool] = []
    for number in range(3):
        host.show_toast(f"Visit {number} moved", action="Undo", on_action=lambda: undone.append(True))
    assert [toast.accessibleName() for toast in host.toasts()] == ["Visit 1 moved", "Visit 2 moved"]
    last = host.toasts()[-1]
    for _ in range(40):
        last.timerEvent(None)  # type: ignore[arg-type]
    assert [toast.accessibleName() for toast in host.toasts()] == ["Visit 1 moved"]
    press = next(child for child in host.toasts()[0].findChildren(QWidget) if child.accessibleName() == "Undo")
    press.setFocus()
    for _ in range(40):
        host.toasts()[0].timerEvent(None)  # type: ignore[arg-type]
    assert len(host.toasts()) == 1, "a toast that is focused stays"
    QTest.keyClick(press, Qt.Key.Key_Space)
    assert undone == [True] and host.toasts() == []
    sweep()


def test_the_most_serious_banner_wins(place: QWidget) -> None:
    slot = BannerSlot()
    put(place, slot)
    slot.put(Banner(key="offline", family="grey", icon="wifi-off", strong="You are offline."))
    slot.put(Banner(key="code", family="amber", icon="key", strong="OfficePro needs a code."))
    slot.put(Banner(key="drift", family="violet", icon="drift", strong="A page changed."))
    shown = slot.shown()
    assert shown is not None and shown.key == "code"
    slot.take("code")
    shown = slot.shown()
    assert shown is not None and shown.key == "drift"
    slot.take("drift")
    slot.take("offline")
    assert slot.shown() is None and not slot.isVisible()
