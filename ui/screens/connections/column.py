"""The head of one connection's column: state in words, age, session, budget, the one thing to do."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.model.connection import Connection, Environment
from ui import words
from ui.text import budget_words, clean, moment_words, tip
from ui.theme import theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.label import Label
from ui.widgets.panels import row
from ui.widgets.status import Meter, Pill, SourceBox

_BUTTON_ICONS = {
    "sync": "refresh",
    "check": "check",
    "code": "key",
    "change": "edit",
    "details": "eye",
    "resume": "play",
}


class ConnectionColumn(QWidget):
    """``acted`` tells the act of the button pressed; ``menu_wanted`` the widget to open the menu at."""

    acted = Signal(object, str)
    menu_wanted = Signal(object, object)

    def __init__(self, connection: Connection, now: datetime, zone: str) -> None:
        super().__init__()
        self.connection = connection
        self._state = words.connection_states()[connection.state]
        self.setAccessibleName(f"{connection.name}: {self._state.label}")
        box = QVBoxLayout(self)
        box.setContentsMargins(15, 14, 13, 12)
        box.setSpacing(8)
        box.addLayout(self._head())
        pills = row(Pill(self._state.label, self._state.family, self._state.icon), spacing=6)
        if connection.environment is not Environment.PRODUCTION:
            pills.addWidget(Pill(words.people().environments[connection.environment], "violet", "sandbox"))
        pills.addStretch(1)
        box.addLayout(pills)
        told = Label(clean(connection.state_words) or self._state.means, "small", "text-2", wrap=True)
        told.setMinimumHeight(theme().px(66))
        told.setAlignment(Qt.AlignmentFlag.AlignTop)
        box.addWidget(told)
        box.addStretch(1)
        box.addLayout(self._facts())
        box.addSpacing(2)
        box.addLayout(self._budget())
        box.addSpacing(4)
        box.addLayout(self._button())
        self.renew(connection, now, zone)

    def fits(self, connection: Connection) -> bool:
        """Whether this column can go on showing ``connection``: only its numbers have moved."""
        before = self.connection
        same = (before.connection_id, before.name, before.environment, before.state, before.state_words)
        return same == (
            connection.connection_id,
            connection.name,
            connection.environment,
            connection.state,
            connection.state_words,
        )

    def renew(self, connection: Connection, now: datetime, zone: str) -> None:
        """Show the numbers of now; buttons, and the focus on them, stay."""
        self.connection = connection
        self._last.setText(moment_words(connection.last_sync, now, zone) if connection.last_sync else "Not yet")
        after = ""
        if connection.next_sync is not None and self._state.act == "sync":
            after = f"Next {moment_words(connection.next_sync, now, zone)}"
        self._next.setText(after)
        self._session.setText(clean(connection.session_words) or "Not signed in")
        budget = connection.budget
        share = budget.used / budget.allowed if budget is not None and budget.allowed else 0.0
        told = clean(budget_words(budget)) if budget is not None else "Not measured yet"
        self._percent.setText(f"{share:.0%}" if budget is not None else "")
        self._meter.show_share(share, f"Request budget: {told}", "amber" if share >= 0.7 else "")
        # Why just so much is allowed follows in brackets; it is told in the tip and to screen readers.
        self._spent.setText(told.partition(" (")[0])
        self._spent.setToolTip(tip(told))

    def _head(self) -> QHBoxLayout:
        head = row(SourceBox(self.connection.source), spacing=10)
        name = Label(self.connection.name, "body-strong", elide=True)
        head.addWidget(name, 1)
        more = IconButton("more", f"More about {self.connection.name}")
        more.clicked.connect(lambda: self.menu_wanted.emit(self.connection, more))
        head.addWidget(more)
        return head

    def _facts(self) -> QVBoxLayout:
        self._last, self._next = Label("", "body", weight=500), Label("", "small", "text-3")
        self._session = Label("", "small", elide=True)
        box = QVBoxLayout()
        box.setSpacing(0)
        box.addWidget(Label("Last sync", "caption", "text-3"))
        box.addLayout(row(self._last, None, self._next))
        box.addSpacing(6)
        box.addWidget(Label("Session", "caption", "text-3"))
        box.addWidget(self._session)
        return box

    def _budget(self) -> QVBoxLayout:
        self._percent = Label("", "caption", "text-3")
        self._meter = Meter(0.0, "Request budget")
        self._spent = Label("", "caption", "text-3", elide=True)
        box = QVBoxLayout()
        box.setSpacing(3)
        box.addLayout(row(Label("Request budget", "caption", "text-3"), None, self._percent))
        box.addWidget(self._meter)
        box.addWidget(self._spent)
        return box

    def _button(self) -> QHBoxLayout:
        line = QHBoxLayout()
        if self._state.button:
            urgent = self._state.act in {"code", "change"}
            press = Button(
                self._state.button,
                "primary" if urgent else "plain",
                icon=_BUTTON_ICONS.get(self._state.act, ""),
                size="small",
            )
            press.setAccessibleName(f"{self._state.button}: {self.connection.name}")
            press.clicked.connect(lambda: self.acted.emit(self.connection, self._state.act))
            line.addWidget(press)
        line.addStretch(1)
        return line

    def paintEvent(self, event: QPaintEvent) -> None:
        """The coloured edge on top, a hairline at the left."""
        painter, look = QPainter(self), theme()
        painter.fillRect(0, 0, self.width(), 3, look.colour(f"{self._state.family}.solid"))
        painter.fillRect(0, 3, 1, self.height(), look.colour("line"))
