"""Painting what was read: titles, figures, grid and list, banners, the month, a proposed time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QStackedWidget

from app.model.changes import Kind
from app.model.errors import DaybookError
from app.model.views import ColumnSource, DayView, MonthLoads, WeekView
from ui.grid.content import GridContent, Proposal
from ui.grid.cursor import nearest
from ui.grid.grid import ScheduleGrid
from ui.screens.base import Shell
from ui.screens.schedule.content import cause_icon, day_content, provider_label, week_content
from ui.screens.schedule.dates import week_title
from ui.screens.schedule.settings import ScheduleSettings
from ui.screens.schedule.side import DaySide
from ui.screens.schedule.stats import StatsStrip
from ui.screens.schedule.toolbar import ScheduleBar
from ui.services import Services
from ui.text import long_date
from ui.widgets.banner import Banner, BannerSlot
from ui.widgets.empty import Empty, Skeleton

if TYPE_CHECKING:
    from ui.grid.agenda import AgendaList
    from ui.screens.schedule.side import WeekSide

#: After a change of one of these what is shown is read again.
FOLLOWED = frozenset(
    {
        Kind.VISITS,
        Kind.OPEN_SLOTS,
        Kind.PROVIDERS,
        Kind.VISIT_TYPES,
        Kind.RULES,
        Kind.JOBS,
        Kind.CONNECTIONS,
        Kind.PATIENTS,
    }
)


class Display:
    """Mixed into the schedule screen, which makes the parts and reads the views."""

    services: Services
    shell: Shell
    settings: ScheduleSettings
    banner: BannerSlot
    bar: ScheduleBar
    stats: StatsStrip
    grid: ScheduleGrid
    empty: Empty
    skeleton: Skeleton
    stack: QStackedWidget
    day_side: DaySide
    day: date
    day_view: DayView | None
    week_view: WeekView | None
    _loads: MonthLoads | None
    _month: date
    _visit_type: str
    _scroll_next: bool
    _wanted: tuple[str, str, int] | None
    _proposal: tuple[Proposal | None, date | None]

    def renew(self) -> None:
        """Read again."""
        raise NotImplementedError

    @property
    def agenda(self) -> AgendaList:
        """The day as a list, made when it is first wanted."""
        raise NotImplementedError

    @property
    def week_side(self) -> WeekSide:
        """What stands beside a week, made when it is first wanted."""
        raise NotImplementedError

    def today(self) -> date:
        """The present day at the location."""
        raise NotImplementedError

    def in_week(self) -> bool:
        """Whether a week is shown."""
        raise NotImplementedError

    def repaint_content(self) -> None:
        """Paint what was read, in the look in force."""
        self.retitle()
        private, look = self.shell.privacy(), self.settings.look
        # A card tells more than initials do.
        self.grid.hover_cards = self.settings.hover_cards and not private
        if self.in_week():
            if self.week_view is None:
                return
            content = week_content(self.week_view, look, private=private, visit_type=self._visit_type)
            self.week_side.show_week(self.week_view, look, self.services.clock.now())
            self.bar.show_providers(provider_label(self.week_view.provider), one=True)
            sources, empty = [self.week_view.source], ""
        else:
            if self.day_view is None:
                return
            content = day_content(self.day_view, look, private=private, visit_type=self._visit_type)
            self.stats.show_stats(self.day_view.stats)
            self.day_side.show_day(self.day_view, private=private)
            self.bar.show_providers(self._provider_words(len(content.columns)), one=False)
            sources, empty = [each.source for each in self.day_view.columns], self.day_view.empty_words
        self.stats.setVisible(not self.in_week())
        self._show_content(content, empty)
        self._warn_of_age(sources)

    def _show_content(self, content: GridContent, empty: str) -> None:
        before = self.stack.currentWidget()
        had_focus = before is not None and before.hasFocus()
        self.skeleton.stop()
        self.grid.set_content(content)
        if self.settings.as_list:
            self.agenda.set_content(content, days=self.in_week())
        self.put_proposal()
        if content.columns:
            self.stack.setCurrentWidget(self.agenda if self.settings.as_list else self.grid)
        else:
            words = empty or "Every provider is hidden. Press V to choose whom to show."
            self.empty.say("No columns to show", words, icon="calendar", family="")
            self.stack.setCurrentWidget(self.empty)
        shown = self.stack.currentWidget()
        if had_focus and shown is not None:
            # Qt would hand it to whatever comes next.
            shown.setFocus()
        if self._scroll_next and content.columns:
            self._scroll_next = False
            first = min((item.start for column in content.columns for item in column.items), default=content.first)
            start = self.settings.look.start_minute
            # Today opens at now, another day at the hour of the view in force, or else at its first visit.
            self.grid.scroll_to_minute(content.now if content.now is not None else start if start >= 0 else first)
        self._go_to_wanted(content)

    def _go_to_wanted(self, content: GridContent) -> None:
        """Put the cursor on what another page pointed at, once its day is there."""
        if self._wanted is None:
            return
        column_key, item_key, minute = self._wanted
        at = next((n for n, column in enumerate(content.columns) if column.key == column_key), -1)
        if at < 0:
            return
        self._wanted = None
        if not self.grid.select(column_key, item_key) and minute >= 0:
            item = nearest(content.columns[at], minute)
            if item >= 0:
                self.grid.set_place((at, item))

    def _warn_of_age(self, sources: Sequence[ColumnSource]) -> None:
        old = [source for source in sources if source.stale]
        if not old:
            self.banner.take("age")
            return
        worst = old[0]
        strong, _, rest = (worst.state_words or f"{worst.name}’s schedule is old.").partition(". ")
        waits = "" if worst.view_only else "; booking there waits"
        words = f"{rest} Showing it {worst.stale_words}. You can read it{waits}.".strip()
        self.banner.put(
            Banner(
                key="age",
                family="amber",
                icon=cause_icon(worst.state),
                strong=f"{strong.removesuffix('.')}.",
                words=words,
                button="Connections",
                on_button=lambda: self.shell.open("connections"),
            )
        )

    def retitle(self) -> None:
        """The date, or the week's dates."""
        if self.in_week():
            days = tuple(day.day for day in self.week_view.days) if self.week_view else ()
            self.bar.show_title(week_title(days), week=True)
        else:
            self.bar.show_title(long_date(self.day), week=False)

    def _provider_words(self, shown: int) -> str:
        if self.settings.current:
            return self.settings.current
        total = len(self.day_view.columns) if self.day_view else shown
        return f"All {total} providers" if shown == total else f"{shown} of {total} providers"

    def show_month(self) -> None:
        """The month beside the grid, with its loads once they are read."""
        self.day_side.month.show_month(self._month, self.day, self.today(), self._loads)

    def propose(self, proposal: Proposal | None, day: date | None) -> None:
        """Paint a booking that is being made; None takes it off."""
        self._proposal = (proposal, day)
        self.put_proposal()

    def put_proposal(self) -> None:
        """Paint the time being booked where its column is shown."""
        proposal, day = self._proposal
        if proposal is not None and day is not None and self.in_week():
            same = self.week_view is not None and proposal.column_key == self.week_view.provider.provider_id
            shown = msgspec.structs.replace(proposal, column_key=day.isoformat()) if same else None
            self.grid.set_proposal(shown)
        else:
            self.grid.set_proposal(proposal if day == self.day else None)

    def say_failed(self, failed: DaybookError) -> None:
        """Reading failed: over what was read before, or in its place."""
        if self.day_view is None and self.week_view is None:
            self.empty.say(
                failed.happened,
                failed.means,
                icon="alert",
                family="amber",
                button="Try again",
                button_icon="refresh",
                on_button=self.renew,
            )
            self.stack.setCurrentWidget(self.empty)
            return
        self.banner.put(
            Banner(
                key="failed",
                family="red",
                icon="alert",
                strong=failed.happened,
                words=failed.means,
                button="Try again",
                on_button=self.renew,
            )
        )
