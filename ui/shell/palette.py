"""The command palette: people, actions, places, in one box. First results come from the local copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.actions.keys import caps_of
from ui.theme import theme
from ui.widgets.label import IconView, Label
from ui.widgets.paint import (
    draw_avatar,
    draw_icon,
    draw_key_caps,
    draw_source_tag,
    draw_text,
    key_caps_width,
    rounded,
)
from ui.widgets.panels import Ground, Line, row
from ui.widgets.sheet import Layer
from ui.widgets.status import KeyCaps

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the palette. A ``heading`` is a group's caption and cannot be chosen.

    ``detail`` follows the title in grey; ``match`` is what was typed, underlined where it begins a word of the title;
    ``subject`` is what the preview shows.
    """

    title: str
    run: Callable[[], None] | None = None
    icon: str = ""
    initials: str = ""
    detail: str = ""
    source: str = ""
    keys: str = ""
    match: str = ""
    heading: bool = False
    best: bool = False
    subject: object = None


class _Entries(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def put(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.entries[index.row()].heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return " ".join(filter(None, (entry.title, entry.detail, entry.source)))
        return entry if role == Qt.ItemDataRole.UserRole else None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        return QSize(100, theme().px(30 if entry.heading else 36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        rect: QRect = option.rect
        if entry.heading:
            draw_text(painter, rect.adjusted(16, 6, -16, 0), entry.title, style="small", role="text-3")
            return
        view = self.parent()
        assert isinstance(view, QListView)
        middle = rect.center().y() + 0.5
        ground = "raised"
        if view.currentIndex() == index:
            ground = "selected"
            rounded(painter, rect.adjusted(6, 1, -6, -1), radius=6, fill=ground)
        x = rect.left() + 16
        if entry.initials:
            side = theme().px(20)
            draw_avatar(painter, QRect(x, round(middle - side / 2), side, side), entry.initials, strong=entry.best)
        elif entry.icon:
            side = theme().px(16)
            draw_icon(painter, entry.icon, x + 2, middle - side / 2, role="text-2", size=side, ground=ground)
        right = self._paint_right(painter, rect.right() - 16, middle, entry, view.currentIndex() == index)
        self._paint_words(
            painter, QRect(x + theme().px(22) + 8, rect.top(), right - x - theme().px(22) - 16, rect.height()), entry
        )

    def _paint_right(self, painter: QPainter, right: float, middle: float, entry: Entry, current: bool) -> int:
        caps = caps_of(entry.keys) if entry.keys else (("↵",) if current else ())
        if caps:
            right -= key_caps_width(caps)
            draw_key_caps(painter, right, middle, caps)
            right -= 6
        if entry.source:
            right -= theme().px(24)
            draw_source_tag(painter, right, middle, entry.source)
            right -= 6
        return int(right)

    def _paint_words(self, painter: QPainter, box: QRect, entry: Entry) -> None:
        start = matched_at(entry.title, entry.match)
        if start < 0:
            used = draw_text(painter, box, entry.title)
        else:
            used = self._paint_matched(painter, box, entry.title, start, start + len(entry.match.strip()))
        rest = box.adjusted(used + 7, 0, 0, 0)
        if entry.detail and rest.width() > 30:
            draw_text(painter, rest, entry.detail, role="text-3")

    def _paint_matched(self, painter: QPainter, box: QRect, title: str, start: int, end: int) -> int:
        """The title with the letters from ``start`` to ``end`` strong and underlined; its width."""
        used = draw_text(painter, box, title[:start]) if start else 0
        strong = box.adjusted(used, 0, 0, 0)
        width = draw_text(painter, strong, title[start:end], weight=600)
        y = box.center().y() + theme().metrics("body").ascent() / 2 + 3
        painter.fillRect(QRect(strong.left(), round(y), width, 2), theme().colour("accent"))
        used += width
        return used + draw_text(painter, box.adjusted(used, 0, 0, 0), title[end:])


def matched_at(title: str, typed: str) -> int:
    """Where a word of ``title`` begins with ``typed``, or -1."""
    low, part = title.casefold(), typed.casefold().strip()
    if not part or len(low) != len(title):
        return -1
    at = low.find(part)
    while at > 0 and low[at - 1].isalnum():
        at = low.find(part, at + 1)
    return at


class Palette(Layer):
    """The box itself. ``typed`` asks for results; the owner answers with ``show_entries`` and ``show_preview``."""

    typed = Signal(str)
    previewed = Signal(object)

    def __init__(self) -> None:
        super().__init__("Search and commands")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.setSpacing(10)
        head.addWidget(IconView("search", "text-2", 18))
        self.line = QLineEdit()
        self.line.setProperty("bare", "true")
        self.line.setAccessibleName("Search or jump to")
        self.line.setPlaceholderText("A name, birth date, phone, or what you want to do")
        self.line.setFont(theme().font("heading", 400))
        self.line.setMinimumHeight(theme().px(50))
        self.line.textChanged.connect(self.typed)
        head.addWidget(self.line, 1)
        self.count = Label("", "small", "text-3")
        head.addWidget(self.count)
        head.addWidget(KeyCaps("Esc"))
        outer.addLayout(head)
        outer.addWidget(Line())
        self._model = _Entries(self)
        self._list = _List(self._model)
        self._list.setAccessibleName("Results")
        self._list.clicked.connect(lambda _index: self._go())
        self.preview = Ground("sunken")
        self.preview.setFixedWidth(theme().px(280))
        self.preview_box = QVBoxLayout(self.preview)
        self.preview_box.setContentsMargins(16, 16, 16, 16)
        self.preview_box.setSpacing(8)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._list, 1)
        middle.addWidget(Line(vertical=True))
        middle.addWidget(self.preview)
        outer.addLayout(middle, 1)
        outer.addWidget(Line())
        outer.addLayout(self._footer())

    def _footer(self) -> QHBoxLayout:
        def note(keys: str, words: str) -> QHBoxLayout:
            return row(KeyCaps(keys), Label(words, "small", "text-3"), spacing=6)

        foot = row(note("Up Down", "choose"), note("Return", "open"), None, spacing=16, margins=(16, 8, 16, 9))
        foot.addLayout(note(">", "commands"))
        foot.addLayout(note("@", "providers"))
        return foot

    def wanted(self, room: QRect) -> QRect:
        """784 wide, 92 from the top."""
        look = theme()
        width, height = min(look.px(784), room.width() - 40), min(look.px(564), room.height() - 110)
        return QRect(room.left() + (room.width() - width) // 2, room.top() + 92, width, max(240, height))

    def first_focus(self) -> QWidget:
        """The line."""
        return self.line

    def show_entries(self, entries: Sequence[Entry], count_words: str) -> None:
        """Show results; the first that can be chosen is current."""
        self._model.put(entries)
        self.count.setText(count_words)
        self._move(1, start=-1)

    def entries(self) -> Sequence[Entry]:
        """What is listed."""
        return tuple(self._model.entries)

    def current(self) -> Entry | None:
        """The line Enter would open."""
        index = self._list.currentIndex()
        return self._model.entries[index.row()] if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Enter opens, Ctrl+1…3 do what is offered for the best match."""
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._by_keys("Ctrl+Return") if control else self._go()
        elif control and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self._by_keys(f"Ctrl+{chr(key)}")
        else:
            super().keyPressEvent(event)
        event.accept()

    def _by_keys(self, keys: str) -> None:
        entry = next((entry for entry in self._model.entries if entry.keys == keys), None)
        if entry is not None:
            self._run(entry)

    def _move(self, step: int, start: int | None = None) -> None:
        at = self._list.currentIndex().row() if start is None else start
        entries = self._model.entries
        for _ in entries:
            at = (at + step) % len(entries)
            if not entries[at].heading:
                self._list.setCurrentIndex(self._model.index(at, 0))
                break
        chosen = self.current()
        self.previewed.emit(chosen.subject if chosen else None)
        self._list.viewport().update()

    def _go(self) -> None:
        entry = self.current()
        if entry is not None and not entry.heading:
            self.previewed.emit(entry.subject)
            self._run(entry)

    def _run(self, entry: Entry) -> None:
        self.close_with("run")
        if entry.run is not None:
            entry.run()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The raised ground."""
        painter = QPainter(self)
        rounded(painter, self.rect(), radius=12, fill="raised", line="line")


class _List(QListView):
    def __init__(self, model: _Entries) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Painter(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(False)
        self.setProperty("ground", "raised")
