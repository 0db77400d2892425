"""Creating a patient and changing one: the fields, what will change, who on file may be the same person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.model.booking import DuplicateMatch
from app.model.people import Patient
from app.rules import words
from app.rules.duplicates import field_words
from app.rules.names import shown
from ui.widgets.buttons import Button
from ui.widgets.choices import Checkbox, Combo
from ui.widgets.fields import CheckKind, DateField, Field, TextEdit, TextField
from ui.widgets.label import Label
from ui.widgets.panels import Well, clear, column, row
from ui.widgets.sheet import Sheet

_GENDERS = (("", "Not said"), ("f", "Female"), ("m", "Male"), ("o", "Other"), ("u", "Not known"))
#: Field name → (label, row, column, span). Address fields are under their own names.
_TEXTS = {
    "first_name": ("First name", 0, 0, 2),
    "middle_name": ("Middle name", 0, 2, 1),
    "last_name": ("Last name", 0, 3, 3),
    "nick_name": ("Called", 1, 4, 2),
    "pronouns": ("Pronouns", 2, 0, 2),
    "language": ("Language", 2, 2, 2),
    "phone": ("Phone", 3, 0, 2),
    "cell_phone": ("Cell phone", 3, 2, 2),
    "sms_phone": ("Phone for texts", 3, 4, 2),
    "email": ("Email", 2, 4, 2),
    "street": ("Street", 4, 0, 4),
    "unit": ("Unit", 4, 4, 2),
    "city": ("City", 5, 0, 3),
    "state": ("State", 5, 3, 1),
    "postal_code": ("ZIP", 5, 4, 2),
}
_ADDRESS = frozenset({"street", "unit", "city", "state", "postal_code"})


def values_of(person: Patient) -> dict[str, str]:
    """A patient as texts by field name, as the form holds them."""
    texts = {key: getattr(person.address if key in _ADDRESS else person, key) for key in _TEXTS}
    birth = person.birth_date.isoformat() if person.birth_date else ""
    return {**texts, "birth_date": birth, "gender": person.gender, "notes": person.notes}


def changes_between(before: Patient, after: dict[str, str]) -> dict[str, str]:
    """What was changed, by field name."""
    was = values_of(before)
    return {key: value for key, value in after.items() if value != was[key].strip()}


def patient_of(values: dict[str, str]) -> Patient:
    """A patient made of the form's texts."""
    plain = {key: value for key, value in values.items() if key not in _ADDRESS and value}
    address = {key: values.get(key, "") for key in _ADDRESS}
    return msgspec.convert({**plain, "address": address}, type=Patient)


class PatientForm(QWidget):
    """The fields. ``typed`` after each stroke, ``left`` when a field that tells people apart is left."""

    typed = Signal()
    left = Signal()

    def __init__(self, person: Patient, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, TextField] = {}
        self.birth = DateField("Birth date", today, past=True, optional=True)
        self.gender = Combo("Sex on record")
        self.gender.add_choices(_GENDERS)
        self.notes = TextEdit("Note", 3)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(10)
        for key, (label, line, at, span) in _TEXTS.items():
            field = TextField(label, check=_CHECKS.get(key))
            self.fields[key] = field
            grid.addWidget(field, line, at, 1, span)
            field.edit.textEdited.connect(lambda _text: self.typed.emit())
        grid.addWidget(self.birth, 1, 0, 1, 2)
        grid.addWidget(Field("Sex on record", self.gender), 1, 2, 1, 2)
        grid.addWidget(Field("Note", self.notes, optional=True), 6, 0, 1, 6)
        for at in range(6):
            grid.setColumnStretch(at, 1)
        self.show_values(values_of(person))
        self.birth.edit.textEdited.connect(lambda _text: self.typed.emit())
        self.gender.currentIndexChanged.connect(lambda _at: self.typed.emit())
        self.notes.textChanged.connect(self.typed)
        for key in ("first_name", "last_name", "phone", "email"):
            self.fields[key].edit.left.connect(self.left)
        self.birth.edit.left.connect(self.left)
        self.setFocusProxy(self.fields["first_name"])

    def show_values(self, values: dict[str, str]) -> None:
        """Put texts in."""
        for key, field in self.fields.items():
            field.set_text(values.get(key, ""))
        birth = values.get("birth_date", "")
        self.birth.set_value(date.fromisoformat(birth) if birth else None)
        self.gender.set_key(values.get("gender", ""))
        self.notes.setPlainText(values.get("notes", ""))

    def values(self) -> dict[str, str]:
        """What is typed, by field name; the birth date as YYYY-MM-DD."""
        birth = self.birth.value()
        texts = {key: field.text() for key, field in self.fields.items()}
        return {
            **texts,
            "birth_date": birth.isoformat() if birth else "",
            "gender": self.gender.key(),
            "notes": self.notes.toPlainText().strip(),
        }

    def check(self) -> bool:
        """Check every field; the first that blocks takes the focus."""
        parts = [*self.fields.values(), self.birth]
        wrong = [part for part in parts if not part.check_now()]
        if wrong:
            wrong[0].edit.setFocus()
        return not wrong

    def say_wrong(self, field: str, words: str) -> None:
        """What the desk refused, at its field."""
        part = self.birth if field == "birth_date" else self.fields.get(field)
        if part is not None:
            part.say("red", words)
            part.edit.setFocus()


def _last_name(text: str) -> tuple[CheckKind, str]:
    return ("", "") if text else ("red", "A patient needs a last name.")


def _phone(text: str) -> tuple[CheckKind, str]:
    digits = sum(mark.isdigit() for mark in text)
    return ("", "") if not text or 7 <= digits <= 15 else ("red", "A phone number has 7 to 15 digits.")


