"""One page being worked on: goes places, knows when it is somewhere else than expected, and says what was sent."""

from __future__ import annotations

import asyncio
import contextlib
import re
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.model.errors import Drifted, VendorError
from app.model.portal import ScreenChange
from vendors.portal import evidence, failures
from vendors.portal.landmarks import Landmark, all_on, digest
from vendors.portal.loading import loading

if TYPE_CHECKING:
    from playwright.async_api import Dialog, Locator, Page, Response

    from vendors.portal.page import PortalPage
    from vendors.portal.session import PortalSession

#: Windows over a page, as they announce themselves.
OVERLAY = "[role=dialog]:visible, [role=alertdialog]:visible, dialog[open]:visible"
_LOOK_AGAIN_S = 0.05
#: Nothing to read and nothing to press: no page was changed, none came.
_IS_BLANK = """() => !document.body || (!document.body.innerText.trim() &&
  !document.querySelector('input,select,textarea,button,a,table,img,svg,canvas,iframe,frame,object,embed'))"""
#: Each page leaves 1 MB (measured), which a browser left to itself collects only when it has become slow by it.
LOADS_PER_SWEEP = 40


class Sent(StrEnum):
    """How far a write has come in this turn."""

    NO = "no"
    MAYBE = "maybe"
    ANSWERED = "answered"


