"""The simulator's own clock: started anywhere in time, and wrong on purpose when a test wants it so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Runs on from ``start``; ``skew`` is how far it is wrong."""

    def __init__(self, start: datetime | None = None) -> None:
        self.skew = timedelta()
        self._shift = timedelta()
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        """What this clock shows, aware, in UTC."""
        return datetime.now(UTC) + self._shift + self.skew

    def set(self, moment: datetime) -> None:
        """Show ``moment`` now and run on from there."""
        self._shift = moment.astimezone(UTC) - datetime.now(UTC)
