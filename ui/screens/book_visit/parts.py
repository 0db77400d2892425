"""Parts of the booking panel: who was chosen, a new patient's few fields, warnings to accept, other times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.model.booking import DuplicateMatch, PlanWarning, WarningKind
from app.model.people import Patient
from app.model.views import FoundSlot, Verdict
from app.rules import words
from app.rules.names import shown
from ui.screens.patients.people import Person
from ui.theme import theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.choices import Checkbox
from ui.widgets.fields import CheckKind, DateField, TextField
from ui.widgets.label import Label
from ui.widgets.paint import rounded
from ui.widgets.panels import Well, clear, column, row
from ui.widgets.status import Avatar, SourceTag

#: From this width on a chosen patient is shown with telephone and system.
_ROOMY = 290


class ChosenPatient(QWidget):
    """The patient picked, in the field's place; ``cleared`` to choose somebody else."""

    cleared = Signal()

    def __init__(self, who: Person, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(who.spoken)
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 6, 6, 6)
        line.setSpacing(10)
        line.addWidget(Avatar(who.letters, 26, strong=True))
        self._facts = tuple(part for part in (who.birth, who.phone) if part)
        self._below = Label("", "small", "text-2", elide=True)
        line.addLayout(column(Label(who.name, "body", weight=500, elide=True), self._below, spacing=0), 1)
        self._tag = SourceTag(who.source, who.row.vendor_id)
        line.addWidget(self._tag)
        other = IconButton("x", "Choose somebody else")
        other.clicked.connect(self.cleared)
        line.addWidget(other)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow column the name and the birth date come before the telephone and the system."""
        super().resizeEvent(event)
        roomy = self.width() >= theme().px(_ROOMY)
        self._below.setText(" · ".join(self._facts if roomy else self._facts[:1]))
        self._tag.setVisible(roomy)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field's edge."""
        rounded(QPainter(self), self.rect(), radius=6, fill="surface", line="line-strong")


class NewPatient(QWidget):
    """The few fields a booking wants of a new patient; the rest is listed as to complete."""

    changed = Signal()
    left = Signal()

    def __init__(self, guess: Patient, today: Callable[[], date], system: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = guess
        self.first = TextField("First name", text=guess.first_name)
        self.last = TextField("Last name", text=guess.last_name, check=_needed)
        self.birth = DateField("Birth date", today, past=True, optional=True)
        self.birth.set_value(guess.birth_date)
        self.phone = TextField("Phone", text=guess.phone, optional=True)
        back = Button("Search instead", "link")
        back.clicked.connect(self.left)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(10)
        outer.addLayout(row(Label(f"New patient in {system}", "body-strong"), None, back))
        outer.addLayout(row(self.first, self.last, spacing=10))
        outer.addLayout(row(self.birth, self.phone, spacing=10))
        for field in (self.first, self.last, self.birth, self.phone):
            field.edit.left.connect(self.changed)
        self.setFocusProxy(self.last if guess.first_name and not guess.last_name else self.first)

    def patient(self) -> Patient:
        """What is typed."""
        return Patient(
            first_name=self.first.text(),
            last_name=self.last.text(),
            birth_date=self.birth.value(),
            phone=self.phone.text(),
            email=self._base.email,
        )


def _needed(text: str) -> tuple[CheckKind, str]:
    return ("", "") if text.strip() else ("red", "A new patient needs a last name.")


class Warnings(QWidget):
    """Warnings to be read and said yes to, one checkbox each. ``accepted`` (kind, yes)."""

    accepted = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self._shown: tuple[PlanWarning, ...] = ()

    def show_warnings(self, warnings: tuple[PlanWarning, ...], accepted: Sequence[WarningKind]) -> None:
        """Other warnings; what was accepted stays accepted."""
        if warnings == self._shown:
            return
        self._shown = warnings
        clear(self._box)
        self.setVisible(bool(warnings))
        for warning in warnings:
            well = Well(warning.words, "alert", "amber")
            check = Checkbox("Book anyway")
            check.setChecked(warning.kind in accepted)
            check.setAccessibleDescription(warning.words)
            check.toggled.connect(lambda on, kind=warning.kind: self.accepted.emit(kind, on))
            self._box.addLayout(column(well, check, spacing=4))


class Duplicates(QWidget):
    """Who on file may be the person typed, with what agrees and what differs. ``taken`` (patient id)."""

    taken = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)

    def show_matches(self, matches: Sequence[DuplicateMatch], most: int = 3) -> None:
        """Other matches, the likeliest first."""
        clear(self._box)
        self.setVisible(bool(matches))
        if matches:
            self._box.addWidget(Label("Already on file?", "body-strong"))
        for match in matches[:most]:
            name = shown(match.row.full_name())
            use = Button("Use this record", size="small")
            use.setAccessibleName(f"Use the record of {name}")
            use.clicked.connect(lambda _=False, key=match.row.local_id: self.taken.emit(key))
            born = words.field_date(match.row.birth_date) or "birth date not known"
            facts = " · ".join(part for part in (born, shown(match.row.phone, 40)) if part)
            self._box.addLayout(
                row(
                    column(
                        Label(name, "body", weight=500, elide=True),
                        Label(facts, "small", "text-2", elide=True),
                        Label(match.words, "small", "amber.fg" if match.likely else "text-3", wrap=True),
                        spacing=0,
                    ),
                    use,
                )
            )


class OtherTimes(QWidget):
    """The nearest times where one has gone: press one, or its number. ``chosen`` (FoundSlot)."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self._slots: tuple[FoundSlot, ...] = ()

    def show_slots(self, slots: Sequence[FoundSlot], names: dict[str, str], day: date) -> None:
        """Other times; ``names`` are providers', ``day`` the one asked for."""
        clear(self._box)
        self._slots = tuple(slots)
        self.setVisible(bool(slots))
        if slots:
            self._box.addWidget(Label("Nearest times. Nothing has to be typed again.", "small", "text-2", wrap=True))
        for number, slot in enumerate(self._slots, start=1):
            when = words.clock_time(slot.start_minute)
            if slot.day != day:
                when = f"{words.short_day(slot.day)}, {when}"
            name = names.get(slot.provider_id, "")
            live = slot.verdict is Verdict.FREE
            press = Button(f"{when}  {name}", icon="check" if live else "clock", keys=str(number))
            press.setAccessibleDescription("Checked live, free" if live else "From the local copy")
            press.clicked.connect(lambda _=False, each=slot: self.chosen.emit(each))
            self._box.addWidget(press)

    def press(self, number: int) -> bool:
        """Choose by number; False when there is no such time."""
        if self.isVisible() and 1 <= number <= len(self._slots):
            self.chosen.emit(self._slots[number - 1])
            return True
        return False
