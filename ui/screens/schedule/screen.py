"""The schedule page: toolbar, figures, the grid (or the list), what stands beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.model.changes import Change, Kind
from app.model.errors import DaybookError, Locked
from app.model.views import DayView, MonthLoads, WeekView
from app.rules import timezones
from app.store import providers as provider_rows
from ui.grid.content import GridColumn, GridItem, Proposal
from ui.grid.grid import ScheduleGrid
from ui.screens.base import Screen, Shell
from ui.screens.schedule.display import FOLLOWED, Display
from ui.screens.schedule.navigation import Navigation
from ui.screens.schedule.page import PageParts
from ui.screens.schedule.refusals import Refusals
from ui.screens.schedule.settings import KEY, ScheduleSettings, arranged
from ui.screens.schedule.side import DaySide
from ui.screens.schedule.stats import StatsStrip
from ui.screens.schedule.toolbar import ScheduleBar
from ui.screens.schedule.visits import Visits
from ui.services import Services
from ui.widgets.empty import Empty, Skeleton
from ui.widgets.panels import MAIN

if TYPE_CHECKING:
    from ui.grid.agenda import AgendaList
    from ui.screens.schedule.side import WeekSide

#: Changes are gathered for this long before the day is read again; the minute hand moves this often.
_GATHER_MS, _MINUTE_MS = 120, 15_000
#: Seconds the month and the visit types wait, so that the day is painted first.
_AFTER_PAINT = 0.1


class ScheduleScreen(Display, Visits, PageParts, Refusals, Navigation, Screen):
    """One day of many providers, or one provider's week."""

    name = "schedule"
    title = "Schedule"
    further = (
        "ui.grid.agenda",
        "ui.screens.book_visit.panel",
        "ui.screens.patients.finder",
        "ui.screens.schedule.check_in",
        "ui.screens.schedule.visit_panel",
    )

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__(services, shell)
        self.settings = ScheduleSettings()
        self.day = self.today()
        self.day_view: DayView | None = None
        self.week_view: WeekView | None = None
        self._loads: MonthLoads | None = None
        self._month = self.day.replace(day=1)
        self._visit_type = ""
        self._began = False
        self._proposal: tuple[Proposal | None, date | None] = (None, None)
        self._unwatch: Callable[[], None] | None = None
        self._scroll_next = True
        self._wanted: tuple[str, str, int] | None = None
        self._book_for = ""
        self._looked_at = None
        self._asked_in = {}
        self._build()
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(_GATHER_MS)
        self._gather.timeout.connect(self.renew)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self._tick)

    # -- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.bar = ScheduleBar(self.toolbar, self)
        self.stats = StatsStrip()
        self.grid = ScheduleGrid()
        self.empty = Empty()
        self.skeleton = Skeleton()
        self.stack = QStackedWidget()
        for part in (self.skeleton, self.grid, self.empty):
            self.stack.addWidget(part)
        self.skeleton.start()
        self.day_side = DaySide()
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.stats)
        middle.addWidget(self.stack, 1)
        self._line = QHBoxLayout()
        self._line.setSpacing(0)
        self._line.addLayout(middle, MAIN)
        self._line.addWidget(self.day_side)
        self._sides: list[QWidget] = [self.day_side]
        self.body.addLayout(self._line, 1)
        self.grid.refusal = self.may_not
        self.grid.set_details(self.details_of)
        self._connect()
        self.retitle()

    def _connect(self) -> None:
        bar, grid = self.bar, self.grid
        bar.moved.connect(lambda way: self.next_day() if way > 0 else self.previous_day())
        bar.today_wanted.connect(self.go_today)
        bar.columns_wanted.connect(self.choose_columns)
        bar.type_chosen.connect(self._set_type)
        bar.mode_chosen.connect(self._set_mode)
        bar.find_wanted.connect(self.find_slot)
        bar.book_wanted.connect(self.book)
        grid.opened.connect(self.open_item)
        grid.chosen.connect(self.book_at)
        grid.asked.connect(self.explain)
        grid.refused.connect(lambda said: self.shell.say(said, assertive=True))
        grid.menu_wanted.connect(self.open_menu)
        grid.header_menu_wanted.connect(lambda _key, _at: self.choose_columns())
        grid.zoom_changed.connect(self._zoomed)
        self._connect_side(self.day_side)
        self.day_side.month.picked.connect(self.go_to)
        self.day_side.month.month_wanted.connect(self._turn_month)

    def _connect_side(self, side: DaySide | WeekSide) -> None:
        side.slot_chosen.connect(self.book_slot)
        side.find_wanted.connect(self.find_slot)
        side.visit_wanted.connect(self.open_item)

    # The day in the grid is painted first; what else there may be is made when it is first wanted.

    @cached_property
    def agenda(self) -> AgendaList:
        """The day as a list."""
        from ui.grid.agenda import AgendaList

        agenda = AgendaList(self.tasks)
        agenda.opened.connect(self.open_or_book)
        self.stack.addWidget(agenda)
        return agenda

    @cached_property
    def week_side(self) -> WeekSide:
        """What stands beside a week."""
        from ui.screens.schedule.side import WeekSide

        side = WeekSide()
        self._connect_side(side)
        self.put_beside(side)
        return side

    def put_beside(self, side: QWidget) -> None:
        """Give a panel its place beside the grid, hidden."""
        side.hide()
        self._line.addWidget(side)
        self._sides.append(side)

    def main_part(self) -> QWidget:
        """The grid, the list, or what is said where neither is."""
        return self.stack.currentWidget() or self.grid

    def show_side(self, panel: QWidget | None) -> None:
        """Put a panel beside the grid; None: what belongs to the day or week."""
        wanted = panel or (self.week_side if self.in_week() else self.day_side)
        for side in self._sides:
            side.setVisible(side is wanted)
        self.room_changed.emit()
        if panel is None and self.isVisible():
            self.main_part().setFocus()

    # -- reading ---------------------------------------------------------------------------------------------------

    def today(self) -> date:
        """The present day at the location."""
        return timezones.local(self.services.clock.now(), self.services.practice.time_zone)[0]

    def in_week(self) -> bool:
        """Whether a week is shown."""
        return self.settings.mode == "week"

    def renew(self) -> None:
        """Read again; the newest wish wins."""
        self.tasks.restart("refresh", self.refresh())

    async def refresh(self) -> None:
        """Read the day or week from the local copy and paint it."""
        try:
            actor = self.shell.actor()
            if not self._began:
                await self._begin()
            if self.in_week():
                provider_id = await self._week_provider()
                self.week_view = await self.services.desk.schedule.week(actor, provider_id, self.day)
            else:
                self.day_view = await self.services.desk.schedule.day(actor, self.day)
        except Locked:
            return
        except DaybookError as failed:
            self.say_failed(failed)
            return
        self.banner.take("failed")
        self.repaint_content()
        self.follow_grid()
        self.begin_wanted_booking()
        self.tasks.restart("month", self._read_month(_AFTER_PAINT))

    async def _begin(self) -> None:
        """The person's settings and the visit types, once."""
        actor = self.shell.actor()
        kept = await self.services.desk.preferences.get(actor, KEY, ScheduleSettings, ScheduleSettings())
        self.settings = msgspec.structs.replace(kept, mode=self.settings.mode) if self.in_week() else kept
        self.grid.set_zoom(kept.look.zoom)
        self.grid.set_increment(kept.look.increment)
        self._began = True
        self.show_side(None)
        self.tasks.start_once("types", self._show_types())

    async def _show_types(self) -> None:
        await asyncio.sleep(_AFTER_PAINT)
        self.bar.show_types(await self.services.store.read(provider_rows.offered_type_names))

    async def _week_provider(self) -> str:
        if self.settings.week_provider:
            return self.settings.week_provider
        listed = await self.services.store.read(provider_rows.listed)
        shown = arranged([each.provider_id for each in listed], self.settings.look)
        chosen = shown[0] if shown else ""
        self.settings = msgspec.structs.replace(self.settings, week_provider=chosen)
        return chosen

    async def _read_month(self, pause: float = 0.0) -> None:
        """Keep the days fresh, and how full the month's are: after the day itself, which somebody is waiting for."""
        await asyncio.sleep(pause)
        wanted = self._month
        if self._minute.isActive() and self._unwatch is None:
            self._watch()
        if not self.in_week() and self.day_side.isVisible():
            loads = await self.services.desk.schedule.month(self.shell.actor(), wanted.year, wanted.month)
            if wanted == self._month:
                self._loads = loads
                self.show_month()

    # -- moving ----------------------------------------------------------------------------------------------------

    def go_to(self, day: date) -> None:
        """Show ``day``, or the week it is in."""
        if day == self.day and (self.day_view or self.week_view):
            return
        self.day = day
        self._month = day.replace(day=1)
        self._scroll_next = True
        self.show_month()
        self.retitle()
        self._watch()
        self.renew()

    def _turn_month(self, first: date) -> None:
        self._month = first
        self._loads = None
        self.show_month()
        self.tasks.restart("month", self._read_month())

    def _set_mode(self, mode: str) -> None:
        found = self.current_item()
        if mode == "week" and found is not None and self.day_view is not None:
            self.settings = msgspec.structs.replace(self.settings, week_provider=found[0].key)
        self.settings = msgspec.structs.replace(self.settings, mode=mode)
        self._scroll_next = True
        self.remember()
        self.show_side(None)
        self._watch()
        self.renew()

    def show_day_view(self) -> None:
        """D: the same day."""
        self._set_mode("day")

    def show_week_view(self) -> None:
        """W: the week of the provider under the cursor."""
        self._set_mode("week")

    def _set_type(self, visit_type: str) -> None:
        self._visit_type = visit_type
        self.repaint_content()

    def _zoomed(self, zoom: int) -> None:
        look = msgspec.structs.replace(self.settings.look, zoom=zoom)
        self.settings = msgspec.structs.replace(self.settings, look=look)
        self.remember()

    def toggle_list(self) -> None:
        """L: the list instead of the grid, or back; the cursor stays on the same visit."""
        found = self.current_item()
        self.settings = msgspec.structs.replace(self.settings, as_list=not self.settings.as_list)
        self.repaint_content()
        if found is not None:
            target = self.agenda if self.settings.as_list else self.grid
            target.select(found[0].key, found[1].key)
        self.main_part().setFocus()
        self.remember()

    def current_item(self) -> tuple[GridColumn, GridItem] | None:
        """What the cursor is on."""
        return self.agenda.current() if self.settings.as_list else self.grid.current()

    def has_columns(self) -> bool:
        """Whether anything is shown."""
        return bool(self.grid.content.columns)

    def announce(self, words: str) -> None:
        """Say what was changed."""
        self.shell.toast(words, icon="info")

    def remember(self) -> None:
        """Keep the settings for this person."""
        if self._began:
            work = self.services.desk.preferences.put(self.shell.actor(), KEY, self.settings)
            self.tasks.start(work, "remember schedule")

    # -- following -------------------------------------------------------------------------------------------------

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Read again where what is shown may have changed; changes that come together are read once."""
        if self.has_booking():
            self.booking.on_changes(changes)
        if any(each.kind is Kind.JOBS for each in changes):
            self.follow_check_ins()
        shown = self._shown_days()
        if any(each.kind in FOLLOWED and (not each.days or each.days & shown) for each in changes):
            self._gather.start()

    def _shown_days(self) -> frozenset[date]:
        if not self.in_week():
            return frozenset({self.day})
        monday = self.day - timedelta(days=self.day.weekday())
        return frozenset(monday + timedelta(days=ahead) for ahead in range(7))

    def on_shown(self) -> None:
        """Keep the days fresh and the minute hand moving while somebody looks."""
        if self._began:
            self._watch()
        self._minute.start()

    def on_hidden(self) -> None:
        """Nobody looks."""
        self._minute.stop()
        self.grid.hide_card()
        if self._unwatch is not None:
            self._unwatch()
            self._unwatch = None

    def _watch(self) -> None:
        if self._unwatch is not None:
            self._unwatch()
        self._unwatch = self.services.desk.schedule.watch(sorted(self._shown_days()))

    def _tick(self) -> None:
        """A quarter of a minute has passed: move the line, and read again when an age may have changed."""
        today, minute = timezones.local(self.services.clock.now(), self.services.practice.time_zone)
        before = self.grid.content.now
        self.grid.show_now(minute if today in self._shown_days() else None)
        if before != self.grid.content.now:
            self.renew()

    def keep_drafts(self) -> None:
        """The window locks or closes."""
        if self.has_booking():
            self.tasks.start(self.booking.keep(), "keep booking")

    # -- page ------------------------------------------------------------------------------------------------------

    def ahead(self) -> Sequence[Callable[[], object]]:
        """The panels beside the grid."""
        return (lambda: self.booking, lambda: self.visit_panel)

    def needs_room(self) -> bool:
        """While a visit is booked beside the grid."""
        return self.has_booking() and not self.booking.isHidden()

    def panes(self) -> Sequence[QWidget]:
        """Grid, then what stands beside it."""
        return [self.main_part(), *(side for side in self._sides if side.isVisible())]

    def printable(self) -> bool:
        """A day with columns can be printed."""
        return self.has_columns()


SCREEN = ScheduleScreen
