"""Watching and taking over: pictures of the page out, mouse and keys in, through the session that is signed in already.

Pictures come from the browser's own screencast. Only the newest is held, and the browser is told to send the next when
the last was taken, so that a slow watcher costs nothing.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from app.model.portal import KeyInput, MouseInput, ViewFrame
from vendors.portal import window

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from vendors.portal.session import PortalSession

_MOUSE = {"move": "mouseMoved", "press": "mousePressed", "release": "mouseReleased", "wheel": "mouseWheel"}


class BrowserView:
    """One watcher of one page (``app.desk.ports.PortalView``)."""

    def __init__(self, session: PortalSession, cdp: CDPSession, page: Page, closed: Callable[[], None]) -> None:
        self._session = session
        self._cdp = cdp
        self._page = page
        self._closed: Callable[[], None] | None = closed
        self._newest: dict[str, Any] | None = None
        self._news = asyncio.Event()
        self._paused = False
        self._over = False
        cdp.on("Page.screencastFrame", self._frame)
        page.on("close", self._end)

    @classmethod
    async def open(cls, session: PortalSession, page: Page, closed: Callable[[], None]) -> BrowserView:
        """Begin to watch ``page``."""
        await window.restore(page)
        cdp = await page.context.new_cdp_session(page)
        view = cls(session, cdp, page, closed)
        await cdp.send(
            "Page.startScreencast",
            {"format": "jpeg", "quality": 70, "maxWidth": window.WIDTH, "maxHeight": window.HEIGHT},
        )
        return view

    def _frame(self, event: dict[str, Any]) -> None:
        self._newest = event
        self._news.set()

    def _end(self, page: Page) -> None:
        self._over = True
        self._news.set()

    async def frames(self) -> AsyncIterator[ViewFrame]:
        """The newest picture whenever there is one; ends when the page or the view closes."""
        while True:
            await self._news.wait()
            self._news.clear()
            event, self._newest = self._newest, None
            if event is not None:
                with contextlib.suppress(Exception):
                    await self._cdp.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})
                size = event["metadata"]
                yield ViewFrame(
                    jpeg=base64.b64decode(event["data"]),
                    width=int(size["deviceWidth"]),
                    height=int(size["deviceHeight"]),
                )
            if self._over:
                return

    @property
    def is_paused(self) -> bool:
        """The person has the page; the work waits."""
        return self._paused

    def pause(self) -> None:
        """Take over: the work stops before its next act."""
        self._paused = True
        self._session.pause()

    def hand_back(self) -> None:
        """Let the work go on: a read begins again, a write is read back before anything is sent."""
        if self._paused:
            self._paused = False
            self._session.hand_back()

    async def send_mouse(self, mouse: MouseInput) -> None:
        """Move, press, release or turn the wheel. Ignored unless taken over."""
        if not self._may_touch(mouse.kind == "move"):
            return
        event: dict[str, Any] = {
            "type": _MOUSE[mouse.kind],
            "x": mouse.x,
            "y": mouse.y,
            "button": mouse.button,
            "clickCount": mouse.clicks if mouse.kind in {"press", "release"} else 0,
            "modifiers": mouse.modifiers,
        }
        if mouse.kind == "wheel":
            event |= {"deltaX": mouse.dx, "deltaY": mouse.dy}
        await self._send("Input.dispatchMouseEvent", event)

    async def send_key(self, key: KeyInput) -> None:
        """Press or release a key. Ignored unless taken over."""
        if not self._may_touch(False):
            return
        kind = "keyUp" if key.kind == "release" else ("keyDown" if key.text else "rawKeyDown")
        event: dict[str, Any] = {"type": kind, "key": key.key, "code": key.code or key.key, "modifiers": key.modifiers}
        if key.windows_code:
            event["windowsVirtualKeyCode"] = key.windows_code
        if key.text and key.kind == "press":
            event |= {"text": key.text, "unmodifiedText": key.text}
        await self._send("Input.dispatchKeyEvent", event)

    def _may_touch(self, harmless: bool) -> bool:
        if self._over or not self._paused:
            return False
        if not harmless:
            self._session.touched()
        return True

    async def _send(self, method: str, event: dict[str, Any]) -> None:
        # The page may just be going elsewhere; what a hand did there is no error.
        with contextlib.suppress(Exception):
            await self._cdp.send(method, event)

    async def close(self) -> None:
        """Stop watching; hands the page back where it was taken. Safe to call twice."""
        self.hand_back()
        self._over = True
        self._news.set()
        closed, self._closed = self._closed, None
        if closed is None:
            return
        with contextlib.suppress(Exception):
            await self._cdp.send("Page.stopScreencast")
            await self._cdp.detach()
        closed()
        if not self._session.is_watched:
            await window.shrink(self._page)
