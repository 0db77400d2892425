"""Beside the grid: the month with its load, what is free next, bookings under way; for a week, everybody's openings."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.model.schedule import ProviderRow, VisitStatus
from app.model.views import DayView, FreeSlot, PendingBlock, WeekView
from app.rules import words
from app.rules.names import initials, shown
from ui.screens.schedule.content import visit_title
from ui.screens.schedule.lines import FreeTable, PressLine
from ui.screens.schedule.month import MiniMonth
from ui.screens.schedule.settings import Look
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.panels import Line, Pane, Panel, Scroll, clear, column, row
from ui.widgets.status import FreshnessBadge, age_of


class SidePanel(Pane):
    """A column of small panels. ``slot_chosen`` (provider id, free slot); ``visit_wanted`` (provider id, item key)."""

    slot_chosen = Signal(object)
    visit_wanted = Signal(str, str)
    find_wanted = Signal()

    def __init__(self, width: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(width, parent=parent)
        self._lines: dict[Panel, Line] = {}
        self.setAccessibleName(name)
        self.inside = QWidget()
        self.parts = QVBoxLayout(self.inside)
        self.parts.setContentsMargins(0, 0, 0, 0)
        self.parts.setSpacing(0)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Line(vertical=True))
        outer.addWidget(Scroll(self.inside))

    def _part(self, title: str, aside: QWidget | None = None) -> Panel:
        panel = Panel(title, aside=aside)
        panel.body.setSpacing(2)
        self.parts.addWidget(panel)
        line = Line()
        self.parts.addWidget(line)
        self._lines[panel] = line
        return panel

    def _show_part(self, panel: Panel, shown: bool) -> None:
        """A part that has nothing to say takes no room, and neither does its hairline."""
        panel.setVisible(shown)
        self._lines[panel].setVisible(shown)

    def _slot_line(self, provider: ProviderRow, slot: FreeSlot, tag: str, when: str, name: str) -> PressLine:
        line = PressLine(when, name, f"{slot.minutes} min", tag=tag, strong_width=50)
        line.clicked.connect(lambda: self.slot_chosen.emit(slot))
        line.setEnabled(slot.bookable)
        line.setAccessibleDescription(f"Free with {shown(provider.shown_name())}. Press to book.")
        return line


class DaySide(SidePanel):
    """Month, arrived patients, next free, bookings under way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(248, "Month, next free times", parent)
        self.month = MiniMonth()
        holder = QWidget()
        holder.setLayout(column(self.month, margins=(16, 14, 12, 14)))
        self.parts.addWidget(holder)
        self.parts.addWidget(Line())
        find = Button("Find a slot", "link")
        find.clicked.connect(self.find_wanted)
        self._arrived_count = Label("", "small", "text-3")
        self._arrived = self._part("Arrived", self._arrived_count)
        self._pending = self._part("Being booked")
        self._free = self._part("Next free", find)
        self.parts.addStretch(1)

    def show_day(self, view: DayView, *, private: bool) -> None:
        """What belongs to the day shown."""
        tags = {each.provider.provider_id: each.source.source for each in view.columns}
        clear(self._free.body)
        for each in view.next_free:
            name = _short(each.provider)
            when = words.clock_time(each.slot.start_minute)[:-3]
            line = self._slot_line(each.provider, each.slot, tags.get(each.provider.provider_id, ""), when, name)
            self._free.body.addWidget(line)
        if not view.next_free:
            self._free.body.addWidget(Label("No free time is left on this day.", "small", "text-2", wrap=True))
        self._show_arrived(view, private=private)
        self._show_pending([block for each in view.columns for block in each.column.pending], private=private)

    def _show_arrived(self, view: DayView, *, private: bool) -> None:
        clear(self._arrived.body)
        found = [
            (each, block)
            for each in view.columns
            for block in each.column.visits
            if block.visit.status is VisitStatus.ARRIVED
        ]
        self._show_part(self._arrived, bool(found))
        self._arrived_count.setText(words.count(len(found), "person", "people"))
        for each, block in found:
            name = visit_title(block, private=private)
            at = words.clock_time(block.visit.start_minute)[:-3]
            line = PressLine(name, "", at, icon=("pie-2", "teal.solid"), below=_short(each.provider))
            key = block.visit.local_id
            line.clicked.connect(lambda _=False, p=each.provider.provider_id, k=key: self.visit_wanted.emit(p, k))
            self._arrived.body.addWidget(line)

    def _show_pending(self, blocks: list[PendingBlock], *, private: bool) -> None:
        clear(self._pending.body)
        self._show_part(self._pending, bool(blocks))
        for block in blocks:
            name = initials(block.title) if private else block.title
            at = words.clock_time(block.start_minute)[:-3]
            line = PressLine(name, "", at, icon=("progress", "accent"), below="Not booked yet")
            line.clicked.connect(lambda _=False, b=block: self.visit_wanted.emit(b.provider_id, f"job:{b.job_id}"))
            self._pending.body.addWidget(line)


class WeekSide(SidePanel):
    """Everybody's free slots, this provider's longest openings, the week in figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(300, "Free slots of the week", parent)
        self._age = FreshnessBadge()
        self._table = FreeTable()
        table = self._part("Free slots, all providers", self._age)
        table.body.addWidget(self._table)
        self._longest = self._part("Longest openings")
        self._figures = self._part("The week")
        self.parts.addStretch(1)

    def show_week(self, view: WeekView, look: Look, now: datetime) -> None:
        """What belongs to the week shown, providers in the order of ``look``; ``now`` is the present moment."""
        self._age.show_age(age_of(view.source.as_of, now, view.time_zone, stale=view.source.stale))
        heads = tuple(f"{words.weekday(day.day)[0]} {day.day.day}" for day in view.days)
        chosen = view.provider.provider_id
        rank = {each: at for at, each in enumerate(look.order)}
        self._table.show_rows(
            heads,
            tuple(
                (shown(each.provider.shown_name()), each.provider.provider_id == chosen, each.counts)
                for each in sorted(view.free_counts, key=lambda each: rank.get(each.provider.provider_id, len(rank)))
            ),
        )
        name = shown(view.provider.shown_name())
        self._longest.title.setText(f"{name}’s longest openings")
        clear(self._longest.body)
        for slot in view.longest:
            when = f"{words.weekday(slot.day)} {slot.day.day}"
            self._longest.body.addWidget(
                self._slot_line(view.provider, slot, "", when, words.clock_time(slot.start_minute))
            )
        if not view.longest:
            self._longest.body.addWidget(Label("No free time is left this week.", "small", "text-2", wrap=True))
        self._figures.title.setText(f"{name}’s week")
        clear(self._figures.body)
        self._figures.body.addLayout(row(*(_figure(number, word) for number, word in _figures(view)), None, spacing=24))


def _figures(view: WeekView) -> list[tuple[str, str]]:
    made = [(f"{view.visits}", "visit" if view.visits == 1 else "visits")]
    if view.new_patients:
        made.append((f"{view.new_patients}", "new patients"))
    if view.booked_share is not None:
        made.append((f"{round(view.booked_share * 100)}%", "booked"))
    if view.no_shows is not None:
        made.append((f"{view.no_shows}", "no-show" if view.no_shows == 1 else "no-shows"))
    return made


def _figure(number: str, word: str) -> QWidget:
    made = QWidget()
    made.setLayout(column(Label(number, "title"), Label(word, "small", "text-3"), spacing=0))
    return made


def _short(provider: ProviderRow) -> str:
    """``Oakenfield``: the family name is enough beside a grid."""
    return shown(provider.name).removeprefix("Dr. ").split(" ")[-1]
