"""What the sections of Settings share: the page they stand on and what they may ask of it."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.screens.base import Shell
from ui.services import Services
from ui.shell.session import Session
from ui.tasks import TaskOwner
from ui.theme import theme
from ui.widgets.label import Label
from ui.widgets.panels import Line, column, row


class SettingsShell(Shell, Protocol):
    """The window as Settings needs it: with the session whose preferences it changes."""

    session: Session

    def open_keyboard_help(self) -> None:
        """Show every key."""
        ...


class Section(QWidget):
    """One section: a title, then blocks of settings. ``start`` runs work whose errors the window shows."""

    title = ""

    def __init__(self, services: Services, shell: SettingsShell, tasks: TaskOwner) -> None:
        super().__init__()
        self.services, self.shell, self.tasks = services, shell, tasks
        self.setAccessibleName(self.title)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(28, 22, 28, 28)
        self.box.setSpacing(16)
        self.box.addWidget(Label(self.title, "title"))
        self.build()
        self.box.addStretch(1)

    def build(self) -> None:
        """Put the blocks in."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Read again what is shown."""

    def start(self, key: str, work: Coroutine[Any, Any, Any]) -> None:
        """Run ``work``; a second press joins the first."""
        self.tasks.start_once(key, work)

    def setting(self, title: str, words: str, control: QWidget) -> None:
        """One line: what it is at the left, the control at the right, a hairline below."""
        texts = column(Label(title, "body", weight=500), Label(words, "small", "text-2", wrap=True), spacing=1)
        holder = QWidget()
        holder.setMaximumWidth(theme().px(760))
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        line = row(spacing=24)
        line.addLayout(texts, 1)
        line.addWidget(control)
        inner.addLayout(line)
        inner.addWidget(Line("line-subtle"))
        self.box.addWidget(holder)
