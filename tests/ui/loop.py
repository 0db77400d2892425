"""The loop of the tests, and waiting for what happens rather than for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from app.store.store import Store
from tests.qt import forget_timers
from ui.screens.base import Screen

T = TypeVar("T")

#: Seconds after which what is waited for is taken to never come, on a very busy machine too.
_PATIENCE = 60.0


class _Turn:
    """A handle as Qt's timer calls it: run in a run of the loop, put off outside one."""

    def __init__(self, loop: PatientLoop, handle: asyncio.Handle) -> None:
        self._loop, self._handle = loop, handle

    @property
    def _cancelled(self) -> bool:
        return self._handle.cancelled()

    def _run(self) -> None:
        if asyncio._get_running_loop() is self._loop:
            self._handle._run()
        else:
            self._loop.put_off(self._handle)


class PatientLoop(QEventLoop):
    """The program's own loop, which also stands still while it does not run.

    Between a test's body and the end of its fixtures no loop runs, but Qt may be asked to work through its events;
    a task's step taken then would find no running loop. It waits for the loop's next run, and nothing is lost.
    """

    def __init__(self, app: object) -> None:
        self._put_off: list[asyncio.Handle] = []
        self._awaited: object = None
        super().__init__(app)

    def put_off(self, handle: asyncio.Handle) -> None:
        """Keep ``handle`` for the next run."""
        self._put_off.append(handle)

    def run_until_complete(self, future: Awaitable[T]) -> T:
        """Run until ``future`` is done, and for no other reason less: Qt may want to leave with its last window."""
        awaited = asyncio.ensure_future(future, loop=self)

        def stop(_done: object) -> None:
            # Told late, as after Qt left by itself, it is no reason to end the next run.
            if self._awaited is awaited:
                self.stop()

        self._awaited = awaited
        awaited.add_done_callback(stop)
        try:
            while not awaited.done():
                self.run_forever()
        finally:
            self._awaited = None
        return awaited.result()

    def run_forever(self) -> object:
        """Run; what was put off comes first."""
        waiting, self._put_off = self._put_off, []
        for handle in waiting:
            self._add_callback(handle)
        return super().run_forever()

    def close(self) -> None:
        """The end, with its timers."""
        super().close()
        forget_timers(self)

    def _add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:
        super()._add_callback(_Turn(self, handle), delay)
        return handle


#: What is put off so that a person sees a page sooner, or until they stop typing: tests do not wait for it.
_PAUSES = (
    "ui.screens.book_visit.panel._KEEP",
    "ui.screens.book_visit.steps._QUIET",
    "ui.screens.find_slot.screen._AGAIN",
    "ui.screens.find_slot.screen._QUIET",
    "ui.screens.patients.forms._KEEP",
    "ui.screens.schedule.screen._AFTER_PAINT",
    "ui.screens.schedule.screen._GATHER_MS",
    "ui.shell.codes._AFTER_START",
    "ui.shell.commands._PREVIEW_AFTER_S",
    "ui.shell.feed._AFTER_PAINT",
)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is put off."""
    for pause in _PAUSES:
        monkeypatch.setattr(pause, 0)


async def until(true: Callable[[], object]) -> None:
    """Wait until ``true`` says yes."""
    async with asyncio.timeout(_PATIENCE):
        while not true():
            await asyncio.sleep(0.002)


async def at_rest(store: Store, working: Callable[[], int], screen: Callable[[], Screen | None]) -> None:
    """Wait until ``working`` counts nothing any more in three turns of the loop.

    Changes that ``store`` has not told yet, and those that the ``screen`` in front gathers for a moment, are work too.
    """
    quiet = 0
    async with asyncio.timeout(_PATIENCE):
        while quiet < 3:
            gather = getattr(screen(), "_gather", None)
            held_back = bool(store._feed._pending) or (gather is not None and gather.isActive())
            quiet = 0 if held_back or working() else quiet + 1
            QApplication.sendPostedEvents()
            await asyncio.sleep(0 if quiet else 0.002)
