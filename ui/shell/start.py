"""The small windows before there is a store: the passphrase that opens it, or why it does not open."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from app.model.errors import DaybookError
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.label import BrandMark, Label
from ui.widgets.panels import Ground, column, row


class _StartWindow(QWidget):
    """A window with one question; ``answered`` gets the answer, or None when the window is closed instead."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self.setWindowTitle("Daybook")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        ground = Ground("surface")
        self.box = column(row(BrandMark(26), Label("Daybook", "title"), None, spacing=10), spacing=14)
        self.box.setContentsMargins(32, 28, 32, 28)
        self.box.addWidget(Label(title, "heading", wrap=True))
        ground.setLayout(self.box)
        whole = column(ground)
        whole.setContentsMargins(0, 0, 0, 0)
        self.setLayout(whole)
        self.setFixedWidth(theme().px(480))

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
    window = _StartWindow("Choose a passphrase for the data" if new else "Enter the passphrase for the data")
    why = (
        "This computer has no keyring in which Daybook could keep the key, so a passphrase opens the data at each "
        "start. Nobody can recover it: write it down and keep it away from this computer."
        if new
        else "This computer has no keyring, so the data open with the passphrase that was chosen at the first start."
    )
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


async def explain(error: DaybookError) -> bool:
    """Say why the store does not open. True when the person wants to try again, False to leave."""
    window = _StartWindow(error.happened)
    if error.means:
        window.box.addWidget(Label(error.means, "body", "text-2", wrap=True))
    for step in error.next_steps:
        window.box.addWidget(Label(f"•  {step}", "body", wrap=True))
    window.box.addWidget(Label(f"Kind of trouble: {error.code}", "small", "text-3"))
    leave, again = Button("Close Daybook"), Button("Try again", "primary", keys="Return")
    leave.clicked.connect(lambda: window.answer(None))
    again.clicked.connect(lambda: window.answer("again"))
    window.box.addLayout(row(None, leave, again))
    again.setFocus()
    return await window.ask() == "again"
