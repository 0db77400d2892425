"""The days found, painted: under each day a box of providers with their times, checked live or from the copy.

A list in Qt's eyes, so that screen readers walk its rows; the arrow keys left and right walk the times of a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.model.views import Excluded, FoundSlot, ResultDay, ResultRow, Verdict
from app.rules import words
from app.rules.names import shown
from ui.theme import theme
from ui.widgets.paint import CENTER, RIGHT, draw_icon, draw_source_tag, draw_text, focus_ring, rounded, text_width

Index = QModelIndex | QPersistentModelIndex
LINE = Qt.ItemDataRole.UserRole
_NAME_WIDTH, _CHIP_GAP = 184, 6
#: Canvas left and right of the boxes; a scroll bar takes its part of it.
_MARGIN = 16


class Line(NamedTuple):
    """One row of the list: a day's heading, a provider's times, or somebody left out."""

    heading: str = ""
    aside: str = ""
    row: ResultRow | None = None
    excluded: Excluded | None = None
    first: bool = False
    last: bool = False
    day: date | None = None


def lines_of(days: Sequence[ResultDay], excluded: Sequence[Excluded], today: date) -> tuple[Line, ...]:
    """Days and their rows in order; who was left out is listed at the end, never dropped."""
    made: list[Line] = []
    for day in days:
        ahead = (day.day - today).days
        name = {0: "Today", 1: "Tomorrow"}.get(ahead, words.long_weekday(day.day))
        date_words = f"{day.day:%B} {day.day.day}"
        made.append(
            Line(heading=name, aside=f"{words.long_weekday(day.day)}, {date_words}" if ahead < 2 else date_words)
        )
        count = len(day.rows)
        made += [Line(row=row, first=at == 0, last=at == count - 1, day=day.day) for at, row in enumerate(day.rows)]
    if excluded:
        made.append(Line(heading="Not searched", aside="listed, so that nobody is forgotten"))
        made += [Line(excluded=each, first=at == 0, last=at == len(excluded) - 1) for at, each in enumerate(excluded)]
    return tuple(made)


def verdict_words(slot: FoundSlot) -> str:
    """What is known of a time, for reading aloud."""
    return {
        Verdict.CACHED: "from the local copy",
        Verdict.FREE: "checked live, free",
        Verdict.TAKEN: "just taken",
        Verdict.FAILED: "not checked",
    }[slot.verdict]


class ResultsModel(QAbstractListModel):
    """The lines; ``LINE`` gives one whole. ``chosen`` is the time under the cursor."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self.chosen: FoundSlot | None = None

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Other lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """One a line."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows with times can be reached."""
        line = self.lines[index.row()]
        reach = line.row is not None and bool(line.row.times)
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if reach else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The line, and its words."""
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            return self._spoken(line)
        return None

    def _spoken(self, line: Line) -> str:
        if line.row is not None:
            name = shown(line.row.provider.shown_name())
            times = ", ".join(f"{words.clock_time(slot.start_minute)} {verdict_words(slot)}" for slot in line.row.times)
            more = f", {line.row.more} more" if line.row.more else ""
            return ", ".join(part for part in (name, line.row.words, times) if part) + more
        if line.excluded is not None:
            who = shown(line.excluded.provider.shown_name()) if line.excluded.provider else line.excluded.source
            return f"{who}: {line.excluded.words}"
        return f"{line.heading}, {line.aside}"


class _Delegate(QStyledItemDelegate):
    """Paints headings, boxes and chips, from the same geometry that tells what was pressed."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = index.data(LINE)
        assert isinstance(line, Line)
        return QSize(300, theme().px(38 if line.heading else 40))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE)
        assert isinstance(line, Line)
        box = _box(QRect(option.rect), self.parent())
        if line.heading:
            base = QRectF(box.x(), box.bottom() - theme().px(26), box.width(), theme().px(22))
            used = draw_text(painter, base, line.heading, style="body-strong")
            draw_text(painter, base.adjusted(used + 8, 0, 0, 0), line.aside, role="text-3")
            return
        amber = line.excluded is not None or bool(line.row and line.row.words)
        _paint_box(painter, box, line, "amber.bg" if amber else "surface")
        provider = line.row.provider if line.row else line.excluded.provider if line.excluded else None
        source = line.row.provider.source if line.row else line.excluded.source if line.excluded else ""
        middle = box.center().y() + 1
        draw_source_tag(painter, box.x() + 12, middle, source)
        name = shown(provider.shown_name()) if provider else theme().tokens.source.get(source, source)
        draw_text(
            painter,
            QRect(box.x() + theme().px(42), box.y(), _name_width(box) - theme().px(50), box.height()),
            name,
            weight=500,
        )
        if line.excluded is not None or (line.row and line.row.words and not line.row.times):
            _paint_words(painter, box, line.excluded.words if line.excluded else line.row.words if line.row else "")
        elif line.row is not None:
            self._paint_times(painter, box, line, index)

    def _paint_times(self, painter: QPainter, box: QRect, line: Line, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ResultsModel) and line.row is not None
        shown_chips = chips(box, line.row.times, model.chosen)
        for slot, chip in shown_chips:
            paint_chip(painter, chip, slot, chosen=slot == model.chosen)
        view = self.parent()
        if isinstance(view, QListView) and view.hasFocus() and view.currentIndex().row() == index.row():
            focus_ring(painter, box.adjusted(1, 1, -1, -1), 7)
        more = line.row.more + len(line.row.times) - len(shown_chips)
        if more:
            right = QRect(box.right() - theme().px(52), box.y(), theme().px(40), box.height())
            draw_text(painter, right, f"+{more}", style="small", role="text-3", align=RIGHT)


