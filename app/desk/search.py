"""One slot search in one store read: who is asked, what the rules leave, the days to list, the three best.

Runs on a reader thread and must stay fast: sixty providers over sixty days are 3,600 provider-days, each an integer
of start times. Bookings are only looked at on the days that are listed, and only for providers whose rules need them.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from app.desk.picture import Pending, busy_of, open_days, pending_bookings
from app.desk.search_field import Asking, Field, field_of, main_zone
from app.model.schedule import ProviderRow
from app.model.views import ResultDay, ResultRow, SlotResults, SlotSearch
from app.rules import rank, timezones, why
from app.rules import slots as slot_rules
from app.rules.rank import History, OpenTimes, PastVisit, Slots
from app.rules.slots import Busy
from app.rules.words import as_of as as_of_words
from app.rules.words import short_day
from app.store import patients, visits
from app.store.slots import OpenDay
from app.store.store import Reader
from app.store.visits import BusyRow

DAYS_LISTED = 10
_TIMES_A_ROW = 4
#: How far ahead a search that found nothing looks for the next day with a time.
_LOOK_AHEAD = timedelta(days=365)


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """One provider's day whose free times were never read for this length."""

    connection_id: str
    provider_vendor_id: str
    day: date
    minutes: int


class Tally(msgspec.Struct, kw_only=True):
    """Counts along the way, to explain an empty result."""

    read: int = 0
    days: dict[str, set[date]] = msgspec.field(default_factory=dict)
    offered: int = 0
    by_rules: int = 0
    by_filters: int = 0


def search(conn: Reader, wanted: SlotSearch, now: datetime) -> SlotResults:
    """All that fits ``wanted`` from the local copy."""
    field = field_of(conn, wanted, now)
    zone = main_zone(field)
    today, _ = timezones.local(now, zone)
    first, last = rank.search_days(wanted, today)
    tally = Tally()
    under_way = _pending(conn, field)
    by_day = _times(conn, field, wanted, (first, last), tally)
    listed = _with_bookings(conn, field, by_day, under_way)
    live = [(day, {key: each for key, each in rows.items() if field.asking[key].live}) for day, rows in listed]
    rows_of = {key: each.provider for key, each in field.asking.items()}
    made = _maker(field, today, now, rows_of)
    best = rank.best_three([each for each in live if each[1]], rows_of, made, _history(conn, wanted, rows_of, today))
    days = tuple(_result_day(day, rows, field, made) for day, rows in listed)
    openings = sum(times.starts.bit_count() for rows in by_day.values() for times in rows.values())
    empty = not days
    next_date = _next_date(conn, field, wanted, last) if empty else None
    behind = min((day for _, days in _unread_days(field, wanted, tally, first, last) for day in days), default=None)
    known_to = behind - timedelta(days=1) if behind is not None and behind > first else last
    return SlotResults(
        search=wanted,
        openings=0 if empty else openings,
        best=best,
        days=days,
        excluded=field.excluded,
        as_of=min((times.as_of for rows in by_day.values() for times in rows.values()), default=None),
        checked_words=_unread_words(behind, last),
        why_empty=_why_empty(field, wanted, tally, first, known_to, next_date) if empty else "",
        next_date=next_date,
        unread_from=behind,
        script=rank.script(best, today),
    )


def unread(conn: Reader, wanted: SlotSearch, now: datetime) -> list[Unread]:
    """What the range of ``wanted`` still lacks, of systems that can be asked now, nearest days first."""
    field = field_of(conn, wanted, now)
    today, _ = timezones.local(now, main_zone(field))
    first, last = rank.search_days(wanted, today)
    tally = Tally()
    _times(conn, field, wanted, (first, last), tally)
    found = [
        Unread(
            connection_id=asking.connection.connection_id,
            provider_vendor_id=asking.provider.vendor_id,
            day=day,
            minutes=asking.asked.minutes,
        )
        for asking, days in _unread_days(field, wanted, tally, first, last)
        for day in days
    ]
    return sorted(found, key=lambda each: each.day)


