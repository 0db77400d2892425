"""Practice Mate: posting an electronic remittance."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import quote

from app.model.errors import VendorError
from vendors.portal import failures
from vendors.portal.forms import FormPage
from vendors.portal.landmarks import Landmark, button, column, heading, place
from vendors.portal.page import PortalPage, Row

CHECKS = "#ctl00_Main_gvChecks"
CHECK_COLUMNS = ("Check #", "Payer", "Check Date", "Amount", "Claims", "Status")
CLAIMS = "#ctl00_Main_gvClaims"


class AutoPost(PortalPage):
    """The checks that wait to be posted, and those that were."""

    name, app, path = "Auto-Post ERA", "pm", "/Accounting/AutoPostEra.aspx"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Auto-Post ERA"),
        column("Check #"),
        column("Amount"),
        column("Status"),
    )

    async def checks(self) -> list[Row]:
        """All checks."""
        return await self.read_table(CHECKS, CHECK_COLUMNS)


class AutoPostCheck(FormPage):
    """One check: its claims, and their lines behind a plus."""

    name, app = "Auto-Post ERA Check", "pm"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        Landmark("heading", r"Auto-Post ERA Check \S+", pattern=True),
        place(CLAIMS),
        button("Auto Post"),
    )
    known: ClassVar[re.Pattern[str]] = re.compile(r"Line .+ \d+")

    async def instead(self) -> VendorError | None:
        """NotFound for a check that is not there."""
        return failures.not_there(self.tab.site.title, "check") if "not exist" in await self.refusal() else None

    @staticmethod
    def address(number: str) -> str:
        """Where a check is posted."""
        return f"{AutoPost.path}?check={quote(number, safe='')}"

    async def open_lines(self) -> None:
        """Press every plus."""
        for plus in await self.page.get_by_role("button", name=re.compile(r"^Open ")).all():
            await self.tab.press(plus, loads=False)

    async def lines(self) -> tuple[str, ...]:
        """The lines that can be ticked, by their labels."""
        return tuple(label for label, control in (await self.fields()).items() if control.type == "checkbox")

    async def tick(self, label: str) -> None:
        """Choose a line."""
        await self.tab.step()
        await self.page.get_by_label(label, exact=True).check()


class ConfirmAutoPost(FormPage):
    """The last question before posting."""

    name, app = "Confirm Auto-Post", "pm"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Confirm Auto-Post"),
        place("#confirm"),
        button("Proceed"),
        button("Cancel"),
    )
    known: ClassVar[re.Pattern[str]] = re.compile("(?!)")
