"""One login at one portal: its context in the browser, its sealed state, its turns, its pauses."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from app.model.connection import Environment
from app.model.errors import BadInput, Unreachable, VendorError
from app.model.portal import PortalUse, ScreenChange
from vendors.contract import SessionInfo, VendorContext
from vendors.portal import failures, pace, window
from vendors.portal.commit import not_unknown
from vendors.portal.engine import Engine
from vendors.portal.landmarks import Landmark
from vendors.portal.login_queue import LoginQueue
from vendors.portal.quarantine import SealedKeeper
from vendors.portal.signing_in import SigningIn
from vendors.portal.site import Site
from vendors.portal.tab import Sent, Tab
from vendors.portal.view import BrowserView
from vendors.transport.address import is_loopback

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

T = TypeVar("T")

Work = Callable[[Tab], Awaitable[T]]

#: An unfinished read is begun again so often after people have had the page.
_HANDED_BACK = 3
_CLOSE_S = 10.0
#: After so many pages a tab is replaced, whatever they may have leaked.
LOADS_PER_TAB = 1000


class _Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A context's state with what it belongs to, so that it is never used for another account."""

    belongs_to: tuple[str, ...]
    state: dict[str, Any]


class PortalSession:
    """A connection's (and person's) place in the portal. ``close`` it when done.

    ``person`` is whose own login it is; empty for the practice's shared one. ``account`` is the text by which the
    portal names the account, where it differs from the tenant.
    """

    def __init__(
        self,
        context: VendorContext,
        site: Site,
        *,
        engine: Engine | None = None,
        person: str = "",
        account: str = "",
        pace_of: pace.Pace | None = None,
    ) -> None:
        self.context = context
        self.site = site
        self.engine = engine or Engine.shared(context.clock)
        self.person = person
        self.pace = pace_of or (pace.OFF if _is_sandbox(context, site) else pace.PERSON)
        self.last_used = 0.0
        self._account = account or context.tenant
        self._browser_context: BrowserContext | None = None
        self._generation = 0
        self._tab: Tab | None = None
        self._signed_in: set[str] = set()
        self._go_on = asyncio.Event()
        self._go_on.set()
        self._touched = False
        self._in_turn = False
        #: The turns of its login; whose login that is, the first turn tells.
        self._queue: LoginQueue | None = None
        self._views = 0
        self._detach: Callable[[], None] | None = None
        self._joined = False
        self._closed = False
        self._opening = asyncio.Lock()

    # -- what the engine asks

    @property
    def is_busy(self) -> bool:
        """Somebody works or watches here now."""
        return self._in_turn or self._views > 0 or not self._go_on.is_set()

    @property
    def is_watched(self) -> bool:
        """Somebody looks at the page."""
        return self._views > 0

    @property
    def is_open(self) -> bool:
        """There is a context in the browser."""
        return self._browser_context is not None

    async def rest(self) -> None:
        """Seal the state and close the context; the next turn opens it again."""
        async with self._opening:
            await self._seal()
            context, self._browser_context, self._tab = self._browser_context, None, None
            self._signed_in.clear()
            if context is not None:
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(_CLOSE_S):
                        await context.close()

    # -- what operations ask

    def account_landmark(self) -> Landmark | None:
        """The sentinel: the account's element with the account's name in it."""
        mark = self.site.account
        if mark.kind == "place":
            return Landmark("place", f"{mark.name}:has-text({_css_text(self._account)})")
        return mark

    def is_own_account(self, told: str) -> bool:
        """Whether the portal's account line names the account of this connection."""
        return self._account.casefold() in told.casefold()

    def note_ended(self, app: str = "") -> None:
        """The portal does not know this session any more; the next turn signs in first."""
        self._signed_in.discard(app) if app else self._signed_in.clear()

    async def may_go_on(self) -> None:
        """Wait while a person has the page. Raises HandedBack when the person has changed something on it."""
        await self._go_on.wait()
        if self._touched and self._in_turn:
            self._touched = False
            raise failures.HandedBack

    # -- turns

    async def sign_in(self, app: str = "") -> SessionInfo:
        """Be signed in, without typing anything where the kept session still holds."""

        async def nothing(tab: Tab) -> None:
            return None

        app = app or self.site.main()
        self._signed_in.discard(app)
        await self.run("sign_in", nothing, app=app)
        return SessionInfo(words=await self._words())

    async def run(
        self, operation: str, work: Work[T], *, app: str = "", is_write: bool = False, who: str = "", secret: Any = ()
    ) -> T:
        """Do ``work`` on the tab, in this login's turn, signed in to ``app``.

        ``secret`` are the values it looks for or types, kept out of evidence. Raises VendorError's family; for a write
        OutcomeUnknown as soon as it may have been sent and no clear answer came.
        """
        app = app or self.site.main()
        if app not in self.site.apps:
            said = f"The address “{app}” of {self.site.title} is missing."
            raise BadInput(app, said, "Nothing was sent.", ("Enter it in Connections.",))
        await self._join()
        user = await self.context.secrets.get(self.site.user_secret) or self.context.connection_id
        queue = self._queue = self.engine.queue(self.site.vendor, f"{user}@{self.site.apps[self.site.main()].base_url}")
        async with queue.turn(who or self.context.asked_by() or self.person, operation):
            if queue.last_holder not in (None, self):
                # The same account was used elsewhere: the portal may know only one session of it.
                self._signed_in.clear()
            queue.last_holder = self
            self._in_turn = True
            try:
                return await self._again_after_people(operation, work, app, is_write, tuple(secret))
            finally:
                self._in_turn = False
                self.last_used = asyncio.get_running_loop().time()

    async def _again_after_people(
        self, operation: str, work: Work[T], app: str, is_write: bool, secret: tuple[str, ...]
    ) -> T:
        for _ in range(_HANDED_BACK):
            await self._go_on.wait()
            self._touched = False
            with failures.translated(self.site.title, operation):
                tab = await self._ready()
            tab.begin(operation)
            tab.secret = secret
            try:
                with failures.translated(self.site.title, operation):
                    if app not in self._signed_in:
                        await self._sign_in(tab, app)
                        tab.begin(operation)
                        tab.secret = secret
                    return await work(tab)
            except failures.HandedBack:
                if is_write:
                    raise failures.unknown(self.site.title, f"{operation}: a person took over") from None
            except VendorError as error:
                if isinstance(error, Unreachable) or tab.is_lost:
                    # The browser's own error page, where a page did not come, does not let go of the tab.
                    await self._drop_tab(tab)
                told = not_unknown(tab, error)
                if told is error:
                    raise
                raise told from None
            except asyncio.CancelledError:
                if tab.sent is not Sent.NO:
                    self._signed_in.clear()
                    await self._drop_tab(tab)
                raise
        raise failures.slow(self.site.title, f"{operation}: people kept the page")

    async def _drop_tab(self, tab: Tab) -> None:
        """Close it; the next turn opens another in the same session."""
        self._tab = None
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_CLOSE_S):
                await tab.page.close()

    async def _sign_in(self, tab: Tab, app: str) -> None:
        await SigningIn(self, tab, app).run()
        self._signed_in.add(app)
        await self._seal()

    async def _join(self) -> None:
        if self._closed:
            raise failures.gone(self.site.title, "closed")
        if not self._joined:
            self._joined = True
            self.engine.join(self)
        if self._detach is None:
            self._detach = await self.engine.quarantine.attach(self.site.vendor, SealedKeeper(self.context.state))

    async def _ready(self) -> Tab:
        """The tab, made anew where browser, context or page are gone."""
        try:
            return await self._opened()
        except Exception as error:
            if not failures.is_gone(error):
                raise
        # It died a moment ago and nobody had noticed.
        await self.engine.notice_end()
        self._forget_context()
        return await self._opened()

    def _forget_context(self) -> None:
        self._browser_context, self._tab = None, None
        self._signed_in.clear()

    async def _opened(self) -> Tab:
        async with self._opening:
            if self._browser_context is not None and (
                self._generation != self.engine.generation or not self.engine.is_running
            ):
                self._forget_context()
            if self._browser_context is None:
                self._browser_context = await self.engine.new_context(await self._unsealed())
                self._generation = self.engine.generation
            if self._tab is not None and self._tab.loads >= LOADS_PER_TAB and not self.is_watched:
                await self._drop_tab(self._tab)
            if self._tab is not None:
                await self._tab.sweep()
            if self._tab is None or self._tab.page.is_closed():
                page = await self._browser_context.new_page()
                page.set_default_timeout(self.context.timing.answer_s * 1000)
                page.set_default_navigation_timeout(self.context.timing.whole_s * 1000)
                page.on("crash", lambda crashed: self._crashed())
                await window.shrink(page)
                self._tab = Tab(self, page)
            return self._tab

    def _crashed(self) -> None:
        self._tab = None

    # -- sealed state

    def _belongs_to(self) -> tuple[str, ...]:
        addresses = (app.base_url for app in self.site.apps.values())
        return (self.context.connection_id, self.context.tenant, self.person, *addresses)

    async def _seal(self) -> None:
        if self._browser_context is None or not self._signed_in:
            return
        with contextlib.suppress(Exception):  # A dead browser has nothing to tell; the last state stays.
            async with asyncio.timeout(_CLOSE_S):
                state = await self._browser_context.storage_state()
            sealed = _Sealed(belongs_to=self._belongs_to(), state=dict(state))
            await self.context.state.put(self._state_name(), msgspec.json.encode(sealed))

    async def _unsealed(self) -> Any:
        held = await self.context.state.get(self._state_name())
        if not held:
            return None
        try:
            sealed = msgspec.json.decode(held, type=_Sealed)
        except msgspec.DecodeError:
            return None
        return sealed.state if sealed.belongs_to == self._belongs_to() else None

    def _state_name(self) -> str:
        return f"portal-browser{':' if self.person else ''}{self.person}"

    # -- what people see and do

    async def _words(self) -> str:
        until = await self.trusted_until()
        if until is None:
            return "Signed in. Renews itself."
        days = (until - self.context.clock.now()).days
        return f"Signed in. This computer is trusted for {days} more {'day' if days == 1 else 'days'}."

    async def trusted_until(self) -> datetime | None:
        """When the portal will ask this device for a code again, where its cookie tells."""
        if self._browser_context is None or not self.site.trust_cookie:
            return None
        for cookie in await self._browser_context.cookies():
            if cookie.get("name") == self.site.trust_cookie and cookie.get("expires", -1) > 0:
                return datetime.fromtimestamp(cookie["expires"], UTC)
        return None

    def uses(self) -> tuple[PortalUse, ...]:
        """Who used this login lately, from whichever connection."""
        return self._queue.uses() if self._queue is not None else ()

    def changed_pages(self) -> tuple[ScreenChange, ...]:
        """Pages of this vendor on which writing is stopped."""
        return self.engine.quarantine.changes(self.site.vendor)

    def pause(self) -> None:
        """A person takes the page: the work in progress stops before its next act."""
        self._go_on.clear()

    def hand_back(self) -> None:
        """The work goes on: a read begins again, a write is read back first."""
        self._go_on.set()

    def touched(self) -> None:
        """A person did something on the page."""
        self._touched = True

    async def view(self) -> BrowserView:
        """Watch the page, and take it over. Close the view when done."""
        await self._join()
        with failures.translated(self.site.title, "view"):
            tab = await self._ready()
            self._views += 1
            try:
                return await BrowserView.open(self, tab.page, self._view_closed)
            except BaseException:
                self._views -= 1
                raise

    def _view_closed(self) -> None:
        self._views -= 1
        self.last_used = asyncio.get_running_loop().time()

    async def close(self) -> None:
        """Seal the state, close the context; the browser ends with the last session. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._go_on.set()
        await self.rest()
        if self._detach is not None:
            self._detach()
        if self._joined:
            await self.engine.leave(self)


def _is_sandbox(context: VendorContext, site: Site) -> bool:
    """A simulator on this machine: nobody there minds how fast somebody types."""
    hosts = (urlsplit(app.base_url).hostname or "" for app in site.apps.values())
    return context.environment is Environment.SANDBOX and all(map(is_loopback, hosts))


def _css_text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
