"""A patient's visits as quiet rows: when, what, with whom, how it stands, where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.model.booking import ProfileVisit
from app.rules import words
from app.rules.names import shown
from ui.theme import theme
from ui.widgets.label import Label
from ui.widgets.paint import draw_icon, draw_source_tag, draw_text, focus_ring, hairline
from ui.widgets.panels import clear


class VisitLine(QAbstractButton):
    """One visit; pressing it goes to its day."""

    def __init__(self, found: ProfileVisit, today: date, *, ahead: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found, self._ahead = found, ahead
        visit = found.visit
        clock = words.clock_time(visit.start_minute)
        if ahead:
            self._when = f"{words.relative_day(visit.day, today)}, {clock}"
        else:
            self._when = f"{words.month_day(visit.day, today)}"
        self._what = shown(visit.reason or visit.visit_type)
        self._who = shown(found.provider.shown_name()) if found.provider else ""
        self._look = theme().status("appointment", visit.status.value)
        self.setAccessibleName(
            ", ".join(part for part in (self._when, self._what, self._who, self._look.label) if part)
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def found(self) -> ProfileVisit:
        """The visit."""
        return self._found

    def sizeHint(self) -> QSize:
        """A regular row."""
        return QSize(400, theme().px(36))

    def minimumSizeHint(self) -> QSize:
        """Texts are cut before the row is."""
        return QSize(0, theme().px(36))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Five columns over a hairline."""
        painter, look = QPainter(self), theme()
        if self.underMouse():
            painter.fillRect(self.rect(), look.colour("hover"))
        width, height = self.width(), self.height() - 1
        tag = look.px(24)
        cuts = (0.0, 0.29, 0.53, 0.77)
        usable = width - tag - 10
        boxes = [
            QRectF(usable * start, 0, usable * (end - start) - 10, height)
            for start, end in zip(cuts, (*cuts[1:], 1.0), strict=True)
        ]
        draw_text(
            painter, boxes[0], self._when, weight=500 if self._ahead else 400, role="text" if self._ahead else "text-2"
        )
        draw_text(painter, boxes[1], self._what)
        draw_text(painter, boxes[2], self._who, role="text-2")
        side = look.px(14)
        draw_icon(
            painter, self._look.icon, boxes[3].x(), height / 2 - side / 2, role=f"{self._look.family}.solid", size=side
        )
        draw_text(painter, boxes[3].adjusted(side + 7, 0, 0, 0), self._look.label, weight=500)
        if self._found.provider is not None:
            draw_source_tag(painter, width - tag, height / 2, self._found.provider.source)
        hairline(painter, 0, height, width, height, "line-subtle")
        if self.hasFocus():
            focus_ring(painter, self.rect())


class VisitsList(QWidget):
    """A heading with a count and the visits below it. ``opened`` (ProfileVisit)."""

    opened = Signal(object)

    def __init__(self, title: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nothing = nothing
        self._title = Label(title, "body-strong")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addWidget(self._title)
        outer.addLayout(self._rows)
        self._base = title

    def show_visits(self, found: Sequence[ProfileVisit], today: date, *, ahead: bool, most: int = 0) -> None:
        """The visits, the first ``most`` of them (0: all)."""
        clear(self._rows)
        self._title.setText(f"{self._base}  {len(found)}" if found else self._base)
        for each in found[: most or len(found)]:
            line = VisitLine(each, today, ahead=ahead)
            line.clicked.connect(lambda _=False, one=each: self.opened.emit(one))
            self._rows.addWidget(line)
        if not found:
            self._rows.addWidget(Label(self._nothing, "body", "text-3", wrap=True))
