"""The sheet for a sign-in code: six cells that take typing, pasting and autofill as one field."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from app.model.connection import Connection
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.fields import Message
from ui.widgets.label import IconView, Label
from ui.widgets.paint import CENTER, draw_text, rounded
from ui.widgets.panels import Well
from ui.widgets.sheet import Sheet
from ui.widgets.status import SourceBox

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
                fill="surface",
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


class CodeSheet(Sheet):
    """Asks for the code of one connection. ``given`` emits six digits; the owner answers with ``refused`` or closes."""

    given = Signal(str)

    def __init__(self, connection: Connection, title: str, waiting: str) -> None:
        super().__init__(f"{title} asks for a code", connection.state_words or "Sent the way that system is set up.")
        self.head.insertWidget(0, SourceBox(connection.source), 0, Qt.AlignmentFlag.AlignTop)
        self.cells = CodeCells()
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.cells)
        line.addStretch(1)
        self.body.addLayout(line)
        self._message = Message()
        self.body.addWidget(self._message)
        if waiting:
            self.body.addWidget(Well(f"Waiting for this: {waiting} They continue by themselves.", "hold"))
        self.note.addWidget(IconView("lock", "text-3", 14))
        self.note.addWidget(Label("The code is used once and not kept.", "small", "text-3"))
        self.add_button("later", Button("Later"))
        self._go = self.add_button("", Button("Continue", "primary", keys="Return"), confirm=True, before=self._give)
        self._go.setEnabled(False)
        self.cells.full.connect(self._go.setEnabled)

    def first_focus(self) -> CodeCells:
        """The cells."""
        return self.cells

    def refused(self, words: str) -> None:
        """The code was not accepted; what was typed stays to be corrected."""
        self._message.say("red", words)
        self._go.setEnabled(True)
        self.cells.setFocus()

    def _give(self) -> bool:
        self._go.setEnabled(False)
        self.given.emit(self.cells.code())
        return False
