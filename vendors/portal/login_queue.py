"""One queue per shared login: whoever uses an account waits for the one before, so that none logs the other out."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from app.model.clock import Clock
from app.model.portal import PortalUse

_REMEMBERED = 200


class LoginQueue:
    """The turns of one account at one portal, in the order of asking."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = asyncio.Lock()
        self._uses: deque[PortalUse] = deque(maxlen=_REMEMBERED)
        self._current: PortalUse | None = None
        #: Whose context was signed in last; another one must look whether it still is.
        self.last_holder: object | None = None

    @asynccontextmanager
    async def turn(self, who: str, operation: str) -> AsyncIterator[None]:
        """Wait for the account to be free, use it, and leave a note of the use."""
        await self._lock.acquire()
        self._current = PortalUse(who=who, operation=operation, started_at=self._clock.now())
        try:
            yield
        finally:
            self._uses.append(msgspec.structs.replace(self._current, ended_at=self._clock.now()))
            self._current = None
            self._lock.release()

    def uses(self) -> tuple[PortalUse, ...]:
        """The latest uses, the current one last."""
        return (*self._uses, self._current) if self._current is not None else tuple(self._uses)
