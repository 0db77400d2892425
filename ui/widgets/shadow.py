"""The shadow below popovers and sheets: one small pixmap, stretched as nine slices."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from ui.theme import theme

#: How far the shadow reaches beyond its box, and how far it hangs down, in logical pixels.
REACH, DROP = 32, 10


@lru_cache(maxsize=4)
def _slice(dark: bool) -> QPixmap:
    side = 2 * (REACH + 16)
    tile = QPixmap(side, side)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    strength = 0.60 if dark else 0.17
    for step in range(REACH):
        # Rings laid over one another: each adds a little, so that the sum falls off softly.
        inset = REACH - step
        painter.setBrush(QColor.fromRgbF(0, 0, 0, strength * 2 * (REACH - step) / REACH**2))
        box = QRectF(tile.rect()).adjusted(REACH - inset, REACH - inset, inset - REACH, inset - REACH)
        painter.drawRoundedRect(box, 12 + inset, 12 + inset)
    painter.end()
    return tile


def draw_shadow(painter: QPainter, box: QRect) -> None:
    """The shadow of a raised box at ``box``; the caller paints the box over it."""
    tile = _slice(theme().dark)
    edge = tile.width() // 2 - 1
    outer = box.adjusted(-REACH, -REACH + DROP, REACH, REACH + DROP)
    xs = (outer.left(), outer.left() + edge, outer.right() + 1 - edge, outer.right() + 1)
    ys = (outer.top(), outer.top() + edge, outer.bottom() + 1 - edge, outer.bottom() + 1)
    cuts = (0, edge, tile.width() - edge, tile.width())
    for row in range(3):
        for column in range(3):
            target = QRect(xs[column], ys[row], xs[column + 1] - xs[column], ys[row + 1] - ys[row])
            source = QRect(cuts[column], cuts[row], cuts[column + 1] - cuts[column], cuts[row + 1] - cuts[row])
            painter.drawPixmap(target, tile, source)


def forget() -> None:
    """Let go of the kept pixmap (Qt must not outlive it)."""
    _slice.cache_clear()
