"""The three best times as cards, with their number key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.model.views import BestMatch
from app.rules import words
from app.rules.names import shown
from ui.screens.find_slot.results import verdict_words
from ui.theme import theme
from ui.theme.theme import TypeName
from ui.widgets.paint import draw_key_cap, draw_source_tag, draw_text, key_cap_width, rounded, text_width


class BestCard(QAbstractButton):
    """One of the best: why it is here, when, with whom, a fact about it."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._match: BestMatch | None = None
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def match(self) -> BestMatch | None:
        """What it shows."""
        return self._match

    def show_match(self, match: BestMatch | None) -> None:
        """Another match; without one the card is not there."""
        self._match = match
        self.setVisible(match is not None)
        if match is not None:
            clock = words.clock_time(match.slot.start_minute)
            parts = (match.title, clock, match.when, shown(match.provider.shown_name()), match.reason)
            self.setAccessibleName(f"{', '.join(part for part in parts if part)}, {verdict_words(match.slot)}")
        self.update()

    def sizeHint(self) -> QSize:
        """Six lines."""
        return QSize(180, theme().px(146))

    def minimumSizeHint(self) -> QSize:
        """Texts are cut before the card is."""
        return QSize(min(theme().px(120), 127), theme().px(146))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Card, number, texts."""
        if self._match is None:
            return
        painter, look, match = QPainter(self), theme(), self._match
        on = self.isChecked() or self.hasFocus()
        fill = "hover" if self.underMouse() and not on else "surface"
        rounded(painter, self.rect(), radius=8, fill=fill, line="accent" if on else "line", width=2.0 if on else 1.0)
        left, width = 13, self.width() - 26
        cap = key_cap_width(str(self._number))
        draw_key_cap(painter, self.width() - look.px(10) - cap, look.px(19), str(self._number))
        self._line(painter, left, 10, width - cap - 4, match.title, "small", weight=500)
        clock = words.clock_time(match.slot.start_minute)
        fits = text_width(clock, "title") <= width
        self._line(painter, left, 31, width, clock, "title" if fits else "body-strong", height=26)
        self._line(painter, left, 57, width, match.when, "body", weight=500)
        name = shown(match.provider.shown_name())
        self._line(painter, left, 80, width - look.px(32), name, "body", role="text-2")
        x = left + min(text_width(name), width - look.px(32)) + 8
        draw_source_tag(painter, x, look.px(89.5), match.provider.source)
        self._wrapped(painter, left, 99, width, match.reason)

    @staticmethod
    def _line(
        painter: QPainter,
        x: int,
        y: float,
        width: float,
        text: str,
        style: TypeName,
        *,
        role: str = "text",
        weight: int = 0,
        height: int = 19,
    ) -> None:
        look = theme()
        draw_text(painter, QRectF(x, look.px(y), width, look.px(height)), text, style=style, role=role, weight=weight)

    @staticmethod
    def _wrapped(painter: QPainter, x: int, y: float, width: int, text: str) -> None:
        look = theme()
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("text-3"))
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(QRectF(x, look.px(y), width, look.px(36)), flags, text)
