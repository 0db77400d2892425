"""The header's popovers: one connection, the practice, the person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from app.model.accounts import Actor
from app.model.connection import Connection, Environment
from ui import words
from ui.services import Practice
from ui.text import budget_words, clean, count
from ui.widgets.buttons import Button
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Line, column, row
from ui.widgets.popover import Popover
from ui.widgets.status import Age, Avatar, FreshnessBadge, Meter, Pill, SourceBox, SourceTag, age_of

#: (connection, what to do): "sync", "check", "code", "change", "details", "resume"
Act = Callable[[Connection, str], None]


def age_of_connection(connection: Connection, now: datetime, zone: str) -> Age:
    """How old what a connection brought is."""
    state = words.connection_states()[connection.state]
    healthy = connection.state.value in {"healthy", "expiring"}
    return age_of(connection.last_sync, now, zone, stale=not healthy, cause=state.icon if not healthy else "clock")


class ConnectionPopover(Popover):
    """State, age, the one action."""

    def __init__(
        self, connection: Connection, now: datetime, zone: str, act: Act, open_all: Callable[[], None]
    ) -> None:
        super().__init__(connection.name, 300)
        state = words.connection_states()[connection.state]
        head = row(SourceBox(connection.source), spacing=10)
        head.addLayout(
            column(
                Label(connection.name, "heading"),
                Label(words.people().environments[connection.environment], "small", "text-3"),
                spacing=0,
            ),
            1,
        )
        self.body.addLayout(head)
        self.body.addLayout(
            row(
                Pill(state.label, state.family, state.icon),
                None,
                FreshnessBadge(age_of_connection(connection, now, zone)),
            )
        )
        self.body.addWidget(Label(clean(connection.state_words) or state.means, "body", "text-2", wrap=True))
        if connection.session_words:
            self.body.addWidget(Label(clean(connection.session_words), "small", "text-3", wrap=True))
        if connection.budget is not None and connection.budget.allowed:
            budget = connection.budget
            text = budget_words(budget)
            self.body.addWidget(Meter(budget.used / budget.allowed, text))
            self.body.addWidget(Label(text, "caption", "text-3"))
        self.body.addWidget(Line())
        foot = QHBoxLayout()
        link = Button("Open Connections", "link")
        link.clicked.connect(self.shut)
        link.clicked.connect(open_all)
        foot.addWidget(link)
        foot.addStretch(1)
        if state.button:
            press = Button(state.button, "primary" if state.act in {"code", "change"} else "plain", size="small")
            press.clicked.connect(self.shut)
            press.clicked.connect(lambda: act(connection, state.act))
            foot.addWidget(press)
        self.body.addLayout(foot)


class PracticePopover(Popover):
    """This practice and its connections (18). Other practices come with their own issue."""

    def __init__(
        self,
        practice: Practice,
        connections: Sequence[Connection],
        now: datetime,
        *,
        act: Act,
        open_all: Callable[[], None],
        sync_all: Callable[[], None],
    ) -> None:
        super().__init__("Practice", 380)
        head = row(Avatar(practice.initials(), 32, strong=True), spacing=10)
        head.addLayout(
            column(
                Label(practice.name, "heading", elide=True),
                Label(f"{practice.location}, {practice.time_zone.replace('_', ' ')}", "small", "text-3"),
                spacing=0,
            ),
            1,
        )
        self.body.addLayout(head)
        if practice.environment is not Environment.PRODUCTION:
            kind = words.people().environments[practice.environment].lower()
            self.body.addWidget(
                Label(f"This is a {kind} practice. Nobody in it is real.", "small", "violet.fg", wrap=True)
            )
        healthy = sum(connection.state.value == "healthy" for connection in connections)
        self.body.addWidget(Line())
        summary = f"{healthy} of {count(len(connections), 'system')} healthy"
        self.body.addLayout(row(Label("Connections", "body-strong"), None, Label(summary, "small", "text-3")))
        for connection in connections:
            self.body.addWidget(Line("line-subtle"))
            self._add(connection, now, practice.time_zone, act)
        foot = row()
        for text, press in (("Open Connections", open_all), ("Sync all", sync_all)):
            link = Button(text, "link", icon="refresh" if text == "Sync all" else "")
            link.clicked.connect(self.shut)
            link.clicked.connect(press)
            foot.addWidget(link)
            if press is open_all:
                foot.addStretch(1)
        self.body.addLayout(foot)

    def _add(self, connection: Connection, now: datetime, zone: str, act: Act) -> None:
        state = words.connection_states()[connection.state]
        line = row(SourceTag(connection.source), spacing=8)
        age = age_of_connection(connection, now, zone)
        line.addLayout(column(Label(connection.name, elide=True), Label(age.words, "caption", "text-3"), spacing=0), 1)
        if state.act in {"code", "change"}:
            press = Button(state.button, size="small", icon=state.icon)
            press.clicked.connect(self.shut)
            press.clicked.connect(lambda: act(connection, state.act))
            line.addWidget(press)
        else:
            line.addWidget(IconView(state.icon, f"{state.family}.solid"))
            line.addWidget(Label(state.label))
        self.body.addLayout(line)


class PersonPopover(Popover):
    """Who is signed in, and what they can do about it."""

    def __init__(self, actor: Actor, choices: Sequence[tuple[str, str, str, Callable[[], None]]]) -> None:
        super().__init__("You", 260)
        parts = actor.full_name.split()
        initials = (parts[0][:1] + parts[-1][:1]).upper() if parts else ""
        head = row(Avatar(initials, 32, strong=True), spacing=10)
        role = words.people().roles[actor.role]
        head.addLayout(
            column(Label(clean(actor.full_name), "heading", elide=True), Label(role, "small", "text-3"), spacing=0), 1
        )
        self.body.addLayout(head)
        self.body.addWidget(Line())
        for text, icon, keys, act in choices:
            press = Button(text, "quiet", icon=icon, keys=keys)
            press.clicked.connect(self.shut)
            press.clicked.connect(act)
            self.body.addWidget(press, 0, Qt.AlignmentFlag.AlignLeft)
