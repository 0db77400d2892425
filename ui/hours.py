"""Hours of a day as people type them: ``8-12, 1-5`` or ``8:00 AM – 12:00 PM``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ui.text import clock_time

_MOMENT = re.compile(r"^(\d{1,2})(?::?(\d{2}))?\s*(a|p|am|pm)?$")
_NOON = 12 * 60
#: Hours below this are the afternoon's where nothing says otherwise: nobody opens at 1 in the morning.
_EARLIEST_BARE = 6


def parse_moment(text: str) -> int | None:
    """Minutes after midnight of ``8``, ``8:30``, ``830``, ``5p``, ``17:00``, ``12 AM``; None when it is no time."""
    match = _MOMENT.match(text.strip().lower().replace(".", ""))
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "")[:1]
    if minute > 59 or hour > 24 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif 1 <= hour < _EARLIEST_BARE:
        hour += 12
    total = hour * 60 + minute
    return total if total <= 24 * 60 else None


def parse_windows(text: str) -> list[tuple[int, int]] | None:
    """Windows in order, ``[]`` for an empty text; None when one is no window, or they overlap."""
    found: list[tuple[int, int]] = []
    for part in re.split(r"[,;]", text):
        if not part.strip():
            continue
        ends = re.split(r"\s*(?:-|–|—|\bto\b)\s*", part.strip(), maxsplit=1)
        if len(ends) != 2:
            return None
        start, end = parse_moment(ends[0]), parse_moment(ends[1])
        if start is None or end is None:
            return None
        if end <= start and end + _NOON <= 24 * 60 and not ends[1].strip().lower().endswith(("a", "am")):
            end += _NOON
        if end <= start:
            return None
        found.append((start, end))
    found.sort()
    apart = all(before[1] <= after[0] for before, after in pairwise(found))
    return found if apart else None


def windows_text(windows: Sequence[tuple[int, int]]) -> str:
    """``"8:00 AM – 12:00 PM, 1:00 PM – 5:00 PM"``."""
    return ", ".join(f"{clock_time(start)} – {clock_time(end)}" for start, end in windows)
