"""The Settings page: sections at the left, the chosen one at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from app.model.accounts import Permission
from app.model.changes import Change, Kind
from ui.screens.base import Screen, Shell
from ui.screens.settings.accounts import Accounts
from ui.screens.settings.own import Keys, Lock, Look, OwnAccount
from ui.screens.settings.rules import Rules
from ui.screens.settings.sections import Section, SettingsShell
from ui.screens.settings.upkeep import Upkeep
from ui.services import Services
from ui.tasks import TaskOwner
from ui.theme import theme
from ui.widgets.label import Label
from ui.widgets.paint import draw_icon, draw_text, rounded
from ui.widgets.panels import MAIN, Line, Pane, Scroll

_SECTIONS: tuple[tuple[str, str, str, type[Section]], ...] = (
    ("Yours", "settings", "look", Look),
    ("Yours", "keyboard", "keys", Keys),
    ("Yours", "lock", "lock", Lock),
    ("Yours", "user", "own_account", OwnAccount),
    ("The practice's", "calendar", "rules", Rules),
    ("The practice's", "users", "accounts", Accounts),
    ("The practice's", "save", "upkeep", Upkeep),
)


class _Entry(QRadioButton):
    """One section in the list; arrows walk through them."""

    def __init__(self, icon: str, text: str) -> None:
        super().__init__(text)
        self._icon = icon
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMinimumHeight(theme().px(34))

    def hitButton(self, position: object) -> bool:
        """All of it."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K too."""
        if event.key() in {Qt.Key.Key_J, Qt.Key.Key_K}:
            self.focusNextPrevChild(event.key() == Qt.Key.Key_J)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A white card when chosen."""
        painter, on = QPainter(self), self.isChecked()
        if on:
            rounded(painter, self.rect(), radius=6, fill="surface", line="accent-line")
        elif self.underMouse():
            rounded(painter, self.rect(), radius=6, fill="hover")
        draw_icon(painter, self._icon, 11, self.height() / 2 - 8, role="link" if on else "text-2")
        draw_text(painter, self.rect().adjusted(36, 0, -8, 0), self.text(), weight=500 if on else 400)


class SettingsScreen(Screen):
    """Sections are made on their first visit."""

    name: ClassVar[str] = "settings"
    title: ClassVar[str] = "Settings"

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__(services, shell)
        self._shown: Section | None = None
        self._section_tasks = self.tasks.part()
        self._now = "look"
        self._entries: dict[str, _Entry] = {}
        side = Pane(252, "canvas")
        column = QVBoxLayout(side)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(2)
        group, last = QButtonGroup(self), ""
        for caption, icon, key, section in _SECTIONS:
            if caption != last:
                label = Label(caption, "small", "text-3")
                label.setContentsMargins(8, 8, 0, 4)
                column.addWidget(label)
                last = caption
            entry = _Entry(icon, section.title)
            entry.toggled.connect(lambda on, key=key: self._show(key) if on else None)
            group.addButton(entry)
            column.addWidget(entry)
            self._entries[key] = entry
        column.addStretch(1)
        self._side = side
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(side)
        line.addWidget(Line(vertical=True))
        line.addLayout(self._place, MAIN)
        self.body.addLayout(line, 1)

    async def refresh(self) -> None:
        """Show what this person may see of the sections."""
        self._entries["accounts"].setVisible(self.may_manage_accounts())
        self._entries["upkeep"].setVisible(self.may_look_after())
        if self._shown is None:
            self._entries[self._now].setChecked(True)
        else:
            self._shown.refresh()

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Follow accounts, providers and rules."""
        wanted = {Kind.ACCOUNTS, Kind.PROVIDERS, Kind.VISIT_TYPES}
        if self._shown is not None and any(change.kind in wanted for change in changes):
            self._shown.refresh()

    def show_at(self, **where: object) -> None:
        """``section`` names one; ``provider_id`` goes to that provider's rules."""
        if provider := where.get("provider_id"):
            self.show_rules()
            if isinstance(self._shown, Rules):
                self._shown.choose(str(provider))
        elif str(where.get("section") or "") in self._entries:
            self._entries[str(where["section"])].setChecked(True)

    def main_part(self) -> QWidget:
        """The section chosen, in the list."""
        return self._entries[self._now]

    def panes(self) -> Sequence[QWidget]:
        """The list, the section."""
        return (self._side, self._shown) if self._shown is not None else (self._side,)

    def may_manage_accounts(self) -> bool:
        """Whether this person looks after accounts."""
        return Permission.MANAGE_ACCOUNTS in self.shell.actor().permissions

    def may_look_after(self) -> bool:
        """Whether this person may back up or wipe."""
        return bool({Permission.BACK_UP, Permission.WIPE} & self.shell.actor().permissions)

    def show_look(self) -> None:
        """Look."""
        self._entries["look"].setChecked(True)

    def show_keys(self) -> None:
        """Keys."""
        self._entries["keys"].setChecked(True)

    def show_lock(self) -> None:
        """Lock and privacy."""
        self._entries["lock"].setChecked(True)

    def show_own_account(self) -> None:
        """One's own passphrase."""
        self._entries["own_account"].setChecked(True)

    def show_accounts(self) -> None:
        """Accounts."""
        self._entries["accounts"].setChecked(True)

    def show_rules(self) -> None:
        """Hours and rules."""
        self._entries["rules"].setChecked(True)

    def show_upkeep(self) -> None:
        """Backup, restore, wipe."""
        self._entries["upkeep"].setChecked(True)

    def _show(self, key: str) -> None:
        while (item := self._place.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                self._let_go(old)
        self._now = key
        kind = next(section for _, _, name, section in _SECTIONS if name == key)
        # The window is the only shell there is, and it carries the session.
        self._section_tasks = self.tasks.part()
        self._shown = kind(self.services, cast(SettingsShell, self.shell), self._section_tasks)
        self._place.addWidget(Scroll(self._shown))
        self._shown.refresh()

    def _let_go(self, old: QWidget) -> None:
        """A section that was left goes once its work is done: what it began to save or to read ends in its fields."""
        if not self._section_tasks.count() or self.tasks.start(_gone_after(self._section_tasks, old)) is None:
            old.deleteLater()


async def _gone_after(tasks: TaskOwner, old: QWidget) -> None:
    try:
        await tasks.finished()
    finally:
        old.deleteLater()


SCREEN = SettingsScreen
