"""Which times local rules leave of what a vendor offers (FEATURES A11, A19, A21 to A24).

Working hours less blocks, less bookings, less buffers, less what the visit type and its rooms forbid: one function,
``Offer.starts``. The vendor's open slots decide what may be booked; this only takes away. ``app.rules.why`` says the
same in words, time by time, and a property test holds the two together.

A day's start times are one integer whose bit *m* stands for minute *m* after local midnight: sixty providers over
sixty days are then a few thousand operations on machine words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

import msgspec

from app.model.rules import BlockRule, ProviderRules, VisitTypeRule, Window
from app.model.schedule import VisitStatus, VisitType
from app.rules import timezones

MINUTES_A_DAY = timezones.MINUTES_A_DAY
#: Length in minutes where neither a person, the practice nor the vendor says one.
USUAL_MINUTES = 30
ALL_DAY = (1 << MINUTES_A_DAY) - 1
#: A visit in one of these states takes nobody's time.
_NO_TIME = frozenset({VisitStatus.CANCELLED, VisitStatus.NO_SHOW})


_NO_RULE = VisitTypeRule(visit_type="")


class Busy(msgspec.Struct, frozen=True, kw_only=True):
    """A booking that takes time: ``[start, end)`` in minutes of the day, its type and room. ``pending`` marks one of
    our own that the vendor has not confirmed. ``provider_id`` says whose."""

    provider_id: str
    start: int
    end: int
    visit_type: str = ""
    room: str = ""
    status: VisitStatus = VisitStatus.BOOKED
    pending: bool = False

    def takes_time(self) -> bool:
        """False for cancelled visits and no-shows."""
        return self.status not in _NO_TIME


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be fitted in: length in minutes, type, and whether the vendor lists the provider for that type."""

    minutes: int
    visit_type: str = ""
    vendor_lists_provider: bool = True


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where and when we stand: the location's zone and the present moment (aware)."""

    time_zone: str
    now: datetime


# ---------------------------------------------------------------- windows


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Windows in order, those that touch or overlap made one, empty ones dropped."""
    result: list[Window] = []
    for window in sorted(window for window in windows if window.end > window.start):
        if result and window.start <= result[-1].end:
            result[-1] = Window(start=result[-1].start, end=max(result[-1].end, window.end))
        else:
            result.append(window)
    return tuple(result)


def less(windows: Iterable[Window], taken: Iterable[Window]) -> tuple[Window, ...]:
    """What is left of ``windows`` when ``taken`` is cut out."""
    left = list(merged(windows))
    for cut in merged(taken):
        pieces = []
        for window in left:
            pieces.append(Window(start=window.start, end=min(window.end, cut.start)))
            pieces.append(Window(start=max(window.start, cut.end), end=window.end))
        left = [piece for piece in pieces if piece.end > piece.start]
    return merged(left)


def hours_on(rules: ProviderRules, day: date) -> tuple[Window, ...]:
    """The windows worked on ``day``; empty when none."""
    return merged(
        Window(start=rule.start, end=rule.end)
        for rule in rules.hours
        if rule.weekday == day.weekday() and _within(day, rule.first_day, rule.last_day)
    )


def blocks_on(rules: ProviderRules, day: date) -> tuple[BlockRule, ...]:
    """The blocks that stand on ``day``, in order of time."""
    standing = (rule for rule in rules.blocks if rule.end > rule.start and _stands(rule, day))
    return tuple(sorted(standing, key=lambda rule: (rule.start, rule.end)))


def closed_on(rules: ProviderRules, day: date) -> tuple[Window, ...]:
    """The windows of ``day`` outside working hours; nothing where no hours are set at all."""
    return less([Window(start=0, end=MINUTES_A_DAY)], hours_on(rules, day)) if rules.hours else ()


def bookable_windows(rules: ProviderRules, day: date) -> tuple[Window, ...]:
    """Working hours less blocks of either force that keep every type out."""
    blocks = [Window(start=b.start, end=b.end) for b in blocks_on(rules, day) if not b.only_visit_types]
    return less(hours_on(rules, day), blocks)


def provider_part(start: int, end: int, rule: VisitTypeRule | None) -> tuple[int, int]:
    """The part of a visit ``[start, end)`` that needs the provider, at least a minute (FEATURES A22)."""
    if end <= start:
        end = start + 1
    if rule is None or rule.provider_minutes <= 0:
        return start, end
    first = min(start + max(rule.provider_offset, 0), end - 1)
    return first, min(first + rule.provider_minutes, end)


def _within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or day >= first) and (last is None or day <= last)


def _stands(rule: BlockRule, day: date) -> bool:
    if day in rule.except_days:
        return False
    if rule.day is not None:
        return rule.day == day
    return day.weekday() in rule.weekdays and _within(day, rule.first_day, rule.last_day)


# ---------------------------------------------------------------- start times as bits


_BITS = tuple(1 << minute for minute in range(MINUTES_A_DAY))


def mask_of(starts: Iterable[int]) -> int:
    """Different start minutes as one integer."""
    return sum(map(_BITS.__getitem__, starts))


def starts_of(mask: int) -> Iterator[int]:
    """The start minutes of a mask, earliest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


