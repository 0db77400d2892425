"""The grid as a table: what screen readers walk through, and where the keyboard cursor stands.

Columns are the grid's columns; row *n* of a column is its *n*-th item in order of time. Cells carry the spoken name
("Sybil Marchbank, 9:20 AM, booked") and the details; nothing here paints.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.grid.content import GridColumn, GridContent, GridItem
from ui.grid.cursor import stops

Index = QModelIndex | QPersistentModelIndex
#: The lines of an item's hover card, worked out when they are asked for.
DetailsOf = Callable[[GridColumn, GridItem], tuple[str, ...]]


def no_details(_column: GridColumn, _item: GridItem) -> tuple[str, ...]:
    """No card."""
    return ()


class GridModel(QAbstractTableModel):
    """A table over a ``GridContent``."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.content = GridContent()
        self.details_of: DetailsOf = no_details
        self._orders: tuple[tuple[int, ...], ...] = ()
        self._rows = 0

    def set_content(self, content: GridContent) -> None:
        """Show other values."""
        self.beginResetModel()
        self.content = content
        self._orders = tuple(tuple(stops(column)) for column in content.columns)
        self._rows = max((len(order) for order in self._orders), default=0)
        self.endResetModel()

    def place_of(self, index: Index) -> tuple[int, int] | None:
        """Column and item index of a cell; None for a cell below a column's last item."""
        if not index.isValid() or index.column() >= len(self._orders):
            return None
        order = self._orders[index.column()]
        return (index.column(), order[index.row()]) if index.row() < len(order) else None

    def index_of(self, place: tuple[int, int]) -> QModelIndex:
        """The cell of an item."""
        column, item = place
        return self.index(self._orders[column].index(item), column)

    def item_at(self, index: Index) -> GridItem | None:
        """The item of a cell, if it has one."""
        place = self.place_of(index)
        return self.content.columns[place[0]].items[place[1]] if place else None

    def rowCount(self, parent: Index | None = None) -> int:
        """As many rows as the fullest column has items."""
        return 0 if parent is not None and parent.isValid() else self._rows

    def columnCount(self, parent: Index | None = None) -> int:
        """As many as the grid has."""
        return 0 if parent is not None and parent.isValid() else len(self.content.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Spoken name, title and details of a cell."""
        item = self.item_at(index)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return item.spoken if item else "Nothing further"
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return (
                f"{self._column(index).title}. {'. '.join(self.details_of(self._column(index), item))}" if item else ""
            )
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title if item else ""
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The provider (or day) with its tag, free count and age; rows are numbered."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1)
        column = self.content.columns[section]
        return column.spoken or column.title

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells with an item can be reached."""
        if self.item_at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _column(self, index: Index) -> GridColumn:
        return self.content.columns[index.column()]
