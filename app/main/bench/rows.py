"""What a benchmark says: one row a figure, with the floor it was measured against in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable

import msgspec


class BenchRow(msgspec.Struct, frozen=True, kw_only=True):
    """One figure. ``reach`` is the bound to hold; ``at_least`` says on which side of it is good.

    ``value`` is in ``unit`` (``"ms"``, ``"ratio"``, ``"MB"``, ``"rows/s"``); ``floor`` says, in words and figures, what
    a ratio was taken against.
    """

    bench: str
    name: str
    value: float
    unit: str
    reach: float
    at_least: bool = False
    floor: str = ""
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the figure is on the good side of its bound."""
        return self.value >= self.reach if self.at_least else self.value <= self.reach


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    """How long ``work`` took, each of ``times`` times, in milliseconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def p95(values: Iterable[float]) -> float:
    """The 95th percentile, by rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def median(values: Iterable[float]) -> float:
    """The middle value."""
    return statistics.median(values)
