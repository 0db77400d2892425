"""While a page comes: two things a browser says late or not at all are told at once.

A page far too large, which it would take for as long as that comes; and being sent to an address that is not the
portal's, where it would show whatever it finds, or say only that it found nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from vendors.portal import failures
from vendors.portal.tasks import Background

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Frame, Page

    from vendors.portal.tab import Tab

#: Nobody reads a page that is larger: ten thousand rows, without its pictures and scripts.
LARGEST = 4 * 1024 * 1024
#: What has come by then is not weighed; weighing costs a message for each piece.
UNWEIGHED_S = 1.0
_LOOK_S = 10.0


@contextlib.asynccontextmanager
async def loading(tab: Tab) -> AsyncIterator[None]:
    """Let a page come in here. Raises Drifted for one that is too large or at another address than the portal's."""
    scale = _Scale(tab.page)
    timer = asyncio.get_running_loop().call_later(UNWEIGHED_S, scale.start)
    try:
        yield
    except Exception as error:
        if failures.is_browsers(error):
            tab.is_lost = True
            if scale.is_too_large:
                raise failures.page_too_large(tab.site.title, tab.operation, LARGEST) from None
            if "net::ERR_" in str(error):
                tab.check_place(await _wanted(tab.page))
        raise
    finally:
        timer.cancel()
        await scale.close()
    tab.check_place()


class _Scale:
    """Weighs documents as they come, and closes the page when one is too much: its memory goes with it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._background = Background()
        self._cdp: CDPSession | None = None
        #: Bytes so far, by the browser's name of the document.
        self._weights: dict[str, int] = {}
        self._is_over = False
        self.is_too_large = False

    def start(self) -> None:
        """Begin to weigh."""
        self._background.start("scale", self._weigh())

    async def _weigh(self) -> None:
        with contextlib.suppress(Exception):  # A page that is gone is noticed by who waits for it.
            cdp = await self._page.context.new_cdp_session(self._page)
            cdp.on("Network.responseReceived", self._begins)
            cdp.on("Network.dataReceived", self._came)
            await cdp.send("Network.enable")
            self._cdp = cdp
            # What had begun before.
            tree = await cdp.send("Page.getFrameTree")
            self._weights.setdefault(tree["frameTree"]["frame"]["loaderId"], 0)

    def _begins(self, event: dict[str, Any]) -> None:
        if event["type"] == "Document":
            self._weights.setdefault(event["requestId"], 0)

    def _came(self, event: dict[str, Any]) -> None:
        name = event["requestId"]
        if name not in self._weights:
            return
        self._weights[name] += event["dataLength"]
        if self._weights[name] > LARGEST and not self.is_too_large and not self._is_over:
            self.is_too_large = True
            self._background.start("close", self._page.close())

    async def close(self) -> None:
        """Stop weighing."""
        self._is_over = True
        await self._background.close()
        # One that was not answered yet would not let itself be detached before the page comes.
        if self._cdp is not None:
            with contextlib.suppress(Exception):
                await self._cdp.detach()


def _is_error_page(frame: Frame) -> bool:
    return frame.url.startswith("chrome-error:")


async def _wanted(page: Page) -> str:
    """Where the browser was going when it failed, as its history has it; empty where it does not tell."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(_LOOK_S):
            # Its own error page comes a little after the error. Waiting for that address as a navigation would end
            # at once with the error itself wherever that is told late.
            if not _is_error_page(page.main_frame):
                await page.wait_for_event("framenavigated", predicate=_is_error_page, timeout=_LOOK_S * 1000)
            cdp = await page.context.new_cdp_session(page)
            told = await cdp.send("Page.getNavigationHistory")
            await cdp.detach()
            return str(told["entries"][told["currentIndex"]]["url"])
    return ""
