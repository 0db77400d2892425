"""Service Center: uploading a claim file, file reports, remittances."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar

from vendors.officeally.pages.claims import usa
from vendors.portal import documents
from vendors.portal.documents import Fetched
from vendors.portal.forms import FormPage
from vendors.portal.landmarks import Landmark, button, column, field, heading, place
from vendors.portal.page import PortalPage, Row

FILES = "#ctl00_Main_gvFiles"
FILE_COLUMNS = ("File ID", "File Name", "Uploaded", "Claims", "Accepted", "Rejected", "Status", "Report")
ERAS = "#ctl00_Main_gvEra"
ERA_COLUMNS = ("Date", "Report Type", "File ID", "File Name", "EOB ID", "# Records", "View")


class UploadProfessional(FormPage):
    """Where a file of professional claims is handed over."""

    name, app, path = "Upload Professional", "portal", "/upload/professional"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Upload Professional (CMS-1500/837P) File"),
        field("Select File"),
        button("Upload"),
    )
    known: ClassVar[re.Pattern[str]] = re.compile("Select File")


class UploadConfirmation(PortalPage):
    """The portal has the file, under this File ID."""

    name, app = "Upload Confirmation", "portal"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Upload Confirmation"),
        place("#file-id"),
        place("#file-name"),
        place("#mode"),
    )


class ClaimReports(PortalPage):
    """Every file sent, and its File Summary."""

    name, app, path = "Claim Reports", "portal", "/reports/claims"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Claim Reports"),
        field("From"),
        field("To"),
        button("Search"),
        column("File ID"),
        column("Report"),
    )

    async def search(self, start: date | None, end: date | None) -> list[Row]:
        """Files uploaded in these days."""
        if start is not None or end is not None:
            await self.fill("From", usa(start) if start else "")
            await self.fill("To", usa(end) if end else "")
            await self.press("Search")
            await self.tab.arrive(self)
        return await self.read_table(FILES, FILE_COLUMNS)

    async def download(self, file_id: str) -> Fetched:
        """The File Summary of a file shown."""
        link = self.page.locator(f"{FILES} a[href*='/reports/claims/{file_id}/']")
        return await documents.fetch(self.tab, lambda: link.click(no_wait_after=True))


class EraReports(PortalPage):
    """Download EOB / ERA 835."""

    name, app, path = "Download EOB / ERA 835", "portal", "/reports/era"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Download EOB / ERA 835"),
        field("Select Report By"),
        field("Report Type"),
        field("Month"),
        field("Day"),
        field("Year"),
        button("Submit"),
    )

    async def search(self, year: int, month: int, day: int | None = None) -> list[Row]:
        """The remittances of a month or a day."""
        await self.select("Select Report By", "Report Date")
        await self.select("Report Type", "All")
        await self.select("Month", str(month))
        await self.select("Day", str(day) if day else "All")
        await self.choose_year(year)
        await self.press("Submit")
        await self.tab.arrive(self)
        if not await column("EOB ID").on(self.page).count():
            return []
        return await self.read_table(ERAS, ERA_COLUMNS)

    async def choose_year(self, year: int) -> None:
        """The year is a list on some accounts and a field on others."""
        where = self.page.get_by_label("Year", exact=True)
        if await where.evaluate("node => node.tagName") == "SELECT":
            await self.select("Year", str(year))
        else:
            await self.fill("Year", str(year))

    async def download(self, file_id: str) -> Fetched:
        """The bundle of a remittance shown."""
        link = self.page.locator(f"{ERAS} a[href*='/reports/era/{file_id}/']")
        return await documents.fetch(self.tab, lambda: link.click(no_wait_after=True))