def _box(line: QRect, view: object) -> QRect:
    """A line without the canvas beside it; its right edge stays where it is whether a scroll bar shows or not."""
    bar = view.width() - view.viewport().width() if isinstance(view, QListView) else 0
    return line.adjusted(_MARGIN, 0, min(0, bar - _MARGIN), 0)


def _paint_box(painter: QPainter, box: QRect, line: Line, fill: str) -> None:
    """A slice of the rounded box: its corners belong to the first and the last line."""
    painter.save()
    painter.setClipRect(box)
    tall = QRectF(
        box.x(),
        box.y() - (0 if line.first else 20),
        box.width(),
        box.height() + (0 if line.first else 20) + (0 if line.last else 20),
    )
    rounded(painter, tall, radius=8, fill=fill, line="line")
    if not line.last:
        painter.fillRect(QRect(box.x() + 1, box.bottom(), box.width() - 2, 1), theme().colour("line-subtle"))
    painter.restore()


def _name_width(box: QRect) -> int:
    """What the name may take: with larger text in a narrow page no more than leaves room for two times."""
    return min(theme().px(_NAME_WIDTH), box.width() * 45 // 100)


def _paint_words(painter: QPainter, box: QRect, said: str) -> None:
    look = theme()
    side, x = look.px(14), box.x() + _name_width(box)
    draw_icon(painter, "info", x, box.center().y() - side / 2 + 1, role="amber.solid", size=side, ground="amber.bg")
    room = QRect(x + side + 8, box.y(), box.right() - x - side - 20, box.height())
    draw_text(painter, room, said, style="small", role="text")


def chips(box: QRect, times: Sequence[FoundSlot], chosen: FoundSlot | None) -> list[tuple[FoundSlot, QRectF]]:
    """The times of a row that fit, and where they stand; the one chosen is always among them."""
    look = theme()
    start, end = float(box.x() + _name_width(box)), box.right() - look.px(56)
    first = times.index(chosen) if chosen in times else 0
    if sum(chip_width(slot) + _CHIP_GAP for slot in times[: first + 1]) <= end - start:
        first = 0
    made: list[tuple[FoundSlot, QRectF]] = []
    x = start
    for slot in times[first:]:
        width = chip_width(slot)
        if made and x + width > end:
            break
        made.append((slot, QRectF(x, box.y() + look.px(6), width, look.px(27))))
        x += width + _CHIP_GAP
    return made


def chip_width(slot: FoundSlot) -> int:
    """A time with the shape of what is known of it."""
    label = words.clock_time(slot.start_minute)[:-3]
    return (
        text_width(label, "body", 500) + theme().px(20) + (theme().px(18) if slot.verdict is not Verdict.CACHED else 4)
    )


def paint_chip(painter: QPainter, chip: QRectF, slot: FoundSlot, *, chosen: bool) -> None:
    """Checked live: solid edge and a tick; from the copy: dashed; just taken: struck through."""
    look = theme()
    cached = slot.verdict is Verdict.CACHED
    if chosen:
        rounded(painter, chip, radius=6, fill="accent")
    else:
        rounded(
            painter,
            chip,
            radius=6,
            fill="surface",
            line="line-strong" if cached else "line",
            dash=(3, 3) if cached else (),
        )
    marks = {
        Verdict.FREE: ("check", "green.solid"),
        Verdict.TAKEN: ("x", "red.solid"),
        Verdict.FAILED: ("clock", "amber.solid"),
    }
    x, side = chip.x() + look.px(10), look.px(13)
    mark = marks.get(slot.verdict)
    if mark is not None:
        role = "on-accent" if chosen else mark[1]
        draw_icon(painter, mark[0], x - 1, chip.center().y() - side / 2, role=role, size=side)
        x += look.px(18)
    label = words.clock_time(slot.start_minute)[:-3]
    taken = slot.verdict is Verdict.TAKEN
    role = "on-accent" if chosen else "text-3" if taken else "text"
    if cached:
        draw_text(painter, chip, label, weight=500, role=role, align=CENTER)
        return
    width = draw_text(painter, QRectF(x, chip.y(), chip.right() - x, chip.height()), label, weight=500, role=role)
    if taken:
        painter.fillRect(QRectF(x, round(chip.center().y()), width, 1), look.colour("text-3"))


class ResultsView(QListView):
    """The list. ``picked`` (FoundSlot) when the cursor comes to a time; ``booked`` (FoundSlot) on Enter."""

    picked = Signal(object)
    booked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results = ResultsModel(self)
        self.setModel(self.results)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName("Times found")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setProperty("ground", "canvas")

    def chosen(self) -> FoundSlot | None:
        """The time under the cursor."""
        return self.results.chosen

    def choose(self, slot: FoundSlot | None) -> None:
        """Put the cursor on a time, where it is listed."""
        self.results.chosen = slot
        row = next((at for at, line in enumerate(self.results.lines) if line.row and slot in line.row.times), -1)
        if row >= 0 and row != self.currentIndex().row():
            self.setCurrentIndex(self.results.index(row, 0))
        self.viewport().update()

    def rows(self) -> list[int]:
        """Lines that have times."""
        return [at for at, line in enumerate(self.results.lines) if line.row is not None and line.row.times]

    def step(self, by: int) -> None:
        """J and K: the next row that has times, at the time nearest to the one chosen."""
        rows = self.rows()
        if not rows:
            return
        now = self.currentIndex().row()
        at = rows.index(now) + by if now in rows else 0
        row = self.results.lines[rows[max(0, min(len(rows) - 1, at))]].row
        assert row is not None
        minute = self.results.chosen.start_minute if self.results.chosen else 0
        self._pick(min(row.times, key=lambda slot: abs(slot.start_minute - minute)))

    def sideways(self, by: int) -> None:
        """Left and right: the times of the row."""
        line = self.results.lines[self.currentIndex().row()] if self.currentIndex().isValid() else None
        if line is None or line.row is None or self.results.chosen not in line.row.times:
            self.step(0)
            return
        at = line.row.times.index(self.results.chosen) + by
        self._pick(line.row.times[max(0, min(len(line.row.times) - 1, at))])

    def _pick(self, slot: FoundSlot) -> None:
        self.choose(slot)
        self.picked.emit(slot)

    def slot_at(self, x: int, y: int) -> FoundSlot | None:
        """The time under a point of the viewport."""
        index = self.indexAt(QPoint(x, y))
        line = index.data(LINE) if index.isValid() else None
        if not isinstance(line, Line) or line.row is None:
            return None
        box = _box(self.visualRect(index), self)
        found = chips(box, line.row.times, self.results.chosen)
        return next((slot for slot, chip in found if chip.contains(x, y)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the time under the pointer."""
        slot = self.slot_at(int(event.position().x()), int(event.position().y()))
        if slot is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._pick(slot)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Book it."""
        slot = self.slot_at(int(event.position().x()), int(event.position().y()))
        if slot is not None:
            self.booked.emit(slot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J, K and arrows move, Enter books; anything else is the page's."""
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1}
        sides = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if key in steps:
            self.step(steps[key])
        elif key in sides:
            self.sideways(sides[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.results.chosen is not None:
            self.booked.emit(self.results.chosen)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()
