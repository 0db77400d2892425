"""The identity host in front of both applications: password, second factor, trusted devices, and back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from aiohttp import web

from vendors.officeally.sandbox.gate import FORM, Form
from vendors.officeally.sandbox.sessions import EMAIL, SMS, TOTP, Sessions, User, masked
from vendors.officeally.sandbox.webforms import Page

DEVICE = "oa_device"
_FRAME: tuple[str, dict[str, str]] = ("Office Ally", {})
_WRONG = "Wrong username or password."
_LOCKED = "Your account is locked for 15 minutes after too many wrong passwords. Ask your Security Administrator."
_ENDED = "Your session has ended. Log in again."


@dataclass
class Visit:
    """Somebody on the way in: where they came from, who they say they are, which way their code takes."""

    app: str
    back: str
    ended: bool = False
    user: User | None = None
    way: str = ""
    passed: bool = False
    trusted: str = ""


class _BridgePage(Page):
    """Pages of the bridge have plain names and their own title."""

    form_id = "login-form"

    def id(self, key: str) -> str:
        """``username``, or another id after a redesign."""
        return f"new-{key}" if self.look.reid else key

    def name(self, key: str) -> str:
        """The same as the id was before any redesign."""
        return key


class Bridge:
    """``apps`` maps an application to its address, once it listens."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._visits: dict[str, Visit] = {}
        self._tickets: dict[str, Visit] = {}
        self.apps: dict[str, str] = {}

    def routes(self) -> list[web.RouteDef]:
        """Everything under /u."""
        return [
            web.get("/u/login", self._login_page, name="login_page"),
            web.post("/u/login", self._login, name="login"),
            web.get("/u/mfa-options", self._options_page, name="mfa_options"),
            web.post("/u/mfa-options", self._choose, name="mfa_choice"),
            web.get("/u/mfa", self._code_page, name="mfa_page"),
            web.post("/u/mfa", self._verify, name="mfa"),
            web.get("/u/retrieve", self._retrieve, name="retrieve"),
        ]

    def begin(self, app: str, back: str, *, ended: bool) -> str:
        """A new visit; the path of its first page."""
        state = secrets.token_urlsafe(16)
        self._visits[state] = Visit(app, back, ended)
        return f"/u/login?state={state}"

    def redeem(self, ticket: str, app: str) -> tuple[User, str] | None:
        """Who came back with this ticket, and where they wanted to go. A ticket holds once."""
        visit = self._tickets.pop(ticket, None)
        if visit is None or visit.app != app or visit.user is None:
            return None
        return visit.user, visit.back

    def _visit(self, request: web.Request) -> tuple[str, Visit]:
        state = request.query.get("state", "")
        if state not in self._visits:
            raise web.HTTPBadRequest(text="This log-in has expired. Start again.")
        return state, self._visits[state]

    # --- password ----------------------------------------------------------------------------------------------------

    async def _login_page(self, request: web.Request) -> web.Response:
        _, visit = self._visit(request)
        return self._login_form(request, _ENDED if visit.ended else "")

    def _login_form(self, request: web.Request, problem: str, username: str = "") -> web.Response:
        page = _page(request, "Log in to Office Ally")
        if problem:
            page.raw(f'<div role="alert" id="login-error">{escape(problem)}</div>')
        page.field("username", "Username", username)
        page.field("password", "Password", kind="password")
        page.button("btn-continue", "Continue")
        page.raw(
            '<p><a href="/u/retrieve?what=password">Retrieve your password</a> '
            '<a href="/u/retrieve?what=username">Retrieve your username</a></p>'
        )
        return page.response()

    async def _login(self, request: web.Request) -> web.Response:
        state, visit = self._visit(request)
        form: Form = request[FORM]
        name = form.get("username")
        user = self._sessions.users.get(name)
        if user is None:
            return self._login_form(request, _WRONG, name)
        if self._sessions.is_locked(user):
            return self._login_form(request, _LOCKED, name)
        if form.values.get("password", "") != user.password:
            self._sessions.miss(user)
            return self._login_form(request, _LOCKED if self._sessions.is_locked(user) else _WRONG, name)
        user.wrong = 0
        if self._sessions.rules.password_expired:
            page = _page(request, "Change your password")
            page.raw("<p>Your password has expired. Choose a new one with your Security Administrator.</p>")
            return page.response()
        visit.user = user
        if not user.ways or self._sessions.is_trusted(user, request.cookies.get(DEVICE, "")):
            return self._through(visit)
        if len(user.ways) > 1:
            return _found(f"/u/mfa-options?state={state}")
        self._take_way(visit, user, user.ways[0])
        return _found(f"/u/mfa?state={state}")

    def _take_way(self, visit: Visit, user: User, way: str) -> None:
        visit.way = way
        self._sessions.send_code(user, way)

    # --- second factor -----------------------------------------------------------------------------------------------

    async def _options_page(self, request: web.Request) -> web.Response:
        _, visit = self._visit(request)
        user = _known(visit)
        page = _page(request, "Choose how to get your code")
        words = {TOTP: "Authenticator app", SMS: f"Text message to {masked(user, SMS)}",
                 EMAIL: f"Email to {masked(user, EMAIL)}"}  # fmt: skip
        for way in user.ways:
            page.raw(
                f'<div class="row"><input type="radio" id="way-{way}" name="way" value="{way}">'
                f'<label for="way-{way}">{escape(words[way])}</label></div>'
            )
        page.button("btn-continue", "Continue")
        return page.response()

    async def _choose(self, request: web.Request) -> web.Response:
        state, visit = self._visit(request)
        user, way = _known(visit), request[FORM].get("way")
        if way not in user.ways:
            return _found(f"/u/mfa-options?state={state}")
        self._take_way(visit, user, way)
        return _found(f"/u/mfa?state={state}")

    async def _code_page(self, request: web.Request) -> web.Response:
        return self._code_form(request, "")

    def _code_form(self, request: web.Request, problem: str) -> web.Response:
        state, visit = self._visit(request)
        user = _known(visit)
        page = _page(request, "Verify your identity")
        words = {
            TOTP: "Enter the 6-digit code from your authenticator app.",
            SMS: f"We sent a 6-digit code by text message to {masked(user, SMS)}.",
            EMAIL: f"We sent a 6-digit code by email to {masked(user, EMAIL)}.",
        }
        if problem:
            page.raw(f'<div role="alert" id="mfa-error">{escape(problem)}</div>')
        page.text("mfa-words", words[visit.way])
        page.field("code", "Code")
        page.raw(f'<div class="row">{page.checkbox("trust", "Trust this device for 30 days")}</div>')
        page.button("btn-verify", "Verify")
        if visit.way != TOTP:
            page.button("btn-resend", "Send a new code")
        if len(user.ways) > 1:
            page.raw(f"<p>{page.link(f'/u/mfa-options?state={state}', 'Try another way')}</p>")
        return page.response()

    async def _verify(self, request: web.Request) -> web.Response:
        _, visit = self._visit(request)
        user = _known(visit)
        form: Form = request[FORM]
        if "btn-resend" in form:
            self._sessions.send_code(user, visit.way)
            return self._code_form(request, "")
        if self._sessions.is_locked(user):
            return self._code_form(request, _LOCKED)
        verdict = self._sessions.code_verdict(user, visit.way, form.get("code"))
        if verdict:
            self._sessions.miss(user)
            locked = self._sessions.is_locked(user)
            said = "That code is not right." if verdict == "wrong" else "That code has expired. Send a new code."
            return self._code_form(request, _LOCKED if locked else said)
        user.wrong = 0
        if "trust" in form:
            visit.trusted = self._sessions.trust(user)
        return self._through(visit)

    def _through(self, visit: Visit) -> web.Response:
        ticket = secrets.token_urlsafe(16)
        self._tickets[ticket] = visit
        response = _found(f"{self.apps[visit.app]}/callback?{urlencode({'code': ticket})}")
        if visit.trusted:
            response.set_cookie(DEVICE, visit.trusted, max_age=30 * 24 * 3600, httponly=True)
        return response

    async def _retrieve(self, request: web.Request) -> web.Response:
        """A mail goes out only to the address on file, and nothing is said either way."""
        page = _page(request, "Check your email")
        page.raw("<p>If the address is the one on file, a message is on its way.</p>")
        return page.response()


def _page(request: web.Request, title: str) -> _BridgePage:
    page = _BridgePage(request, title, _FRAME, None)
    page.head = "Log in"
    return page


def _known(visit: Visit) -> User:
    if visit.user is None:
        raise web.HTTPBadRequest(text="This log-in has expired. Start again.")
    return visit.user


def _found(where: str) -> web.Response:
    return web.Response(status=302, headers={"Location": where})
