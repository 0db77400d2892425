"""Hands and eyes of ``demo --smoke``: keys pressed and texts typed as a person would, steps told line by line."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec

from app.main.logs import outline
from app.model.errors import DaybookError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.main.house import House
    from app.main.program import OpenWindow
    from app.main.sandbox_child import SandboxChild
    from app.model.accounts import Actor

PATIENCE_S = 45.0


class StepFailed(Exception):
    """A step did not come to its end."""


class Hands:
    """A person at a window, and what they know of the practice. ``failed`` once a step was not ok."""

    def __init__(self, app: QApplication, house: House, child: SandboxChild, actor: Actor) -> None:
        self.app, self.house, self.child, self.actor = app, house, child, actor
        self.opened: OpenWindow | None = None
        self.failed = False

    @property
    def window(self) -> Any:
        """The window in front."""
        if self.opened is None:
            raise StepFailed("there is no window")
        return self.opened.window

    async def step(self, name: str, work: Callable[[], Awaitable[None]], *, note: str = "") -> None:
        """Do one step and print its line."""
        begun = time.perf_counter()
        why = ""
        try:
            async with asyncio.timeout(PATIENCE_S * 2):
                await work()
        except DaybookError as error:
            why = error.happened
        except StepFailed as error:
            why = str(error)
        except Exception as error:  # a step may fail in any way; the next is still tried
            why = outline(error)
        self.failed |= bool(why)
        said: dict[str, Any] = {"step": name, "ok": not why, "ms": round((time.perf_counter() - begun) * 1000)}
        if why or note:
            said["why" if why else "note"] = why or note
        sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
        sys.stdout.flush()

    def keys(self, *sequence: str) -> None:
        """Press key combinations as a person would, wherever focus is."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest

        for keys in sequence:
            target = self.window.focus_widget() or self.window
            QTest.keySequence(target, QKeySequence(keys))

    def type(self, text: str) -> None:
        """Type a text where focus is."""
        from PySide6.QtTest import QTest

        QTest.keyClicks(self.window.focus_widget() or self.window, text)

    def press(self, button: Any) -> None:
        """Click a button."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def button(self, words: str) -> Any:
        """The button that can be seen and says ``words``."""
        from PySide6.QtWidgets import QAbstractButton

        for found in self.window.findChildren(QAbstractButton):
            if found.isVisible() and found.isEnabled() and found.text() == words:
                return found
        raise StepFailed(f"there is no button {words}")

    async def until(self, what: str, seen: Callable[[], object], patience: float = PATIENCE_S) -> None:
        """Wait until ``seen`` says yes; the words are what could not be seen."""
        end = time.monotonic() + patience
        while not seen():
            if time.monotonic() > end:
                raise StepFailed(f"waited {patience:.0f} s and did not see: {what}")
            await asyncio.sleep(0.01)

    async def settled(self) -> None:
        """Wait until the window rests."""
        from ui.shots import settled

        await settled(self.window)

    async def open_screen(self, name: str) -> None:
        """Bring a screen to the front; an error sheet over it is a failure."""
        self.window.open(name)
        await self.settled()
        screen = self.window.current_screen()
        if screen is None or screen.name != name:
            raise StepFailed(f"the window does not show {name}")
        if self.window.sheets.top() is not None:
            raise StepFailed("an error sheet came up")
