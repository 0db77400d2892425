"""The same day as a list: an equal alternative to the grid for those who read, or listen, line by line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from app.rules.words import clock_time
from ui.grid.content import GridColumn, GridContent, GridItem, ItemKind
from ui.models.paged_table import Column, PagedTableModel
from ui.tasks import TaskOwner
from ui.theme import theme
from ui.widgets.table import Table

#: An item and the column of the grid it stands in.
Entry = tuple[GridColumn, GridItem]
_KINDS = {ItemKind.FREE: "Free", ItemKind.BLOCK: "Blocked", ItemKind.PENDING: "Not booked yet"}


def _state(entry: Entry) -> str:
    item = entry[1]
    return theme().status("appointment", item.status.value).label if item.status else _KINDS.get(item.kind, "")


def _mark(entry: Entry) -> tuple[str, str] | None:
    status = entry[1].status
    if status is None:
        return None
    look = theme().status("appointment", status.value)
    return look.icon, f"{look.family}.solid"


_COLUMNS: tuple[Column[Entry], ...] = (
    Column(title="Time", text=lambda entry: clock_time(entry[1].start), width=94),
    Column(title="Length", text=lambda entry: f"{entry[1].minutes} min", width=76, role="text-2"),
    Column(title="What", text=lambda entry: entry[1].title or _state(entry), weight=500),
    Column(title="Details", text=lambda entry: entry[1].subtitle, role="text-2"),
    Column(title="State", text=_state, mark=_mark, width=104),
    Column(
        title="Provider or day",
        text=lambda entry: " ".join(f"{entry[0].title} {entry[0].pill}".split()),
        width=156,
        role="text-2",
    ),
)


class AgendaList(Table):
    """The list. ``opened`` (column key, item key) on Enter or double click."""

    opened = Signal(str, str)

    def __init__(self, tasks: TaskOwner, parent: QWidget | None = None) -> None:
        self._agenda: PagedTableModel[Entry] = PagedTableModel(_COLUMNS, self._no_more, tasks, self._say)
        super().__init__(self._agenda, "Schedule as a list", parent)
        self._agenda.setParent(self)
        self.row_opened.connect(lambda entry: self.opened.emit(entry[0].key, entry[1].key))

    async def _no_more(self, _last: Entry | None) -> Sequence[Entry]:
        return ()

    @staticmethod
    def _say(entry: Entry) -> str:
        return f"{entry[1].spoken}, {entry[0].title}"

    def minimumSizeHint(self) -> QSize:
        """No wider than the grid needs it: what has no room is scrolled to."""
        return QSize(theme().px(120), theme().px(120))

    def set_content(self, content: GridContent, *, days: bool = False) -> None:
        """Other values, by time and then by column, or where columns are ``days`` one day after the other; the cursor
        stays on the same item."""
        kept = self.current_key()
        lines = [(at, (each, item)) for at, each in enumerate(content.columns) for item in each.items]
        lines.sort(key=lambda line: (days and line[0], line[1][1].start, line[0], line[1][1].end))
        self._agenda.set_rows([entry for _, entry in lines])
        if kept is not None:
            self.select(*kept)

    def current(self) -> Entry | None:
        """Column and item under the cursor."""
        return self._agenda.row_at(self.currentIndex().row())

    def current_key(self) -> tuple[str, str] | None:
        """Keys of what is under the cursor."""
        found = self.current()
        return (found[0].key, found[1].key) if found else None

    def select(self, column_key: str, item_key: str) -> bool:
        """Put the cursor on an item."""
        row = self._agenda.find(lambda entry: (entry[0].key, entry[1].key) == (column_key, item_key))
        if row >= 0:
            self.go_to(row)
        return row >= 0
