"""Painting shared by widgets, delegates and grids: texts, icons, key caps, source tags, pills, focus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from ui.theme import icons, theme
from ui.theme.theme import TypeName

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter
#: How much of its ink the edge of a key cap on the accent shows, in both modes.
_ON_ACCENT_EDGE = 0.35


def ratio_of(painter: QPainter) -> float:
    """The device pixel ratio being painted at."""
    return painter.device().devicePixelRatioF()


def draw_text(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    *,
    style: TypeName = "body",
    role: str = "text",
    weight: int = 0,
    align: Qt.AlignmentFlag = LEFT,
    colour: QColor | None = None,
) -> int:
    """One line of plain text, cut with an ellipsis where it does not fit; its painted width."""
    look = theme()
    metrics = look.metrics(style, weight)
    room, width = int(rect.width()), metrics.horizontalAdvance(text)
    if width > room:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(text)
    painter.setFont(look.font(style, weight))
    painter.setPen(colour or look.colour(role))
    painter.drawText(QRectF(rect), int(align | Qt.TextFlag.TextSingleLine), text)
    return width


def draw_icon(
    painter: QPainter,
    name: str,
    x: float,
    y: float,
    *,
    role: str = "text-2",
    size: int = 16,
    ground: str = "surface",
) -> None:
    """Icon ``name`` with its upper left at (x, y); ``ground`` is the role behind it, for cut-out shapes."""
    look = theme()
    drawn = icons.pixmap(name, look.colour(role), size, ratio_of(painter), look.colour(ground))
    painter.drawPixmap(QPointF(x, y), drawn)


def rounded(
    painter: QPainter,
    rect: QRect | QRectF,
    *,
    radius: float = 6,
    fill: str = "",
    line: str = "",
    width: float = 1.0,
    dash: Sequence[float] = (),
) -> None:
    """A rounded rectangle; ``fill`` and ``line`` are colour roles, empty for none. The line lies inside ``rect``."""
    look = theme()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(rect)
    if line:
        pen = QPen(look.colour(line), width)
        if dash:
            pen.setDashPattern(list(dash))
        painter.setPen(pen)
        box = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, radius, radius)
    painter.restore()


def hairline(painter: QPainter, x1: float, y1: float, x2: float, y2: float, role: str = "line") -> None:
    """A line one device pixel thin at any scale, snapped to the pixel grid."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    pen = QPen(theme().colour(role), 1)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))
    painter.restore()


def key_cap_width(text: str) -> int:
    """The width of a key cap with ``text``."""
    return max(theme().px(18), theme().metrics("caption").horizontalAdvance(text) + theme().px(10))


def draw_key_cap(painter: QPainter, x: float, middle: float, text: str, *, on_accent: bool = False) -> int:
    """A key cap whose left edge is ``x`` and whose middle is ``middle``; its width."""
    look = theme()
    width, height = key_cap_width(text), look.px(18)
    rect = QRectF(round(x), round(middle - height / 2), width, height)
    if on_accent:
        painter.setOpacity(1.0 if look.high_contrast else _ON_ACCENT_EDGE)
        rounded(painter, rect, radius=4, line="on-accent")
        painter.setOpacity(1.0)
        draw_text(painter, rect, text, style="caption", role="on-accent", align=CENTER)
    else:
        rounded(painter, rect, radius=4, line="line")
        draw_text(painter, rect, text, style="caption", role="text-3", align=CENTER)
    return width


def key_caps_width(caps: Sequence[str]) -> int:
    """The width of several caps side by side."""
    return sum(key_cap_width(cap) for cap in caps) + 3 * max(0, len(caps) - 1)


def draw_key_caps(painter: QPainter, x: float, middle: float, caps: Sequence[str], *, on_accent: bool = False) -> int:
    """Several caps side by side, 3 px apart; their width."""
    at = x
    for cap in caps:
        at += draw_key_cap(painter, at, middle, cap, on_accent=on_accent) + 3
    return int(at - x - 3) if caps else 0


