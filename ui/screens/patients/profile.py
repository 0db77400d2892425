"""One patient's page: who, visits, note, details; what is missing and which records are linked stand beside it."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.model.booking import LinkedRecord, PatientProfile
from app.model.people import Patient
from app.rules import words
from app.rules.duplicates import field_words
from app.rules.names import initials, masked, monogram, shown
from ui.screens.patients.policies import PolicyPanel
from ui.screens.patients.tabs import Tabs
from ui.screens.patients.visits_list import VisitsList
from ui.text import tip
from ui.widgets.buttons import Button
from ui.widgets.label import IconView, Label
from ui.widgets.paint import text_width
from ui.widgets.panels import MAIN, Facts, Ground, Line, Pane, Panel, Scroll, Well, clear, column, row
from ui.widgets.status import Avatar, FreshnessBadge, SourceTag, age_of

_GENDERS = {"m": "Male", "f": "Female", "o": "Other", "u": "Not known"}
_TABS = (("overview", "Overview"), ("visits", "Visits"), ("details", "Details"))


class ProfileView(QWidget):
    """``book_wanted``, ``edit_wanted``, ``link_wanted``; ``unlink_wanted`` (patient id); ``visit_opened``
    (ProfileVisit); ``record_opened`` (patient id)."""

    book_wanted = Signal()
    edit_wanted = Signal()
    link_wanted = Signal()
    unlink_wanted = Signal(str)
    visit_opened = Signal(object)
    record_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Patient")
        self._profile: PatientProfile | None = None
        self._private = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._build_head())
        outer.addWidget(Line())
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self._build_tabs(), MAIN)
        line.addWidget(Line(vertical=True))
        line.addWidget(self._build_side())
        outer.addLayout(line, 1)

    def _build_head(self) -> QVBoxLayout:
        self._avatar = Avatar("", 52, strong=True)
        self._name = Label("", "figure", elide=True)
        self._pronouns = Label("", "body", "text-3")
        self._facts = QHBoxLayout()
        self._facts.setSpacing(6)
        self._edit = Button("Edit", icon="edit", keys="E")
        self._edit.clicked.connect(self.edit_wanted)
        self._book = Button("Book visit", "primary", icon="plus", keys="N")
        self._book.clicked.connect(self.book_wanted)
        names = QHBoxLayout()
        names.setSpacing(8)
        names.addWidget(self._name, 1)
        names.addWidget(self._pronouns, 0, Qt.AlignmentFlag.AlignVCenter)
        texts = column(names, self._facts, spacing=2)
        head = QHBoxLayout()
        head.setContentsMargins(20, 16, 16, 8)
        head.setSpacing(16)
        head.addWidget(self._avatar)
        head.addLayout(texts, 1)
        head.addWidget(self._edit)
        head.addWidget(self._book)
        self.tabs = Tabs(_TABS, "Parts of the patient's page")
        self.tabs.chosen.connect(self._turn)
        return column(head, _indented(self.tabs), spacing=2)

    def _build_tabs(self) -> QWidget:
        self._stack = QStackedWidget()
        self._upcoming = VisitsList("Upcoming visits", "No visit ahead that Daybook knows of.")
        self._past = VisitsList("Past visits", "No past visit that Daybook knows of.")
        self._all_past = VisitsList("All past visits", "No past visit that Daybook knows of.")
        self._all_ahead = VisitsList("All upcoming visits", "No visit ahead that Daybook knows of.")
        for part in (self._upcoming, self._past, self._all_past, self._all_ahead):
            part.opened.connect(self.visit_opened)
        self._alert = Well("", "alert", "amber")
        self._note = Label("", "body", wrap=True)
        self._note_source = Label("", "small", "text-3", wrap=True)
        edit_note = Button("Edit", "link")
        edit_note.clicked.connect(self.edit_wanted)
        note = Ground("sunken", radius=8)
        note.setLayout(column(self._note, self._note_source, spacing=4, margins=(12, 10, 12, 10)))
        self._note_edit = edit_note
        self._told = Label("", "small", "text-3", wrap=True)
        note_part = column(row(Label("Note", "body-strong"), None, edit_note), note, spacing=6)
        self._facts_table = Facts()
        self._details_edit = Label("", "small", "text-3", wrap=True)
        pages = (
            (self._alert, self._upcoming, self._past, self._told, note_part),
            (self._all_ahead, self._all_past),
            (self._facts_table, self._details_edit),
        )  # fmt: skip
        for parts in pages:
            page = QWidget()
            page.setLayout(column(*parts, None, spacing=18, margins=(20, 16, 20, 20)))
            self._stack.addWidget(Scroll(page))
        return self._stack

    def _build_side(self) -> QWidget:
        self._missing = Panel("To complete")
        self.policies = PolicyPanel()
        self._records = Panel("Records")
        inside = QWidget()
        inside.setLayout(column(self._missing, self.policies, self._records, None, spacing=0))
        side = Pane(290)
        side.setLayout(column(Scroll(inside), spacing=0))
        return side

    # -- showing ---------------------------------------------------------------------------------------------------

    def profile(self) -> PatientProfile | None:
        """Whose page it is."""
        return self._profile

    def show_profile(self, profile: PatientProfile, today: date, now: datetime, zone: str, *, private: bool) -> None:
        """Show a patient; ``private`` keeps names, numbers and notes covered."""
        self._profile, self._private = profile, private
        person = profile.patient.value
        name = shown(person.full_name()) or "No name"
        self._avatar.show_initials(monogram(name))
        self._name.setText(initials(name) if private else name)
        self._name.setMaximumWidth(text_width(self._name.text(), "figure") + 4)
        self._pronouns.setText(shown(person.pronouns, 40))
        self._show_facts(person, profile, private=private)
        self._edit.setEnabled(profile.can_edit)
        self._edit.setToolTip(tip("" if profile.can_edit else profile.edit_words))
        self._upcoming.show_visits(profile.upcoming, today, ahead=True, most=5)
        self._past.show_visits(profile.past, today, ahead=False, most=6)
        self._all_ahead.show_visits(profile.upcoming, today, ahead=True)
        self._all_past.show_visits(profile.past, today, ahead=False)
        self._told.setText(_whose_visits(profile))
        self._alert.words.setText(shown(person.alert, 400))
        self._alert.setVisible(bool(person.alert) and not private)
        self._show_note(person, profile)
        self._show_details(person, profile)
        self._show_missing(profile)
        self.policies.show_profile(profile, today, now, zone, private=private)
        self._show_records(profile, now, zone)

    def _show_facts(self, person: Patient, profile: PatientProfile, *, private: bool) -> None:
        clear(self._facts)
        birth = words.field_date(person.birth_date) or "birth date not known"
        age = f", {profile.age}" if profile.age is not None else ""
        facts = [("", "" if private else f"{birth}{age}")]
        phone = person.phone or person.cell_phone or person.sms_phone
        facts += [
            ("phone", masked(phone) if private else shown(phone, 40)),
            ("mail", "" if private else shown(person.email)),
        ]
        for icon, text in facts:
            if not text:
                continue
            if icon:
                self._facts.addSpacing(10)
                self._facts.addWidget(IconView(icon, "text-3", 14))
            self._facts.addWidget(Label(text, "body", "text-2", elide=bool(icon)))
        self._facts.addStretch(1)

    def _show_note(self, person: Patient, profile: PatientProfile) -> None:
        covered = "Notes are covered while privacy mode is on."
        self._note.setText(covered if self._private else shown(person.notes, 2000) or "No note.")
        self._note_source.setText(f"Kept in {profile.system}, where clinicians see it too.")
        self._note_edit.setVisible(profile.can_edit)

    def _show_details(self, person: Patient, profile: PatientProfile) -> None:
        address = person.address
        place = ", ".join(part for part in (address.city, address.state, address.postal_code) if part)
        covered = masked if self._private else (lambda text: shown(text, 300))
        self._facts_table.show_facts(
            (
                ("First name", covered(person.first_name)),
                ("Middle name", covered(person.middle_name)),
                ("Last name", covered(person.last_name)),
                ("Called", covered(person.nick_name)),
                ("Birth date", covered(words.field_date(person.birth_date))),
                ("Sex on record", _GENDERS.get(person.gender, person.gender)),
                ("Pronouns", shown(person.pronouns)),
                ("Language", shown(person.language)),
                ("Phone", covered(person.phone)),
                ("Cell phone", covered(person.cell_phone)),
                ("Phone for texts", covered(person.sms_phone)),
                ("Email", covered(person.email)),
                ("Address", covered(" ".join(part for part in (address.street, address.unit) if part))),
                ("City", covered(place)),
                ("Country", shown(address.country)),
                ("Chart number", covered(person.chart_number)),
                ("Member IDs", ", ".join(covered(each) for each in person.member_ids)),
                ("Kind", "Lead, not seen yet" if person.is_lead else ""),
            )
        )
        self._details_edit.setText(
            f"Changes are written to {profile.system}." if profile.can_edit else profile.edit_words
        )

    def _show_missing(self, profile: PatientProfile) -> None:
        clear(self._missing.body)
        self._missing.setVisible(bool(profile.to_complete))
        for each in profile.to_complete:
            fix = Button("Add", "link")
            fix.setAccessibleName(f"Add {each}")
            fix.clicked.connect(self.edit_wanted)
            if not profile.can_edit:
                fix.hide()
            said = f"{each[0].upper()}{each[1:]}"
            self._missing.body.addLayout(row(IconView("note", "text-3", 14), Label(said), None, fix, spacing=8))

    def _show_records(self, profile: PatientProfile, now: datetime, zone: str) -> None:
        clear(self._records.body)
        add = self._records.body.addLayout
        add(_record_line(profile.source, profile.system, profile.patient.vendor_id))
        self._records.body.addWidget(FreshnessBadge(age_of(profile.patient.as_of, now, zone)))
        for each in profile.linked:
            self._show_linked(each)
        link = Button("Link another record", icon="link", size="small")
        link.clicked.connect(self.link_wanted)
        add(row(link, None))

    def _show_linked(self, each: LinkedRecord) -> None:
        self._records.body.addLayout(_record_line(each.source, each.system, each.row.vendor_id))
        if each.agree:
            said = words.listed([field_words(field) for field in each.agree])
            agree = f"{said[0].upper()}{said[1:]} {'agrees' if len(each.agree) == 1 else 'agree'}"
            line = row(IconView("link", "green.solid", 14), Label(agree, "small", "text-2", wrap=True), spacing=8)
            line.setStretch(1, 1)
            self._records.body.addLayout(line)
        if each.differ:
            said = words.listed([field_words(field) for field in each.differ])
            self._records.body.addWidget(Well(f"Different in the two systems: {said}.", "swap", "violet"))
        see, apart = Button("Open", "link"), Button("Not the same person", "link")
        see.clicked.connect(lambda: self.record_opened.emit(each.row.local_id))
        apart.clicked.connect(lambda: self.unlink_wanted.emit(each.row.local_id))
        self._records.body.addLayout(row(see, apart, None, spacing=14))

    def _turn(self, key: str) -> None:
        self._stack.setCurrentIndex([name for name, _ in _TABS].index(key))


def _record_line(source: str, system: str, record: str) -> QHBoxLayout:
    number = Label(record, "mono", "text-2")
    number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return row(SourceTag(source, record), Label(system), None, number, spacing=8)


def _indented(part: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setContentsMargins(20, 0, 20, 0)
    line.addWidget(part)
    return line


def _whose_visits(profile: PatientProfile) -> str:
    """Which visits a patient's page can list."""
    if profile.names_patients:
        return f"Listed are the visits Daybook has read from {profile.system}, and those booked through Daybook."
    linked = "Listed are visits booked through Daybook and those a person has linked."
    if profile.names_patients is None:
        return f"{linked} No visit has been read from {profile.system} itself."
    return f"{linked} {profile.system}’s own schedule names no patient."
