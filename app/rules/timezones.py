"""The location's clock: every visit is a local date and minute in its location's IANA zone (FEATURES A35).

Wall time is what people mean by "9:00"; the workstation's own zone never enters. On the spring day an hour does not
exist, on the autumn day one happens twice (we mean the first); ``zoneinfo`` with the tzdata package knows which.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.model.errors import BadInput

MINUTES_A_DAY = 24 * 60


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The zone called ``name``. Raises BadInput (field ``time_zone``) for a name nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(
            "time_zone",
            f"There is no time zone called “{name}”.",
            "Visits need the location's zone to land at the right time.",
            ("Choose the location's time zone in Settings, for example America/Chicago.",),
        ) from None


def local(moment: datetime, zone_name: str) -> tuple[date, int]:
    """The date and the minute after midnight that the location's clock shows at ``moment`` (aware)."""
    there = moment.astimezone(zone(zone_name))
    return there.date(), there.hour * 60 + there.minute


def minute_of(at: time) -> int:
    """Minutes after midnight of a wall time; seconds are dropped."""
    return at.hour * 60 + at.minute


def time_of(minute: int) -> time:
    """The wall time of a ``minute`` within one day (0 to 1439)."""
    return time(minute // 60, minute % 60)


def instant(day: date, minute: int, zone_name: str) -> datetime:
    """The moment (UTC) when the location's clock shows ``minute`` of ``day``; the first one if it happens twice.

    A minute the clock skips maps to the moment it would have been by the time before the change. Minutes of 1440 and
    more run into the next day.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return wall.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)


def exists(day: date, minute: int, zone_name: str) -> bool:
    """False for a wall time the clock skips when summer time begins."""
    return local(instant(day, minute, zone_name), zone_name) == _plain(day, minute)


@lru_cache(maxsize=4096)
def clock_changes(day: date, zone_name: str) -> bool:
    """True on a day whose clock is set forward or back, so that it has not 24 hours."""
    rules = zone(zone_name)
    midnight = datetime.combine(day, time(), rules)
    return midnight.utcoffset() != datetime.combine(day + timedelta(days=1), time(), rules).utcoffset()


def span(day: date, minute: int, minutes: int, zone_name: str) -> tuple[datetime, datetime]:
    """When a visit begins and ends, as moments: its length is real minutes, also across a clock change."""
    start = instant(day, minute, zone_name)
    return start, start + timedelta(minutes=minutes)


def minutes_until(now: datetime, day: date, minute: int, zone_name: str) -> float:
    """Real minutes from ``now`` until the location's clock shows ``minute`` of ``day``; negative when past."""
    return (instant(day, minute, zone_name) - now).total_seconds() / 60


def _plain(day: date, minute: int) -> tuple[date, int]:
    return day + timedelta(days=minute // MINUTES_A_DAY), minute % MINUTES_A_DAY
