"""Dates as people type them: ``t``, ``t+3``, ``m``, ``2w``, ``6m``, ``3/12``, ``mar 12`` (FEATURES L26)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_WEEKDAYS = {
    "m": 0, "mo": 0, "mon": 0, "monday": 0,
    "tu": 1, "tue": 1, "tues": 1, "tuesday": 1,
    "w": 2, "we": 2, "wed": 2, "wednesday": 2,
    "th": 3, "thu": 3, "thur": 3, "thurs": 3, "thursday": 3,
    "f": 4, "fr": 4, "fri": 4, "friday": 4,
    "sa": 5, "sat": 5, "saturday": 5,
    "su": 6, "sun": 6, "sunday": 6,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OFFSET = re.compile(r"(?:t(?:oday)?)?\s*([+-])\s*(\d{1,5})\s*([dwmy]?)")
_AHEAD = re.compile(r"(\d{1,5})\s*([dwmy])")
_NUMBERS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{2}|\d{4}))?")
_RUN_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{2}|\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?")


def parse_date(text: str, today: date, *, past: bool = False) -> date | None:
    """The date ``text`` means to somebody who types it on ``today``; None where it means none.

    ``t`` today, ``t+3`` or ``+3`` in three days, ``m`` the next Monday (a weekday's name never means today),
    ``2w`` in two weeks, ``6m`` in six months (the last day where the month is shorter), ``1y``. ``3/12`` and ``mar 12``
    are the next such day, ``3/12/26``, ``031226``, ``3/12/2026`` and ``2026-03-12`` say themselves. Of two figures the
    year is at most fifty years ahead.

    ``past``: a date of birth or the like. A day without its year, or with two figures of it, is the latest such day
    that is not ahead.
    """
    typed = " ".join(text.lower().split())
    if typed in {"t", "today"}:
        return today
    if typed == "tomorrow":
        return today + timedelta(days=1)
    if typed in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS[typed] - today.weekday() - 1) % 7 + 1)
    try:
        return _moved(typed, today) or _written(typed, today, past)
    except (ValueError, OverflowError):
        return None


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later (or earlier), or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _moved(typed: str, today: date) -> date | None:
    if found := _OFFSET.fullmatch(typed):
        return _by(today, int(found[2]) * (-1 if found[1] == "-" else 1), found[3] or "d")
    if found := _AHEAD.fullmatch(typed):
        return _by(today, int(found[1]), found[2])
    return None


def _by(day: date, number: int, unit: str) -> date:
    if unit in "dw":
        return day + timedelta(days=number * (7 if unit == "w" else 1))
    return add_months(day, number * (12 if unit == "y" else 1))


def _written(typed: str, today: date, past: bool) -> date | None:
    if found := _ISO.fullmatch(typed):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(typed) or _RUN_TOGETHER.fullmatch(typed):
        month, day, year = int(found[1]), int(found[2]), found[3]
    elif (found := _NAMED.fullmatch(typed)) and found[1][:3] in _MONTHS:
        month, day, year = _MONTHS.index(found[1][:3]) + 1, int(found[2]), found[3]
    else:
        return None
    if not year:
        return _nearest(month, day, today, past)
    if len(year) == 4:
        return date(int(year), month, day)
    meant = date(today.year // 100 * 100 + int(year), month, day)
    is_last_century = meant > today if past else meant.year > today.year + 50
    return meant.replace(year=meant.year - 100) if is_last_century else meant


def _nearest(month: int, day: int, today: date, past: bool) -> date:
    for years in range(9):
        year = today.year + (-years if past else years)
        if (month, day) == (2, 29) and monthrange(year, 2)[1] < 29:
            continue
        found = date(year, month, day)
        if (found <= today) if past else (found >= today):
            return found
    raise ValueError(f"no such day: {month}/{day}")
