"""What screens paint of the schedule and of a slot search: everything worked out, nothing left to ask the store.

Minutes count from local midnight at the location (``time_zone``). Texts are plain: never to be read as markup.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from app.model.capabilities import CapabilityOffer
from app.model.connection import ConnectionState
from app.model.outbox import JobState
from app.model.rules import BlockForce, Window
from app.model.schedule import ProviderRow, VisitRow, VisitStatus


class VisitBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A visit laid out: it fills lane ``lane`` of ``lanes`` of its column. ``title`` is the patient's name (made safe
    to show) or ``"Booked · Follow-up"``; ``detail`` the second line."""

    visit: VisitRow
    title: str
    detail: str = ""
    lane: int = 0
    lanes: int = 1


class PendingBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A booking of ours that the vendor has not confirmed: painted apart, never as a visit."""

    job_id: str
    provider_id: str
    day: date
    start_minute: int
    minutes: int
    title: str
    state: JobState
    patient_id: str = ""
    lane: int = 0
    lanes: int = 1


class FreeSlot(msgspec.Struct, frozen=True, kw_only=True):
    """Free time as the vendor told it at ``as_of``, less local rules; ``bookable`` is False where it is old or the
    system only shows."""

    provider_id: str
    connection_id: str
    provider_vendor_id: str
    day: date
    start_minute: int
    minutes: int
    as_of: datetime
    bookable: bool = True


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """Blocked time on this day, with its label."""

    label: str
    start_minute: int
    end_minute: int
    force: BlockForce = BlockForce.HARD


class ColumnSource(msgspec.Struct, frozen=True, kw_only=True):
    """Where a column comes from and how old it is (FEATURES A34). ``stale`` is past the limit or not healthy;
    ``view_only`` means the system takes no bookings, with the manifest's ``view_only_words``."""

    connection_id: str
    source: str
    name: str
    state: ConnectionState
    state_words: str = ""
    as_of: datetime | None = None
    stale: bool = False
    stale_words: str = ""
    view_only: bool = False
    view_only_words: str = ""
    offers: tuple[CapabilityOffer, ...] = ()


class DayColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One day of one provider. ``closed`` are the windows outside working hours (empty where no hours are set);
    ``load`` is the booked share of the time that can be booked, None where it cannot be known; ``note`` is a word for
    the header (``"closed out"``, ``"not working"``)."""

    day: date
    visits: tuple[VisitBlock, ...] = ()
    pending: tuple[PendingBlock, ...] = ()
    free: tuple[FreeSlot, ...] = ()
    blocks: tuple[Block, ...] = ()
    closed: tuple[Window, ...] = ()
    load: float | None = None
    note: str = ""


class ProviderColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's column of the day grid."""

    provider: ProviderRow
    source: ColumnSource
    time_zone: str
    column: DayColumn
    step: int = 10


class DayStats(msgspec.Struct, frozen=True, kw_only=True):
    """Counts that can be known: ``counts`` holds only statuses that some connected system tells;
    ``not_known`` says in words which systems tell no status."""

    visits: int
    counts: tuple[tuple[VisitStatus, int], ...]
    free_slots: int
    new_patients: int = 0
    not_known: str = ""


class NextFree(msgspec.Struct, frozen=True, kw_only=True):
    """A line of "Next free" beside the grid."""

    provider: ProviderRow
    slot: FreeSlot


class DayView(msgspec.Struct, frozen=True, kw_only=True):
    """The day grid. ``now_minute`` is None unless ``day`` is today at the location; ``first_minute`` to ``last_minute``
    is what is worth showing; ``as_of`` the oldest source; ``empty_words`` says why no column is there."""

    day: date
    today: date
    time_zone: str
    now_minute: int | None
    first_minute: int
    last_minute: int
    columns: tuple[ProviderColumn, ...]
    stats: DayStats
    next_free: tuple[NextFree, ...] = ()
    as_of: datetime | None = None
    empty_words: str = ""


class FreeCounts(msgspec.Struct, frozen=True, kw_only=True):
    """One provider's free slots per day of the week shown; None where the day is past, not worked or not read."""

    provider: ProviderRow
    counts: tuple[int | None, ...]


