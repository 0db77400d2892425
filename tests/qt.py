"""Loops on Qt's own, and their end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop
from shiboken6 import delete, isValid


def forget_timers(loop: QEventLoop) -> None:
    """Let go of the timers of a closed ``loop``.

    They would run out by themselves, the longest after a minute or so. Where the collector finds them before that in a
    thread of a later test, Qt warns, and then calls what is not there any more.
    """
    if isValid(loop._timer):
        delete(loop._timer)


@contextmanager
def qt_loop(app: QApplication) -> Iterator[QEventLoop]:
    """The loop the window runs on, for one test."""
    loop = QEventLoop(app)
    try:
        yield loop
    finally:
        loop.close()
        forget_timers(loop)
        asyncio.set_event_loop(None)
