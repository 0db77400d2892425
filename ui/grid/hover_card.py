"""The card beside a visit under the pointer or cursor; also the hint that says why something cannot be done."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import theme
from ui.widgets.paint import draw_icon, draw_text, rounded
from ui.widgets.shadow import draw_shadow

_MARGIN = 24
_PAD = 14
_WIDTH = 272


class Card(QWidget):
    """A raised box over the window with a title and lines of plain text; it takes neither focus nor clicks."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._title, self._lines, self._icon = "", list[str](), ("", "")
        self._wrapped: list[str] = []
        self.hide()

    def show_beside(self, anchor: QRect, title: str, lines: tuple[str, ...], icon: tuple[str, str] = ("", "")) -> None:
        """Open right of ``anchor`` (in the window), or left of it where there is no room; ``icon`` is name and role."""
        self._title, self._icon = title, icon
        look = theme()
        self._wrapped = [part for line in lines for part in _wrap(line, look.px(_WIDTH) - 2 * _PAD)]
        self.setAccessibleName(f"{title}. {'. '.join(lines)}")
        size = self.sizeHint()
        window = self._window.rect()
        x = anchor.right() + 2 - _MARGIN + 8
        if x + size.width() - _MARGIN > window.right():
            x = anchor.left() - 8 - size.width() + _MARGIN
        y = min(anchor.top() - _MARGIN, window.bottom() - size.height() + _MARGIN - 8)
        self.setGeometry(QRect(QPoint(max(-_MARGIN, x), max(-_MARGIN, y)), size))
        self.show()
        self.raise_()
        self.update()

    def words(self) -> str:
        """Everything it says."""
        return self.accessibleName() if self.isVisible() else ""

    def sizeHint(self) -> QSize:
        """Title, lines and the shadow around them."""
        look = theme()
        height = 2 * _PAD + look.line_height("body") + 4 + len(self._wrapped) * (look.line_height("small") + 2)
        return QSize(look.px(_WIDTH) + 2 * _MARGIN, height + 2 * _MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Shadow, box, title, lines."""
        painter, look = QPainter(self), theme()
        box = self.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        draw_shadow(painter, box)
        rounded(painter, box, radius=10, fill="raised", line="line")
        x, y, width = box.x() + _PAD, box.y() + _PAD - 1, box.width() - 2 * _PAD
        height = look.line_height("body")
        at = x
        if self._icon[0]:
            side = look.px(16)
            draw_icon(
                painter, self._icon[0], x, y + (height - side) / 2, role=self._icon[1], size=side, ground="raised"
            )
            at += side + 7
        draw_text(painter, QRect(at, y, x + width - at, height), self._title, style="body-strong")
        y += height + 4
        for line in self._wrapped:
            draw_text(painter, QRect(x, y, width, look.line_height("small")), line, style="small", role="text-2")
            y += look.line_height("small") + 2


def _wrap(text: str, room: int) -> list[str]:
    """``text`` broken at blanks so that each line fits ``room`` (a longer word is cut when painted)."""
    metrics = theme().metrics("small")
    lines: list[str] = []
    current = ""
    for word in text.split():
        longer = f"{current} {word}" if current else word
        if current and metrics.horizontalAdvance(longer) > room:
            lines.append(current)
            longer = word
        current = longer
    return [*lines, current] if current else lines
