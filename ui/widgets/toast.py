"""Toasts: one line at the bottom right, one action, 8 s; they stay while hovered or focused. At most two."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimerEvent, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import theme
from ui.widgets.label import IconView, Label
from ui.widgets.paint import CENTER, draw_icon, draw_text, rounded, text_width

_MOST = 2
_TICK_MS = 250


class _Link(QAbstractButton):
    """The toast's action, in the inverse link colour."""

    def __init__(self, text: str, icon: str = "") -> None:
        super().__init__()
        self._icon = icon
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        width = 24 if icon else text_width(text, "body", 500) + 8
        self.setFixedSize(width, theme().px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The word, or the cross."""
        painter = QPainter(self)
        if self.hasFocus():
            rounded(painter, QRectF(self.rect()), radius=5, line="inverse-link", width=2)
        if self._icon:
            draw_icon(painter, self._icon, 4, (self.height() - 16) / 2, role="inverse-text-2", ground="inverse")
        else:
            draw_text(painter, self.rect(), self.text(), role="inverse-link", weight=500, align=CENTER)


class Toast(QWidget):
    """One line with at most one action. ``left`` when it goes."""

    left = Signal()

    def __init__(self, words: str, icon: str, action: str, on_action: Callable[[], None] | None) -> None:
        super().__init__()
        self._left = theme().tokens.motion.toast_life
        self._timer = self.startTimer(_TICK_MS)
        self.setAccessibleName(words)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 8, 0)
        line.setSpacing(10)
        line.addWidget(IconView(icon, "inverse-link"))
        self.words = Label(words, "body", "inverse-text", elide=True)
        line.addWidget(self.words, 1)
        self._rest = Label("", "caption", "inverse-text-2", parent=self)
        self._rest.setVisible(bool(action))
        if action:
            press = _Link(action)
            press.clicked.connect(self._act)
            line.addWidget(press)
            line.addWidget(self._rest)
        self._on_action = on_action
        shut = _Link("Close", "x")
        shut.clicked.connect(self.leave)
        line.addWidget(shut)
        self.setFixedHeight(theme().px(40))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        wanted = text_width(words) + 100 + (text_width(action) + 40 if action else 0)
        self.setFixedWidth(max(320, min(520, wanted)))
        self._count()

    def leave(self) -> None:
        """Go, now."""
        if self._timer:
            self.killTimer(self._timer)
            self._timer = 0
        self.hide()
        self.left.emit()
        self.deleteLater()

    def timerEvent(self, event: QTimerEvent) -> None:
        """Count down, unless somebody reads it."""
        if self.underMouse() or any(child.hasFocus() for child in self.findChildren(QWidget)):
            return
        self._left -= _TICK_MS
        self._count()
        if self._left <= 0:
            self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dark ground."""
        rounded(QPainter(self), self.rect(), radius=8, fill="inverse")

    def _act(self) -> None:
        self.leave()
        if self._on_action is not None:
            self._on_action()

    def _count(self) -> None:
        self._rest.setText(f"{max(1, -(-self._left // 1000))} s")


class ToastHost(QWidget):
    """The corner of a window where toasts stand."""

    def __init__(self, window: QWidget, above: int) -> None:
        super().__init__(window)
        self._above = above
        self._standing: list[Toast] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        window.installEventFilter(self)
        self.hide()

    def show_toast(
        self, words: str, icon: str = "check-solid", action: str = "", on_action: Callable[[], None] | None = None
    ) -> Toast:
        """Show one; the oldest goes when there would be three."""
        standing = self.toasts()
        for oldest in standing[: max(0, len(standing) - _MOST + 1)]:
            oldest.leave()
        toast = Toast(words, icon, action, on_action)
        toast.left.connect(lambda: self._gone(toast))
        self._column.addWidget(toast, 0, Qt.AlignmentFlag.AlignRight)
        self._standing.append(toast)
        toast.show()
        self.show()
        self._place()
        return toast

    def toasts(self) -> list[Toast]:
        """Those standing, the oldest first."""
        return list(self._standing)

    def clear(self) -> None:
        """All go (the window locks)."""
        for toast in self.toasts():
            toast.leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _gone(self, toast: Toast) -> None:
        if toast in self._standing:
            self._standing.remove(toast)
            self._column.removeWidget(toast)
            self._place()

    def _place(self) -> None:
        window = self.parentWidget()
        toasts = self.toasts()
        if window is None or not toasts:
            self.hide()
            return
        width = max(toast.width() for toast in toasts)
        height = sum(toast.height() for toast in toasts) + 8 * (len(toasts) - 1)
        self.setGeometry(window.width() - width - 24, window.height() - self._above - height - 12, width, height)
        self.raise_()
