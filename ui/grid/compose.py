"""Putting a frame together: kept bodies and headers at the places the scroll bars say, frozen parts last."""

from __future__ import annotations

import time
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from ui.grid.headers import paint_now
from ui.grid.inks import Inks
from ui.grid.layout import Box, Layout
from ui.grid.strips import Strips

#: While scrolling, bodies that are not painted yet may take this many seconds of a frame; the rest follows later.
_BUDGET = 0.004


class Frame(NamedTuple):
    """What one paint sees: the viewport, the frozen parts' sizes, the scroll offsets, and what has to be drawn."""

    area: QRect
    top: int
    gutter: int
    dx: int
    dy: int
    dirty: QRect

    def seen(self, box: Box) -> QRectF:
        """A rectangle of the contents in the viewport."""
        return QRectF(box.x + self.gutter - self.dx, box.y + self.top - self.dy, box.width, box.height)

    def columns(self, layout: Layout) -> range:
        """Indexes of the columns in sight."""
        return layout.columns_between(self.dx, self.dx + self.area.width() - self.gutter)


def paint_bodies(painter: QPainter, frame: Frame, layout: Layout, strips: Strips, inks: Inks, *, all_now: bool) -> bool:
    """Bodies of the columns in sight. False when some were left plain for a later frame (never with ``all_now``)."""
    area, top = frame.area, frame.top
    if inks.ratio % 1:
        _paint_seams(painter, frame, layout, inks)
    until = time.perf_counter() + _BUDGET
    complete = True
    for at in frame.columns(layout):
        left, width = layout.column_span(at)
        x = left + frame.gutter - frame.dx
        if x > frame.dirty.right() or x + width <= frame.dirty.left():
            continue
        if not all_now and not strips.has_body(at) and time.perf_counter() > until:
            painter.fillRect(QRect(x, top, width, area.height()), inks.colour("sunken"))
            complete = False
            continue
        high = min(area.height() - top, layout.height - frame.dy)
        source = QRectF(0, frame.dy * inks.ratio, width * inks.ratio, high * inks.ratio)
        painter.drawPixmap(QRectF(x, top, width, high), strips.body(at), source)
    below = top + layout.height - frame.dy
    if below < area.height():
        rest = area.height() - below
        painter.fillRect(QRect(frame.gutter, below, area.width(), rest), inks.colour("sunken"))
        painter.fillRect(QRect(0, below, frame.gutter, rest), inks.colour("surface"))
        edges = (sum(layout.column_span(at)) - frame.dx for at in frame.columns(layout))
        for edge in (0, *(edge for edge in edges if edge > 0)):
            painter.fillRect(QRect(frame.gutter + edge - 1, below, 1, rest), inks.colour("line"))
    beside = frame.gutter + layout.width - frame.dx
    if beside < area.width():
        painter.fillRect(QRect(beside, 0, area.width() - beside, area.height()), inks.colour("sunken"))
    return complete


def _paint_seams(painter: QPainter, frame: Frame, layout: Layout, inks: Inks) -> None:
    """At 125 or 150 % an edge may lie between two device pixels: what no picture reaches there is the edge's line."""
    line = inks.colour("line")
    edges = (sum(layout.column_span(at)) for at in frame.columns(layout))
    for edge in (0, *(edge - frame.dx for edge in edges)):
        painter.fillRect(QRect(frame.gutter + edge - 1, 0, 2, frame.area.height()), line)
    for y in (frame.top, frame.top + layout.height - frame.dy):
        painter.fillRect(QRect(0, y - 1, frame.area.width(), 2), line)


def paint_frozen(painter: QPainter, frame: Frame, layout: Layout, strips: Strips, inks: Inks) -> None:
    """The time column, the line of now and the headers, over everything that scrolls."""
    area, top, gutter, now = frame.area, frame.top, frame.gutter, layout.content.now
    high = min(area.height() - top, layout.height - frame.dy)
    if frame.dirty.left() < gutter:
        source = QRectF(0, frame.dy * inks.ratio, gutter * inks.ratio, high * inks.ratio)
        painter.drawPixmap(QRectF(0, top, gutter, high), strips.gutter(gutter), source)
    columns = frame.columns(layout)
    if now is not None and layout.content.first <= now <= layout.content.last:
        painter.setClipRect(QRect(0, top, area.width(), area.height()))
        paint_now(painter, layout.y_of(now) + top - frame.dy, gutter, _now_spans(frame, layout, columns), now, inks)
        painter.setClipping(False)
    if frame.dirty.top() < top:
        painter.setClipRect(QRect(gutter, 0, area.width(), top))
        for at in columns:
            painter.drawPixmap(QPointF(layout.column_span(at)[0] + gutter - frame.dx, 0), strips.header(at))
        painter.setClipping(False)
        painter.fillRect(QRect(0, 0, gutter, top), inks.colour("surface"))
        painter.fillRect(QRect(gutter - 1, 0, 1, top), inks.colour("line"))
        painter.fillRect(QRect(0, top - 1, gutter, 1), inks.colour("line"))


def _now_spans(frame: Frame, layout: Layout, columns: range) -> list[tuple[float, float]]:
    """Stretches of the viewport the line of now crosses: everything, or the named columns alone."""
    content, shift = layout.content, frame.gutter - frame.dx
    if not content.now_columns:
        return [(frame.gutter, min(frame.area.width(), layout.width + shift))]
    spans: list[tuple[float, float]] = []
    for at in columns:
        if content.columns[at].key in content.now_columns:
            left, width = layout.column_span(at)
            spans.append((max(frame.gutter, left + shift), left + width + shift))
    return spans