class Tab:
    """The page of one session. Every act passes ``step``: there people may pause it and it keeps a human pace."""

    def __init__(self, session: PortalSession, page: Page) -> None:
        self.session = session
        self.site = session.site
        self.page = page
        self.operation = ""
        self.sent = Sent.NO
        #: What this operation looks for or types: never to be repeated in evidence.
        self.secret: tuple[str, ...] = ()
        #: Pages loaded in it so far, and how the last of them was answered.
        self.loads = 0
        self.status = 200
        self._swept_at = 0
        #: The browser shows an error of its own in it, and does not let go of that.
        self.is_lost = False
        self._surprise = False
        page.on("dialog", self._dialog)
        page.on("popup", self._popup)

    def begin(self, operation: str) -> None:
        """A new operation starts on this tab."""
        self.operation, self.sent, self.secret, self._surprise = operation, Sent.NO, (), False

    async def _dialog(self, dialog: Dialog) -> None:
        # A question nobody expected is never agreed to; the next look at the page reports it.
        self._surprise = dialog.type != "beforeunload"
        await dialog.dismiss()

    async def _popup(self, page: Page) -> None:
        with contextlib.suppress(Exception):
            await page.close()

    async def sweep(self) -> None:
        """Now and then, let the browser let go of what the pages so far have left."""
        if self.loads - self._swept_at >= LOADS_PER_SWEEP and not self.page.is_closed():
            self._swept_at = self.loads
            await self.page.request_gc()

    # -- acts

    async def step(self) -> None:
        """Before each act: wait while a person has paused, then as long as a person would."""
        await self.session.may_go_on()
        await self.session.pace.wait()

    async def go(self, app: str, address: str) -> None:
        """Open ``address`` (a path) of ``app``. Raises NotFound, Unreachable, AuthExpired."""
        await self.step()
        await self.session.context.budget.spend()
        self.session.engine.note_turn()
        self.loads += 1
        async with loading(self):
            response = await self.page.goto(self.site.apps[app].base_url + address, wait_until="domcontentloaded")
        self._came(response)

    async def press(self, where: Locator, *, loads: bool = True) -> None:
        """Click, and where that loads a page wait until it is there. For reading only: writes go by ``commit``."""
        await self.step()
        if not loads:
            await where.click()
            return
        await self.session.context.budget.spend()
        self.loads += 1
        async with loading(self), self.page.expect_navigation(wait_until="domcontentloaded") as coming:
            await where.click(no_wait_after=True)
        self._came(await coming.value)

    def _came(self, response: Response | None) -> None:
        """Remember how a page was answered. Raises what an answer says that is no page at all."""
        self.status = response.status if response is not None else 200
        if self.status in failures.NO_PAGE or self.status >= 500:
            raise failures.no_page(self.site.title, self.operation, self.status)

    # -- where are we?

    @property
    def is_signed_out(self) -> bool:
        """The page is one for people who are not signed in."""
        return bool(self.site.signed_out.search(urlsplit(self.page.url).path))

    def check_place(self, address: str = "") -> None:
        """Raises Drifted where ``address`` (empty: of the page itself) is not the portal's."""
        host = self.site.foreign(address or self.page.url)
        if host:
            raise failures.elsewhere(self.site.title, self.operation, host)

    def _expected(self, page: PortalPage) -> tuple[Landmark, ...]:
        account = self.session.account_landmark() if page.signed_in else None
        return (*page.landmarks, account) if account is not None else page.landmarks

    def _stands(self, page: PortalPage) -> Locator:
        """One body if all landmarks stand there, for the right account, and nothing lies over them; else none."""
        return all_on(self.page, self._expected(page)).filter(has_not=self.page.locator(OVERLAY))

    async def arrive(self, page: PortalPage) -> None:
        """Make sure that ``page`` is what is on the screen.

        Raises AuthExpired (log-in page), Unreachable (an error or an empty page, or nothing in time), Drifted.
        """
        self.check_place()
        if not self._surprise and await self._stands(page).count() == 1:
            return
        deadline = asyncio.get_running_loop().time() + self.site.patience_s
        while True:
            if page.signed_in and self.is_signed_out:
                self.session.note_ended(page.app)
                raise failures.ended(self.site.title, self.operation)
            await self._clear(page)
            if await self._stands(page).count() == 1:
                return
            meant = await self._instead(page)
            if meant is not None:
                raise meant
            if asyncio.get_running_loop().time() > deadline:
                break
            await asyncio.sleep(_LOOK_AGAIN_S)
        if await self.page.evaluate(_IS_BLANK):
            raise failures.blank(self.site.title, self.operation)
        raise await self.drifted(page, await self._missing(page))

    async def _instead(self, page: PortalPage) -> VendorError | None:
        """What stands in the page's place and means something, as an error."""
        meant = await page.instead()
        if meant is not None:
            return meant
        for mark in self.site.trouble:
            if await mark.on(self.page).count():
                return failures.trouble(self.site.title, self.operation)
        if self.status == 401:
            self.session.note_ended(page.app)
        return failures.no_page(self.site.title, self.operation, self.status) if self.status >= 400 else None

    async def _clear(self, page: PortalPage) -> None:
        """Close the known windows over the page. Raises Drifted for any other."""
        over = await self.page.locator(OVERLAY).count()
        for known in self.site.popups if over else ():
            window = self.page.get_by_role("dialog", name=known.name, exact=True)
            close = window.get_by_role("button", name=known.close, exact=True)
            if await close.count() == 1:
                await self.step()
                await close.click()
                await window.wait_for(state="hidden")
                over -= 1
        if over > 0 or self._surprise:
            self._surprise = False
            await self.keep_evidence(page.name, "unknown window")
            raise failures.covered(self.site.title, page.name)

    async def _missing(self, page: PortalPage) -> tuple[str, ...]:
        missing = [mark.words() for mark in self._expected(page) if not await mark.on(self.page).count()]
        return tuple(missing) or ("all of it in sight",)

    async def drifted(self, page: PortalPage, missing: tuple[str, ...]) -> Drifted:
        """Note a changed page: evidence, writes on it stopped for everybody. The error is for the caller to raise.

        What comes in answer to a write may be any page, so it stops nothing: reading back opens the page itself.
        """
        await self.keep_evidence(page.name, "; ".join(missing))
        if self.sent is not Sent.NO:
            return failures.changed(self.site.title, page.name, missing)
        parts = urlsplit(self.page.url)
        await self.session.engine.quarantine.note(
            ScreenChange(
                vendor=self.site.vendor,
                page=page.name,
                missing=missing,
                seen_at=self.session.context.clock.now(),
                connection_id=self.session.context.connection_id,
                landmarks=digest(page.landmarks),
                address=parts.path + (f"?{parts.query}" if parts.query else ""),
            )
        )
        return failures.changed(self.site.title, page.name, missing)

    async def keep_evidence(self, name: str, happened: str) -> None:
        """Seal an outline and a blanked picture of what is on the screen, where that can be had."""
        context = self.session.context
        now = context.clock.now()
        with contextlib.suppress(Exception):
            taken = await evidence.take(
                self.page, name=name, operation=self.operation, happened=happened, at=now, sent=self.secret
            )
            await evidence.keep(context.state, taken, now)

    async def said(self, selector: str) -> str:
        """The words in the first visible element of ``selector`` on one line; empty where there is none."""
        words: list[str] = await self.page.locator(selector).all_inner_texts()
        return re.sub(r"\s+", " ", " ".join(words)).strip()
