"""The one page of paper: rounded, on the frame; it scrolls when the window is smaller than the design's least size."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QRegion, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ui.theme import theme

_RADIUS = 10
#: What the frame leaves at the page's right, and the page's own hairlines.
EDGES = 8 + 2
#: The page's least height: the least window of the design less header, status bar and the page's own edge.
_LEAST_HEIGHT = 720 - 48 - 28 - 2


class _Corners(QWidget):
    """The rounded edge, laid over whatever the page shows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cover the edge only, so that the page's middle is painted without this."""
        edge = QRegion(self.rect())
        edge -= QRegion(self.rect().adjusted(_RADIUS, 1, -_RADIUS, -1))
        edge -= QRegion(self.rect().adjusted(1, _RADIUS, -1, -_RADIUS))
        self.setMask(edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame outside the corner, hairline along it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        outside = QPainterPath()
        outside.addRect(box)
        inside = QPainterPath()
        inside.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.fillPath(outside.subtracted(inside), theme().colour("frame"))
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.drawPath(inside)


class _Stack(QStackedWidget):
    """As small as the screen in front may be, and never smaller than the design's least page."""

    #: The screen in front may need more or less room than it did.
    rearranged = Signal()
    least_width = 1180 - 56 - EDGES

    def event(self, event: QEvent) -> bool:
        """Lay out, then tell."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.rearranged.emit()
        return done

    def minimumSizeHint(self) -> QSize:
        least = QSize(self.least_width, _LEAST_HEIGHT)
        current = self.currentWidget()
        return least if current is None else current.minimumSizeHint().expandedTo(least)


class Page(QWidget):
    """Holds the screens; one is in front."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        scroll = QScrollArea(self)
        scroll.setViewport(QWidget())
        self.stack = _Stack(scroll.viewport())
        self.stack.currentChanged.connect(lambda _index: self.stack.updateGeometry())
        scroll.setWidget(self.stack)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll = scroll
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.addWidget(scroll)
        self._corners = _Corners(self)

    def set_least_width(self, frame_width: int) -> None:
        """The page may be as narrow as the least window leaves it beside a menu of ``frame_width``."""
        # Where larger text makes the page scroll downwards, the bar takes its share.
        self.stack.least_width = 1180 - EDGES - frame_width - self._scroll.verticalScrollBar().sizeHint().width()
        self.stack.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the edge on top."""
        super().resizeEvent(event)
        self._corners.setGeometry(self.rect())
        self._corners.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The paper."""
        QPainter(self).fillRect(self.rect().adjusted(1, 1, -1, -1), theme().colour("surface"))
