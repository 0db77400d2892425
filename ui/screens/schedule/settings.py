"""How one person likes the schedule: kept per account and put back at sign-in (FEATURES A1, A8, A25, A30)."""

from __future__ import annotations

import msgspec

#: Where these are kept among an account's settings.
KEY = "schedule.view"
MOST_VIEWS = 12
#: Digits there are for views; every view has a function key.
_DIGITS = 9


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What a named view remembers: providers in order (empty: all, as listed), zoom, grid unit, filters, and
    the minute in front (-1: none)."""

    order: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    zoom: int = 1
    increment: int = 5
    hide_cancelled: bool = False
    start_minute: int = -1


class NamedView(msgspec.Struct, frozen=True, kw_only=True):
    """A look with a name; the n-th is on ``view_keys(n)``."""

    name: str
    look: Look


class ScheduleSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The look in use, the named ones, and how the page was left."""

    look: Look = Look()
    views: tuple[NamedView, ...] = ()
    current: str = ""
    mode: str = "day"
    as_list: bool = False
    week_provider: str = ""
    hover_cards: bool = True

    def with_view(self, name: str) -> ScheduleSettings:
        """The look in use kept as ``name``: in place of one of that name, else at the end (twelve at most)."""
        view = NamedView(name=name, look=self.look)
        names = [each.name for each in self.views]
        kept = [view if each.name == name else each for each in self.views]
        if name not in names:
            kept = [*kept, view][-MOST_VIEWS:]
        return msgspec.structs.replace(self, views=tuple(kept), current=name)

    def without_view(self, name: str) -> ScheduleSettings:
        """Forget a named view."""
        kept = tuple(each for each in self.views if each.name != name)
        return msgspec.structs.replace(self, views=kept, current="" if self.current == name else self.current)


def view_keys(number: int) -> tuple[str, ...]:
    """The keys of the named view ``number`` (from 1): Ctrl and its digit, Ctrl and its function key (F1 to F12 alone
    are help, refresh, panes and next problem)."""
    return (*((f"Ctrl+{number}",) if number <= _DIGITS else ()), f"Ctrl+F{number}")


def arranged(ids: list[str], look: Look) -> list[str]:
    """``ids`` in the person's order, hidden ones left out; those the order does not know come last."""
    rank = {each: at for at, each in enumerate(look.order)}
    shown = [each for each in ids if each not in look.hidden]
    return sorted(shown, key=lambda each: rank.get(each, len(rank)))
