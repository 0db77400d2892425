"""A browser without scripts: reads forms as they were served and sends every field back."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import aiohttp

from vendors.officeally.sandbox import OfficeAllySandbox


class Page(HTMLParser):
    """A page: its address, its text, the form's fields by name, ids → text, rows of tables, links."""

    def __init__(self, url: str, text: str) -> None:
        super().__init__()
        self.url = url
        self.text = text
        self.fields: dict[str, str] = {}
        self.files: set[str] = set()
        self.buttons: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.rows: list[list[str]] = []
        self.links: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self._select = self._link = self._label = ""
        self.feed(text)

    @property
    def title(self) -> str:
        return self.text.partition("<h1>")[2].partition("</h1>")[0].replace("&#x27;", "'")

    @property
    def error(self) -> str:
        return self.ids.get("error", "") or self.ids.get("login-error", "") or self.ids.get("mfa-error", "")

    def name(self, key: str) -> str:
        """The full name of a control by the last part of it."""
        return next(name for name in [*self.fields, *self.files, *self.buttons] if name.rpartition("$")[2] == key)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: dict[str, Any] = dict(attrs)
        self._open.append((tag, found.get("id", "")))
        if tag == "input" and found.get("type") == "file":
            self.files.add(found["name"])
        elif tag == "input" and found.get("type") not in {"checkbox", "radio"}:
            self.fields[found["name"]] = found.get("value") or ""
        elif tag == "button" and "name" in found:
            self.buttons[found.get("aria-label") or found["name"]] = found["name"]
            self.buttons.setdefault(found["name"], found["value"])
        elif tag == "select":
            self._select = found["name"]
        elif tag == "option" and (self._select not in self.fields or "selected" in found):
            self.fields[self._select] = found["value"]
        elif tag == "a":
            self._link = found["href"]
        elif tag == "label":
            self._label = found["for"]
        elif tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag in {"input", "meta", "img"}:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag, id_ in self._open:
            if id_:
                self.ids[id_] = self.ids.get(id_, "") + data
            if tag in {"td", "th"}:
                self.rows[-1][-1] += data
        if self._open and self._open[-1][0] == "a":
            self.links[data] = self._link
        if self._open and self._open[-1][0] == "label":
            self.labels[data] = self._label


class Browser:
    """Walks through pages of one simulator."""

    def __init__(self, box: OfficeAllySandbox, session: aiohttp.ClientSession) -> None:
        self._box = box
        self._session = session
        self.urls = box.announcement()["base_urls"]

    async def get(self, path: str, app: str = "portal") -> Page:
        url = path if path.startswith("http") else self.urls[app] + path
        async with self._session.get(url) as answer:
            return Page(str(answer.url), await answer.text())

    async def raw(self, path: str, app: str = "portal") -> bytes:
        async with self._session.get(self.urls[app] + path) as answer:
            assert answer.status == 200
            return await answer.read()

    async def send(
        self,
        page: Page,
        values: dict[str, str] | None = None,
        press: str = "",
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> Page:
        """Send a page's form with some fields changed; ``press`` is a button's key."""
        form = aiohttp.FormData(default_to_multipart=True)
        fields = dict(page.fields)
        for key, value in (values or {}).items():
            try:
                fields[page.name(key)] = value
            except StopIteration:
                fields[f"ctl00$Main${key}"] = value
        if press:
            fields[page.name(press)] = page.buttons[page.name(press)]
        for name, value in fields.items():
            form.add_field(name, value)
        for key, (file, content) in (files or {}).items():
            form.add_field(page.name(key), content, filename=file, content_type="application/octet-stream")
        async with self._session.post(page.url, data=form) as answer:
            return Page(str(answer.url), await answer.text())

    async def press(self, page: Page, label: str) -> Page:
        """Press a button in a row, found by its accessible name."""
        name = page.buttons[label]
        value = page.text.partition(f'aria-label="{label}"')[0].rpartition('value="')[2].partition('"')[0]
        return await self.send(page, {name.rpartition("$")[2]: value})

    async def sign_in(self, path: str = "/home", app: str = "portal", user: str = "larkspur.plain") -> Page:
        page = await self.get(path, app)
        account = self._box.sessions.users[user]
        return await self.send(page, {"username": user, "password": account.password})
