"""The grid as people use it: pointing, clicking, carrying, the keyboard cursor, hover cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.grid.carry import SNAP, Carry
from ui.grid.content import GridColumn, GridItem, ItemKind
from ui.grid.cursor import Place, Step, move
from ui.grid.view import GridView
from ui.theme import theme

if TYPE_CHECKING:
    from ui.grid.hover_card import Card

_STEPS = {
    Qt.Key.Key_Up: Step.UP,
    Qt.Key.Key_Down: Step.DOWN,
    Qt.Key.Key_Left: Step.LEFT,
    Qt.Key.Key_Right: Step.RIGHT,
    Qt.Key.Key_Home: Step.FIRST,
    Qt.Key.Key_End: Step.LAST,
}
_CARRY_STEPS = {
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
}
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
_EDGE = 5


class Refused(NamedTuple):
    """Why something cannot be done: what happened, and what to do instead."""

    title: str
    words: str


#: Why an item may not be moved or resized (``"move"``, ``"resize"``); None where it may.
Refusal = Callable[[GridColumn, GridItem, str], Refused | None]


def _allowed(_column: GridColumn, _item: GridItem, _act: str) -> Refused | None:
    return None


class ScheduleGrid(GridView):
    """The grid with its manners.

    ``opened`` (column key, item key): Enter or a double click on a visit. ``chosen`` (column key, start, minutes): a
    free slot was taken up. ``asked`` (column key, minute): time with nothing to book was double-clicked. ``carried``
    (column key, item key, column key, start, minutes): a visit was dropped elsewhere. ``refused`` (words): something
    was tried that cannot be done.
    """

    opened = Signal(str, str)
    chosen = Signal(str, int, int)
    asked = Signal(str, int)
    carried = Signal(str, str, str, int, int)
    refused = Signal(str)
    menu_wanted = Signal(QPoint)
    header_menu_wanted = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.refusal: Refusal = _allowed
        self.hover_cards = True
        self._press: tuple[QPoint, Place] | None = None
        self._pressed_column = -1
        self._card: Card | None = None
        self._card_timer = QTimer(self)
        self._card_timer.setSingleShot(True)
        self._card_timer.timeout.connect(self._open_card)

    # -- carrying --------------------------------------------------------------------------------------------------

    def carrying(self) -> Carry | None:
        """What is being carried, if anything is."""
        return self._carry

    def begin_move(self) -> None:
        """Carry the visit under the cursor with the arrow keys; says why where it cannot be moved."""
        place = self.current_place()
        if place is not None:
            self._begin(place, "move", 0)

    def say_refusal(self, refused: Refused, place: Place | None = None) -> None:
        """Show beside an item why something cannot be done."""
        at = place or self.current_place()
        rect = self.place_rect(at) if at else QRect(self.viewport().rect().center(), self.viewport().rect().center())
        self._show_card(rect, refused.title, (refused.words,), ("info", "amber.solid"))
        self.refused.emit(f"{refused.title}. {refused.words}")

    def cancel_carry(self) -> None:
        """Put everything back."""
        if self._carry is not None:
            self._carry = None
            self.viewport().unsetCursor()
            self.viewport().update()

    def _begin(self, place: Place, act: str, grabbed: int) -> bool:
        column = self.content.columns[place[0]]
        item = column.items[place[1]]
        if item.kind is not ItemKind.VISIT:
            return False
        notice = self.refusal(column, item, act)
        if notice is not None:
            self.say_refusal(notice, place)
            return False
        self.hide_card()
        self._carry = Carry(
            origin=place,
            item=item,
            column=place[0],
            start=item.start,
            minutes=item.minutes,
            grabbed=grabbed,
            resizing=act == "resize",
        )
        self.viewport().update()
        return True

    def _drop(self) -> None:
        carry, self._carry = self._carry, None
        self.viewport().unsetCursor()
        self.viewport().update()
        if carry is not None and carry.moved:
            columns = self.content.columns
            origin, target = columns[carry.origin[0]].key, columns[carry.column].key
            self.carried.emit(origin, carry.item.key, target, carry.start, carry.minutes)

    def _snap(self) -> int:
        return min(self.increment(), SNAP)

    # -- mouse -----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the cursor where the pointer is."""
        self.hide_card()
        position = event.position().toPoint()
        found = self.hit(position)
        if event.button() != Qt.MouseButton.LeftButton or found is None:
            return
        self._press = None
        if found.item >= 0:
            place = (found.column, found.item)
            self.set_place(place)
            self._press = (position, place)
        else:
            self.clear_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry, or follow with the hover outline."""
        position = event.position().toPoint()
        found = self.hit(position)
        if self._carry is not None:
            if found is not None and found.column >= 0:
                self._set_carry(self._carry.to(found.column, found.minute, self._snap()))
            return
        if self._press is not None and event.buttons() & Qt.MouseButton.LeftButton:
            moved = (position - self._press[0]).manhattanLength()
            if moved >= QApplication.startDragDistance():
                self._begin_by_mouse()
            return
        self._hover_over((found.column, found.item) if found is not None and found.item >= 0 else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop what is carried, or take up a free slot."""
        if self._carry is not None:
            self._drop()
        elif self._press is not None and event.button() == Qt.MouseButton.LeftButton:
            column = self.content.columns[self._press[1][0]]
            item = column.items[self._press[1][1]]
            if item.kind is ItemKind.FREE and item.bookable:
                self.chosen.emit(column.key, item.start, item.minutes)
        self._press = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a visit, or ask why nothing can be booked here."""
        found = self.hit(event.position().toPoint())
        if found is None or found.column < 0:
            return
        column = self.content.columns[found.column]
        item = column.items[found.item] if found.item >= 0 else None
        if item is not None and item.kind in (ItemKind.VISIT, ItemKind.PENDING):
            self.opened.emit(column.key, item.key)
        elif item is None or item.kind is ItemKind.BLOCK or not item.bookable:
            self.asked.emit(column.key, found.minute // self.increment() * self.increment())

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is hovered any more."""
        super().leaveEvent(event)
        self._hover_over(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Actions for the item under the pointer (or the cursor), or for the column of a header."""
        position = self.viewport().mapFromGlobal(event.globalPos())
        if event.reason() != QContextMenuEvent.Reason.Keyboard and position.y() < self.header_height:
            column = self.column_under(position)
            if column >= 0:
                self.header_menu_wanted.emit(self.content.columns[column].key, event.globalPos())
            return
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.current_place()
            if place is not None:
                self.menu_wanted.emit(self.viewport().mapToGlobal(self.place_rect(place).bottomLeft()))
            return
        self.menu_wanted.emit(event.globalPos())

    def _begin_by_mouse(self) -> None:
        assert self._press is not None
        position, place = self._press
        self._press = None
        rect = self.place_rect(place)
        act = "resize" if rect.bottom() - position.y() < _EDGE else "move"
        found = self.hit(position)
        grabbed = found.minute - self.content.columns[place[0]].items[place[1]].start if found else 0
        if self._begin(place, act, grabbed):
            shape = Qt.CursorShape.SizeVerCursor if act == "resize" else Qt.CursorShape.ClosedHandCursor
            self.viewport().setCursor(shape)

    def _set_carry(self, carry: Carry) -> None:
        if carry != self._carry:
            self._carry = carry
            self.viewport().update()

    def _hover_over(self, place: Place | None) -> None:
        if place == self._hover:
            return
        for each in (self._hover, place):
            if each is not None:
                self.viewport().update(self.place_rect(each).adjusted(-3, -3, 3, 3))
        self._hover = place
        self.hide_card()
        if place is not None and self.hover_cards:
            self._card_timer.start(theme().tokens.motion.tooltip_delay)

    # -- keyboard --------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The cursor, or what it carries. Anything else is left to the page's actions."""
        key = Qt.Key(event.key())
        if self._carry is not None and self._carry_key(key):
            return
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and key in _STEPS:
            self.walk(_STEPS[key])
        elif plain and key in _ENTER and self.current() is not None:
            self._activate()
        elif plain and key == Qt.Key.Key_Escape and self._card is not None and self._card.isVisible():
            self.hide_card()
        else:
            event.ignore()

    def _carry_key(self, key: Qt.Key) -> bool:
        assert self._carry is not None
        if key in _CARRY_STEPS:
            columns, steps = _CARRY_STEPS[key]
            self._set_carry(self._carry.by(columns, steps * self._snap(), self.content))
            return True
        if key in _ENTER:
            self._drop()
            return True
        if key == Qt.Key.Key_Escape:
            self.cancel_carry()
            return True
        return False

    def walk(self, step: Step) -> None:
        """Move the cursor."""
        self.hide_card()
        found = self.current()
        now = self.content.now
        minute = found[1].start if found else now if now is not None else self.content.first
        place = move(self.content, self.current_place(), step, minute=minute)
        if place is not None:
            self.set_place(place)
            if self.hover_cards:
                self._card_timer.start(2 * theme().tokens.motion.tooltip_delay)

    def _activate(self) -> None:
        found = self.current()
        if found is None:
            return
        column, item = found
        if item.kind is ItemKind.FREE and item.bookable:
            self.chosen.emit(column.key, item.start, item.minutes)
        elif item.kind in (ItemKind.VISIT, ItemKind.PENDING):
            self.opened.emit(column.key, item.key)
        else:
            self.asked.emit(column.key, item.start)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by Tab, the cursor appears at the present time."""
        QWidget.focusInEvent(self, event)
        by_tab = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_tab and self.current_place() is None:
            self.walk(Step.DOWN)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What is carried goes back, cards close."""
        super().focusOutEvent(event)
        self.cancel_carry()
        self.hide_card()
        self.viewport().update()

    # -- cards -----------------------------------------------------------------------------------------------------

    def hide_card(self) -> None:
        """Close the hover card or hint."""
        self._card_timer.stop()
        if self._card is not None:
            self._card.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cards belong to what is seen."""
        super().hideEvent(event)
        self.hide_card()

    def _open_card(self) -> None:
        place = self._hover or self.current_place()
        if place is None or self._carry is not None or not self.isVisible():
            return
        column = self.content.columns[place[0]]
        item = column.items[place[1]]
        details = self._table.details_of(column, item)
        if details:
            look = theme().status("appointment", item.status.value) if item.status else None
            icon = (look.icon, f"{look.family}.solid") if look else ("", "")
            self._show_card(self.place_rect(place), details[0], details[1:], icon)

    def _show_card(self, rect: QRect, title: str, lines: tuple[str, ...], icon: tuple[str, str]) -> None:
        window = self.window()
        if self._card is None or self._card.parentWidget() is not window:
            if self._card is not None:
                self._card.deleteLater()
            from ui.grid.hover_card import Card

            self._card = Card(window)
        anchor = QRect(self.viewport().mapTo(window, rect.topLeft()), rect.size())
        self._card.show_beside(anchor, title, lines, icon)