def _unread_days(
    field: Field, wanted: SlotSearch, tally: Tally, first: date, last: date
) -> list[tuple[Asking, list[date]]]:
    """Days of the range that may have times and were never read, by provider whose system answers now."""
    days = [
        day
        for day in (first + timedelta(days=at) for at in range((last - first).days + 1))
        if rank.fits_day(wanted, day)
    ]
    found = []
    for key, asking in field.asking.items():
        read = tally.days.get(key, set())
        if asking.live and (missing := [day for day in days if day not in read and asking.offer.by_rules(day)]):
            found.append((asking, missing))
    return found


def _unread_words(since: date | None, last: date) -> str:
    return f"from {short_day(since)} to {short_day(last)} not all read yet" if since else ""


# ---------------------------------------------------------------- which times


def _times(
    conn: Reader, field: Field, wanted: SlotSearch, days: tuple[date, date], tally: Tally
) -> dict[date, dict[str, OpenTimes]]:
    """Times left by rules and filters, by day in order and provider."""
    filter_mask = rank.part_mask(wanted.day_parts)
    found: dict[date, dict[str, OpenTimes]] = {}
    lengths = {each.asked.minutes for each in field.asking.values()}
    found_days = open_days(conn, list(field.asking), *days, field.known, *lengths)
    for day, provider_id, told, as_of in _told(found_days, field):
        tally.read += 1
        tally.days.setdefault(provider_id, set()).add(day)
        if not told:
            continue
        by_rules = told & field.asking[provider_id].offer.by_rules(day)
        tally.offered += told.bit_count()
        tally.by_rules += by_rules.bit_count()
        starts = by_rules & filter_mask if rank.fits_day(wanted, day) else 0
        if starts:
            tally.by_filters += starts.bit_count()
            times = OpenTimes(provider_id=provider_id, day=day, starts=starts, as_of=as_of)
            found.setdefault(day, {})[provider_id] = times
    return dict(sorted(found.items()))


def _told(open_days: Sequence[OpenDay], field: Field) -> Iterable[tuple[date, str, int, datetime]]:
    """Each provider-day's starts for the length asked, from whatever lengths its system told."""
    lengths = {each.minutes for each in open_days}
    if lengths == {asking.asked.minutes for asking in field.asking.values()} and len(lengths) == 1:
        for each in open_days:
            yield each.day, each.provider_id, slot_rules.mask_of(each.starts), each.as_of
        return
    groups: dict[tuple[date, str], list[OpenDay]] = {}
    for each in open_days:
        groups.setdefault((each.day, each.provider_id), []).append(each)
    for (day, provider_id), told in groups.items():
        stored = [(each.minutes, slot_rules.mask_of(each.starts)) for each in told]
        starts = slot_rules.starts_for(stored, field.asking[provider_id].asked.minutes)
        yield day, provider_id, starts, min(each.as_of for each in told)


def _pending(conn: Reader, field: Field) -> dict[tuple[str, date], list[Pending]]:
    groups: dict[tuple[str, date], list[Pending]] = {}
    for each in pending_bookings(conn, [asking.provider for asking in field.asking.values()]):
        groups.setdefault((each.provider_id, each.request.day), []).append(each)
    return groups


def _with_bookings(
    conn: Reader,
    field: Field,
    by_day: dict[date, dict[str, OpenTimes]],
    under_way: Mapping[tuple[str, date], list[Pending]],
) -> list[tuple[date, dict[str, OpenTimes]]]:
    """The first days that have times once buffers, provider time, rooms and bookings under way are weighed."""
    listed: list[tuple[date, dict[str, OpenTimes]]] = []
    for day, rows in by_day.items():
        if len(listed) == DAYS_LISTED:
            break
        weigh = [key for key in rows if field.asking[key].offer.needs_bookings or (key, day) in under_way]
        if weigh:
            booked = visits.busy_on(conn, day, *_stretch([rows[key] for key in weigh], field))
            rows.update(_weighed(booked, field, rows, weigh, under_way))
        left = {key: times for key, times in rows.items() if times.starts}
        by_day[day] = left
        if left:
            listed.append((day, left))
    return listed


def _stretch(found: Sequence[OpenTimes], field: Field) -> tuple[int, int]:
    """Bookings that begin before the first minute and end after the second one can matter to these times."""
    buffer = max(field.asking[times.provider_id].offer.widest_buffer for times in found)
    length = max(field.asking[times.provider_id].asked.minutes for times in found)
    starts = functools.reduce(operator.or_, (times.starts for times in found))
    earliest, latest = (starts & -starts).bit_length() - 1, starts.bit_length() - 1
    return latest + length + buffer + 1, earliest - buffer


