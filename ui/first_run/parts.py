"""Parts of the first run: the steps at the left, cards at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme import theme
from ui.widgets.label import BrandMark, IconView, Label
from ui.widgets.paint import CENTER, draw_icon, draw_text, rounded
from ui.widgets.panels import Ground, column, row
from ui.widgets.status import Painted

STEPS = (
    ("Protect this computer", "Your account and a recovery passphrase"),
    ("Choose how to start", "Try the demo, or connect a system"),
    ("Set up your day", "Providers, hours, your role"),
)


class _Mark(Painted):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number, self._state = number, "ahead"

    def show_state(self, state: str) -> None:
        """``done``, ``now`` or ``ahead``."""
        self._state = state
        self.setAccessibleName({"done": "done", "now": "this step", "ahead": "later"}[state])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(22), theme().px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, half = QPainter(self), self.width() / 2
        if self._state == "done":
            rounded(painter, self.rect(), radius=half, fill="green.solid")
            draw_icon(painter, "check", half - 7, half - 7, role="surface", size=14)
            return
        if self._state == "now":
            rounded(painter, self.rect(), radius=half, fill="accent")
        else:
            rounded(painter, self.rect(), radius=half, line="line-strong")
        role = "on-accent" if self._state == "now" else "text-2"
        draw_text(painter, self.rect(), str(self._number), style="caption", weight=600, role=role, align=CENTER)


class Aside(Ground):
    """The left third: brand, promise, steps."""

    def __init__(self) -> None:
        super().__init__("frame")
        self.setMinimumWidth(320)
        self.setMaximumWidth(theme().px(412))
        box = QVBoxLayout(self)
        box.setContentsMargins(48, 44, 40, 32)
        box.setSpacing(0)
        box.addLayout(row(BrandMark(26), Label("Daybook", "title"), None, spacing=10))
        box.addSpacing(56)
        box.addWidget(Label("One day, one page, every system.", "hero", wrap=True))
        box.addSpacing(10)
        promise = "Schedules, coverage, claims and payments from the systems you already use, in one window."
        box.addWidget(Label(promise, "heading", "text-2", weight=400, wrap=True))
        box.addSpacing(44)
        self._marks = []
        for number, (title, words) in enumerate(STEPS, start=1):
            mark = _Mark(number)
            self._marks.append(mark)
            texts = column(
                Label(title, "body", weight=500, wrap=True), Label(words, "small", "text-2", wrap=True), spacing=0
            )
            line = row(spacing=12)
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(texts, 1)
            box.addLayout(line)
            box.addSpacing(16)
        box.addStretch(1)
        for icon, words in (
            ("lock", "Sign-in details stay in this computer's key store."),
            ("eye", "You confirm every change before it is written."),
        ):
            line = row(IconView(icon, "text-2", 14))
            line.addWidget(Label(words, "small", "text-2", wrap=True), 1)
            box.addLayout(line)
            box.addSpacing(8)

    def show_step(self, step: int) -> None:
        """Steps before ``step`` (from 1) are done."""
        for number, mark in enumerate(self._marks, start=1):
            mark.show_state("done" if number < step else "now" if number == step else "ahead")


def page(title: str, words: str) -> tuple[QWidget, QVBoxLayout]:
    """A step's page and its column."""
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(72, 52, 72, 32)
    box.setSpacing(14)
    box.addWidget(Label(title, "figure"))
    box.addWidget(Label(words, "body", "text-2", wrap=True))
    box.addSpacing(8)
    return made, box
