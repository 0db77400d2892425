"""The moment of writing: one request leaves, once, and it is known whether it left.

A browser repeats a POST by itself when a kept connection is closed before an answer comes, and nobody would know. So
while a write is pressed, the browser's request is taken over: it leaves through the transport, on a connection of its
own, at most once; the browser gets the answer as if it had sent it. A second request of the same kind in the same
moment (a double click, a script) is refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import msgspec

from app.model.errors import NotEntitled, OutcomeUnknown, SlotTaken, VendorError, VendorRejected
from vendors.portal import failures
from vendors.portal.loading import loading
from vendors.portal.tab import Sent, Tab
from vendors.transport import failures as wire_failures
from vendors.transport.http import Answer, Ask, HttpTransport

if TYPE_CHECKING:
    from playwright.async_api import Request, Route

#: Headers of an answer that describe a body as it was on the wire, not as it is handed on.
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"})
_NOT_OURS = frozenset({"host", "content-length", "connection", "accept-encoding"})
#: Answers by which a browser would send the same once more, to wherever it is told.
_SEND_AGAIN = frozenset({307, 308})
#: How long a press may take to become a request.
_PRESS_S = 10.0

#: Makes the body of a request that the browser does not show whole (files): content type and bytes.
Body = Callable[["Request"], Awaitable[tuple[str, bytes]]]


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The portal's answer to a write: its status, and the path it sends the browser to, if any."""

    status: int
    location: str = ""


class Commit:
    """One write on a tab. ``press`` does what makes the browser send it."""

    def __init__(self, tab: Tab, *, path: re.Pattern[str], is_write: bool = True, body: Body | None = None) -> None:
        self._tab = tab
        self._path = path
        self._is_write = is_write
        self._body = body
        self._done: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._taken = asyncio.Event()
        self._route: Route | None = None

    async def press(self, act: Callable[[], Awaitable[object]]) -> Answered:
        """Send it. Returns once the portal has answered and the browser shows the answer.

        Raises Unreachable (nothing left; the page itself may have held it back), OutcomeUnknown (it may have happened),
        AuthExpired, NotEntitled, VendorRejected (refused by status).
        """
        tab, page = self._tab, self._tab.page
        await tab.step()
        await page.route(self._is_mine, self._take)
        try:
            async with loading(tab), page.expect_navigation(wait_until="domcontentloaded"):
                await act()
                async with asyncio.timeout(_PRESS_S):
                    await self._taken.wait()
                answered = await self._done
        except TimeoutError:
            raise failures.slow(tab.site.title, tab.operation) from None
        finally:
            await self._let_go()
        if self._is_write and tab.is_signed_out:
            # What the log-in page says ("your session has ended") is no answer to what was sent.
            tab.session.note_ended()
            raise failures.ended(tab.site.title, tab.operation)
        return answered

    async def _let_go(self) -> None:
        """Hand the page back to the browser. Where nobody waits for an answer any more, it sends nothing by itself:
        without a route it would go on with a request that has left on our connection already."""
        # Whoever is cancelled while waiting for it cancels the answer as well.
        if self._done.done() and not self._done.cancelled():
            self._done.exception()
            if not self._tab.page.is_closed():
                with contextlib.suppress(Exception):
                    await self._tab.page.unroute(self._is_mine, self._take)
            return
        self._done.cancel()
        self._taken.set()
        if self._route is not None:
            await _stop(self._route)

    def _is_mine(self, url: str) -> bool:
        return bool(self._path.search(urlsplit(url).path))

    async def _take(self, route: Route) -> None:
        request = route.request
        if request.method == "GET":
            await route.fallback()
            return
        if self._taken.is_set():
            await _stop(route)
            return
        self._taken.set()
        self._route = route
        try:
            answer = await self._send(request.url, await self._as_ask(request))
            headers = {name: value for name, value in answer.headers.items() if name not in _OF_THE_WIRE}
            self._tab.status = answer.status
            if answer.set_cookies:
                headers["set-cookie"] = "\n".join(answer.set_cookies)
            await route.fulfill(status=answer.status, headers=headers, body=answer.body)
            location = urlsplit(answer.headers.get("location", "")).path
            self._settle(Answered(status=answer.status, location=location))
        except VendorError as error:
            self._settle(error)
            await _stop(route, "connectionfailed")
        except Exception as error:
            # The browser died under it; what was sent was sent, and ``Tab.sent`` knows.
            self._settle(failures.gone(self._tab.site.title, f"{self._tab.operation}: {type(error).__name__}"))
        finally:
            self._settle(failures.gone(self._tab.site.title, f"{self._tab.operation}: cancelled"))

    async def _as_ask(self, request: Request) -> Ask:
        headers = {name: value for name, value in (await request.all_headers()).items() if name not in _NOT_OURS}
        body = request.post_data_buffer or b""
        if self._body is not None:
            headers["content-type"], body = await self._body(request)
        parts = urlsplit(request.url)
        return Ask(
            operation=self._tab.operation,
            method=request.method,
            path=parts.path + (f"?{parts.query}" if parts.query else ""),
            headers={name.title(): value for name, value in headers.items() if not name.startswith(":")},
            body=body,
            is_write=True,
        )

    async def _send(self, url: str, ask: Ask) -> Answer:
        tab, parts = self._tab, urlsplit(url)
        tab.check_place(url)
        if _origin(url) != _origin(tab.page.url):
            raise wire_failures.for_status(tab.site.title, 302, operation=ask.operation, write=False)
        transport = HttpTransport(
            tab.session.context, title=tab.site.title, base_url=f"{parts.scheme}://{parts.netloc}", parallel=1
        )
        tab.sent = Sent.MAYBE if self._is_write else Sent.NO
        try:
            answer = await transport.ask(ask)
        except OutcomeUnknown as error:
            if self._is_write:
                raise
            raise failures.slow(tab.site.title, error.detail) from None
        except VendorError:
            tab.sent = Sent.NO
            raise
        finally:
            await transport.close()
        if answer.status >= 400:
            refused = wire_failures.for_status(tab.site.title, answer.status, operation=ask.operation, write=True)
            if not isinstance(refused, OutcomeUnknown):
                tab.sent = Sent.NO
            raise refused
        if answer.status in _SEND_AGAIN:
            raise wire_failures.for_status(tab.site.title, answer.status, operation=ask.operation, write=False)
        tab.check_place(urljoin(url, answer.headers.get("location", "")))
        tab.sent = Sent.ANSWERED if self._is_write else Sent.NO
        return answer

    def _settle(self, outcome: Answered | VendorError) -> None:
        if self._done.done():
            return
        if isinstance(outcome, VendorError):
            self._done.set_exception(outcome)
        else:
            self._done.set_result(outcome)


async def _stop(route: Route, how: str = "blockedbyclient") -> None:
    """The browser's own request goes no further; nothing to do where it is settled already, or the page is gone."""
    with contextlib.suppress(Exception):
        await route.abort(how)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def not_unknown(tab: Tab, error: VendorError) -> VendorError:
    """``error`` as it is to be told after a write: a clear refusal, or OutcomeUnknown for all else once it was sent."""
    if tab.sent is Sent.NO or isinstance(error, OutcomeUnknown):
        return error
    if tab.sent is Sent.ANSWERED and isinstance(error, VendorRejected | SlotTaken | NotEntitled):
        return error
    return failures.unknown(tab.site.title, f"{tab.operation}: {error.code} after it was sent")
