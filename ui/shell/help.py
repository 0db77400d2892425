"""Keyboard help (?): every key of every page, searchable, printable; letters can be switched off here."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.actions import everywhere
from ui.actions.keys import caps_of
from ui.screens.registry import ScreenSpec
from ui.theme import theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.choices import Toggle
from ui.widgets.fields import LineEdit
from ui.widgets.label import Label
from ui.widgets.paint import draw_key_caps, draw_text, hairline, key_caps_width
from ui.widgets.panels import Line, Scroll, clear
from ui.widgets.sheet import Layer
from ui.widgets.status import Painted

_COLUMNS = 4
_LINE = 29


class KeyLine(msgspec.Struct, frozen=True):
    """One line of the help."""

    title: str
    keys: str


class KeyGroup(msgspec.Struct, frozen=True):
    """A captioned part of the help."""

    title: str
    lines: tuple[KeyLine, ...]


def groups_of(screens: Sequence[ScreenSpec]) -> list[KeyGroup]:
    """All keys, from the registry: everywhere, go to, sheets, lists, then one group a page."""
    made = [
        KeyGroup("Everywhere", tuple(KeyLine(a.title, a.keys_words) for a in everywhere.ACTIONS if a.keys_words)),
        KeyGroup("Sheets and forms", tuple(KeyLine(note.title, note.keys) for note in everywhere.SHEETS)),
        KeyGroup("Go to, press G then", tuple(KeyLine(s.title, f"G {s.go}") for s in screens if s.go)),
        KeyGroup("Lists", tuple(KeyLine(note.title, note.keys) for note in everywhere.LISTS)),
    ]
    for screen in screens:
        lines = [KeyLine(action.title, action.keys_words) for action in screen.actions() if action.keys_words]
        lines += [KeyLine(note.title, note.keys) for note in screen.notes()]
        if lines:
            made.append(KeyGroup(screen.title, tuple(lines)))
    return made


def narrowed(groups: Sequence[KeyGroup], text: str) -> list[KeyGroup]:
    """Groups with only the lines that ``text`` finds, by title or key."""
    wanted = text.casefold().strip()
    if not wanted:
        return list(groups)
    found = (
        KeyGroup(
            group.title,
            tuple(line for line in group.lines if wanted in line.title.casefold() or wanted == line.keys.casefold()),
        )
        for group in groups
    )
    return [group for group in found if group.lines]


def balanced(groups: Sequence[KeyGroup], columns: int) -> list[list[KeyGroup]]:
    """Groups in reading order over at most ``columns`` columns of nearly one height."""
    total = sum(len(group.lines) + 2 for group in groups)
    aim = -(-total // columns)
    made: list[list[KeyGroup]] = [[]]
    height = 0
    for group in groups:
        tall = len(group.lines) + 2
        if made[-1] and height + tall / 2 > aim and len(made) < columns:
            made.append([])
            height = 0
        made[-1].append(group)
        height += tall
    return made


class KeyboardHelp(Layer):
    """The help sheet. ``letters_changed`` when the switch is used, ``print_wanted`` for the button."""

    letters_changed = Signal(bool)
    print_wanted = Signal()

    def __init__(self, groups: Sequence[KeyGroup], letters: bool) -> None:
        super().__init__("Keyboard help")
        self._groups = list(groups)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(24, 14, 18, 12)
        head.setSpacing(10)
        head.addWidget(Label("Keyboard", "title"))
        head.addWidget(Label("Single letters work when no field is active.", "body", "text-2"), 1)
        self.find_line = LineEdit("Find a key or action", icon="search")
        self.find_line.setPlaceholderText("Find a key or action")
        self.find_line.setFixedWidth(theme().px(220))
        self.find_line.textChanged.connect(self._show)
        head.addWidget(self.find_line)
        press = Button("Print", icon="print")
        press.clicked.connect(self.print_wanted)
        head.addWidget(press)
        shut = IconButton("x", "Close")
        shut.clicked.connect(lambda: self.close_with(""))
        head.addWidget(shut)
        outer.addLayout(head)
        inside = QWidget()
        # Held here: kept by Qt's parent alone, Python's collector was seen to take these from under the open sheet.
        self._held = (Line(), Scroll(inside, role="raised"), Line())
        self._box = QHBoxLayout(inside)
        self._box.setContentsMargins(24, 16, 24, 16)
        self._box.setSpacing(32)
        for part in self._held:
            outer.addWidget(part, int(isinstance(part, Scroll)))
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 6, 24, 6)
        toggle = Toggle("Single-letter keys")
        toggle.setChecked(letters)
        toggle.toggled.connect(self.letters_changed)
        foot.addWidget(toggle)
        foot.addStretch(1)
        foot.addWidget(Label("On a Mac, Ctrl is ⌘", "small", "text-3"))
        outer.addLayout(foot)
        self._show("")

    def wanted(self, room: QRect) -> QRect:
        """Wide and high."""
        width = min(theme().px(1080), room.width() - 40)
        height = min(theme().px(680), room.height() - 60)
        return QRect(
            room.left() + (room.width() - width) // 2, room.top() + (room.height() - height) // 3, width, height
        )

    def first_focus(self) -> QWidget:
        """The search line."""
        return self.find_line

    def lines(self) -> list[str]:
        """What is listed now, for a screen reader and for tests."""
        return [line.title for group in narrowed(self._groups, self.find_line.text()) for line in group.lines]

    def _show(self, text: str) -> None:
        clear(self._box)
        found = narrowed(self._groups, text)
        if not found:
            self._box.addWidget(Label(f"No key or action has “{text}” in its name.", "body", "text-2"))
            self._box.addStretch(1)
            return
        columns = balanced(found, _COLUMNS)
        for groups in columns:
            self._box.addLayout(_column(groups), 1)
        for _ in range(_COLUMNS - len(columns)):
            self._box.addStretch(1)


class _GroupView(Painted):
    """One group, painted: a widget for each of some two hundred lines would take a tenth of a second to make."""

    def __init__(self, group: KeyGroup) -> None:
        super().__init__()
        self._group = group
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        spoken = (f"{line.title}: {' '.join(caps_of(line.keys))}" for line in group.lines)
        self.setAccessibleName(f"{group.title}. {'. '.join(spoken)}")

    def sizeHint(self) -> QSize:
        """A caption and its lines."""
        look = theme()
        return QSize(look.px(200), look.px(26) + len(self._group.lines) * look.px(_LINE))

    def minimumSizeHint(self) -> QSize:
        """Titles may be cut, keys may not."""
        return QSize(theme().px(150), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Caption, then each line with its caps at the right."""
        painter, look = QPainter(self), theme()
        caption = QRect(0, 0, self.width(), look.px(20))
        draw_text(painter, caption, self._group.title, style="small", role="text-2", weight=600)
        top, height = look.px(26), look.px(_LINE)
        seen = event.rect()
        for line in self._group.lines:
            if top > seen.bottom():
                break
            if top + height < seen.top():
                top += height
                continue
            hairline(painter, 0, top, self.width(), top, "line-subtle")
            caps = caps_of(line.keys)
            left = self.width() - key_caps_width(caps)
            draw_key_caps(painter, left, top + height / 2, caps)
            draw_text(painter, QRect(0, top, left - 8, height), line.title)
            top += height


def _column(groups: Sequence[KeyGroup]) -> QVBoxLayout:
    box = QVBoxLayout()
    box.setSpacing(theme().px(14))
    for group in groups:
        box.addWidget(_GroupView(group))
    box.addStretch(1)
    return box
