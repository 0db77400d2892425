"""What the two kinds of times mean, beside the count of what was found."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ui.theme import theme
from ui.widgets.paint import CENTER, draw_icon, draw_text, rounded, text_width
from ui.widgets.status import Painted


class Legend(Painted):
    """A solid chip: checked live. A dashed one: from the local copy."""

    def __init__(self) -> None:
        super().__init__()
        self._copy = "from the copy"
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("A tick means checked live, a dashed edge means from the local copy")

    def say_copy(self, words: str) -> None:
        """How old the copy is: ``"from 9:41 AM copy"``."""
        self._copy = words or "from the copy"
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Two chips and their words."""
        px = theme().px
        chips = px(60) + px(46) + px(30)
        return QSize(chips + text_width("checked live", "small") + text_width(self._copy, "small"), px(26))

    def minimumSizeHint(self) -> QSize:
        """The first chip with its words; the second is left out where there is no room for it."""
        px = theme().px
        return QSize(px(67) + text_width("checked live", "small"), px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Chips and words."""
        painter, px = QPainter(self), theme().px
        middle = self.height() / 2
        box = QRectF(0, middle - px(12), px(60), px(24))
        rounded(painter, box, radius=6, fill="surface", line="line")
        draw_icon(painter, "check", box.x() + px(8), middle - px(6.5), role="green.solid", size=px(13))
        draw_text(painter, box.adjusted(px(25), 0, 0, 0), "9:00", weight=500)
        x = box.right() + px(7)
        width = draw_text(painter, QRectF(x, 0, 200, self.height()), "checked live", style="small", role="text-3")
        if self.width() < self.sizeHint().width():
            return
        box = QRectF(x + width + px(14), middle - px(12), px(46), px(24))
        rounded(painter, box, radius=6, fill="surface", line="line-strong", dash=(3, 3))
        draw_text(painter, box, "9:00", weight=500, align=CENTER)
        rest = QRectF(box.right() + px(7), 0, self.width() - box.right() - px(7), self.height())
        draw_text(painter, rest, self._copy, style="small", role="text-3")
