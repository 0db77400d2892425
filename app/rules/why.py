"""Why is this time not offered? Every exclusion in words (FEATURES A12), and what an empty result means (A13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from app.model.rules import BlockForce, ProviderRules, Reason, ReasonCode, VisitTypeRule
from app.model.schedule import ProviderRow
from app.rules import timezones
from app.rules.names import shown
from app.rules.slots import (
    Asked,
    Busy,
    Place,
    blocks_on,
    hours_on,
    provider_part,
)
from app.rules.words import clock_time, count, listed, long_weekday, short_day, time_range


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """The time asked about: ``start`` in minutes of ``day``, and what is to be fitted in."""

    day: date
    start: int
    asked: Asked

    @property
    def end(self) -> int:
        """The minute it would end."""
        return self.start + self.asked.minutes


def reasons(
    candidate: Candidate,
    provider: ProviderRow,
    rules: ProviderRules | None,
    place: Place,
    busy: Sequence[Busy] = (),
    rooms: Sequence[Busy] = (),
) -> tuple[Reason, ...]:
    """Everything local that speaks against ``candidate``, the clock first; empty means nothing local does.

    ``busy`` are this provider's bookings of the day, ``rooms`` everybody's.
    """
    known = rules or ProviderRules()
    found = _clock(candidate, known, place)
    found += _visit_type(candidate, provider, known)
    found += _hours(candidate, provider, known)
    found += _blocks(candidate, known)
    found += _bookings(candidate, known, busy)
    found += _rooms(candidate, known, rooms)
    return tuple(found)


def vendor_silent(system: str) -> Reason:
    """The reason where no local rule speaks: the vendor does not offer the time, and does not say why."""
    return Reason(
        code=ReasonCode.NOT_OFFERED,
        words=f"{system} does not offer this time. It does not say why, and no local rule speaks against it.",
    )


def _clock(candidate: Candidate, rules: ProviderRules, place: Place) -> list[Reason]:
    day, start, zone = candidate.day, candidate.start, place.time_zone
    if not timezones.exists(day, start, zone):
        words = f"{clock_time(start)} does not exist on {short_day(day)}: clocks go forward over it."
        return [Reason(code=ReasonCode.NO_SUCH_TIME, words=words)]
    found: list[Reason] = []
    moment = timezones.instant(day, start, zone)
    if moment < place.now:
        found.append(Reason(code=ReasonCode.PAST, words="This time has passed."))
    elif moment < place.now + timedelta(minutes=rules.lead_minutes):
        words = f"Too soon: this provider's visits are booked at least {_length(rules.lead_minutes)} ahead."
        found.append(Reason(code=ReasonCode.LEAD_TIME, words=words))
    today, _ = timezones.local(place.now, zone)
    if rules.horizon_days and day > today + timedelta(days=rules.horizon_days):
        last = short_day(today + timedelta(days=rules.horizon_days))
        words = f"Booking is open for {count(rules.horizon_days, 'day')} ahead, until {last}."
        found.append(Reason(code=ReasonCode.HORIZON, words=words))
    return found


def _visit_type(candidate: Candidate, provider: ProviderRow, rules: ProviderRules) -> list[Reason]:
    name, who = candidate.asked.visit_type, shown(provider.shown_name())
    if not candidate.asked.vendor_lists_provider:
        words = f"The booking system does not list {who} for {shown(name)}."
        return [Reason(code=ReasonCode.VISIT_TYPE, words=words)]
    rule = rules.for_type(name)
    if rule is None:
        return []
    if not rule.allowed:
        return [Reason(code=ReasonCode.VISIT_TYPE, words=f"{who} does not do {shown(name)} visits.")]
    if rule.weekdays and candidate.day.weekday() not in rule.weekdays:
        days = listed([long_weekday(date(2024, 1, 1) + timedelta(days=day)) + "s" for day in sorted(rule.weekdays)])
        return [Reason(code=ReasonCode.VISIT_TYPE_DAY, words=f"{shown(name)} visits with {who} are on {days} only.")]
    return []


def _hours(candidate: Candidate, provider: ProviderRow, rules: ProviderRules) -> list[Reason]:
    if not rules.hours:
        return []
    worked, who = hours_on(rules, candidate.day), shown(provider.shown_name())
    if not worked:
        words = f"{who} does not work on {short_day(candidate.day)}."
        return [Reason(code=ReasonCode.NOT_WORKING, words=words)]
    if any(window.start <= candidate.start and candidate.end <= window.end for window in worked):
        return []
    spoken = listed([time_range(window.start, window.end - window.start) for window in worked])
    words = f"{time_range(candidate.start, candidate.asked.minutes)} is outside {who}'s hours, {spoken}."
    return [Reason(code=ReasonCode.OUTSIDE_HOURS, words=words)]


def _blocks(candidate: Candidate, rules: ProviderRules) -> list[Reason]:
    found = []
    for block in blocks_on(rules, candidate.day):
        if block.lets_in(candidate.asked.visit_type) or not _overlap(
            (candidate.start, candidate.end), (block.start, block.end)
        ):
            continue
        when = time_range(block.start, block.end - block.start)
        only = f", for {listed([shown(name) for name in block.only_visit_types])} only" * bool(block.only_visit_types)
        if block.force is BlockForce.HARD:
            found.append(Reason(code=ReasonCode.BLOCKED, words=f"Blocked: {shown(block.label)}, {when}{only}."))
        else:
            words = f"Kept free: {shown(block.label)}, {when}{only}. You may still book it."
            found.append(Reason(code=ReasonCode.SOFT_BLOCK, words=words, firm=False))
    return found


def _bookings(candidate: Candidate, rules: ProviderRules, busy: Sequence[Busy]) -> list[Reason]:
    rule = rules.for_type(candidate.asked.visit_type)
    own = provider_part(candidate.start, candidate.end, rule)
    found = []
    for booking in busy:
        if not booking.takes_time():
            continue
        other = rules.for_type(booking.visit_type)
        theirs = provider_part(booking.start, booking.end, other)
        when = time_range(booking.start, booking.end - booking.start)
        if _overlap(own, theirs):
            if booking.pending:
                words = f"A booking for {when} is on its way and not yet confirmed."
                found.append(Reason(code=ReasonCode.BEING_BOOKED, words=words))
            else:
                found.append(Reason(code=ReasonCode.BOOKED, words=f"Already booked {when}."))
        elif buffer := _buffer(own, theirs, rule, other):
            minutes, name = buffer
            words = f"{shown(name) or 'This visit'} needs {minutes} free minutes next to the visit at {when}."
            found.append(Reason(code=ReasonCode.BUFFER, words=words))
    return found


def _buffer(
    own: tuple[int, int], theirs: tuple[int, int], rule: VisitTypeRule | None, other: VisitTypeRule | None
) -> tuple[int, str] | None:
    """The buffer in minutes that is not kept between two visits, and the type that wants it."""
    if own[0] < theirs[0]:
        gap, wanted = theirs[0] - own[1], [(rule.buffer_after, rule)] if rule else []
        wanted += [(other.buffer_before, other)] if other else []
    else:
        gap, wanted = own[0] - theirs[1], [(rule.buffer_before, rule)] if rule else []
        wanted += [(other.buffer_after, other)] if other else []
    kept = [(minutes, of.visit_type) for minutes, of in wanted if minutes > gap]
    return max(kept, default=None)


def _rooms(candidate: Candidate, rules: ProviderRules, rooms: Sequence[Busy]) -> list[Reason]:
    rule = rules.for_type(candidate.asked.visit_type)
    if rule is None or not rule.rooms:
        return []
    window = (candidate.start, candidate.end)
    taken = {b.room for b in rooms if b.takes_time() and _overlap(window, (b.start, b.end))}
    if any(room not in taken for room in rule.rooms):
        return []
    named = listed([shown(room) for room in rule.rooms], "or")
    return [Reason(code=ReasonCode.ROOM, words=f"{shown(rule.visit_type)} needs {named}: taken at this time.")]


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _length(minutes: int) -> str:
    if minutes % 60:
        return count(minutes, "minute")
    return count(minutes // 60, "hour") if minutes % 1440 else count(minutes // 1440, "day")


# ---------------------------------------------------------------- empty results


class SearchFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known when a search finds nothing: who was asked, what rules and filters took away."""

    providers: int
    connections: int
    read: int
    cannot_book: int
    offered_by_vendor: int
    left_by_rules: int
    left_by_filters: int
    no_type: int
    next_date: date | None
    visit_type: str
    minutes: int
    first_day: date
    last_day: date


