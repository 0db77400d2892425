"""The header: brand, practice, search, one pill a connection, last sync, lock, user."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QSpacerItem, QWidget

from app.model.connection import Connection
from ui import words
from ui.actions.keys import caps_of
from ui.shell.rail import WIDE
from ui.text import tip
from ui.theme import theme
from ui.widgets.buttons import IconButton
from ui.widgets.label import BrandMark, Label
from ui.widgets.paint import (
    CENTER,
    draw_icon,
    draw_key_caps,
    draw_text,
    key_caps_width,
    rounded,
    text_width,
)
from ui.widgets.panels import Line, clear
from ui.widgets.status import Age, FreshnessBadge

HEIGHT = 48
#: From this width of the window on there is room to keep the search where it is.
_ROOMY = 1180


class _Press(QAbstractButton):
    """A painted header button."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()


class PracticeButton(_Press):
    """Whose window this is; opens the practice switcher."""

    def __init__(self) -> None:
        super().__init__("Practice")
        self._name, self._place, self._initials = "", "", ""

    def show_practice(self, name: str, place: str, initials: str) -> None:
        """Another practice or location."""
        self._name, self._place, self._initials = name, place, initials
        self.setAccessibleName(f"Practice: {name}, {place}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Square, name, place, chevron."""
        look = theme()
        width = look.px(22) + text_width(self._name, "body", 500) + text_width(self._place) + look.px(54)
        # The search box beside it keeps its place whatever the practice is called.
        return QSize(min(max(width, look.px(301)), look.px(360)), look.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them."""
        painter, look = QPainter(self), theme()
        rounded(painter, self.rect(), radius=6, fill="pressed" if self.underMouse() else "frame-hover")
        side = look.px(22)
        square = QRectF(look.px(7), (self.height() - side) / 2, side, side)
        rounded(painter, square, radius=5, fill="accent")
        draw_text(painter, square, self._initials, style="caption", weight=600, role="on-accent", align=CENTER)
        x, end = square.right() + 8, self.width() - look.px(26)
        used = draw_text(painter, QRectF(x, 0, end - x, self.height()), self._name, weight=500)
        x += used + 7
        if end - x > 20:
            draw_text(painter, QRectF(x, 0, end - x, self.height()), self._place, role="text-2")
        draw_icon(painter, "chev-d", end + 4, self.height() / 2 - 7, role="text-3", size=14, ground="frame-hover")


class SearchBox(_Press):
    """Looks like a field, opens the palette."""

    def __init__(self) -> None:
        super().__init__("Search or jump to")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(400)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def sizeHint(self) -> QSize:
        """As wide as the header allows, to 400."""
        return QSize(400, theme().px(32))

    def minimumSizeHint(self) -> QSize:
        """It may shrink to an icon and a word."""
        return QSize(120, theme().px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Field, icon, words, caps."""
        painter, look = QPainter(self), theme()
        rounded(painter, self.rect(), radius=6, fill="surface", line="line-strong" if self.underMouse() else "line")
        draw_icon(painter, "search", 11, self.height() / 2 - 8, role="text-2")
        caps = caps_of("Ctrl+K")
        end = self.width() - key_caps_width(caps) - 8
        if end > 140:
            draw_key_caps(painter, end, self.height() / 2, caps)
        draw_text(painter, QRectF(34, 0, end - 40, self.height()), "Search or jump to...", role="text-3")
        if self.hasFocus():
            rounded(painter, self.rect(), radius=6, line="focus", width=look.px(1) + 1)


class ConnectionPill(_Press):
    """One connection: healthy is a dot and its letters, anything else is tinted with its shape."""

    def __init__(self, connection: Connection) -> None:
        state = words.connection_states()[connection.state]
        super().__init__(f"{connection.name}: {state.label}")
        self.connection = connection
        self._source, self._family, self._icon = connection.source, state.family, state.icon
        self._healthy = connection.state.value == "healthy"
        self.setToolTip(tip(f"{connection.name}: {connection.state_words or state.label}"))

    def sizeHint(self) -> QSize:
        """Shape and letters."""
        look = theme()
        return QSize(text_width(self._source, "small", 600) + look.px(14) + 16, look.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them."""
        painter, look = QPainter(self), theme()
        tinted = not self._healthy
        fill = f"{self._family}.bg" if tinted else "frame-hover" if self.underMouse() else ""
        if fill:
            rounded(painter, self.rect(), radius=5, fill=fill)
        side = look.px(14 if tinted else 12)
        draw_icon(
            painter,
            self._icon,
            5,
            self.height() / 2 - side / 2,
            role=f"{self._family}.solid",
            size=side,
            ground=fill or "frame",
        )
        box = QRectF(5 + side + 4, 0, self.width() - side - 9, self.height())
        role = f"{self._family}.fg" if tinted else "text-2"
        draw_text(painter, box, self._source, style="small", weight=600, role=role)


class UserButton(_Press):
    """The person's initials; opens switch user, lock, settings."""

    def __init__(self) -> None:
        super().__init__("You")
        self._initials = ""

    def show_person(self, name: str, initials: str) -> None:
        """Who is signed in."""
        self._initials = initials
        self.setAccessibleName(f"Signed in: {name}")
        self.setToolTip(tip(name))
        self.update()

    def sizeHint(self) -> QSize:
        """A disc."""
        return QSize(theme().px(28), theme().px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        rounded(painter, self.rect(), radius=self.width() / 2, fill="pressed" if theme().dark else "frame-hover")
        draw_text(painter, self.rect(), self._initials, style="caption", weight=600, role="text-2", align=CENTER)


class Header(QWidget):
    """48 px. Signals say what was pressed."""

    practice_pressed = Signal()
    search_pressed = Signal()
    connection_pressed = Signal(object)
    lock_pressed = Signal()
    user_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Header")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 12, 0)
        line.setSpacing(0)
        self._brand = QWidget()
        brand = QHBoxLayout(self._brand)
        brand.setContentsMargins(17, 0, 0, 0)
        brand.setSpacing(9)
        brand.addWidget(BrandMark(20))
        self._name = Label("Daybook", "heading")
        brand.addWidget(self._name)
        brand.addStretch(1)
        line.addWidget(self._brand)
        line.addSpacing(8)
        self.practice = PracticeButton()
        self.practice.clicked.connect(self.practice_pressed)
        line.addWidget(self.practice)
        line.addSpacing(15)
        # The search keeps its place while the menu is collapsed, as long as there is room.
        self._hold = QSpacerItem(0, 0, QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        line.addItem(self._hold)
        self.search = SearchBox()
        self.search.clicked.connect(self.search_pressed)
        line.addWidget(self.search, 6)
        line.addStretch(1)
        line.addSpacing(12)
        self._shown: Sequence[tuple[object, ...]] = ()
        self._pills = QHBoxLayout()
        self._pills.setSpacing(3)
        line.addLayout(self._pills)
        line.addSpacing(8)
        divider = Line(vertical=True)
        divider.setFixedHeight(18)
        line.addWidget(divider)
        line.addSpacing(9)
        self.synced = FreshnessBadge()
        line.addWidget(self.synced)
        line.addSpacing(8)
        self.lock = IconButton("lock", "Lock now (Ctrl+L)", role="text")
        self.lock.clicked.connect(self.lock_pressed)
        line.addWidget(self.lock)
        line.addSpacing(6)
        self.user = UserButton()
        self.user.clicked.connect(self.user_pressed)
        line.addWidget(self.user)
        self.setFixedHeight(theme().px(HEIGHT))

    def set_narrow(self, narrow: bool, width: int) -> None:
        """Follow the menu's width."""
        self._name.setVisible(not narrow)
        self._brand.setFixedWidth(width)
        roomy = self.window().width() >= theme().px(_ROOMY)
        held = max(0, theme().px(WIDE) - width) if roomy else 0
        self._hold.changeSize(held, 0, QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        layout = self.layout()
        if layout is not None:
            layout.invalidate()

    def show_connections(self, connections: Sequence[Connection]) -> None:
        """One pill each; those standing are kept while nothing people see of them has changed."""
        shown = [(each.connection_id, each.name, each.state, each.state_words) for each in connections]
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._pills)
        for connection in connections:
            pill = ConnectionPill(connection)
            pill.clicked.connect(lambda _on=False, pill=pill: self.connection_pressed.emit(pill))
            self._pills.addWidget(pill)

    def show_sync(self, age_words: str) -> None:
        """When everything was last read."""
        self.synced.show_age(Age(words=age_words, icon="refresh"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedHeight(theme().px(HEIGHT))
