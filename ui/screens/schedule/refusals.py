"""Keys for what a system may not offer: moving, cancelling, statuses. Refused in words, with what to do instead."""

from __future__ import annotations

from app.model.views import ColumnSource
from ui.grid.content import GridColumn, GridItem, ItemKind
from ui.grid.grid import Refused, ScheduleGrid
from ui.screens.schedule.content import refused


class Refusals:
    """Mixed into the schedule screen, which knows each column's source."""

    grid: ScheduleGrid

    def source_of(self, column_key: str) -> ColumnSource | None:
        """Where a column comes from."""
        raise NotImplementedError

    def current_item(self) -> tuple[GridColumn, GridItem] | None:
        """What the cursor is on, in the grid or in the list."""
        raise NotImplementedError

    def check_in(self, column_key: str, item_key: str) -> None:
        """Check a visit in, or say why not."""
        raise NotImplementedError

    def on_visit(self) -> bool:
        """Whether the cursor is on a visit."""
        found = self.current_item()
        return found is not None and found[1].kind in (ItemKind.VISIT, ItemKind.PENDING)

    def may_not(self, column: GridColumn, _item: GridItem, act: str) -> Refused | None:
        """Why ``act`` cannot be done to an item of ``column``; the grid asks before it lets one be carried."""
        source = self.source_of(column.key)
        return refused(source, act) if source is not None else None

    def move_visit(self) -> None:
        """M: carry the visit with the arrow keys, or say why not."""
        self.grid.begin_move()

    def cancel_visit(self) -> None:
        """Del."""
        self._refuse("cancel")

    def mark_confirmed(self) -> None:
        """C."""
        self._refuse("status")

    def mark_arrived(self) -> None:
        """A: check in, where the system takes that."""
        found = self.current_item()
        if found is not None:
            self.check_in(found[0].key, found[1].key)

    def mark_in_room(self) -> None:
        """R."""
        self._refuse("status")

    def mark_out(self) -> None:
        """O."""
        self._refuse("status")

    def mark_no_show(self) -> None:
        """Shift+N."""
        self._refuse("status")

    def _refuse(self, act: str) -> None:
        found = self.current_item()
        if found is not None:
            reason = self.may_not(found[0], found[1], act)
            if reason is not None:
                self.grid.say_refusal(reason)
