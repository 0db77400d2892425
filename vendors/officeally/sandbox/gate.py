"""The middleware of every HTTP door here: faults before and after, a look that pages take on, the ledger behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.typedefs import Middleware

from vendors.officeally.sandbox.envelopes import form_parts
from vendors.sandboxkit.clock import SandboxClock
from vendors.sandboxkit.faults import PAGES, Fault, Faults
from vendors.sandboxkit.ledger import Ledger
from vendors.sandboxkit.web import EFFECT

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Look:
    """How pages have drifted: other labels, other ids, hidden buttons, a page before, a dialog, a new field."""

    relabel: bool = False
    reid: bool = False
    move: bool = False
    interstitial: bool = False
    require: bool = False
    popup: str = ""


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that came with a form."""

    name: str
    content: bytes


@dataclass
class Form:
    """What a form brought: values by the control's key, files likewise."""

    values: dict[str, str]
    files: dict[str, Upload]

    def get(self, key: str) -> str:
        """A value without blanks around it, or nothing."""
        return self.values.get(key, "").strip()

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def chosen(self, prefix: str) -> list[str]:
        """The keys of ticked boxes that begin so, without the beginning."""
        return [key.removeprefix(prefix) for key in self.values if key.startswith(prefix)]


FORM = web.RequestKey("form", Form)
LOOK = web.RequestKey("look", Look)
OPERATION = web.RequestKey("operation", str)


def plain_key(name: str) -> str:
    """``ctl00$Main$txtFrom`` (or the drifted ``ctl00$Body$ntxtFrom``) → ``txtFrom``; other names stay."""
    if name.startswith("ctl00$Body$n"):
        return name.removeprefix("ctl00$Body$n")
    return name.removeprefix("ctl00$Main$")


async def form_of(request: web.Request) -> Form:
    """Read the body of a form, of either encoding."""
    raw = await request.read()
    kind = request.headers.get("Content-Type", "")
    if kind.startswith("multipart/form-data"):
        parts = form_parts(kind, raw)
        values = {plain_key(name): content.decode("utf-8", "replace") for name, file, content in parts if not file}
        return Form(values, {plain_key(name): Upload(name=file, content=data) for name, file, data in parts if file})
    pairs = parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)
    return Form({plain_key(name): value for name, value in pairs}, {})


class Gate:
    """``writes`` are the operations whose effect the ledger keeps; ``pages`` joins a form's operation with its page.

    ``renames`` finds the operation of a form by the button that was pressed. ``end`` ends the session of a request and
    says where it sends the browser then; ``end_all`` ends every session.
    """

    def __init__(
        self, faults: Faults, ledger: Ledger, clock: SandboxClock, *, writes: Iterable[str] = (),
        pages: dict[str, str] | None = None, renames: dict[str, dict[str, str]] | None = None,
        end: Callable[[web.Request], str] | None = None, end_all: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self._faults = faults
        self._ledger = ledger
        self._clock = clock
        self._writes = frozenset(writes)
        self._pages = pages or {}
        self._renames = renames or {}
        self._end = end or (lambda request: "/")
        self._end_all = end_all or (lambda: None)

    def middleware(self) -> Middleware:
        """To be put into ``web.Application(middlewares=…)``."""

        @web.middleware
        async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._through(request, handler)

        return gate

    async def _through(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        form = await form_of(request) if request.method == "POST" else Form({}, {})
        operation = request.match_info.route.name or "unknown"
        for button, name in self._renames.get(operation, {}).items():
            if button in form:
                operation = name
        request[FORM], request[OPERATION] = form, operation
        due = self._faults.due(operation)
        request[LOOK] = self._look(operation, due)
        early = await self._before(request, due)
        if early is not None:
            self._note(request, early.status, delivered=False)
            return early
        try:
            response = await handler(request)
        except web.HTTPException as redirect:
            response = web.Response(status=redirect.status, text=redirect.text, headers=redirect.headers)
        lost = any(
            fault.kind in {"drop_after", "hang_after", "kill_after", "fail_after", "html", "empty"} for fault in due
        )
        self._note(request, response.status, delivered=not lost)
        response = await self._after(request, response, due)
        if not response.prepared:
            response.headers["Date"] = format_datetime(self._clock.now(), usegmt=True)
        return response

    def _look(self, operation: str, due: list[Fault]) -> Look:
        """The faults of this page: those that are due, and those of the other half (page and form) of the same page."""
        page = self._pages.get(operation, operation)
        names = {page, *(name for name, other in self._pages.items() if other == page)} - {operation}
        look = Look()
        for fault in [*due, *(one for one in self._faults.active if one.operation in names)]:
            if fault.kind == "popup":
                look = replace(look, popup=fault.value or "Please confirm the details of your practice.")
            elif fault.kind in PAGES and not fault.kind.startswith("kill"):
                changed: dict[str, Any] = {fault.kind: True}
                look = replace(look, **changed)
        return look

    def _note(self, request: web.Request, status: int, *, delivered: bool) -> None:
        operation = request[OPERATION]
        is_write = operation in self._writes and request.get(EFFECT) is not None
        shown = {key: value for key, value in request[FORM].values.items() if not key.startswith("__")}
        self._ledger.note(
            self._clock.now(), operation, is_write=is_write, status=status, body=shown if is_write else None,
            effect=request.get(EFFECT), delivered=delivered,
        )  # fmt: skip

    async def _before(self, request: web.Request, due: list[Fault]) -> web.Response | None:
        for fault in due:
            match fault.kind:
                case "latency":
                    await asyncio.sleep(fault.number(1.0))
                case "expire":
                    self._end_all()
                case "kill_before":
                    return _found(self._end(request))
                case "rate_limit":
                    return web.Response(status=429, headers={"Retry-After": fault.value or "30"}, text="Slow down")
                case "fail":
                    return _page(int(fault.number(500)), "Runtime Error")
                case "redirect":
                    return _found(fault.value or "https://elsewhere.example/")
                case "hang" | "drop_before":
                    if fault.kind == "hang":
                        await asyncio.sleep(fault.number(3600.0))
                    return _drop(request)
        return None

    async def _after(self, request: web.Request, response: web.StreamResponse, due: list[Fault]) -> web.StreamResponse:
        for fault in due:
            match fault.kind:
                case "kill_after":
                    return _found(self._end(request))
                case "drop_after" | "hang_after":
                    if fault.kind == "hang_after":
                        await asyncio.sleep(fault.number(3600.0))
                    return _drop(request)
                case "fail_after":
                    return _page(int(fault.number(500)), "Runtime Error")
                case "html":
                    return _page(200, "Scheduled Maintenance")
                case "empty":
                    return web.Response(status=200)
                case "huge":
                    return web.Response(body=b"x" * int(fault.number(50)) * 1024 * 1024, content_type="text/html")
                case "malformed" if isinstance(response, web.Response):
                    text = response.text or ""
                    return web.Response(text=text[: len(text) // 2], content_type=response.content_type)
        return response


def _found(where: str) -> web.Response:
    return web.Response(status=302, headers={"Location": where})


def _page(status: int, title: str) -> web.Response:
    text = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return web.Response(status=status, text=text, content_type="text/html")


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=444)
