"""Rows a page at a time: the model asks for the next page with the last row seen, never with an offset."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.tasks import TaskOwner

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """What a view may ask beside the text: the whole row, what it sorts by, the column's shape and tag."""

    ROW = int(Qt.ItemDataRole.UserRole) + 1
    SORT = int(Qt.ItemDataRole.UserRole) + 2
    MARK = int(Qt.ItemDataRole.UserRole) + 3
    TAG = int(Qt.ItemDataRole.UserRole) + 4


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """One column: ``text`` of a row (plain, made safe), ``sort`` an int or str where text would sort wrongly.

    ``mark`` is a shape before the text as (icon, colour role); ``tag`` shows a system's two letters instead of the
    text. ``width`` is in logical pixels, 0 takes what is left. ``role`` and ``mono`` are for painting.
    """

    title: str
    text: Callable[[Row], str]
    sort: Callable[[Row], int | str] | None = None
    mark: Callable[[Row], tuple[str, str] | None] | None = None
    tag: Callable[[Row], str] | None = None
    width: int = 0
    right: bool = False
    role: str = "text"
    weight: int = 0
    mono: bool = False


class PagedTableModel(QAbstractTableModel, Generic[Row]):
    """Holds the rows fetched so far. ``fetch(last)`` gives the page after row ``last`` (None: the first).

    ``describe`` says a whole row to a screen reader. ``loaded`` is emitted after every page.
    """

    loaded = Signal()

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        fetch: Callable[[Row | None], Awaitable[Sequence[Row]]],
        tasks: TaskOwner,
        describe: Callable[[Row], str],
        parent: QObject | None = None,
        *,
        page: int = 200,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch = fetch
        self._tasks = tasks
        self._describe = describe
        self._page = page
        self._rows: list[Row] = []
        self._more = False

    def reload(self) -> None:
        """Fetch the first page again and show it in place of all rows."""
        self._tasks.restart(f"page-{id(self)}", self._first())

    def set_rows(self, rows: Sequence[Row], *, more: bool = False) -> None:
        """Show exactly ``rows``."""
        self.beginResetModel()
        self._rows = list(rows)
        self._more = more
        self.endResetModel()
        self.loaded.emit()

    def row_at(self, row: int) -> Row | None:
        """The row shown at ``row``."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rows(self) -> Sequence[Row]:
        """All rows fetched."""
        return tuple(self._rows)

    def find(self, wanted: Callable[[Row], bool]) -> int:
        """Where the first row is that ``wanted`` says yes to, or -1."""
        return next((index for index, row in enumerate(self._rows) if wanted(row)), -1)

    async def _first(self) -> None:
        rows = await self._fetch(None)
        self.set_rows(rows, more=len(rows) >= self._page)

    async def _next(self) -> None:
        rows = await self._fetch(self._rows[-1] if self._rows else None)
        self._more = len(rows) >= self._page
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()
        self.loaded.emit()

    def canFetchMore(self, parent: Index) -> bool:
        """Whether a further page may exist."""
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        """Fetch it. Qt asks without having asked ``canFetchMore`` first, too."""
        if not self._more or parent.isValid():
            return
        self._tasks.start_once(f"page-{id(self)}", self._next())

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Rows fetched so far."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Titles of columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return None

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """The typed roles of a cell."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            text = column.text(row)
            return text if role == Qt.ItemDataRole.DisplayRole or "<" not in text else None
        if role == Role.ROW:
            return row
        if role == Role.SORT:
            return column.sort(row) if column.sort else column.text(row)
        if role == Role.MARK:
            return column.mark(row) if column.mark else None
        if role == Role.TAG:
            return column.tag(row) if column.tag else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._describe(row) if index.column() == 0 else f"{column.title}: {column.text(row)}"
        return None