#: All bits below a minute.
_BELOW = tuple((1 << minute) - 1 for minute in range(MINUTES_A_DAY + 1))


def between(first: int, end: int) -> int:
    """Bits ``first`` to ``end - 1``, cut to one day."""
    first, end = max(first, 0), min(end, MINUTES_A_DAY)
    return _BELOW[end] ^ _BELOW[first] if end > first else 0


def lengths_used(known: Iterable[ProviderRules], types: Iterable[VisitType], *asked: int) -> tuple[int, ...]:
    """The visit lengths (minutes) this practice works with: those asked for, of its rules, of its visit types, and
    the usual one. Free times are read and looked up for these."""
    own = {rule.minutes for rules in known for rule in rules.visit_types}
    lengths = {USUAL_MINUTES, *asked, *own, *(each.minutes for each in types)}
    return tuple(sorted(length for length in lengths if length > 0))


def starts_for(stored: Iterable[tuple[int, int]], minutes: int) -> int:
    """Starts for a visit of ``minutes`` from what the vendor told for other lengths, as ``(length, starts)``.

    The vendor's answer for exactly this length wins. Else a time free for longer is free for this, and times that
    follow on without a gap are taken together; that is a guess which the live check before booking confirms.
    """
    known = list(stored)
    exact = [starts for length, starts in known if length == minutes]
    if exact:
        return exact[0]
    free = begins = 0
    for length, starts in known:
        free |= _spread(starts, length)
        begins |= starts
    return begins & _all_free(free, minutes)


def _spread(starts: int, minutes: int) -> int:
    """The minutes covered by windows of ``minutes`` at each start."""
    covered, width = starts, 1
    while width < minutes:
        step = min(width, minutes - width)
        covered |= covered << step
        width += step
    return covered


def _all_free(free: int, minutes: int) -> int:
    """The minutes at which ``minutes`` free ones begin."""
    begins, width = free, 1
    while width < minutes:
        step = min(width, minutes - width)
        begins &= begins >> step
        width += step
    return begins


def _starts_inside(windows: Iterable[Window], minutes: int) -> int:
    mask = 0
    for window in windows:
        mask |= between(window.start, window.end - minutes + 1)
    return mask


def _starts_touching(start: int, end: int, before: int, after: int) -> int:
    """Starts of candidates whose own ``[s - before, s + after)`` would overlap ``[start, end)``."""
    return between(start - after + 1, end + before)


