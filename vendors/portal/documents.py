"""Downloads, as the bodies of answers in memory: the browser itself never gets a file to write.

While a download is pressed, answers are held back as they arrive; the one that is a document is read piece by piece up
to a limit and then dropped in the browser, so that nothing of it reaches the disk.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import msgspec

from app.model.errors import BadDocument, Drifted
from vendors.portal import failures
from vendors.portal.tab import Tab

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

#: No report, remittance or list a practice downloads is larger.
LARGEST = 64 * 1024 * 1024
_PIECE = 256 * 1024
_WAIT_S = 60.0


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A document as it came: the name the portal gives it (its last part only), media type, bytes."""

    name: str
    media_type: str
    content: bytes


async def fetch(tab: Tab, act: Callable[[], Awaitable[object]], *, largest: int = LARGEST) -> Fetched:
    """Do ``act`` (a click on a download) and return what it downloads.

    Raises AuthExpired where the answer is the log-in page, Drifted for any other web page, BadDocument for one that is
    too large, Unreachable where nothing comes, or not all of it.
    """
    await tab.step()
    await tab.session.context.budget.spend()
    cdp = await tab.page.context.new_cdp_session(tab.page)
    catch = _Catch(cdp)
    try:
        await cdp.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "requestStage": "Response"}]})
        await act()
        async with asyncio.timeout(_WAIT_S):
            event = await catch.next_answer()
            return await _taken(tab, cdp, event, largest)
    except TimeoutError:
        raise failures.slow(tab.site.title, tab.operation) from None
    finally:
        with contextlib.suppress(Exception):
            await cdp.send("Fetch.disable")
            await cdp.detach()


class _Catch:
    """The answers that are held back, in the order of arrival; redirects are let through."""

    def __init__(self, cdp: CDPSession) -> None:
        self._cdp = cdp
        self._paused: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        cdp.on("Fetch.requestPaused", self._paused.put_nowait)

    async def next_answer(self) -> dict[str, Any]:
        """The next one that is a document or a page of its own."""
        while True:
            event = await self._paused.get()
            status = event.get("responseStatusCode", 0)
            # Pictures, styles and scripts of the page go their way, and so does the way there.
            if event.get("resourceType") in {"Document", "Other"} and not 300 <= status < 400:
                return event
            await self._cdp.send("Fetch.continueRequest", {"requestId": event["requestId"]})


async def _taken(tab: Tab, cdp: CDPSession, event: dict[str, Any], largest: int) -> Fetched:
    headers = {one["name"].lower(): one["value"] for one in event.get("responseHeaders", [])}
    status = event.get("responseStatusCode", 0)
    disposition = headers.get("content-disposition", "")
    media_type = headers.get("content-type", "application/octet-stream").partition(";")[0].strip().lower()
    is_page = media_type == "text/html" and "attachment" not in disposition.lower()
    if is_page or not status or status >= 400:
        await cdp.send("Fetch.continueRequest", {"requestId": event["requestId"]})
        await tab.page.wait_for_load_state("domcontentloaded")
        raise await _page_instead(tab, status)
    try:
        announced = _announced(headers)
        if announced is not None and announced > largest:
            raise _too_large(tab, largest)
        content = await _read(tab, cdp, event["requestId"], largest)
        if announced is not None and len(content) < announced:
            # The browser hands over what came before a connection broke as if that were all.
            raise failures.cut_off(tab.site.title, tab.operation)
    finally:
        await cdp.send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "Aborted"})
    return Fetched(name=_name(disposition), media_type=media_type, content=content)


def _announced(headers: dict[str, str]) -> int | None:
    """How long the document is, where the answer says so; the length of what was packed for the way says nothing."""
    length = headers.get("content-length", "")
    is_plain = headers.get("content-encoding", "identity").strip().lower() in {"", "identity"}
    return int(length) if is_plain and length.isascii() and length.isdigit() else None


async def _read(tab: Tab, cdp: CDPSession, request_id: str, largest: int) -> bytes:
    stream = (await cdp.send("Fetch.takeResponseBodyAsStream", {"requestId": request_id}))["stream"]
    content = bytearray()
    try:
        while True:
            piece = await cdp.send("IO.read", {"handle": stream, "size": _PIECE})
            data = piece["data"]
            content += base64.b64decode(data) if piece.get("base64Encoded") else data.encode()
            if len(content) > largest:
                raise _too_large(tab, largest)
            if piece["eof"]:
                return bytes(content)
    finally:
        await cdp.send("IO.close", {"handle": stream})


async def _page_instead(tab: Tab, status: int) -> Exception:
    # Where the browser was sent by the answer is known once it has drawn it.
    with contextlib.suppress(Exception):
        await tab.page.wait_for_url(lambda url: tab.is_signed_out, timeout=1_000)
    if tab.is_signed_out or status == 401:
        tab.session.note_ended()
        return failures.ended(tab.site.title, tab.operation)
    if status >= 400 or not status:
        return failures.no_page(tab.site.title, tab.operation, status or 500)
    return Drifted(
        f"{tab.site.title} answered with a web page where a file was expected.",
        "Daybook does not guess what it means, so it was not used.",
        ("Try again later.", "Open the page and look."),
        detail=f"{tab.operation}: page instead of a document, HTTP {status}",
    )


def _too_large(tab: Tab, largest: int) -> BadDocument:
    return BadDocument(
        f"The file from {tab.site.title} is larger than {largest // (1024 * 1024)} MB.",
        "No report or remittance is that large, so Daybook did not take it.",
        ("Look at it in the portal.", "Tell support if it is what it says."),
        detail=f"{tab.operation}: too large",
    )


def _name(disposition: str) -> str:
    """The file's name, without any folder: it is shown and compared, never used as a path."""
    extended = re.search(r"filename\*\s*=\s*[\w-]*''([^;]+)", disposition)
    plain = re.search(r'filename\s*=\s*(?:"([^"]*)"|([^;]+))', disposition)
    name = unquote(extended[1]) if extended else ((plain[1] or plain[2] or "") if plain else "")
    return re.split(r"[\\/]", name.strip())[-1][:200]
