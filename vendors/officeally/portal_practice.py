"""Practice Mate's operations: patients and policies, appointments and hours, posting remittances."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from app.model.errors import BadInput
from app.model.people import Patient
from app.model.portal import PlannedEntry, WritePlan
from app.model.schedule import Provider, Visit
from vendors.contract import CoverageRecord
from vendors.officeally import portal_reading as reading
from vendors.officeally.pages.appointments import Appointments, TimeSchedules
from vendors.officeally.pages.claims import usa
from vendors.officeally.pages.patients import (
    PATIENT_LABELS,
    POLICY_LABELS,
    InsurancePage,
    PatientChart,
    PatientEdit,
    PatientSearch,
)
from vendors.officeally.pages.posting import AutoPost, AutoPostCheck, ConfirmAutoPost
from vendors.officeally.portal_reading import ORDERS, TITLE, PortalCheck, WorkingDay
from vendors.portal import failures
from vendors.portal.forms import Done, ReadBack, Written, meanwhile, refused
from vendors.portal.page import Row
from vendors.portal.session import PortalSession
from vendors.portal.tab import Tab

_APP = "pm"
_TICKED = "ticked"
#: What tells a person from others, as the portal itself compares.
_WHO = ("last_name", "first_name", "birth_date")


class PatientWork:
    """Patients and their policies."""

    def __init__(self, session: PortalSession) -> None:
        self._session = session

    async def search(
        self, *, last: str = "", first: str = "", born: date | None = None, patient_id: str = "", part: int = 1
    ) -> tuple[list[tuple[str, Patient]], int | None, bool]:
        """One part (from 1) of those that match: (id, patient), how many in all, whether there is another part."""

        async def look(tab: Tab) -> tuple[list[tuple[str, Patient]], int | None, bool]:
            page = await PatientSearch.open(tab)
            await page.search(last=last, first=first, dob=usa(born) if born else "", patient_id=patient_id)
            rows, number, parts = await page.found()
            while number < min(part, parts):
                await page.turn()
                rows, number, parts = await page.found()
            if number != part:
                return [], await page.count(), False
            return [reading.patient_of_list(row) for row in rows], await page.count(), number < parts

        return await self._session.run("search_patients", look, app=_APP, secret=(last, first, patient_id))

    async def chart(self, patient_id: str) -> tuple[Patient, list[CoverageRecord]]:
        """A patient's header and policies, primary first. Raises NotFound."""

        async def look(tab: Tab) -> tuple[Patient, list[CoverageRecord]]:
            page = await PatientChart.open(tab, PatientChart.address(_number(patient_id)))
            found, patient = reading.patient_of_chart(await page.header())
            if found != patient_id:
                raise await tab.drifted(page, ("the patient asked for",))
            return patient, sorted(map(reading.coverage, await page.policies()), key=lambda one: one.rank)

        return await self._session.run("patient", look, app=_APP)

    async def plan_patient(
        self, fields: Mapping[str, str], *, patient_id: str = "", despite_twin: bool = False, who: str = ""
    ) -> WritePlan:
        """A new patient (no id) or changes to one; ``fields`` by our names, dates as MM/DD/YYYY.

        ``despite_twin``: make the record even if the portal says that this person exists; a person decided so.
        """
        labels = _labelled(fields, PATIENT_LABELS)

        async def look(tab: Tab) -> WritePlan:
            marks = {"twin": "anyway" if despite_twin else ""}
            if not patient_id:
                marks["known"] = ",".join(await self._same(tab, fields))
            page = await PatientEdit.open(tab, PatientEdit.address(_number(patient_id) if patient_id else ""))
            return WritePlan(
                operation="save_patient",
                system=TITLE,
                page=PatientEdit.name,
                record=patient_id,
                address=PatientEdit.address(patient_id),
                summary=f"Change patient {patient_id}" if patient_id else "Add a new patient",
                entries=await page.planned(labels),
                button="Save",
                marks={**marks, **{name: fields.get(name, "") for name in _WHO}},
            )

        return await self._session.run("plan_patient", look, app=_APP, who=who, secret=tuple(fields.values()))

    async def save_patient(self, tab: Tab, plan: WritePlan, content: bytes) -> Written:
        """Fill the form and save; then read the chart it leads to."""
        page = await PatientEdit.to_write(tab, plan.address)
        await page.enter(plan)
        await page.commit(plan.button)
        said = await page.refusal()
        if "exists" in said and plan.marks.get("twin"):
            # The first press saved nothing, it only asked; the second is the one that counts.
            await PatientEdit.on(tab)
            await page.commit("Save Anyway")
            said = await page.refusal()
        if said:
            raise refused(TITLE, said, tab.secret)
        chart = await PatientChart.on(tab)
        found, patient = reading.patient_of_chart(await chart.header())
        if await chart.notice() != "Patient saved." or (plan.record and plan.record != found):
            raise failures.unknown(TITLE, "save_patient: no confirmation")
        if not _holds(patient, plan):
            raise failures.unknown(TITLE, "save_patient: the chart shows something else")
        return Written(record=found, words="Patient saved.")

    async def patient_done(self, plan: WritePlan) -> ReadBack:
        """A new patient: one more of that name and birth date than before. A change: the chart holds it."""
        if plan.record:
            patient, _ = await self.chart(plan.record)
            if _holds(patient, plan):
                return ReadBack(done=Done.YES, record=plan.record, words="The chart shows the change.")
            old = _holds(patient, plan, before=True)
            return ReadBack(done=Done.NO if old else Done.UNCLEAR, words="The chart does not show the change.")
        fields = {name: plan.marks[name] for name in _WHO}

        async def look(tab: Tab) -> list[str]:
            return await self._same(tab, fields)

        now = await self._session.run("patient_done", look, app=_APP, secret=tuple(fields.values()))
        new = [one for one in now if one not in plan.marks["known"].split(",")]
        if len(new) > 1:
            return ReadBack(done=Done.UNCLEAR, words="Several new patients have this name and birth date.")
        if new:
            return ReadBack(done=Done.YES, record=new[0], words=f"Patient {new[0]} is there.")
        return ReadBack(done=Done.NO, words="No new patient has this name and birth date.")

    async def _same(self, tab: Tab, fields: Mapping[str, str]) -> list[str]:
        page = await PatientSearch.open(tab)
        await page.search(
            last=fields.get("last_name", ""), first=fields.get("first_name", ""), dob=fields.get("birth_date", "")
        )
        rows, _, _ = await page.found()
        return [row["Patient ID"] for row in rows]

    async def plan_policy(self, patient_id: str, rank: int, fields: Mapping[str, str], who: str = "") -> WritePlan:
        """A policy at ``rank`` (1 primary); ``fields`` by our names (``payer_id``, ``member_id``, ``starts`` …)."""
        if not 1 <= rank <= len(ORDERS):
            raise BadInput("rank", f"{TITLE} holds three policies for a patient.", "Nothing was sent.")
        labels = _labelled(fields, POLICY_LABELS)
        address = InsurancePage.address(_number(patient_id), ORDERS[rank - 1])

        async def look(tab: Tab) -> WritePlan:
            page = await InsurancePage.open(tab, address)
            return WritePlan(
                operation="save_policy",
                system=TITLE,
                page=InsurancePage.name,
                record=patient_id,
                address=address,
                summary=f"{ORDERS[rank - 1]} insurance of patient {patient_id}",
                entries=await page.planned(labels),
                button="Save",
            )

        return await self._session.run("plan_policy", look, app=_APP, who=who, secret=tuple(fields.values()))

    async def save_policy(self, tab: Tab, plan: WritePlan, content: bytes) -> Written:
        """Fill the form and save."""
        page = await InsurancePage.to_write(tab, plan.address)
        await page.enter(plan)
        await page.commit(plan.button)
        await page.raise_refusal()
        chart = await PatientChart.on(tab)
        if await chart.notice() != "Insurance saved.":
            raise failures.unknown(TITLE, "save_policy: no confirmation")
        return Written(record=plan.record, words="Insurance saved.")

    async def policy_done(self, plan: WritePlan) -> ReadBack:
        """The form holds what was typed, or still what it held before."""

        async def look(tab: Tab) -> dict[str, str]:
            form = await (await InsurancePage.open(tab, plan.address)).fields()
            return {label: control.words for label, control in form.items()}

        return _compared(plan, await self._session.run("policy_done", look, app=_APP))


