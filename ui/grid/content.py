"""What the grid shows, as frozen values ready for painting. Minutes count from midnight at the location."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from app.model.schedule import VisitStatus
from app.rules.words import clock_time


class ItemKind(StrEnum):
    """What a stretch of a column is."""

    VISIT = "visit"
    PENDING = "pending"
    FREE = "free"
    BLOCK = "block"


_KIND_WORDS = {
    ItemKind.VISIT: "Visit",
    ItemKind.PENDING: "Not booked yet",
    ItemKind.FREE: "Free",
    ItemKind.BLOCK: "Blocked",
}


class GridItem(msgspec.Struct, frozen=True, kw_only=True):
    """One visit, booking under way, free slot or block. ``key`` is stable and unique within the content.

    ``title`` and ``subtitle`` are painted, the latter where there is room and as ``brief`` where there is little;
    ``said`` replaces the accessible name made of them. ``marks`` are further shapes (icon name, colour role) beside the
    status shape. ``bookable`` is false for free time of a column that is only looked at
    or too old to promise; ``faded`` visits are not of the type being looked at. It fills lane ``lane`` of ``lanes`` of
    its column.
    """

    key: str
    kind: ItemKind
    start: int
    minutes: int
    title: str = ""
    subtitle: str = ""
    brief: str = ""
    status: VisitStatus | None = None
    patient_known: bool = True
    marks: tuple[tuple[str, str], ...] = ()
    bookable: bool = True
    said: str = ""
    patient_id: str = ""
    lane: int = 0
    lanes: int = 1
    faded: bool = False

    @property
    def end(self) -> int:
        """The first minute after it."""
        return self.start + self.minutes

    @property
    def spoken(self) -> str:
        """The accessible name: ``"Sybil Marchbank, 9:20 AM, booked"``, or what was given in ``said``."""
        if self.said:
            return self.said
        what = self.title or _KIND_WORDS[self.kind]
        how = self.status.value.replace("_", " ") if self.status and self.patient_known else self.subtitle
        return ", ".join(part for part in (what, clock_time(self.start), how) if part)


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Words with a shape in a status family, such as ``as of 8:58 AM`` with a key in amber."""

    words: str
    icon: str
    family: str


class GridColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column. ``open_hours`` are half-open minute ranges that are not sunken; ``load`` is 0…1 where known.

    ``notice`` replaces ``right`` where something must be said first (old data, view only); with a family other than
    grey it also tints the header. ``accented`` marks today's column of a week. ``away`` says why it is empty.
    """

    key: str
    title: str
    tag: str = ""
    detail: str = ""
    right: str = ""
    load: float | None = None
    notice: Notice | None = None
    accented: bool = False
    pill: str = ""
    away: str = ""
    open_hours: tuple[tuple[int, int], ...] = ()
    items: tuple[GridItem, ...] = ()
    spoken: str = ""


class GridContent(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one paint needs. ``first`` and ``last`` bound the shown minutes; ``now_columns`` empty means all."""

    columns: tuple[GridColumn, ...] = ()
    first: int = 8 * 60
    last: int = 17 * 60
    now: int | None = None
    now_columns: frozenset[str] = frozenset()


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A time that is being booked but not promised yet, painted over the column as a solid block."""

    column_key: str
    start: int
    minutes: int
    title: str
    subtitle: str


def bare_time(minute: int) -> str:
    """``9:20`` for minute 560, where the half of the day is plain from its place."""
    return clock_time(minute)[:-3]


def hour_words(minute: int) -> str:
    """``9 AM`` for minute 540."""
    words = clock_time(minute)
    return f"{words.split(':')[0]} {words[-2:]}"


def span_words(start: int, minutes: int) -> str:
    """``10:45 – 11:15``."""
    return f"{bare_time(start)} – {bare_time(start + minutes)}"
