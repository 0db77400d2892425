"""Form fields: label above, the field, one message below that names the fix. Nothing typed is ever cleared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from app.rules.dates import parse_date
from ui.text import field_date
from ui.theme import icons, theme
from ui.widgets.buttons import IconButton
from ui.widgets.label import IconView, Label
from ui.widgets.paint import rounded

CheckKind = Literal["", "green", "amber", "red"]
_SHAPES = {"green": "check-ring", "amber": "alert", "red": "octagon-x"}

#: What a check says of a text: how serious, and the words. ``("", "")`` when there is nothing to say.
Check = Callable[[str], tuple[CheckKind, str]]


class Message(QWidget):
    """The line below a field: green confirms, amber warns, red blocks; neutral is a hint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(6)
        self._icon = IconView("info", "text-3", 13)
        self._text = Label("", "small", "text-3", wrap=True)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.hide()

    def say(self, kind: CheckKind, words: str) -> None:
        """Show ``words``, or nothing."""
        self._icon.setVisible(bool(kind))
        if kind:
            self._icon.set_icon(_SHAPES[kind], f"{kind}.solid")
        self._text.setText(words)
        self._text.set_role(f"{kind}.fg" if kind else "text-3")
        self.setVisible(bool(words))

    def words(self) -> str:
        """What it says."""
        return self._text.text()


