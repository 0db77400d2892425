"""The inspector: a column at the right that follows the current row. Never modal."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import theme
from ui.widgets.buttons import IconButton
from ui.widgets.label import Label
from ui.widgets.paint import text_width
from ui.widgets.panels import Line, Scroll, clear, column, pane_policy, row
from ui.widgets.status import Pill, SourceTag

#: Qt's own limit of a width.
_ANY_WIDTH = 16_777_215


class Inspector(QWidget):
    """Title and pill, then what the screen puts into ``body``, and a footer for buttons. ``closed`` on its cross."""

    closed = Signal()

    def __init__(self, name: str, width: int = 392, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._wide = width
        self.setSizePolicy(pane_policy(width))
        self.setMaximumWidth(theme().px(width))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(16, 14, 12, 12)
        head.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(8)
        self.title = Label("", "heading", elide=True)
        self._pill = Pill("", "grey")
        self._pill.hide()
        line.addWidget(self.title, 1)
        line.addWidget(self._pill)
        shut = IconButton("x", "Close this pane")
        shut.clicked.connect(self.closed.emit)
        line.addWidget(shut)
        head.addLayout(line)
        self.subtitle = Label("", "body", "text-2", wrap=True)
        self._tag = SourceTag("")
        self._tag.hide()
        below = row(self.subtitle, self._tag, None)
        below.setStretch(0, 1)
        below.setStretch(2, 0)
        head.addLayout(below)
        outer.addLayout(head)
        outer.addWidget(Line())
        inside = QWidget()
        # What is left below the content goes to the stretch, never between its parts.
        filled = QVBoxLayout(inside)
        filled.setContentsMargins(16, 14, 16, 16)
        filled.setSpacing(0)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        filled.addLayout(self.body)
        filled.addStretch(1)
        outer.addWidget(Scroll(inside), 1)
        self._foot = QWidget()
        self.footer = row(margins=(16, 10, 16, 10))
        self._foot.setLayout(column(Line(), self.footer, spacing=0))
        outer.addWidget(self._foot)
        self._foot.hide()

    def sizeHint(self) -> QSize:
        """As wide as asked for."""
        return QSize(theme().px(self._wide), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """It gives way to the list beside it, to 316 px, with larger text too."""
        least = min(self._wide, 316)
        return QSize(min(theme().px(least), least), super().minimumSizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setMaximumWidth(theme().px(self._wide))

    def show_head(
        self, title: str, subtitle: str = "", pill: tuple[str, str, str] | None = None, *, source: str = ""
    ) -> None:
        """Title, line below with the tag of its ``source``, and a pill (label, family, icon)."""
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))
        self._tag.setVisible(bool(source))
        self._tag.show_source(source)
        self.subtitle.setMaximumWidth(text_width(subtitle) + 2 if source else _ANY_WIDTH)
        self._pill.setVisible(pill is not None)
        if pill is not None:
            self._pill.show_status(*pill)

    def begin(self) -> None:
        """Empty body and footer for the next row."""
        clear(self.body)
        clear(self.footer)
        self._foot.hide()

    def show_footer(self) -> None:
        """The footer has buttons."""
        self._foot.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hairline at the left."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("surface"))
        painter.fillRect(0, 0, 1, self.height(), theme().colour("line"))
