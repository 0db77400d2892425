"""Practice Mate's patients and their insurance policies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.model.errors import BadInput
from app.model.people import Patient
from app.model.portal import WritePlan
from app.model.portal_writes import Done, PortalOperation, ReadBack, Written
from vendors.contract import CoverageRecord
from vendors.officeally import portal_reading as reading
from vendors.officeally.pages.claims import usa
from vendors.officeally.pages.patients import (
    PATIENT_LABELS,
    POLICY_LABELS,
    InsurancePage,
    PatientChart,
    PatientEdit,
    PatientSearch,
)
from vendors.officeally.portal_reading import ORDERS, TITLE, digits
from vendors.portal import failures
from vendors.portal.forms import refused
from vendors.portal.session import PortalSession
from vendors.portal.tab import Tab

_APP = "pm"
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
            page = await PatientChart.open(tab, PatientChart.address(digits(patient_id)))
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
            known = () if patient_id else tuple(await self._same(tab, fields))
            marks = {} if patient_id else {"known": ",".join(known)}
            page = await PatientEdit.open(tab, PatientEdit.address(digits(patient_id) if patient_id else ""))
            return WritePlan(
                operation=PortalOperation.SAVE_PATIENT,
                system=TITLE,
                page=PatientEdit.name,
                record=patient_id,
                address=PatientEdit.address(patient_id),
                summary=f"Change patient {patient_id}" if patient_id else "Add a new patient",
                entries=await page.planned(labels),
                button="Save",
                marks={**marks, **{name: fields.get(name, "") for name in _WHO}},
                twins=known,
                despite_twin=despite_twin,
            )

        return await self._session.run("plan_patient", look, app=_APP, who=who, secret=tuple(fields.values()))

    async def save_patient(self, tab: Tab, plan: WritePlan, content: bytes) -> Written:
        """Fill the form and save; then read the chart it leads to."""
        page = await PatientEdit.to_write(tab, plan.address)
        await page.enter(plan)
        await page.commit(plan.button)
        said = await page.refusal()
        if "exists" in said and plan.despite_twin:
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
        address = InsurancePage.address(digits(patient_id), ORDERS[rank - 1])

        async def look(tab: Tab) -> WritePlan:
            page = await InsurancePage.open(tab, address)
            return WritePlan(
                operation=PortalOperation.SAVE_POLICY,
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


def _labelled(fields: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    for name in fields:
        if name not in labels:
            words = name[:40].replace("_", " ")
            raise BadInput(name, f"{TITLE} has no field for “{words}”.", "Nothing was sent.", ("Leave it out.",))
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
