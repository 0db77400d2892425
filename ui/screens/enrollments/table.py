"""The grid of enrollments: providers as captions, payers as rows, transactions as columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.model.clearing_views import ENROLLMENT_COLUMNS, EnrollmentCell, EnrollmentRow
from ui import words
from ui.enrollment_words import enrollments
from ui.text import clean, short_date, tip
from ui.theme import theme
from ui.widgets.paint import draw_icon, draw_source_tag, draw_text, hairline, rounded, source_tag_size

Index = QModelIndex | QPersistentModelIndex
_PAYER, _CELL = 210, 116
_PAD = 12


class Line(msgspec.Struct, frozen=True):
    """A caption (a provider), or a payer of that provider."""

    caption: str
    row: EnrollmentRow | None = None


def lines_of(rows: Sequence[EnrollmentRow]) -> list[Line]:
    """Rows with a caption before each provider's first."""
    made: list[Line] = []
    last = ("", "")
    for row in rows:
        if (row.provider_name, row.provider_npi) != last:
            last = row.provider_name, row.provider_npi
            made.append(Line(f"{clean(row.provider_name)}, NPI {clean(row.provider_npi)}".lstrip(", ")))
        made.append(Line("", row))
    return made


def shown_state(cell: EnrollmentCell) -> words.Shown:
    """A cell's state in words and shape."""
    table = enrollments()
    return table.silent if cell.state is None else table.states[cell.state]


def second_line(cell: EnrollmentCell, today: date) -> tuple[str, str]:
    """Whose turn it is, or how long it has been stuck: words and their colour role."""
    if cell.state is None:
        return "", "text-3"
    if cell.stuck_days:
        return f"for {cell.stuck_days} days", "amber.fg"
    if cell.whose_turn:
        return clean(cell.whose_turn), "text-2"
    return (short_date(cell.since, today) if cell.since else ""), "text-3"


