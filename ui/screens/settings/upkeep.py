"""Backup, restore, wipe."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.model.accounts import Permission
from app.model.errors import DaybookError
from ui.screens.settings.sections import Section
from ui.text import local
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.panels import Well
from ui.widgets.sheet import Sheet


class Upkeep(Section):
    """The local copy: kept elsewhere, brought back, destroyed."""

    title = "Backup, restore, wipe"

    def build(self) -> None:
        """Three lines, each with its button."""
        permissions = self.shell.actor().permissions
        save = Button("Back up…", icon="save")
        save.clicked.connect(self._choose_target)
        save.setEnabled(Permission.BACK_UP in permissions)
        words = (
            "Writes everything here, waiting changes included, into one file that only the recovery passphrase opens."
        )
        self.setting("Back up", words, save)
        back = Button("Restore…", icon="history")
        back.clicked.connect(self._choose_source)
        back.setEnabled(Permission.BACK_UP in permissions)
        self.setting("Restore", "Puts a backup in place of this copy. Daybook starts again afterwards.", back)
        away = Button("Wipe this computer…", "danger", icon="x")
        away.clicked.connect(lambda: self.start("wipe", self._wipe()))
        away.setEnabled(Permission.WIPE in permissions)
        words = "Destroys the key, so that nothing here can be read again. Nothing changes in the systems themselves."
        self.setting("Wipe", words, away)
        self.box.addWidget(Well("One system alone is removed in Connections, with what it brought.", "plug"))

    def _choose_target(self) -> None:
        today = local(self.services.clock.now(), self.services.practice.time_zone).date()
        dialog = QFileDialog(self, "Back up", f"daybook-{today.isoformat()}.backup")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda path: self.start("backup", self._back_up(Path(path))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose_source(self) -> None:
        dialog = QFileDialog(self, "Restore from backup")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.start("restore", self._restore(Path(path))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _back_up(self, target: Path) -> None:
        actor = self.shell.actor()
        passphrase = await self._ask("Back up", "With the recovery passphrase that was set at first run.", "Back up")
        if passphrase:
            await self.services.upkeep.back_up(target, passphrase, actor)
            self.shell.toast("The backup is written and was read back.", icon="save")

    async def _restore(self, source: Path) -> None:
        words = "Everything in this copy is replaced, changes that still wait included. They are then not sent."
        passphrase = await self._ask(f"Restore {source.name}?", words, "Restore")
        if passphrase:
            await self.services.upkeep.restore(source, passphrase, self.shell.actor())

    async def _ask(self, title: str, words: str, button: str) -> str:
        sheet = Sheet(title, words)
        field = TextField("Recovery passphrase", secret=True)
        sheet.body.addWidget(field)
        sheet.add_button("", Button("Cancel", keys="Esc"))
        sheet.add_button(
            "go", Button(button, "primary", keys="Ctrl+Return"), confirm=True, before=lambda: bool(field.raw())
        )
        self.shell.show_sheet(sheet)
        return field.raw() if await sheet.answer() == "go" else ""

    async def _wipe(self) -> None:
        actor = self.shell.actor()
        words = (
            "Every patient, visit and waiting change leaves this computer. No backup is made. This cannot be undone."
        )
        sheet = Sheet("Wipe this computer?", words)
        field = TextField("Type WIPE to go on", mono=True)
        sheet.body.addWidget(field)
        sheet.add_button("", Button("Keep everything", keys="Esc"))
        sheet.add_button("wipe", Button("Wipe this computer", "danger"), before=lambda: field.text() == "WIPE")
        self.shell.show_sheet(sheet)
        if await sheet.answer() == "wipe":
            try:
                await self.services.upkeep.wipe(actor)
            except DaybookError as error:
                self.shell.notice(error)
