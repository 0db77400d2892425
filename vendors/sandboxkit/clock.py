"""The simulator's own clock: started anywhere in time, run fast where a test wants it so, and wrong on purpose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Runs on from ``start``, ``speed`` times as fast as the machine's; ``skew`` is how far it is wrong."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        self.skew = timedelta()
        self._real = datetime.now(UTC)
        self._shown = start.astimezone(UTC) if start is not None else self._real
        self._speed = speed

    def now(self) -> datetime:
        """What this clock shows, aware, in UTC."""
        return self._true() + self.skew

    def set(self, moment: datetime) -> None:
        """Show ``moment`` now and run on from there."""
        self._real, self._shown = datetime.now(UTC), moment.astimezone(UTC)

    @property
    def speed(self) -> float:
        """How many of its seconds pass in one real second."""
        return self._speed

    @speed.setter
    def speed(self, times: float) -> None:
        self.set(self._true())
        self._speed = times

    def _true(self) -> datetime:
        return self._shown + (datetime.now(UTC) - self._real) * self._speed
