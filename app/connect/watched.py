"""A page that is watched: taking it over and handing it back each leave a line in the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from app.model.portal import KeyInput, MouseInput, PortalView, ViewFrame


class Watched:
    """Implements ``PortalView`` around the adapter's own; ``tell`` keeps what was done (``took over`` …)."""

    def __init__(self, view: PortalView, tell: Callable[[str], Awaitable[None]]) -> None:
        self._view = view
        self._tell = tell
        self._telling: list[asyncio.Task[None]] = []

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
        while self._telling:
            await self._telling.pop(0)

    def _note(self, what: str) -> None:
        # A page is taken at once; the log is written while it is.
        before = self._telling[-1] if self._telling else None
        self._telling.append(asyncio.get_running_loop().create_task(self._tell_after(before, what)))

    async def _tell_after(self, before: asyncio.Task[None] | None, what: str) -> None:
        if before is not None:
            await before
        await self._tell(what)
