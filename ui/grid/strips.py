"""Kept pixmaps: one body and one header a column, one time column. What did not change is never painted again."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtGui import QPixmap

from ui.grid.blocks import paint_column
from ui.grid.content import GridColumn
from ui.grid.headers import paint_gutter, paint_header
from ui.grid.inks import Inks
from ui.grid.layout import Layout

#: Column bodies kept beyond those in sight; each is its width × the whole day, four bytes a device pixel.
SPARE = 8
_Key = tuple[object, ...]


class Strips:
    """Pixmaps by what they show: a column equal to one already painted is not painted again, whoever sets it.

    ``aim`` says what is being shown; the other methods speak of that layout's columns by index.
    """

    def __init__(self) -> None:
        self._bodies: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._headers: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._gutter: tuple[_Key, QPixmap] | None = None
        self._keys: dict[int, tuple[_Key, _Key]] = {}
        self._layout: Layout | None = None
        self._inks: Inks | None = None
        self._increment = 0
        self._kept = 2 * SPARE
        #: How many bodies were painted so far: tests and the benchmark read it.
        self.painted = 0

    def aim(self, layout: Layout, inks: Inks, increment: int) -> None:
        """Speak of ``layout`` from now on, painted with ``inks``, lined every ``increment`` minutes."""
        if (layout, inks, increment) != (self._layout, self._inks, self._increment):
            self._layout, self._inks, self._increment = layout, inks, increment
            self._keys.clear()

    def body(self, index: int) -> QPixmap:
        """The painted body of a column."""
        key = self._key(index)[0]
        found = self._bodies.get(key)
        if found is None:
            assert self._layout is not None and self._inks is not None
            found = self._bodies[key] = paint_column(
                self._layout, index, self._inks, self._increment, self._take_used()
            )
            self.painted += 1
        self._bodies.move_to_end(key)
        return found

    def _take_used(self) -> QPixmap | None:
        """The body used longest ago, to be painted over, where there are more than are kept."""
        if len(self._bodies) < self._kept:
            return None
        return self._bodies.popitem(last=False)[1]

    def has_body(self, index: int) -> bool:
        """Whether the body is painted already."""
        return self._key(index)[0] in self._bodies

    def header(self, index: int) -> QPixmap:
        """The painted header of a column."""
        key = self._key(index)[1]
        found = self._headers.get(key)
        if found is None:
            assert self._layout is not None and self._inks is not None
            column, width = self._layout.content.columns[index], self._layout.column_span(index)[1]
            found = self._headers[key] = paint_header(column, width, self._inks)
        self._headers.move_to_end(key)
        return found

    def gutter(self, width: int) -> QPixmap:
        """The painted time column."""
        assert self._layout is not None and self._inks is not None
        key = (*self._frame(), width)
        if self._gutter is None or self._gutter[0] != key:
            self._gutter = (key, paint_gutter(self._layout, width, self._inks, self._increment))
        return self._gutter[1]

    def trim(self, in_sight: int) -> None:
        """Let go of what was not used lately, keeping room for ``in_sight`` columns and a few more."""
        self._kept = in_sight + SPARE
        while len(self._bodies) > self._kept:
            self._bodies.popitem(last=False)
        while len(self._headers) > 4 * (in_sight + SPARE):
            self._headers.popitem(last=False)

    def clear(self) -> None:
        """Let go of everything."""
        self._bodies.clear()
        self._headers.clear()
        self._keys.clear()
        self._gutter = None

    def _frame(self) -> _Key:
        assert self._layout is not None and self._inks is not None
        content = self._layout.content
        look = (self._inks.theme.generation, self._inks.ratio, self._layout.per_minute, self._increment)
        return (*look, content.first, content.last)

    def _key(self, index: int) -> tuple[_Key, _Key]:
        found = self._keys.get(index)
        if found is None:
            assert self._layout is not None
            column = self._layout.content.columns[index]
            frame = (*self._frame(), self._layout.column_span(index)[1])
            found = self._keys[index] = ((*frame, _body_of(column)), (*frame, _header_of(column)))
        return found


def _body_of(column: GridColumn) -> _Key:
    return column.items, column.open_hours, column.away


def _header_of(column: GridColumn) -> _Key:
    words = (column.title, column.tag, column.detail, column.right, column.pill)
    return (*words, column.load, column.notice, column.accented)
