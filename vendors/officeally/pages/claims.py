"""Service Center: finding claims and correcting a rejected one."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar

from app.model.errors import VendorError
from vendors.officeally.pages.lists import ListPage
from vendors.portal import failures
from vendors.portal.forms import FormPage, refused
from vendors.portal.landmarks import Landmark, button, column, field, heading, place
from vendors.portal.page import PortalPage, Row

CLAIMS = "#ctl00_Main_gvClaims"
COLUMNS = (
    "Claim ID", "Account #", "Patient", "Payer", "Payer ID", "Date of Service", "Received", "Charge", "Status",
    "Reason",
)  # fmt: skip

#: Our names of the CMS-1500 boxes that can be corrected → the portal's labels. ``{n}`` is the service line, from 1.
BOXES = {
    "member_id": "1a. Insured's I.D. Number",
    "last_name": "2. Patient's Last Name",
    "first_name": "2. Patient's First Name",
    "birth_date": "3. Patient's Birth Date",
    "sex": "3. Sex",
    "street": "5. Patient's Address",
    "city": "5. City",
    "state": "5. State",
    "zip": "5. ZIP Code",
    "group_number": "11. Insured's Policy Group",
    "diagnosis_a": "21. Diagnosis A",
    "diagnosis_b": "21. Diagnosis B",
    "diagnosis_c": "21. Diagnosis C",
    "diagnosis_d": "21. Diagnosis D",
    "resubmission_code": "22. Resubmission Code",
    "original_reference": "22. Original Ref. No.",
    "billing_npi": "33a. Billing NPI",
    "payer_id": "Payer ID",
}
LINE_BOXES = {
    "service_date": "24A. From (line {n})",
    "procedure": "24D. CPT/HCPCS (line {n})",
    "modifier": "24D. Modifier (line {n})",
    "pointer": "24E. Pointer (line {n})",
    "charge": "24F. Charges (line {n})",
    "units": "24G. Units (line {n})",
}


def box(name: str) -> str | None:
    """The label of a box by our name (``member_id``, ``line_2_charge``), or None for a name that is none."""
    line = re.fullmatch(r"line_(\d{1,2})_(\w+)", name)
    if line and line[2] in LINE_BOXES:
        return LINE_BOXES[line[2]].format(n=line[1])
    return BOXES.get(name)


def usa(day: date) -> str:
    """A day as the portal writes it."""
    return day.strftime("%m/%d/%Y")


class ManageClaims(ListPage):
    """All claims of up to a year; the last 90 days at first."""

    name, app, path = "Manage Claims", "portal", "/claims/manage"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Manage Claims"),
        field("Search By"),
        field("From"),
        field("To"),
        field("Status"),
        field("Patient or Account"),
        button("Search"),
        column("Claim ID"),
    )

    async def search(
        self, *, by_service_date: bool = False, start: date | None = None, end: date | None = None,
        status: str = "All", find: str = "",
    ) -> list[Row]:  # fmt: skip
        """The claims that match, all parts. Empty dates leave what the page proposes."""
        if by_service_date:
            await self.select("Search By", "Date of Service")
        if start is not None:
            await self.fill("From", usa(start))
        if end is not None:
            await self.fill("To", usa(end))
        if status != "All":
            await self.select("Status", status)
        await self.fill("Patient or Account", find)
        await self.press("Search")
        await self.tab.arrive(self)
        return await self.whole(CLAIMS, COLUMNS)


class CorrectClaim(FormPage):
    """The CMS-1500 of a rejected claim."""

    name, app = "Correct Claim", "portal"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark("heading", r"Correct Claim \d+", pattern=True),
        place("#claim-id"),
        place("#account-no"),
        field("1a. Insured's I.D. Number"),
        field("2. Patient's Last Name"),
        field("21. Diagnosis A"),
        field("33a. Billing NPI"),
        field("Payer ID"),
        button("Update"),
    )
    known: ClassVar[re.Pattern[str]] = re.compile(
        "|".join([re.escape(label) for label in BOXES.values()]
                 + [re.escape(label).replace(r"\{n\}", r"\d+") for label in LINE_BOXES.values()])
    )  # fmt: skip

    async def instead(self) -> VendorError | None:
        """NotFound for a claim that is not there, a refusal for one that cannot be corrected."""
        said = await self.refusal()
        if "not found" in said:
            return failures.not_there(self.tab.site.title, "claim")
        return refused(self.tab.site.title, said, ()) if "cannot be corrected" in said else None

    @staticmethod
    def address(claim_id: str) -> str:
        """Where the claim with this id is corrected."""
        return f"/claims/{claim_id}/correct"

    async def claim_id(self) -> str:
        """Whose form this is."""
        return await self.tab.said("#claim-id")

    async def account_number(self) -> str:
        """The practice's own number of the claim (CLM01)."""
        return await self.tab.said("#account-no")

    async def reasons(self) -> tuple[str, ...]:
        """Why it was rejected, line by line."""
        return tuple([" ".join(line.split()) for line in await self.page.locator("#reasons li").all_inner_texts()])


class ClaimState(PortalPage):
    """The head of the same page, which it shows whether or not the claim can be corrected (still)."""

    name, app = "Claim", "portal"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark("heading", r"Correct Claim \d+", pattern=True),
        place("#claim-id"),
        place("#claim-status"),
    )
    instead = CorrectClaim.instead

    async def status(self) -> str:
        """The portal's word for how far the claim is."""
        return await self.tab.said("#claim-status")
