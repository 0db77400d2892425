"""What hands do in the tests of the window: press keys and buttons, fill fields, put a part on a window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.ui.conftest import Desk
from ui.widgets.fields import TextField

CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


def press_key(desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press a key where the focus is, as a person would."""
    target = QApplication.focusWidget() or desk.window
    QTest.keyClick(target, key, modifiers)


def press(place: QWidget, name: str) -> None:
    """Press the button a person would find by its words."""
    found = [b for b in place.findChildren(QAbstractButton) if b.accessibleName() == name and b.isVisible()]
    assert found, f"no button {name!r} among {sorted(b.accessibleName() for b in place.findChildren(QAbstractButton))}"
    found[0].click()


def field(place: QWidget, label: str) -> TextField:
    """The field below a label."""
    return next(f for f in place.findChildren(TextField) if f.label.text() == label and f.isVisible())


def put(place: QWidget, widget: QWidget) -> QWidget:
    """Lay a part on the window and show it."""
    layout = place.layout()
    assert layout is not None
    layout.addWidget(widget)
    widget.show()
    QApplication.processEvents()
    return widget