class VisitWork:
    """Appointments, checking in, hours."""

    def __init__(self, session: PortalSession) -> None:
        self._session = session

    async def providers(self) -> list[tuple[str, Provider]]:
        """(id, provider) of everybody with a schedule."""

        async def look(tab: Tab) -> list[tuple[str, Provider]]:
            options = await (await Appointments.open(tab)).providers()
            return [(value, Provider(name=name)) for value, name in options if value.isdigit()]

        return await self._session.run("providers", look, app=_APP)

    async def day(self, provider: str, start: date, end: date) -> list[tuple[str, Visit]]:
        """(id, visit) from ``start`` to ``end``, both included, blocked times among them; one page load a day."""

        async def look(tab: Tab) -> list[tuple[str, Visit]]:
            page = await Appointments.open(tab)
            found = []
            for step in range((end - start).days + 1):
                day = start + timedelta(days=step)
                await page.show(day, provider)
                found += [reading.visit(row, day, provider) for row in await page.rows()]
            return found

        return await self._session.run("visits", look, app=_APP)

    async def hours(self, provider: str) -> list[WorkingDay]:
        """A provider's working week."""

        async def look(tab: Tab) -> list[WorkingDay]:
            rows = await (await TimeSchedules.open(tab)).show(provider)
            return [day for day in map(reading.working_day, rows) if day is not None]

        return await self._session.run("hours", look, app=_APP)

    async def plan_check_in(self, visit_id: str, day: date, provider: str = "", who: str = "") -> WritePlan:
        """Check a visit of that day in. Raises NotFound; VendorRejected where it cannot be any more."""

        async def look(tab: Tab) -> WritePlan:
            row = await self._row(tab, visit_id, day, provider, write=False)
            status = row["Status"]
            return WritePlan(
                operation="check_in",
                system=TITLE,
                page=Appointments.name,
                record=visit_id,
                address=Appointments.path,
                summary=f"Check in the visit at {row['Hour']}:{row['Minute']} on {usa(day)}",
                entries=(PlannedEntry(field="Status", before=status, after="Checked In"),),
                button="Check In",
                marks={"day": day.isoformat(), "provider": provider, "patient": row["Patient ID"]},
            )

        return await self._session.run("plan_check_in", look, app=_APP, who=who)

    async def _row(self, tab: Tab, visit_id: str, day: date, provider: str, *, write: bool) -> Row:
        page = await (Appointments.to_write(tab) if write else Appointments.open(tab))
        await page.show(day, provider)
        row = next((row for row in await page.rows() if row.data.get("appointment") == visit_id), None)
        if row is None:
            raise failures.not_there(TITLE, "visit")
        return row

    async def check_in(self, tab: Tab, plan: WritePlan, content: bytes) -> Written:
        """Press Check In on the visit's own row; then read its status."""
        day = date.fromisoformat(plan.marks["day"])
        row = await self._row(tab, plan.record, day, plan.marks["provider"], write=True)
        if row["Status"] != plan.entries[0].before or row["Patient ID"] != plan.marks["patient"]:
            raise meanwhile(TITLE, "Status")
        button = tab.page.locator(f'tr[data-appointment="{_number(plan.record)}"] button')
        name = await button.get_attribute("aria-label") or ""
        page = Appointments(tab)
        if not name.startswith("Check In "):
            raise await tab.drifted(page, ("button “Check In” in the visit's row",))
        await page.commit(name)
        await page.raise_refusal()
        notice = await page.notice()
        shown = next((one for one in await page.rows() if one.data.get("appointment") == plan.record), None)
        if shown is None or shown["Status"] != "Checked In":
            raise failures.unknown(TITLE, "check_in: the visit does not show it")
        return Written(record=plan.record, words="Checked in." if notice else "")

    async def check_in_done(self, plan: WritePlan) -> ReadBack:
        """The visit's status tells."""
        day = date.fromisoformat(plan.marks["day"])

        async def look(tab: Tab) -> str:
            return (await self._row(tab, plan.record, day, plan.marks["provider"], write=False))["Status"]

        status = await self._session.run("check_in_done", look, app=_APP)
        if status == plan.entries[0].before:
            return ReadBack(done=Done.NO, words=f"The visit is still “{status}”.")
        done = Done.YES if status in {"Checked In", "Checked Out"} else Done.UNCLEAR
        return ReadBack(done=done, record=plan.record, words=f"The visit is “{status}”.")


