"""Six cells for a sign-in code that take typing, pasting and autofill as one field."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from ui.theme import theme
from ui.widgets.paint import CENTER, draw_text, rounded

DIGITS = 6
_CELL, _GAP, _MIDDLE = 50, 8, 26


class CodeCells(QLineEdit):
    """One line edit painted as six cells, so that paste, autofill and screen readers find a plain field."""

    full = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Sign-in code, 6 digits")
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.setMaxLength(32)
        self.setFixedSize(self.sizeHint())
        self.setProperty("bare", "true")
        self.textChanged.connect(self._only_digits)
        self.selectionChanged.connect(self.update)

    def code(self) -> str:
        """The digits typed so far."""
        return self.text()

    def sizeHint(self) -> QSize:
        """Six cells with a dash in the middle."""
        return QSize(theme().px(DIGITS * _CELL + 4 * _GAP + _MIDDLE), theme().px(56))

    def _only_digits(self, text: str) -> None:
        digits = "".join(mark for mark in text if mark.isascii() and mark.isdigit())[:DIGITS]
        if digits != text:
            self.setText(digits)
            return
        self.full.emit(len(digits) == DIGITS)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Typing goes on at the end."""
        super().focusInEvent(event)
        self.setCursorPosition(len(self.text()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cells and digits."""
        painter, look = QPainter(self), theme()
        at, digits = 0.0, self.text()
        for index in range(DIGITS):
            cell = QRectF(at + 1, 1, look.px(_CELL) - 2, self.height() - 2)
            current = self.hasFocus() and index == min(len(digits), DIGITS - 1)
            rounded(
                painter,
                cell,
                radius=7,
                # What is selected is replaced by the next digit typed.
                fill="accent-tint" if self.hasSelectedText() and index < len(digits) else "surface",
                line="focus" if current else "line-strong",
                width=2 if current else 1,
            )
            if index < len(digits):
                draw_text(painter, cell, digits[index], style="figure", align=CENTER)
            elif current:
                painter.fillRect(QRectF(cell.center().x() - 1, cell.center().y() - 11, 2, 22), look.colour("text"))
            at += look.px(_CELL)
            if index == 2:
                dash = QRectF(at, 0, look.px(_MIDDLE), self.height())
                draw_text(painter, dash, "–", style="heading", role="text-3", align=CENTER)
                at += look.px(_MIDDLE)
            else:
                at += look.px(_GAP)
