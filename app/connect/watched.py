"""A page that is watched: taking it over and handing it back each leave a line in the audit log."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from app.connect.tasks import TaskOwner
from app.model.portal import KeyInput, MouseInput, PortalView, ViewFrame

log = logging.getLogger("daybook.connect")

#: So long closing waits for the log (seconds).
_GRACE = 5.0


class Watched:
    """Implements ``PortalView`` around the adapter's own; ``tell`` keeps what was done (``took over`` …)."""

    def __init__(self, view: PortalView, tell: Callable[[str], Awaitable[None]]) -> None:
        self._view = view
        self._tell = tell
        self._done: list[str] = []
        self._writing = False
        self._owner = TaskOwner(_failed)

    @property
    def is_paused(self) -> bool:
        """The person has the page; the work waits."""
        return self._view.is_paused

    def frames(self) -> AsyncIterator[ViewFrame]:
        """The newest picture whenever there is one; ends when the page or the view closes."""
        return self._view.frames()

    def pause(self) -> None:
        """Take over."""
        if not self._view.is_paused:
            self._view.pause()
            self._note("Took over")

    def hand_back(self) -> None:
        """Let the work go on."""
        if self._view.is_paused:
            self._note("Handed back")
        self._view.hand_back()

    async def send_mouse(self, mouse: MouseInput) -> None:
        """Pass the mouse on; ignored unless taken over."""
        await self._view.send_mouse(mouse)

    async def send_key(self, key: KeyInput) -> None:
        """Pass a key on; ignored unless taken over."""
        await self._view.send_key(key)

    async def close(self) -> None:
        """Stop watching; hands back what was taken. Safe to call twice."""
        self.hand_back()
        await self._view.close()
        await self._owner.close(_GRACE)

    def _note(self, what: str) -> None:
        # A page is taken at once; the log is written while it is.
        self._done.append(what)
        if not self._writing:
            self._writing = True
            self._owner.start("the log of a page", self._write_down())

    async def _write_down(self) -> None:
        try:
            while self._done:
                await self._tell(self._done.pop(0))
        finally:
            self._writing = False


def _failed(name: str, error: BaseException) -> None:
    # Its text may hold a patient's data; its type does not.
    log.error("%s failed: %s", name, type(error).__name__)
