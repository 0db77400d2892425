"""Practice Mate: patients and their insurance policies."""

from __future__ import annotations

import re
from typing import ClassVar

from app.model.errors import VendorError
from vendors.officeally.pages.lists import ListPage
from vendors.portal import failures
from vendors.portal.forms import FormPage
from vendors.portal.landmarks import Landmark, button, field, heading, link, place
from vendors.portal.page import PortalPage, Row

PATIENTS = "#ctl00_Main_gvPatients"
PATIENT_COLUMNS = ("Patient ID", "Last Name", "First Name", "DOB", "Sex", "Phone", "Insurance")
POLICIES = "#ctl00_Main_gvInsurance"
POLICY_COLUMNS = (
    "Order", "Payer", "Payer ID", "Subscriber ID", "Group", "Relationship", "Insured", "Insured DOB", "Effective",
    "Termination", "Copay",
)  # fmt: skip

#: Our field → the label on Practice Mate's form.
PATIENT_LABELS = {
    "last_name": "Last Name",
    "first_name": "First Name",
    "middle_name": "Middle Name",
    "birth_date": "DOB",
    "gender": "Sex",
    "street": "Address",
    "city": "City",
    "state": "State",
    "postal_code": "ZIP Code",
    "phone": "Home Phone",
    "cell_phone": "Cell Phone",
    "email": "Email",
    "chart_number": "Alternate Patient ID",
}
POLICY_LABELS = {
    "payer_id": "Payer",
    "member_id": "Subscriber ID",
    "group_number": "Group Number",
    "relationship": "Patient Relationship to Insured",
    "insured_last_name": "Insured's Last Name",
    "insured_first_name": "Insured's First Name",
    "insured_birth_date": "Insured's DOB",
    "starts": "Effective Date",
    "ends": "Termination Date",
    "copay": "Copay",
}
_SEARCH = "/emr/PatientCharts/PatientSearch.aspx"


class PatientSearch(ListPage):
    """Finding patients by name, birth date or id."""

    name, app, path = "Patients", "pm", _SEARCH
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Patients"),
        field("Last Name"),
        field("First Name"),
        field("DOB"),
        field("Patient ID"),
        button("Search"),
        link("Add New Patient"),
    )

    async def search(self, *, last: str = "", first: str = "", dob: str = "", patient_id: str = "") -> None:
        """Show those that match; an empty search shows all."""
        given = {"Last Name": last, "First Name": first, "DOB": dob, "Patient ID": patient_id}
        for label, value in given.items():
            if value:
                await self.fill(label, value)
        await self.press("Search")
        await self.tab.arrive(self)

    async def turn(self) -> None:
        """The next part."""
        await self.press("Next page")
        await self.tab.arrive(self)

    async def found(self) -> tuple[list[Row], int, int]:
        """The patients shown, which part this is, how many parts there are."""
        return await self.part(PATIENTS, PATIENT_COLUMNS)

    async def count(self) -> int | None:
        """How many were found in all, where the page says so."""
        match = re.search(r"(\d+) patients? found", await self.tab.said("#found"))
        return int(match[1]) if match else None


class PatientChart(PortalPage):
    """A patient's header and policies."""

    name, app = "Patient Chart", "pm"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Patient Chart"),
        place("#ctl00_Main_lblPatientID"),
        place("#ctl00_Main_lblLastName"),
        place("#ctl00_Main_lblDOB"),
        place(POLICIES),
        link("Edit Patient"),
    )

    async def instead(self) -> VendorError | None:
        """NotFound for a patient that is not there."""
        return failures.not_there(self.tab.site.title, "patient") if "not found" in await self.refusal() else None

    @staticmethod
    def address(patient_id: str) -> str:
        """Where the chart is."""
        return f"/emr/PatientCharts/PatientChart_Summary.aspx?PID={patient_id}"

    async def header(self) -> dict[str, str]:
        """The header's facts by the part of their id after ``lbl`` (``LastName``, ``DOB`` …)."""
        told: dict[str, str] = await self.page.evaluate(
            "() => Object.fromEntries([...document.querySelectorAll('[id^=ctl00_Main_lbl]')]"
            ".map((one) => [one.id.slice('ctl00_Main_lbl'.length), one.innerText.replace(/\\s+/g, ' ').trim()]))"
        )
        return told

    async def policies(self) -> list[Row]:
        """The insurance table."""
        return await self.read_table(POLICIES, POLICY_COLUMNS)


class PatientEdit(FormPage):
    """The form of a patient, old or new."""

    name, app, path = "Edit Patient", "pm", "/emr/PatientCharts/PatientEdit.aspx"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark("heading", "Edit Patient|Add New Patient", pattern=True),
        field("Last Name"),
        field("First Name"),
        field("DOB"),
        field("Sex"),
        field("Home Phone"),
        button("Save"),
    )
    known: ClassVar[re.Pattern[str]] = re.compile("|".join(map(re.escape, PATIENT_LABELS.values())))
    instead = PatientChart.instead

    @classmethod
    def address(cls, patient_id: str = "") -> str:
        """Where an existing patient is edited, or a new one added."""
        return f"{cls.path}?PID={patient_id}" if patient_id else cls.path


class InsurancePage(FormPage):
    """One policy of a patient."""

    name, app = "Insurance", "pm"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Insurance"),
        field("Payer"),
        field("Subscriber ID"),
        field("Group Number"),
        field("Patient Relationship to Insured"),
        button("Save"),
    )
    known: ClassVar[re.Pattern[str]] = re.compile("|".join(map(re.escape, POLICY_LABELS.values())))
    instead = PatientChart.instead

    @staticmethod
    def address(patient_id: str, order: str) -> str:
        """``order`` is Primary, Secondary or Tertiary."""
        return f"/emr/PatientCharts/Insurance.aspx?PID={patient_id}&Order={order}"
