"""The parts: keyboard, focus, names, words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage, QWheelEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.ui.hands import put
from tests.ui.leaks import sweep
from tests.ui.loop import until
from ui.models.paged_table import Column, PagedTableModel, Role
from ui.shell.code_cells import CodeCells
from ui.tasks import TaskOwner
from ui.theme import LookSettings, ThemeChoice, apply
from ui.widgets.buttons import Button, IconButton
from ui.widgets.choices import Checkbox, ChipRow, Combo, Radio, Segmented, Toggle
from ui.widgets.fields import SearchField, TextField
from ui.widgets.focus import FocusRing
from ui.widgets.label import Label
from ui.widgets.status import Age, FreshnessBadge, KeyCaps, Meter, Pill, SourceTag, Spinner
from ui.widgets.table import Table


def role_of(widget: QWidget) -> QAccessible.Role:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found.role()


def test_a_name_with_markup_is_shown_as_typed(place: QWidget) -> None:
    label = Label("<b>x</b> & <img src=y>", elide=True)
    put(place, label)
    assert label.text() == "<b>x</b> & <img src=y>"
    assert label.textFormat() == Qt.TextFormat.PlainText
    label.setText("<i>" + "long " * 200)
    label.setFixedWidth(80)
    QApplication.processEvents()
    assert "&lt;i&gt;" in label.toolTip()


def test_controls_have_the_roles_of_what_they_are(place: QWidget) -> None:
    roles = QAccessible.Role
    for widget, role in (
        (Button("Book visit", "primary", keys="N"), roles.Button),
        (IconButton("lock", "Lock now"), roles.Button),
        (Checkbox("Monday"), roles.CheckBox),
        (Toggle("Text reminder"), roles.CheckBox),
        (Radio("Email"), roles.RadioButton),
        (Combo("Provider"), roles.ComboBox),
    ):
        put(place, widget)
        assert role_of(widget) == role, type(widget).__name__
    field = TextField("Birth date")
    put(place, field)
    assert role_of(field.edit) == roles.EditableText
    assert field.edit.accessibleName() == "Birth date"


def test_what_paints_itself_says_itself(place: QWidget) -> None:
    assert Pill.of("appointment", "arrived").accessibleName() == "Arrived"
    assert SourceTag("OP", "1001").accessibleName() == "OfficePro, record 1001"
    assert FreshnessBadge(Age(words="as of 9:41 AM")).accessibleName() == "as of 9:41 AM"
    assert KeyCaps("Ctrl+K").accessibleName() == "Ctrl K"
    assert Meter(0.4, "40 % of 600").accessibleName() == "40 % of 600"
    sweep()


def test_a_button_is_pressed_by_space_and_shows_all_of_its_words(place: QWidget) -> None:
    button = Button("Write 2 changes", "primary", icon="check", keys="Ctrl+Return")
    put(place, button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [True]
    narrow = button.minimumSizeHint().width()
    apply(LookSettings(choice=ThemeChoice.LIGHT, text_percent=150))
    assert button.minimumSizeHint().width() > narrow * 1.3


def test_disabled_is_not_pressed(place: QWidget) -> None:
    button = Button("Send")
    put(place, button)
    button.setEnabled(False)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == []


def test_a_field_checks_when_left_and_keeps_what_was_typed(place: QWidget) -> None:
    field = TextField("Hours", check=lambda text: ("", "") if text == "8-12" else ("red", "Write it as 8-12."))
    put(place, field)
    other = put(place, Button("Next"))
    field.edit.setFocus()
    QTest.keyClicks(field.edit, "noon")
    assert not field.message.isVisible()
    other.setFocus()
    assert field.message.words() == "Write it as 8-12." and field.text() == "noon"
    assert "Write it as 8-12." in field.edit.accessibleDescription()
    field.edit.setFocus()
    field.edit.clear()
    QTest.keyClicks(field.edit, "8-12")
    assert field.message.words() == ""


def test_a_secret_is_hidden_until_asked(place: QWidget) -> None:
    field = TextField("Passphrase", secret=True)
    put(place, field)
    QTest.keyClicks(field.edit, "  two blanks stay  ")
    assert field.raw() == "  two blanks stay  "
    assert field.edit.displayText() != field.raw()
    field.edit.findChild(IconButton).click()
    assert field.edit.displayText() == field.raw()


def test_the_wheel_changes_no_value(place: QWidget) -> None:
    combo = Combo("Minutes")
    combo.add_choices([("20", "20"), ("30", "30"), ("40", "40")])
    put(place, combo)
    down = QWheelEvent(
        QPoint(5, 5), combo.mapToGlobal(QPoint(5, 5)), QPoint(0, -120), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(combo, down)
    assert combo.key() == "20"
    combo.set_key("40")
    assert combo.key() == "40"
    combo.set_key("nothing")
    assert combo.key() == "40"


def test_a_folded_choice_is_told_by_its_tip(place: QWidget) -> None:
    combo = Combo("Columns", icon="filter", small=True)
    combo.add_choices([("all", "All 14 columns"), ("mine", "Mine")])
    put(place, combo)
    wide = combo.sizeHint().width()
    combo.set_folded(True)
    assert combo.toolTip() == "All 14 columns"
    assert combo.sizeHint().width() == wide - combo.spared(as_whole=True)
    combo.set_key("mine")
    assert combo.toolTip() == "Mine"
    combo.setCurrentIndex(0)
    assert combo.toolTip() == "All 14 columns"
    combo.set_folded(False)
    assert combo.toolTip() == ""


def test_segments_move_with_arrows_and_tell_their_key(place: QWidget) -> None:
    segments = Segmented((("day", "Day"), ("week", "Week")), "View")
    put(place, segments)
    chosen: list[str] = []
    segments.chosen.connect(chosen.append)
    first = segments.findChildren(Radio.__mro__[1])[0]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert segments.key() == "week"
    segments.set_key("day")
    assert segments.key() == "day"


def test_chips_of_days(place: QWidget) -> None:
    chips = ChipRow((("0", "Mon"), ("1", "Tue"), ("2", "Wed")), "Weekdays")
    put(place, chips)
    told: list[bool] = []
    chips.changed.connect(lambda: told.append(True))
    chips.set_keys(["0", "2"])
    assert chips.keys() == ["0", "2"] and told == []
    first = chips.findChildren(Checkbox.__mro__[1])[0]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert chips.keys() == ["2"] and told == [True]


def test_a_code_is_typed_pasted_and_only_digits(place: QWidget) -> None:
    cells = CodeCells()
    put(place, cells)
    full: list[bool] = []
    cells.full.connect(full.append)
    cells.setFocus()
    QTest.keyClicks(cells, "4a1-7")
    assert cells.code() == "417" and full[-1] is False
    cells.clear()
    QApplication.clipboard().setText("  417 903 ")
    cells.paste()
    assert cells.code() == "417903" and full[-1] is True
    assert role_of(cells) == QAccessible.Role.EditableText


def test_the_spinner_turns_only_while_seen_and_rests_where_motion_is_not_wanted(place: QWidget) -> None:
    spinner = Spinner()
    put(place, spinner)
    assert spinner._timer
    spinner.hide()
    assert not spinner._timer
    apply(LookSettings(choice=ThemeChoice.LIGHT, reduced_motion=True))
    spinner.show()
    assert not spinner._timer


def test_the_focus_ring_is_for_the_keyboard_alone(place: QWidget, qapp: QApplication) -> None:
    ring = FocusRing(qapp)
    one, two = put(place, Button("One")), put(place, Button("Two"))

    def rings() -> list[QWidget]:
        return [child for child in place.findChildren(QWidget) if type(child).__name__ == "_Ring"]

    ring.by_keyboard = False
    one.setFocus()
    assert rings() == []
    ring.by_keyboard = True
    two.setFocus()
    sweep()
    assert len(rings()) == 1
    assert rings()[0].geometry().adjusted(4, 4, -4, -4).size() == two.size()
    one.setFocus()
    sweep()
    assert len(rings()) == 1
    one.clearFocus()
    ring.deleteLater()
    sweep()


def test_search_empties_with_escape_first(place: QWidget) -> None:
    field = SearchField("Find", "Name or date")
    put(place, field)
    field.setFocus()
    QTest.keyClicks(field, "fenn")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


# -- tables ------------------------------------------------------------------------------------------------------------


async def test_pages_come_as_they_are_needed_and_keys_move(place: QWidget) -> None:
    asked: list[int | None] = []
    owner = TaskOwner("table", lambda error: pytest.fail(str(error)))

    async def fetch(last: int | None) -> list[int]:
        asked.append(last)
        start = 0 if last is None else last + 1
        return list(range(start, min(start + 50, 120)))

    columns = (
        Column[int](title="Line", text=lambda row: f"{row:,}", sort=lambda row: row, right=True),
        Column[int](title="System", text=lambda row: "OfficePro", tag=lambda row: "OP", width=60),
    )
    model = PagedTableModel(columns, fetch, owner, lambda row: f"Line {row}", place, page=50)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, place)
    tester.setUseFetchMore(False)
    table = Table(model, "Lines")
    put(place, table)
    opened: list[int] = []
    table.row_opened.connect(opened.append)
    model.reload()
    await until(model.rowCount)
    assert model.rowCount() == 50 and asked == [None]
    table.setFocus()
    table.go_to(0)
    for key in (Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_K):
        QTest.keyClick(table, key)
    assert table.row() == 1
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == [1]
    QTest.keyClick(table, Qt.Key.Key_End)
    model.fetchMore(model.index(-1, -1))
    await until(lambda: model.rowCount() > 50)
    assert asked[1] == 49
    index = model.index(3, 0)
    assert index.data(Role.ROW) == 3 and index.data(Role.SORT) == 3
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Line 3"
    assert model.index(3, 1).data(Role.TAG) == "OP"
    # A column that was dragged stays so while the window changes.
    assert table.columnWidth(1) == 60
    table.setColumnWidth(1, 90)
    table.resize(table.width() - 40, table.height())
    QApplication.sendPostedEvents()
    assert table.columnWidth(1) == 90
    await owner.close()


def test_the_model_keeps_qts_contract(place: QWidget) -> None:
    owner = TaskOwner("table", lambda error: pytest.fail(str(error)))

    async def nothing(last: str | None) -> list[str]:
        return []

    model = PagedTableModel((Column[str](title="Name", text=lambda row: row),), nothing, owner, str, place)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, place)
    tester.setUseFetchMore(False)
    for rows in ([], ["a"], ["a", "b", "c"], []):
        model.set_rows(rows)
        assert model.rowCount() == len(rows)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_rows_are_painted_not_widgets(place: QWidget, theme: str) -> None:
    apply(LookSettings(choice=ThemeChoice(theme)))
    owner = TaskOwner("table", lambda error: pytest.fail(str(error)))

    async def nothing(last: str | None) -> list[str]:
        return []

    model = PagedTableModel((Column[str](title="Name", text=lambda row: row),), nothing, owner, str, place)
    table = Table(model, "Names")
    put(place, table)
    model.set_rows(["<b>x</b>", "Łukasz", "\U0001f98a", "n" * 300])
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) is None
    image: QImage = table.grab().toImage()
    ground = image.pixelColor(table.width() // 2, table.height() - 6)
    inked = any(image.pixelColor(x, 45) != ground for x in range(10, 200))
    assert inked
    assert table.findChildren(QLabel) == []
