"""From the form to a confirmed visit: weighing, handing in once, following the job, going back with other times."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from app.desk.booking import BookingRefused
from app.model.booking import BookingDraft
from app.model.changes import Change, Kind
from app.model.errors import BadInput, DaybookError
from app.model.views import FoundSlot
from ui.screens.base import Shell
from ui.screens.book_visit.form import KEY, BookingForm
from ui.screens.book_visit.panel_parts import BookPanelParts
from ui.screens.patients.finder import PeopleFinder
from ui.services import Services
from ui.tasks import TaskOwner

#: Seconds of quiet before what was typed is weighed.
_QUIET = 0.12


class BookingSteps(BookPanelParts):
    """What the panel does with the desk; ``BookPanel`` adds the typing."""

    def __init__(self, services: Services, shell: Shell, tasks: TaskOwner, today: Callable[[], date]) -> None:
        super().__init__(PeopleFinder(services, shell, today), tasks, today)
        self._services, self._shell = services, shell
        self._job_id = ""
        self._last_type = ""

    def _propose(self) -> None:
        """Paint the time being booked, or take it away."""
        raise NotImplementedError

    def _show_form(self) -> None:
        """Show what has been typed."""
        raise NotImplementedError

    def _set(self, *, weigh: bool = True, **changes: object) -> None:
        """Something was typed."""
        raise NotImplementedError

    # -- weighing --------------------------------------------------------------------------------------------------

    def _weigh(self) -> None:
        form = self._form
        if form is None or not form.has_patient or not form.visit_type or not form.minutes:
            self._plan = None
            self._tasks.stop("booking plan")
            if form is not None:
                self._show_plan()
            return
        self._show_plan(busy=True)
        self._tasks.restart("booking plan", self._prepare())

    async def _prepare(self) -> None:
        """What is known here first, then the vendor's own word."""
        await asyncio.sleep(_QUIET)
        form = self._form
        if form is None:
            return
        actor, booking = self._shell.actor(), self._services.desk.booking
        try:
            self._plan = await booking.prepare(actor, self._draft(form), live=False)
            self._show_plan(busy=True)
            self._plan = await booking.prepare(actor, self._draft(form))
        except BadInput as wrong:
            self._plan = None
            self._show_plan()
            self._sentence.setText(f"{wrong.happened} {' '.join(wrong.next_steps)}")
            return
        self._show_plan()

    # -- the button ------------------------------------------------------------------------------------------------

    def press(self) -> None:
        """Ctrl+Enter: hand the booking in, once."""
        if self._form is not None and not self._job_id and self._book.isEnabled():
            if self._new is not None:
                self._set(weigh=False, new_patient=self._new.patient())
            self._tasks.start_once("book", self._hand_in())

    def _draft(self, form: BookingForm) -> BookingDraft:
        """The booking, with the patient whose name stands here: another one than the form's is refused."""
        return form.draft(self._who.row.local_id if self._who else "")

    async def _hand_in(self) -> None:
        form = self._form
        assert form is not None
        self._tasks.stop("booking plan")
        self._book.setEnabled(False)
        self._sentence.setText(f"Asking {form.start.system} once more. Not booked yet.")
        actor, booking = self._shell.actor(), self._services.desk.booking
        try:
            plan = self._plan
            if plan is None or plan.draft != self._draft(form):
                plan = await booking.prepare(actor, self._draft(form), live=False)
            job_ids = await booking.book(actor, plan)
        except BookingRefused as no:
            self._plan = no.plan
            self._book.setEnabled(True)
            self._show_plan()
            self._shell.say(no.happened, assertive=True)
            return
        except BadInput as wrong:
            self._book.setEnabled(True)
            self._show_plan()
            self._sentence.setText(f"{wrong.happened} {' '.join(wrong.next_steps)}")
            return
        except DaybookError:
            self._book.setEnabled(True)
            raise
        self._book.setEnabled(True)
        self._job_id, self._last_type = job_ids[-1], form.visit_type
        self._tasks.stop("booking draft")
        await self._services.desk.patients.drop_draft(actor, KEY)
        self._propose()
        await self._follow()

    async def _follow(self) -> None:
        """Show how the job stands."""
        if not self._job_id:
            return
        before = self._progress.shown()
        status = await self._services.desk.booking.status(self._shell.actor(), self._job_id)
        self._form_parts.hide()
        self._foot_parts.hide()
        self._progress.show()
        self._progress.show_status(status)
        if status.alternatives and self._form is not None:
            self._back_with(status.alternatives, status.words)
        elif before is None or before.state is not status.state:
            self._shell.say(status.words, assertive=status.confirmed)

    def _back_with(self, alternatives: Sequence[FoundSlot], said: str) -> None:
        """The time went meanwhile: the form again, everything typed still there, the nearest times beside it."""
        assert self._form is not None
        self._job_id = ""
        self._show_form()
        self._blocked.words.setText(f"Not booked. {self._form.start.system} says this time was just taken.")
        self._blocked.show()
        self._others.show_slots(alternatives, self._shown_names(), self._form.start.day)
        self._book.setEnabled(False)
        self._shell.say(said, assertive=True)

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Follow the job by change events."""
        about = any(each.kind is Kind.JOBS and (not each.ids or self._job_id in each.ids) for each in changes)
        if self._job_id and about:
            self._tasks.restart("follow", self._follow())

    async def _undo(self) -> None:
        await self._services.desk.booking.undo(self._shell.actor(), self._job_id)
        await self._follow()

    async def _answer(self, key: str) -> None:
        await self._services.desk.jobs.answer(self._shell.actor(), self._job_id, key)
        await self._follow()

    def _again(self) -> None:
        """Back to the form: for the same patient after a confirmed visit, with everything after a refused one."""
        confirmed = self._progress.shown()
        self._job_id = ""
        self._plan = None
        if self._form is not None and confirmed is not None and confirmed.confirmed:
            self._form = msgspec.structs.replace(self._form, reason="", accepted=())
        self._show_form()
        self._weigh()
        self._propose()
