"""The booking panel's make-up: its fields, wells and footer, and showing a form or a plan in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.model.booking import BookingPlan
from app.model.schedule import ProviderRow, VisitType
from app.rules import words
from app.rules.names import shown
from ui.screens.book_visit.form import LENGTHS, BookingForm
from ui.screens.book_visit.parts import Duplicates, NewPatient, OtherTimes, Warnings
from ui.screens.book_visit.progress import Progress
from ui.screens.book_visit.typing import LetterKeeper
from ui.screens.patients.finder import PeopleFinder
from ui.screens.patients.people import PatientPicker, Person
from ui.tasks import TaskOwner
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo
from ui.widgets.fields import Field, TextField
from ui.widgets.inspector import Inspector
from ui.widgets.label import IconView, Label
from ui.widgets.panels import Well, column, row


class BookPanelParts(Inspector):
    """Makes the parts and shows values in them; ``BookPanel`` gives them their behaviour."""

    def __init__(self, finder: PeopleFinder, tasks: TaskOwner, today: Callable[[], date]) -> None:
        super().__init__("Book visit", 408)
        self._finder, self._tasks, self._today = finder, tasks, today
        self._form: BookingForm | None = None
        self._types: list[VisitType] = []
        self._names: dict[str, ProviderRow] = {}
        self._who: Person | None = None
        self._plan: BookingPlan | None = None
        self._picker: PatientPicker | None = None
        self._new: NewPatient | None = None
        self.body.setAlignment(Qt.AlignmentFlag(0))
        self._build()

    # -- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._patient_box = QVBoxLayout()
        self._patient_box.setSpacing(6)
        self._alert = Well("", "alert", "amber")
        self._type = Combo("Visit type")
        self._minutes = Combo("Minutes")
        self._time = Combo("Time")
        self._reason = TextField("Reason", optional=True)
        self._warnings = Warnings()
        self._duplicates = Duplicates()
        self._blocked = Well("", "octagon-x", "red")
        self._others = OtherTimes()
        self._complete = Label("", "small", "text-3", wrap=True)
        self._progress = Progress()
        self._form_parts = QWidget()
        fields = row(Field("Visit type", self._type), Field("Minutes", self._minutes), Field("Time", self._time))
        fields.setStretch(0, 5)
        fields.setStretch(1, 3)
        fields.setStretch(2, 4)
        parts = column(
            self._patient_box, self._duplicates, self._alert, fields, self._reason, self._blocked, self._others,
            self._warnings, self._complete, None,
        )  # fmt: skip
        self._form_parts.setLayout(parts)
        self.body.addWidget(self._form_parts)
        self.body.addWidget(self._progress)
        self.body.addStretch(1)
        self._build_footer()
        LetterKeeper(self, self._type, self._minutes, self._time)
        for part in (self._alert, self._blocked, self._progress, self._duplicates, self._warnings, self._others):
            part.hide()

    def _build_footer(self) -> None:
        self._mark = IconView("check-ring", "green.solid", 15)
        self._sentence = Label("", "small", "text-2", wrap=True)
        self._final = Label("", "small", "text-3", wrap=True)
        self._cancel = Button("Cancel")
        self._book = Button("Book visit", "primary", keys="Ctrl+Return")
        said = row(self._mark, self._sentence, spacing=8)
        said.setStretch(1, 1)
        said.setAlignment(self._mark, Qt.AlignmentFlag.AlignTop)
        self._foot_parts = QWidget()
        self._foot_parts.setLayout(column(said, self._final, row(None, self._cancel, self._book), spacing=8))
        self.footer.addWidget(self._foot_parts)
        self.show_footer()

    def _head(self) -> None:
        assert self._form is not None
        start, minutes = self._form.start, self._form.minutes or self._form.start.minutes
        when = f"{words.short_day(start.day)}, {words.time_range(start.start_minute, minutes)}"
        self.show_head("Book visit", f"{when} · {shown(start.provider.shown_name())}", source=start.source)

    def _fill_choices(self) -> None:
        form = self._form
        assert form is not None
        lengths = sorted({*LENGTHS, form.minutes, *(kind.minutes for kind in self._types if kind.minutes)} - {0})
        starts = sorted({form.start.start_minute, *form.start.starts})
        _fill(self._type, [(kind.name, shown(kind.name)) for kind in self._types], form.visit_type)
        _fill(self._minutes, [(str(each), str(each)) for each in lengths], str(form.minutes))
        _fill(self._time, [(str(each), words.clock_time(each)) for each in starts], str(form.start.start_minute))

    def _show_plan(self, *, busy: bool = False) -> None:
        """What the button would do, and what stands in its way."""
        form, plan = self._form, self._plan
        assert form is not None
        if plan is None:
            self._show_no_plan(busy=busy)
            return
        blocked = [reason.words for reason in plan.blocked]
        _say(self._alert, plan.alert)
        _say(self._blocked, " ".join(blocked))
        self._others.show_slots(plan.alternatives, self._shown_names(), form.start.day)
        self._duplicates.show_matches(plan.duplicates if form.new_patient is not None else ())
        self._warnings.show_warnings(plan.warnings, form.accepted)
        self._complete.setText(f"To complete later: {', '.join(plan.to_complete)}." if plan.to_complete else "")
        self._complete.setVisible(bool(plan.to_complete))
        waiting = [warning for warning in plan.warnings if warning.kind not in form.accepted]
        self._mark_as(not blocked and not waiting)
        said = f"{plan.sentence} {plan.live_words}".strip()
        if busy:
            said = f"{plan.sentence} Asking {form.start.system} whether the time is free…"
        self._sentence.setText("Nothing is sent while this stands." if blocked else said)
        self._final.setText(plan.irreversible)
        self._final.setVisible(bool(plan.irreversible))
        self._book.setEnabled(not blocked)

    def _show_no_plan(self, *, busy: bool) -> None:
        form = self._form
        assert form is not None
        for part in (self._alert, self._blocked, self._others, self._duplicates, self._warnings, self._complete):
            part.hide()
        self._mark_as(False)
        wait = "Working out what this creates…" if busy else "Choose a patient. Nothing is booked yet."
        self._sentence.setText(wait)
        self._final.hide()
        self._book.setEnabled(form.has_patient)

    def _mark_as(self, ready: bool) -> None:
        self._mark.set_icon("check-ring" if ready else "info", "green.solid" if ready else "text-3")

    def _shown_names(self) -> dict[str, str]:
        return {key: shown(each.shown_name()) for key, each in self._names.items()}


def _say(well: Well, said: str) -> None:
    well.words.setText(said)
    well.setVisible(bool(said))


def _fill(combo: Combo, choices: Sequence[tuple[str, str]], chosen: str) -> None:
    blocked = combo.blockSignals(True)
    combo.clear()
    combo.add_choices(choices)
    combo.blockSignals(blocked)
    combo.set_key(chosen)
