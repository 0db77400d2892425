"""What a list shows when it has nothing, or not yet: empty state, skeleton rows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimerEvent
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.label import IconView, Label
from ui.widgets.paint import rounded
from ui.widgets.panels import clear


class Empty(QWidget):
    """A small shape, what is true, when that was checked, and the next useful step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ownFocus", True)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(24, 24, 24, 24)
        self._box.setSpacing(6)

    def say(
        self,
        title: str,
        words: str = "",
        *,
        icon: str = "check-ring",
        family: str = "green",
        button: str = "",
        button_icon: str = "arrow-r",
        on_button: Callable[[], None] | None = None,
    ) -> None:
        """Show these words; another call replaces them."""
        clear(self._box)
        self._box.addStretch(2)
        shape = IconView(icon, f"{family}.solid" if family else "text-3", 26)
        self._box.addWidget(shape, 0, Qt.AlignmentFlag.AlignHCenter)
        self._box.addSpacing(4)
        labels = (Label(title, "heading", wrap=True), Label(words, "body", "text-2", wrap=True))
        for label in labels[: 2 if words else 1]:
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._box.addWidget(label)
        if button:
            press = Button(button, "plain", icon=button_icon, size="small")
            if on_button is not None:
                press.clicked.connect(on_button)
            self._box.addSpacing(6)
            self._box.addWidget(press, 0, Qt.AlignmentFlag.AlignHCenter)
        self._box.addStretch(3)
        self.setAccessibleName(f"{title}. {words}")


class Skeleton(QWidget):
    """Rows in the shape of those to come, shown only when they take longer than 150 ms. Nothing shimmers."""

    def __init__(self, row_height: int = 34, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ownFocus", True)
        self._row = row_height
        self._due = False
        self._timer = 0
        self.setAccessibleName("Loading")

    def start(self) -> None:
        """Begin to wait."""
        self._due = False
        self._timer = self._timer or self.startTimer(theme().tokens.motion.skeleton_delay)
        self.show()

    def stop(self) -> None:
        """The rows are there."""
        if self._timer:
            self.killTimer(self._timer)
            self._timer = 0
        self.hide()

    def timerEvent(self, event: QTimerEvent) -> None:
        """It has taken long enough to say so."""
        self.killTimer(self._timer)
        self._timer = 0
        self._due = True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grey bars."""
        if not self._due:
            return
        painter, row = QPainter(self), theme().px(self._row)
        shares = (0.34, 0.22, 0.28, 0.3, 0.18)
        for index in range(min(12, self.height() // row)):
            y = index * row + row / 2 - 5
            rounded(painter, QRectF(16, y - 5, 20, 20), radius=10, fill="pressed")
            width = self.width() * shares[index % 5]
            rounded(painter, QRectF(48, y, width, 9), radius=4, fill="pressed")
            rounded(painter, QRectF(60 + width, y, width * 0.6, 9), radius=4, fill="hover")
            rounded(painter, QRectF(self.width() - 76, y, 60, 9), radius=4, fill="hover")


def show_rows_or(some: bool, rows: QWidget, instead: QWidget) -> None:
    """The list, or what is said in its place. Focus goes along: Qt would hand it to whatever comes next."""
    shown, hidden = (rows, instead) if some else (instead, rows)
    focus = QApplication.focusWidget()
    goes_along = focus is not None and (focus is hidden or hidden.isAncestorOf(focus))
    shown.show()
    if goes_along:
        shown.setFocus(Qt.FocusReason.OtherFocusReason)
    hidden.hide()
