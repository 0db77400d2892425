"""Patients: search and recent ones at the left, one patient's page beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.model.booking import PatientProfile, ProfileVisit
from app.model.changes import Change, Kind
from app.model.errors import DaybookError, Locked
from app.model.people import PatientRow
from app.rules import timezones, words
from app.store import patients, visits
from app.store.database import Reader
from ui.screens.base import Screen, Shell
from ui.screens.patients.finder import PeopleFinder
from ui.screens.patients.form import PatientSheet, encoded
from ui.screens.patients.forms import PatientForms
from ui.screens.patients.people import PeopleView, Person
from ui.screens.patients.profile import ProfileView
from ui.services import Services
from ui.widgets.buttons import Button
from ui.widgets.choices import exclusive
from ui.widgets.empty import Empty
from ui.widgets.fields import Ring, SearchField
from ui.widgets.label import Label
from ui.widgets.panels import MAIN, Line, Pane, column, row


class PatientsScreen(PatientForms, Screen):
    """The list and one patient's page. What is typed into a form is kept as a draft."""

    name = "patients"
    title = "Patients"
    with_toolbar = False

    def __init__(self, services: Services, shell: Shell) -> None:
        super().__init__(services, shell)
        self.finder = PeopleFinder(services, shell, self.today)
        self._patient_id = ""
        self._just_opened = False
        self._which = "recent"
        self._sheet: PatientSheet | None = None
        self._sheet_key = ""
        self._build()

    def _build(self) -> None:
        self.field = SearchField("Search patients", "Name, birth date, phone, member ID")
        self.list = PeopleView("Patients", "list")
        self._recent = Button("Recent", icon="clock", size="small")
        self._today_chip = Button("Today", icon="calendar", size="small")
        for chip in (self._recent, self._today_chip):
            chip.setCheckable(True)
        exclusive((self._recent, self._today_chip), self)
        self._recent.setChecked(True)
        new = Button("New", icon="plus", size="small")
        new.setAccessibleName("New patient")
        new.clicked.connect(self.new_patient)
        self._heading = Label("Opened lately", "small", "text-3", elide=True)
        self._count = Label("", "small", "text-3")
        self._everywhere = Button("Search every system", "link", icon="search")
        self._everywhere.clicked.connect(self.search_everywhere)
        self._nothing = Empty()
        self._people = QStackedWidget()
        self._people.addWidget(self.list)
        self._people.addWidget(self._nothing)
        left = Pane(308, "canvas")
        ring = Ring(self.field)
        ring.setContentsMargins(-3, -3, -3, -3)
        head = row(self._heading, self._count)
        head.setStretch(0, 1)
        top = column(ring, row(self._recent, self._today_chip, None, new), head, spacing=10, margins=(12, 12, 14, 4))
        bottom = row(self._everywhere, None, margins=(14, 6, 12, 8))
        left.setLayout(column(top, self._people, bottom, spacing=0))
        self._no_patient = Empty()
        self._no_patient.say(
            "No patient is open", "Search at the left, or choose one of the last ones.", icon="users", family=""
        )
        self._page = QStackedWidget()
        self._page.addWidget(self._no_patient)
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(left)
        line.addWidget(Line(vertical=True))
        line.addWidget(self._page, MAIN)
        self.body.addLayout(line, 1)
        self._connect()

    def _connect(self) -> None:
        self.field.textChanged.connect(lambda _text: self.tasks.restart("people", self._read_list()))
        self.field.down.connect(self._into_list)
        self.field.returnPressed.connect(self._open_first)
        self._recent.clicked.connect(self.show_recent)
        self._today_chip.clicked.connect(self.show_today)
        self.list.opened.connect(lambda who: self.open_patient(who.row.local_id))

    @cached_property
    def profile(self) -> ProfileView:
        """One patient's page, made with the first patient."""
        profile = ProfileView()
        profile.book_wanted.connect(self.book)
        profile.edit_wanted.connect(self.edit)
        profile.link_wanted.connect(self.link_record)
        profile.unlink_wanted.connect(self._unlink)
        profile.policies.read_wanted.connect(self.read_policies)
        profile.policies.policy_wanted.connect(self.edit_policy)
        profile.record_opened.connect(self.open_patient)
        profile.visit_opened.connect(self._open_visit)
        self._page.addWidget(profile)
        return profile

    def ahead(self) -> Sequence[Callable[[], object]]:
        """The page."""
        return (lambda: self.profile,)

    # -- reading ---------------------------------------------------------------------------------------------------

    def today(self) -> date:
        """The present day at the location."""
        return timezones.local(self.services.clock.now(), self.services.practice.time_zone)[0]

    def show_at(self, **where: object) -> None:
        """From elsewhere: a patient to open, words to search."""
        patient_id, text = where.get("patient_id"), where.get("search_everywhere")
        if isinstance(text, str) and text:
            self.field.setText(text)
            self.search_everywhere()
        if isinstance(patient_id, str) and patient_id:
            self.open_patient(patient_id)

    async def refresh(self) -> None:
        """Read the list, the count and the page shown."""
        try:
            total = await self.services.desk.patients.count(self.shell.actor())
        except Locked:
            return
        self._count.setText(words.count(total, "patient"))
        await self._read_list()
        if self._patient_id:
            await self.look_again()

    async def _read_list(self) -> None:
        text = self.field.text().strip()
        actor, desk = self.shell.actor(), self.services.desk.patients
        if text:
            rows = await desk.search(actor, text)
            self._heading.setText(words.count(len(rows), "match", "matches"))
        elif self._which == "today":
            rows = await self._todays()
            self._heading.setText("On today’s schedule")
        else:
            rows = await self._recent_rows()
            self._heading.setText("Opened lately")
        self._show_list(await self.finder.shown(rows), text)

    async def _recent_rows(self) -> list[PatientRow]:
        """The last ones opened; whoever is open now is among them."""
        rows = await self.services.desk.patients.recent(self.shell.actor(), 20)
        if self._patient_id and all(row.local_id != self._patient_id for row in rows):
            now_open = await self.services.store.read(patients.row_of, self._patient_id)
            rows = [now_open, *rows] if now_open else rows
        return rows

    async def _todays(self) -> list[PatientRow]:
        await self.services.desk.schedule.day(self.shell.actor(), self.today())
        return await self.services.store.read(_todays_patients, self.today())

    def _show_list(self, found: Sequence[Person], text: str) -> None:
        self.list.people.show_people(found, text)
        at = next((row for row, who in enumerate(found) if who.row.local_id == self._patient_id), -1)
        if at >= 0 or text or not self._patient_id:
            self.list.set_row(max(0, at))
        if found:
            self._people.setCurrentWidget(self.list)
            return
        if text:
            self._nothing.say(
                "Nobody fits",
                "Try fewer letters, a birth date or the last digits of a phone number.",
                icon="search",
                family="",
                button="Search every system",
                button_icon="search",
                on_button=self.search_everywhere,
            )
        elif self._which == "today":
            self._nothing.say("Nobody known", "No visit of today names a patient.", icon="calendar", family="")
        else:
            self._nothing.say("Nobody yet", "Patients you open are listed here.", icon="users", family="")
        self._people.setCurrentWidget(self._nothing)

    def search_everywhere(self) -> None:
        """Ask the systems themselves, where the local copy may not know somebody yet."""
        text = self.field.text().strip()
        if not text:
            self.find_in_page()
            return
        self.tasks.restart("people", self._everywhere_for(text))

    async def _everywhere_for(self, text: str) -> None:
        self._heading.setText("Asking every system…")
        rows, failures = await self.services.desk.patients.everywhere(self.shell.actor(), text)
        self._heading.setText(f"{words.count(len(rows), 'match', 'matches')} in every system")
        self._show_list(await self.finder.shown(rows), text)
        for failure in failures:
            self.shell.toast(failure, icon="alert")

    # -- list ------------------------------------------------------------------------------------------------------

    def show_recent(self) -> None:
        """The last ones opened."""
        self._turn_list("recent", self._recent)

    def show_today(self) -> None:
        """Those on today's schedule."""
        self._turn_list("today", self._today_chip)

    def _turn_list(self, which: str, chip: Button) -> None:
        self._which = which
        chip.setChecked(True)
        self.field.clear()
        self.tasks.restart("people", self._read_list())

    def find_in_page(self) -> None:
        """/: the search."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _into_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.list.set_row(max(0, self.list.currentIndex().row()))

    def _open_first(self) -> None:
        found = self.list.current()
        if found is not None and not self.tasks.running("people"):
            self.open_patient(found.row.local_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K: the page follows the list."""
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}.get(Qt.Key(event.key()))
        if step is None or event.modifiers():
            super().keyPressEvent(event)
            return
        self.list.step(step)
        found = self.list.current()
        if found is not None:
            self.open_patient(found.row.local_id)

    # -- page ------------------------------------------------------------------------------------------------------

    def open_patient(self, patient_id: str) -> None:
        """Show a patient's page."""
        self._patient_id, self._just_opened = patient_id, True
        self.tasks.restart("profile", self._open(patient_id))

    async def _open(self, patient_id: str) -> None:
        try:
            found = await self.services.desk.patients.get(self.shell.actor(), patient_id)
        except DaybookError as failed:
            self._no_patient.say(failed.happened, failed.means, icon="alert", family="amber")
            self._page.setCurrentWidget(self._no_patient)
            return
        self._show(found)
        if self._which == "recent" and not self.field.text().strip():
            await self._read_list()

    async def look_again(self) -> None:
        """The page again after a change."""
        self._show(await self.services.desk.patients.look(self.shell.actor(), self._patient_id))

    def _show(self, found: PatientProfile) -> None:
        if found.patient.local_id != self._patient_id:
            return
        now, zone = self.services.clock.now(), self.services.practice.time_zone
        self.profile.show_profile(found, self.today(), now, zone, private=self.shell.privacy())
        self._page.setCurrentWidget(self.profile)
        if self._just_opened:
            self._just_opened = False
            self.freshen_policies(found)
        at = next((n for n, who in enumerate(self.list.people.people()) if who.row.local_id == self._patient_id), -1)
        if at >= 0:
            self.list.set_row(at)

    def has_patient(self) -> bool:
        """Whether a page is open."""
        return bool(self._patient_id) and self.profile.profile() is not None

    def can_edit(self) -> bool:
        """Whether its system takes changes."""
        found = self.profile.profile() if self._patient_id else None
        return found is not None and found.can_edit

    def tab_1(self) -> None:
        """Overview."""
        self.profile.tabs.set_key("overview")

    def tab_2(self) -> None:
        """Visits."""
        self.profile.tabs.set_key("visits")

    def tab_3(self) -> None:
        """Details."""
        self.profile.tabs.set_key("details")

    def book(self) -> None:
        """N: find a time for this patient."""
        self.shell.open("find_slot", patient_id=self._patient_id)

    def _open_visit(self, found: ProfileVisit) -> None:
        self.shell.open(
            "schedule", day=found.visit.day, provider_id=found.visit.provider_id, visit_id=found.visit.local_id
        )

    # -- following -------------------------------------------------------------------------------------------------

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Read again what changed."""
        kinds = {each.kind for each in changes}
        if Kind.PATIENTS in kinds:
            self.tasks.restart("people", self._read_list())
        if self._patient_id and kinds & {Kind.PATIENTS, Kind.COVERAGE, Kind.VISITS, Kind.CONNECTIONS}:
            self.tasks.restart("profile", self.look_again())

    def keep_drafts(self) -> None:
        """The window locks or closes."""
        if self._sheet is not None:
            values = encoded(self._sheet.values())
            work = self.services.desk.patients.save_draft(self.shell.actor(), self._sheet_key, values)
            self.tasks.start(work, "keep patient")

    def main_part(self) -> QWidget:
        """The list, the search where it is empty."""
        return self.field if self._people.currentWidget() is self._nothing else self.list

    def panes(self) -> Sequence[QWidget]:
        """List, page."""
        return self.field, self._page


def _todays_patients(conn: Reader, day: date) -> list[PatientRow]:
    ids = dict.fromkeys(row.patient_id for row in visits.on_day(conn, day) if row.patient_id)
    found = (patients.row_of(conn, each) for each in ids)
    return [row for row in found if row is not None]


SCREEN = PatientsScreen
