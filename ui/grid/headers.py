"""Painting what stays in place: a column's header, the time column, the line of now."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap

from ui.grid.content import GridColumn, bare_time, hour_words
from ui.grid.inks import Inks, pixmap_of
from ui.grid.layout import Layout
from ui.widgets.paint import draw_source_tag

_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine)
_CENTER = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine)
_PAD = 8
_EDGE = 3


def header_height(inks: Inks) -> int:
    """Height of the frozen header."""
    return inks.theme.px(56)


def paint_header(column: GridColumn, width: int, inks: Inks) -> QPixmap:
    """Name, tag, specialty, free count or notice, and the load edge."""
    height = header_height(inks)
    loud = column.notice is not None and column.notice.family != "grey"
    ground = f"{column.notice.family}.bg" if column.notice and loud else "selected" if column.accented else "surface"
    made = pixmap_of(QSizeF(width, height), inks.ratio, inks.colour(ground))
    painter = QPainter(made)
    px = inks.theme.px
    painter.fillRect(QRectF(width - 1, 0, 1, height), inks.colour("line"))
    painter.fillRect(QRectF(0, height - 1, width, 1), inks.colour("line"))
    if column.load is not None:
        edge = inks.colour(f"{column.notice.family}.line" if column.notice and loud else "accent-line")
        painter.fillRect(QRectF(0, height - _EDGE, round((width - 1) * min(1.0, max(0.0, column.load))), _EDGE), edge)
    painter.setFont(inks.title_font)
    painter.setPen(inks.colour("text"))
    title = inks.cut(column.title, inks.title_font, width - 2 * _PAD - (px(30) if column.pill else 0))
    painter.drawText(QRectF(_PAD, px(9), width - 2 * _PAD, px(18)), _LEFT, title)
    if column.pill:
        _paint_pill(painter, column, _PAD + inks.metrics(inks.title_font).horizontalAdvance(title) + 6, inks)
    right = _paint_right(painter, column, width, inks)
    at = float(_PAD)
    if column.tag:
        at += draw_source_tag(painter, at, px(38.5), column.tag) + 5
    if right - at > px(20):
        painter.setFont(inks.caption_font)
        painter.setPen(inks.colour("text-2"))
        words = inks.cut(column.detail, inks.caption_font, right - at - 4)
        painter.drawText(QRectF(at, px(30), right - at, px(17)), _LEFT, words)
    painter.end()
    return made


def _paint_pill(painter: QPainter, column: GridColumn, x: float, inks: Inks) -> None:
    """The day of the month on the accent, as the week marks today."""
    px = inks.theme.px
    width = max(px(20), inks.metrics(inks.strong_caption).horizontalAdvance(column.pill) + px(14))
    box = QRectF(x, px(9), width, px(19))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.colour("accent"))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setFont(inks.title_font)
    painter.setPen(inks.colour("on-accent"))
    painter.drawText(box, _CENTER, column.pill)


def _paint_right(painter: QPainter, column: GridColumn, width: int, inks: Inks) -> float:
    """The free count, or the notice with its shape; where the words left of it must end."""
    px = inks.theme.px
    notice = column.notice
    words = notice.words if notice else column.right
    if not words:
        return width - _PAD
    room = width - 2 * _PAD - (px(30) if column.tag else 0) - (px(18) if notice else 0)
    text = inks.cut(words, inks.caption_font, room)
    text_width = inks.metrics(inks.caption_font).horizontalAdvance(text)
    painter.setFont(inks.caption_font)
    painter.setPen(inks.colour(f"{notice.family}.fg" if notice and notice.family != "grey" else "text-2"))
    painter.drawText(QRectF(width - _PAD - text_width - 2, px(30), text_width + 2, px(17)), _RIGHT, text)
    left = width - _PAD - text_width
    if notice:
        role = f"{notice.family}.solid" if notice.family != "grey" else "text-3"
        left -= inks.icon + 4
        painter.drawPixmap(QPointF(round(left), px(38.5) - inks.icon / 2), inks.icon_pixmap(notice.icon, role))
    return left - 4


def paint_gutter(layout: Layout, width: int, inks: Inks, increment: int) -> QPixmap:
    """The time column over the whole shown day."""
    made = pixmap_of(QSizeF(width, layout.height), inks.ratio, inks.colour("surface"))
    painter = QPainter(made)
    painter.setFont(inks.caption_font)
    painter.setPen(inks.colour("text-3"))
    finer = increment if increment * layout.per_minute >= 28 and 60 % increment == 0 else 60
    content = layout.content
    for minute in range(-(-content.first // finer) * finer, content.last + 1, finer):
        y = layout.y_of(minute)
        words = hour_words(minute) if minute % 60 == 0 else bare_time(minute)
        painter.drawText(QRectF(0, y - 8, width - 8, 16), _RIGHT, words)
    painter.fillRect(QRectF(width - 1, 0, 1, layout.height), inks.colour("line"))
    painter.end()
    return made


def paint_now(
    painter: QPainter, y: float, gutter: int, spans: list[tuple[float, float]], minute: int, inks: Inks
) -> None:
    """The red line over ``spans`` (x from, x to), its dot and the pill with the time."""
    ribbon = inks.colour("ribbon")
    px = inks.theme.px
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ribbon)
    for start, end in spans:
        painter.fillRect(QRectF(start, y - 0.75, end - start, 1.5), ribbon)
        painter.drawEllipse(QPointF(start, y), 3.5, 3.5)
    box = QRectF(6, y - px(8), gutter - 10, px(16))
    painter.drawRoundedRect(box, 4, 4)
    painter.setFont(inks.strong_caption)
    painter.setPen(inks.colour("on-ribbon"))
    painter.drawText(box, _CENTER, bare_time(minute))
    painter.restore()
