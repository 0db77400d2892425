"""The screens of one window: each made when it is first wanted, one of them in front, the others read anew when they
come back after something has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget

from app.model.changes import Change
from ui.screens.base import Screen
from ui.tasks import TaskOwner


class OpenScreens:
    """Screens by name. ``make`` makes one that was never opened; ``stack`` shows the one in front."""

    def __init__(self, make: Callable[[str], Screen], stack: QStackedWidget) -> None:
        self._make, self._stack = make, stack
        self._made: dict[str, Screen] = {}
        self._stale: set[str] = set()
        #: The name of the one in front; empty while there is none.
        self.now = ""

    def front(self) -> Screen | None:
        """The screen in front."""
        return self._made.get(self.now)

    def at(self, name: str) -> Screen:
        """The screen ``name``, made if it was never opened."""
        if name not in self._made:
            self._made[name] = self._make(name)
            self._stale.add(name)
            self._stack.addWidget(self._made[name])
        return self._made[name]

    def bring(self, name: str) -> tuple[Screen, bool]:
        """Put ``name`` in front; the screen, and whether it comes from behind. ``show`` lets it show something."""
        screen, before = self.at(name), self.front()
        if before is not None and before is not screen:
            before.on_hidden()
        self.now = name
        self._stack.setCurrentWidget(screen)
        return screen, before is not screen

    def show(self, screen: Screen, where: Mapping[str, object], *, came: bool) -> None:
        """Let the screen in front show ``where``, or what it is about, read anew where that may have changed."""
        if where:
            screen.show_at(**where)
        if self.now in self._stale or not where:
            self._stale.discard(self.now)
            screen.renew()
        if came:
            screen.on_shown()

    def take_focus(self) -> None:
        """The main part of the screen in front gets focus, unless something in the screen has it: its keys act at once,
        and none goes to what was left behind. Behind the lock it gets none."""
        screen, focus = self.front(), QApplication.focusWidget()
        if screen is None or not screen.isVisible() or (focus is not None and screen.isAncestorOf(focus)):
            return
        part = screen.main_part()
        if part is not None:
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_changes(self, changes: Sequence[Change]) -> None:
        """The one in front hears of them at once, the others when they come back."""
        self._stale.update(name for name in self._made if name != self.now)
        front = self.front()
        if front is not None:
            front.on_changes(changes)

    def all_stale(self) -> None:
        """Something has changed while nothing may be shown."""
        self._stale.update(self._made)

    def keep_drafts(self) -> None:
        """Keep what is half typed anywhere."""
        for screen in self._made.values():
            screen.keep_drafts()

    def forget(self) -> None:
        """Take all of them away: somebody else has come."""
        for screen in self._made.values():
            screen.tasks.cancel()
            self._stack.removeWidget(screen)
            screen.deleteLater()
        self._made.clear()
        self._stale.clear()
        self.now = ""

    def tasks(self) -> list[TaskOwner]:
        """The owners of their tasks."""
        return [screen.tasks for screen in self._made.values()]
