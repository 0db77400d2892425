"""How long jobs have stood and how old they are, by a clock that nobody can set."""

from __future__ import annotations

from datetime import datetime

from app.model.clock import Clock
from app.model.outbox import Job
from app.rules.outbox import CLOCK_SLACK
from app.rules.outbox_jobs import BOOKING_LIFE


class Ages:
    """What this run of the program has seen of the open jobs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._standing: dict[str, tuple[object, float]] = {}
        self._born: dict[str, tuple[datetime | None, float]] = {}

    def submitted(self, job: Job) -> None:
        """``job`` was asked for just now."""
        self._born[job.job_id] = (job.expires_at, self._clock.monotonic())

    def waited(self, job: Job) -> float:
        """Seconds for which it has been seen standing as it stands."""
        mark = (job.state, job.updated_at, len(job.history))
        now = self._clock.monotonic()
        known = self._standing.get(job.job_id)
        if known is None or known[0] != mark:
            self._standing[job.job_id] = (mark, now)
            return 0.0
        return now - known[1]

    def age(self, job: Job) -> float | None:
        """Seconds since a person last wanted it. None where the wall clock was set back while we were not running."""
        if job.expires_at is None:
            return 0.0
        now = self._clock.monotonic()
        born = self._born.get(job.job_id)
        if born is None or born[0] != job.expires_at:
            wall = self._clock.now()
            if wall < (job.updated_at or job.created_at) - CLOCK_SLACK:
                return None
            age = (wall - (job.expires_at - BOOKING_LIFE)).total_seconds()
            self._born[job.job_id] = born = (job.expires_at, now - max(0.0, age))
        return now - born[1]

    def forget(self, open_ids: set[str]) -> None:
        """Keep nothing of jobs that are not open any more."""
        for known in (self._standing, self._born):
            for job_id in known.keys() - open_ids:
                del known[job_id]
