"""Words on screen: texts made safe to show, dates, times and ages as people read them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from app.model.connection import Budget

#: Characters that turn the writing direction of what follows them: a name may not re-order its neighbours.
_TURNING = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_LONGEST = 300


def clean(text: str) -> str:
    """``text`` from outside, safe on one line: no control characters, no direction overrides, at most 300 long."""
    kept = text.translate(_TURNING)
    plain = "".join(" " if unicodedata.category(mark) in {"Cc", "Zl", "Zp"} else mark for mark in kept)
    plain = " ".join(plain.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def tip(text: str) -> str:
    """``text`` for a tooltip, which Qt would read as markup when it looks like some."""
    if "<" not in text:
        return text
    import html

    return f"<span>{html.escape(text)}</span>"


def clock_time(minute: int) -> str:
    """Minutes after midnight as ``"9:41 AM"``."""
    hour, rest = divmod(minute, 60)
    return f"{(hour - 1) % 12 + 1}:{rest:02d} {'AM' if hour % 24 < 12 else 'PM'}"


def local(moment: datetime, zone: tzinfo | str) -> datetime:
    """``moment`` on the wall clock of ``zone``."""
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def moment_words(moment: datetime, now: datetime, zone: tzinfo | str) -> str:
    """``"9:41 AM"`` when it was today, else ``"Mar 8, 9:41 AM"``, with the year when it is another."""
    then, today = local(moment, zone), local(now, zone)
    time = clock_time(then.hour * 60 + then.minute)
    if then.date() == today.date():
        return time
    return f"{short_date(then.date(), today.date())}, {time}"


def short_date(day: date, today: date) -> str:
    """``"Mar 8"``, or ``"Mar 8, 2025"`` in another year."""
    text = f"{day:%b} {day.day}"
    return text if day.year == today.year else f"{text}, {day.year}"


def weekday_date(day: date) -> str:
    """``"Tue, Mar 10"``."""
    return f"{day:%a}, {day:%b} {day.day}"


def long_date(day: date) -> str:
    """``"Tuesday, March 10"``."""
    return f"{day:%A}, {day:%B} {day.day}"


def field_date(day: date | None) -> str:
    """``"03/10/2026"``, as fields write it; empty for None."""
    return f"{day:%m/%d/%Y}" if day else ""


def age(birth: date | None, today: date) -> str:
    """Whole years, or months and weeks for the youngest: ``"41"``, ``"7 mo"``, ``"3 wk"``; empty when not known."""
    if birth is None or birth > today:
        return ""
    months = (today.year - birth.year) * 12 + today.month - birth.month - (today.day < birth.day)
    if months >= 24:
        return str(months // 12)
    return f"{months} mo" if months >= 3 else f"{(today - birth).days // 7} wk"


def span_words(span: timedelta) -> str:
    """A stretch of time in a sensible unit: ``"under 1 s"``, ``"6 s"``, ``"12 min"``, ``"3 h"``, ``"2 days"``."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s" if seconds else "under 1 s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 2 * 86400:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"


def count(number: int, one: str, many: str = "") -> str:
    """``"1 visit"``, ``"1,204 visits"``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def budget_words(budget: Budget) -> str:
    """``"1,860 of 6,000 a day"``: ``words`` already name what is allowed."""
    return f"{budget.used:,} of {clean(budget.words) or f'{budget.allowed:,}'}"
