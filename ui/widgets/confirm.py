"""The confirm sheet: now → after, numbered steps with system tags, what can be undone, who is recorded."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.label import IconView, Label
from ui.widgets.paint import CENTER, draw_text, rounded
from ui.widgets.panels import Ground, Line, Well
from ui.widgets.sheet import Sheet
from ui.widgets.status import Painted, Pill, SourceTag


class Difference(msgspec.Struct, frozen=True):
    """One line of the table; an empty ``before`` is something new, ``after`` equal to it is unchanged."""

    name: str
    before: str
    after: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One write: what, where, and in a pill what can be said about taking it back (label, family, icon)."""

    title: str
    words: str
    source: str
    pill: tuple[str, str, str] | None = None


class _Number(Painted):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = str(number)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(22), theme().px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rounded(painter, self.rect(), radius=self.width() / 2, fill="accent")
        draw_text(painter, self.rect(), self._number, style="caption", weight=600, role="on-accent", align=CENTER)


class _After(Painted):
    """The new value on a green ground."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.setAccessibleName(f"After: {words}")

    def sizeHint(self) -> QSize:
        look = theme()
        width = look.metrics("body", 600).horizontalAdvance(self._words) + 15
        return QSize(min(width, look.px(300)), look.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rounded(painter, self.rect(), radius=4, fill="green.bg")
        draw_text(painter, QRectF(self.rect()).adjusted(7, 0, -6, 0), self._words, weight=600)


class ConfirmSheet(Sheet):
    """What will be written, before it is. Closes with ``"write"`` when confirmed."""

    def __init__(
        self,
        title: str,
        words: str,
        *,
        differences: Sequence[Difference],
        steps: Sequence[Step],
        on_failure: str,
        recorded_as: str,
        button: str = "",
    ) -> None:
        super().__init__(title, words, width=720)
        if differences:
            self.body.addWidget(_table(differences))
        if steps:
            self.body.addWidget(
                Label("In this order" if len(steps) > 1 else "What is written", "small", "text-2", weight=600)
            )
            self.body.addWidget(_steps(steps))
        if on_failure:
            self.body.addWidget(Well(on_failure))
        self.add_note("history", f"Recorded in the audit log as {recorded_as}")
        count = len(steps)
        label = button or ("Write 1 change" if count == 1 else f"Write {count} changes")
        self.add_button("", Button("Cancel", keys="Esc"))
        self.write = self.add_button("write", Button(label, "primary", keys="Ctrl+Return"), confirm=True)


def _table(differences: Sequence[Difference]) -> Ground:
    box = Ground("surface", line="line", radius=8)
    grid = QGridLayout(box)
    grid.setContentsMargins(1, 1, 1, 1)
    grid.setSpacing(0)
    head = Ground("sunken", radius=8)
    head.setFixedHeight(theme().px(28))
    grid.addWidget(head, 0, 0, 1, 4)
    for at, text in ((1, "Now"), (3, "After")):
        label = Label(text, "small", "text-2")
        label.setContentsMargins(8, 0, 8, 0)
        grid.addWidget(label, 0, at)
    for index, difference in enumerate(differences):
        top = 1 + index * 2
        grid.addWidget(Line("line"), top, 0, 1, 4)
        name = Label(difference.name, "body", "text-2")
        name.setContentsMargins(16, 8, 8, 8)
        grid.addWidget(name, top + 1, 0)
        changed = difference.before != difference.after
        before = Label(difference.before or "–", "body", "text-3" if changed else "text", elide=True)
        before.setContentsMargins(8, 0, 8, 0)
        if changed and difference.before:
            font = before.font()
            font.setStrikeOut(True)
            before.setFont(font)
        grid.addWidget(before, top + 1, 1)
        if changed:
            grid.addWidget(IconView("arrow-r", "text-2"), top + 1, 2)
            grid.addWidget(_After(difference.after or "removed"), top + 1, 3, Qt.AlignmentFlag.AlignLeft)
        else:
            same = Label("no change", "body", "text-3")
            same.setContentsMargins(8, 0, 8, 0)
            grid.addWidget(same, top + 1, 3)
    grid.setColumnMinimumWidth(0, theme().px(130))
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(3, 1)
    grid.setColumnMinimumWidth(2, 40)
    return box


def _steps(steps: Sequence[Step]) -> Ground:
    box = Ground("surface", line="line", radius=8)
    column = QVBoxLayout(box)
    column.setContentsMargins(1, 1, 1, 1)
    column.setSpacing(0)
    for number, step in enumerate(steps, start=1):
        if number > 1:
            column.addWidget(Line())
        line = QHBoxLayout()
        line.setContentsMargins(16, 11, 16, 11)
        line.setSpacing(12)
        line.addWidget(_Number(number), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(step.title, "body-strong"))
        if step.source:
            head.addWidget(SourceTag(step.source))
        head.addStretch(1)
        texts.addLayout(head)
        if step.words:
            texts.addWidget(Label(step.words, "small", "text-2", wrap=True))
        line.addLayout(texts, 1)
        if step.pill is not None:
            line.addWidget(Pill(*step.pill), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
    return box
