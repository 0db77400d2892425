"""Is the same person already booked at that time, anywhere? (FEATURES A17)"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from app.rules import timezones


class BookedTime(msgspec.Struct, frozen=True, kw_only=True):
    """A booking of the patient (or of a linked record): when, in which zone, with whom, of what type."""

    key: str
    day: date
    start: int
    minutes: int
    time_zone: str
    provider_name: str
    visit_type: str = ""
    pending: bool = False

    def span(self) -> tuple[datetime, datetime]:
        """Begin and end as moments."""
        return timezones.span(self.day, self.start, max(self.minutes, 1), self.time_zone)


def overlapping(wanted: BookedTime, booked: Iterable[BookedTime]) -> tuple[BookedTime, ...]:
    """Those of ``booked`` that share a moment with ``wanted``, earliest first. Compared as moments, so bookings in
    different time zones are judged rightly; one that ends as the other begins does not overlap."""
    start, end = wanted.span()
    found = []
    for other in booked:
        first, last = other.span()
        if other.key != wanted.key and first < end and start < last:
            found.append(other)
    return tuple(sorted(found, key=lambda other: (other.span()[0], other.key)))
