"""Ranking free times over many providers: filters, the days to list, the three best and what to read out (A9, A10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from app.model.schedule import ProviderRow
from app.model.views import BestMatch, DayPart, FoundSlot, SlotSearch
from app.rules import timezones
from app.rules.dates import add_months
from app.rules.names import shown
from app.rules.slots import ALL_DAY, between, starts_of
from app.rules.words import clock_time, count, long_weekday, month_day, relative_day

_PARTS = {
    DayPart.MORNING: between(0, 12 * 60),
    DayPart.MIDDAY: between(12 * 60, 15 * 60),
    DayPart.AFTERNOON: between(15 * 60, 24 * 60),
}
_PART_WORDS = {DayPart.MORNING: "mornings", DayPart.MIDDAY: "middays", DayPart.AFTERNOON: "afternoons"}
#: How many past visits say something of a habit, and how many of them must agree.
HABIT_OF, HABIT_AGREE = 4, 3


class OpenTimes(msgspec.Struct, frozen=True, kw_only=True):
    """One provider's start times on one day (``starts``: bit *m* is minute *m*), as read at ``as_of``."""

    provider_id: str
    day: date
    starts: int
    as_of: datetime


class PastVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A visit the patient had: enough to know a habit."""

    provider_id: str
    day: date
    start: int


class History(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the patient: the usual provider (our id, or empty) and past visits, newest first."""

    usual_provider_id: str = ""
    past: tuple[PastVisit, ...] = ()


class Slots(msgspec.Struct, frozen=True, kw_only=True):
    """How found times are made: today and now, and each provider's row, zone and length in minutes."""

    today: date
    now: datetime
    zones: Mapping[str, str]
    providers: Mapping[str, ProviderRow]
    lengths: Mapping[str, int]

    def found(self, times: OpenTimes, start: int) -> FoundSlot:
        """One found time, from the copy."""
        provider = self.providers[times.provider_id]
        return FoundSlot(
            provider_id=times.provider_id,
            connection_id=provider.connection_id,
            provider_vendor_id=provider.vendor_id,
            day=times.day,
            start_minute=start,
            minutes=self.lengths[times.provider_id],
            as_of=times.as_of,
        )

    def when(self, day: date, start: int, provider: ProviderRow) -> str:
        """``"Today, in 47 min"``, ``"Tomorrow"`` or ``"Thu, Mar 12"``."""
        words = relative_day(day, self.today)
        ahead = timezones.minutes_until(self.now, day, start, self.zones[provider.provider_id])
        return f"{words}, in {int(ahead)} min" if day == self.today and 0 <= ahead < 120 else words


def day_part(minute: int) -> DayPart:
    """Which part of the day ``minute`` falls into."""
    return next(part for part, mask in _PARTS.items() if mask >> minute & 1)


def part_mask(parts: Iterable[DayPart]) -> int:
    """Start times in any of ``parts``; every time where none is named."""
    mask = 0
    for part in parts:
        mask |= _PARTS[part]
    return mask or ALL_DAY


def fits_day(search: SlotSearch, day: date) -> bool:
    """Whether the weekday filter lets ``day`` through."""
    return not search.weekdays or day.weekday() in search.weekdays


def filtered(search: SlotSearch, times: OpenTimes) -> int:
    """The starts of ``times`` that the search's day and time filters let through."""
    return times.starts & part_mask(search.day_parts) if fits_day(search, times.day) else 0


def usual_provider(history: History) -> str:
    """The patient's usual provider: the one on record, else the one seen most in the last visits (newest wins)."""
    if history.usual_provider_id:
        return history.usual_provider_id
    seen = [visit.provider_id for visit in history.past[:6]]
    return max(seen, key=lambda provider: (seen.count(provider), -seen.index(provider)), default="")


def habit(history: History) -> tuple[int, DayPart] | None:
    """The weekday and part of day most of the last four visits share, or None."""
    marks = [(visit.day.weekday(), day_part(visit.start)) for visit in history.past[:HABIT_OF]]
    best = max(marks, key=marks.count, default=None)
    return best if best is not None and marks.count(best) >= HABIT_AGREE else None


