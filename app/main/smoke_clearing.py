"""The clearinghouse's part of ``demo --smoke``: a sign-in code by text message, a page taken over, payers, enrollments,
a file of claims out and its reports back. Real pages in a real browser; where none is installed, that is said and the
steps of web pages are left out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from app.main.demo_clearing import VENDOR, clearinghouse, find_a_browser, form_of, reports_time
from app.main.smoke_hands import PATIENCE_S, Hands, StepFailed
from app.main.smoke_office import OfficeSteps
from app.model.clearing_views import NoticeKind, ReportNotice
from app.model.outbox import JobState

#: The simulator's user who gets codes by text message.
_BY_SMS = "larkspur.sms"
_ACCOUNT = "SMOKE-1"
#: Seconds between two looks for reports: each costs requests, of which there are only so many a minute.
_LOOK_S = 0.5


class ClearingSteps:
    """Steps on the clearinghouse, at the window of ``hands``."""

    def __init__(self, hands: Hands) -> None:
        self._at = hands

    async def run(self) -> None:
        """Every step; those in a browser only where there is one."""
        at = self._at
        await at.step("claims go out and come back as reports", self._claims)
        await at.step("a report that needs a person", self._notice)
        steps: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("sign-in code by text message", self._code),
            ("enrollments are read", self._enrollments),
            ("payer list is fetched", self._payers),
            ("a page is taken over", self._take_over),
            *OfficeSteps(at).steps(),
        )
        if not find_a_browser():
            await at.step("web pages", _nothing, note="left out: no browser here, see `daybook doctor`")
            return
        for name, work in steps:
            await at.step(name, work)

    # -- files -------------------------------------------------------------------------------------------------------

    async def _connection_id(self) -> str:
        found = await clearinghouse(self._at.house)
        if found is None:
            raise StepFailed("the clearinghouse is not connected")
        return found.connection_id

    async def _claims(self) -> None:
        """A file leaves once; 999, 277CA and the rest come back and make one timeline."""
        at, desk = self._at, self._at.house.desk
        which = await self._connection_id()
        made = await at.child.control(VENDOR, "claim_file", {"accounts": [_ACCOUNT]})
        job_id = await desk.writes.send_claims(at.actor, which, made["text"].encode(), "smoke.837", hold_seconds=0)
        await self._confirmed(job_id)
        await reports_time(at.child)
        held = [one for one in await at.child.control(VENDOR, "claims") if one["account"] == _ACCOUNT]
        if [one["is_test"] for one in held] != [1]:
            raise StepFailed("the claim did not arrive once, as a test")
        end = time.monotonic() + PATIENCE_S
        while not await self._told_twice(which):
            if time.monotonic() > end:
                raise StepFailed("the reports about the claim did not come back")
            await asyncio.sleep(_LOOK_S)

    async def _told_twice(self, which: str) -> bool:
        """Whether two reports have spoken of the claim by now."""
        reports, actor = self._at.house.desk.reports, self._at.actor
        await reports.refresh(actor, which)
        timelines = await reports.timeline(actor, _ACCOUNT)
        return len({report for line in timelines for event in line.events for report in event.told_by}) > 1

    async def _confirmed(self, job_id: str) -> None:
        end = time.monotonic() + PATIENCE_S
        state = None
        while state is not JobState.CONFIRMED:
            if time.monotonic() > end:
                raise StepFailed(f"the job is {state.value if state else 'not kept'}")
            await asyncio.sleep(0.05)
            jobs = await self._at.house.desk.jobs.listed(self._at.actor, open_only=False, limit=500)
            state = next((job.state for job in jobs if job.job_id == job_id), None)

    async def _notice(self) -> None:
        """A report about another practice is told in Activity, and goes when a person has dealt with it."""
        at = self._at
        await at.child.control(VENDOR, "plant", {"kind": "stranger"})
        end = time.monotonic() + PATIENCE_S
        while (about := await self._about_another()) is None:
            if time.monotonic() > end:
                raise StepFailed("nobody was told of another practice's report")
            await asyncio.sleep(_LOOK_S)
        at.window.open("activity", notice_id=about.notice_id)
        screen = at.window.current_screen()
        await at.until("the notice", lambda: screen.current_notice() == about)
        at.keys("D")
        await at.until("the notice gone", lambda: screen.current_notice() != about)

    async def _about_another(self) -> ReportNotice | None:
        reports, actor = self._at.house.desk.reports, self._at.actor
        await reports.refresh(actor, await self._connection_id())
        notices = await reports.notices(actor)
        return next((one for one in notices if one.kind is NoticeKind.ANOTHER_PRACTICE), None)

    # -- web pages ---------------------------------------------------------------------------------------------------

    async def _code(self) -> None:
        """Whoever changes the sign-in is asked for a code: the real one, as the simulator sent it."""
        at, told = self._at, self._at.child.told.vendors[VENDOR]
        found = await clearinghouse(at.house)
        if found is None:
            raise StepFailed("the clearinghouse is not connected")
        secrets = {name: value for name, value in told.credentials.items() if name != "portal_totp"}
        secrets["portal_user"] = _BY_SMS
        form = form_of(told, found, secrets)
        at.window.open("schedule")
        await at.settled()
        async with asyncio.TaskGroup() as group:
            adding = group.create_task(at.house.connect.connections.add(form, at.actor))
            await at.until("the banner that asks for a code", lambda: adding.done() or at.window.codes.mine())
            if adding.done():
                raise StepFailed("nobody was asked for a code")
            at.window.codes.open_first()
            await at.until("the sheet", lambda: at.window.sheets.top() is not None)
            sheet = at.window.sheets.top()
            await at.until("six cells", sheet.cells.isVisible)
            codes = await at.child.control(VENDOR, "codes")
            sheet.cells.setFocus()
            at.type(codes["sms"][-1]["code"])
            at.keys("Return")
            await at.until("the sheet gone", lambda: at.window.sheets.top() is None)

    async def _enrollments(self) -> None:
        at = self._at
        await at.open_screen("enrollments")
        screen = at.window.current_screen()
        at.keys("R")
        await at.until("the grid of enrollments", lambda: screen.current_row() is not None)
        at.keys("Right")
        await at.until("a cell with its state", lambda: screen.current_cell() is not None)

    async def _payers(self) -> None:
        at = self._at
        await at.open_screen("payers")
        screen = at.window.current_screen()
        screen.fetch()
        await at.until("payers", screen.on_payer)
        screen.find_in_page()
        at.type("harbor")
        await at.settled()
        if not screen.on_payer() or "harbor" not in screen.current().name.casefold():
            raise StepFailed("the search did not find a payer by name")

    async def _take_over(self) -> None:
        """Watch the page, stop the work, press a key, hand back."""
        at = self._at
        await at.open_screen("connections")
        screen = at.window.current_screen()
        while not screen.has_pages():
            screen.next_system()
        screen.watch_page()
        await at.until("the page's picture", lambda: _page(at) is not None and _page(at).page.has_picture())
        sheet = _page(at)
        at.press(sheet.take)
        await at.until("the page taken over", sheet.page.hasFocus)
        at.keys("Tab")
        at.keys("Shift+Esc")
        await at.until("the keyboard back", sheet.back.hasFocus)
        at.press(sheet.back)
        sheet.close_with("")
        await at.settled()


def _page(at: Hands) -> Any:
    from ui.screens.connections.take_over import TakeOverSheet

    top = at.window.sheets.top()
    return top if isinstance(top, TakeOverSheet) else None


async def _nothing() -> None:
    """There is nothing to do."""
