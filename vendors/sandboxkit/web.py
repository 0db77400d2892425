"""The simulators' web server: faults around each handler, the ledger behind it, on loopback only."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware

from vendors.sandboxkit.clock import SandboxClock
from vendors.sandboxkit.faults import Fault, Faults, altered, renamed
from vendors.sandboxkit.ledger import Ledger

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

#: Where a handler leaves what its write changed, for the ledger.
EFFECT = web.RequestKey("effect", object)
#: Where the middleware leaves the request's JSON.
BODY = web.RequestKey("body", object)

HOST = "127.0.0.1"


def answer(value: Any, status: int = 200) -> web.Response:
    """JSON as the vendor would send it."""
    return web.json_response(value, status=status)


class Served:
    """One listening address."""

    def __init__(self, runner: web.AppRunner, url: str) -> None:
        self._runner = runner
        self.url = url

    async def close(self) -> None:
        """Stop listening and drop what is open."""
        await self._runner.cleanup()


async def serve(app: web.Application, port: int = 0, tls: ssl.SSLContext | None = None) -> Served:
    """Listen on loopback. Raises OSError when the port is taken."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port, ssl_context=tls)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    bound = runner.addresses[0][1]
    return Served(runner, f"{'https' if tls else 'http'}://{HOST}:{bound}")


class FaultyGate:
    """The middleware of a simulator: fails on purpose, and writes the ledger.

    ``expire`` and ``take`` are the simulator's own doing and are handed in.
    """

    def __init__(
        self,
        faults: Faults,
        ledger: Ledger,
        clock: SandboxClock,
        *,
        expire: Callable[[], None],
        take: Callable[[Any], None],
    ) -> None:
        self._faults = faults
        self._ledger = ledger
        self._clock = clock
        self._expire = expire
        self._take = take

    def middleware(self) -> Middleware:
        """To be put into ``web.Application(middlewares=…)``."""

        @web.middleware
        async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._through(request, handler)

        return gate

    async def _through(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        operation = request.match_info.route.name or "unknown"
        body = await _json(request)
        request[BODY] = body
        due = self._faults.due(operation)
        early = await self._before(request, due, body)
        if early is not None:
            self._note(request, operation, early.status, body, delivered=request.transport is not None)
            return early
        try:
            response = await handler(request)
        except web.HTTPException as refusal:
            response = answer({"error": refusal.text or refusal.reason}, refusal.status)
        dropped = any(fault.kind in {"drop_after", "hang_after"} for fault in due)
        self._note(request, operation, response.status, body, delivered=not dropped)
        response = await self._after(request, response, due)
        if not response.prepared:
            response.headers["Date"] = format_datetime(self._clock.now(), usegmt=True)
        return response

    def _note(self, request: web.Request, operation: str, status: int, body: Any, *, delivered: bool) -> None:
        is_write = request.method in {"POST", "PUT", "DELETE"} and operation != "token"
        self._ledger.note(
            self._clock.now(),
            operation,
            is_write=is_write,
            status=status,
            body=body if is_write else None,
            effect=request.get(EFFECT),
            delivered=delivered,
        )

    async def _before(self, request: web.Request, due: list[Fault], body: Any) -> web.Response | None:
        for fault in due:
            match fault.kind:
                case "latency":
                    await asyncio.sleep(fault.number(1.0))
                case "expire":
                    self._expire()
                case "take":
                    self._take(body)
                case "rate_limit":
                    return web.json_response(
                        {"error": "Too many requests"}, status=429, headers={"Retry-After": fault.value or "30"}
                    )
                case "fail":
                    return answer({"error": "Something went wrong"}, int(fault.number(500)))
                case "redirect":
                    return web.Response(status=302, headers={"Location": fault.value or "https://elsewhere.example/"})
                case "hang":
                    await asyncio.sleep(fault.number(3600.0))
                    return _drop(request)
                case "drop_before":
                    return _drop(request)
        return None

    async def _after(self, request: web.Request, response: web.StreamResponse, due: list[Fault]) -> web.StreamResponse:
        for fault in due:
            match fault.kind:
                case "drop_after":
                    return _drop(request)
                case "hang_after":
                    await asyncio.sleep(fault.number(3600.0))
                    return _drop(request)
                case "fail_after":
                    return answer({"error": "Something went wrong"}, int(fault.number(500)))
                case "html":
                    return web.Response(text="<!DOCTYPE html><title>Maintenance</title>", content_type="text/html")
                case "empty":
                    return web.Response(status=200)
                case "huge":
                    return await _huge(request, int(fault.number(50)))
                case "malformed" if isinstance(response, web.Response):
                    text = response.text or ""
                    response = web.Response(text=text[: len(text) // 2], content_type="application/json")
                case "drift" | "alter" if isinstance(response, web.Response):
                    change = renamed if fault.kind == "drift" else altered
                    value = change(json.loads(response.text or "null"), fault.value)
                    response = answer(value, response.status)
        return response


async def _json(request: web.Request) -> Any:
    if not request.can_read_body:
        return None
    try:
        return json.loads(await request.read())
    except ValueError:
        return None


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=444)


async def _huge(request: web.Request, megabytes: int) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    try:
        await response.write(b'{"data":"')
        for _ in range(megabytes * 16):
            await response.write(b"x" * 65536)
        await response.write(b'"}')
        await response.write_eof()
    except ConnectionError:
        pass  # The client had enough: that is what is being tried.
    return response
