"""The per-connection rate budget: how often we may ask, and how often we have."""

from __future__ import annotations

import asyncio
from collections import deque

from app.model.clock import Clock
from app.model.connection import Budget


class RateBudget:
    """Spends at most ``allowed`` requests in any ``window_s`` seconds, and lets people see it.

    One per connection, shared by everything that speaks for it. Loop-bound, not thread-safe.
    """

    def __init__(self, clock: Clock, *, allowed: int, window_s: float, words: str = "") -> None:
        if allowed < 1 or window_s <= 0:
            raise ValueError("a budget allows at least one request in some time")
        self._clock = clock
        self._allowed = allowed
        self._window = window_s
        self._words = words
        self._starts: deque[float] = deque()
        self._not_before = 0.0

    async def spend(self) -> None:
        """Wait for this request's turn. Turns are given in the order of asking."""
        now = self._clock.monotonic()
        self._forget(now)
        turn = max(now, self._not_before)
        if len(self._starts) >= self._allowed:
            turn = max(turn, self._starts[-self._allowed] + self._window)
        self._starts.append(turn)
        if turn > now:
            await asyncio.sleep(turn - now)

    def slow_down(self, seconds: float) -> None:
        """The vendor asked for a pause: nothing leaves for ``seconds``, whoever asks."""
        self._not_before = max(self._not_before, self._clock.monotonic() + seconds)

    def paused_for(self) -> float:
        """Seconds until the vendor's pause is over; 0 when there is none."""
        return max(0.0, self._not_before - self._clock.monotonic())

    def visible(self) -> Budget:
        """Requests spent in the current window, out of those allowed."""
        now = self._clock.monotonic()
        self._forget(now)
        return Budget(used=len(self._starts), allowed=self._allowed, words=self._words)

    def _forget(self, now: float) -> None:
        while self._starts and self._starts[0] <= now - self._window:
            self._starts.popleft()
