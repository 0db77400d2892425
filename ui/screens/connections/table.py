"""The capability table: what each connection can be asked to do, in words from the connection itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.connection import Connection
from ui import words
from ui.text import clean, tip
from ui.theme import theme
from ui.widgets.paint import draw_icon, draw_text, hairline, rounded

Index = QModelIndex | QPersistentModelIndex
#: Before the words in their cell.
_BEFORE = 14


class TableRow(msgspec.Struct, frozen=True):
    """A row: a group's caption, or a capability."""

    title: str
    capability: Capability | None


def rows() -> list[TableRow]:
    """All rows in the design's order."""
    table = words.capabilities()
    made = []
    for group in table.groups:
        made.append(TableRow(group.title, None))
        made += [TableRow(table.labels[capability], capability) for capability in group.capabilities]
    return made


def offer_of(connection: Connection, capability: Capability) -> CapabilityOffer:
    """What ``connection`` says of ``capability``; not offered where it says nothing."""
    found = next((offer for offer in connection.offers if offer.capability is capability), None)
    return found or CapabilityOffer(capability=capability, standing=Standing.NOT_OFFERED)


class CapabilityModel(QAbstractTableModel):
    """Rows of capabilities, a column a connection, and one for the words of the current one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = rows()
        self.connections: tuple[Connection, ...] = ()
        self.with_words = False
        self.current = 0

    def put(self, connections: Sequence[Connection], with_words: bool, current: int) -> None:
        """Show ``connections``; ``with_words`` adds the column of words for the one at ``current``."""
        self.beginResetModel()
        self.connections, self.with_words, self.current = tuple(connections), with_words, current
        self.endResetModel()

    def differs(self, connections: Sequence[Connection], with_words: bool, current: int) -> bool:
        """Whether ``put`` would change what is seen (a reset also takes the current cell away)."""
        before = [(known.connection_id, known.name, known.offers) for known in self.connections]
        after = [(known.connection_id, known.name, known.offers) for known in connections]
        return (before, self.with_words, self.current) != (after, with_words, current)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Groups and capabilities."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Name, connections, words."""
        return 0 if parent.isValid() else 1 + len(self.connections) + self.with_words

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Captions cannot be chosen."""
        if index.isValid() and self.rows[index.row()].capability is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def offer(self, index: Index) -> CapabilityOffer | None:
        """The offer in a cell."""
        capability = self.rows[index.row()].capability
        at = index.column() - 1
        if capability is None or at < 0:
            return None
        if at >= len(self.connections):
            at = self.current
        return offer_of(self.connections[at], capability) if at < len(self.connections) else None

    def is_words(self, index: Index) -> bool:
        """Whether a cell is in the column of words."""
        return self.with_words and index.column() == 1 + len(self.connections)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Texts and tips."""
        if not index.isValid():
            return None
        row, offer = self.rows[index.row()], self.offer(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(clean(offer.words)) if offer is not None and offer.words else None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            if offer is None:
                return row.title if index.column() == 0 else ""
            if self.is_words(index):
                return clean(offer.words)
            label = words.capabilities().standings[offer.standing].label
            spoken = role == Qt.ItemDataRole.AccessibleTextRole
            return (
                f"{self.connections[index.column() - 1].name}, {row.title}: {label}. {offer.words}" if spoken else label
            )
        return None


def _lines_of(text: str, width: int) -> QTextLayout:
    """Words broken into lines that fit a cell of ``width``."""
    look = theme()
    layout = QTextLayout(text, look.font("small"))
    pen = QTextCharFormat()
    pen.setForeground(look.colour("text-2"))
    whole = QTextLayout.FormatRange()
    whole.start, whole.length, whole.format = 0, len(text), pen
    layout.setFormats([whole])
    pitch, top = look.line_height("small"), 0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width - _BEFORE - 12))
        line.setPosition(QPointF(0, top))
        top += pitch
    layout.endLayout()
    return layout


class _Cells(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, theme().px(31))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, CapabilityModel)
        look, rect = theme(), QRect(option.rect)
        row, offer = model.rows[index.row()], model.offer(index)
        table = self.parent()
        assert isinstance(table, QTableView)
        if row.capability is None:
            painter.fillRect(rect, look.colour("sunken"))
            if index.column() == 0:
                draw_text(painter, rect.adjusted(16, 0, -8, 0), row.title, style="small", weight=600, role="text-2")
        elif index.column() == 0:
            draw_text(painter, rect.adjusted(16, 0, -8, 0), row.title)
        elif offer is not None and model.is_words(index):
            _lines_of(clean(offer.words), rect.width()).draw(painter, QPointF(rect.left() + _BEFORE, rect.top() + 7))
        elif offer is not None:
            self._paint_standing(painter, rect, offer)
        hairline(painter, rect.left(), rect.bottom(), rect.right() + 1, rect.bottom(), "line")
        if index.column() > 0:
            hairline(painter, rect.left(), rect.top(), rect.left(), rect.bottom() + 1, "line")
        if table.hasFocus() and table.currentIndex() == index:
            rounded(painter, rect.adjusted(2, 1, -1, -2), radius=4, line="focus", width=2)

    @staticmethod
    def _paint_standing(painter: QPainter, rect: QRect, offer: CapabilityOffer) -> None:
        shown = words.capabilities().standings[offer.standing]
        side = theme().px(14)
        role = f"{shown.family}.solid" if shown.family else "text-3"
        draw_icon(painter, shown.icon, rect.left() + 14, rect.center().y() - side / 2 + 1, role=role, size=side)
        draw_text(painter, rect.adjusted(14 + side + 6, 0, -6, 0), shown.label, role=shown.role)


class CapabilityTable(QTableView):
    """As high as its rows; the page scrolls, not the table. ``told`` gives the words of the current cell."""

    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What each system can be asked to do")
        self.capabilities = CapabilityModel(self)
        self.setModel(self.capabilities)
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(20)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(10)

    def lay_out(self, widths: Sequence[int]) -> None:
        """Column widths, as the heads above have them."""
        self.verticalHeader().setDefaultSectionSize(theme().px(31))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        model, high = self.capabilities, 0
        for at in range(model.rowCount()):
            row = theme().px(31)
            offer = model.offer(model.index(at, len(widths) - 1)) if model.with_words else None
            if offer is not None:
                lines = _lines_of(clean(offer.words), widths[-1]).lineCount()
                row = max(row, lines * theme().line_height("small") + 15)
            self.setRowHeight(at, row)
            high += row
        self.setFixedHeight(high + 1)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell the cell's words."""
        super().currentChanged(current, previous)
        offer = self.capabilities.offer(current) if current.isValid() else None
        self.told.emit(clean(offer.words) if offer is not None else "")
        self.viewport().update()

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the page."""
