"""Popovers: a raised box beside what was pressed; a press outside, Esc or the lock closes it.

It is a child of its window and no window of its own, so that the lock hides it with everything else.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.theme import theme
from ui.widgets.paint import rounded
from ui.widgets.shadow import REACH, draw_shadow


class Popover(QWidget):
    """Fill ``body``, then ``open_below``. It deletes itself when it closes; ``closed`` tells."""

    closed = Signal()

    def __init__(self, name: str, width: int = 280) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._back: QWidget | None = None
        self._box = QWidget(self)
        self._box.setMinimumWidth(theme().px(width))
        self.body = QVBoxLayout(self._box)
        self.body.setContentsMargins(14, 12, 14, 12)
        self.body.setSpacing(8)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def open_below(self, anchor: QWidget, *, right: bool = False, gap: int = 6) -> None:
        """Show it below ``anchor``, left edges (or with ``right`` right edges) together."""
        x = anchor.mapTo(anchor.window(), QPoint(anchor.width() if right else 0, 0)).x()
        y = anchor.mapTo(anchor.window(), QPoint(0, anchor.height() + gap)).y()
        self.open_at(anchor.window(), QPoint(x, y), right=right)

    def open_at(self, window: QWidget, at: QPoint, *, right: bool = False) -> None:
        """Show it on ``window`` with its upper left (or right) corner at ``at``, kept inside the window."""
        self._back = QApplication.focusWidget()
        self.setParent(window)
        self.setGeometry(window.rect())
        size = self._wanted()
        x = at.x() - (size.width() if right else 0)
        x = max(8, min(x, window.width() - size.width() - 8))
        y = max(8, min(at.y(), window.height() - size.height() - 8))
        self._box.setGeometry(QRect(x, y, size.width(), min(size.height(), window.height() - 16)))
        window.installEventFilter(self)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _wanted(self) -> QSize:
        """As wide as asked for; wrapped texts then say how high."""
        size = self._box.sizeHint().expandedTo(self._box.minimumSize())
        height = self.body.totalHeightForWidth(size.width()) if self.body.hasHeightForWidth() else size.height()
        return QSize(size.width(), height)

    def refit(self) -> None:
        """The content changed its size."""
        at = self._box.geometry().topLeft()
        self._box.setGeometry(QRect(at, self._wanted()))
        self.update()

    def shut(self) -> None:
        """Close, and give focus back."""
        if self.isHidden():
            return
        self.hide()
        window = self.window()
        window.removeEventFilter(self)
        self.closed.emit()
        if self._back is not None and self._inside_of(window) and self._back.isVisible():
            self._back.setFocus(Qt.FocusReason.PopupFocusReason)
        self.deleteLater()

    def _inside_of(self, window: QWidget) -> bool:
        from shiboken6 import isValid

        return self._back is not None and isValid(self._back) and window.isAncestorOf(self._back)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another window size closes it."""
        if event.type() == QEvent.Type.Resize:
            self.shut()
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside."""
        stops = [
            child
            for child in self._box.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isEnabled() and child.isVisibleTo(self)
        ]
        if not stops:
            return True
        now = QApplication.focusWidget()
        index = stops.index(now) if now in stops else -1 if forward else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(index + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; arrows walk through what is inside."""
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press outside the box closes it; the page does not hear that press."""
        if not self._box.geometry().contains(event.position().toPoint()):
            self.shut()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Shadow and box."""
        box = self._box.geometry()
        if event.rect().intersects(box.adjusted(-REACH, -REACH, REACH, 2 * REACH)):
            painter = QPainter(self)
            draw_shadow(painter, box)
            rounded(painter, box, radius=10, fill="raised", line="line")
