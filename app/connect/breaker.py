"""The circuit breaker: after so many failures in a row stop asking, say so, and try again at a known time."""

from __future__ import annotations

from collections.abc import Callable

from app.model.clock import Clock

FAILURES = 4
FIRST_PAUSE = 15.0
LONGEST_PAUSE = 300.0


class Breaker:
    """Counts failures in a row. Closed it lets everything through, open nothing, and in between one trial."""

    def __init__(self, clock: Clock, jitter: Callable[[float], float]) -> None:
        self._clock = clock
        self._jitter = jitter
        self.failures = 0
        self._open_until = 0.0
        self._pause = FIRST_PAUSE
        self._trying = False

    def closed_in(self) -> float:
        """Seconds until something may be asked; 0 when it may be asked now. Whoever is let through must report."""
        if self.failures < FAILURES:
            return 0.0
        left = self._open_until - self._clock.monotonic()
        if left > 0:
            return left
        if self._trying:
            return 1.0
        self._trying = True
        return 0.0

    def failed(self) -> float:
        """One more failure; returns the pause it opened, 0 while still closed."""
        self.failures += 1
        self._trying = False
        if self.failures < FAILURES:
            return 0.0
        pause = self._jitter(self._pause)
        self._open_until = self._clock.monotonic() + pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        return pause

    def asked(self) -> None:
        """A person asks for a trial now instead of at the known time. Another failure opens the next pause."""
        self._open_until = 0.0
        self._trying = False

    def abandoned(self) -> None:
        """The trial was cancelled and says nothing either way."""
        self._trying = False

    def worked(self) -> None:
        """An answer came: everything begins anew."""
        self.failures = 0
        self._pause = FIRST_PAUSE
        self._trying = False
        self._open_until = 0.0
