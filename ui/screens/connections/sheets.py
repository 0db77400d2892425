"""Sheets of the Connections page: connect or change a system, details, remove."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.model.connection import Connection
from app.model.errors import BadInput, DaybookError
from app.model.systems import ConnectionForm, SystemForm, TrialReport
from ui import words
from ui.connect_form import ConnectFields, asked_for
from ui.services import Practice
from ui.text import clean, count, moment_words
from ui.widgets.buttons import Button
from ui.widgets.confirm import ConfirmSheet, Step
from ui.widgets.fields import Message
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Line, Well, clear, row
from ui.widgets.sheet import Sheet
from ui.widgets.status import SourceBox

Start = Callable[[Coroutine[Any, Any, None]], None]


class ChooseSystem(Sheet):
    """Which system? Closes with the vendor's name."""

    def __init__(self, systems: tuple[SystemForm, ...]) -> None:
        super().__init__("Connect a system", "Daybook signs in with your own account and shows only what it may see.")
        for number, system in enumerate(systems):
            if number:
                self.body.addWidget(Line("line-subtle"))
            line = row(SourceBox(system.source), spacing=14)
            texts = QVBoxLayout()
            texts.setSpacing(0)
            texts.addWidget(Label(system.title, "body-strong"))
            texts.addWidget(Label(asked_for(system), "small", "text-2", wrap=True))
            line.addLayout(texts, 1)
            press = Button("Connect", size="small")
            press.setAccessibleName(f"Connect {system.title}")
            press.clicked.connect(lambda _on=False, name=system.vendor: self.close_with(name))
            line.addWidget(press)
            self.body.addLayout(line)
        self.add_button("", Button("Cancel", keys="Esc"))


class ConnectSheet(Sheet):
    """The form of one system: test as often as wanted, then connect. Closes with ``"saved"``."""

    def __init__(
        self,
        system: SystemForm,
        practice: Practice,
        existing: Connection | None,
        start: Start,
        test: Callable[[ConnectionForm], Coroutine[Any, Any, TrialReport]],
        save: Callable[[ConnectionForm], Coroutine[Any, Any, Connection]],
    ) -> None:
        title = f"Change the sign-in of {existing.name}" if existing else f"Connect {system.title}"
        super().__init__(title, "Everything is tried read-only before anything is kept.", width=560)
        self.head.insertWidget(0, SourceBox(system.source), 0, Qt.AlignmentFlag.AlignTop)
        self._start, self._test, self._save = start, test, save
        self.fields = ConnectFields(system, practice, existing)
        self.body.addWidget(self.fields)
        self._message = Message()
        self.body.addWidget(self._message)
        self._found = QVBoxLayout()
        self._found.setSpacing(4)
        self.body.addLayout(self._found)
        self.add_note("lock", "Secrets go to this computer's key store.")
        self.footer.addWidget(self._tester())
        label = "Save" if existing else "Connect"
        self._go = self.add_button("", Button(label, "primary", keys="Ctrl+Return"), confirm=True, before=self._press)

    def _tester(self) -> Button:
        self._try = Button("Test")

        def press() -> None:
            form = self.fields.filled()
            if form is not None:
                self._start(self._run_test(form))

        self._try.clicked.connect(press)
        return self._try

    def _press(self) -> bool:
        form = self.fields.filled()
        if form is not None:
            self._start(self._run_save(form))
        return False

    async def _run_test(self, form: ConnectionForm) -> None:
        self._busy(True, "Asking…")
        try:
            report = await self._test(form)
        except DaybookError as error:
            self._refused(error)
            return
        finally:
            self._busy(False)
        self._message.say("green", f"It answers. {clean(report.session_words)}".strip())
        self.show_report(report)

    async def _run_save(self, form: ConnectionForm) -> None:
        self._busy(True, "Asking, then saving…")
        try:
            await self._save(form)
        except DaybookError as error:
            self._refused(error)
            return
        finally:
            self._busy(False)
        self.close_with("saved")

    def show_report(self, report: TrialReport) -> None:
        """What the test found, each capability with its words."""
        clear(self._found)
        table = words.capabilities()
        for offer in report.offers:
            shown = table.standings[offer.standing]
            line = row(IconView(shown.icon, f"{shown.family}.solid" if shown.family else "text-3", 14), spacing=8)
            line.addWidget(Label(table.labels[offer.capability], "small"))
            line.addWidget(Label(clean(offer.words) or shown.label, "small", "text-3", elide=True), 1)
            self._found.addLayout(line)

    def _busy(self, on: bool, told: str = "") -> None:
        self._go.setEnabled(not on)
        self._try.setEnabled(not on)
        if told:
            self._message.say("", told)

    def _refused(self, error: DaybookError) -> None:
        if isinstance(error, BadInput) and self.fields.refuse(error.field, error.happened):
            self._message.say("", "")
            return
        self._message.say("red", " ".join(filter(None, (error.happened, error.means, *error.next_steps))))


def details_sheet(connection: Connection, now: datetime, zone: str) -> Sheet:
    """State, and each topic's age with why it failed since."""
    state = words.connection_states()[connection.state]
    sheet = Sheet(connection.name, clean(connection.state_words) or state.means, width=560)
    sheet.head.insertWidget(0, SourceBox(connection.source), 0, Qt.AlignmentFlag.AlignTop)
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(7)
    grid.setColumnStretch(2, 1)
    for column, text in enumerate(("Topic", "Last read", "Since then")):
        grid.addWidget(Label(text, "caption", "text-3"), 0, column)
    for line, fresh in enumerate(connection.freshness, start=1):
        grid.addWidget(Label(words.people().topics[fresh.topic]), line, 0)
        read = moment_words(fresh.as_of, now, zone) if fresh.as_of else "not yet"
        grid.addWidget(Label(read), line, 1)
        grid.addWidget(
            Label(clean(fresh.failure), "body", "amber.fg" if fresh.failure else "text-3", wrap=True), line, 2
        )
    if not connection.freshness:
        grid.addWidget(Label("Nothing has been read yet.", "body", "text-2"), 1, 0, 1, 3)
    sheet.body.addWidget(holder)
    addresses = ", ".join(connection.base_urls.values())
    sheet.body.addWidget(Well(f"{addresses}, account {connection.tenant}", "link"))
    sheet.add_button("", Button("Close", "primary"), confirm=True)
    return sheet


def remove_sheet(connection: Connection, waiting: int, recorded_as: str) -> ConfirmSheet:
    """Before a connection and all it brought is wiped."""
    title = f"Remove {connection.name}?"
    told = "Its patients, visits and links leave this computer. Nothing changes in the system itself."
    wait = f"{count(waiting, 'waiting change')} to it will be cancelled." if waiting else "No change to it is waiting."
    steps = (
        Step(
            title="Forget its sign-in",
            words="The key is removed from this computer's key store.",
            source=connection.source,
        ),
        Step(
            title="Wipe what it brought",
            words=wait,
            source=connection.source,
            pill=("Cannot be undone", "amber", "alert"),
        ),
    )
    return ConfirmSheet(
        title,
        told,
        differences=(),
        steps=steps,
        on_failure="If it cannot be wiped, the connection stays as it is.",
        recorded_as=recorded_as,
        button="Remove connection",
    )
