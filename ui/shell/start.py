"""The small windows before there is a store: the passphrase that opens it, or why it does not open and what helps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.model.errors import DaybookError
from ui.tasks import TaskOwner
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.fields import Message, TextField
from ui.widgets.label import BrandMark, Label
from ui.widgets.panels import Ground, clear, column, row

#: Puts the backup at a path, opened by a recovery passphrase, in place. Raises DaybookError in words.
Restore = Callable[[Path, str], Awaitable[None]]


class Remedy(StrEnum):
    """What the person chose where the store does not open."""

    AGAIN = "again"
    RESTORED = "restored"
    SET_ASIDE = "set aside"


class _StartWindow(QWidget):
    """A window with one question; ``answered`` gets the answer, or None when the window is closed instead."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self.setWindowTitle("Daybook")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        ground = Ground("surface")
        self._whole = column(row(BrandMark(26), Label("Daybook", "title"), None, spacing=10), spacing=14)
        self._whole.setContentsMargins(32, 28, 32, 28)
        self.box = QVBoxLayout()
        self.box.setSpacing(14)
        self._whole.addLayout(self.box)
        self._whole.addStretch(1)
        ground.setLayout(self._whole)
        outer = column(ground)
        outer.setContentsMargins(0, 0, 0, 0)
        self.setLayout(outer)
        self.setFixedWidth(theme().px(560))
        self.begin(title)

    def begin(self, title: str, words: str = "") -> None:
        """A new page: its title, and what it means."""
        clear(self.box)
        self.box.addWidget(Label(title, "heading", wrap=True))
        if words:
            self.box.addWidget(Label(words, "body", "text-2", wrap=True))

    def answer(self, words: str | None) -> None:
        """Give the answer and close."""
        if not self.answered.done():
            self.answered.set_result(words)
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is an answer too."""
        if not self.answered.done():
            self.answered.set_result(None)
        super().closeEvent(event)

    async def ask(self) -> str | None:
        """Show the window and wait for what the person says."""
        self.show()
        self.activateWindow()
        try:
            return await self.answered
        finally:
            self.hide()
            self.deleteLater()


async def ask_passphrase(*, new: bool, wrong: str = "") -> str | None:
    """The passphrase that opens the store where the computer has no keyring; None when the person gives up."""
    why = (
        "This computer has no keyring in which Daybook could keep the key, so a passphrase opens the data at each "
        "start. Nobody can recover it: write it down and keep it away from this computer."
        if new
        else "This computer has no keyring, so the data open with the passphrase that was chosen at the first start."
    )
    window = _StartWindow("Choose a passphrase for the data" if new else "Enter the passphrase for the data")
    window.box.addWidget(Label(why, "body", "text-2", wrap=True))
    field = TextField("Passphrase", secret=True, hint="At least 12 characters." if new else "")
    again = TextField("Passphrase, again", secret=True)
    window.box.addWidget(field)
    window.box.addWidget(again)
    again.setVisible(new)
    message = Label(wrong, "small", "red.fg", wrap=True)
    window.box.addWidget(message)
    go = Button("Open Daybook", "primary", keys="Return")

    def done() -> None:
        if new and field.raw() != again.raw():
            message.setText("The two are not the same. Enter them again.")
            return
        if field.raw():
            window.answer(field.raw())

    go.clicked.connect(done)
    for each in (field, again):
        each.edit.returnPressed.connect(done)
    window.box.addLayout(row(None, go))
    field.edit.setFocus()
    return await window.ask()


async def explain(error: DaybookError, restore: Restore | None = None, *, again: str = "Try again") -> Remedy | None:
    """Say why the store does not open, and what can be done; None to leave Daybook.

    With ``restore`` the person may also bring a backup back, which has then been done, or ask for the file to be set
    aside, which the caller does. ``again`` are the words of the button that leads to ``Remedy.AGAIN``.
    """
    window = _Trouble(error, restore, again)
    try:
        answer = await window.ask()
    finally:
        await window.tasks.close()
    return Remedy(answer) if answer else None


class _Trouble(_StartWindow):
    """Three pages: what is wrong; a backup and its passphrase; whether to begin without what was there."""

    def __init__(self, error: DaybookError, restore: Restore | None, again: str) -> None:
        super().__init__(error.happened)
        self._error, self._restore, self._again = error, restore, again
        self.tasks = TaskOwner("start", self._failed)
        self.message: Message | None = None
        self._show_trouble()

    def _show_trouble(self) -> None:
        error = self._error
        self.begin(error.happened, error.means)
        for step in error.next_steps:
            # What stands below as a button needs no line.
            if self._restore is None or "backup" not in step.lower():
                self.box.addWidget(Label(f"•  {step}", "body", wrap=True))
        leave, again = Button("Close Daybook", "plain"), Button(self._again, "plain")
        leave.clicked.connect(lambda: self.answer(None))
        again.clicked.connect(lambda: self.answer(Remedy.AGAIN))
        first = again
        if self._restore is None:
            again.set_kind("primary")
        else:
            first = Button("Restore from backup…", "primary", icon="history")
            first.clicked.connect(self._choose)
            aside = Button("Set this file aside and begin new…", "link")
            aside.clicked.connect(self._show_set_aside)
            words = "A backup brings everything back as it was. You need its file and the recovery passphrase."
            self.box.addWidget(Label(words, "small", "text-2", wrap=True))
            self.box.addLayout(row(first, None))
            self.box.addLayout(row(aside, None))
        self._foot(f"Kind of trouble: {error.code}", leave, again)
        first.setFocus()

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Restore from backup")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.show_backup(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def show_backup(self, source: Path) -> None:
        """Ask for the recovery passphrase of the backup at ``source``."""
        self.begin(
            f"Restore {source.name}?",
            "Everything becomes as it was when this backup was made. The file that does not open is kept beside it.",
        )
        field = TextField("Recovery passphrase", secret=True, hint="It was chosen when Daybook was set up.")
        self.box.addWidget(field)
        self.message = message = Message()
        self.box.addWidget(message)
        back, go = Button("Back", "quiet"), Button("Restore", "primary", icon="history", keys="Return")
        back.clicked.connect(self._show_trouble)

        def press() -> None:
            if field.raw():
                message.say("", "")
                go.setEnabled(False)
                go.set_words("Restoring…")
                back.setEnabled(False)
                self.tasks.start_once("restore", bring_back())

        async def bring_back() -> None:
            assert self._restore is not None
            try:
                await self._restore(source, field.raw())
            except DaybookError as error:
                message.say("red", " ".join(filter(None, (error.happened, error.means, *error.next_steps[:1]))))
                go.set_words("Restore")
                go.setEnabled(True)
                back.setEnabled(True)
                field.edit.setFocus()
                return
            self.answer(Remedy.RESTORED)

        go.clicked.connect(press)
        field.edit.returnPressed.connect(press)
        self._foot("", back, go)
        field.edit.setFocus()

    def _show_set_aside(self) -> None:
        self.begin(
            "Set this file aside and begin new?",
            "Daybook starts empty, as on the first day: accounts, settings and connections are entered again, and "
            "schedule and patients are read again from your systems. Changes that still waited to be sent stay in "
            "the file and are not sent: look in your systems what is missing. The file is kept, not destroyed.",
        )
        back = Button("Back")
        back.clicked.connect(self._show_trouble)
        go = Button("Set it aside and begin new", "danger")
        go.clicked.connect(lambda: self.answer(Remedy.SET_ASIDE))
        self._foot("", back, go)
        back.setFocus()

    def _foot(self, words: str, *buttons: QWidget) -> None:
        line: Sequence[QWidget | None] = (*([Label(words, "small", "text-3")] if words else []), None, *buttons)
        self.box.addLayout(row(*line))
        self.adjustSize()

    def _failed(self, error: BaseException) -> None:
        if self.message is not None:
            self.message.say("red", f"It could not be done ({type(error).__name__}). Nothing was changed.")
