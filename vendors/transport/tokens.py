"""Bearer tokens: kept, renewed before they end, renewed once however many callers find them ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from app.model.clock import Clock
from app.model.errors import VendorError


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """An access token and how many seconds it lives; None where the vendor did not say: good until refused."""

    text: str
    lifetime_s: float | None = None

    def __repr__(self) -> str:
        return f"Token(text='…', lifetime_s={self.lifetime_s})"


class TokenKeeper:
    """Holds one connection's token. ``fetch`` asks the vendor for a new one."""

    def __init__(self, clock: Clock, fetch: Callable[[], Awaitable[Token]]) -> None:
        self._clock = clock
        self._fetch = fetch
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._renew_at: float | None = None
        self._fetched = 0
        self._failure: VendorError | None = None

    async def current(self) -> Token:
        """A token with life left in it. Raises what the vendor answered when there is none to be had."""
        if self._token is not None and (self._renew_at is None or self._clock.monotonic() < self._renew_at):
            return self._token
        return await self._renewed()

    async def instead_of(self, refused: Token) -> Token:
        """Another token than ``refused``: the one somebody got meanwhile, or a new one."""
        if self._token is not None and self._token is not refused:
            return self._token
        return await self._renewed()

    def forget(self) -> None:
        """Use no kept token again (signing in anew, signing out)."""
        self._token = None

    async def _renewed(self) -> Token:
        seen = self._fetched
        async with self._lock:
            # Whoever waited for somebody else's renewal shares its outcome, good or bad: a wrong key asked fifty
            # times over would lock the account.
            if self._fetched != seen:
                if self._failure is not None:
                    raise self._failure
                if self._token is not None:
                    return self._token
            try:
                token = await self._fetch()
            except VendorError as error:
                self._token, self._failure = None, error
                self._fetched += 1
                raise
            self._token, self._failure = token, None
            self._fetched += 1
            self._renew_at = None
            if token.lifetime_s is not None:
                # A tenth of its life ahead, five minutes at most, so that no request starts on a dying token.
                self._renew_at = self._clock.monotonic() + token.lifetime_s - min(300.0, token.lifetime_s / 10)
            return token
