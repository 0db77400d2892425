"""Tabs with an accent line below the one that is on; arrow keys and numbers move."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from ui.theme import theme
from ui.widgets.paint import CENTER, draw_text, focus_ring, text_width


class _Tab(QRadioButton):
    def sizeHint(self) -> QSize:
        return QSize(text_width(self.text(), "body", 500) + 2, theme().px(36))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:
        return True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        draw_text(
            painter, self.rect(), self.text(), role="text" if on else "text-2", weight=600 if on else 500, align=CENTER
        )
        if on:
            painter.fillRect(QRectF(0, self.height() - 2, self.width(), 2), theme().colour("accent"))
        if self.hasFocus():
            focus_ring(painter, self.rect().adjusted(-1, 4, 1, -4), 4)


class Tabs(QWidget):
    """``chosen`` tells the key of the tab that is on now."""

    chosen = Signal(str)

    def __init__(self, tabs: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._keys = [key for key, _ in tabs]
        self._group = QButtonGroup(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(22)
        for at, (_, text) in enumerate(tabs):
            tab = _Tab(text)
            tab.setAccessibleName(f"Tab {text}")
            tab.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            tab.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            self._group.addButton(tab, at)
            line.addWidget(tab)
        line.addStretch(1)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(lambda at: self.chosen.emit(self._keys[at]))

    def key(self) -> str:
        """The tab that is on."""
        return self._keys[self._group.checkedId()]

    def set_key(self, key: str) -> None:
        """Turn to a tab, and tell."""
        self._group.button(self._keys.index(key)).setChecked(True)
        self.chosen.emit(key)
