"""What both applications share: signing in through the bridge, sessions, notices before pages, unchanged state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from aiohttp import web

from vendors.officeally.sandbox.bridge import Bridge
from vendors.officeally.sandbox.clearinghouse import Clearinghouse
from vendors.officeally.sandbox.gate import FORM, LOOK, OPERATION, Form
from vendors.officeally.sandbox.sessions import Session, Sessions
from vendors.officeally.sandbox.webforms import Page, state_holds
from vendors.sandboxkit.cast import MAIN_STREET
from vendors.sandboxkit.plan import ZONE

Handler = Callable[[web.Request, Session], Awaitable[web.StreamResponse]]
PAGE_SIZE_CLAIMS = 25


class Portal:
    """One application: its name, cookie, log-in path, navigation. Its pages are in the classes built on it."""

    app = ""
    cookie = ""
    login_path = ""
    home = ""
    product = ""
    links: ClassVar[Mapping[str, str]] = {}

    def __init__(self, sessions: Sessions, bridge: Bridge, house: Clearinghouse) -> None:
        self.sessions = sessions
        self.bridge = bridge
        self.house = house
        self.db = house.db
        self.bridge_url = ""
        #: Whose practice the pages show, and the first patient of it.
        self.office, self.first_patient = MAIN_STREET, 0

    def entry_routes(self) -> list[web.RouteDef]:
        """Log-in, return from the bridge, log-out, guide."""
        return [
            web.get(self.login_path, self._to_bridge, name="to_bridge"),
            web.get("/callback", self._callback, name="callback"),
            web.get("/logout", self._logout, name="logout"),
            web.post("/guide/close", self._close_guide, name="close_guide"),
            web.get("/", self._root, name="root"),
        ]

    @property
    def now(self) -> datetime:
        """The clearinghouse's time, in the practice's zone."""
        return self.house.clock.now().astimezone(ZONE)

    # --- signing in --------------------------------------------------------------------------------------------------

    async def _to_bridge(self, request: web.Request) -> web.Response:
        back = request.query.get("ReturnUrl", self.home)
        back = back if back.startswith("/") and not back.startswith("//") else self.home
        return found(self.bridge_url + self.bridge.begin(self.app, back, ended="ended" in request.query))

    async def _callback(self, request: web.Request) -> web.Response:
        redeemed = self.bridge.redeem(request.query.get("code", ""), self.app)
        if redeemed is None:
            return found(self.login_path)
        user, back = redeemed
        session = self.sessions.open(self.app, user)
        response = found(back)
        response.set_cookie(self.cookie, session.token, httponly=True)
        return response

    async def _logout(self, request: web.Request) -> web.Response:
        self.sessions.end(request.cookies.get(self.cookie, ""))
        return found(self.login_path)

    async def _root(self, request: web.Request) -> web.Response:
        return found(self.home)

    async def _close_guide(self, request: web.Request) -> web.Response:
        session = self.current(request)
        if session is not None:
            session.user.guides_closed.add(self.app)
        return web.Response(status=204)

    def current(self, request: web.Request) -> Session | None:
        """The session of this request's cookie."""
        return self.sessions.current(self.app, request.cookies.get(self.cookie, ""))

    def end(self, request: web.Request) -> str:
        """End the session of a request; where the browser goes then."""
        self.sessions.end(request.cookies.get(self.cookie, ""))
        return f"{self.login_path}?ended=1"

    # --- pages -------------------------------------------------------------------------------------------------------

    def signed_in(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Behind a session; forms must bring their state back unchanged."""

        async def checked(request: web.Request) -> web.StreamResponse:
            session = self.current(request)
            if session is None:
                ended = "ended=1&" if self.cookie in request.cookies else ""
                return found(f"{self.login_path}?{ended}ReturnUrl={quote(request.path_qs)}")
            self.house.look()
            form: Form = request[FORM]
            if "btnAccept" in form:
                session.accepted.add(request.path)
                return found(request.path_qs)
            if request[LOOK].interstitial and request.path not in session.accepted:
                return self._notice(request, session)
            if request.method == "POST" and not state_holds(request, session):
                return self._broken()
            if request.method == "POST" and request[LOOK].require and not form.get("txtNew"):
                return self._incomplete(request, session)
            return await handler(request, session)

        return checked

    def page(self, request: web.Request, session: Session, title: str) -> Page:
        """A page of this application, with what the last form had to say."""
        page = Page(request, title, (self.product, self.links), session)
        page.status(session.message)
        session.message = ""
        return page

    def _notice(self, request: web.Request, session: Session) -> web.Response:
        page = Page(request, "Important Notice", (self.product, self.links), session)
        page.raw("<p>Our terms of service have changed on the first of the month.</p>")
        page.button("btnAccept", "I Accept")
        return page.response()

    def _incomplete(self, request: web.Request, session: Session) -> web.Response:
        page = Page(request, "Please complete the form", (self.product, self.links), session)
        page.error(["Attachment Indicator is required"])
        page.hidden("operation", request[OPERATION])
        return page.response()

    @staticmethod
    def _broken() -> web.Response:
        title = "Server Error in '/' Application."
        text = f"<!DOCTYPE html><title>{title}</title><h1>{title}</h1><h2>Validation of viewstate MAC failed.</h2>"
        return web.Response(text=text, content_type="text/html")


def found(where: str, status: int = 302) -> web.Response:
    """Send the browser elsewhere."""
    return web.Response(status=status, headers={"Location": where})


def download(content: bytes, name: str, kind: str) -> web.Response:
    """A file to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": kind}
    return web.Response(body=content, headers=headers)


def paged(form: Form, count: int, size: int) -> tuple[int, int]:
    """The page that a list shows after this form, and how many there are."""
    pages = max(1, -(-count // size))
    given = form.get("PageIndex")
    number = int(given) if given.isdigit() else 1
    if "btnNext" in form:
        number += 1
    elif "btnPrevious" in form:
        number -= 1
    else:
        number = 1
    return min(max(number, 1), pages), pages


def pager(page: Page, number: int, pages: int) -> None:
    """The foot of a list: which page this is, and the buttons that turn it."""
    page.hidden("PageIndex", str(number))
    page.text("page", f"Page {number} of {pages}", "span")
    if number > 1:
        page.button("btnPrevious", "Previous page")
    if number < pages:
        page.button("btnNext", "Next page")
