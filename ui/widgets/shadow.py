"""The shadow below popovers and sheets: one small pixmap, stretched as nine slices."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from ui.theme import theme

#: How far the shadow reaches beyond its box, and how far it hangs down, in logical pixels.
REACH, DROP = 30, 12
#: (share of the reach, share of the strength): how the shadow falls off.
_FALL = ((0.0, 1.0), (0.15, 0.72), (0.35, 0.38), (0.55, 0.16), (0.75, 0.05), (1.0, 0.0))


@lru_cache(maxsize=4)
def _slice(dark: bool) -> QPixmap:
    """A corner of the shadow at each end and one pixel of edge between."""
    from PySide6.QtGui import QLinearGradient, QRadialGradient

    side = 2 * REACH + 1
    strength = 0.55 if dark else 0.15
    stops = [(at, QColor.fromRgbF(0.1, 0.1, 0.12, strength * share)) for at, share in _FALL]
    tile = QPixmap(side, side)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    for x in (0, REACH + 1):
        for y in (0, REACH + 1):
            corner = QRadialGradient(QPointF(REACH if x == 0 else REACH + 1, REACH if y == 0 else REACH + 1), REACH)
            corner.setStops(stops)
            painter.fillRect(QRectF(x, y, REACH, REACH), corner)
    edges = (
        (QPointF(0, REACH), QPointF(0, 0), QRectF(REACH, 0, 1, REACH)),
        (QPointF(0, REACH + 1), QPointF(0, side), QRectF(REACH, REACH + 1, 1, REACH)),
        (QPointF(REACH, 0), QPointF(0, 0), QRectF(0, REACH, REACH, 1)),
        (QPointF(REACH + 1, 0), QPointF(side, 0), QRectF(REACH + 1, REACH, REACH, 1)),
    )
    for inner, outer, box in edges:
        edge = QLinearGradient(inner, outer)
        edge.setStops(stops)
        painter.fillRect(box, edge)
    painter.fillRect(QRectF(REACH, REACH, 1, 1), stops[0][1])
    painter.end()
    return tile


def draw_shadow(painter: QPainter, box: QRect) -> None:
    """The shadow of a raised box at ``box``; the caller paints the box over it."""
    tile = _slice(theme().dark)
    outer = box.adjusted(-REACH + 8, -REACH + 8 + DROP, REACH - 8, REACH - 8 + DROP)
    xs = (outer.left(), outer.left() + REACH, outer.right() + 1 - REACH, outer.right() + 1)
    ys = (outer.top(), outer.top() + REACH, outer.bottom() + 1 - REACH, outer.bottom() + 1)
    cuts = (0, REACH, REACH + 1, tile.width())
    for row in range(3):
        for column in range(3):
            target = QRect(xs[column], ys[row], xs[column + 1] - xs[column], ys[row + 1] - ys[row])
            source = QRect(cuts[column], cuts[row], cuts[column + 1] - cuts[column], cuts[row + 1] - cuts[row])
            painter.drawPixmap(target, tile, source)
