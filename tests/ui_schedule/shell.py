"""A shell that remembers what screens asked of it, and a way to let Qt and the tasks settle."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from app.model.accounts import Actor
from app.store.store import Store
from tests.desk.conftest import Practice, actor
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

    def copy(self, text: str) -> None:
        self.copied = text

    def act_on_connection(self, connection: Any, act: str) -> None:
        self.opened.append((act, {}))

    def show_sheet(self, sheet: Any) -> None:
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
        connections=nobody,
        upkeep=nobody,
        practice=PracticeName(name="Larkspur Family Medicine", location="Main Street"),
    )


async def settle(screen: Any, seconds: float = 0.0) -> None:
    """Let events and the screen's tasks run until none is left (and at least ``seconds``)."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    for _ in range(2000):
        QApplication.processEvents()
        await asyncio.sleep(0.003)
        if not screen.tasks._tasks and loop.time() >= until:
            QApplication.processEvents()
            if not screen.tasks._tasks:
                return
    raise AssertionError(f"still running: {screen.tasks._tasks}")


def texts_of(widget: QWidget) -> str:
    """Every label and button text that can be seen, joined."""
    from PySide6.QtWidgets import QAbstractButton, QLabel

    found = [each.text() for each in widget.findChildren(QLabel) if each.isVisible()]
    found += [each.text() for each in widget.findChildren(QAbstractButton) if each.isVisible()]
    return "\n".join(found)