class PostingWork:
    """Auto-posting remittances."""

    def __init__(self, session: PortalSession) -> None:
        self._session = session

    async def checks(self) -> list[PortalCheck]:
        """All checks, newest first."""

        async def look(tab: Tab) -> list[PortalCheck]:
            return [reading.check(row) for row in await (await AutoPost.open(tab)).checks()]

        return await self._session.run("era_checks", look, app=_APP)

    async def lines(self, number: str) -> tuple[str, ...]:
        """The lines of a check that can still be posted, by the portal's labels."""

        async def look(tab: Tab) -> tuple[str, ...]:
            page = await AutoPostCheck.open(tab, AutoPostCheck.address(number))
            await page.open_lines()
            return await page.lines()

        return await self._session.run("era_lines", look, app=_APP)

    async def plan_posting(self, number: str, lines: Sequence[str] = (), who: str = "") -> WritePlan:
        """Post these lines of a check (all that are open, without)."""
        open_lines = await self.lines(number)
        wanted = tuple(lines) or open_lines
        strange = [line for line in wanted if line not in open_lines]
        if strange or not wanted:
            raise BadInput("lines", "These lines cannot be posted (any more).", "Nothing was posted.")
        return WritePlan(
            operation="auto_post",
            system=TITLE,
            page=AutoPostCheck.name,
            record=number,
            address=AutoPostCheck.address(number),
            summary=f"Post {len(wanted)} lines of check {number}",
            entries=tuple(PlannedEntry(field=line, before="", after=_TICKED) for line in wanted),
            button="Proceed",
        )

    async def auto_post(self, tab: Tab, plan: WritePlan, content: bytes) -> Written:
        """Tick, Auto Post, compare the portal's question, Proceed."""
        page = await AutoPostCheck.to_write(tab, plan.address)
        await page.open_lines()
        there = await page.lines()
        if any(entry.field not in there for entry in plan.entries):
            raise meanwhile(TITLE, "lines to post")
        for entry in plan.entries:
            await page.tick(entry.field)
        await page.press("Auto Post")
        said = await page.refusal()
        if said:
            raise refused(TITLE, said, ())
        confirm = await ConfirmAutoPost.on(tab)
        question = await tab.said("#confirm")
        if not re.match(rf"Post {len(plan.entries)} lines of check {re.escape(plan.record)},", question):
            raise await tab.drifted(confirm, ("a question about these lines",))
        await confirm.commit(plan.button)
        done = await AutoPostCheck.on(tab)
        if await done.notice() != f"{len(plan.entries)} lines posted.":
            raise failures.unknown(TITLE, "auto_post: no confirmation")
        return Written(record=plan.record, words=f"{len(plan.entries)} lines posted.")

    async def posting_done(self, plan: WritePlan) -> ReadBack:
        """A line that was posted cannot be ticked any more."""
        left = set(await self.lines(plan.record))
        still = [entry.field for entry in plan.entries if entry.field in left]
        if not still:
            return ReadBack(done=Done.YES, record=plan.record, words="All these lines are posted.")
        if len(still) == len(plan.entries):
            return ReadBack(done=Done.NO, words="None of these lines is posted.")
        return ReadBack(done=Done.UNCLEAR, words=f"{len(still)} of {len(plan.entries)} lines are not posted.")