class WeekView(msgspec.Struct, frozen=True, kw_only=True):
    """One provider's week, everyone's free slots beside it. ``booked_share`` is 0..1 or None."""

    provider: ProviderRow
    source: ColumnSource
    time_zone: str
    today: date
    now_minute: int
    first_minute: int
    last_minute: int
    step: int
    days: tuple[DayColumn, ...]
    free_counts: tuple[FreeCounts, ...]
    longest: tuple[FreeSlot, ...]
    visits: int
    new_patients: int
    no_shows: int | None
    booked_share: float | None


class DayLoad(msgspec.Struct, frozen=True, kw_only=True):
    """How full a day is: ``share`` 0..1 (None: not known), ``closed`` where nobody works, ``level`` 0 (open) to 4
    (full) for the mini-month."""

    day: date
    booked_minutes: int
    share: float | None
    level: int
    closed: bool = False


class MonthLoads(msgspec.Struct, frozen=True, kw_only=True):
    """Loads of every day of one month, in order."""

    year: int
    month: int
    today: date
    days: tuple[DayLoad, ...]


class DayPart(StrEnum):
    """Time of day, as the filter says it: before 12, 12 to 3, after 3."""

    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"


class SlotSearch(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for (FEATURES A9, A10). Empty tuples mean any; ``start`` None means from now;
    ``weekdays`` count from Monday = 0; ``minutes`` 0 takes the visit type's usual length."""

    visit_type: str = ""
    minutes: int = 0
    patient_id: str = ""
    start: date | None = None
    days: int = 14
    weekdays: tuple[int, ...] = ()
    day_parts: tuple[DayPart, ...] = ()
    provider_ids: tuple[str, ...] = ()
    location_ids: tuple[str, ...] = ()
    recheck: bool = True


class Verdict(StrEnum):
    """What is known of a found time: from the copy, live free, live taken, or the live check failed."""

    CACHED = "cached"
    FREE = "free"
    TAKEN = "taken"
    FAILED = "failed"


class FoundSlot(msgspec.Struct, frozen=True, kw_only=True):
    """One time found. ``as_of`` is when the copy was read, ``checked_at`` when the vendor last said so itself."""

    provider_id: str
    connection_id: str
    provider_vendor_id: str
    day: date
    start_minute: int
    minutes: int
    as_of: datetime
    verdict: Verdict = Verdict.CACHED
    checked_at: datetime | None = None
    words: str = ""


class BestMatch(msgspec.Struct, frozen=True, kw_only=True):
    """One of the three best: ``title`` why it is here, ``when`` in words, ``reason`` a fact about it."""

    title: str
    slot: FoundSlot
    provider: ProviderRow
    when: str
    reason: str = ""


class ResultRow(msgspec.Struct, frozen=True, kw_only=True):
    """One provider's times on one day; ``more`` further times are not listed. ``words`` is set instead of fresh
    times where the system cannot be asked."""

    provider: ProviderRow
    times: tuple[FoundSlot, ...]
    more: int = 0
    words: str = ""


class ResultDay(msgspec.Struct, frozen=True, kw_only=True):
    """One day of results, providers in order of their first time."""

    day: date
    rows: tuple[ResultRow, ...]


class Excluded(msgspec.Struct, frozen=True, kw_only=True):
    """A provider or system left out of a search, and why: listed, never dropped."""

    connection_id: str
    source: str
    words: str
    provider: ProviderRow | None = None
    state: ConnectionState = ConnectionState.HEALTHY


class SlotResults(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found. ``openings`` counts all times in the range, ``days`` lists the first ten days that have
    any. Where nothing was found ``why_empty`` says why and ``next_date`` the next day with a time (FEATURES A13).
    ``unread_from`` is the first day of the range that some system that answers has not been asked about yet."""

    search: SlotSearch
    openings: int
    best: tuple[BestMatch, ...]
    days: tuple[ResultDay, ...]
    excluded: tuple[Excluded, ...]
    as_of: datetime | None
    checked_words: str = ""
    why_empty: str = ""
    next_date: date | None = None
    unread_from: date | None = None
    script: str = ""