class EnrollmentModel(QAbstractTableModel):
    """The first column is the payer; then one a transaction."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self.transactions: tuple[str, ...] = ENROLLMENT_COLUMNS
        self.today = date.min
        #: The two letters of each system, where there are several.
        self.tags: Mapping[str, str] = {}

    def put(
        self, rows: Sequence[EnrollmentRow], transactions: Sequence[str], today: date, tags: Mapping[str, str]
    ) -> None:
        """Show these rows; ``tags`` are the two letters by connection id."""
        self.beginResetModel()
        self.lines, self.transactions, self.today = lines_of(rows), tuple(transactions), today
        self.tags = tags if len({row.connection_id for row in rows}) > 1 else {}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Captions and payers."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Payer and transactions."""
        return 0 if parent.isValid() else 1 + len(self.transactions)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Captions cannot be chosen."""
        if index.isValid() and self.lines[index.row()].row is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def row_of(self, index: Index) -> EnrollmentRow | None:
        """The payer a cell belongs to."""
        return self.lines[index.row()].row if index.isValid() else None

    def cell_of(self, index: Index) -> EnrollmentCell | None:
        """The cell; None in captions and in the payer's own column."""
        row = self.row_of(index)
        return row.cells[index.column() - 1] if row is not None and index.column() > 0 else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> Any:
        """Names of the transactions."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return "Payer" if section == 0 else head_of(self.transactions[section - 1])

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Texts; a screen reader hears the whole cell."""
        if not index.isValid():
            return None
        line, cell = self.lines[index.row()], self.cell_of(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(clean(cell.words or cell.blocked)) if cell is not None and (cell.words or cell.blocked) else None
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        if line.row is None:
            return line.caption if index.column() == 0 else ""
        if cell is None:
            return clean(line.row.payer_name)
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_state(cell).label
        return self._spoken(line.row, cell)

    def _spoken(self, row: EnrollmentRow, cell: EnrollmentCell) -> str:
        more = second_line(cell, self.today)[0]
        told = f"{clean(row.provider_name)}, {clean(row.payer_name)}, {head_of(cell.transaction)}"
        return f"{told}: {shown_state(cell).label}{', ' + more if more else ''}"


def head_of(transaction: str) -> str:
    """``"Eligibility 270"``."""
    name = enrollments().transactions.get(transaction, "")
    return f"{name} {transaction}".strip() if transaction != "EFT" else name


class _Cells(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, theme().row_height("two-line"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = self.parent()
        assert isinstance(table, EnrollmentTable)
        model, look, rect = table.grid, theme(), QRect(option.rect)
        line, cell = model.lines[index.row()], model.cell_of(index)
        if line.row is None:
            painter.fillRect(rect, look.colour("sunken"))
            draw_text(painter, rect.adjusted(16, 0, -8, 0), line.caption, style="small", weight=600, role="text-2")
        elif index.row() == table.currentIndex().row():
            painter.fillRect(rect, look.colour("selected"))
        if line.row is not None and cell is None:
            _paint_payer(painter, rect, line.row, model.tags.get(line.row.connection_id, ""))
        elif cell is not None:
            _paint_cell(painter, rect, cell, model.today)
        hairline(painter, rect.left(), rect.bottom(), rect.right() + 1, rect.bottom(), "line-subtle")
        if index.column() > 0 and line.row is not None:
            hairline(painter, rect.left(), rect.top(), rect.left(), rect.bottom() + 1, "line-subtle")
        if table.hasFocus() and table.currentIndex() == index:
            rounded(painter, rect.adjusted(2, 1, -1, -2), radius=4, line="focus", width=2)


def _paint_payer(painter: QPainter, rect: QRect, row: EnrollmentRow, tag: str) -> None:
    look = theme()
    box = rect.adjusted(16, 0, -_PAD, 0)
    if tag:
        draw_source_tag(painter, box.left(), box.center().y(), tag)
        box = box.adjusted(int(source_tag_size().width()) + 8, 0, 0, 0)
    draw_text(painter, box.adjusted(0, 6, 0, -look.px(20)), clean(row.payer_name), weight=500)
    ids = {cell.payer_id for cell in row.cells if cell.payer_id}
    told = next(iter(ids)) if len(ids) == 1 else f"{len(ids)} payer ids" if ids else ""
    draw_text(painter, box.adjusted(0, look.px(20), 0, -5), clean(told), style="caption", role="text-3")


def _paint_cell(painter: QPainter, rect: QRect, cell: EnrollmentCell, today: date) -> None:
    look, shown = theme(), shown_state(cell)
    box, side = rect.adjusted(_PAD, 0, -6, 0), look.px(14)
    more, role = second_line(cell, today)
    top = 6 if more else (rect.height() - look.px(18)) // 2
    mark = "amber.solid" if cell.stuck_days else f"{shown.family}.solid" if shown.family else "text-3"
    icon = "clock" if cell.stuck_days else shown.icon
    draw_icon(painter, icon, box.left(), rect.top() + top + (look.px(18) - side) / 2, role=mark, size=side)
    text = QRect(box.left() + side + 6, rect.top() + top, box.width() - side - 6, look.px(18))
    draw_text(painter, text, shown.label, role=shown.role)
    if more:
        draw_text(painter, text.translated(0, look.px(18) - 1), more, style="caption", role=role)


class _Head(QHeaderView):
    """Two caption lines: the name of the transaction, and its number."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(36)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme().px(44))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        table = self.parent()
        assert isinstance(table, EnrollmentTable)
        look = theme()
        painter.fillRect(rect, look.colour("surface"))
        left = 16 if logicalIndex == 0 else _PAD
        box = rect.adjusted(left, 0, -6, 0)
        if logicalIndex == 0:
            draw_text(painter, box, "Payer", style="caption", role="text-3")
        else:
            transaction = table.grid.transactions[logicalIndex - 1]
            name = enrollments().transactions.get(transaction, transaction)
            upper = QRect(box.left(), box.top() + 6, box.width(), look.px(16))
            draw_text(painter, upper, name, style="caption", role="text-2")
            number = "" if transaction == "EFT" else transaction
            draw_text(painter, upper.translated(0, look.px(15)), number, style="caption", role="text-3")
        hairline(painter, rect.left(), rect.bottom(), rect.right() + 1, rect.bottom(), "line")


class EnrollmentTable(QTableView):
    """One cell is current; ``moved`` tells when another one is."""

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Enrollments by provider, payer and transaction")
        self.grid = EnrollmentModel(self)
        self.setHorizontalHeader(_Head(self))
        self.setModel(self.grid)
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(10)

    def show_rows(
        self, rows: Sequence[EnrollmentRow], transactions: Sequence[str], today: date, tags: Mapping[str, str]
    ) -> None:
        """Other rows; the current cell stays where its payer is still shown."""
        before, column = self.grid.row_of(self.currentIndex()), max(0, self.currentIndex().column())
        self.grid.put(rows, transactions, today, tags)
        self._lay_out()
        kept = next(
            (at for at, line in enumerate(self.grid.lines) if line.row is not None and _same(line.row, before)), 1
        )
        if rows:
            self.setCurrentIndex(self.grid.index(kept, min(column, len(transactions))))
        self.moved.emit()

    def go_to(self, provider_npi: str, payer_id: str, transaction: str) -> bool:
        """Make the cell of these three current; False where it is not shown."""
        for at, line in enumerate(self.grid.lines):
            for column, cell in enumerate(line.row.cells if line.row is not None else (), start=1):
                same = (line.row.provider_npi, cell.transaction) == (provider_npi, transaction) if line.row else False
                if same and cell.payer_id.upper() == payer_id.upper():
                    self.setCurrentIndex(self.grid.index(at, column))
                    return True
        return False

    def go_first(self, wanted: Callable[[EnrollmentCell], bool]) -> None:
        """Make the first cell current that ``wanted`` says yes to."""
        for at, line in enumerate(self.grid.lines):
            for column, cell in enumerate(line.row.cells if line.row is not None else (), start=1):
                if wanted(cell):
                    self.setCurrentIndex(self.grid.index(at, column))
                    return

    def _lay_out(self) -> None:
        head = self.horizontalHeader()
        self.verticalHeader().setDefaultSectionSize(theme().row_height("two-line"))
        for at, line in enumerate(self.grid.lines):
            high = theme().row_height("two-line") if line.row is not None else theme().px(30)
            self.setRowHeight(at, high)
            if line.row is None:
                self.setSpan(at, 0, 1, self.grid.columnCount())
            elif self.columnSpan(at, 0) > 1:
                self.setSpan(at, 0, 1, 1)
        for column in range(1, self.grid.columnCount()):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.setColumnWidth(column, theme().px(_CELL))
        self._share()

    def _share(self) -> None:
        """The payers take what is left; where that is too little, the transactions scroll."""
        head, look = self.horizontalHeader(), theme()
        rest = self.viewport().width() - look.px(_CELL) * len(self.grid.transactions)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.setColumnWidth(0, max(rest, look.px(_PAYER)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share anew."""
        super().resizeEvent(event)
        self._share()

    def minimumSizeHint(self) -> QSize:
        """Payers and a few transactions can be read; the others scroll."""
        return QSize(theme().px(_PAYER + _CELL * 3), theme().px(160))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell the new cell."""
        super().currentChanged(current, previous)
        self.viewport().update()
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K besides the arrows, over captions."""
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        at = self.currentIndex().row() + step
        while 0 <= at < len(self.grid.lines) and self.grid.lines[at].row is None:
            at += step
        if 0 <= at < len(self.grid.lines):
            self.setCurrentIndex(self.grid.index(at, max(0, self.currentIndex().column())))

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the page."""


def _same(row: EnrollmentRow, before: EnrollmentRow | None) -> bool:
    def key(of: EnrollmentRow) -> tuple[str, str, str]:
        return of.connection_id, of.provider_npi, of.payer_name

    return before is not None and key(row) == key(before)
