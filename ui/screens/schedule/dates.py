"""Which day a key leads to: pure, so that every jump is tested."""

from __future__ import annotations

from datetime import date, timedelta

from app.rules.dates import add_months

#: Jump → (days, months), by the names of the actions (FEATURES A27).
JUMPS = {"1w": (7, 0), "2w": (14, 0), "4w": (28, 0), "3m": (0, 3), "6m": (0, 6)}


def jumped(day: date, jump: str, way: int) -> date:
    """``day`` moved by a jump, forward (1) or back (−1). Month jumps keep the weekday: a Tuesday stays a Tuesday."""
    days, months = JUMPS[jump]
    if days:
        return day + timedelta(days=way * days)
    target = add_months(day, way * months)
    ahead = (day.weekday() - target.weekday()) % 7
    return target + timedelta(days=ahead if ahead <= 3 else ahead - 7)


def week_title(days: tuple[date, ...]) -> str:
    """``"March 9 – 13"``, ``"March 30 – April 3"``."""
    if not days:
        return "Week"
    first, last = days[0], days[-1]
    end = f"{last.day}" if first.month == last.month else f"{last:%B} {last.day}"
    year = "" if first.year == last.year else f", {last.year}"
    return f"{first:%B} {first.day} – {end}{year}"
