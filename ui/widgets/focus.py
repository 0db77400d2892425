"""The focus ring: one ring a window, laid 2 px around whatever holds the keyboard's focus. Enter presses the button in
it, which Qt leaves to each platform."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QWidget,
)
from shiboken6 import isValid

from ui.widgets.paint import rounded

_AWAY = 4


def is_pressed_by_enter(widget: QWidget | None) -> bool:
    """Buttons are; what is ticked or chosen leaves Enter to the sheet or page it stands in."""
    return isinstance(widget, QAbstractButton) and not isinstance(widget, QCheckBox | QRadioButton)


class _Ring(QWidget):
    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        rounded(QPainter(self), QRectF(self.rect()), radius=9, line="focus", width=2)


class FocusRing(QObject):
    """Follows the focus of the application. ``by_keyboard`` is set by the window from what was pressed last."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.by_keyboard = False
        self._ring: _Ring | None = None
        self._on: QWidget | None = None
        app.focusChanged.connect(self._moved)

    def _moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self._on is not None and isValid(self._on):
            self._on.removeEventFilter(self)
        self._on = None
        self._drop()
        if now is not None and is_pressed_by_enter(now):
            self._on = now
            now.installEventFilter(self)
        # Fields and lists show their focus themselves, always.
        own = now is None or isinstance(now, QLineEdit | QPlainTextEdit | QAbstractScrollArea) or now.isWindow()
        if own or not self.by_keyboard or now is None or now.property("ownFocus"):
            return
        self._on = now
        now.installEventFilter(self)
        self._ring = _Ring(_host_of(now))
        self._place()
        self._ring.show()
        self._ring.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay around it; go with it; Enter presses it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._press(watched, event)
        if event.type() in {QEvent.Type.Move, QEvent.Type.Resize}:
            self._place()
        elif event.type() in {QEvent.Type.Hide, QEvent.Type.ParentChange}:
            self._drop()
        return False

    @staticmethod
    def _press(watched: QObject, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or not plain:
            return False
        if not isinstance(watched, QWidget) or not is_pressed_by_enter(watched):
            return False
        # A key that is held down presses once.
        if isinstance(watched, QAbstractButton) and not event.isAutoRepeat():
            watched.click()
        return True

    def _place(self) -> None:
        if self._ring is None or not isValid(self._ring) or self._on is None:
            return
        host = self._ring.parentWidget()
        if host is not None and host.isAncestorOf(self._on):
            at = self._on.mapTo(host, QPoint(0, 0))
            self._ring.setGeometry(QRect(at, self._on.size()).adjusted(-_AWAY, -_AWAY, _AWAY, _AWAY))

    def _drop(self) -> None:
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._ring = None


def _host_of(widget: QWidget) -> QWidget:
    """The nearest ancestor that scrolls with it and does not cut the ring: a scrolled content, else the window."""
    at = widget
    while (parent := at.parentWidget()) is not None and not at.isWindow():
        above = parent.parentWidget()
        if isinstance(above, QAbstractScrollArea) and above.viewport() is parent:
            return at if at is not widget else parent
        at = parent
    return at
