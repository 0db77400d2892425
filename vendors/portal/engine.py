"""The one browser of the program: started when first needed, replaced when it dies, ended with the last session."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

from app.model.clock import Clock
from app.model.errors import SetupError
from vendors.portal import window
from vendors.portal.browsers import Browser, launch_arguments, may_be_sandboxed, need_browser, prefer
from vendors.portal.login_queue import LoginQueue
from vendors.portal.private_dir import PrivateDir, sweep
from vendors.portal.quarantine import Quarantine
from vendors.portal.tasks import Background

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Playwright, StorageState

log = logging.getLogger("daybook.vendors")

#: A context nobody has used for so long is sealed and closed.
IDLE_S = 600.0
#: So many contexts stay open at once; the longest unused goes first.
MOST_CONTEXTS = 6
#: After so many turns the browser is replaced when nobody uses it, whatever it may have leaked.
TURNS_PER_BROWSER = 3000
_START_S = 60.0
_STOP_S = 15.0
_NOTICE_S = 1.0

_engines: WeakKeyDictionary[asyncio.AbstractEventLoop, Engine] = WeakKeyDictionary()


class Guest(Protocol):
    """A session as the engine sees it."""

    last_used: float

    @property
    def is_busy(self) -> bool:
        """Somebody works or watches there now."""
        ...

    @property
    def is_open(self) -> bool:
        """It holds a context."""
        ...

    async def rest(self) -> None:
        """Seal the state and close the context; the next turn opens it again."""
        ...


class Engine:
    """Browser, contexts, queues and quarantine. Bound to one loop; ``shared`` gives the one of the running loop."""

    def __init__(self, clock: Clock, *, idle_s: float = IDLE_S, most: int = MOST_CONTEXTS) -> None:
        self.clock = clock
        self.quarantine = Quarantine()
        self._idle_s = idle_s
        self._most = most
        self._queues: dict[tuple[str, str], LoginQueue] = {}
        self._guests: list[Guest] = []
        self._holds = 0
        self._starting = asyncio.Lock()
        self._ended = asyncio.Event()
        self._driver: Playwright | None = None
        self._root: BrowserContext | None = None
        self._private: PrivateDir | None = None
        self._background = Background()
        self._swept = False
        self._turns = 0
        #: Which browser it is: another number, another process, and every context is a new one.
        self.generation = 0

    @staticmethod
    def shared(clock: Clock) -> Engine:
        """The engine of the running loop."""
        loop = asyncio.get_running_loop()
        engine = _engines.get(loop)
        if engine is None:
            engine = _engines[loop] = Engine(clock)
        return engine

    # -- who uses it

    def queue(self, vendor: str, user: str) -> LoginQueue:
        """The queue of one login at one vendor."""
        return self._queues.setdefault((vendor, user.casefold()), LoginQueue(self.clock))

    def join(self, guest: Guest) -> None:
        """A session may want a context from now on."""
        self._guests.append(guest)

    async def leave(self, guest: Guest) -> None:
        """A session is over; with the last one the browser ends."""
        if guest in self._guests:
            self._guests.remove(guest)
        await self._end_if_unused()

    @contextlib.asynccontextmanager
    async def held(self) -> Any:
        """Keep the browser while in here, sessions or not."""
        self._holds += 1
        try:
            yield self
        finally:
            self._holds -= 1
            await self._end_if_unused()

    async def _end_if_unused(self) -> None:
        if not self._guests and not self._holds:
            await self.stop()

    # -- contexts

    async def new_context(self, state: StorageState | None) -> BrowserContext:
        """An isolated context with ``state``. Starts the browser where there is none. Raises SetupError."""
        await self._make_room()
        async with self._starting:
            if self._root is None:
                await self._start()
        browser = self._root.browser if self._root is not None else None
        if browser is None:
            raise _will_not_start("the browser ended while it started")
        return await browser.new_context(
            storage_state=state,
            accept_downloads=False,
            service_workers="block",
            viewport={"width": window.WIDTH, "height": window.HEIGHT},
            locale="en-US",
        )

    def note_turn(self) -> None:
        """Something was done in the browser."""
        self._turns += 1

    async def _make_room(self) -> None:
        open_now = [guest for guest in self._guests if guest.is_open]
        spare = sorted((guest for guest in open_now if not guest.is_busy), key=lambda guest: guest.last_used)
        for guest in spare[: max(0, len(open_now) - self._most + 1)]:
            await guest.rest()

    async def _housekeeping(self) -> None:
        while self._turns < TURNS_PER_BROWSER or any(guest.is_busy for guest in self._guests):
            await asyncio.sleep(min(30.0, self._idle_s / 2))
            await self._tidy()
        for guest in tuple(self._guests):
            await guest.rest()
        await self.stop()

    async def _tidy(self) -> None:
        """Close what nobody has used for long."""
        now = asyncio.get_running_loop().time()
        for guest in tuple(self._guests):
            if guest.is_open and not guest.is_busy and now - guest.last_used >= self._idle_s:
                await guest.rest()

    # -- the process

    async def _start(self) -> None:
        from playwright.async_api import async_playwright

        began = perf_counter()
        await self._stop_browser()
        found = await asyncio.to_thread(need_browser)
        if not self._swept:
            self._swept = True
            await asyncio.to_thread(sweep)
        try:
            self._private = await asyncio.to_thread(PrivateDir.make)
            await asyncio.to_thread(prefer, self._private.path / "profile")
            async with asyncio.timeout(_START_S):
                self._driver = await async_playwright().start()
                self._root = await _launch_boxed(self._driver, found, self._private)
        except Exception as error:
            await self._stop_browser()
            if isinstance(error, SetupError):
                raise
            raise _will_not_start(type(error).__name__) from None
        self.generation += 1
        self._turns = 0
        self._ended.clear()
        self._root.on("close", self._noticer(self.generation))
        self._background.start("housekeeping", self._housekeeping())
        log.info("portal: %s started in %d ms", found.name, (perf_counter() - began) * 1000)

    def _noticer(self, generation: int) -> Callable[[BrowserContext], None]:
        def ended(context: BrowserContext) -> None:
            if generation == self.generation and self._root is context:
                log.warning("portal: the browser ended; the next use starts another")
                self._root = None
                self._ended.set()

        return ended

    async def notice_end(self) -> None:
        """Something of the browser is gone: wait a moment until it is known whether that is the browser itself."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_NOTICE_S):
                await self._ended.wait()

    @property
    def is_running(self) -> bool:
        """There is a living browser."""
        return self._root is not None

    async def stop(self) -> None:
        """End the browser and its helper, and remove what they had on disk."""
        async with self._starting:
            await self._stop_browser()

    async def _stop_browser(self) -> None:
        await self._background.close()
        root, self._root = self._root, None
        driver, self._driver = self._driver, None
        private, self._private = self._private, None
        for work in (root.close if root is not None else None, driver.stop if driver is not None else None):
            if work is not None:
                # A killed browser or helper cannot say good-bye; what matters is that it is gone.
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(_STOP_S):
                        await work()
        if private is not None:
            await asyncio.to_thread(private.remove)


