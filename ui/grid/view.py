"""The schedule grid: one scroll area that paints the visible columns and answers the mouse and the keyboard.

It derives from Qt's table view for one reason: screen readers then get the platform's own table interface, with cells
whose places come from the same geometry that paints. Nothing of the table's own painting, layout or editing is used.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QFrame, QScrollBar, QTableView, QWidget

from ui.grid.carry import SNAP, Carry
from ui.grid.compose import Frame, paint_bodies, paint_frozen
from ui.grid.content import GridColumn, GridContent, GridItem, Proposal
from ui.grid.cursor import Place
from ui.grid.headers import header_height
from ui.grid.inks import Inks, inks_for
from ui.grid.layout import Hit, Layout
from ui.grid.model import DetailsOf, GridModel
from ui.grid.overlay import outline, paint_carry, paint_proposal
from ui.grid.strips import Strips
from ui.theme import on_change, theme

#: Pixels a minute, from a whole day on one screen to room for five-minute visits.
ZOOMS = (0.9, 1.2, 1.6, 2.4)
INCREMENTS = (5, 10, 15, 20, 30)
_GUTTER, _MIN_COLUMN = 52, 128
_AHEAD = 4

Index = QModelIndex | QPersistentModelIndex


class GridView(QTableView):
    """Paints a ``GridContent``; scrolling, zoom, the unit, the cursor's place, and rectangles of what it shows."""

    zoom_changed = Signal(int)
    cursor_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Made here: for one found in Qt every kind of widget there is would first be made ready (10 ms).
        self.setViewport(QWidget())
        self._table = GridModel(self)
        self._zoom = 1
        self._headless = False
        self._increment = SNAP
        self._strips = Strips()
        self._layout = Layout(GridContent(), width=0, per_minute=ZOOMS[1], min_column=_MIN_COLUMN)
        self._fresh = True
        self._hover: Place | None = None
        self._proposal: Proposal | None = None
        self._carry: Carry | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        for corner in self.findChildren(QAbstractButton):
            corner.hide()
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Schedule")
        self.setModel(self._table)
        self.selectionModel().currentChanged.connect(self._cursor_moved)
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(30)
        self._ahead.timeout.connect(self._paint_ahead)
        on_change(self._theme_changed)

    # -- what is shown ---------------------------------------------------------------------------------------------

    @property
    def content(self) -> GridContent:
        """What is shown now."""
        return self._table.content

    def set_content(self, content: GridContent) -> None:
        """Show other values. The cursor stays on the same item when it is still there."""
        if content == self.content:
            return
        kept = self.current_key()
        self._table.set_content(content)
        self._hover = None
        self._carry = None
        self._fresh = True
        self._relayout()
        if kept is not None:
            self.select(*kept)

    def set_details(self, details_of: DetailsOf) -> None:
        """Where the lines of hover cards come from."""
        self._table.details_of = details_of

    def set_proposal(self, proposal: Proposal | None) -> None:
        """Paint a time being booked, or none."""
        self._proposal = proposal
        self.viewport().update()

    def show_now(self, minute: int | None) -> None:
        """Move the line of now without painting anything else again."""
        content = self.content
        if content.now != minute:
            self._table.content = msgspec.structs.replace(content, now=minute)
            self._layout.content = self._table.content
            self.viewport().update()

    def zoom(self) -> int:
        """Index into ``ZOOMS``."""
        return self._zoom

    def set_zoom(self, zoom: int) -> None:
        """Show more or fewer minutes; the minute in the middle stays there."""
        wanted = max(0, min(len(ZOOMS) - 1, zoom))
        if wanted == self._zoom:
            return
        height = self.viewport().height() - self.header_height
        middle = self._layout.minute_at(self.verticalOffset() + height / 2)
        self._zoom = wanted
        self._fresh = True
        self._relayout()
        self.verticalScrollBar().setValue(round(self._layout.y_of(middle) - height / 2))
        self.zoom_changed.emit(wanted)

    def increment(self) -> int:
        """The grid unit in minutes."""
        return self._increment

    def set_increment(self, minutes: int) -> None:
        """Line and snap every ``minutes``."""
        if minutes != self._increment:
            self._increment = minutes
            self._fresh = True
            self.viewport().update()

    def set_headless(self, headless: bool) -> None:
        """Show columns without their headers, where something else names them."""
        self._headless = headless
        self._relayout()

    @property
    def header_height(self) -> int:
        """Height of the frozen header in pixels."""
        return 0 if self._headless else header_height(self._ready())

    @property
    def gutter(self) -> int:
        """Width of the frozen time column in pixels."""
        return theme().px(_GUTTER)

    # -- the cursor ------------------------------------------------------------------------------------------------

    def current_place(self) -> Place | None:
        """Column and item index of the cursor."""
        return self._table.place_of(self.currentIndex())

    def current(self) -> tuple[GridColumn, GridItem] | None:
        """The column and item under the cursor."""
        place = self.current_place()
        if place is None:
            return None
        column = self.content.columns[place[0]]
        return column, column.items[place[1]]

    def current_key(self) -> tuple[str, str] | None:
        """Keys of the column and item under the cursor."""
        found = self.current()
        return (found[0].key, found[1].key) if found else None

    def select(self, column_key: str, item_key: str) -> bool:
        """Put the cursor on an item; False when it is not shown."""
        for at, column in enumerate(self.content.columns):
            if column.key == column_key:
                item = next((index for index, each in enumerate(column.items) if each.key == item_key), -1)
                if item >= 0:
                    self.set_place((at, item))
                    return True
        return False

    def set_place(self, place: Place) -> None:
        """Put the cursor on an item and bring it into sight."""
        self.setCurrentIndex(self._table.index_of(place))

    def clear_cursor(self) -> None:
        """Put the cursor nowhere."""
        self.setCurrentIndex(QModelIndex())

    def _cursor_moved(self, *_: object) -> None:
        self.viewport().update()
        self.cursor_changed.emit()

    # -- geometry --------------------------------------------------------------------------------------------------

    def hit(self, position: QPoint) -> Hit | None:
        """What stands under a point of the viewport; None on the frozen parts."""
        if position.x() < self.gutter or position.y() < self.header_height:
            return None
        x = position.x() - self.gutter + self.horizontalOffset()
        return self._layout.hit(x, position.y() - self.header_height + self.verticalOffset())

    def column_under(self, position: QPoint) -> int:
        """Index of the column at a point of the viewport, headers included; −1 for none."""
        if position.x() < self.gutter:
            return -1
        return self._layout.column_at(position.x() - self.gutter + self.horizontalOffset())

    def place_rect(self, place: Place) -> QRect:
        """Where an item stands in the viewport, as painted."""
        return self._frame(QRect()).seen(self._layout.box(*place)).toAlignedRect()

    def visualRect(self, index: Index) -> QRect:
        """Where a cell stands, for screen readers; empty for a cell without an item."""
        place = self._table.place_of(index)
        return self.place_rect(place) if place else QRect()

    def indexAt(self, position: QPoint) -> QModelIndex:
        """The cell under a point, for screen readers."""
        found = self.hit(position)
        return self._table.index_of((found.column, found.item)) if found and found.item >= 0 else QModelIndex()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a cell into sight, clear of the frozen parts."""
        place = self._table.place_of(index)
        if place is None:
            return
        box, margin = self._layout.box(*place), 12
        wide, high = self.viewport().width() - self.gutter, self.viewport().height() - self.header_height
        _bring(self.horizontalScrollBar(), box.x, box.width, wide)
        _bring(self.verticalScrollBar(), box.y - margin, box.height + 2 * margin, high)

    def scroll_to_minute(self, minute: int) -> None:
        """Bring a minute into the upper third."""
        high = self.viewport().height() - self.header_height
        self.verticalScrollBar().setValue(round(self._layout.y_of(minute) - high / 3))

    def minute_in_front(self) -> int:
        """The minute that ``scroll_to_minute`` would bring to where the view stands."""
        high = self.viewport().height() - self.header_height
        return self._layout.minute_at(self.verticalScrollBar().value() + high / 3)

    def horizontalOffset(self) -> int:
        """Pixels scrolled to the right."""
        return self.horizontalScrollBar().value()

    def verticalOffset(self) -> int:
        """Pixels scrolled down."""
        return self.verticalScrollBar().value()

    def visualRegionForSelection(self, selection: object) -> QRegion:
        """Selections are painted by the overlay; the table need not ask for more."""
        return QRegion()

    def isIndexHidden(self, index: Index) -> bool:
        """A cell below a column's last item is hidden."""
        return self._table.place_of(index) is None

    def updateGeometries(self) -> None:
        """Scroll ranges, from the layout; the table's own arithmetic is not wanted."""
        layout = self._layout
        wide, high = self.viewport().width() - self.gutter, self.viewport().height() - self.header_height
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(0, layout.width - wide))
        across.setPageStep(max(1, wide))
        across.setSingleStep(_MIN_COLUMN // 2)
        down.setRange(0, max(0, layout.height - high))
        down.setPageStep(max(1, high))
        down.setSingleStep(36)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Frozen parts stay: everything in sight is composed again from what is kept."""
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width among the columns."""
        super().resizeEvent(event)
        self._fresh = True
        self._relayout()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl zooms, Shift goes sideways, the rest scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self._zoom + (1 if event.angleDelta().y() > 0 else -1))
            event.accept()
            return
        super().wheelEvent(event)

    def event(self, event: QEvent) -> bool:
        """A change of screen may change the scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._theme_changed()
        return super().event(event)

    def _theme_changed(self) -> None:
        self._fresh = True
        self._strips.clear()
        self._relayout()

    def _relayout(self) -> None:
        scale = theme().text_percent / 100
        width = max(0, self.viewport().width() - self.gutter)
        self._layout = Layout(
            self.content, width=width, per_minute=ZOOMS[self._zoom] * scale, min_column=theme().px(_MIN_COLUMN)
        )
        self.updateGeometries()
        self.viewport().update()

    # -- painting --------------------------------------------------------------------------------------------------

    def _ready(self) -> Inks:
        return inks_for(theme(), self.viewport().devicePixelRatioF())

    def _frame(self, dirty: QRect) -> Frame:
        return Frame(
            self.viewport().rect(),
            self.header_height,
            self.gutter,
            self.horizontalOffset(),
            self.verticalOffset(),
            dirty,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Compose what is in sight from kept pixmaps, then the moving parts, then the frozen ones."""
        inks, layout, strips = self._ready(), self._layout, self._strips
        strips.aim(layout, inks, self._increment)
        frame = self._frame(event.rect())
        painter = QPainter(self.viewport())
        complete = paint_bodies(painter, frame, layout, strips, inks, all_now=self._fresh)
        painter.setClipRect(QRect(frame.gutter, frame.top, frame.area.width(), frame.area.height()))
        painter.save()
        painter.translate(frame.gutter - frame.dx, frame.top - frame.dy)
        self._paint_overlay(painter, inks)
        painter.restore()
        painter.setClipping(False)
        paint_frozen(painter, frame, layout, strips, inks)
        painter.end()
        columns = frame.columns(layout)
        strips.trim(len(columns))
        self._fresh = False
        if not complete:
            QTimer.singleShot(0, self.viewport(), self.viewport().update)
        elif not self._ahead.isActive() and any(not strips.has_body(at) for at in self._near(columns)):
            self._ahead.start()

    def _paint_overlay(self, painter: QPainter, inks: Inks) -> None:
        layout = self._layout
        if self._hover is not None and self._carry is None:
            outline(painter, layout.box(*self._hover), "accent-line", 1.0, inks)
        if self._proposal is not None:
            keys = [column.key for column in self.content.columns]
            if self._proposal.column_key in keys:
                at = keys.index(self._proposal.column_key)
                box = layout.span_box(at, self._proposal.start, self._proposal.minutes)
                paint_proposal(painter, self._proposal, box, inks)
        if self._carry is not None:
            paint_carry(painter, layout, self._carry, inks)
        place = self.current_place()
        if place is not None:
            role, width = ("focus", 2.0) if self.hasFocus() else ("accent", 1.5)
            outline(painter, layout.box(*place), role, width, inks, outside=1.0)

    def _near(self, columns: range) -> range:
        return range(max(0, columns.start - _AHEAD), min(len(self.content.columns), columns.stop + _AHEAD))

    def _paint_ahead(self) -> None:
        """Paint one column beside those in sight, so that scrolling finds it ready."""
        if not self.isVisible():
            return
        strips = self._strips
        strips.aim(self._layout, self._ready(), self._increment)
        near = self._near(self._frame(QRect()).columns(self._layout))
        missing = [at for at in near if not strips.has_body(at)]
        if missing:
            strips.body(missing[0])
            strips.header(missing[0])
        if len(missing) > 1:
            self._ahead.start()


def _bring(bar: QScrollBar, start: float, length: float, room: int) -> None:
    """Scroll as little as needed to show ``[start, start + length)``."""
    if start < bar.value() or length > room:
        bar.setValue(round(start))
    elif start + length > bar.value() + room:
        bar.setValue(round(start + length - room))
