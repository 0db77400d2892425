"""The design's icons, drawn from ``tokens.json`` in any colour and scale, and kept once drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme.tokens import tokens

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="{colour}" stroke-width="1.5" '
    'stroke-linecap="round" stroke-linejoin="round">{body}</svg>'
)

#: The brand mark: a book with a ribbon.
_BRAND = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
    '<rect x="1.5" y="1.5" width="21" height="21" rx="5" fill="{book}"/>'
    '<path d="M6.2 1.5v21" stroke="{page}" stroke-opacity=".45" stroke-width="1.2"/>'
    '<path d="M13.2 1.5h5.4v11l-2.7-2.3-2.7 2.3Z" fill="{ribbon}"/></svg>'
)


def _drawn(svg: str, size: int, ratio: float) -> QPixmap:
    side = max(1, round(size * ratio))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@lru_cache(maxsize=1024)
def _icon_pixmap(name: str, colour: str, size: int, ratio: float, knockout: str) -> QPixmap:
    body = tokens().icons[name].replace("currentColor", colour).replace("{knockout}", knockout)
    return _drawn(_FRAME.format(colour=colour, body=body), size, ratio)


def pixmap(name: str, colour: QColor, size: int = 16, ratio: float = 1.0, knockout: QColor | None = None) -> QPixmap:
    """Icon ``name`` as a square pixmap of ``size`` logical pixels at device ratio ``ratio``.

    ``knockout`` is the colour of what is cut out of solid shapes: the ground below (white where none is given).
    KeyError for a name the design lacks.
    """
    return _icon_pixmap(name, colour.name(), size, ratio, knockout.name() if knockout else "#FFFFFF")


@lru_cache(maxsize=16)
def _brand(book: str, page: str, ribbon: str, size: int, ratio: float) -> QPixmap:
    return _drawn(_BRAND.format(book=book, page=page, ribbon=ribbon), size, ratio)


def brand(book: QColor, page: QColor, ribbon: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """The brand mark."""
    return _brand(book.name(), page.name(), ribbon.name(), size, ratio)


def icon(name: str, colour: QColor, disabled: QColor | None = None) -> QIcon:
    """Icon ``name`` for menus and fields, at the usual scales."""
    from PySide6.QtGui import QIcon

    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(pixmap(name, colour, 16, ratio))
        if disabled is not None:
            made.addPixmap(pixmap(name, disabled, 16, ratio), QIcon.Mode.Disabled)
    return made