async def _launch_boxed(driver: Playwright, found: Browser, private: PrivateDir) -> BrowserContext:
    """In the browser's sandbox where this system has one for it."""
    boxed = may_be_sandboxed()
    try:
        return await _launch(driver, found, private, boxed=boxed)
    except Exception as error:
        if not boxed or "sandboxing failed" not in str(error):
            raise
    log.warning("portal: this system gives %s no sandbox; it runs without", found.name)
    return await _launch(driver, found, private, boxed=False)


async def _launch(driver: Playwright, found: Browser, private: PrivateDir, *, boxed: bool) -> BrowserContext:
    """A browser whose own, unused context lives in ``private``; the others are made beside it and live in memory."""
    return await driver.chromium.launch_persistent_context(
        str(private.path / "profile"),
        artifacts_dir=str(private.path / "artifacts"),
        channel=found.channel or None,
        executable_path=None if found.channel else str(found.path),
        args=launch_arguments(),
        chromium_sandbox=boxed,
        # Shared memory belongs in memory, not in the folder for temporary files.
        ignore_default_args=["--disable-dev-shm-usage"],
        env={**os.environ, **private.environment()},
        headless=True,
        accept_downloads=False,
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
    )


def _will_not_start(detail: str) -> SetupError:
    return SetupError(
        "The browser does not start.",
        "This system is reached through its web pages, so nothing can be read or sent there now.",
        ("Run “daybook doctor”.", "Free space on the disk and start Daybook again."),
        detail=detail,
    )
