"""The menu at the left: three groups, counts, collapsed or wide."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ui.screens.registry import ScreenSpec
from ui.text import tip
from ui.theme import theme
from ui.widgets.label import Label
from ui.widgets.paint import CENTER, draw_icon, draw_key_cap, draw_text, key_cap_width, rounded, text_width
from ui.widgets.panels import Line, clear

WIDE, NARROW = 196, 56


class RailItem(QAbstractButton):
    """One entry. ``count`` with a family is a pill (amber: act today, red: deadline), without one it is neutral."""

    def __init__(self, icon: str, text: str, cap: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._cap = icon, cap
        self._count, self._family = 0, ""
        self._narrow = False
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._named()

    def set_count(self, count: int, family: str = "") -> None:
        """What waits behind this entry."""
        self._count, self._family = count, family
        self._named()
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Icon alone; the tooltip carries the name."""
        self._narrow = narrow
        self._named()
        self.updateGeometry()
        self.update()

    def _named(self) -> None:
        words = f"{self.text()}, {self._count}" if self._count else self.text()
        self.setAccessibleName(words)
        self.setToolTip(tip(words) if self._narrow else "")

    def sizeHint(self) -> QSize:
        """30 px high; square when narrow."""
        return QSize(theme().px(40), theme().px(36 if self._narrow else 31))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, icon, name, count."""
        painter, look = QPainter(self), theme()
        on = self.isChecked()
        if on:
            rounded(painter, self.rect(), radius=6, fill="frame-active", line="line")
        elif self.underMouse():
            rounded(painter, self.rect(), radius=6, fill="frame-hover")
        side = look.px(17 if self._narrow else 16)
        ground = "frame-active" if on else "frame"
        role = "link" if on else "text-2"
        middle = self.height() / 2
        if self._narrow:
            draw_icon(
                painter, self._icon, (self.width() - side) / 2, middle - side / 2, role=role, size=side, ground=ground
            )
            self._paint_corner_count(painter)
            return
        draw_icon(painter, self._icon, look.px(9), middle - side / 2, role=role, size=side, ground=ground)
        left = look.px(9) + side + look.px(8)
        draw_text(
            painter,
            QRectF(left, 0, self.width() - left - look.px(30), self.height()),
            self.text(),
            role="text" if on else "text-2",
            weight=500,
        )
        if self._cap:
            draw_key_cap(painter, self.width() - key_cap_width(self._cap) - look.px(9), middle, self._cap)
        elif self._count:
            self._paint_count(painter, self.width() - look.px(9), middle)

    def _paint_count(self, painter: QPainter, right: float, middle: float) -> None:
        look, words = theme(), str(self._count)
        if not self._family:
            box = QRectF(right - 40, middle - 10, 40, 20)
            align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            draw_text(painter, box, words, style="small", role="text-3", align=align)
            return
        width = max(look.px(20), text_width(words, "small", 600) + look.px(12))
        box = QRectF(right - width, middle - look.px(9), width, look.px(18))
        rounded(painter, box, radius=box.height() / 2, fill=f"{self._family}.bg")
        draw_text(painter, box, words, style="small", weight=600, role=f"{self._family}.fg", align=CENTER)

    def _paint_corner_count(self, painter: QPainter) -> None:
        if not self._count:
            return
        look, words = theme(), str(self._count)
        width = text_width(words, "caption", 600) + look.px(8)
        box = QRectF(self.width() - width - 1, 1, width, look.px(15))
        fill = f"{self._family}.bg" if self._family else "frame"
        rounded(painter, box, radius=box.height() / 2, fill=fill)
        role = f"{self._family}.fg" if self._family else "text-2"
        draw_text(painter, box, words, style="caption", weight=600, role=role, align=CENTER)


class Rail(QWidget):
    """The menu. ``asked`` gives the name of the screen pressed, or ``"help"``."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Menu")
        self.narrow = False
        self._items: dict[str, RailItem] = {}
        self._captions: list[Label] = []
        self._lines: list[Line] = []
        self._now = ""
        self._box = QVBoxLayout(self)
        self._box.setSpacing(0)
        self._box.setContentsMargins(8, 9, 7, 5)

    def show_screens(self, screens: Sequence[ScreenSpec]) -> None:
        """List ``screens`` in their groups; a group without any is not shown."""
        clear(self._box)
        self._items, self._captions, self._lines = {}, [], []
        for group in ("Front desk", "Billing", "Practice"):
            members = [screen for screen in screens if screen.group == group]
            if not members:
                continue
            if self._captions:
                self._box.addSpacing(theme().px(6))
                line = Line()
                self._lines.append(line)
                self._box.addWidget(line)
            caption = Label(group, "caption", "text-3", weight=400)
            caption.setContentsMargins(8, 8, 0, 7)
            self._captions.append(caption)
            self._box.addWidget(caption)
            for screen in members:
                self._add(screen.name, RailItem(screen.icon, screen.title))
        self._box.addStretch(1)
        self._add("help", RailItem("help", "Keyboard help", cap="?"))
        self._items["help"].setCheckable(False)
        if any(screen.name == "settings" for screen in screens):
            self._add("settings", RailItem("settings", "Settings"))
        self.set_narrow(self.narrow)

    def _add(self, name: str, item: RailItem) -> None:
        item.clicked.connect(lambda _on=False, name=name: self._press(name))
        self._items[name] = item
        self._box.addWidget(item)

    def _press(self, name: str) -> None:
        self.mark(self._now)
        self.asked.emit(name)

    def mark(self, name: str) -> None:
        """Mark ``name`` as where the person is."""
        self._now = name
        for key, item in self._items.items():
            if item.isCheckable():
                item.setChecked(key == name)

    def set_count(self, name: str, count: int, family: str = "") -> None:
        """What waits behind an entry."""
        if name in self._items:
            self._items[name].set_count(count, family)

    def set_narrow(self, narrow: bool) -> None:
        """Collapse or widen."""
        self.narrow = narrow
        self.setFixedWidth(NARROW if narrow else theme().px(WIDE))
        for caption in self._captions:
            caption.setVisible(not narrow)
        for line in self._lines:
            line.setVisible(narrow)
        for item in self._items.values():
            item.set_narrow(narrow)

    def first_stop(self) -> QWidget:
        """Where F6 puts focus."""
        return self._items.get(self._now) or next(iter(self._items.values()))
