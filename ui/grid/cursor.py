"""Where the keyboard cursor goes: from item to item within a column, and to the nearest time in the next one."""

from __future__ import annotations

from enum import StrEnum

from ui.grid.content import GridColumn, GridContent, ItemKind

#: A column and an item of it.
Place = tuple[int, int]


class Step(StrEnum):
    """A movement of the cursor."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    FIRST = "first"
    LAST = "last"


def stops(column: GridColumn) -> list[int]:
    """Items the cursor stops at, in order of time: blocks too, since they say why nothing can be booked there."""
    return sorted(range(len(column.items)), key=lambda at: (column.items[at].start, column.items[at].end, at))


def nearest(column: GridColumn, minute: int) -> int:
    """The item at ``minute``, else the one that starts nearest to it; −1 in an empty column."""
    if not column.items:
        return -1
    inside = [at for at, item in enumerate(column.items) if item.start <= minute < item.end]
    wanted = inside or range(len(column.items))
    return min(
        wanted, key=lambda at: (column.items[at].kind is ItemKind.BLOCK, abs(column.items[at].start - minute), at)
    )


def move(content: GridContent, place: Place | None, step: Step, *, minute: int) -> Place | None:
    """The place after ``step``; without one, the item nearest ``minute`` in the first column that has any."""
    if place is None:
        filled = (at for at, column in enumerate(content.columns) if column.items)
        column = next(filled, -1)
        return (column, nearest(content.columns[column], minute)) if column >= 0 else None
    column, item = place
    order = stops(content.columns[column])
    if step in (Step.LEFT, Step.RIGHT):
        return _sideways(content, place, 1 if step is Step.RIGHT else -1, minute)
    rank = order.index(item)
    to = {Step.UP: max(0, rank - 1), Step.DOWN: min(len(order) - 1, rank + 1), Step.FIRST: 0, Step.LAST: len(order) - 1}
    return column, order[to[step]]


def _sideways(content: GridContent, place: Place, way: int, minute: int) -> Place:
    """The next column in that direction that has items, at the same time of day; stays when there is none."""
    column = place[0] + way
    while 0 <= column < len(content.columns):
        found = nearest(content.columns[column], minute)
        if found >= 0:
            return column, found
        column += way
    return place
