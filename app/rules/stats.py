"""Counts and loads for the schedule: only what can be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from app.model.rules import Window
from app.model.schedule import VisitRow, VisitStatus

#: The mini-month's steps: a share of at least this is level 1, 2, 3, 4.
_LEVELS = (0.01, 0.35, 0.65, 0.9)
_NOT_A_VISIT = frozenset({VisitStatus.CANCELLED})


def status_counts(visits: Iterable[VisitRow], told: Collection[VisitStatus]) -> tuple[tuple[VisitStatus, int], ...]:
    """How many visits stand where, in the order a visit goes; only statuses that some system tells or that occur."""
    counted = Counter(visit.status for visit in visits)
    return tuple((status, counted[status]) for status in VisitStatus if status in told or counted[status])


def visit_count(visits: Iterable[VisitRow]) -> int:
    """Visits that stand: cancelled ones are not counted."""
    return sum(visit.status not in _NOT_A_VISIT for visit in visits)


def booked_minutes(visits: Iterable[VisitRow]) -> int:
    """Minutes covered by visits that take time; two at once count once."""
    windows = sorted(
        (visit.start_minute, visit.start_minute + visit.minutes)
        for visit in visits
        if visit.status not in {VisitStatus.CANCELLED, VisitStatus.NO_SHOW}
    )
    total, reached = 0, 0
    for start, end in windows:
        total += max(end - max(start, reached), 0)
        reached = max(reached, end)
    return total


def load(booked: int, bookable: Sequence[Window], free: Sequence[Window]) -> float | None:
    """The booked share of a day, 0 to 1: of the bookable hours where they are known, else of booked plus free.
    None where neither is."""
    capacity = sum(window.end - window.start for window in bookable)
    capacity = capacity or booked + sum(window.end - window.start for window in free)
    return min(booked / capacity, 1.0) if capacity else None


def load_level(share: float | None) -> int:
    """0 (open) to 4 (full)."""
    return sum(share is not None and share >= step for step in _LEVELS)
