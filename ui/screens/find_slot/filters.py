"""What is looked for: patient, type, minutes, dates, weekdays, time of day, providers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.model.schedule import ProviderRow, VisitType
from app.model.views import DayPart, SlotSearch
from app.rules.dates import parse_date
from app.rules.names import shown
from ui.screens.book_visit.form import LENGTHS
from ui.screens.book_visit.parts import ChosenPatient
from ui.screens.book_visit.typing import LetterKeeper
from ui.screens.patients.finder import PeopleFinder
from ui.screens.patients.people import PatientPicker, Person
from ui.tasks import TaskOwner
from ui.widgets.buttons import Button
from ui.widgets.choices import Checkbox, ChipRow, Combo, Toggle
from ui.widgets.fields import CheckKind, Field, TextField
from ui.widgets.label import Label
from ui.widgets.panels import Line, Pane, Scroll, clear, column, row
from ui.widgets.status import SourceTag

_SPANS = ((7, "for 7 days"), (14, "for 14 days"), (30, "for 30 days"), (60, "for 60 days"))
_DAYS = (("0", "M"), ("1", "T"), ("2", "W"), ("3", "T"), ("4", "F"), ("5", "S"), ("6", "S"))
_PARTS = ((DayPart.MORNING, "Before 12"), (DayPart.MIDDAY, "12 – 3"), (DayPart.AFTERNOON, "After 3"))


class Filters(Pane):
    """The column at the left. ``changed`` after each choice; ``patient_changed`` (Person or None)."""

    changed = Signal()
    patient_changed = Signal(object)

    def __init__(self, finder: PeopleFinder, tasks: TaskOwner, today: Callable[[], date]) -> None:
        super().__init__(272)
        self._finder, self._tasks, self._today = finder, tasks, today
        self._who: Person | None = None
        self._picker: PatientPicker | None = None
        self._checks: dict[str, Checkbox] = {}
        self._kinds: dict[str, int] = {}
        self._listed: tuple[list[tuple[str, str, str]], str] | None = None
        self.setAccessibleName("What is looked for")
        inside = QWidget()
        self._patient_box = QVBoxLayout()
        self._patient_box.setSpacing(4)
        self.visit_type = Combo("Visit type")
        self.minutes = Combo("Minutes")
        self.minutes.add_choices([(str(each), str(each)) for each in LENGTHS])
        self.minutes.set_key("30")
        self.start = TextField("Starting", text="today", check=self._judge_start)
        self.span = Combo("For how long")
        self.span.add_choices([(str(days), label) for days, label in _SPANS])
        self.span.set_key("14")
        self.days = ChipRow(_DAYS, "Days")
        self.parts = ChipRow([(part.value, label) for part, label in _PARTS], "Time of day")
        self.recheck = Toggle("Recheck live before offering")
        self.recheck.setChecked(True)
        self._providers = QVBoxLayout()
        self._providers.setSpacing(5)
        everybody = Button("All", "link")
        everybody.clicked.connect(self._all_providers)
        types = row(Field("Visit type", self.visit_type), Field("Minutes", self.minutes), spacing=8)
        types.setStretch(0, 5)
        types.setStretch(1, 3)
        dates = row(self.start, Field("For", self.span), spacing=8)
        dates.setStretch(0, 1)
        dates.setStretch(1, 1)
        who = row(Label("Providers", "small", "text-2", weight=500), None, everybody)
        inside.setLayout(
            column(
                self._patient_box, types, dates, _labelled("Days", self.days), _labelled("Time of day", self.parts),
                column(who, self._providers, spacing=6), Line(), self.recheck, None,
                spacing=14, margins=(16, 14, 16, 16),
            )
        )  # fmt: skip
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(Scroll(inside))
        LetterKeeper(self, self.visit_type, self.minutes, self.span)
        self._connect()
        self.set_patient(None)

    def _connect(self) -> None:
        for combo in (self.minutes, self.span):
            combo.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self.visit_type.currentIndexChanged.connect(self._type_changed)
        for chips in (self.days, self.parts):
            chips.changed.connect(self.changed)
        self.start.edit.left.connect(self.changed)
        self.start.edit.returnPressed.connect(self.changed)
        self.recheck.toggled.connect(lambda _on: self.changed.emit())

    def _judge_start(self, text: str) -> tuple[CheckKind, str]:
        if parse_date(text, self._today()) is None:
            return "red", "Write a date, or t+3, m, 2w, 6m."
        return "", ""

    def show_types(self, kinds: Sequence[VisitType]) -> None:
        """Visit types of all systems, each name once."""
        self._kinds = {kind.name: kind.minutes for kind in kinds if kind.active}
        chosen = self.visit_type.key()
        blocked = self.visit_type.blockSignals(True)
        self.visit_type.clear()
        self.visit_type.add_choices([("", "Any"), *((name, shown(name)) for name in sorted(self._kinds))])
        self.visit_type.blockSignals(blocked)
        self.visit_type.set_key(chosen)

    def show_providers(self, providers: Sequence[ProviderRow], usual: str = "") -> None:
        """Providers to search, all of them chosen at first; ``usual`` is the patient's own."""
        listed = ([(each.provider_id, each.shown_name(), each.source) for each in providers], usual)
        if listed == self._listed:
            return
        self._listed = listed
        kept = {key: check.isChecked() for key, check in self._checks.items()}
        clear(self._providers)
        self._checks = {}
        for each in sorted(providers, key=lambda row: row.provider_id != usual):
            note = "  (usual)" if each.provider_id == usual else ""
            check = Checkbox(f"{shown(each.shown_name())}{note}")
            check.setChecked(kept.get(each.provider_id, True))
            check.toggled.connect(lambda _on: self.changed.emit())
            self._checks[each.provider_id] = check
            self._providers.addLayout(row(check, None, SourceTag(each.source)))

    def set_patient(self, who: Person | None) -> None:
        """For whom; the usual doctor and past visits then count."""
        self._who, self._picker = who, None
        clear(self._patient_box)
        self._patient_box.addWidget(Label("For", "small", "text-2", weight=500))
        if who is None:
            self._picker = PatientPicker(self._finder, self._tasks, may_create=False)
            self._picker.picked.connect(self._picked)
            self._patient_box.addWidget(self._picker)
            return
        chosen = ChosenPatient(who)
        chosen.cleared.connect(lambda: self._picked(None))
        self._patient_box.addWidget(chosen)

    def ask_patient(self) -> None:
        """Put focus where a patient is searched; one who is chosen is let go."""
        if self._picker is None:
            self._picked(None)
        assert self._picker is not None
        self._picker.setFocus()

    def patient(self) -> Person | None:
        """For whom."""
        return self._who

    def clear_all(self) -> None:
        """Everything as it is at first."""
        for combo, key in ((self.visit_type, ""), (self.minutes, "30"), (self.span, "14")):
            combo.set_key(key)
        self.start.set_text("today")
        self.days.set_keys(())
        self.parts.set_keys(())
        self._check_all()
        self.set_patient(None)
        self.patient_changed.emit(None)
        self.changed.emit()

    def set_start(self, day: date) -> None:
        """Begin on a day."""
        self.start.set_text("today" if day == self._today() else f"{day:%m/%d/%Y}")

    def search(self) -> SlotSearch:
        """What is looked for."""
        chosen = tuple(key for key, check in self._checks.items() if check.isChecked())
        return SlotSearch(
            visit_type=self.visit_type.key(),
            minutes=int(self.minutes.key() or 0),
            patient_id=self._who.row.local_id if self._who else "",
            start=parse_date(self.start.text(), self._today()),
            days=int(self.span.key() or 14),
            weekdays=tuple(map(int, self.days.keys())),
            day_parts=tuple(map(DayPart, self.parts.keys())),
            provider_ids=() if len(chosen) == len(self._checks) else chosen,
            recheck=self.recheck.isChecked(),
        )

    def nobody(self) -> bool:
        """Whether every provider is switched off."""
        return bool(self._checks) and not any(check.isChecked() for check in self._checks.values())

    def _picked(self, who: Person | None) -> None:
        self.set_patient(who)
        self.patient_changed.emit(who)
        self.changed.emit()

    def _type_changed(self, _at: int) -> None:
        usual = self._kinds.get(self.visit_type.key(), 0)
        if usual:
            if self.minutes.findData(str(usual)) < 0:
                self.minutes.add_choices([(str(usual), str(usual))])
            self.minutes.set_key(str(usual))
        self.changed.emit()

    def _check_all(self) -> None:
        for check in self._checks.values():
            blocked = check.blockSignals(True)
            check.setChecked(True)
            check.blockSignals(blocked)

    def _all_providers(self) -> None:
        self._check_all()
        self.changed.emit()


def _labelled(label: str, part: QWidget) -> QVBoxLayout:
    return column(Label(label, "small", "text-2", weight=500), part, spacing=4)