def _labelled(fields: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    for name in fields:
        if name not in labels:
            raise BadInput(name, f"{TITLE} has no field for “{name[:40]}”.", "Nothing was sent.")
    return {labels[name]: value for name, value in fields.items()}


def _holds(patient: Patient, plan: WritePlan, *, before: bool = False) -> bool:
    """Whether the chart shows what was planned (or what stood there before)."""
    shown = {
        "Last Name": patient.last_name,
        "First Name": patient.first_name,
        "Middle Name": patient.middle_name,
        "DOB": usa(patient.birth_date) if patient.birth_date else "",
        "Sex": patient.gender.upper(),
        "Address": patient.address.street,
        "City": patient.address.city,
        "State": patient.address.state,
        "ZIP Code": patient.address.postal_code,
        "Home Phone": patient.phone,
        "Cell Phone": patient.cell_phone,
        "Email": patient.email,
        "Alternate Patient ID": patient.chart_number,
    }
    return all(
        " ".join((entry.before if before else entry.after).split()) == shown[entry.field] for entry in plan.entries
    )


def _compared(plan: WritePlan, shown: Mapping[str, str]) -> ReadBack:
    if all(shown.get(entry.field) == entry.after for entry in plan.entries):
        return ReadBack(done=Done.YES, record=plan.record, words="The page holds what was typed.")
    if all(shown.get(entry.field) == entry.before for entry in plan.entries):
        return ReadBack(done=Done.NO, words="The page holds what it held before.")
    return ReadBack(done=Done.UNCLEAR, words="The page holds something else than before and than was typed.")


def patient_fields(patient: Patient) -> dict[str, str]:
    """A patient as ``plan_patient`` takes one; fields without a value are left out."""
    told = {
        "last_name": patient.last_name,
        "first_name": patient.first_name,
        "middle_name": patient.middle_name,
        "birth_date": usa(patient.birth_date) if patient.birth_date else "",
        "gender": patient.gender.upper() if patient.gender in {"f", "m"} else "U",
        "street": " ".join(part for part in (patient.address.street, patient.address.unit) if part),
        "city": patient.address.city,
        "state": patient.address.state,
        "postal_code": patient.address.postal_code,
        "phone": patient.phone,
        "cell_phone": patient.cell_phone or patient.sms_phone,
        "email": patient.email,
        "chart_number": patient.chart_number,
    }
    return {name: value for name, value in told.items() if value}


def _number(text: str) -> str:
    if not re.fullmatch(r"\d{1,20}", text):
        raise failures.not_there(TITLE, "record")
    return text
