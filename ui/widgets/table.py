"""The table: hairline rows, painted cells, J and K, Enter; the current row carries an accent edge."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.models.paged_table import Column, PagedTableModel, Role
from ui.theme import theme
from ui.widgets.paint import LEFT, RIGHT, draw_icon, draw_source_tag, draw_text, hairline

_PAD = 12
_LEAST_STRETCHED = 150


class CellDelegate(QStyledItemDelegate):
    """Paints one cell from its typed roles."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Ground, shape, text or tag, hairline."""
        table = self.parent()
        assert isinstance(table, Table)
        rect: QRect = option.rect
        current = index.row() == table.currentIndex().row()
        if current:
            painter.fillRect(rect, theme().colour("selected"))
        elif index.row() == table.hovered_row:
            painter.fillRect(rect, theme().colour("hover"))
        column = table.column_at(index.column())
        _paint_cell(painter, rect, column, index)
        hairline(painter, rect.left(), rect.bottom(), rect.right() + 1, rect.bottom(), "line-subtle")
        if current and index.column() == 0 and table.hasFocus():
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme().colour("accent"))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A row of the theme."""
        return QSize(80, theme().row_height())


def _paint_cell(
    painter: QPainter, rect: QRect, column: Column[Any], index: QModelIndex | QPersistentModelIndex
) -> None:
    look = theme()
    box = rect.adjusted(_PAD, 0, -_PAD, 0)
    tag = index.data(Role.TAG)
    if tag:
        draw_source_tag(painter, box.left(), box.top() + box.height() / 2, tag)
        return
    mark = index.data(Role.MARK)
    if mark:
        side = look.px(14)
        draw_icon(painter, mark[0], box.left(), box.center().y() - side / 2 + 1, role=mark[1], size=side)
        box = box.adjusted(side + 7, 0, 0, 0)
    draw_text(
        painter,
        box,
        str(index.data(Qt.ItemDataRole.DisplayRole) or ""),
        style="mono" if column.mono else "body",
        role=column.role,
        weight=column.weight,
        align=RIGHT if column.right else LEFT,
    )


class _Head(QHeaderView):
    """Column heads in caption type over a hairline."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setSectionsMovable(False)
        self.setMinimumSectionSize(36)

    def sizeHint(self) -> QSize:
        """30 px."""
        return QSize(super().sizeHint().width(), theme().px(30))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """One head."""
        painter.fillRect(rect, theme().colour("surface"))
        table = self.parent()
        assert isinstance(table, Table)
        column = table.column_at(logicalIndex)
        box = rect.adjusted(_PAD, 0, -_PAD, 0)
        draw_text(painter, box, column.title, style="caption", role="text-3", align=RIGHT if column.right else LEFT)
        hairline(painter, rect.left(), rect.bottom(), rect.right() + 1, rect.bottom(), "line")


class Table(QTableView):
    """A list of rows. ``row_changed`` gives the current row's value, ``row_opened`` the one Enter was pressed on."""

    row_changed = Signal(object)
    row_opened = Signal(object)

    def __init__(self, model: PagedTableModel[Any], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = model.columns
        self._scale = 0.0
        self.hovered_row = -1
        self.setAccessibleName(name)
        self.setHorizontalHeader(_Head(self))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setItemDelegate(CellDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setModel(model)
        self.doubleClicked.connect(self._open)
        self._rows_high()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Take the model and lay out its columns."""
        super().setModel(model)
        head = self.horizontalHeader()
        for index, column in enumerate(self._columns):
            if column.width:
                head.setSectionResizeMode(index, QHeaderView.ResizeMode.Interactive)
            else:
                head.setSectionResizeMode(index, QHeaderView.ResizeMode.Stretch)
        self._share()

    def minimumSizeHint(self) -> QSize:
        """Wide enough to read what stretches; with larger text the columns give way and their texts are cut sooner."""
        wanted = self._wanted()
        return QSize(min(theme().px(wanted), wanted), theme().px(120))

    def _wanted(self) -> int:
        return sum(column.width or _LEAST_STRETCHED for column in self._columns)

    def _share(self) -> None:
        """Columns are as wide as the text wants, less where there is no room. Dragged ones stay while it fits."""
        wanted = self._wanted()
        scale = min(theme().px(wanted), max(wanted, self.viewport().width())) / wanted if wanted else 1.0
        if scale == self._scale:
            return
        self._scale = scale
        for index, column in enumerate(self._columns):
            if column.width:
                self.setColumnWidth(index, round(column.width * scale))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share anew."""
        super().resizeEvent(event)
        self._share()

    def column_at(self, index: int) -> Column[Any]:
        """The column shown at ``index``."""
        return self._columns[index]

    def row(self) -> Any:
        """The current row's value, or None."""
        model = self.model()
        return model.row_at(self.currentIndex().row()) if isinstance(model, PagedTableModel) else None

    def go_to(self, row: int) -> None:
        """Make ``row`` current, within what is there."""
        model = self.model()
        if model.rowCount():
            self.setCurrentIndex(model.index(min(max(0, row), model.rowCount() - 1), 0))

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell the new row."""
        super().currentChanged(current, previous)
        self.viewport().update()
        self.row_changed.emit(self.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J, K, Enter, Home and End besides the arrows."""
        row, key = self.currentIndex().row(), event.key()
        moves = {
            Qt.Key.Key_J: row + 1,
            Qt.Key.Key_K: row - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self.model().rowCount() - 1,
        }
        if key in moves:
            self.go_to(moves[Qt.Key(key)])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the page here, not a search."""

    def viewportEvent(self, event: QEvent) -> bool:
        """Follow the mouse for the row under it."""
        kinds = {QEvent.Type.MouseMove, QEvent.Type.HoverMove, QEvent.Type.Leave, QEvent.Type.Wheel}
        if event.type() in kinds:
            at = self.viewport().mapFromGlobal(self.cursor().pos())
            inside = self.viewport().rect().contains(at) and event.type() != QEvent.Type.Leave
            hovered = self.rowAt(at.y()) if inside else -1
            if hovered != self.hovered_row:
                self.hovered_row = hovered
                self.viewport().update()
        return super().viewportEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._rows_high()
            self._share()

    def _rows_high(self) -> None:
        self.verticalHeader().setMinimumSectionSize(10)
        self.verticalHeader().setDefaultSectionSize(theme().row_height())

    def _open(self) -> None:
        row = self.row()
        if row is not None:
            self.row_opened.emit(row)
