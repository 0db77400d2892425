"""A little portal: log-in with a code, a list, a form, a file; it misbehaves when told."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

from aiohttp import web

from app.model.errors import VendorRejected
from vendors.portal.commit import Commit
from vendors.portal.landmarks import Landmark, button, column, heading, place
from vendors.portal.landmarks import field as labelled
from vendors.portal.page import PortalPage
from vendors.portal.site import App, KnownPopup, Site, Stage, Where
from vendors.portal.tab import Tab

USER, PASSWORD, SEED = "front.desk", "correct horse", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ACCOUNT = "Larkspur Family Medicine"


@dataclass
class Little:
    """What the portal knows, and how it misbehaves."""

    names: dict[str, str] = field(default_factory=lambda: {str(n): f"Marigold Fennimore {n}" for n in range(1, 41)})
    writes: list[tuple[str, str]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    good_code: str = "123456"
    mfa: bool = False
    ended: bool = False
    locked: bool = False
    faults: set[str] = field(default_factory=set)
    #: Ends what ``hold_after`` holds.
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    extra: str = ""
    file: bytes = b"PK\x03\x04 synthetic \xff\x00" * 10
    url: str = ""
    sessions: int = 0
    #: Status and body that it gives in place of a page (or of what a search finds).
    instead: tuple[int, str] | None = None
    instead_of: str = "page"
    #: Where it sends the browser instead of showing people, or of taking a log-in (with its status).
    elsewhere: str = ""
    login_elsewhere: tuple[int, str] = (0, "")

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/login", self.login_page)
        app.router.add_post("/login", self.login)
        app.router.add_get("/code", self.code_page)
        app.router.add_post("/code", self.code)
        app.router.add_get("/home", self.home)
        app.router.add_get("/people", self.people)
        app.router.add_get("/people/{id}", self.person)
        app.router.add_post("/people/{id}", self.save)
        app.router.add_post("/file", self.download)
        app.router.add_get("/big", self.big)
        app.router.add_get("/endless", self.endless)
        return app

    # -- signing in

    def _signed_in(self, request: web.Request) -> bool:
        return request.cookies.get("session", "") == f"s{self.sessions}" and self.sessions > 0 and not self.ended

    async def login_page(self, request: web.Request, alert: str = "") -> web.Response:
        return _plain(
            f"<h1>Log in</h1>{alert}<form method=post><label>Username<input name=user></label>"
            "<label>Password<input name=password type=password></label><button>Continue</button></form>"
        )

    async def login(self, request: web.Request) -> web.Response:
        told = await request.post()
        self.logins.append(str(told["password"]))
        if self.login_elsewhere[0]:
            return web.Response(status=self.login_elsewhere[0], headers={"Location": self.login_elsewhere[1]})
        if self.locked:
            return await self.login_page(request, "<p role=alert>Your account is locked for 15 minutes.</p>")
        if (told["user"], told["password"]) != (USER, PASSWORD):
            return await self.login_page(request, "<p role=alert>Wrong username or password.</p>")
        if self.mfa and request.cookies.get("device") != "trusted":
            raise web.HTTPFound("/code")
        return self._welcome()

    def _welcome(self) -> web.Response:
        self.sessions += 1
        self.ended = False
        answer = web.Response(status=302, headers={"Location": "/home"})
        answer.set_cookie("session", f"s{self.sessions}")
        answer.set_cookie("device", "trusted", max_age=30 * 86400)
        return answer

    async def code_page(self, request: web.Request, alert: str = "") -> web.Response:
        return _plain(
            f"<h1>Verify</h1>{alert}<p id=words>Sent to (***) ***-0147.</p><form method=post>"
            "<label>Code<input name=code></label><button>Verify</button></form>"
        )

    async def code(self, request: web.Request) -> web.Response:
        told = await request.post()
        self.codes.append(str(told["code"]))
        if told["code"] != self.good_code:
            return await self.code_page(request, "<p role=alert>That code is not right.</p>")
        return self._welcome()

    # -- pages

    def _page(self, request: web.Request, title: str, body: str) -> web.Response:
        if not self._signed_in(request):
            raise web.HTTPFound("/login")
        over = ""
        if "guide" in self.faults:
            over += (
                "<div role=dialog aria-label='Guide' id=g style='position:fixed;inset:0;background:#fff'>"
                "<button onclick='document.getElementById(\"g\").remove()'>Close guide</button></div>"
            )
        if "popup" in self.faults:
            over += "<div role=dialog aria-label=Notice>Accept new terms?<button>I Agree</button></div>"
        if "alert" in self.faults:
            over += "<script>confirm('Really delete everything?')</script>"
        return _plain(f"<p id=account>Account {ACCOUNT}</p><h1>{title}</h1>{body}{over}{self.extra}")

    async def home(self, request: web.Request) -> web.Response:
        return self._page(request, "Home", "<a href=/people>People</a>")

    async def people(self, request: web.Request) -> web.Response:
        if "down" in self.faults:
            return web.Response(status=503)
        if self.instead is not None and self.instead_of == ("search" if request.query else "page"):
            status, said = self.instead
            return web.Response(status=status, text=said, content_type="text/html")
        if "endless" in self.faults:
            raise web.HTTPFound("/endless")
        if self.elsewhere:
            raise web.HTTPFound(self.elsewhere)
        find = request.query.get("find", "").casefold()
        rows = "".join(
            f"<tr><td><a href='/people/{key}'>{key}</a></td><td>{html.escape(name)}</td></tr>"
            for key, name in self.names.items()
            if find in name.casefold()
        )
        search = "Seek" if "relabel" in self.faults else "Search"
        body = (
            f"<form><label>Find<input name=find value='{html.escape(find)}'></label><button>{search}</button></form>"
            f"<table id=list><tr><th>Id</th><th>Name</th></tr>{rows}</table>"
            "<form method=post action=/file><button>Download</button></form><a href=/big>Big</a>"
        )
        return self._page(request, "People", body)

    async def person(self, request: web.Request, notice: str = "") -> web.Response:
        name = html.escape(self.names[request.match_info["id"]])
        label = "Full name" if "relabel_form" in self.faults else "Name"
        body = (
            f'{notice}<form method=post><label>{label}<input name=name value="{name}"></label>'
            "<button>Save</button></form>"
        )
        return self._page(request, f"Person {request.match_info['id']}", body)

    async def save(self, request: web.Request) -> web.Response:
        told = await request.post()
        if "kill_before" in self.faults:
            self.ended = True
        if not self._signed_in(request):
            raise web.HTTPFound("/login")
        key, name = request.match_info["id"], str(told["name"])
        if not name:
            return await self.person(request, "<p role=alert>A name is needed.</p>")
        self.writes.append((key, name))
        if "send_on" in self.faults:
            return web.Response(status=307, headers={"Location": request.path})
        self.names[key] = name
        if "hold_after" in self.faults:
            await self.let_go.wait()
        if "drop_after" in self.faults:
            assert request.transport is not None
            request.transport.abort()
        if "kill_after" in self.faults:
            self.ended = True
            raise web.HTTPFound("/login")
        return await self.person(request, "<p role=status>Saved.</p>")

    async def download(self, request: web.Request) -> web.StreamResponse:
        if not self._signed_in(request):
            raise web.HTTPFound("/login")
        if "who_file" in self.faults:
            return web.Response(status=401, text="Who are you?", content_type="text/html")
        headers = {"Content-Disposition": 'attachment; filename="../../report.zip"', "Content-Type": "application/zip"}
        if "cut_file" in self.faults:
            answer = web.StreamResponse(headers={**headers, "Content-Length": str(2 * len(self.file))})
            await answer.prepare(request)
            await answer.write(self.file)
            assert request.transport is not None
            request.transport.close()
            return answer
        return web.Response(body=self.file, headers=headers)

    async def big(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Disposition": "attachment; filename=big.txt"})
        await answer.prepare(request)
        try:
            for _ in range(4096):
                await answer.write(b"x" * 65536)
        except ConnectionError:
            pass
        return answer

    async def endless(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/html"})
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b"<p>" + b"x" * 65536)
        except ConnectionError:
            return answer


def _plain(body: str) -> web.Response:
    return web.Response(text=f"<!doctype html><title>Little</title><body>{body}", content_type="text/html")


# -- the portal's page objects, as a vendor's folder would hold them


class Home(PortalPage):
    name, app, path = "Home", "desk", "/home"
    landmarks: ClassVar[tuple[Landmark, ...]] = (heading("Home"),)


class People(PortalPage):
    name, app, path = "People", "desk", "/people"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading("People"), labelled("Find"), button("Search"), column("Id"), column("Name"),
    )  # fmt: skip

    async def find(self, text: str) -> list[tuple[str, str]]:
        await self.fill("Find", text)
        await self.press("Search")
        await self.tab.arrive(self)
        return [(row["Id"], row["Name"]) for row in await self.read_table("#list", ("Id", "Name"))]


class Person(PortalPage):
    name, app = "Person", "desk"
    landmarks: ClassVar[tuple[Landmark, ...]] = (
        heading(r"Person \d+", pattern=True), labelled("Name"), button("Save"),
    )  # fmt: skip

    async def save(self, name: str) -> str:
        await self.fill("Name", name)
        save = self.page.get_by_role("button", name="Save", exact=True)
        await Commit(self.tab, path=re.compile("/people/")).press(lambda: save.click(no_wait_after=True))
        await self.tab.arrive(self)
        refused = await self.refusal()
        if refused:
            raise VendorRejected(refused)
        return await self.notice()


class LittleGate:
    def __init__(self, tab: Tab) -> None:
        self._tab, self._page = tab, tab.page

    async def where(self) -> Where:
        shown = await self._page.locator("h1").inner_text()
        alert = await self._tab.said("[role=alert]")
        if shown == "Log in":
            return Where(stage=Stage.LOCKED if "locked" in alert else Stage.PASSWORD, refused="Wrong" in alert)
        if shown == "Verify":
            sent_to = await self._tab.said("#words")
            return Where(stage=Stage.CODE, method="totp", methods=("totp",), refused=bool(alert), sent_to=sent_to)
        return Where(stage=Stage.SIGNED_IN)

    async def password(self, user: str, password: str) -> None:
        await self._page.get_by_label("Username").fill(user)
        await self._page.get_by_label("Password").fill(password)
        await self._press("Continue", "/login")

    async def code(self, code: str, *, trust: bool) -> None:
        await self._page.get_by_label("Code").fill(code)
        await self._press("Verify", "/code")

    async def _press(self, name: str, path: str) -> None:
        act = self._page.get_by_role("button", name=name, exact=True)
        commit = Commit(self._tab, path=re.compile(path), is_write=False)
        await commit.press(lambda: act.click(no_wait_after=True))

    async def choose(self, method: str) -> None: ...

    async def resend(self) -> None: ...


def site(url: str, **changes: Any) -> Site:
    values: dict[str, Any] = {
        "vendor": "little",
        "title": "Little",
        "apps": {"desk": App(url, Home)},
        "gate": LittleGate,
        "signed_out": re.compile(r"^/(login|code)$"),
        "account": place("#account"),
        "popups": (KnownPopup(name="Guide", close="Close guide"),),
        "trust_cookie": "device",
        "patience_s": 0.3,
    }
    return Site(**{**values, **changes})
