"""Pressable lines of the side panels: a strong start, words, and what stands at the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.theme import theme
from ui.widgets.paint import RIGHT, draw_icon, draw_source_tag, draw_text, focus_ring, rounded, text_width


class PressLine(QAbstractButton):
    """``10:00  Oakenfield      20 min  OP``: one line that goes somewhere when pressed."""

    def __init__(
        self,
        strong: str,
        words: str,
        right: str = "",
        *,
        tag: str = "",
        icon: tuple[str, str] = ("", ""),
        below: str = "",
        strong_width: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._strong, self._words, self._right = strong, words, right
        self._tag, self._icon, self._below = tag, icon, below
        self._strong_width = strong_width
        self.setAccessibleName(", ".join(part for part in (strong, words, right, below) if part))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """One line, or two where there is something below."""
        return QSize(160, theme().px(40 if self._below else 26))

    def minimumSizeHint(self) -> QSize:
        """Words are cut before the line is."""
        return QSize(0, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon, strong start, words, right, tag."""
        painter, look = QPainter(self), theme()
        if self.underMouse():
            rounded(painter, QRectF(self.rect()).adjusted(-6, 0, 6, 0), radius=5, fill="hover")
        if self.hasFocus():
            focus_ring(painter, self.rect())
        line = QRectF(0, 0, self.width(), look.px(22 if self._below else 26))
        x, right = 0.0, float(self.width())
        if self._icon[0]:
            side = look.px(14)
            draw_icon(painter, self._icon[0], x, line.center().y() - side / 2, role=self._icon[1], size=side)
            x += side + 8
        if self._tag:
            right -= look.px(24)
            draw_source_tag(painter, right, line.center().y(), self._tag)
            right -= 8
        if self._right:
            width = text_width(self._right, "small")
            box = QRectF(right - width - 1, line.y(), width + 1, line.height())
            draw_text(painter, box, self._right, style="small", role="text-3", align=RIGHT)
            right -= width + 8
        if self._strong:
            width = max(look.px(self._strong_width), text_width(self._strong, "body", 500) + 10)
            draw_text(painter, QRectF(x, line.y(), min(width, right - x), line.height()), self._strong, weight=500)
            x += width
        draw_text(painter, QRectF(x, line.y(), max(0.0, right - x), line.height()), self._words, role="text-2")
        if self._below:
            box = QRectF(line.x() + (look.px(22) if self._icon[0] else 0), look.px(20), self.width(), look.px(18))
            draw_text(painter, box, self._below, style="caption", role="text-3")


class FreeTable(QWidget):
    """Everybody's free slots per day of a week: numbers on heat, never colour alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads: tuple[str, ...] = ()
        self._rows: tuple[tuple[str, bool, tuple[int | None, ...]], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, heads: tuple[str, ...], rows: tuple[tuple[str, bool, tuple[int | None, ...]], ...]) -> None:
        """``rows``: name, whether it is the provider shown, a count for each head (None: nothing to count)."""
        self._heads, self._rows = heads, rows
        told = "; ".join(
            f"{name}: "
            + ", ".join(
                f"{head} {count if count is not None else 'none'}" for head, count in zip(heads, counts, strict=True)
            )
            for name, _, counts in rows
        )
        self.setAccessibleName(f"Free slots, all providers. {told}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A line for each provider."""
        return QSize(260, theme().px(20) + len(self._rows) * theme().px(29))

    def minimumSizeHint(self) -> QSize:
        """Names are cut before lines are."""
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heads, names, counts."""
        painter, look = QPainter(self), theme()
        cell, pitch = look.px(26), look.px(29)
        left = self.width() - pitch * len(self._heads)
        centre = Qt.AlignmentFlag.AlignCenter
        for at, head in enumerate(self._heads):
            box = QRectF(left + at * pitch, 0, pitch, look.px(16))
            draw_text(painter, box, head, style="caption", role="text-3", align=centre)
        most = max((count or 0 for _, _, counts in self._rows for count in counts), default=0)
        for line, (name, strong, counts) in enumerate(self._rows):
            y = look.px(20) + line * look.px(29)
            box = QRectF(0, y, left - 1, look.px(25))
            draw_text(
                painter, box, name, style="small", weight=600 if strong else 400, role="text" if strong else "text-2"
            )
            for at, count in enumerate(counts):
                box = QRectF(left + at * pitch + pitch - cell, y, cell, look.px(25))
                rounded(painter, box, radius=4, fill=_heat(count, most), line="line" if not count else "")
                words = "–" if count is None else "full" if count == 0 else str(count)
                draw_text(painter, box, words, style="small" if count else "caption", align=centre)


def _heat(count: int | None, most: int) -> str:
    """Fewer free slots are warmer: full is the strongest step."""
    if count is None:
        return "sunken"
    if count == 0:
        return "heat-4"
    return f"heat-{max(0, 3 - round(3 * count / max(most, 1)))}"
