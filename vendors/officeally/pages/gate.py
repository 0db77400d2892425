"""The identity bridge in front of both applications: password, way of the code, code."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urlsplit

from vendors.portal.commit import Commit
from vendors.portal.landmarks import Landmark, button, field, heading, place
from vendors.portal.page import PortalPage
from vendors.portal.site import Stage, Where
from vendors.portal.tab import Tab

#: Every page that is shown to people who are not signed in: the applications' log-in addresses and the bridge.
SIGNED_OUT = re.compile(r"^/(u/|s?Login\.aspx)", re.IGNORECASE)
_PAGE_S = 10_000
_WAY_WORDS = (("authenticator", "totp"), ("text message", "sms"), ("email", "email"))


class LogIn(PortalPage):
    """User name and password."""

    name, app, signed_in = "Log in", "portal", False
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Log in to Office Ally"),
        field("Username"),
        field("Password"),
        button("Continue"),
    )


class CodeWays(PortalPage):
    """Which way the code shall come."""

    name, app, signed_in = "Choose how to get your code", "portal", False
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Choose how to get your code"),
        place("input[name=way]"),
        button("Continue"),
    )


class CodePage(PortalPage):
    """The code itself."""

    name, app, signed_in = "Verify your identity", "portal", False
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("Verify your identity"),
        field("Code"),
        field("Trust this device for 30 days"),
        button("Verify"),
    )


class OfficeAllyGate:
    """The sign-in pages as the engine's state machine asks for them."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._page = tab.page
        self._ways: tuple[str, ...] = ()

    async def where(self) -> Where:
        """One look. A page that belongs to no stage is a changed log-in page."""
        if not self._tab.is_signed_out:
            return Where(stage=Stage.SIGNED_IN)
        title = (await self._page.locator("h1").first.inner_text(timeout=_PAGE_S)).strip()
        alert = await self._tab.said("[role=alert]:visible")
        if "locked" in alert.casefold():
            minutes = re.search(r"(\d+) minutes", alert)
            return Where(stage=Stage.LOCKED, minutes=int(minutes[1]) if minutes else 0)
        if title == "Change your password":
            return Where(stage=Stage.CHANGE_PASSWORD)
        if title == CodeWays.name:
            await CodeWays.on(self._tab)
            ways = await self._page.locator("input[name=way]").evaluate_all("all => all.map((one) => one.value)")
            self._ways = tuple(ways)
            return Where(stage=Stage.METHOD, methods=self._ways)
        if title == CodePage.name:
            return await self._code_stage(refused=bool(alert))
        await LogIn.on(self._tab)
        # An ended session says so in an alert of its own: that is no refusal of the password.
        return Where(stage=Stage.PASSWORD, refused=bool(alert) and "session has ended" not in alert)

    async def _code_stage(self, *, refused: bool) -> Where:
        await CodePage.on(self._tab)
        words = await self._tab.said("#mfa-words")
        method = next((way for mark, way in _WAY_WORDS if mark in words.casefold()), "")
        return Where(
            stage=Stage.CODE,
            refused=refused,
            method=method,
            methods=self._ways or ((method,) if method else ()),
            sent_to=words if method != "totp" else "",
            can_trust=True,
            can_resend=await self._page.get_by_role("button", name="Send a new code", exact=True).count() == 1,
        )

    async def password(self, user: str, password: str) -> None:
        """Once."""
        await self._fill("Username", user)
        await self._fill("Password", password)
        await self._press("Continue")

    async def choose(self, method: str) -> None:
        """From the page of ways, or back to it from the code."""
        if await self._page.get_by_role("link", name="Try another way", exact=True).count():
            await self._tab.press(self._page.get_by_role("link", name="Try another way", exact=True))
            await CodeWays.on(self._tab)
        await self._tab.step()
        await self._page.locator("input[name=way]").and_(self._page.locator(f"[value={method}]")).check()
        await self._press("Continue")

    async def code(self, code: str, *, trust: bool) -> None:
        """The code, and whether this device is trusted."""
        await self._fill("Code", code)
        await self._tab.step()
        await self._page.get_by_label("Trust this device for 30 days", exact=True).set_checked(trust)
        await self._press("Verify")

    async def resend(self) -> None:
        """The same way once more."""
        await self._press("Send a new code")

    async def _fill(self, label: str, value: str) -> None:
        await self._tab.step()
        await self._page.get_by_label(label, exact=True).fill(value)

    async def _press(self, name: str) -> None:
        # Passwords and codes leave once, like writes: a browser that sends one again would bring the lock-out nearer.
        where = self._page.get_by_role("button", name=name, exact=True)
        path = re.compile(f"^{re.escape(urlsplit(self._page.url).path)}$")
        await Commit(self._tab, path=path, is_write=False).press(lambda: where.click(no_wait_after=True))
