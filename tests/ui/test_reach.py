"""Everything is reached by keyboard, and said to a screen reader."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.ui.conftest import Desk
from ui.shell.palette import Palette


def name_of(widget: QWidget) -> str:
    """What a screen reader says first."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


async def test_tab_reaches_everything_on_every_page_and_all_of_it_has_a_name(desk: Desk) -> None:
    """Of buttons that exclude each other Tab reaches the chosen one, and arrows the others, as everywhere."""
    for spec in desk.window.screens():
        await desk.open(spec.name)
        stops = [
            each
            for each in desk.window.findChildren(QWidget)
            if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        reached: set[QWidget] = set()
        for _ in range(2 * len(stops) + 20):
            here = QApplication.focusWidget() or desk.window
            reached.add(here)
            QTest.keyClick(here, Qt.Key.Key_Tab)
        left = [each for each in stops if each not in reached]
        assert all(isinstance(each, QAbstractButton) and each.isCheckable() for each in left), (spec.name, left)
        chosen = [each.accessibleName() for each in left if isinstance(each, QAbstractButton) and each.isChecked()]
        assert chosen == [], spec.name
        assert [type(each).__name__ for each in stops if not name_of(each)] == [], spec.name


async def test_the_last_patients_are_one_key_away(desk: Desk) -> None:
    for number in ("1002", "1001"):
        await desk.services.desk.patients.get(desk.session.actor(), desk.practice.people[number])
        desk.practice.clock.advance(60)
    QTest.keyClick(QApplication.focusWidget() or desk.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    await desk.settle()
    palette = desk.window.sheets.top()
    assert isinstance(palette, Palette)
    titles = [entry.title for entry in palette.entries()]
    assert titles.index("Marigold Fennimore") < titles.index("Tobias Fennwick"), "the last one opened comes first"
    palette.close_with("")
