"""The frame: header above, menu at the left, the page, status bar below."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.shell.header import Header
from ui.shell.page import EDGES, Page
from ui.shell.rail import WIDE, Rail
from ui.shell.status_bar import StatusBar
from ui.theme import theme
from ui.widgets.banner import BannerSlot


class Frame(QWidget):
    """Lays out the parts; the window wires them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # From the outside in: whatever is put into another parent later is given its style once more.
        self.header = Header(self)
        self.rail = Rail(self)
        self.page = Page(self)
        self.status = StatusBar(self)
        #: What concerns every page: a sandbox practice, the lock that is about to come.
        self.banner = BannerSlot()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setSpacing(0)
        grid.addWidget(self.header, 0, 0, 1, 2)
        grid.addWidget(self.banner, 1, 0, 1, 2)
        grid.addWidget(self.rail, 2, 0)
        grid.addWidget(self.page, 2, 1)
        grid.addWidget(self.status, 3, 0, 1, 2)
        grid.setRowStretch(2, 1)
        grid.setColumnStretch(1, 1)
        self.status.setFixedHeight(theme().px(28))
        self._narrow: tuple[bool, int] | None = None
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Collapse or widen the menu."""
        now = (narrow, theme().generation)
        if now == self._narrow:
            return
        self._narrow = now
        self.rail.set_narrow(narrow)
        self.header.set_narrow(narrow, self.rail.width())
        self.page.set_least_width(self.rail.width())

    def cramped(self, screen: QWidget, width: int) -> bool:
        """Whether ``screen`` needs more than a window of ``width`` leaves it beside the wide menu."""
        return screen.minimumSizeHint().width() > width - theme().px(WIDE) - EDGES

    def paintEvent(self, event: QPaintEvent) -> None:
        """The desk."""
        QPainter(self).fillRect(self.rect(), theme().colour("frame"))
