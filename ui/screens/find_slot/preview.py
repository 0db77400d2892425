"""The time chosen, seen in its day: the column around it, what is known of it, what to read to the patient."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.model.views import DayView, FoundSlot, Verdict
from app.rules import words
from app.rules.names import shown
from ui.grid.content import GridContent, Proposal, span_words
from ui.grid.grid import ScheduleGrid
from ui.screens.schedule.content import day_content
from ui.screens.schedule.settings import Look
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Line, Pane, column, row
from ui.widgets.status import Age, FreshnessBadge, age_of

_AROUND = 90


class Preview(Pane):
    """``book_wanted``, ``copy_wanted``, ``recheck_wanted``."""

    book_wanted = Signal()
    copy_wanted = Signal()
    see_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(320, parent=parent)
        self.setAccessibleName("The time chosen")
        self._title = Label("", "heading", elide=True)
        self._age = FreshnessBadge()
        self._whom = Label("", "body", "text-2", elide=True)
        self.grid = ScheduleGrid()
        self.grid.set_headless(True)
        self.grid.set_zoom(2)
        self.grid.setMinimumHeight(theme().px(140))
        self.grid.setMaximumHeight(theme().px(336))
        self._note = Label("Not reserved until you book.", "body", "text-2", wrap=True)
        self._script = Label("", "body", wrap=True)
        self._copy = Button("Copy", icon="copy", keys="C", size="small")
        self._copy.clicked.connect(self.copy_wanted)
        self._book = Button("Book", "primary", keys="Return")
        self._book.clicked.connect(self.book_wanted)
        self._see = Button("On the schedule", icon="calendar")
        self._see.clicked.connect(self.see_wanted)
        head = row(self._title, self._age, spacing=8)
        head.setStretch(0, 1)
        note = row(IconView("hold", "text-3", 15), self._note, spacing=10)
        note.setStretch(1, 1)
        self._read = QWidget()
        self._read.setLayout(
            column(
                Label("Read to the patient", "small", "text-2", weight=500),
                self._script,
                row(self._copy, None),
                spacing=6,
            )
        )
        inner = column(spacing=0)
        inner.addLayout(_padded(column(head, self._whom, spacing=2)))
        inner.addWidget(Line())
        inner.addWidget(self.grid, 4)
        inner.addWidget(Line())
        inner.addLayout(_padded(note))
        inner.addWidget(Line())
        inner.addLayout(_padded(column(self._read)))
        inner.addStretch(1)
        inner.addWidget(Line())
        inner.addLayout(_padded(row(self._see, None, self._book)))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Line(vertical=True))
        outer.addLayout(inner, 1)

    def minimumSizeHint(self) -> QSize:
        """The button to the schedule gives up its words first."""
        return QSize(min(theme().px(320), 320), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out words where larger text has no room for them."""
        self._see.set_folded(self.width() < theme().px(290))
        super().resizeEvent(event)

    def show_slot(self, slot: FoundSlot, view: DayView | None, who: str, now: datetime, *, private: bool) -> None:
        """Show a time; ``view`` is its day with this provider's column, once read."""
        today = view.today if view else slot.day
        clock = words.clock_time(slot.start_minute)
        self._title.setText(f"{words.relative_day(slot.day, today)}, {clock}")
        self._age.show_age(_age(slot, now, view.time_zone if view else "UTC"))
        self._book.set_words(f"Book {clock[:-3]}")
        self._book.setEnabled(slot.verdict is not Verdict.TAKEN)
        if slot.verdict is Verdict.TAKEN:
            self._note.setText("Somebody else has just taken this time. Choose another.")
        else:
            self._note.setText(slot.words or "Not reserved until you book.")
        if view is None or not view.columns:
            return
        each = view.columns[0]
        self._whom.setText(f"{shown(each.provider.shown_name())} · {each.source.name}")
        content = day_content(view, Look(), private=private)
        first = max(content.first, slot.start_minute - _AROUND)
        self.grid.set_content(GridContent(columns=content.columns, first=content.first, last=content.last))
        self.grid.set_proposal(
            Proposal(
                column_key=slot.provider_id,
                start=slot.start_minute,
                minutes=slot.minutes,
                title=who or "New visit",
                subtitle=span_words(slot.start_minute, slot.minutes),
            )
        )
        self.grid.scroll_to_minute(first + _AROUND)

    def show_script(self, script: str) -> None:
        """What to read aloud."""
        self._script.setText(script)
        self._read.setVisible(bool(script))


def _age(slot: FoundSlot, now: datetime, zone: str) -> Age:
    if slot.verdict is Verdict.FREE:
        live = age_of(slot.checked_at, now, zone, live=True)
        return Age(words=f"Free, {live.words}", family=live.family, icon=live.icon)
    if slot.verdict is Verdict.TAKEN:
        return Age(words="just taken", family="red", icon="x")
    return age_of(slot.as_of, now, zone, stale=slot.verdict is Verdict.FAILED)


def _padded(layout: QHBoxLayout | QVBoxLayout) -> QHBoxLayout | QVBoxLayout:
    layout.setContentsMargins(16, 12, 16, 12)
    return layout
