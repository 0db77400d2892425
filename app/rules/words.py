"""Dates, times and counts as people at a US front desk read them (DESIGN.md, section 8)."""

from __future__ import annotations

from datetime import date, datetime

from app.rules.timezones import local

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clock_time(minute: int) -> str:
    """``"9:43 AM"`` for minute 583; minutes past midnight of the next day wrap."""
    hour, rest = divmod(minute % 1440, 60)
    return f"{hour % 12 or 12}:{rest:02d} {'AM' if hour < 12 else 'PM'}"


def time_range(start: int, minutes: int) -> str:
    """``"11:00 – 11:30 AM"``, or with both halves named where they differ."""
    first, last = clock_time(start), clock_time(start + minutes)
    return f"{first[:-3]} – {last}" if first[-2:] == last[-2:] else f"{first} – {last}"


def weekday(day: date) -> str:
    """``"Tue"``."""
    return _WEEKDAYS[day.weekday()]


def long_weekday(day: date) -> str:
    """``"Tuesday"``."""
    return _LONG_WEEKDAYS[day.weekday()]


def short_day(day: date) -> str:
    """``"Tue, Mar 10"``."""
    return f"{_WEEKDAYS[day.weekday()]}, {_MONTHS[day.month - 1]} {day.day}"


def month_day(day: date, today: date) -> str:
    """``"Feb 26"``, with the year where it is not this one."""
    year = "" if day.year == today.year else f", {day.year}"
    return f"{_MONTHS[day.month - 1]} {day.day}{year}"


def field_date(day: date | None) -> str:
    """``"03/10/2026"``, empty for no date."""
    return f"{day.month:02d}/{day.day:02d}/{day.year:04d}" if day else ""


def relative_day(day: date, today: date) -> str:
    """``"Today"``, ``"Tomorrow"`` or ``"Thu, Mar 12"``."""
    ahead = (day - today).days
    return {0: "Today", 1: "Tomorrow"}.get(ahead, short_day(day))


def as_of(moment: datetime, now: datetime, zone_name: str) -> str:
    """``"9:41 AM"`` when ``moment`` is today at the location, else ``"Jan 6"``."""
    day, minute = local(moment, zone_name)
    today, _ = local(now, zone_name)
    return clock_time(minute) if day == today else month_day(day, today)


def count(number: int, one: str, many: str = "") -> str:
    """``"1 visit"``, ``"2 visits"``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(items: list[str], last: str = "and") -> str:
    """``"a"``, ``"a and b"``, ``"a, b and c"``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def age(birth_date: date | None, today: date) -> int | None:
    """Whole years; None without a birth date or with one in the future."""
    if birth_date is None or birth_date > today:
        return None
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))
