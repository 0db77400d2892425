"""The same day as a list: an equal alternative to the grid for those who read, or listen, line by line."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.rules.words import clock_time
from ui.grid.content import GridColumn, GridContent, GridItem, ItemKind
from ui.theme import icons, theme

Index = QModelIndex | QPersistentModelIndex
_HEADS = ("Time", "Length", "What", "Details", "State", "Column")
_KINDS = {ItemKind.FREE: "Free", ItemKind.BLOCK: "Blocked", ItemKind.PENDING: "Not booked yet"}


class AgendaModel(QAbstractTableModel):
    """Every item of a content, by time and then by column."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: tuple[tuple[GridColumn, GridItem], ...] = ()

    def set_content(self, content: GridContent) -> None:
        """Other values."""
        self.beginResetModel()
        lines = [(item.start, at, column, item) for at, column in enumerate(content.columns) for item in column.items]
        lines.sort(key=lambda line: (line[0], line[1], line[3].end))
        self._lines = tuple((column, item) for _, _, column, item in lines)
        self.endResetModel()

    def line(self, row: int) -> tuple[GridColumn, GridItem] | None:
        """Column and item of a row."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, column_key: str, item_key: str) -> int:
        """The row of an item, −1 where it is not listed."""
        wanted = (column_key, item_key)
        return next((at for at, (column, item) in enumerate(self._lines) if (column.key, item.key) == wanted), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        """One row an item."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index | None = None) -> int:
        """Time to provider."""
        return 0 if parent is not None and parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What the columns are."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _HEADS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, the status shape, and the spoken line."""
        column, item = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(column, item)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return (
                f"{item.spoken}, {column.title}" if index.column() == 2 else self._texts(column, item)[index.column()]
            )
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 4 and item.status is not None:
            look = theme().status("appointment", item.status.value)
            return icons.pixmap(look.icon, theme().colour(f"{look.family}.solid"), theme().px(14), 2.0)
        return None

    @staticmethod
    def _texts(column: GridColumn, item: GridItem) -> tuple[str, ...]:
        state = theme().status("appointment", item.status.value).label if item.status else _KINDS.get(item.kind, "")
        return clock_time(item.start), f"{item.minutes} min", item.title or state, item.subtitle, state, column.title


class AgendaList(QTableView):
    """The list. ``opened`` (column key, item key) on Enter or double click."""

    opened = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._agenda = AgendaModel(self)
        self.setModel(self._agenda)
        self.setAccessibleName("Schedule as a list")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme().row_height())
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for section, width in enumerate((90, 70, 240, 240, 140, 180)):
            self.setColumnWidth(section, theme().px(width))
        head.setStretchLastSection(True)
        self.doubleClicked.connect(self._open)

    def set_content(self, content: GridContent) -> None:
        """Other values; the cursor stays on the same item."""
        kept = self.current_key()
        self._agenda.set_content(content)
        if kept is not None:
            self.select(*kept)

    def current(self) -> tuple[GridColumn, GridItem] | None:
        """Column and item under the cursor."""
        return self._agenda.line(self.currentIndex().row()) if self.currentIndex().isValid() else None

    def current_key(self) -> tuple[str, str] | None:
        """Keys of what is under the cursor."""
        found = self.current()
        return (found[0].key, found[1].key) if found else None

    def select(self, column_key: str, item_key: str) -> bool:
        """Put the cursor on an item."""
        row = self._agenda.row_of(column_key, item_key)
        if row >= 0:
            self.setCurrentIndex(self._agenda.index(row, 2))
        return row >= 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; J and K walk."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif key in (Qt.Key.Key_J, Qt.Key.Key_K) and not event.modifiers():
            row = self.currentIndex().row() + (1 if key == Qt.Key.Key_J else -1)
            self.setCurrentIndex(self._agenda.index(max(0, min(self._agenda.rowCount() - 1, row)), 2))
        elif event.text() and not event.text().isspace() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        found = self._agenda.line(index.row())
        if found is not None:
            self.opened.emit(found[0].key, found[1].key)
