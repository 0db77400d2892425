"""Colours, fonts and kept pieces of paint for one theme at one scale, ready before the first block is drawn."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from app.model.schedule import VisitStatus
from ui.grid.content import GridItem, ItemKind
from ui.theme import icons
from ui.theme.theme import Theme
from ui.widgets.paint import hatch

RADIUS = 4.0
BAR = 3


class BlockLook(NamedTuple):
    """How a block's ground looks: colour roles (empty for none), and whether it is hatched or dashed."""

    fill: str
    line: str = ""
    bar: str = ""
    dashed: bool = False
    hatched: bool = False


_VISITS = {
    VisitStatus.BOOKED: BlockLook("surface", "blue.line", "blue.solid"),
    VisitStatus.CONFIRMED: BlockLook("blue.bg", "", "blue.solid"),
    VisitStatus.ARRIVED: BlockLook("teal.bg", "", "teal.solid"),
    VisitStatus.IN_ROOM: BlockLook("violet.bg", "", "violet.solid"),
    VisitStatus.CHECKED_OUT: BlockLook("sunken", "", "green.line"),
    VisitStatus.NO_SHOW: BlockLook("red.bg", "", "red.solid", hatched=True),
    VisitStatus.CANCELLED: BlockLook("surface", "grey.line", "", dashed=True),
}
_PENDING = BlockLook("accent-tint", "accent", "", dashed=True)
_FREE = BlockLook("surface", "grey.line", "", dashed=True)
_FADED = BlockLook("sunken", "", "grey.line")
_FREE_SHOWN = BlockLook("surface", "line-subtle", "", dashed=True)


def look_of(item: GridItem) -> BlockLook:
    """The ground of a visit, a booking under way or a free slot."""
    if item.kind is ItemKind.PENDING:
        return _PENDING
    if item.kind is ItemKind.FREE:
        return _FREE if item.bookable else _FREE_SHOWN
    if item.faded:
        return _FADED
    return _VISITS[item.status or VisitStatus.BOOKED]


class Inks:
    """What painting a grid needs of ``theme`` at device ratio ``ratio``; grounds and cut texts are kept once made."""

    def __init__(self, theme: Theme, ratio: float) -> None:
        self.theme = theme
        self.ratio = ratio
        self.name_font = theme.font("small", 500)
        self.small_font = theme.font("small", 400)
        self.caption_font = theme.font("caption", 400)
        self.strong_caption = theme.font("caption", 600)
        self.title_font = theme.font("body", 600)
        self.icon = theme.px(14)
        self.line_height = theme.px(15)
        self.one_line_below = theme.px(30)
        fonts = (self.name_font, self.small_font, self.caption_font, self.strong_caption, self.title_font)
        self._metrics = {id(font): QFontMetricsF(font) for font in fonts}
        self._colours: dict[str, QColor] = {}
        self._grounds: dict[tuple[BlockLook, int, int], QPixmap] = {}
        self._cut: dict[tuple[str, int, int], str] = {}

    def colour(self, role: str) -> QColor:
        """The colour of a role."""
        found = self._colours.get(role)
        if found is None:
            found = self._colours[role] = self.theme.colour(role)
        return found

    def metrics(self, font: QFont) -> QFontMetricsF:
        """The measures of one of these fonts."""
        return self._metrics[id(font)]

    def cut(self, text: str, font: QFont, room: float) -> str:
        """``text`` with an ellipsis where it does not fit into ``room`` pixels."""
        key = (text, id(font), int(room))
        if key not in self._cut:
            if len(self._cut) > 8192:
                self._cut.clear()
            metrics = self.metrics(font)
            fits = metrics.horizontalAdvance(text) <= room
            self._cut[key] = text if fits else metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room))
        return self._cut[key]

    def icon_pixmap(self, name: str, role: str, ground: str = "surface", size: int = 0) -> QPixmap:
        """A shape in a colour, on a ground it may have to show through."""
        return icons.pixmap(name, self.colour(role), size or self.icon, self.ratio, self.colour(ground))

    def ground(self, look: BlockLook, width: float, height: float) -> QPixmap:
        """The painted ground of a block of that size."""
        key = (look, round(width * self.ratio), round(height * self.ratio))
        found = self._grounds.get(key)
        if found is None:
            if len(self._grounds) > 512:
                self._grounds.clear()
            found = self._grounds[key] = self._paint_ground(look, key[1], key[2])
        return found

    def _paint_ground(self, look: BlockLook, width: int, height: int) -> QPixmap:
        made = QPixmap(max(1, width), max(1, height))
        made.setDevicePixelRatio(self.ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0, 0, made.width() / self.ratio, made.height() / self.ratio)
        self._fill_ground(painter, look, box)
        painter.end()
        return made

    def _fill_ground(self, painter: QPainter, look: BlockLook, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour(look.fill))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        painter.save()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
        if look.hatched:
            hatch(painter, box, ground=look.fill, stroke="red.line", pitch=6)
        if look.bar:
            painter.fillRect(QRectF(0, 0, BAR, box.height()), self.colour(look.bar))
        painter.restore()
        line = look.line or ("line-strong" if self.theme.high_contrast else "")
        if line:
            painter.setPen(dashed_pen(self.colour(line)) if look.dashed else QPen(self.colour(line), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            left = BAR - 0.5 if look.bar else 0.5
            painter.drawRoundedRect(box.adjusted(left, 0.5, -0.5, -0.5), RADIUS - 0.5, RADIUS - 0.5)
            if look.bar:
                painter.fillRect(QRectF(BAR - 1, 2, 1, box.height() - 4), self.colour(look.bar))


_kept: dict[float, Inks] = {}


def inks_for(theme: Theme, ratio: float) -> Inks:
    """The inks of a theme at a scale, shared by all grids; those of an older theme are let go."""
    found = _kept.get(ratio)
    if found is None or found.theme is not theme:
        found = _kept[ratio] = Inks(theme, ratio)
    return found


def dashed_pen(colour: QColor, width: float = 1.0) -> QPen:
    """The design's 3–3 dash."""
    pen = QPen(colour, width)
    pen.setDashPattern([3.0 / width, 3.0 / width])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def pixmap_of(size: QSizeF, ratio: float, fill: QColor, used: QPixmap | None = None) -> QPixmap:
    """An empty pixmap of ``size`` logical pixels at ``ratio``; one that is ``used`` up is taken again where it fits."""
    width, height = max(1, round(size.width() * ratio)), max(1, round(size.height() * ratio))
    fits = used is not None and (used.width(), used.height(), used.devicePixelRatio()) == (width, height, ratio)
    made = used if used is not None and fits else QPixmap(width, height)
    made.setDevicePixelRatio(ratio)
    made.fill(fill)
    return made