def _email(text: str) -> tuple[CheckKind, str]:
    good = not text or ("@" in text and not any(mark.isspace() for mark in text))
    return ("", "") if good else ("red", "Write it like name@mail.example.")


_CHECKS = {"last_name": _last_name, "phone": _phone, "cell_phone": _phone, "sms_phone": _phone, "email": _email}


class PatientSheet(Sheet):
    """Create or change a patient. ``asked`` (values) on the button; the screen closes it once the job is safe."""

    asked = Signal(dict)
    record_wanted = Signal(str)
    typed = Signal(dict)

    def __init__(
        self, title: str, systems: Sequence[tuple[str, str]], person: Patient, today: Callable[[], date], *, new: bool
    ) -> None:
        """``systems``: (connection id, name) of those that it may be written to."""
        super().__init__(title, "", width=660)
        self._before, self._new = person, new
        self._names = dict(systems)
        self.system = Combo("System")
        self.system.add_choices(systems)
        self.form = PatientForm(person, today)
        self._sames = QVBoxLayout()
        self._sames.setSpacing(8)
        self._other = Checkbox("This is another person: create a new record")
        self._other.hide()
        self._problem = Well("", "octagon-x", "red")
        self._problem.hide()
        # Beside the buttons, where it is seen however far the fields are scrolled.
        self._progress = Label("", "small", "text-2", wrap=True)
        self._progress.hide()
        self.note.addWidget(self._progress)
        self._changes = Label("", "small", "text-2", wrap=True)
        where = Field("Created in", self.system)
        where.setVisible(len(systems) > 1)
        self.body.addWidget(where)
        for part in (self.form, self._problem):
            self.body.addWidget(part)
        self.body.addLayout(self._sames)
        self.body.addWidget(self._other)
        self.body.addWidget(self._changes)
        cancel = Button("Cancel", keys="Esc")
        self.add_button("", cancel)
        self._go = Button("Create patient" if new else "Write changes", "primary", keys="Ctrl+Return")
        self.add_button("go", self._go, confirm=True, before=self._press)
        self.form.typed.connect(self._tell)
        self.system.currentIndexChanged.connect(lambda _at: self._tell())
        self._tell()
        self.words.show()

    def values(self) -> dict[str, str]:
        """What is typed."""
        return self.form.values()

    def is_other(self) -> bool:
        """Whether a person said that the likely duplicates are somebody else."""
        return self._other.isChecked()

    def show_matches(self, matches: Sequence[DuplicateMatch]) -> None:
        """Who on file may be this person, side by side with what is typed."""
        clear(self._sames)
        likely = [match for match in matches if match.likely]
        self._other.setVisible(bool(likely) and self._new)
        if not likely:
            self._other.setChecked(False)
        if matches:
            self._sames.addWidget(Label("Already on file?", "body-strong"))
        for match in matches[:3]:
            self._sames.addLayout(self._match_line(match))

    def _match_line(self, match: DuplicateMatch) -> QVBoxLayout:
        name = shown(match.row.full_name())
        see = Button("Open this record", size="small")
        see.setAccessibleName(f"Open the record of {name}")
        see.clicked.connect(lambda: self.record_wanted.emit(match.row.local_id))
        born = words.field_date(match.row.birth_date) or "birth date not known"
        agree = words.listed([field_words(field) for field in match.agree])
        differ = words.listed([field_words(field) for field in match.differ])
        told = [f"Same {agree}." if agree else "", f"Different {differ}." if differ else ""]
        facts = " · ".join(part for part in (born, shown(match.row.phone, 40)) if part)
        return column(
            row(Label(name, "body", weight=500), Label(facts, "small", "text-2", elide=True), see, spacing=10),
            Label(
                " ".join(part for part in told if part), "small", "amber.fg" if match.likely else "text-3", wrap=True
            ),
            spacing=1,
        )

    def say_problem(self, said: str) -> None:
        """Why nothing was sent."""
        self._progress.hide()
        self._problem.words.setText(said)
        self._problem.setVisible(bool(said))
        self._go.setEnabled(True)

    def busy(self, said: str = "") -> None:
        """The job is being kept, or its plan is being read, which takes a while: ``said`` tells so."""
        self._go.setEnabled(False)
        self._problem.hide()
        self._progress.setText(said)
        self._progress.setVisible(bool(said))

    def ready(self) -> None:
        """It was not wanted after all; what is typed stays."""
        self.say_problem("")

    def _tell(self) -> None:
        values = self.form.values()
        system = self._names[self.system.key()]
        self.words.setText(f"Written to {system}. Nothing has been sent yet.")
        self.typed.emit(values)
        if self._new:
            self._changes.setText(f"Creates 1 patient in {system}. It is held for 8 s and may be undone until then.")
            return
        changed = changes_between(self._before, values)
        was = values_of(self._before)
        lines = [
            f"{field_words(key).capitalize()}: {shown(was[key]) or 'empty'} → {shown(value) or 'empty'}"
            for key, value in changed.items()
        ]
        count = words.count(len(changed), "change")
        self._go.set_words(f"Write {count}")
        self._go.setEnabled(bool(changed))
        self._changes.setText("\n".join(lines) if lines else "Nothing is changed yet.")

    def _press(self) -> bool:
        if self.form.check():
            self.asked.emit(self.form.values())
        return False


def encoded(values: dict[str, str]) -> bytes:
    """A half-typed form, as kept."""
    return msgspec.json.encode(values)


def decoded(kept: bytes | None) -> dict[str, str] | None:
    """What was kept, where it can be read."""
    if not kept:
        return None
    try:
        return msgspec.json.decode(kept, type=dict[str, str])
    except msgspec.MsgspecError:
        return None
