"""Screens made ready before anybody asks for them, so that the first look at one costs no more than the next.

Importing happens off the loop; making a screen, its further parts and its style happens on it, in turns of its own
with pauses between, once the first window stands.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from ui.screens.registry import ScreenSpec
    from ui.shell.window import DaybookWindow

#: Seconds between two turns; widgets that get their style in one turn.
_PAUSE, _A_TURN = 0.03, 24


async def make_ready(window: DaybookWindow) -> None:
    """Make every screen the person may see. Stops where the window is locked meanwhile."""
    known = window.screens()
    await asyncio.to_thread(_import, known)
    for spec in known:
        for turn in _turns(window, spec.name):
            await asyncio.sleep(_PAUSE)
            if window.session.is_locked():
                return
            turn()


def _import(known: Sequence[ScreenSpec]) -> None:
    for spec in known:
        for module in spec.load().further:
            importlib.import_module(module)
        spec.actions()


def _turns(window: DaybookWindow, name: str) -> Iterator[Callable[[], object]]:
    yield partial(window.screen_at, name)
    screen = window.screen_at(name)
    yield from screen.ahead()
    widgets = screen.findChildren(QWidget)
    for at in range(0, len(widgets), _A_TURN):
        yield partial(_polish, widgets[at : at + _A_TURN])


def _polish(widgets: Sequence[QWidget]) -> None:
    for widget in widgets:
        if isValid(widget):
            widget.ensurePolished()
