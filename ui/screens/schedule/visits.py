"""From the grid to a visit: booking a free time, opening a visit, saying whose it is, why a time is not offered."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.model.schedule import ProviderRow, VisitRow
from app.model.views import ColumnSource, DayColumn, DayView, FreeSlot, VisitBlock, WeekView
from app.rules import words
from app.rules.names import shown
from ui.grid.content import GridColumn, GridItem, ItemKind, Proposal
from ui.grid.grid import Refused, ScheduleGrid
from ui.screens.base import Shell
from ui.screens.book_visit.start import BookingStart
from ui.screens.schedule.content import cannot_words, pending_details, refused, visit_details, visit_title
from ui.services import Services
from ui.tasks import TaskOwner

if TYPE_CHECKING:
    from ui.screens.book_visit.panel import BookPanel
    from ui.screens.patients.people import Person
    from ui.screens.schedule.visit_panel import VisitPanel

#: A longer free stretch is booked from where the pointer was; a shorter one from its start.
_LONG_STRETCH = 60


class Visits:
    """Mixed into the schedule screen."""

    services: Services
    shell: Shell
    tasks: TaskOwner
    grid: ScheduleGrid
    day: date
    day_view: DayView | None
    week_view: WeekView | None
    _book_for: str
    #: What the visit panel shows, and whether it did so in privacy mode.
    _looked_at: tuple[VisitBlock, ProviderRow, ColumnSource, bool] | None
    #: Check-ins asked for from here that have not come to an end: system by job id.
    _asked_in: dict[str, str]

    def today(self) -> date:
        """The present day at the location."""
        raise NotImplementedError

    def in_week(self) -> bool:
        """Whether a week is shown."""
        raise NotImplementedError

    def go_to(self, day: date) -> None:
        """Show a day."""
        raise NotImplementedError

    def show_side(self, panel: QWidget | None) -> None:
        """Put a panel beside the grid."""
        raise NotImplementedError

    def current_item(self) -> tuple[GridColumn, GridItem] | None:
        """What the cursor is on."""
        raise NotImplementedError

    def propose(self, proposal: Proposal | None, day: date | None) -> None:
        """Paint a booking that is being made on the grid."""
        raise NotImplementedError

    def put_beside(self, side: QWidget) -> None:
        """Give a panel its place beside the grid, hidden."""
        raise NotImplementedError

    # -- panels, made with the first visit or booking --------------------------------------------------------------

    @cached_property
    def booking(self) -> BookPanel:
        """The panel for a booking."""
        from ui.screens.book_visit.panel import BookPanel

        panel = BookPanel(self.services, self.shell, self.tasks, self.today)
        panel.proposed.connect(self.propose)
        panel.day_wanted.connect(self.go_to)
        panel.closed.connect(lambda: self.show_side(None))
        self.put_beside(panel)
        return panel

    def has_booking(self) -> bool:
        """Whether anything was booked, or began to be, since the screen was made."""
        return "booking" in self.__dict__

    @cached_property
    def visit_panel(self) -> VisitPanel:
        """The panel for one visit."""
        from ui.screens.patients.finder import PeopleFinder
        from ui.screens.schedule.visit_panel import VisitPanel

        panel = VisitPanel(PeopleFinder(self.services, self.shell, self.today), self.tasks)
        panel.closed.connect(lambda: self.show_side(None))
        panel.link_wanted.connect(self._link)
        panel.unlink_wanted.connect(self._unlink)
        panel.check_in_wanted.connect(self._check_in_shown)
        panel.patient_wanted.connect(lambda key: self.shell.open("patients", patient_id=key))
        self.put_beside(panel)
        return panel

    # -- what stands where -----------------------------------------------------------------------------------------

    def column_of(self, column_key: str) -> tuple[ProviderRow, ColumnSource, DayColumn] | None:
        """Provider, source and day behind a column of the grid."""
        if self.in_week():
            view = self.week_view
            for day in view.days if view else ():
                if view is not None and day.day.isoformat() == column_key:
                    return view.provider, view.source, day
            return None
        for each in self.day_view.columns if self.day_view else ():
            if each.provider.provider_id == column_key:
                return each.provider, each.source, each.column
        return None

    def details_of(self, column: GridColumn, item: GridItem) -> tuple[str, ...]:
        """The lines of an item's hover card."""
        found = self.column_of(column.key)
        if found is None:
            return ()
        _, source, day = found
        if item.kind is ItemKind.PENDING:
            job = next((each for each in day.pending if f"job:{each.job_id}" == item.key), None)
            return pending_details(job, source) if job else ()
        visit = next((each for each in day.visits if each.visit.local_id == item.key), None)
        return visit_details(visit, source) if visit else ()

    def source_of(self, column_key: str) -> ColumnSource | None:
        """Where a column comes from."""
        found = self.column_of(column_key)
        return found[1] if found else None

    # -- booking ---------------------------------------------------------------------------------------------------

    def book(self) -> None:
        """N: go on with an unfinished booking, else book the free time under the cursor, else the next free one."""
        if self.booking.active():
            self.show_side(self.booking)
            self.booking.setFocus()
            return
        self.tasks.start_once("begin booking", self._book())

    async def _book(self) -> None:
        if await self.booking.resume():
            self.show_side(self.booking)
            self.shell.toast("Your unfinished booking is open again.", icon="history")
            return
        found = self.current_item()
        if found is not None and found[1].kind is ItemKind.FREE and found[1].bookable:
            self.book_at(found[0].key, found[1].start, found[1].minutes)
            return
        free = self.next_free()
        if free is not None:
            self.book_slot(free)
        else:
            self.shell.toast("No free time here. Find a slot searches other days.", icon="slot")

    def next_free(self) -> FreeSlot | None:
        """The first free time of what is shown that can be booked."""
        if self.in_week():
            slots = [slot for day in self.week_view.days for slot in day.free] if self.week_view else []
        else:
            slots = [each.slot for each in self.day_view.next_free] if self.day_view else []
        return next((slot for slot in slots if slot.bookable), None)

    def book_slot(self, slot: FreeSlot, patient_id: str = "") -> None:
        """Book a free time named beside the grid."""
        if slot.day != self.day and not self.in_week():
            self.go_to(slot.day)
        key = slot.day.isoformat() if self.in_week() else slot.provider_id
        self.book_at(key, slot.start_minute, slot.minutes, patient_id=patient_id)

    def book_at(self, column_key: str, start: int, minutes: int, visit_type: str = "", patient_id: str = "") -> None:
        """Open the booking panel on a free time of a column."""
        found = self.column_of(column_key)
        if found is None:
            return
        provider, source, day = found
        step = self.grid.increment()
        length = minutes if minutes <= _LONG_STRETCH else step * max(1, 30 // step)
        self.booking.begin_at(
            BookingStart(
                provider=provider,
                source=source.source,
                system=source.name,
                day=day.day,
                start_minute=start,
                minutes=length,
                free_minutes=minutes,
                starts=_starts(day, max(step, 5)),
                visit_type=visit_type,
                usual_type=_usual_type(day),
                patient_id=patient_id,
            )
        )
        self.show_side(self.booking)

    def find_slot(self) -> None:
        """F."""
        self.shell.open("find_slot", day=self.day)

    def begin_wanted_booking(self) -> None:
        """Somebody on another page wants a visit for a patient: begin with the next free time."""
        free = self.next_free() if self._book_for else None
        if free is not None:
            self.book_slot(free, self._book_for)
            self._book_for = ""

    # -- one visit -------------------------------------------------------------------------------------------------

    def open_item(self, column_key: str, item_key: str) -> None:
        """Show a visit beside the grid, or the booking under way behind a block."""
        self.grid.select(column_key, item_key)
        found = self.column_of(column_key)
        if found is None:
            return
        if item_key.startswith("job:"):
            self.shell.open("activity", job_id=item_key.removeprefix("job:"))
            return
        provider, source, day = found
        block = next((each for each in day.visits if each.visit.local_id == item_key), None)
        if block is not None:
            self._show_visit(block, provider, source)

    def _show_visit(self, block: VisitBlock, provider: ProviderRow, source: ColumnSource) -> None:
        private, cannot = self.shell.privacy(), cannot_words(source)
        name = shown(visit_title(block, private=private))
        self._looked_at = (block, provider, source, private)
        self.visit_panel.show_visit(block.visit, provider, source, name, cannot, private=private)
        self.show_side(self.visit_panel)

    def follow_grid(self) -> None:
        """What stands beside the grid shows what was just read, and hides and shows names with it."""
        if self._looked_at is not None and not self.visit_panel.isHidden():
            block, provider, source, private = self._looked_at
            now = self._block_now(block.visit.local_id) or block
            same = (now.visit.status, now.visit.patient_id) == (block.visit.status, block.visit.patient_id)
            if not same or private != self.shell.privacy():
                self._show_visit(now, provider, source)
        if self.has_booking():
            self.booking.follow_privacy()

    def _block_now(self, visit_id: str) -> VisitBlock | None:
        view = self.week_view if self.in_week() else self.day_view
        days = view.days if isinstance(view, WeekView) else [each.column for each in view.columns] if view else []
        return next((block for day in days for block in day.visits if block.visit.local_id == visit_id), None)

    def check_in(self, column_key: str, item_key: str) -> None:
        """Check a visit in, or say why not."""
        found = self.column_of(column_key)
        if found is None:
            return
        provider, source, day = found
        block = next((each for each in day.visits if each.visit.local_id == item_key), None)
        self._check_in(block.visit if block is not None else None, provider, source)

    def _check_in_shown(self) -> None:
        if self._looked_at is not None:
            block, provider, source, _ = self._looked_at
            self._check_in(block.visit, provider, source)

    def _check_in(self, visit: VisitRow | None, provider: ProviderRow, source: ColumnSource) -> None:
        from ui.screens.schedule.check_in import CHECK_IN, no_check_in

        reason = no_check_in(source, visit)
        if visit is None or reason is not None:
            if reason is not None:
                self.grid.say_refusal(reason)
            return
        self.tasks.start_once(CHECK_IN, self._ask_in(visit, provider, source))

    async def _ask_in(self, visit: VisitRow, provider: ProviderRow, source: ColumnSource) -> None:
        from ui.screens.schedule.check_in import check_in

        job_id = await check_in(self.services, self.shell, self.tasks, visit, provider, source)
        if job_id:
            self._asked_in[job_id] = source.name
            self.follow_check_ins()

    def follow_check_ins(self) -> None:
        """Jobs have moved: tell of a check-in that was done."""
        if self._asked_in:
            from ui.screens.schedule.check_in import say_checked_in

            self.tasks.restart("checked in", say_checked_in(self.services, self.shell, self._asked_in))

    def open_current(self) -> None:
        """Details of what the cursor is on."""
        found = self.current_item()
        if found is not None:
            self.open_item(found[0].key, found[1].key)
            self.visit_panel.focus_search()

    def open_or_book(self, column_key: str, item_key: str) -> None:
        """Enter in the list: open a visit, book a free time, explain the rest."""
        column = next((each for each in self.grid.content.columns if each.key == column_key), None)
        item = next((each for each in column.items if each.key == item_key), None) if column else None
        if item is None:
            return
        if item.kind is ItemKind.FREE and item.bookable:
            self.book_at(column_key, item.start, item.minutes)
        elif item.kind in (ItemKind.VISIT, ItemKind.PENDING):
            self.open_item(column_key, item_key)
        else:
            self.explain(column_key, item.start)

    def _link(self, visit_id: str, who: Person) -> None:
        async def work() -> None:
            desk, actor = self.services.desk.schedule, self.shell.actor()
            await desk.link_patient(actor, visit_id, who.row.local_id)
            self.show_side(None)
            self.shell.offer_undo(
                f"{who.name} is noted for this visit, in Daybook only.", lambda: self._unlink(visit_id)
            )

        self.tasks.start_once("link", work())

    def _unlink(self, visit_id: str) -> None:
        async def work() -> None:
            await self.services.desk.schedule.unlink_patient(self.shell.actor(), visit_id)
            self.show_side(None)
            self.shell.toast("Daybook’s note of whose visit it is was taken back.", icon="unlink")

        self.tasks.start_once("unlink", work())

    # -- why not ---------------------------------------------------------------------------------------------------

    def ask_why(self) -> None:
        """Y: why the time under the cursor is not offered."""
        found = self.current_item()
        if found is not None:
            self.explain(found[0].key, found[1].start)
        elif self.grid.content.columns:
            now = self.grid.content.now
            self.explain(self.grid.content.columns[0].key, now if now is not None else self.grid.content.first)

    def explain(self, column_key: str, minute: int) -> None:
        """Say why a minute of a column is not offered (FEATURES A12)."""
        self.tasks.restart("why", self._explain(column_key, minute))

    async def _explain(self, column_key: str, minute: int) -> None:
        found = self.column_of(column_key)
        if found is None:
            return
        provider, _, day = found
        reasons = await self.services.desk.slots.why_not(
            self.shell.actor(), provider.provider_id, day.day, minute, self.grid.increment()
        )
        said = " ".join(reason.words for reason in reasons) or "This time is free. Press Enter on it to book."
        title = f"{words.clock_time(minute)}, {shown(provider.shown_name())}"
        self.grid.say_refusal(Refused(title, said))

    # -- menus -----------------------------------------------------------------------------------------------------

    def open_menu(self, at: QPoint) -> None:
        """What can be done with what the cursor is on."""
        found = self.current_item()
        menu = QMenu(self.grid)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if found is None or found[1].kind is ItemKind.BLOCK:
            menu.addAction("Why is this time not offered?", self.ask_why)
        elif found[1].kind is ItemKind.FREE:
            menu.addAction("Book this time", self.book)
            menu.addAction("Find another slot", self.find_slot)
        else:
            menu.addAction("Open", self.open_current)
            column = self.column_of(found[0].key)
            if column is not None and refused(column[1], "arrived") is None:
                menu.addAction("Check in", lambda: self.check_in(found[0].key, found[1].key))
            menu.addAction("Find a slot", self.find_slot)
        menu.popup(at)


def _usual_type(day: DayColumn) -> str:
    """The visit type that fills most of this column."""
    counted = Counter(block.visit.visit_type for block in day.visits if block.visit.visit_type)
    return counted.most_common(1)[0][0] if counted else ""


def _starts(day: DayColumn, step: int) -> tuple[int, ...]:
    """Start minutes offered in the panel: every ``step`` minutes of the day's free stretches."""
    return tuple(
        minute
        for slot in day.free
        if slot.bookable
        for minute in range(slot.start_minute, slot.start_minute + slot.minutes, step)
    )
