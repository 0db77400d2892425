"""A visit being carried to another time, by mouse or by keys: pure state, nothing is written from here."""

from __future__ import annotations

import msgspec

from ui.grid.content import GridContent, GridItem, ItemKind

#: The ghost moves in steps of this many minutes where the grid unit is larger.
SNAP = 5


class Carry(msgspec.Struct, frozen=True, kw_only=True):
    """Where a carried visit would land. ``resizing`` changes its length instead of its start."""

    origin: tuple[int, int]
    item: GridItem
    column: int
    start: int
    minutes: int
    grabbed: int = 0
    resizing: bool = False

    def to(self, column: int, minute: int, snap: int) -> Carry:
        """The same visit with the pointer at ``minute`` of ``column``."""
        if self.resizing:
            end = max(self.item.start + snap, -(-minute // snap) * snap)
            return msgspec.structs.replace(self, minutes=end - self.item.start)
        start = (minute - self.grabbed) // snap * snap
        return msgspec.structs.replace(self, column=column, start=start)

    def by(self, columns: int, minutes: int, content: GridContent) -> Carry:
        """The same visit moved by keys, kept inside the shown columns and minutes."""
        column = min(len(content.columns) - 1, max(0, self.column + columns))
        start = min(content.last - self.minutes, max(content.first, self.start + minutes))
        return msgspec.structs.replace(self, column=column, start=start)

    def clashes(self, content: GridContent) -> tuple[int, ...]:
        """Indexes of the items of the target column that stand in the way: other visits and blocks."""
        end = self.start + self.minutes
        return tuple(
            at
            for at, other in enumerate(content.columns[self.column].items)
            if other.kind is not ItemKind.FREE
            and other.key != self.item.key
            and other.start < end
            and self.start < other.end
        )

    @property
    def moved(self) -> bool:
        """Whether dropping would change anything."""
        return (self.column, self.start, self.minutes) != (self.origin[0], self.item.start, self.item.minutes)
