"""Painting one column of the day: off hours, lines, blocks, free slots and visits, each once into a kept pixmap."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QPainter, QPixmap

from app.model.schedule import VisitStatus
from ui.grid.content import GridColumn, GridItem, ItemKind, bare_time
from ui.grid.inks import BAR, Inks, dashed_pen, look_of, pixmap_of
from ui.grid.layout import Box, Layout, gaps_of
from ui.widgets.paint import hatch

_VCENTER = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)
_VRIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine)
_CENTER = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine)
_PAD = 6


def paint_column(layout: Layout, index: int, inks: Inks, increment: int, used: QPixmap | None = None) -> QPixmap:
    """The body of one column over the whole shown day; ``increment`` is the grid unit in minutes, ``used`` a pixmap
    that nobody needs any more."""
    column = layout.content.columns[index]
    width = layout.column_span(index)[1]
    made = pixmap_of(QSizeF(width, layout.height), inks.ratio, inks.colour("surface"), used)
    painter = QPainter(made)
    _paint_ground(painter, layout, column, width, inks, increment)
    drawn = list(zip(column.items, layout.boxes(index), strict=True))
    for item, box in drawn:
        if item.kind is ItemKind.BLOCK:
            _paint_block(painter, item, box, inks)
    lively = [(item, box) for item, box in drawn if item.kind is not ItemKind.BLOCK]
    for item, box in lively:
        painter.drawPixmap(QPointF(box.x, box.y), inks.ground(look_of(item), box.width, box.height))
    for item, box in lively:
        (_paint_free if item.kind is ItemKind.FREE else _paint_visit)(painter, item, box, inks)
    painter.fillRect(QRectF(width - 1, 0, 1, layout.height), inks.colour("line"))
    painter.end()
    return made


def _paint_ground(
    painter: QPainter, layout: Layout, column: GridColumn, width: int, inks: Inks, increment: int
) -> None:
    content = layout.content
    sunken = inks.colour("sunken")
    if column.open_hours:
        for start, end in gaps_of(column.open_hours, content.first, content.last):
            top = 0.0 if start == content.first else layout.y_of(start)
            bottom = float(layout.height) if end == content.last else layout.y_of(end)
            painter.fillRect(QRectF(0, top, width, bottom - top), sunken)
        if content.first >= column.open_hours[0][0]:
            painter.fillRect(QRectF(0, 0, width, layout.y_of(content.first)), sunken)
        if content.last <= column.open_hours[-1][1]:
            painter.fillRect(QRectF(0, layout.y_of(content.last), width, layout.height), sunken)
    paint_time_lines(painter, layout, width, inks, increment)
    if column.away:
        box = Box(0, layout.y_of(content.first), width, layout.y_of(content.last) - layout.y_of(content.first))
        _hatched(painter, column.away, box, inks)


def paint_time_lines(painter: QPainter, layout: Layout, width: int, inks: Inks, increment: int) -> None:
    """Hour lines, half-hour dashes, and the grid unit's where there is room for them."""
    content = layout.content
    line = inks.colour("line-subtle")
    painter.setPen(dashed_pen(line))
    unit = increment if increment * layout.per_minute >= 14 and 60 % increment == 0 else 30
    for minute in range(-(-content.first // unit) * unit, content.last + 1, unit):
        y = round(layout.y_of(minute))
        if minute % 60 == 0:
            painter.fillRect(QRectF(0, y, width, 1), line)
        else:
            painter.drawLine(QPointF(0, y + 0.5), QPointF(width, y + 0.5))


def _paint_block(painter: QPainter, item: GridItem, box: Box, inks: Inks) -> None:
    _hatched(painter, item.title, box, inks)


def _hatched(painter: QPainter, label: str, box: Box, inks: Inks) -> None:
    area = QRectF(box.x, round(box.y), box.width, round(box.height))
    hatch(painter, area)
    if not label or box.height < inks.line_height:
        return
    text = inks.cut(label, inks.caption_font, box.width - 24)
    room = inks.metrics(inks.caption_font).horizontalAdvance(text) + 16
    middle = area.center()
    painter.fillRect(
        QRectF(middle.x() - room / 2, middle.y() - inks.line_height / 2, room, inks.line_height), inks.colour("sunken")
    )
    painter.setFont(inks.caption_font)
    painter.setPen(inks.colour("text-3"))
    painter.drawText(area, _CENTER, text)


def _paint_free(painter: QPainter, item: GridItem, box: Box, inks: Inks) -> None:
    left, right = box.x + 9, box.x + box.width - _PAD
    painter.setFont(inks.small_font)
    length = f"{item.minutes} min"
    if item.bookable:
        side = inks.theme.px(12)
        painter.drawPixmap(
            QPointF(left - 1, round(box.y + (box.height - side) / 2)), inks.icon_pixmap("plus", "text-2", size=side)
        )
        left += side + 4
    painter.setPen(inks.colour("text-2" if item.bookable else "text-3"))
    metrics = inks.metrics(inks.small_font)
    start = bare_time(item.start)
    painter.drawText(QRectF(left, box.y, max(0.0, right - left), box.height), _VCENTER, start)
    if left + metrics.horizontalAdvance(start) + 8 + metrics.horizontalAdvance(length) <= right:
        painter.setPen(inks.colour("text-3"))
        painter.drawText(QRectF(left, box.y, right - left, box.height), _VRIGHT, length)


def _paint_visit(painter: QPainter, item: GridItem, box: Box, inks: Inks) -> None:
    look = look_of(item)
    two_lines = box.height >= inks.one_line_below and bool(item.subtitle)
    pad = (3 if box.height < inks.theme.px(40) else _PAD) if two_lines else (box.height - inks.line_height) / 2
    top, left = box.y + pad, box.x + BAR + _PAD
    right = _paint_shapes(painter, item, box, top, inks, look.fill)
    if right - left < 8:
        return
    font = inks.name_font if item.patient_known else inks.small_font
    painter.setFont(font)
    painter.setPen(inks.colour(_name_role(item)))
    name = inks.cut(item.title, font, right - left)
    line = QRectF(left, top, right - left, inks.line_height)
    if look.hatched:
        _knock_out(painter, line, name, font, inks, look.fill)
    painter.drawText(line, _VCENTER, name)
    if item.status is VisitStatus.CANCELLED:
        width = inks.metrics(font).horizontalAdvance(name)
        painter.fillRect(QRectF(left, round(line.center().y()), width, 1), inks.colour("text-3"))
    if two_lines:
        _paint_subtitle(painter, item, QRectF(left, top + inks.line_height, box.x + box.width - _PAD - left, 0), inks)


def _paint_subtitle(painter: QPainter, item: GridItem, line: QRectF, inks: Inks) -> None:
    line.setHeight(inks.line_height)
    painter.setFont(inks.caption_font)
    fits = inks.metrics(inks.caption_font).horizontalAdvance(item.subtitle) <= line.width()
    text = inks.cut(item.subtitle if fits else item.brief or item.subtitle, inks.caption_font, line.width())
    look = look_of(item)
    if look.hatched:
        _knock_out(painter, line, text, inks.caption_font, inks, look.fill)
    painter.setPen(inks.colour("text-2"))
    painter.drawText(line, _VCENTER, text)


def _knock_out(painter: QPainter, line: QRectF, text: str, font: QFont, inks: Inks, ground: str) -> None:
    width = inks.metrics(font).horizontalAdvance(text)
    painter.fillRect(QRectF(line.x() - 2, line.y(), width + 4, line.height()), inks.colour(ground))


def _name_role(item: GridItem) -> str:
    if item.status is VisitStatus.CANCELLED or item.faded:
        return "text-3"
    faded = item.status is VisitStatus.CHECKED_OUT or not item.patient_known
    return "text-2" if faded else "text"


def _paint_shapes(painter: QPainter, item: GridItem, box: Box, top: float, inks: Inks, ground: str) -> float:
    """The status shape and other marks, from the right; where the name must end."""
    shapes = list(item.marks)
    if item.status is not None:
        look = inks.theme.status("appointment", item.status.value)
        shapes.append((look.icon, f"{look.family}.solid"))
    if item.kind is ItemKind.PENDING:
        shapes.append(("progress", "accent"))
    right = box.x + box.width - 5
    for name, role in reversed(shapes):
        if right - inks.icon < box.x + BAR + _PAD:
            break
        right -= inks.icon
        y = round(top + (inks.line_height - inks.icon) / 2)
        painter.drawPixmap(QPointF(round(right), y), inks.icon_pixmap(name, role, ground))
        right -= 4
    return right
