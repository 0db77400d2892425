"""The status bar: what is safe here at the left, the keys of this page at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.actions.keys import caps_of
from ui.theme import theme
from ui.widgets.paint import draw_icon, draw_key_caps, draw_text, key_caps_width, text_width


class StatusBar(QWidget):
    """28 px. ``outbox_pressed`` when the outbox words are clicked (the tray opens)."""

    outbox_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._safe = "Local copy encrypted"
        self._outbox, self._outbox_family = "Outbox empty", ""
        self._extra = ""
        self._keys: tuple[tuple[str, str], ...] = ()
        self._outbox_box = QRectF()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._named()

    def show_outbox(self, words: str, family: str = "") -> None:
        """What waits to be sent."""
        self._outbox, self._outbox_family = words, family
        self._named()

    def show_extra(self, words: str) -> None:
        """One more fact of this page (its oldest source)."""
        self._extra = words
        self._named()

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """The page's keys as (keys, words)."""
        self._keys = tuple(keys)
        self.update()

    def _named(self) -> None:
        self.setAccessibleName("Status: " + ", ".join(filter(None, (self._safe, self._outbox, self._extra))))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedHeight(theme().px(28))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The outbox words open the tray."""
        if self._outbox_box.contains(event.position()):
            self.outbox_pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Facts, then keys from the right as far as there is room."""
        painter, middle = QPainter(self), self.height() / 2 - 1
        x = 16.0
        x = self._fact(painter, x, middle, "lock", self._safe, "")
        start = x
        x = self._fact(painter, x, middle, "outbox", self._outbox, self._outbox_family)
        self._outbox_box = QRectF(start, 0, x - start, self.height())
        if self._extra:
            x = self._fact(painter, x, middle, "inbox", self._extra, "")
        self._paint_keys(painter, x, middle)

    def _fact(self, painter: QPainter, x: float, middle: float, icon: str, words: str, family: str) -> float:
        look = theme()
        side = look.px(13)
        role = f"{family}.fg" if family else "text-3"
        draw_icon(painter, icon, x, middle - side / 2, role=role, size=side, ground="frame")
        width = text_width(words, "caption", 400) + 2
        draw_text(painter, QRectF(x + side + 5, middle - 10, width, 20), words, style="caption", weight=400, role=role)
        return x + side + 5 + width + 14

    def _paint_keys(self, painter: QPainter, least: float, middle: float) -> None:
        look = theme()
        x = float(self.width() - look.px(16))
        for keys, words in reversed(self._keys):
            caps = caps_of(keys)
            width = text_width(words, "caption", 400) + 2
            wanted = key_caps_width(caps) + 7 + width
            if x - wanted < least + 12:
                break
            x -= wanted
            draw_key_caps(painter, x, middle, caps)
            box = QRectF(x + key_caps_width(caps) + 7, middle - 10, width, 20)
            draw_text(painter, box, words, style="caption", weight=400, role="text-3")
            x -= 16
