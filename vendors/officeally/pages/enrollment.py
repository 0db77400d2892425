"""Service Center: enrollment and the payer list."""

from __future__ import annotations

import re
from typing import ClassVar

from vendors.portal import documents
from vendors.portal.documents import Fetched
from vendors.portal.forms import FormPage
from vendors.portal.landmarks import Landmark, button, column, field, heading, link
from vendors.portal.page import PortalPage, Row

ENROLLMENTS = "#ctl00_Main_gvEnrollment"
COLUMNS = ("Payer", "Payer ID", "Transaction", "Provider NPI", "Status", "Since", "Form")


class Enrollment(PortalPage):
    """How far each payer's enrollment is."""

    name, app, path = "Enrollment", "portal", "/enrollment"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Enrollment"),
        field("Payer"),
        field("Transaction"),
        field("Provider NPI"),
        button("Search"),
        column("Status"),
    )

    async def search(self, payer: str = "", transaction: str = "") -> list[Row]:
        """Enrollments of payers with that name or id, for one transaction or all."""
        await self.fill("Payer", payer)
        if transaction:
            await self.select("Transaction", transaction)
        await self.press("Search")
        await self.tab.arrive(self)
        return await self.read_table(ENROLLMENTS, COLUMNS)


class EnrollmentForm(FormPage):
    """The form that asks a payer for enrollment."""

    name, app, path = "Enrollment Form", "portal", "/enrollment/form"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Enrollment Form"),
        field("Contact Name"),
        field("Contact Email"),
        field("I am authorized to sign for this provider"),
        button("Submit Enrollment"),
    )
    known: ClassVar[re.Pattern[str]] = re.compile(
        "Contact Name|Contact Email|I am authorized to sign for this provider"
    )

    async def sign(self) -> None:
        """Tick that the person is authorised; a person has said so before."""
        await self.tab.step()
        await self.page.get_by_label("I am authorized to sign for this provider", exact=True).check()


class PayerList(PortalPage):
    """The payer list with its export."""

    name, app, path = "Payer List", "portal", "/payers"
    landmarks: ClassVar[tuple[Landmark, ...]] = (heading("Payer List"), link("Export"))

    async def export(self) -> Fetched:
        """The whole list as CSV."""
        where = self.page.get_by_role("link", name="Export", exact=True)
        return await documents.fetch(self.tab, lambda: where.click(no_wait_after=True))