def source_tag_size() -> QSizeF:
    """The size of a source tag."""
    return QSizeF(theme().px(24), theme().px(16))


def draw_source_tag(painter: QPainter, x: float, middle: float, source: str) -> int:
    """The two letters of a system in a hairline box, left edge at ``x``; its width."""
    size = source_tag_size()
    rect = QRectF(round(x), round(middle - size.height() / 2), size.width(), size.height())
    rounded(painter, rect, radius=3, fill="surface", line="line")
    draw_text(painter, rect, source, style="caption", role="text-2", weight=600, align=CENTER)
    return int(size.width())


def pill_width(label: str, *, icon: bool = True) -> int:
    """The width of a pill."""
    look = theme()
    return look.metrics("small", 500).horizontalAdvance(label) + look.px(16) + (look.px(14) + 5 if icon else 0)


def draw_pill(painter: QPainter, x: float, middle: float, label: str, family: str, icon: str = "") -> int:
    """A status pill: the family's ground, its shape and its word. Its width."""
    look = theme()
    width, height = pill_width(label, icon=bool(icon)), look.px(22)
    rect = QRectF(round(x), round(middle - height / 2), width, height)
    rounded(painter, rect, radius=5, fill=f"{family}.bg", line=f"{family}.line" if look.high_contrast else "")
    at, side = rect.x() + look.px(8), look.px(14)
    if icon:
        draw_icon(painter, icon, at, middle - side / 2, role=f"{family}.solid", size=side, ground=f"{family}.bg")
        at += side + 5
    draw_text(
        painter, QRectF(at, rect.y(), rect.right() - at, height), label, style="small", role=f"{family}.fg", weight=500
    )
    return width


def draw_avatar(
    painter: QPainter, rect: QRect | QRectF, initials: str, *, strong: bool = False, solid: bool = False
) -> None:
    """A round avatar with initials; ``strong`` marks the current person, ``solid`` the one at the door."""
    box = QRectF(rect)
    fill = "accent" if solid else "accent-tint-2" if strong else "grey.bg"
    role = "on-accent" if solid else "link" if strong else "text-2"
    rounded(painter, box, radius=box.width() / 2, fill=fill)
    style: TypeName = "caption" if box.width() < 32 else ("body" if box.width() < 44 else "heading")
    draw_text(painter, box, initials, style=style, role=role, weight=600, align=CENTER)


def focus_ring(painter: QPainter, rect: QRect | QRectF, radius: float = 6) -> None:
    """The focus ring along the inside of ``rect`` (rows and cells, where nothing may stand 2 px away)."""
    rounded(painter, rect, radius=radius, line="focus", width=2)


def hatch(
    painter: QPainter, rect: QRect | QRectF, *, ground: str = "sunken", stroke: str = "hatch", pitch: int = 7
) -> None:
    """A diagonal hatch over ``rect``, from a pixmap that tiles."""
    look = theme()
    painter.fillRect(QRectF(rect), look.colour(ground))
    painter.drawTiledPixmap(QRectF(rect), _hatch_tile(look.colour(stroke), pitch, ratio_of(painter)), QPointF(0, 0))


_tiles: dict[tuple[str, int, float], QPixmap] = {}


def _hatch_tile(colour: QColor, pitch: int, ratio: float) -> QPixmap:
    key = (colour.name(), pitch, ratio)
    if key not in _tiles:
        # A diagonal repeats after pitch·√2 along each axis.
        side = max(2, round(pitch * 1.414 * ratio))
        tile = QPixmap(side, side)
        tile.fill(Qt.GlobalColor.transparent)
        painter = QPainter(tile)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, ratio))
        for shift in (-side, 0, side):
            painter.drawLine(QPointF(shift, side), QPointF(shift + side, 0))
        painter.end()
        tile.setDevicePixelRatio(ratio)
        _tiles[key] = tile
    return _tiles[key]


def text_width(text: str, style: TypeName = "body", weight: int = 0) -> int:
    """How wide ``text`` is in a style."""
    return theme().metrics(style, weight).horizontalAdvance(text)
