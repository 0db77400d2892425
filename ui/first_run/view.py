"""The first run (14): account and recovery passphrase, demo or a system, then the day."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.model.accounts import Actor
from app.model.errors import BadInput, DaybookError
from app.model.systems import SystemForm
from ui.connect_form import ConnectFields, asked_for
from ui.first_run.parts import Aside, page
from ui.services import Services
from ui.shell.session import Session
from ui.tasks import TaskOwner
from ui.text import clean, count
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.fields import CheckKind, LineEdit, Message, TextField
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Ground, Line, Scroll, Well, clear, column, row
from ui.widgets.status import SourceBox

_SHORTEST_RECOVERY = 12


class FirstRun(QWidget):
    """Three steps; Enter goes on. The demo needs no step before it."""

    def __init__(self, services: Services, session: Session, tasks: TaskOwner) -> None:
        super().__init__()
        self._services, self._session, self._tasks = services, session, tasks
        self._actor: Actor | None = None
        self.setAccessibleName("Setting up Daybook")
        self._aside = Aside()
        inside = Ground("surface")
        self._pages = QVBoxLayout(inside)
        self._pages.setContentsMargins(0, 0, 0, 0)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._aside, 2)
        box.addWidget(Line(vertical=True))
        box.addWidget(Scroll(inside, sideways=True), 5)
        self._message = Message()
        self._show_protect()

    # -- step 1 --------------------------------------------------------------------------------------------------

    def _show_protect(self) -> None:
        self._aside.show_step(1)
        made, box = page(
            "Protect this computer", "The first account is an administrator's. You can add the others later."
        )
        self._full_name = TextField("Your name", check=_needed, placeholder="As your colleagues know you")
        self._user_name = TextField("User name", check=_needed, hint="What you type to sign in.")
        self._password = TextField("Passphrase", secret=True, check=self._check_password)
        self._again = TextField("Passphrase, again", secret=True, check=self._check_again)
        hint = (
            f"At least {_SHORTEST_RECOVERY} characters. Write it down and keep it away from this computer: "
            "a backup cannot be opened without it."
        )
        self._recovery = TextField("Recovery passphrase", secret=True, check=self._check_recovery, hint=hint)
        form = QWidget()
        form.setMaximumWidth(theme().px(520))
        fields = (self._full_name, self._user_name, self._password, self._again, self._recovery)
        form.setLayout(column(*fields, spacing=14))
        box.addWidget(form)
        self._message = Message()
        box.addWidget(self._message)
        go = Button("Protect and go on", "primary", keys="Return", size="large")
        go.clicked.connect(self._protect)
        for field in fields:
            field.edit.returnPressed.connect(self._protect)
        box.addLayout(row(go, None))
        box.addStretch(1)
        demo = Button("Open demo", "plain", icon="sandbox")
        demo.clicked.connect(self._open_demo)
        restore = Button("Restore from backup", "plain", icon="history")
        restore.clicked.connect(self._restore)
        hint_words = Label(
            "Only looking? The demo practice needs no set-up and works offline.", "small", "text-2", wrap=True
        )
        last = row(spacing=8)
        last.addWidget(hint_words, 1)
        last.addWidget(demo)
        last.addWidget(restore)
        box.addLayout(last)
        self._put(made)

    def _protect(self) -> None:
        fields = (self._full_name, self._user_name, self._password, self._again, self._recovery)
        wrong = [field for field in fields if not field.check_now()]
        if wrong:
            wrong[0].edit.setFocus()
            return
        self._do("protect", self._make_first())

    async def _make_first(self) -> None:
        actor = await self._services.accounts.first_admin(
            self._full_name.text(),
            self._user_name.text(),
            self._password.raw(),
            self._services.practice.workstation,
        )
        await self._services.upkeep.set_recovery_passphrase(self._recovery.raw(), actor)
        self._actor = actor
        self.show_choice()

    def _check_password(self, text: str) -> tuple[CheckKind, str]:
        return (
            ("", "") if len(self._password.raw()) >= 8 else ("red", "At least 8 characters. A short sentence is good.")
        )

    def _check_again(self, text: str) -> tuple[CheckKind, str]:
        return ("", "") if self._again.raw() == self._password.raw() else ("red", "This is not the same as above.")

    def _check_recovery(self, text: str) -> tuple[CheckKind, str]:
        if len(self._recovery.raw()) < _SHORTEST_RECOVERY:
            return "red", f"At least {_SHORTEST_RECOVERY} characters."
        if self._recovery.raw() == self._password.raw():
            return "red", "Choose another one than your own passphrase: colleagues will know it too."
        return "", ""

    # -- step 2 --------------------------------------------------------------------------------------------------

    def show_choice(self) -> None:
        """Step 2: the demo, or a system."""
        self._aside.show_step(2)
        made, box = page("How would you like to start?", "You can do the other one later.")
        box.addWidget(self._demo_card())
        or_line = row(spacing=12)
        or_line.addWidget(Line(), 1)
        or_line.addWidget(Label("or connect a system you use", "small", "text-3"))
        or_line.addWidget(Line(), 1)
        box.addLayout(or_line)
        card = Ground("surface", line="line", radius=8)
        lines = QVBoxLayout(card)
        lines.setContentsMargins(1, 1, 1, 1)
        lines.setSpacing(0)
        head = row(
            Label("Your systems", "body-strong"), None, Label("Start with one, add the rest later", "small", "text-3")
        )
        head.setContentsMargins(16, 12, 16, 12)
        lines.addLayout(head)
        for system in self._services.connections.systems():
            lines.addWidget(Line())
            lines.addLayout(self._system_line(system))
        box.addWidget(card)
        self._message = Message()
        box.addWidget(self._message)
        box.addStretch(1)
        later = Button("Later", "quiet")
        later.clicked.connect(self._finish)
        restore = Button("Restore from backup", icon="history")
        restore.clicked.connect(self._restore)
        last = row(spacing=8)
        told = "Connect only systems your practice has agreed to let you use."
        last.addWidget(Label(told, "small", "text-2", wrap=True), 1)
        last.addWidget(later)
        last.addWidget(restore)
        box.addLayout(last)
        self._put(made)

    def _demo_card(self) -> Ground:
        card = Ground("accent-tint", line="focus", radius=10)
        line = QHBoxLayout(card)
        line.setContentsMargins(20, 18, 20, 18)
        line.setSpacing(16)
        square = Ground("accent", radius=8)
        square.setFixedSize(theme().px(40), theme().px(40))
        holder = QVBoxLayout(square)
        holder.addWidget(IconView("sandbox", "on-accent", 20), 0, Qt.AlignmentFlag.AlignCenter)
        line.addWidget(square)
        words = (
            "Larkspur Family Medicine: simulated systems, invented patients. Works offline. "
            "Nothing leaves this computer."
        )
        line.addLayout(
            column(Label("Open the demo practice", "heading"), Label(words, "body", "text-2", wrap=True), spacing=1), 1
        )
        go = Button("Open demo", "primary", icon="arrow-r", keys="Return", size="large")
        go.clicked.connect(self._open_demo)
        line.addWidget(go)
        return card

    def _system_line(self, system: SystemForm) -> QHBoxLayout:
        line = row(spacing=16, margins=(16, 9, 14, 9))
        line.addWidget(SourceBox(system.source))
        name = Label(system.title, "body", weight=500)
        name.setFixedWidth(theme().px(190))
        line.addWidget(name)
        line.addWidget(Label(asked_for(system), "body", "text-2", elide=True), 1)
        go = Button("Connect", size="small")
        go.setAccessibleName(f"Connect {system.title}")
        go.clicked.connect(lambda: self._show_connect(system))
        line.addWidget(go)
        return line

    def _show_connect(self, system: SystemForm) -> None:
        made, box = page(
            f"Connect {system.title}", "Daybook signs in and tries every part read-only before anything is kept."
        )
        fields = ConnectFields(system, self._services.practice)
        fields.setMaximumWidth(theme().px(520))
        box.addWidget(fields)
        self._message = Message()
        box.addWidget(self._message)
        back = Button("Back", "quiet")
        back.clicked.connect(self.show_choice)
        go = Button("Test and connect", "primary", icon="plug", size="large")
        go.clicked.connect(lambda: self._connect(system, fields))
        box.addLayout(row(go, back, None))
        box.addStretch(1)
        self._put(made)

    def _connect(self, system: SystemForm, fields: ConnectFields) -> None:
        form = fields.filled()
        if form is None or self._actor is None:
            return

        async def add(actor: Actor) -> None:
            self._message.say("", f"Asking {system.title}…")
            try:
                connection = await self._services.connections.add(form, actor)
            except BadInput as error:
                if not fields.refuse(error.field, error.happened):
                    raise
                return
            self._show_day(connection.name)

        self._do("connect", add(self._actor))

    # -- step 3 --------------------------------------------------------------------------------------------------

    def _show_day(self, name: str) -> None:
        self._aside.show_step(3)
        made, box = page(
            "Set up your day", f"{name} is connected. Daybook reads providers, visit types and visits now."
        )
        self._found = Label("Reading…", "body", "text-2", wrap=True)
        box.addWidget(self._found)
        words = (
            "Working hours, blocks and visit rules are entered per provider in Settings. "
            "They only take times away, and explain why."
        )
        box.addWidget(Well(words))
        box.addStretch(1)
        go = Button("Open the schedule", "primary", icon="arrow-r", keys="Return", size="large")
        go.clicked.connect(self._finish)
        box.addLayout(row(go, None))
        self._put(made)
        self._tasks.start_once("found", self._say_found())

    async def _say_found(self) -> None:
        assert self._actor is not None
        providers = await self._services.desk.rules.providers(self._actor)
        types = await self._services.desk.rules.visit_types(self._actor)
        names = ", ".join(clean(provider.shown_name()) for provider in providers[:6])
        if providers:
            self._found.setText(f"{count(len(providers), 'provider')}: {names}. {count(len(types), 'visit type')}.")
        else:
            self._found.setText("Nothing has been read yet. It goes on by itself while you work.")

    def _finish(self) -> None:
        if self._actor is not None:
            self._tasks.start_once("begin", self._session.begin(self._actor))

    # -- shared --------------------------------------------------------------------------------------------------

    def _open_demo(self) -> None:
        self._do("demo", self._services.upkeep.open_demo())

    def _restore(self) -> None:
        dialog = QFileDialog(self, "Restore from backup")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._show_restore)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_restore(self, path: str) -> None:
        made, box = page("Restore from backup", Path(path).name)
        passphrase = TextField("Recovery passphrase", secret=True, check=_needed)
        passphrase.setMaximumWidth(theme().px(420))
        box.addWidget(passphrase)
        self._message = Message()
        box.addWidget(self._message)
        back = Button("Back", "quiet")
        back.clicked.connect(self._show_protect if self._actor is None else self.show_choice)
        go = Button("Restore", "primary", icon="history", size="large")

        def press() -> None:
            if passphrase.check_now():
                self._do("restore", self._services.upkeep.restore(Path(path), passphrase.raw(), self._actor))

        go.clicked.connect(press)
        passphrase.edit.returnPressed.connect(press)
        box.addLayout(row(go, back, None))
        box.addStretch(1)
        self._put(made)

    def _do(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except DaybookError as error:
                said = " ".join(filter(None, (error.happened, error.means, *error.next_steps)))
                self._message.say("red", said)

        self._message.say("", "")
        self._tasks.start_once(key, guarded())

    def _put(self, made: QWidget) -> None:
        """Another page in place of the last one. Its first field has focus, else its first button: Enter presses it."""
        clear(self._pages)
        self._pages.addWidget(made)
        made.show()
        first = next(iter([*made.findChildren(LineEdit), *made.findChildren(Button)]), made)
        first.setFocus(Qt.FocusReason.OtherFocusReason)


def _needed(text: str) -> tuple[CheckKind, str]:
    return ("", "") if text else ("red", "This is needed.")
