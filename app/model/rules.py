"""What the practice itself says about a provider's time: hours, blocks, buffers, visit types, rooms.

The vendor decides what may be booked. These rules only take away from what the vendor offers, and explain. Times
are minutes after midnight on the location's wall clock; windows are half-open ``[start, end)``.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache

import msgspec


@lru_cache(maxsize=1024)
def type_key(name: str) -> str:
    """What makes two names of a visit type the same: ``FOLLOWUP`` on a schedule is ``Follow-up`` on the list."""
    return "".join(char for char in name.casefold() if char.isalnum())


class Window(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Minutes ``[start, end)`` after local midnight."""

    start: int
    end: int


class WorkingHours(msgspec.Struct, frozen=True, kw_only=True):
    """Hours on one ``weekday`` (0 is Monday), from ``first_day`` to ``last_day`` where they are set."""

    weekday: int
    start: int
    end: int
    first_day: date | None = None
    last_day: date | None = None


class BlockForce(StrEnum):
    """HARD refuses a booking over it, SOFT warns (FEATURES A19)."""

    HARD = "hard"
    SOFT = "soft"


class BlockRule(msgspec.Struct, frozen=True, kw_only=True):
    """Time kept free of visits: lunch, a meeting, a day away.

    It stands on ``day``, or on each of ``weekdays`` between ``first_day`` and ``last_day`` (open where None) except
    on the days in ``except_days``. ``only_visit_types`` lets just these types in ("new patients only").
    """

    label: str
    start: int
    end: int
    force: BlockForce = BlockForce.HARD
    day: date | None = None
    weekdays: tuple[int, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    except_days: tuple[date, ...] = ()
    only_visit_types: tuple[str, ...] = ()

    def lets_in(self, visit_type: str) -> bool:
        """Whether this type may be booked here all the same."""
        return type_key(visit_type) in {type_key(name) for name in self.only_visit_types}


class VisitTypeRule(msgspec.Struct, frozen=True, kw_only=True):
    """How one provider does one type of visit (FEATURES A21, A22, A24). All lengths in minutes.

    ``buffer_*`` must be free of this provider's visits; ``provider_offset`` and ``provider_minutes`` say which part
    needs the provider (0 minutes: all of it); one of ``rooms`` must be free (none named: any room will do).
    """

    visit_type: str
    minutes: int = 0
    allowed: bool = True
    weekdays: tuple[int, ...] = ()
    buffer_before: int = 0
    buffer_after: int = 0
    provider_offset: int = 0
    provider_minutes: int = 0
    rooms: tuple[str, ...] = ()
    needs: str = ""


class ProviderRules(msgspec.Struct, frozen=True, kw_only=True):
    """All local rules of one provider. With no ``hours`` at all nothing is said about hours.

    ``lead_minutes`` is the shortest notice, ``horizon_days`` how far ahead may be booked (0: no limit), ``step`` the
    grid unit in minutes (FEATURES A8).
    """

    hours: tuple[WorkingHours, ...] = ()
    blocks: tuple[BlockRule, ...] = ()
    visit_types: tuple[VisitTypeRule, ...] = ()
    lead_minutes: int = 0
    horizon_days: int = 0
    step: int = 10

    def for_type(self, visit_type: str) -> VisitTypeRule | None:
        """The rule for ``visit_type``, or None where the practice says nothing of it."""
        wanted = type_key(visit_type)
        return next((rule for rule in self.visit_types if type_key(rule.visit_type) == wanted), None)


class ReasonCode(StrEnum):
    """Why a time is not offered (FEATURES A12)."""

    PAST = "past"
    NO_HOURS_SET = "no_hours_set"
    NOT_WORKING = "not_working"
    OUTSIDE_HOURS = "outside_hours"
    BLOCKED = "blocked"
    SOFT_BLOCK = "soft_block"
    BOOKED = "booked"
    BEING_BOOKED = "being_booked"
    BUFFER = "buffer"
    ROOM = "room"
    VISIT_TYPE = "visit_type"
    VISIT_TYPE_DAY = "visit_type_day"
    LEAD_TIME = "lead_time"
    HORIZON = "horizon"
    NO_SUCH_TIME = "no_such_time"
    NOT_OFFERED = "not_offered"
    NOT_READ = "not_read"
    CANNOT_BOOK = "cannot_book"


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason, in words. ``firm`` is False where a person may go on after a warning."""

    code: ReasonCode
    words: str
    firm: bool = True
