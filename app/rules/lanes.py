"""Side-by-side layout of visits that overlap: pure, so that every grid and every test uses the same one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Lane(NamedTuple):
    """Where one window goes: ``lane`` of ``of`` lanes in its cluster."""

    lane: int
    of: int


def lay_out(windows: Sequence[tuple[int, int]]) -> list[Lane]:
    """Lanes for half-open windows ``(start, end)``, in the order given.

    Windows that overlap never share a lane; a cluster of windows that touch each other through overlaps uses as many
    lanes as stand at once at its fullest moment, and no more. An empty window counts as one minute, so that it can
    be seen.
    """
    spans = [(start, max(end, start + 1)) for start, end in windows]
    order = sorted(range(len(spans)), key=lambda at: (spans[at][0], -spans[at][1], at))
    lanes: list[int] = [0] * len(spans)
    counts: list[int] = [1] * len(spans)
    cluster: list[int] = []
    free_at: list[int] = []
    cluster_end = 0

    def close() -> None:
        for member in cluster:
            counts[member] = len(free_at)

    for at in order:
        start, end = spans[at]
        if cluster and start >= cluster_end:
            close()
            cluster, free_at = [], []
        lane = next((index for index, until in enumerate(free_at) if until <= start), len(free_at))
        if lane == len(free_at):
            free_at.append(end)
        else:
            free_at[lane] = end
        lanes[at] = lane
        cluster_end = max(cluster_end, end) if cluster else end
        cluster.append(at)
    close()
    return [Lane(index, of) for index, of in zip(lanes, counts, strict=True)]
