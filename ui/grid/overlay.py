"""Painting what changes from frame to frame, over the kept pixmaps: hover, cursor, proposal, carried visit."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from ui.grid.carry import Carry
from ui.grid.content import Proposal, span_words
from ui.grid.inks import BAR, RADIUS, Inks, dashed_pen
from ui.grid.layout import Box, Layout

_LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)


def outline(painter: QPainter, box: Box, role: str, width: float, inks: Inks, *, outside: float = 0.0) -> None:
    """A rounded line around ``box``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(inks.colour(role), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    grow = outside - width / 2
    painter.drawRoundedRect(_rect(box).adjusted(-grow, -grow, grow, grow), RADIUS + outside, RADIUS + outside)
    painter.restore()


def paint_proposal(painter: QPainter, proposal: Proposal, box: Box, inks: Inks) -> None:
    """The time being booked: a solid block, so that nobody takes it for a visit that exists."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.colour("accent"))
    painter.drawRoundedRect(_rect(box).adjusted(-1, 0, 1, 0), RADIUS, RADIUS)
    painter.restore()
    _two_lines(painter, box, proposal.title, proposal.subtitle, ("on-accent", "on-accent"), inks)


def paint_carry(painter: QPainter, layout: Layout, carry: Carry, inks: Inks) -> None:
    """The ghost at its new time, the origin left dashed, and what it would overlap outlined in red."""
    origin = layout.box(*carry.origin)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(dashed_pen(inks.colour("blue.line")))
    painter.setBrush(inks.colour("surface"))
    painter.drawRoundedRect(_rect(origin).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.restore()
    _two_lines(painter, origin, carry.item.title, "moving", ("text-2", "text-3"), inks)
    for at in carry.clashes(layout.content):
        outline(painter, layout.box(carry.column, at), "red.solid", 1.5, inks)
    box = layout.span_box(carry.column, carry.start, carry.minutes)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(inks.colour("accent"), 1.5))
    painter.setBrush(inks.colour("accent-tint-2"))
    painter.drawRoundedRect(_rect(box).adjusted(3, 0, 3, 0), RADIUS, RADIUS)
    painter.restore()
    painter.fillRect(QRectF(box.x + 3, box.y + 1, BAR, box.height - 2), inks.colour("accent"))
    shifted = Box(box.x + 3, box.y, box.width, box.height)
    _two_lines(painter, shifted, carry.item.title, span_words(carry.start, carry.minutes), ("text", "link"), inks)
    grip = inks.icon_pixmap("grip", "blue.solid", "accent-tint-2")
    painter.drawPixmap(QPointF(shifted.x + shifted.width - inks.icon - 5, box.y + 5), grip)


def _two_lines(painter: QPainter, box: Box, title: str, words: str, roles: tuple[str, str], inks: Inks) -> None:
    """A name and a second line where there is room, the second beside the first where there is not."""
    left, room = box.x + 9, box.width - 16
    low = box.height < inks.one_line_below
    top = box.y + ((box.height - inks.line_height) / 2 if low else 3)
    painter.setFont(inks.name_font)
    painter.setPen(inks.colour(roles[0]))
    name = inks.cut(title, inks.name_font, room)
    painter.drawText(QRectF(left, top, room, inks.line_height), _LINE, name)
    used = inks.metrics(inks.name_font).horizontalAdvance(name) + 6 if low else 0
    if room - used < inks.theme.px(30):
        return
    painter.setFont(inks.caption_font)
    painter.setPen(inks.colour(roles[1]))
    rect = QRectF(left + used, top if low else top + inks.line_height, room - used, inks.line_height)
    painter.drawText(rect, _LINE, inks.cut(words, inks.caption_font, room - used))


def _rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.width, box.height)
