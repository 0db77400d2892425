"""What a test must not leave behind: tasks, timers, threads, windows."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


def sweep() -> None:
    """Let deferred deletions happen, as the running program's loop would."""
    for _ in range(3):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class FlashWatch(QObject):
    """Parts shown before they have a parent flash up as windows of their own and take the focus away."""

    #: What may be a window.
    WINDOWS = frozenset({"DaybookWindow", "_StartWindow", "_Trouble", "HoverCard"})

    def __init__(self) -> None:
        super().__init__()
        self.flashed: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            kind = type(watched)
            if kind.__module__.startswith("ui.") and kind.__name__ not in self.WINDOWS:
                self.flashed.append(f"{kind.__name__} {watched.accessibleName()}".strip())
        return False


def running_timers() -> set[int]:
    """Timers that tick, made since what was there before was set aside."""
    return {
        id(found) for found in gc.get_objects() if isinstance(found, QTimer) and isValid(found) and found.isActive()
    }


@pytest.fixture(autouse=True)
def no_widget_thread_or_timer_left(qapp: QApplication) -> Iterator[None]:
    """Every window, thread and running timer a test made is gone after it."""
    sweep()
    # What outlives the tests before this one is not gone through anew: most of the time would go there.
    gc.freeze()
    windows = {id(window) for window in QApplication.topLevelWidgets()}
    threads = set(threading.enumerate())
    watch = FlashWatch()
    qapp.installEventFilter(watch)
    # As in the program: what Qt owns must not be destroyed from a thread of the store.
    gc.disable()
    yield
    gc.enable()
    qapp.removeEventFilter(watch)
    assert watch.flashed == [], f"shown before they had a parent: {watch.flashed}"
    sweep()
    gc.collect()
    sweep()
    left = [
        f"{type(window).__name__} {window.accessibleName()}"
        for window in QApplication.topLevelWidgets()
        if id(window) not in windows
    ]
    assert left == [], f"windows left behind: {left}"
    # Python keeps a dummy for each of Qt's own threads that it ever saw, and does not hear of their end.
    own = [thread for thread in threading.enumerate() if not thread.name.startswith("Dummy-")]
    left = [thread.name for thread in own if thread not in threads]
    assert left == [], f"threads left behind: {left}"
    assert running_timers() == set(), "timers left running"


@pytest.fixture(autouse=True)
async def no_task_left(no_widget_thread_or_timer_left: None) -> AsyncIterator[None]:
    """Every task a test started has ended."""
    yield
    own = asyncio.current_task()
    assert [task.get_name() for task in asyncio.all_tasks() if task is not own and not task.done()] == []
