"""What changes patients: the sheets to create and to edit, duplicates, linked records; drafts of what is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from app.desk.patients import LikelyDuplicate
from app.model.booking import PatientProfile
from app.model.capabilities import Capability, Standing
from app.model.connection import Connection
from app.model.coverage import CoverageRecord
from app.model.errors import BadInput, DaybookError, Locked
from app.model.people import Patient
from app.model.portal import WritePlan
from app.model.portal_writes import WriteWish
from app.rules import words
from app.store import connections
from app.store.database import Reader
from ui.screens.base import Shell
from ui.screens.patients.finder import PeopleFinder
from ui.screens.patients.form import PatientSheet, changes_between, decoded, encoded, patient_of, values_of
from ui.screens.patients.on_pages import agreed_plan, record_of
from ui.screens.patients.people import PatientPicker, Person
from ui.screens.patients.policies import READ, WRITE, write_policy
from ui.screens.patients.profile import ProfileView
from ui.screens.plan_sheet import typed_on_pages
from ui.services import Services
from ui.tasks import TaskOwner
from ui.theme import theme
from ui.widgets.label import Label
from ui.widgets.popover import Popover

#: Seconds of quiet before what is typed is kept as a draft.
_KEEP = 0.5
_NEW_KEY = "patient:new"
#: Insurance is read when a patient is opened, unless it was so lately; who leafs through patients asks nothing.
_LATELY = timedelta(minutes=10)
_LEAFING = 0.4


class _NotWanted(Exception):
    """The person has seen the plan and does not want it; what is typed stays."""


class PatientForms:
    """Mixed into the patients screen."""

    services: Services
    shell: Shell
    tasks: TaskOwner
    finder: PeopleFinder
    _patient_id: str
    _sheet: PatientSheet | None
    _sheet_key: str

    @cached_property
    def profile(self) -> ProfileView:
        """One patient's page."""
        raise NotImplementedError

    def today(self) -> date:
        """The present day at the location."""
        raise NotImplementedError

    def can_edit(self) -> bool:
        """Whether the patient's system takes changes."""
        raise NotImplementedError

    def open_patient(self, patient_id: str) -> None:
        """Show a patient's page."""
        raise NotImplementedError

    async def look_again(self) -> None:
        """Read the page shown again."""
        raise NotImplementedError

    def new_patient(self) -> None:
        """Ctrl+N."""
        self.tasks.start_once("form", self._new_patient())

    async def _new_patient(self) -> None:
        systems = await self.services.store.read(_taking_patients)
        if not systems:
            self.shell.toast("No connected system takes new patients from here.", icon="info")
            return
        known = {each.connection_id: each for each in systems}
        draft = decoded(await self.services.desk.patients.draft(self.shell.actor(), _NEW_KEY))
        sheet = PatientSheet(
            "New patient", [(key, each.name) for key, each in known.items()], Patient(), self.today, new=True
        )
        if draft is not None:
            sheet.form.show_values(draft)
        self._open_sheet(sheet, _NEW_KEY)
        sheet.form.left.connect(lambda: self.tasks.restart("duplicates", self._duplicates(sheet)))
        sheet.asked.connect(
            lambda values: self.tasks.start_once("save", self._create(sheet, known[sheet.system.key()], values))
        )

    def edit(self) -> None:
        """E."""
        if self.can_edit():
            self.tasks.start_once("form", self._edit())

    async def _edit(self) -> None:
        found = self.profile.profile()
        assert found is not None
        patient_id, person = found.patient.local_id, found.patient.value
        connection = await self.services.store.read(connections.get, found.patient.connection_id)
        if connection is None:
            return
        key = f"patient:{patient_id}"
        draft = decoded(await self.services.desk.patients.draft(self.shell.actor(), key))
        sheet = PatientSheet(
            "Change details", [(connection.connection_id, found.system)], person, self.today, new=False
        )
        if draft is not None and draft != values_of(person):
            sheet.form.show_values(draft)
        self._open_sheet(sheet, key)
        sheet.asked.connect(
            lambda values: self.tasks.start_once(
                "save", self._write(sheet, connection, patient_id, changes_between(person, values))
            )
        )

    def _open_sheet(self, sheet: PatientSheet, key: str) -> None:
        self._sheet, self._sheet_key = sheet, key
        sheet.typed.connect(lambda values: self.tasks.restart("patient draft", self._keep_soon(key, values)))
        sheet.record_wanted.connect(lambda patient_id: self._leave_for(sheet, patient_id))
        sheet.finished.connect(lambda how: self._sheet_closed(sheet, given_up=not how))
        self.shell.show_sheet(sheet)

    def _sheet_closed(self, sheet: PatientSheet, *, given_up: bool) -> None:
        if given_up:
            self.tasks.stop("save")
        if self._sheet is sheet:
            self._sheet = None

    def _leave_for(self, sheet: PatientSheet, patient_id: str) -> None:
        sheet.close_with("")
        self.open_patient(patient_id)

    async def _keep_soon(self, key: str, values: dict[str, str]) -> None:
        await asyncio.sleep(_KEEP)
        await self.services.desk.patients.save_draft(self.shell.actor(), key, encoded(values))

    async def _duplicates(self, sheet: PatientSheet) -> None:
        person = patient_of(sheet.values())
        if person.last_name:
            sheet.show_matches(await self.services.desk.patients.duplicates(self.shell.actor(), person))

    async def _create(self, sheet: PatientSheet, connection: Connection, values: dict[str, str]) -> None:
        desk, actor, key = self.services.desk.patients, self.shell.actor(), connection.connection_id
        person, other = patient_of(values), sheet.is_other()

        async def work() -> str:
            plan = await self._planned(
                sheet, connection, lambda: desk.create_wish(actor, key, person, accepted_duplicates=other)
            )
            return await desk.create(actor, key, person, accepted_duplicates=other, plan=plan)

        await self._hand_in(sheet, work(), f"Creating the patient in {connection.name}.")

    async def _write(
        self, sheet: PatientSheet, connection: Connection, patient_id: str, changes: dict[str, str]
    ) -> None:
        desk, actor, shown_id = self.services.desk.patients, self.shell.actor(), self._patient_id

        async def work() -> str:
            plan = await self._planned(sheet, connection, lambda: desk.edit_wish(actor, patient_id, changes, shown_id))
            return await desk.edit(actor, patient_id, changes, shown_id, plan=plan)

        await self._hand_in(sheet, work(), f"{words.count(len(changes), 'change')} held for 8 s, then sent.")

    async def _planned(
        self, sheet: PatientSheet, connection: Connection, wish: Callable[[], Awaitable[WriteWish]]
    ) -> WritePlan | None:
        """What will be typed where, agreed to; None for a system that is not typed into. Raises _NotWanted."""
        if not typed_on_pages(self.services, connection.vendor):
            sheet.busy()
            return None
        sheet.busy(f"Looking at {connection.name}’s page. Nothing is written yet.")
        wanted = await wish()
        agreed = await agreed_plan(self.services, self.shell, connection, wanted)
        if isinstance(agreed, WritePlan):
            return agreed
        if agreed:
            await self._open_instead(sheet, connection, agreed)
        raise _NotWanted

    async def _open_instead(self, sheet: PatientSheet, connection: Connection, vendor_id: str) -> None:
        patient_id = await record_of(self.services, self.shell, connection.connection_id, vendor_id)
        if patient_id:
            self._leave_for(sheet, patient_id)
        else:
            self.shell.toast(f"{connection.name} does not show patient {vendor_id} any more.", icon="info")

    async def _hand_in(self, sheet: PatientSheet, work: Coroutine[Any, Any, str], said: str) -> None:
        try:
            job_id = await work
        except _NotWanted:
            sheet.ready()
            return
        except LikelyDuplicate as likely:
            sheet.show_matches(likely.matches)
            sheet.say_problem(f"{likely.happened} {likely.means}")
            return
        except BadInput as wrong:
            sheet.say_problem(wrong.happened)
            sheet.form.say_wrong(wrong.field, wrong.happened)
            return
        except DaybookError as failed:
            sheet.say_problem(f"{failed.happened} {failed.means}".strip())
            return
        self.tasks.stop("patient draft")
        await self.services.desk.patients.drop_draft(self.shell.actor(), self._sheet_key)
        sheet.close_with("go")
        self.shell.offer_undo(said, lambda: self._undo(job_id))

    def _undo(self, job_id: str) -> None:
        self.tasks.start(self.services.desk.jobs.undo(self.shell.actor(), job_id), "undo")

    # -- insurance -------------------------------------------------------------------------------------------------

    def read_policies(self) -> None:
        """Ask the system for the patient's insurance now."""
        self.tasks.restart(READ, self._read_policies())

    def freshen_policies(self, found: PatientProfile) -> None:
        """A patient was opened: what is not known lately is read behind the page."""
        copy, now = found.coverage, self.services.clock.now()
        lately = copy is not None and abs(now - copy.as_of) < _LATELY
        self.profile.policies.busy(False)
        if found.has_coverage and not lately:
            self.tasks.restart(READ, self._freshen_policies())
        else:
            self.tasks.stop(READ)

    async def _freshen_policies(self) -> None:
        await asyncio.sleep(_LEAFING)
        try:
            await self._read_policies()
        except Locked:
            return
        except DaybookError as failed:
            self.profile.policies.busy(False, f"Not read again. {failed.happened}")

    async def _read_policies(self) -> None:
        found, panel = self.profile.profile(), self.profile.policies
        if found is None:
            return
        panel.busy(True)
        try:
            await self.services.desk.patients.coverage(self.shell.actor(), found.patient.local_id)
        finally:
            panel.busy(False)

    def edit_policy(self, policy: CoverageRecord) -> None:
        """Change a policy, or add one."""
        found = self.profile.profile()
        if found is not None:
            work = write_policy(self.services, self.shell, self.tasks, found, policy, self.today)
            self.tasks.start_once(WRITE, work)

    # -- linked records --------------------------------------------------------------------------------------------

    def link_record(self) -> None:
        """Search the same person's record in another system and link it; nothing is merged."""
        popover = Popover("Link another record", 400)
        picker = PatientPicker(self.finder, self.tasks, may_create=False)
        popover.body.addWidget(Label("The same person in another system", "body-strong"))
        popover.body.addWidget(Label("Records are linked here and never merged.", "small", "text-2"))
        popover.body.addWidget(picker)
        popover.body.addSpacing(theme().px(120))

        def choose(who: Person) -> None:
            popover.shut()
            self.tasks.start_once("link", self._link(who.row.local_id))

        picker.picked.connect(choose)
        self.shell.show_popover(popover, self.profile.tabs, right=True)
        picker.setFocus()

    async def _link(self, other: str) -> None:
        mine = self._patient_id
        await self.services.desk.patients.link(self.shell.actor(), mine, other)
        await self.look_again()
        self.shell.offer_undo("The records are linked.", lambda: self._unlink(other))

    def _unlink(self, other: str) -> None:
        async def work() -> None:
            await self.services.desk.patients.unlink(self.shell.actor(), self._patient_id, other)
            await self.look_again()
            self.shell.toast("The records are no longer linked.", icon="unlink")

        self.tasks.start_once("unlink", work())


def _taking_patients(conn: Reader) -> list[Connection]:
    return [
        each
        for each in connections.listed(conn)
        if any(
            offer.capability is Capability.CREATE_PATIENT and offer.standing is Standing.YES for offer in each.offers
        )
    ]
