"""The window's program: one Qt application, one loop, one house after another until the person leaves for good."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from app.main import collecting, display
from app.main.house import House
from app.main.qt_import import import_qt
from app.main.upkeep import Outcome, Upkeep
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.model.accounts import Actor
    from ui.shell.window import DaybookWindow

#: Seconds from a screen's content to its paint being done, with room to spare.
_PAINTING = 0.03
#: Seconds that the window waits at most for its first screen's content before it shows without.
_READING = 0.15
#: Seconds after signing in before other screens are made.
_QUIET = 0.5

log = logging.getLogger("daybook")


def make_application(*, offscreen: bool = False) -> QApplication:
    """The application with its theme. ``offscreen`` needs no display (smoke runs, pictures)."""
    if offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    import_qt()
    from PySide6.QtWidgets import QApplication

    from ui.theme import LookSettings, apply

    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # By name: asking Qt for the style object would make every kind of style ready first.
    with display.told_in_our_words():
        app = QApplication([*sys.argv[:1], "-style", "Fusion"])
    app.setApplicationName("Daybook")
    app.setApplicationDisplayName("Daybook")
    app.setQuitOnLastWindowClosed(False)
    apply(LookSettings())
    return app


def run_on_qt(main: Callable[[QApplication], Awaitable[int]], *, offscreen: bool = False) -> int:
    """Run ``main`` on a loop that also paints."""
    from qasync import QEventLoop

    app = make_application(offscreen=offscreen)
    loop = QEventLoop(app)
    # The one of its own starts all ten threads with the first wish for one.
    loop.set_default_executor(ThreadPoolExecutor(10, "daybook"))
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(_tell_unexpected)
    collector = collecting.keep_to_this_thread(app)
    with loop:
        try:
            result: int = loop.run_until_complete(_until_interrupted(main(app)))
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None
    collector.stop()
    asyncio.set_event_loop(None)
    return result


async def _until_interrupted(work: Awaitable[int]) -> int:
    """``work``, cancelled by Ctrl+C: Qt would swallow Python's own KeyboardInterrupt, wherever it came up."""
    running = asyncio.current_task()
    assert running is not None
    before = signal.signal(signal.SIGINT, lambda _number, _frame: running.cancel())
    try:
        return await work
    finally:
        signal.signal(signal.SIGINT, before)


def _tell_unexpected(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    from app.main.logs import outline

    error = context.get("exception")
    detail = outline(error) if isinstance(error, BaseException) else ""
    log.error("unexpected in the loop\n" + detail)


class OpenWindow:
    """A window on a house. ``left`` is done, with how it was left, once the window has closed."""

    def __init__(self, house: House, window: DaybookWindow, upkeep: Upkeep, left: asyncio.Future[Outcome]) -> None:
        self.house = house
        self.window = window
        self.upkeep = upkeep
        self.left = left
        self._later = TaskOwner("later", window.notice)
        self._settling = window.tasks.start_once("settling", self._settle())
        window.session.opened.connect(self._opened)

    @classmethod
    async def open(cls, app: QApplication, house: House, actor: Actor | None = None) -> OpenWindow:
        """Show the first window of ``house``; with ``actor`` it opens signed in (the sandbox practice)."""
        from ui.shell.session import Session
        from ui.shell.window import DaybookWindow
        from ui.widgets.focus import FocusRing

        left: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def leave(outcome: Outcome) -> None:
            if not left.done():
                left.set_result(outcome)

        upkeep = Upkeep(house, leave)
        services = await house.services(upkeep)

        def tell(error: BaseException) -> None:
            window.notice(error)

        session = Session(services, tell)
        window = DaybookWindow(services, session, FocusRing(app))
        window.closed.connect(lambda: leave(Outcome.QUIT))
        opened = cls(house, window, upkeep, left)
        if actor is not None:
            await session.begin(actor)
            await opened._read()
        window.show()
        return opened

    async def _read(self) -> None:
        """Wait a moment for what the first screen reads: a window with the day in it is painted once, not twice."""
        screen = self.window.current_screen()
        if screen is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_READING):
                    await screen.tasks.ended("refresh")

    async def settled(self) -> None:
        """Wait until the first screen is painted: what can wait until then begins here."""
        if self._settling is not None:
            await asyncio.wait({self._settling})

    async def _settle(self) -> None:
        await asyncio.sleep(_PAINTING)
        screen = self.window.current_screen()
        if screen is not None:
            await screen.tasks.ended("refresh")
            await asyncio.sleep(_PAINTING)
        collecting.settle()

    def _opened(self, same: bool) -> None:
        if not same:
            self._later.restart("make ready", self._make_ready())

    async def _make_ready(self) -> None:
        """The other screens, while nobody needs them yet."""
        from ui.shell.ready import make_ready

        await asyncio.sleep(_QUIET)
        await make_ready(self.window)
        collecting.settle()

    async def close(self) -> None:
        """Take the window away and end all its tasks."""
        from PySide6.QtCore import QCoreApplication, QEvent

        await self._later.close()
        self.window.tasks.stop("settling")
        await self.settled()
        self.window.hide()
        await self.window.close_tasks()
        await self.window.session.tasks.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete.value)
