"""One topic of one connection kept fresh: one fetch at a time, however many ask; freshness told, failures told once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from app.connect.tasks import TaskOwner
from app.connect.timing import Timing
from app.connect.troubles import sentence
from app.model.clock import Clock
from app.model.connection import Freshness, Topic
from app.model.errors import DaybookError
from app.store import connections
from app.store.store import Store

#: The least time until the next try after a failed one (seconds).
AFTER_FAILURE = 30.0

log = logging.getLogger("daybook.connect")


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a fetch came back with: whether the topic was read ``whole``, and what the vendor ``hid``, in words."""

    whole: bool
    hid: tuple[str, ...] = ()


class Refresher:
    """Fetches when asked, and by itself every ``pace()`` seconds or as soon as somebody looks."""

    def __init__(
        self,
        connection_id: str,
        topic: Topic,
        fetch: Callable[[bool], Awaitable[Reading]],
        pace: Callable[[], float],
        *,
        store: Store,
        clock: Clock,
        timing: Timing,
        owner: Callable[[], TaskOwner],
    ) -> None:
        self.topic = topic
        self._connection_id = connection_id
        self._fetch = fetch
        self._pace = pace
        self._store = store
        self._clock = clock
        self._timing = timing
        self._owner = owner
        self._alarm = asyncio.Event()
        self._running: asyncio.Task[DaybookError | None] | None = None
        self._running_whole = False
        self._failure = ""

    async def refresh(self, *, whole: bool = False) -> None:
        """Read now, or join the reading that is under way; a ``whole`` one follows a partial one.

        Raises what it failed with, in words.
        """
        while True:
            if self._running is None or self._running.done():
                self._running_whole = whole
                self._running = self._owner().start(f"read {self.topic}", self._once(whole))
            enough = self._running_whole or not whole
            error = await asyncio.shield(self._running)
            if error is not None:
                raise error
            if enough:
                return

    def poke(self) -> None:
        """Somebody began to look: do not wait for the next time."""
        self._alarm.set()

    async def run(self) -> None:
        """Keep fresh until cancelled."""
        while True:
            self._alarm.clear()
            least = 0.0
            try:
                await self.refresh()
            except DaybookError as error:
                least = max(error.retry_after or 0.0, AFTER_FAILURE)
            await self._timing.wait(self._alarm, self._timing.jitter(max(self._pace(), least)))
            # A look is answered at once, but many looks in a row are one.
            if self._alarm.is_set():
                await self._timing.wait(asyncio.Event(), max(0.2, least))

    async def _once(self, whole: bool) -> DaybookError | None:
        started = self._clock.now()
        try:
            reading = await self._fetch(whole)
        except DaybookError as error:
            await self._failed(sentence(error))
            return error
        except Exception as error:
            # A fault of ours must not end the loop; its type is told, its text may hold a patient's data.
            log.error("reading %s failed: %s", self.topic, type(error).__name__)
            failure = DaybookError(
                "Daybook itself failed while reading.", "What you see is the last copy.", ("Tell support.",)
            )
            await self._failed(sentence(failure))
            return failure
        await self._read(reading, started)
        return None

    async def _read(self, reading: Reading, started: datetime) -> None:
        hid = " ".join(reading.hid)
        if not reading.whole and not hid and not self._failure:
            return
        self._failure = hid
        fresh = Freshness(
            topic=self.topic,
            as_of=started if reading.whole else None,
            failed_at=self._clock.now() if hid else None,
            failure=hid,
        )
        await self._store.write(connections.set_freshness, self._connection_id, fresh)

    async def _failed(self, words: str) -> None:
        if words == self._failure:
            return
        self._failure = words
        fresh = Freshness(topic=self.topic, failed_at=self._clock.now(), failure=words)
        await self._store.write(connections.set_freshness, self._connection_id, fresh)
