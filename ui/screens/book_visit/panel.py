"""The booking panel: patient, type, minutes, reason, what it will do, and what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.model.accounts import Actor
from app.model.booking import BookingPlan, WarningKind
from app.model.errors import NotFound
from app.model.schedule import ProviderRow, VisitType
from app.model.views import FoundSlot
from app.rules.names import shown
from app.store import patients, providers
from app.store.database import Reader
from ui.grid.content import Proposal, span_words
from ui.screens.base import Shell
from ui.screens.book_visit.form import (
    KEY,
    BookingForm,
    decoded,
    first_minutes,
    first_type,
    new_patient_from,
    types_for,
)
from ui.screens.book_visit.parts import ChosenPatient, NewPatient
from ui.screens.book_visit.start import BookingStart
from ui.screens.book_visit.steps import BookingSteps
from ui.screens.patients.people import PatientPicker, Person
from ui.services import Services
from ui.tasks import TaskOwner
from ui.widgets.label import Label
from ui.widgets.panels import clear

#: Seconds of quiet before what was typed is kept as a draft.
_KEEP = 0.5


class BookPanel(BookingSteps):
    """``proposed`` (Proposal or None, day): what to paint on the grid. ``day_wanted`` (date): another day was chosen.
    ``closed``: put the panel away. It follows its job by change events and keeps a draft of everything typed."""

    proposed = Signal(object, object)
    day_wanted = Signal(object)

    def __init__(self, services: Services, shell: Shell, tasks: TaskOwner, today: Callable[[], date]) -> None:
        super().__init__(services, shell, tasks, today)
        self._connect()

    # -- beginning -------------------------------------------------------------------------------------------------

    def begin_at(self, start: BookingStart) -> None:
        """Book this time. What was typed for another time is kept: only the time changes."""
        kept = self._form if self._form is not None and not self._job_id and self._form.worth_keeping else None
        self._job_id = ""
        if kept is not None:
            self._form = msgspec.structs.replace(kept, start=start, accepted=())
            patient_id = start.patient_id or kept.patient_id
            if patient_id != kept.patient_id:
                self._who = None
            self._form = msgspec.structs.replace(self._form, patient_id=patient_id)
        else:
            self._form = BookingForm(start=start, patient_id=start.patient_id, minutes=start.minutes)
            self._who = None
        self._plan = None
        self._show_form()
        self._tasks.restart("booking start", self._load())

    async def resume(self) -> bool:
        """Go on with a booking that a lock, a crash or a closed window interrupted; False when there is none."""
        form = decoded(await self._services.desk.patients.draft(self._shell.actor(), KEY))
        if form is None or form.start.day < self._today():
            return False
        self._form, self._job_id, self._plan, self._who = form, "", None, None
        self._show_form()
        await self._load()
        return True

    def active(self) -> bool:
        """Whether a booking is being typed or followed."""
        return self._form is not None

    def job_id(self) -> str:
        """The visit's job while it is followed."""
        return self._job_id

    def plan(self) -> BookingPlan | None:
        """What the button would do, as last worked out."""
        return self._plan

    async def _load(self) -> None:
        assert self._form is not None
        read = self._services.store.read
        found, listed = await read(_types_and_providers)
        self._names = {each.provider_id: each for each in listed}
        form = self._form
        self._types = types_for(found, form.start)
        names = {kind.name for kind in self._types}
        if form.visit_type not in names:
            kind = first_type(self._types, form.start, self._last_type)
            form = msgspec.structs.replace(form, visit_type=kind, minutes=first_minutes(self._types, kind, form.start))
        self._form = form
        self._fill_choices()
        if form.patient_id:
            await self._choose_id(form.patient_id)
        self._propose()
        self._weigh()

    def _connect(self) -> None:
        self._type.currentIndexChanged.connect(self._type_changed)
        self._minutes.currentIndexChanged.connect(lambda _at: self._set(minutes=int(self._minutes.key() or 0)))
        self._time.currentIndexChanged.connect(self._time_changed)
        self._reason.edit.textEdited.connect(lambda text: self._set(weigh=False, reason=text))
        self._warnings.accepted.connect(self._accept)
        self._duplicates.taken.connect(lambda key: self._tasks.restart("choose", self._choose_id(key)))
        self._others.chosen.connect(self.take)
        self._cancel.clicked.connect(self.give_up)
        self._book.clicked.connect(self.press)
        self.closed.connect(self._put_away)
        self._progress.undo_wanted.connect(lambda: self._tasks.start_once("undo", self._undo()))
        self._progress.answered.connect(lambda key: self._tasks.start_once("answer", self._answer(key)))
        self._progress.again_wanted.connect(self._again)
        self._progress.done.connect(self._finish)

    def _show_form(self) -> None:
        form = self._form
        assert form is not None
        self._head()
        self._progress.hide()
        self._form_parts.show()
        self._foot_parts.show()
        self._show_patient()
        self._reason.set_text(form.reason)
        self._show_plan()

    def _show_patient(self) -> None:
        form = self._form
        assert form is not None
        clear(self._patient_box)
        self._picker = self._new = None
        if form.patient_id:
            self._patient_box.addWidget(Label("Patient", "small", "text-2", weight=500))
            if self._who is not None:
                chosen = ChosenPatient(self._who)
                chosen.cleared.connect(self._other_patient)
                self._patient_box.addWidget(chosen)
        elif form.new_patient is not None:
            self._new = NewPatient(form.new_patient, self._today, form.start.system)
            self._new.changed.connect(self._new_changed)
            self._new.left.connect(self._other_patient)
            self._patient_box.addWidget(self._new)
            self._new.setFocus()
        else:
            self._patient_box.addWidget(Label("Patient", "small", "text-2", weight=500))
            self._picker = PatientPicker(self._finder, self._tasks)
            self._picker.set_text(form.typed)
            self._picker.picked.connect(self._choose)
            self._picker.new_wanted.connect(self._new_patient)
            self._picker.typed.connect(lambda text: self._set(weigh=False, typed=text))
            self._patient_box.addWidget(self._picker)
            self._picker.setFocus()

    # -- typing ----------------------------------------------------------------------------------------------------

    def _set(self, *, weigh: bool = True, **changes: object) -> None:
        """Something was typed or chosen: keep it, and weigh what it would do."""
        if self._form is None:
            return
        self._form = msgspec.structs.replace(self._form, **changes)
        self._tasks.restart("booking draft", self._keep_soon())
        if weigh:
            self._head()
            self._propose()
            self._weigh()

    def _type_changed(self, _at: int) -> None:
        if self._form is None:
            return
        kind = self._type.key()
        minutes = first_minutes(self._types, kind, self._form.start)
        usual = any(each.name == kind and each.minutes for each in self._types)
        self._set(visit_type=kind, minutes=minutes if usual else self._form.minutes)
        self._fill_choices()

    def _time_changed(self, _at: int) -> None:
        if self._form is not None and self._time.key():
            start = msgspec.structs.replace(self._form.start, start_minute=int(self._time.key()))
            self._set(start=start)

    def _accept(self, kind: WarningKind, on: bool) -> None:
        assert self._form is not None
        others = tuple(each for each in self._form.accepted if each is not kind)
        self._set(weigh=False, accepted=(*others, kind) if on else others)
        self._show_plan()

    def _choose(self, found: Person) -> None:
        self._who = found
        self._set(patient_id=found.row.local_id, new_patient=None, typed="")
        self._show_patient()
        self._type.setFocus(Qt.FocusReason.OtherFocusReason)

    async def _choose_id(self, patient_id: str) -> None:
        row = await self._services.store.read(patients.row_of, patient_id)
        if row is None:
            raise NotFound("This patient is not known here.", "", ("Search for the patient again.",))
        self._choose((await self._finder.shown([row]))[0])

    def follow_privacy(self) -> None:
        """Show the patient chosen as the privacy mode wants it now."""
        if self._who is not None and self._who.private != self._shell.privacy() and not self._job_id:
            self._tasks.start_once("booking privacy", self._name_again(self._who))

    async def _name_again(self, who: Person) -> None:
        (named,) = await self._finder.shown([who.row])
        if self._who is who:
            self._who = named
            self._show_patient()
            self._propose()

    def _other_patient(self) -> None:
        self._who, self._plan = None, None
        self._set(patient_id="", new_patient=None, accepted=())
        self._show_patient()

    def _new_patient(self, typed: str) -> None:
        self._set(patient_id="", new_patient=new_patient_from(typed), typed=typed)
        self._show_patient()

    def _new_changed(self) -> None:
        if self._new is not None:
            self._set(new_patient=self._new.patient())

    def take(self, slot: FoundSlot) -> None:
        """Another time for the same booking; nothing has to be typed again."""
        assert self._form is not None
        provider = self._names.get(slot.provider_id, self._form.start.provider)
        start = msgspec.structs.replace(
            self._form.start, provider=provider, day=slot.day, start_minute=slot.start_minute, starts=()
        )
        self._plan = None
        self._set(start=start, accepted=())
        self._fill_choices()
        self.day_wanted.emit(slot.day)

    def _propose(self) -> None:
        form = self._form
        if form is None or self._job_id:
            self.proposed.emit(None, None)
            return
        name = self._who.name if self._who else shown(form.new_patient.full_name()) if form.new_patient else ""
        minutes = form.minutes or form.start.minutes
        proposal = Proposal(
            column_key=form.start.provider.provider_id,
            start=form.start.start_minute,
            minutes=minutes,
            title=name or "New visit",
            subtitle=span_words(form.start.start_minute, minutes),
        )
        self.proposed.emit(proposal, form.start.day)

    # -- ending ----------------------------------------------------------------------------------------------------

    def give_up(self) -> None:
        """Cancel: forget what was typed and close."""
        self._tasks.stop("booking draft")
        self._tasks.start(self._forget(), "forget booking")
        self._finish()

    async def _forget(self) -> None:
        await self._services.desk.patients.drop_draft(self._shell.actor(), KEY)

    def _finish(self) -> None:
        self._form = None
        self.closed.emit()

    def _put_away(self) -> None:
        """Closed by its cross or Esc: the draft stays, and N takes it up again."""
        for key in ("booking plan", "booking start", "people", "follow"):
            self._tasks.stop(key)
        self._job_id = ""
        self._plan = None
        self._form = None
        self.proposed.emit(None, None)

    async def _keep_soon(self) -> None:
        await asyncio.sleep(_KEEP)
        await self.keep()

    def keep(self) -> Coroutine[Any, Any, None]:
        """Keep what is typed, so that a lock, a crash or another person's turn loses nothing.

        Whose it is is settled at once: by the time it is written the window may be locked. Raises Locked.
        """
        if self._form is not None and self._new is not None:
            self._form = msgspec.structs.replace(self._form, new_patient=self._new.patient())
        return self._save(self._shell.actor(), self._form)

    async def _save(self, actor: Actor, form: BookingForm | None) -> None:
        if form is not None and not self._job_id and form.worth_keeping:
            await self._services.desk.patients.save_draft(actor, KEY, form.encoded())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter books, Esc closes, 1 to 3 take another time."""
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.press()
        elif key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._confirmed():
            self._finish()
        elif not (Qt.Key.Key_1 <= key <= Qt.Key.Key_3 and self._others.press(key - int(Qt.Key.Key_0))):
            event.ignore()

    def _confirmed(self) -> bool:
        status = self._progress.shown()
        return bool(self._job_id) and status is not None and status.confirmed


def _types_and_providers(conn: Reader) -> tuple[list[tuple[str, VisitType]], list[ProviderRow]]:
    types = [(each.connection_id, each.visit_type) for each in providers.visit_types(conn)]
    return types, providers.listed(conn, active_only=False)
