"""A shell that remembers what screens asked of it, and a way to let Qt and the tasks settle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.model.accounts import Actor
from app.store.store import Store
from tests.desk.conftest import Practice, actor
from tests.ui.conftest import FakeConnections
from tests.ui.loop import at_rest
from ui.screens.base import Screen
from ui.screens.registry import spec
from ui.services import Practice as PracticeName
from ui.services import Services


class FakeShell:
    """What a window would do, kept for the test to look at."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, dict[str, object]]] = []
        self.toasts: list[str] = []
        self.errors: list[BaseException] = []
        self.said: list[str] = []
        self.sheets: list[Any] = []
        self.undo: list[tuple[str, Callable[[], None]]] = []
        self.private = False
        self.host = QWidget()
        self.who = actor()

    def actor(self) -> Actor:
        return self.who

    def open(self, name: str, **where: object) -> None:
        self.opened.append((name, where))

    def toast(self, words: str, *, icon: str = "", action: str = "", on_action: Any = None) -> None:
        self.toasts.append(words)

    def notice(self, error: BaseException, steps: Mapping[str, Callable[[], None]] | None = None) -> None:
        self.errors.append(error)

    def show_popover(self, popover: Any, anchor: QWidget, *, right: bool = False) -> None:
        popover.open_below(anchor, right=right)

    def copy(self, text: str, what: str = "Text", patient_id: str = "") -> None:
        self.copied = text

    def act_on_connection(self, connection: Any, act: str) -> None:
        self.opened.append((act, {}))

    def show_sheet(self, sheet: Any) -> None:
        sheet.setParent(self.host)
        self.sheets.append(sheet)

    def offer_undo(self, words: str, undo: Callable[[], None]) -> None:
        self.undo.append((words, undo))

    def privacy(self) -> bool:
        return self.private

    def say(self, words: str, *, assertive: bool = False) -> None:
        self.said.append(words)


def services_of(practice: Practice) -> Services:
    store: Store = practice.store
    nobody: Any = None
    return Services(
        store=store,
        clock=practice.clock,
        desk=practice.desk,
        accounts=nobody,
        live=practice.live,
        connections=FakeConnections(),
        upkeep=nobody,
        practice=PracticeName(name="Larkspur Family Medicine", location="Main Street"),
    )


async def settle(screen: Screen) -> None:
    """Let events and the screen's tasks run until none is left, and every change in the store has been followed."""
    await at_rest(screen.services.store, screen.tasks.count, lambda: screen)


def seen(widget: QWidget) -> str:
    """Every label, button text and accessible name that is visible, joined."""
    words = []
    for each in [widget, *widget.findChildren(QWidget)]:
        if not each.isVisible():
            continue
        if isinstance(each, QLabel | QAbstractButton):
            words.append(each.text())
        words.append(each.accessibleName())
    return "\n".join(word for word in words if word)


class Stage:
    """Screens in front of a practice, as a window would show them: shown, followed, closed."""

    def __init__(self, practice: Practice, shell: FakeShell, services: Services) -> None:
        self.practice, self.shell, self.services = practice, shell, services
        self._open: list[tuple[Screen, QWidget, Callable[[], None]]] = []

    async def show(self, name: str, **where: object) -> Any:
        """The screen called ``name``, read and painted."""
        screen = spec(name).load()(self.services, self.shell)
        window = QWidget()
        screen.setParent(window)
        for part in (window, screen):
            part.resize(1240, 820)
        window.show()
        window.activateWindow()
        screen.show()
        screen.on_shown()
        unsubscribe = self.practice.store.subscribe(screen.on_changes)
        self._open.append((screen, window, unsubscribe))
        if where:
            screen.show_at(**where)
        await screen.refresh()
        await settle(screen)
        return screen

    async def close(self) -> None:
        """Take all down."""
        for screen, window, unsubscribe in self._open:
            unsubscribe()
            screen.on_hidden()
            await screen.close_tasks()
            window.close()
            window.deleteLater()
        self._open.clear()
        self.shell.host.deleteLater()


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """One key into ``widget``."""
    QTest.keyClick(widget, key, modifier)