def best_three(
    days: Sequence[tuple[date, Mapping[str, OpenTimes]]],
    providers: Mapping[str, ProviderRow],
    slots: Slots,
    history: History,
) -> tuple[BestMatch, ...]:
    """Up to three times that differ, each with the reason it is there; ``days`` in order, already filtered.

    The soonest of all; the soonest with the usual provider; one that fits the patient's habit. Where a reason does
    not apply, the soonest with somebody else and the soonest on another day take its place.
    """
    found: list[BestMatch] = []
    taken: set[tuple[str, date, int]] = set()

    def add(title: str, choice: tuple[OpenTimes, int] | None, reason: str = "") -> None:
        if choice is None or len(found) == 3:
            return
        times, start = choice
        key = (times.provider_id, times.day, start)
        if key in taken:
            return
        taken.add(key)
        provider = providers[times.provider_id]
        found.append(
            BestMatch(
                title=title,
                slot=slots.found(times, start),
                provider=provider,
                when=slots.when(times.day, start, provider),
                reason=reason or _met(history, times.provider_id, slots.today),
            )
        )

    soonest = _first(days, lambda times, _: times.starts)
    add("Soonest", soonest)
    usual = usual_provider(history)
    if usual:
        add("Soonest, usual provider", _first(days, lambda t, _: t.starts if t.provider_id == usual else 0))
    if kept := habit(history):
        weekday, part = kept
        title = f"Fits “{long_weekday(_some(weekday))[:3]} {_PART_WORDS[part]}”"
        wanted = _first(days, lambda t, day: t.starts & _PARTS[part] if day.weekday() == weekday else 0, prefer=usual)
        add(title, wanted, _habit_words(history, weekday))
    if soonest:
        first = soonest[0]
        add("Soonest on another day", _first(days, lambda t, day: t.starts if day > first.day else 0))
        add("Soonest with another provider", _first(days, lambda t, _: t.starts * (t.provider_id != first.provider_id)))
        add("Next after that", _first(days, lambda t, _: _without(t, taken)))
    return tuple(found)


def script(best: Sequence[BestMatch], today: date) -> str:
    """What to read to the patient: ``“I have today at 10:30 with …, or Thursday at 9:00 with ….”``"""
    offers = []
    for match in best:
        ahead = (match.slot.day - today).days
        day = {0: "today", 1: "tomorrow"}.get(ahead, long_weekday(match.slot.day))
        if ahead > 6:
            day = f"{day}, {month_day(match.slot.day, today)},"
        offers.append(f"{day} at {clock_time(match.slot.start_minute)[:-3]} with {shown(match.provider.shown_name())}")
    if not offers:
        return ""
    joined = offers[0] if len(offers) == 1 else f"{', '.join(offers[:-1])}, or {offers[-1]}"
    return f"“I have {joined}.”"


def nearest(times: Iterable[FoundSlot], wanted: FoundSlot, limit: int = 3) -> tuple[FoundSlot, ...]:
    """The ``limit`` times nearest to ``wanted``, which itself is left out: same provider and day first, then by how
    far they are off in time, another provider counting like two hours."""

    def distance(slot: FoundSlot) -> tuple[int, date, int]:
        minutes = abs((slot.day - wanted.day).days * 1440 + slot.start_minute - wanted.start_minute)
        return minutes + 120 * (slot.provider_id != wanted.provider_id), slot.day, slot.start_minute

    def key(slot: FoundSlot) -> tuple[str, date, int]:
        return slot.provider_id, slot.day, slot.start_minute

    others = {key(slot): slot for slot in times if key(slot) != key(wanted)}
    return tuple(sorted(others.values(), key=distance)[:limit])


def search_days(search: SlotSearch, today: date) -> tuple[date, date]:
    """First and last day of a search: never before ``today``, never over a year."""
    first = max(search.start or today, today)
    return first, min(first + timedelta(days=max(search.days, 1) - 1), add_months(first, 12))


def _first(
    days: Sequence[tuple[date, Mapping[str, OpenTimes]]], allowed: Callable[[OpenTimes, date], int], prefer: str = ""
) -> tuple[OpenTimes, int] | None:
    for day, rows in days:
        choices = [(times, next(starts_of(mask))) for times in rows.values() if (mask := allowed(times, day))]
        if choices:
            return min(choices, key=lambda choice: (choice[0].provider_id != prefer and prefer != "", choice[1]))
    return None


def _without(times: OpenTimes, taken: set[tuple[str, date, int]]) -> int:
    mask = times.starts
    for provider, day, start in taken:
        if (provider, day) == (times.provider_id, times.day):
            mask &= ~(1 << start)
    return mask


def _met(history: History, provider_id: str, today: date) -> str:
    if not history.past:
        return ""
    last = next((visit.day for visit in history.past if visit.provider_id == provider_id), None)
    return f"Last seen {month_day(last, today)}" if last else "Has not met this provider"


def _habit_words(history: History, weekday: int) -> str:
    recent = history.past[:HABIT_OF]
    same = sum(visit.day.weekday() == weekday for visit in recent)
    day = long_weekday(_some(weekday))
    if same == len(recent):
        return f"The last {count(same, 'visit')} were {day}s"
    return f"{same} of the last {len(recent)} visits were {day}s"


def _some(weekday: int) -> date:
    """Any date of that weekday, for its name."""
    return date(2024, 1, 1) + timedelta(days=weekday)


def cached_words(slot: FoundSlot, read_at: str) -> str:
    """``"Not checked. 10:40 was free at 8:58 AM."``"""
    return f"Not checked. {clock_time(slot.start_minute)[:-3]} was free at {read_at}."
