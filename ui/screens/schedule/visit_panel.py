"""One visit beside the grid: what is known, whose visit it is, and what its system lets nobody do from here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.model.schedule import ProviderRow, VisitRow
from app.model.views import ColumnSource
from app.rules import words
from app.rules.names import masked, shown
from ui.screens.patients.people import Finder, PatientPicker, Person
from ui.screens.schedule.check_in import no_check_in
from ui.tasks import TaskOwner
from ui.theme import theme
from ui.widgets.buttons import Button
from ui.widgets.inspector import Inspector
from ui.widgets.label import Label
from ui.widgets.panels import Facts, Line, Well, column, row


class VisitPanel(Inspector):
    """``link_wanted`` (visit id, Person), ``unlink_wanted`` (visit id), ``patient_wanted`` (patient id),
    ``check_in_wanted``."""

    link_wanted = Signal(str, object)
    unlink_wanted = Signal(str)
    patient_wanted = Signal(str)
    check_in_wanted = Signal()

    def __init__(self, find: Finder, tasks: TaskOwner, parent: QWidget | None = None) -> None:
        super().__init__("Visit", 316, parent)
        self._find, self._tasks = find, tasks
        self._visit: VisitRow | None = None
        self._picker: PatientPicker | None = None
        self.body.setAlignment(Qt.AlignmentFlag(0))

    def visit_id(self) -> str:
        """Whose details are shown, empty for none."""
        return self._visit.local_id if self._visit else ""

    def show_visit(
        self,
        visit: VisitRow,
        provider: ProviderRow,
        source: ColumnSource,
        title: str,
        cannot: str,
        *,
        private: bool = False,
    ) -> None:
        """Show a visit; ``title`` is its name as the grid shows it, ``cannot`` what is done elsewhere. ``private``:
        without its reason, and with its number masked."""
        self._visit = visit
        look = theme().status("appointment", visit.status.value)
        when = f"{words.short_day(visit.day)}, {words.time_range(visit.start_minute, visit.minutes)}"
        self.show_head(title, when, (look.label, look.family, look.icon))
        self.begin()
        facts = Facts()
        facts.show_facts(
            (
                ("Provider", shown(provider.shown_name())),
                ("Visit type", shown(visit.visit_type)),
                ("Length", f"{visit.minutes} min"),
                ("Room", shown(visit.room)),
                ("Reason", "" if private else shown(visit.reason, 300)),
                ("System", f"{source.name}, visit {masked(visit.vendor_id) if private else visit.vendor_id}"),
                ("Read", source.stale_words),
            )
        )
        self.body.addWidget(facts)
        if no_check_in(source, visit) is None:
            arrived = Button("Check in", icon="pie-2", keys="A")
            arrived.clicked.connect(self.check_in_wanted)
            self.body.addLayout(row(arrived, None))
        self.body.addWidget(Line())
        if visit.patient_id:
            self._show_known(visit, source)
        else:
            self._show_unknown(visit, source, private=private)
        if cannot:
            self.body.addWidget(Well(cannot, "info"))
        self.body.addStretch(1)

    def focus_search(self) -> None:
        """Put the caret where a patient is looked for."""
        if self._picker is not None:
            self._picker.setFocus()

    def _show_known(self, visit: VisitRow, source: ColumnSource) -> None:
        self._picker = None
        profile = Button("Open patient", icon="user")
        profile.clicked.connect(lambda: self.patient_wanted.emit(visit.patient_id))
        if visit.is_told:
            said = f"{source.name} says whose visit it is. If that is wrong, change it there."
            self.body.addLayout(row(profile, None))
        else:
            said = "Whose visit it is stands in Daybook only, not in the system."
            wrong = Button("Not this patient", "quiet", icon="unlink")
            wrong.clicked.connect(lambda: self.unlink_wanted.emit(visit.local_id))
            self.body.addLayout(row(profile, wrong, None))
        self.body.addWidget(Label(said, "small", "text-3", wrap=True))

    def _show_unknown(self, visit: VisitRow, source: ColumnSource, *, private: bool) -> None:
        said = f"{source.name} does not tell. If you know, say so here."
        if visit.patient_vendor_id:
            number = masked(visit.patient_vendor_id) if private else shown(visit.patient_vendor_id)
            said = f"{source.name} says patient {number}. Daybook has not read that record yet, and will by itself."
        self._picker = PatientPicker(self._find, self._tasks, may_create=False)
        self._picker.picked.connect(self._picked)
        self.body.addLayout(
            column(Label("Whose visit is this?", "body-strong"), Label(said, "small", "text-2", wrap=True), spacing=3)
        )
        self.body.addWidget(self._picker)

    def _picked(self, found: Person) -> None:
        if self._visit is not None:
            self.link_wanted.emit(self._visit.local_id, found)
