"""Practice Mate's appointments and hours, checking in, and posting remittances."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from datetime import date, timedelta

from app.model.errors import BadInput, NotFound, VendorRejected
from app.model.money import Money
from app.model.portal import PlannedEntry, WritePlan
from app.model.portal_writes import Done, PortalOperation, ReadBack, Written
from app.model.schedule import Provider, Visit
from vendors.officeally import portal_reading as reading
from vendors.officeally.pages.appointments import Appointments, TimeSchedules
from vendors.officeally.pages.claims import usa
from vendors.officeally.pages.posting import AutoPost, AutoPostCheck, ConfirmAutoPost
from vendors.officeally.portal_reading import TITLE, PortalCheck, WorkingDay, digits
from vendors.portal import failures
from vendors.portal.forms import meanwhile, refused
from vendors.portal.page import Row
from vendors.portal.session import PortalSession
from vendors.portal.tab import Tab

_APP = "pm"
_TICKED = "ticked"
_MAY_ARRIVE = ("Scheduled", "Confirmed")


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
        """(id, visit) from ``start`` to ``end``, both included, blocked times among them; one page load a day.

        ``provider``: one provider's id; of all without, which takes no more loads where the page shows all at once.
        """

        async def look(tab: Tab) -> list[tuple[str, Visit]]:
            page = await Appointments.open(tab)
            ids = {name: value for value, name in await page.providers() if value.isdigit()}
            if provider and provider not in ids.values():
                raise failures.not_there(TITLE, "provider")
            found = []
            days = [start + timedelta(days=step) for step in range((end - start).days + 1)]
            for choice, day in itertools.product(await page.choices(provider), days):
                await page.show(day, choice)
                found += [reading.visit(row, day, ids) for row in await page.rows()]
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
            if status not in _MAY_ARRIVE:
                raise VendorRejected(
                    f"This visit is “{status}” in {TITLE} already.",
                    "Nothing was changed there.",
                    ("Update from the system and look again.",),
                )
            return WritePlan(
                operation=PortalOperation.CHECK_IN,
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
        for choice in await page.choices(provider):
            await page.show(day, choice)
            row = next((row for row in await page.rows() if row.data.get("appointment") == visit_id), None)
            if row is not None:
                return row
        raise failures.not_there(TITLE, "visit")

    async def check_in(self, tab: Tab, plan: WritePlan, content: bytes) -> Written:
        """Press Check In on the visit's own row; then read its status."""
        day = date.fromisoformat(plan.marks["day"])
        row = await self._row(tab, plan.record, day, plan.marks["provider"], write=True)
        if row["Status"] != plan.entries[0].before or row["Patient ID"] != plan.marks["patient"]:
            raise meanwhile(TITLE, "Status")
        button = tab.page.locator(f'tr[data-appointment="{digits(plan.record)}"] button')
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

    async def plan_posting(
        self, number: str, lines: Sequence[str] = (), *, amount: Money | None = None, who: str = ""
    ) -> WritePlan:
        """Post these lines of a check (all that are open, without). Raises NotFound, BadInput.

        ``amount`` is what the remittance says of the check: VendorRejected where the system says otherwise.
        """
        if amount is not None:
            await self._compare(number, amount)
        open_lines = await self.lines(number)
        wanted = tuple(lines) or open_lines
        strange = [line for line in wanted if line not in open_lines]
        if strange or not wanted:
            raise BadInput("lines", "These lines cannot be posted (any more).", "Nothing was posted.")
        return WritePlan(
            operation=PortalOperation.POST_REMITTANCE,
            system=TITLE,
            page=AutoPostCheck.name,
            record=number,
            address=AutoPostCheck.address(number),
            summary=f"Post {len(wanted)} lines of check {number}",
            entries=tuple(PlannedEntry(field=line, before="", after=_TICKED) for line in wanted),
            button="Proceed",
        )

    async def _compare(self, number: str, amount: Money) -> None:
        check = next((one for one in await self.checks() if one.number == number), None)
        if check is None:
            raise NotFound(
                "Practice Mate has no check of this number.",
                "Nothing was posted.",
                ("Check the number, or wait until its remittance has arrived.",),
            )
        if check.amount.cents != amount.cents:
            raise VendorRejected(
                "The check in Practice Mate has another amount.",
                f"It is {check.amount.shown()} there. Nothing was posted.",
                ("Compare it with the remittance before posting.",),
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
