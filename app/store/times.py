"""Times and days as the file keeps them: integers, so that they are small, exact and sort."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 of an aware ``moment``."""
    return (moment - _EPOCH) // _MICROSECOND


def from_us(us: int) -> datetime:
    """The aware UTC time of ``us`` microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=us)


def minute_of(moment: time) -> int:
    """Minutes since local midnight."""
    return moment.hour * 60 + moment.minute
