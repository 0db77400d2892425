"""HTTP as Daybook speaks it: reads may be repeated, writes are sent once, and it is known whether they left."""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.util import find_spec
from time import perf_counter
from types import ModuleType
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
import msgspec

from app.model.errors import Drifted, RateLimited, Unreachable, VendorError
from vendors.contract import VendorContext
from vendors.transport import failures
from vendors.transport.address import checked, is_loopback
from vendors.transport.decode import drifted
from vendors.transport.tls import trust, trust_nobody

log = logging.getLogger("daybook.vendors")

# httpx and httpcore log full addresses and headers: search words, ids and bearer tokens.
for _noisy in ("httpx", "httpcore"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)

# httpcore looks for sniffio several times a request. Where it is not installed each look searches the whole path; None
# is Python's own way to say so once (language reference, "The module cache").
if find_spec("sniffio") is None:
    cast(dict[str, ModuleType | None], sys.modules).setdefault("sniffio", None)

#: No answer a practice needs is larger.
LARGEST_ANSWER = 8 * 1024 * 1024


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: the status as it was, header names in lower case, the whole body.

    ``set_cookies`` apart, because several of them cannot be joined to one header.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    set_cookies: tuple[str, ...] = ()


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One request. ``operation`` is what logs and errors call it; ``path`` stands behind the base address.

    ``is_write`` decides everything that matters here: a write leaves this machine at most once.
    """

    operation: str
    method: str
    path: str
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: bytes = b""
    is_write: bool


class HttpTransport:
    """One vendor address: its clients, its limits, its budget. Make it in a context, close it when done.

    ``parallel`` requests run at once; the rest wait their turn. Reads keep connections alive. Writes get a fresh one
    each, because a server may close a kept one just as it is used, and then nobody knows whether the write arrived.
    """

    def __init__(
        self,
        context: VendorContext,
        *,
        title: str,
        base_url: str,
        parallel: int = 4,
        largest: int = LARGEST_ANSWER,
    ) -> None:
        self._context = context
        self._title = title
        self._base = checked(base_url, allow_plain_http=context.allow_plain_http)
        self._largest = largest
        self._turns = asyncio.Semaphore(parallel)
        self._opening = asyncio.Lock()
        self._clients: dict[bool, httpx.AsyncClient] = {}
        self._closed = False
        self._under_way: set[asyncio.Timeout] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._jitter = random.SystemRandom()

    async def ask(self, ask: Ask) -> Answer:
        """Send it and give the answer, whatever its status, except 429 and passing trouble of a read.

        Raises Unreachable, OutcomeUnknown (writes only), RateLimited, Drifted (an answer too large to take).
        """
        tries = 1 if ask.is_write else self._context.timing.tries
        for attempt in range(1, tries + 1):
            last = attempt == tries
            try:
                answer = await self._once(ask)
            except RateLimited as error:
                if last or (error.retry_after or 0.0) > self._context.timing.patience_s:
                    raise
                continue  # The budget makes the next try wait.
            except Unreachable as error:
                # Who used up a request's whole time would use up the next one's, and a person waits.
                if last or isinstance(error.__context__, TimeoutError):
                    raise
            else:
                if last or answer.status not in failures.PASSING:
                    return answer
            await asyncio.sleep(self._back_off(attempt))
        raise AssertionError("there is always a last try")

    async def close(self) -> None:
        """End what is under way (as if its time were over) and give the sockets back. Nothing leaves afterwards."""
        async with self._opening:
            self._closed = True
            clients, self._clients = list(self._clients.values()), {}
        for limit in self._under_way:
            limit.reschedule(asyncio.get_running_loop().time())
        await self._idle.wait()
        for client in clients:
            await client.aclose()

    def _back_off(self, attempt: int) -> float:
        longest = self._context.timing.back_off_s * 2 ** (attempt - 1)
        return self._jitter.uniform(longest / 2, longest)

    async def _once(self, ask: Ask) -> Answer:
        budget = self._context.budget
        pause = budget.paused_for()
        if pause > self._context.timing.patience_s:
            raise failures.rate_limited(self._title, pause)
        async with self._turns:
            await budget.spend()
            started = perf_counter()
            outcome = "cancelled"
            try:
                answer = await self._send(ask)
                outcome = str(answer.status)
            except VendorError as error:
                outcome = error.code
                raise
            finally:
                spent = (perf_counter() - started) * 1000
                log.debug("%s %s: %s in %d ms", self._title, ask.operation, outcome, spent)
        if answer.status == 429:
            seconds = failures.pause_seconds(answer.headers.get("retry-after", ""), self._context.clock.now())
            budget.slow_down(seconds)
            raise failures.rate_limited(self._title, seconds)
        return answer

    async def _send(self, ask: Ask) -> Answer:
        left = False

        async def trace(event: str, info: Mapping[str, Any]) -> None:
            nonlocal left
            if event.endswith("send_request_headers.started"):
                left = True

        client = await self._client(ask.is_write)
        request = client.build_request(
            ask.method,
            self._base + ask.path,
            params=ask.query or None,
            headers={"Accept": "application/json", "User-Agent": "Daybook", **ask.headers},
            content=ask.body or None,
            extensions={"trace": trace},
        )
        try:
            async with self._in_time(), _streamed(client, request) as response:
                return await self._taken(response)
        except Drifted as error:
            if ask.is_write:
                raise failures.outcome_unknown(self._title, f"{ask.operation}: {error.detail}") from None
            raise
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            # `from None`: a chained httpx error carries the address, and the address carries what was searched for.
            if not left:
                raise failures.not_sent(self._title, error) from None
            if ask.is_write:
                raise failures.outcome_unknown(self._title, f"{ask.operation}: {type(error).__name__}") from None
            raise failures.no_answer(self._title, error) from None

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """A limit on the whole request, which closing may bring forward."""
        async with asyncio.timeout(self._context.timing.whole_s) as limit:
            self._under_way.add(limit)
            self._idle.clear()
            try:
                yield
            finally:
                self._under_way.discard(limit)
                if not self._under_way:
                    self._idle.set()

    async def _taken(self, response: httpx.Response) -> Answer:
        """The body, while it is no larger than allowed; refused as soon as it is known to be."""
        announced = response.headers.get("content-length", "")
        too_large = announced.isdigit() and int(announced) > self._largest
        body = bytearray()
        if not too_large:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > self._largest:
                    too_large = True
                    break
        if too_large:
            raise drifted(self._title, "answer", f"more than {self._largest // (1024 * 1024)} MB at once")
        return Answer(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=bytes(body),
            set_cookies=tuple(response.headers.get_list("set-cookie")),
        )

    async def _client(self, is_write: bool) -> httpx.AsyncClient:
        async with self._opening:
            if self._closed:
                raise failures.closed(self._title)
            if not self._clients:
                context = await self._tls()
                here = is_loopback(urlsplit(self._base).hostname or "")
                timing = self._context.timing
                for write in (False, True):
                    self._clients[write] = httpx.AsyncClient(
                        verify=context,
                        timeout=httpx.Timeout(timing.answer_s, connect=timing.connect_s, pool=timing.whole_s),
                        limits=httpx.Limits(max_keepalive_connections=0 if write else 8, keepalive_expiry=30.0),
                        follow_redirects=False,
                        # A proxy of the environment is for the world, never for this machine.
                        trust_env=not here,
                    )
            return self._clients[is_write]

    async def _tls(self) -> ssl.SSLContext:
        if self._base.startswith("http://"):
            return trust_nobody()
        return await asyncio.to_thread(trust, self._context.trusted_ca)


@asynccontextmanager
async def _streamed(client: httpx.AsyncClient, request: httpx.Request) -> AsyncIterator[httpx.Response]:
    response = await client.send(request, stream=True)
    try:
        yield response
    finally:
        await response.aclose()
