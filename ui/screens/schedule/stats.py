"""The day's figures in one line: only counts that some connected system tells."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.schedule import VisitStatus
from app.model.views import DayStats
from ui.text import tip
from ui.theme import theme
from ui.widgets.paint import draw_icon, draw_text, text_width


class _Figure(NamedTuple):
    number: str
    word: str
    icon: str = ""
    role: str = ""
    apart: bool = False


class StatsStrip(QWidget):
    """``64 visits | ○ 15 booked …  23 free slots``; where a system tells no statuses, the line says so at its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: tuple[_Figure, ...] = ()
        self._not_known = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_stats(self, stats: DayStats) -> None:
        """Other figures."""
        self._figures = tuple(_figures(stats))
        self._not_known = stats.not_known
        said = ", ".join(f"{figure.number} {figure.word}" for figure in self._figures)
        self.setAccessibleName(f"{said}. {stats.not_known}" if stats.not_known else said)
        self.setToolTip(tip(stats.not_known))
        self.update()

    def sizeHint(self) -> QSize:
        """40 px high."""
        return QSize(400, theme().px(40))

    def minimumSizeHint(self) -> QSize:
        """What does not fit is in the tooltip and the accessible name."""
        return QSize(0, theme().px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The figures from left to right."""
        painter, look = QPainter(self), theme()
        painter.fillRect(self.rect(), look.colour("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.colour("line"))
        x, side, middle = float(look.px(16)), look.px(15), self.height() / 2
        for figure in self._figures:
            number, word = text_width(figure.number, "body-strong"), text_width(figure.word, "small")
            needs = number + word + 4 + (side + 6 if figure.icon else 0) + (17 if figure.apart else 0)
            if x + needs > self.width() - 8:
                return
            if figure.apart:
                painter.fillRect(QRectF(x, middle - 8, 1, 16), look.colour("line"))
                x += 17
            if figure.icon:
                draw_icon(painter, figure.icon, x, round(middle - side / 2), role=figure.role, size=side)
                x += side + 6
            draw_text(painter, QRectF(x, 0, number + 2, self.height()), figure.number, style="body-strong")
            x += number + 4
            draw_text(painter, QRectF(x, 0, word + 2, self.height()), figure.word, style="small", role="text-2")
            x += word + 14
        if self._not_known and x < self.width() - 60:
            room = QRectF(x, 0, self.width() - x - 12, self.height())
            draw_text(painter, room, self._not_known, style="small", role="text-3")


def _figures(stats: DayStats) -> list[_Figure]:
    made = [_Figure(f"{stats.visits:,}", "visit" if stats.visits == 1 else "visits")]
    for at, (status, number) in enumerate(stats.counts):
        look = theme().status("appointment", VisitStatus(status).value)
        made.append(_Figure(f"{number:,}", look.label.lower(), look.icon, f"{look.family}.solid", apart=at == 0))
    if stats.new_patients:
        made.append(_Figure(f"{stats.new_patients:,}", "new patients", "user", "text-3"))
    made.append(_Figure(f"{stats.free_slots:,}", "free slot" if stats.free_slots == 1 else "free slots", apart=True))
    return made