def _weighed(
    booked: Sequence[BusyRow],
    field: Field,
    rows: Mapping[str, OpenTimes],
    weigh: Iterable[str],
    under_way: Mapping[tuple[str, date], list[Pending]],
) -> dict[str, OpenTimes]:
    rooms = [_busy(row) for row in booked if row[4]]
    own: dict[str, list[Busy]] = {key: [] for key in weigh}
    for row in booked:
        if row[0] in own:
            own[row[0]].append(_busy(row))
    result = {}
    for key, of_day in own.items():
        times = rows[key]
        busy = of_day + busy_of((), under_way.get((key, times.day), []))
        allowed = field.asking[key].offer.starts(times.day, busy, rooms)
        result[key] = msgspec.structs.replace(times, starts=times.starts & allowed)
    return result


def _busy(row: BusyRow) -> Busy:
    provider_id, start, minutes, visit_type, room = row
    return Busy(provider_id=provider_id, start=start, end=start + minutes, visit_type=visit_type, room=room)


# ---------------------------------------------------------------- what is shown


def _maker(field: Field, today: date, now: datetime, rows_of: Mapping[str, ProviderRow]) -> Slots:
    return Slots(
        today=today,
        now=now,
        zones={key: field.systems.zone_of(row) for key, row in rows_of.items()},
        providers=rows_of,
        lengths={key: each.asked.minutes for key, each in field.asking.items()},
    )


def _history(conn: Reader, wanted: SlotSearch, rows_of: Mapping[str, ProviderRow], today: date) -> History:
    if not wanted.patient_id:
        return History()
    past = tuple(
        PastVisit(provider_id=row.provider_id, day=row.day, start=row.start_minute)
        for row in visits.of_patient(conn, wanted.patient_id)
        if row.day < today
    )
    patient = patients.get(conn, wanted.patient_id)
    usual = ""
    if patient and patient.value.usual_provider_vendor_id:
        known = (patient.connection_id, patient.value.usual_provider_vendor_id)
        usual = next((key for key, row in rows_of.items() if (row.connection_id, row.vendor_id) == known), "")
    return History(usual_provider_id=usual, past=past)


def _result_day(day: date, rows: Mapping[str, OpenTimes], field: Field, made: Slots) -> ResultDay:
    ordered = sorted(
        rows.values(), key=lambda times: (times.starts & -times.starts, made.providers[times.provider_id].name)
    )
    return ResultDay(
        day=day, rows=tuple(_result_row(times, field.asking[times.provider_id], made) for times in ordered)
    )


def _result_row(times: OpenTimes, asking: Asking, made: Slots) -> ResultRow:
    total = times.starts.bit_count()
    found = []
    for start in slot_rules.starts_of(times.starts):
        found.append(made.found(times, start))
        if len(found) == _TIMES_A_ROW:
            break
    words = ""
    if not asking.live:
        words = rank.cached_words(found[0], as_of_words(times.as_of, made.now, made.zones[times.provider_id]))
    return ResultRow(provider=asking.provider, times=tuple(found), more=total - len(found), words=words)


def _next_date(conn: Reader, field: Field, wanted: SlotSearch, last: date) -> date | None:
    """The first day after ``last`` that has a time by rules and filters."""
    after = (last + timedelta(days=1), last + _LOOK_AHEAD)
    return next(iter(_times(conn, field, wanted, after, Tally())), None)


def _why_empty(field: Field, wanted: SlotSearch, tally: Tally, first: date, last: date, next_date: date | None) -> str:
    lengths = {each.asked.minutes for each in field.asking.values()}
    return why.why_empty(
        why.SearchFacts(
            providers=field.chosen,
            connections=len(field.systems.connections),
            read=tally.read,
            cannot_book=field.cannot_book,
            offered_by_vendor=tally.offered,
            # Times that passed every filter and still are not listed went to bookings and their buffers.
            left_by_rules=0 if tally.by_filters else tally.by_rules,
            left_by_filters=tally.by_filters,
            no_type=field.no_type,
            next_date=next_date,
            visit_type=wanted.visit_type,
            minutes=min(lengths, default=wanted.minutes or slot_rules.USUAL_MINUTES),
            first_day=first,
            last_day=last,
        )
    )