class LineEdit(QLineEdit):
    """A one-line editor with the ring of a focused field and, where given, an icon before the text."""

    left = Signal()

    def __init__(self, name: str, *, icon: str = "", mono: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._mono = mono
        self.setAccessibleName(name)
        self.setMaxLength(2000)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        look = theme()
        self.setFont(look.font("mono" if self._mono else "body"))
        if self._icon_name:
            # The action stays and only its picture changes: taking it away here would delete a button of Qt's while Qt
            # walks its list of widgets to tell them of a new style.
            drawn = icons.icon(self._icon_name, look.colour("text-3"))
            for action in self.actions():
                action.setIcon(drawn)
            if not self.actions():
                self.addAction(drawn, QLineEdit.ActionPosition.LeadingPosition)
            # Qt leaves twice as much between picture and text as the design.
            self.setTextMargins(-6, 0, 0, 0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that the field was left (a popup does not count)."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def set_check(self, kind: CheckKind) -> None:
        """Colour the edge."""
        self.setProperty("check", kind)
        self.style().unpolish(self)
        self.style().polish(self)


class Ring(QWidget):
    """The 3 px tint around a focused field: wraps the editor, which keeps its place."""

    def __init__(self, editor: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.addWidget(editor)
        editor.installEventFilter(self)
        self.setFocusProxy(editor)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Paint again when focus comes or goes."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tint."""
        if self._editor.hasFocus():
            rounded(QPainter(self), self.rect(), radius=8, fill="accent-tint")


class Field(QWidget):
    """Label, any editor, message. ``optional`` is said beside the label. Tab order is reading order."""

    def __init__(
        self, label: str, editor: QWidget, *, optional: bool = False, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._hint = hint
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(5)
        head.setContentsMargins(0, 0, 0, 2)
        self.label = Label(label, "small", "text-2", weight=500)
        self.label.setBuddy(editor)
        head.addWidget(self.label)
        if optional:
            head.addWidget(Label("optional", "small", "text-3"))
        head.addStretch(1)
        column.addLayout(head)
        if isinstance(editor, LineEdit | TextEdit):
            # The ring lies in the margin, so that fields and labels keep one left edge.
            ring = Ring(editor)
            ring.setContentsMargins(-3, 0, -3, 0)
            column.addWidget(ring)
        else:
            # As tall as a field with a ring, so that labels side by side stand level.
            column.addSpacing(3)
            column.addWidget(editor)
            column.addSpacing(3)
        self.message = Message()
        column.addWidget(self.message)
        self.message.say("", hint)
        self.setFocusProxy(editor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def say(self, kind: CheckKind, words: str) -> None:
        """Show a message, or the hint again."""
        self.message.say(kind, words or self._hint)
        if isinstance(self.editor, LineEdit):
            self.editor.set_check(kind)
        described = f"{self.label.text()}. {words}" if words else self._hint
        self.editor.setAccessibleDescription(described)


class TextField(Field):
    """A labelled one-line text, checked when it is left and again on save."""

    def __init__(
        self,
        label: str,
        *,
        text: str = "",
        placeholder: str = "",
        check: Check | None = None,
        optional: bool = False,
        hint: str = "",
        icon: str = "",
        mono: bool = False,
        secret: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self.edit = LineEdit(label, icon=icon, mono=mono)
        self.edit.setText(text)
        self.edit.setPlaceholderText(placeholder)
        super().__init__(label, self.edit, optional=optional, hint=hint, parent=parent)
        self._check = check
        self.edit.left.connect(self.check_now)
        self.edit.textEdited.connect(self._typed)
        if secret:
            self._make_secret()

    def text(self) -> str:
        """What is typed, without blanks around it."""
        return self.edit.text().strip()

    def raw(self) -> str:
        """What is typed, as it is (passphrases)."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Put ``text`` in."""
        self.edit.setText(text)

    def check_now(self) -> bool:
        """Check the text; False when it blocks."""
        if self._check is None:
            return True
        kind, words = self._check(self.text())
        self.say(kind, words)
        return kind != "red"

    def _typed(self) -> None:
        # A red message goes as soon as what is typed no longer deserves it; a new one waits until the field is left.
        if self._check is not None and self.message.words() and self._check(self.text())[0] != "red":
            self.say("", "")

    def _make_secret(self) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        eye = IconButton("eye", "Show what is typed", parent=self.edit)
        eye.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        eye.setCheckable(True)
        eye.toggled.connect(
            lambda on: self.edit.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        )
        row = QHBoxLayout(self.edit)
        row.setContentsMargins(0, 0, 4, 0)
        row.addStretch(1)
        row.addWidget(eye)
        self.edit.setTextMargins(0, 0, 30, 0)


class TextEdit(QPlainTextEdit):
    """Several lines of plain text; Tab goes on to the next field."""

    def __init__(self, name: str, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        look = theme()
        self.setFont(look.font("body"))
        self.setFixedHeight(look.line_height("body") * self._lines + 20)


class DateField(TextField):
    """A typed date, written out in full when the field is left."""

    def __init__(
        self, label: str, today: Callable[[], date], *, past: bool = False, optional: bool = False, hint: str = ""
    ) -> None:
        super().__init__(label, placeholder="MM/DD/YYYY", optional=optional, hint=hint, check=self._judge)
        self._today, self._past, self._needed = today, past, not optional
        self.edit.left.connect(self._write_out)

    def value(self) -> date | None:
        """The date typed, or None."""
        return parse_date(self.text(), self._today(), past=self._past)

    def set_value(self, day: date | None) -> None:
        """Put a date in."""
        self.set_text(field_date(day))

    def _write_out(self) -> None:
        day = self.value()
        if day is not None:
            self.set_text(field_date(day))

    def _judge(self, text: str) -> tuple[CheckKind, str]:
        if not text:
            return ("red", "A date is needed here.") if self._needed and self.edit.isModified() else ("", "")
        day = parse_date(text, self._today(), past=self._past)
        if day is None:
            return "red", "Not a date. Write it as 03/14/1984."
        if self._past and day > self._today():
            return "red", "This is in the future. Check the year."
        return "", ""


class SearchField(LineEdit):
    """A search line; Escape empties it first, then leaves it. Down goes to the results."""

    down = Signal()

    def __init__(self, name: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(name, icon="search", parent=parent)
        self.setPlaceholderText(placeholder)
        self.setClearButtonEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape and Down."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
            return
        super().keyPressEvent(event)
