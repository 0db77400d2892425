"""Choosing providers, their order, and named views: the popover behind the toolbar's first filter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.screens.schedule.settings import ScheduleSettings, view_keys
from ui.theme import theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.choices import paint_check
from ui.widgets.fields import LineEdit
from ui.widgets.label import Label
from ui.widgets.paint import draw_icon, draw_source_tag, draw_text, focus_ring, rounded
from ui.widgets.panels import Line, row
from ui.widgets.popover import Popover

_TAG = Qt.ItemDataRole.UserRole + 1
_KEY = Qt.ItemDataRole.UserRole


class _Line(QStyledItemDelegate):
    """Grip, check, name, tag."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(220, theme().px(30))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = theme()
        box = QRect(option.rect)
        if option.state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, box, radius=5, fill="hover")
        side, x, middle = look.px(14), box.x() + 4, box.center().y()
        draw_icon(painter, "grip", x, middle - side / 2, role="text-3", size=side, ground="raised")
        mark = look.px(15)
        x += side + 8
        state = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
        paint_check(painter, QRectF(x, middle - mark / 2, mark, mark), state)
        x += mark + 8
        right = box.right() - look.px(28)
        draw_text(painter, QRect(x, box.y(), right - x - 6, box.height()), str(index.data()))
        draw_source_tag(painter, right, middle + 1, str(index.data(_TAG) or ""))
        if option.state & QStyle.StateFlag.State_HasFocus:
            focus_ring(painter, box)


class ProviderList(QListWidget):
    """Providers to show, in order: Space shows or hides, dragging or Alt+arrows moves. ``changed`` after each."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Providers shown, in order")
        self.setAccessibleDescription("Space shows or hides, Alt with the arrows moves")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setItemDelegate(_Line(self))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setMouseTracking(True)
        self.itemChanged.connect(lambda _item: self.changed.emit())
        self.model().rowsMoved.connect(lambda *_: self.changed.emit())

    def show_providers(self, providers: Sequence[tuple[str, str, str, bool]]) -> None:
        """(id, name, tag, shown) in order."""
        blocked = self.blockSignals(True)
        self.clear()
        for key, name, tag, on in providers:
            item = QListWidgetItem(name)
            item.setData(_KEY, key)
            item.setData(_TAG, tag)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.addItem(item)
        self.blockSignals(blocked)
        self.setFixedHeight(min(12, max(1, len(providers))) * theme().px(30) + 4)

    def order(self) -> tuple[str, ...]:
        """All ids in order."""
        return tuple(str(self.item(at).data(_KEY)) for at in range(self.count()))

    def hidden_ids(self) -> frozenset[str]:
        """Ids that are not shown."""
        rows = (self.item(at) for at in range(self.count()))
        return frozenset(str(item.data(_KEY)) for item in rows if item.checkState() != Qt.CheckState.Checked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Up and Alt+Down move the line under the cursor."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
            return
        at = self.currentRow()
        if 0 <= at + step < self.count():
            item = self.takeItem(at)
            self.insertItem(at + step, item)
            self.setCurrentRow(at + step)
            self.changed.emit()


class Chooser(Popover):
    """Providers and named views. ``arranged`` (order, hidden), ``view_chosen`` (name), ``view_kept`` (name),
    ``view_dropped`` (name), ``reset``."""

    arranged = Signal(tuple, frozenset)
    view_chosen = Signal(str)
    view_kept = Signal(str)
    view_dropped = Signal(str)
    reset = Signal()

    def __init__(self, providers: Sequence[tuple[str, str, str, bool]], settings: ScheduleSettings) -> None:
        super().__init__("Providers and views", 300)
        self._providers = ProviderList()
        self._providers.show_providers(providers)
        self._providers.changed.connect(
            lambda: self.arranged.emit(self._providers.order(), self._providers.hidden_ids())
        )
        everybody = Button("Reset", "link")
        everybody.clicked.connect(self._reset)
        self.body.addLayout(row(Label("Providers", "body-strong"), None, everybody))
        self.body.addWidget(self._providers)
        self.body.addWidget(Line())
        self.body.addWidget(Label("Named views", "body-strong"))
        self._name = LineEdit("Name of this view")
        self._name.setPlaceholderText("Name this view, such as Mornings")
        self._name.setMaxLength(40)
        keep = Button("Save view", icon="bookmark", size="small")
        keep.clicked.connect(self._keep)
        self._name.returnPressed.connect(self._keep)
        for number, view in enumerate(settings.views, start=1):
            self.body.addLayout(self._view_line(number, view.name, view.name == settings.current))
        self.body.addLayout(row(self._name, keep))

    def _view_line(self, number: int, name: str, current: bool) -> QHBoxLayout:
        choose = Button(name, "tint" if current else "quiet", icon="bookmark", keys=view_keys(number)[0], size="small")
        choose.clicked.connect(lambda: self._leave_with(self.view_chosen, name))
        drop = IconButton("x", f"Forget the view {name}")
        drop.clicked.connect(lambda: self._leave_with(self.view_dropped, name))
        return row(choose, None, drop)

    def _leave_with(self, told: SignalInstance, name: str) -> None:
        self.shut()
        told.emit(name)

    def _keep(self) -> None:
        name = " ".join(self._name.text().split())
        if name:
            self._leave_with(self.view_kept, name)

    def _reset(self) -> None:
        self.shut()
        self.reset.emit()
