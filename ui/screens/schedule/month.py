"""The small month beside the grid: how full each day is, as five steps of heat, with a cursor of its own."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.model.views import DayLoad, MonthLoads
from app.rules.dates import add_months
from app.rules.words import long_weekday
from ui.text import tip
from ui.theme import theme
from ui.widgets.buttons import IconButton
from ui.widgets.label import Label
from ui.widgets.paint import CENTER, draw_text, hatch, rounded, text_width
from ui.widgets.panels import row

_HEADS = ("S", "M", "T", "W", "T", "F", "S")
_CELL, _GAP = 28, 3
_LEVELS = ("open", "light", "half full", "busy", "full")
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}


class MonthGrid(QWidget):
    """The weeks of a month, Sunday first. ``picked`` a day was chosen; ``turned`` the cursor left the month."""

    picked = Signal(object)
    turned = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = date(2000, 1, 1)
        self._today = self._chosen = self._cursor = date(2000, 1, 1)
        self._loads: dict[date, DayLoad] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def show_month(self, first: date, chosen: date, today: date, loads: MonthLoads | None) -> None:
        """Another month (its first day), chosen day or loads."""
        if chosen != self._chosen or first != self._first:
            self._cursor = chosen if (chosen.year, chosen.month) == (first.year, first.month) else first
        self._first, self._chosen, self._today = first, chosen, today
        self._loads = {each.day: each for each in loads.days} if loads else {}
        self._name()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Seven columns and the rows this month needs."""
        look = theme()
        return QSize(7 * look.px(_CELL + _GAP), look.px(20) + self._weeks() * look.px(_CELL + _GAP))

    def minimumSizeHint(self) -> QSize:
        """Never cut; with larger text its squares may be as small as they are without."""
        return QSize(min(self.sizeHint().width(), 7 * (_CELL + _GAP)), self.sizeHint().height())

    def words_of(self, day: date) -> str:
        """``"Tuesday, March 10, busy"``: what is told of a day."""
        load = self._loads.get(day)
        said = "closed" if load and load.closed else _LEVELS[load.level] if load and load.share is not None else ""
        return f"{long_weekday(day)}, {day:%B} {day.day}" + (f", {said}" if said else "")

    def _weeks(self) -> int:
        """How many lines the month needs: five, at times six."""
        last = self._start() + timedelta(days=35)
        return 6 if last.month == self._first.month else 5

    def _start(self) -> date:
        return self._first - timedelta(days=(self._first.weekday() + 1) % 7)

    def _cell(self, index: int) -> QRectF:
        look = theme()
        pitch_x, pitch_y = self.width() / 7, look.px(_CELL + _GAP)
        side = look.px(_CELL)
        wide = min(side, pitch_x - _GAP)
        x = pitch_x * (index % 7) + (pitch_x - wide) / 2
        return QRectF(round(x), look.px(20) + pitch_y * (index // 7), wide, side)

    def day_at(self, x: float, y: float) -> date | None:
        """The day under a point."""
        for index in range(7 * self._weeks()):
            if self._cell(index).contains(x, y):
                return self._start() + timedelta(days=index)
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heads, heat, numbers, today and the chosen day."""
        painter, look = QPainter(self), theme()
        for at, head in enumerate(_HEADS):
            box = self._cell(at)
            above = QRectF(box.x(), 0, box.width(), look.px(16))
            draw_text(painter, above, head, style="caption", role="text-3", align=CENTER)
        for index in range(7 * self._weeks()):
            self._paint_day(painter, self._cell(index), self._start() + timedelta(days=index))

    def _paint_day(self, painter: QPainter, box: QRectF, day: date) -> None:
        inside = day.month == self._first.month
        load = self._loads.get(day)
        if inside and load is not None and load.closed:
            painter.save()
            painter.setClipRect(box)
            hatch(painter, box, ground="surface")
            painter.restore()
        elif inside and load is not None and load.level:
            rounded(painter, box, radius=5, fill=f"heat-{load.level}")
        if day == self._chosen:
            rounded(painter, box, radius=6, line="focus" if theme().dark else "accent", width=2)
        elif self.hasFocus() and day == self._cursor:
            rounded(painter, box, radius=6, line="focus", width=2)
        weight = 600 if day in (self._today, self._chosen) else 400
        role = "text" if inside else "text-3"
        if inside and load is not None and load.closed:
            role = "text-3"
        draw_text(painter, box, str(day.day), style="small", role=role, weight=weight, align=CENTER)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go to the day."""
        day = self.day_at(event.position().x(), event.position().y())
        if day is not None:
            self.picked.emit(day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say how full the day is."""
        day = self.day_at(event.position().x(), event.position().y())
        self.setToolTip(tip(self.words_of(day)) if day else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter goes there."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._cursor += timedelta(days=_STEPS[key])
            if self._cursor.month != self._first.month:
                self.turned.emit(self._cursor.replace(day=1))
            self._name()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self._cursor)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the cursor."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        super().focusOutEvent(event)
        self.update()

    def _name(self) -> None:
        self.setAccessibleName(f"Month. {self.words_of(self._cursor)}")


class _Legend(QWidget):
    """Open, five steps, Full."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(160, theme().px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = QPainter(self), theme()
        x = 0.0
        draw_text(painter, QRectF(x, 0, 60, self.height()), "Open", style="caption", role="text-3")
        x += text_width("Open", "caption") + 8
        for level in range(5):
            box = QRectF(x, self.height() / 2 - look.px(4), look.px(14), look.px(8))
            rounded(painter, box, radius=2, fill=f"heat-{level}", line="" if level else "line")
            x += look.px(18)
        draw_text(painter, QRectF(x + 4, 0, 60, self.height()), "Full", style="caption", role="text-3")


class MiniMonth(QWidget):
    """Month name, arrows, days and legend. ``picked`` a day; ``month_wanted`` the first day of another month."""

    picked = Signal(object)
    month_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = date(2000, 1, 1)
        self._name = Label("", "body-strong")
        before, after = IconButton("chev-l", "Month before"), IconButton("chev-r", "Month after")
        before.clicked.connect(lambda: self.month_wanted.emit(add_months(self._first, -1)))
        after.clicked.connect(lambda: self.month_wanted.emit(add_months(self._first, 1)))
        self.grid = MonthGrid()
        self.grid.picked.connect(self.picked)
        self.grid.turned.connect(self.month_wanted)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addLayout(row(self._name, None, before, after, spacing=2))
        outer.addWidget(self.grid)
        outer.addWidget(_Legend())

    def first(self) -> date:
        """First day of the month shown."""
        return self._first

    def show_month(self, first: date, chosen: date, today: date, loads: MonthLoads | None) -> None:
        """Show a month."""
        self._first = first
        self._name.setText(f"{first:%B %Y}")
        self.grid.show_month(first, chosen, today, loads)
