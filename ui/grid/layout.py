"""Where everything stands: minutes to pixels, columns to pixels, items to rectangles, and back again.

Coordinates are logical pixels of the scrolled contents: x from the left edge of the first column, y from the top of
the first shown minute. The frozen header and time column are not part of it.
"""

from __future__ import annotations

import bisect
from functools import cached_property
from itertools import pairwise

import msgspec

from ui.grid.content import GridColumn, GridContent, ItemKind

#: Space between a column's edge and its blocks, and between two blocks above one another.
SIDE, GAP = 4, 2
#: Paper above the first shown minute; below the last, this many minutes or what the hour's words beside it need.
LEAD, TAIL = 18, 6
_LEAST_TAIL = 7
#: A visit of a minute or two is still drawn this high, so that it can be seen and pointed at.
LEAST = 8.0


class Box(msgspec.Struct, frozen=True):
    """A rectangle in contents coordinates."""

    x: float
    y: float
    width: float
    height: float

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies inside (right and bottom edges are outside)."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


class Hit(msgspec.Struct, frozen=True):
    """What a point means: column and item index (−1 when it is on none) and the minute there."""

    column: int
    item: int
    minute: int


class Layout:
    """Geometry of one content at one size; made anew when content, zoom or width change.

    ``width`` is what is available for columns; they are at least ``min_column`` wide and otherwise share it evenly.
    """

    def __init__(self, content: GridContent, *, width: int, per_minute: float, min_column: int) -> None:
        self.content = content
        self.per_minute = per_minute
        count = len(content.columns)
        if not count:
            self._edges = [0]
        elif width >= min_column * count:
            self._edges = [width * index // count for index in range(count + 1)]
        else:
            self._edges = [min_column * index for index in range(count + 1)]
        self._boxes: dict[int, tuple[Box, ...]] = {}

    @property
    def width(self) -> int:
        """Width of all columns together."""
        return self._edges[-1]

    @cached_property
    def height(self) -> int:
        """Height of all shown minutes with the paper above and below."""
        tail = max(_LEAST_TAIL, round(TAIL * self.per_minute))
        return LEAD + round((self.content.last - self.content.first) * self.per_minute) + tail

    def y_of(self, minute: float) -> float:
        """The y of a minute of the day."""
        return LEAD + (minute - self.content.first) * self.per_minute

    def minute_at(self, y: float, step: int = 1) -> int:
        """The minute at ``y``, rounded down to ``step`` and kept inside the shown minutes."""
        minute = self.content.first + (y - LEAD) / self.per_minute
        return int(max(self.content.first, min(self.content.last - 1, minute)) // step * step)

    def column_span(self, column: int) -> tuple[int, int]:
        """Left edge and width of a column."""
        return self._edges[column], self._edges[column + 1] - self._edges[column]

    def column_at(self, x: float) -> int:
        """Index of the column under ``x``; −1 beside them."""
        if not self.content.columns or x < 0 or x >= self.width:
            return -1
        return bisect.bisect_right(self._edges, x) - 1

    def columns_between(self, left: float, right: float) -> range:
        """Indexes of the columns that touch ``[left, right)``."""
        if not self.content.columns or right <= 0 or left >= self.width:
            return range(0)
        return range(max(0, self.column_at(max(0.0, left))), self.column_at(min(self.width - 1.0, right - 1)) + 1)

    def boxes(self, column: int) -> tuple[Box, ...]:
        """A rectangle for each item of a column, relative to the column's left edge."""
        known = self._boxes.get(column)
        if known is None:
            known = self._boxes[column] = self._lay(self.content.columns[column], self.column_span(column)[1])
        return known

    def box(self, column: int, item: int) -> Box:
        """The rectangle of one item in contents coordinates."""
        inner = self.boxes(column)[item]
        return msgspec.structs.replace(inner, x=inner.x + self.column_span(column)[0])

    def span_box(self, column: int, start: int, minutes: int) -> Box:
        """A full-width rectangle for a stretch of time, as ghosts and proposals use it."""
        left, width = self.column_span(column)
        return Box(left + SIDE, self.y_of(start) + 1, width - 2 * SIDE, max(LEAST, minutes * self.per_minute - GAP))

    def hit(self, x: float, y: float) -> Hit:
        """What stands under a point of the contents."""
        column = self.column_at(x)
        if column < 0:
            return Hit(-1, -1, self.minute_at(y))
        inner_x = x - self.column_span(column)[0]
        boxes = self.boxes(column)
        found = next((at for at in range(len(boxes) - 1, -1, -1) if boxes[at].contains(inner_x, y)), -1)
        return Hit(column, found, self.minute_at(y))

    def _lay(self, column: GridColumn, width: int) -> tuple[Box, ...]:
        """Visits share the width by their lanes; blocks lie behind them from edge to edge."""
        boxes = []
        for item in column.items:
            y, height = self.y_of(item.start), item.minutes * self.per_minute
            if item.kind is ItemKind.BLOCK:
                boxes.append(Box(0, y, width, height))
                continue
            share = (width - 2 * SIDE + GAP) / item.lanes
            boxes.append(Box(SIDE + share * item.lane, y + 1, share - GAP, max(LEAST, height - GAP)))
        return tuple(boxes)


def gaps_of(open_hours: tuple[tuple[int, int], ...], first: int, last: int) -> list[tuple[int, int]]:
    """The half-open minute ranges inside ``[first, last)`` that ``open_hours`` leave out: painted sunken."""
    inside = sorted((max(first, start), min(last, end)) for start, end in open_hours if start < last and end > first)
    edges = [first, *[edge for span in inside for edge in span], last]
    return [(start, end) for start, end in list(pairwise(edges))[::2] if end > start]