def why_empty(facts: SearchFacts) -> str:
    """One or two sentences: what is true, and the next useful step; never just "no results"."""
    until = short_day(facts.last_day)
    if not facts.connections:
        return "No system is connected yet, so there are no schedules to search. Connect one under Connections."
    if not facts.providers:
        return "No provider fits these filters. Choose more providers or another location."
    if facts.cannot_book == facts.providers:
        return "None of these systems takes bookings from here. Look at the day and book in the system itself."
    if facts.no_type and facts.no_type >= facts.providers - facts.cannot_book:
        return f"Nobody chosen does {shown(facts.visit_type)} visits. Choose another provider or visit type."
    if not facts.read:
        return (
            f"Free times of {facts.minutes} minutes have not been read for these days yet. "
            "Refresh, or look again in a minute."
        )
    later = f" The next day with a time is {short_day(facts.next_date)}." if facts.next_date else ""
    if not facts.offered_by_vendor:
        return f"The connected systems offer nothing for {facts.minutes} minutes until {until}.{later or _FURTHER}"
    if not facts.left_by_rules:
        offered = count(facts.offered_by_vendor, "time")
        verb = "is" if facts.offered_by_vendor == 1 else "are"
        return (
            f"{offered} {verb} free in the system, but the practice's own rules take "
            f"{'it' if facts.offered_by_vendor == 1 else 'them'} out.{later} “Why not?” on a time says which rule."
        )
    return (
        f"{count(facts.left_by_rules, 'time')} free until {until}, but none at the days and times chosen."
        f"{later} Allow more weekdays or times of day."
    )


_FURTHER = " Search further ahead, or choose more providers."


def setup_missing(rules: ProviderRules | None, provider: ProviderRow) -> Reason | None:
    """A reason when no working hours are entered for ``provider``: then local rules can explain nothing."""
    if rules is not None and rules.hours:
        return None
    words = f"No working hours are set for {shown(provider.shown_name())}. Enter them in Settings, Schedule rules."
    return Reason(code=ReasonCode.NO_HOURS_SET, words=words, firm=False)
