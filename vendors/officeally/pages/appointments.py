"""Practice Mate: the appointments of a day, checking in, time schedules."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar

from vendors.portal.forms import FormPage
from vendors.portal.landmarks import Landmark, button, column, field, heading, place
from vendors.portal.page import PortalPage, Row

DAY = "#ctl00_Main_tblAppointments"
DAY_COLUMNS = (
    "Hour", "Minute", "Patient", "Patient ID", "Length", "DOB", "Home Phone", "Provider", "Reason", "Status", "Action",
)  # fmt: skip
#: How a portal may call the choice of all providers at once.
_EVERYBODY = frozenset({"all", "all providers"})
WEEK = "#ctl00_Main_gvSchedule"
WEEK_COLUMNS = ("Weekday", "Working", "Start", "Stop", "Start 2", "Stop 2")


class Appointments(FormPage):
    """One day of one office, of all providers or one."""

    name, app, path = "Appointments", "pm", "/emr/Appointments/ViewAppointments.aspx?Tab=A"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Appointments"),
        field("Office"),
        field("Provider"),
        field("Month"),
        field("Day"),
        field("Year"),
        button("Go"),
        place("#day"),
        column("Patient ID"),
        column("Length"),
        column("Status"),
    )
    known: ClassVar[re.Pattern[str]] = re.compile("Office|Provider|Time Interval|Month|Day|Year")

    async def choices(self, provider: str = "") -> tuple[str, ...]:
        """The values of Provider to show one after the other for one provider, or for all where none is named."""
        if provider:
            return (provider,)
        options = await self.providers()
        everybody = tuple(value for value, words in options if words.casefold() in _EVERYBODY)
        return everybody[:1] or tuple(value for value, _ in options if value.isdigit())

    async def show(self, day: date, provider: str) -> None:
        """Turn to ``day`` of ``provider``, the value of a choice. Raises Drifted where it does not turn."""
        form = await self.fields()
        wanted = {"Month": str(day.month), "Day": str(day.day), "Year": str(day.year), "Provider": provider}
        changed = [label for label, value in wanted.items() if value != form[label].value.lstrip("0")]
        if not changed and f"{day:%m/%d/%Y}" in await self.tab.said("#day"):
            return  # Just opened, it shows the day already.
        for label in changed:
            control, value = form[label], wanted[label]
            if control.type == "select":
                await self.select(label, value)
            else:
                await self.fill(label, value)
        await self.press("Go")
        await self.tab.arrive(self)
        if f"{day:%m/%d/%Y}" not in await self.tab.said("#day"):
            raise await self.tab.drifted(self, ("the day asked for",))

    async def rows(self) -> list[Row]:
        """The table of the day."""
        return await self.read_table(DAY, DAY_COLUMNS)

    async def providers(self) -> tuple[tuple[str, str], ...]:
        """(value, name) of each provider that can be chosen."""
        return (await self.fields())["Provider"].options


class TimeSchedules(PortalPage):
    """Working hours by weekday."""

    name, app, path = "Time Schedules", "pm", "/ManageOffice/TimeSchedules.aspx"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Time Schedules"),
        field("Office"),
        field("Provider"),
        button("Show"),
        column("Weekday"),
    )

    async def show(self, provider: str) -> list[Row]:
        """The week of a provider, by the value of the choice."""
        await self.select("Provider", provider)
        await self.press("Show")
        await self.tab.arrive(self)
        return await self.read_table(WEEK, WEEK_COLUMNS)