class Offer:
    """What one provider's rules allow for one kind of request; made once per search and asked day by day.

    ``rules`` None means the practice says nothing: then only the clock and known bookings take away.
    """

    def __init__(self, rules: ProviderRules | None, asked: Asked, place: Place) -> None:
        self._rules = rules or ProviderRules()
        self._asked = asked
        self._place = place
        self._type = self._rules.for_type(asked.visit_type)
        self._today, _ = timezones.local(place.now, place.time_zone)
        self._earliest = place.now + timedelta(minutes=self._rules.lead_minutes)
        self._earliest_day, _ = timezones.local(self._earliest, place.time_zone)
        self._dated = any(b.day or b.first_day or b.last_day or b.except_days for b in self._rules.blocks) or any(
            h.first_day or h.last_day for h in self._rules.hours
        )
        self._weekly: dict[int, int] = {}
        self._nearness: dict[tuple[str, int], tuple[int, int]] = {}

    @property
    def needs_bookings(self) -> bool:
        """True when the answer depends on bookings the vendor may not weigh: buffers, provider time, rooms."""
        return any(
            rule.buffer_before or rule.buffer_after or rule.provider_minutes or rule.rooms
            for rule in self._rules.visit_types
        )

    @property
    def widest_buffer(self) -> int:
        """The most minutes that any rule keeps free beside a visit."""
        return max((max(rule.buffer_before, rule.buffer_after) for rule in self._rules.visit_types), default=0)

    def by_rules(self, day: date) -> int:
        """Starts that hours, blocks, type and clock allow on ``day``, before any booking is looked at."""
        if not self._asked.vendor_lists_provider or day < self._earliest_day:
            return 0
        if self._rules.horizon_days and day > self._today + timedelta(days=self._rules.horizon_days):
            return 0
        mask = self._standing(day)
        if mask and (day == self._earliest_day or timezones.clock_changes(day, self._place.time_zone)):
            mask &= self._clock(day)
        return mask

    def starts(self, day: date, busy: Sequence[Busy], rooms: Sequence[Busy] = (), provider_id: str = "") -> int:
        """All starts allowed on ``day``: ``by_rules`` less this provider's ``busy`` and their buffers, less times when
        every allowed room is taken (``rooms``: bookings of anybody in rooms, this provider's too)."""
        mask = self.by_rules(day)
        for booking in busy:
            if not mask:
                return 0
            if booking.status in _NO_TIME or (provider_id and booking.provider_id != provider_id):
                continue
            lead, near = self._near(booking.visit_type, booking.end - booking.start)
            first = booking.start - lead
            mask &= ~(near << first if first > 0 else near >> -first)
        return mask & self._with_room(rooms) if mask else 0

    def _near(self, visit_type: str, minutes: int) -> tuple[int, int]:
        """How many minutes before a booking of this type and length starts begin to be too near to it, and those
        starts as bits from there on. Bookings of a day are alike: each kind is worked out once."""
        known = self._nearness.get((visit_type, minutes))
        if known is None:
            own, other = self._type or _NO_RULE, self._rules.for_type(visit_type)
            theirs = other or _NO_RULE
            offset, length = self._own_part()
            before = max(own.buffer_before, theirs.buffer_after) - offset
            after = max(own.buffer_after, theirs.buffer_before) + offset + length
            first, end = provider_part(0, minutes, other)
            width = max(0, end + before - (first - after + 1))
            known = self._nearness[visit_type, minutes] = (after - 1 - first, (1 << width) - 1)
        return known

    def _own_part(self) -> tuple[int, int]:
        first, end = provider_part(0, self._asked.minutes, self._type)
        return first, end - first

    def _with_room(self, bookings: Sequence[Busy]) -> int:
        rooms = self._type.rooms if self._type else ()
        if not rooms:
            return ALL_DAY
        allowed = 0
        for room in rooms:
            taken = 0
            for booking in bookings:
                if booking.room == room and booking.takes_time():
                    taken |= _starts_touching(booking.start, booking.end, 0, self._asked.minutes)
            allowed |= ALL_DAY & ~taken
        return allowed

    def _standing(self, day: date) -> int:
        """Hours less blocks on ``day``; the same every week unless some rule is dated."""
        if self._dated:
            return self._fresh(day)
        weekday = day.weekday()
        if weekday not in self._weekly:
            self._weekly[weekday] = self._fresh(day)
        return self._weekly[weekday]

    def _fresh(self, day: date) -> int:
        rules, rule, minutes = self._rules, self._type, self._asked.minutes
        if rule and (not rule.allowed or (rule.weekdays and day.weekday() not in rule.weekdays)):
            return 0
        mask = _starts_inside(hours_on(rules, day), minutes) if rules.hours else ALL_DAY
        for block in blocks_on(rules, day):
            if not block.lets_in(self._asked.visit_type):
                mask &= ~_starts_touching(block.start, block.end, 0, minutes)
        return mask

    def _clock(self, day: date) -> int:
        """Starts on ``day`` that exist on the clock and are not before the earliest moment."""
        zone = self._place.time_zone
        if timezones.clock_changes(day, zone):
            return mask_of(
                minute
                for minute in range(MINUTES_A_DAY)
                if timezones.exists(day, minute, zone) and timezones.instant(day, minute, zone) >= self._earliest
            )
        _, minute = timezones.local(self._earliest, zone)
        late = timezones.instant(day, minute, zone) < self._earliest
        return between(minute + late, MINUTES_A_DAY)


def free_windows(starts: Iterable[tuple[int, int]]) -> tuple[Window, ...]:
    """Offered ``(start, minutes)`` joined into the free stretches that a grid paints."""
    return merged(Window(start=start, end=start + minutes) for start, minutes in starts)
