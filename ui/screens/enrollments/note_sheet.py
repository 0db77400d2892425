"""Writing down where an enrollment stands, for what comes by letter or telephone and not through the clearinghouse."""

from __future__ import annotations

from app.model.clearing_views import EnrollmentCell, EnrollmentRow
from app.model.enrollment import WARNINGS, EnrollmentState, RefusalReason
from ui.enrollment_words import enrollments
from ui.screens.enrollments.table import head_of
from ui.text import clean
from ui.widgets.buttons import Button
from ui.widgets.choices import Combo
from ui.widgets.fields import Field, TextEdit
from ui.widgets.panels import Well
from ui.widgets.sheet import Sheet

_REASONS = {
    RefusalReason.NOT_TOLD: "Not told yet",
    RefusalReason.WRONG_DATA: "Wrong data in the form",
    RefusalReason.NOT_CREDENTIALED: "Provider not credentialed with the payer",
}


class NoteSheet(Sheet):
    """Closes with ``"save"``; ``state``, ``reason`` and ``words_typed`` say what was written."""

    def __init__(self, about: EnrollmentRow, cell: EnrollmentCell, recorded_as: str) -> None:
        provider = clean(about.provider_name) or f"NPI {clean(about.provider_npi)}"
        whom = f"{clean(about.payer_name)}, {provider}."
        told = f"{whom} Nothing is sent; this is the practice's own note."
        super().__init__(f"Note a state of {head_of(cell.transaction)}", told)
        self._state = Combo("State")
        table = enrollments()
        self._state.add_choices([(state.value, table.states[state].label) for state in EnrollmentState])
        self._state.set_key((cell.state or EnrollmentState.NOT_STARTED).value)
        self.body.addWidget(Field("State", self._state))
        self._reason = Combo("Why the payer refused")
        self._reason.add_choices([(reason.value, label) for reason, label in _REASONS.items()])
        self._reason.set_key(cell.reason.value)
        self._why = Field("Why the payer refused", self._reason)
        self.body.addWidget(self._why)
        self._state.currentIndexChanged.connect(lambda _at: self._settle())
        self._settle()
        self._note = TextEdit("What was said, by whom", lines=3)
        self.body.addWidget(Field("What was said, by whom", self._note, optional=True))
        for warning in WARNINGS.get(cell.transaction, ()):
            self.body.addWidget(Well(warning, "alert", "amber"))
        self.add_note("history", f"Recorded as {clean(recorded_as)}")
        self.add_button("", Button("Cancel", keys="Esc"))
        self.add_button("save", Button("Keep note", "primary", keys="Ctrl+Return"), confirm=True)

    def _settle(self) -> None:
        self._why.setVisible(self.state is EnrollmentState.REFUSED)

    @property
    def reason(self) -> RefusalReason:
        """Why it was refused, where it was."""
        return RefusalReason(self._reason.key())

    @property
    def state(self) -> EnrollmentState:
        """The state chosen."""
        return EnrollmentState(self._state.key())

    @property
    def words_typed(self) -> str:
        """What was typed beside it."""
        return self._note.toPlainText().strip()
