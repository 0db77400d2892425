"""Landmarks: what must stand on a page for it to be the page we know, by what people read and not by ids."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

Kind = Literal["heading", "field", "button", "link", "column", "place", "text"]


class Landmark(msgspec.Struct, frozen=True):
    """One thing on a page: its ``kind`` and its accessible ``name`` (for ``place`` a CSS selector).

    With ``pattern`` the name is a regular expression for the whole of it.
    """

    kind: Kind
    name: str
    pattern: bool = False

    def on(self, page: Page) -> Locator:
        """Where it is; nothing is asked of the browser yet."""
        name: str | re.Pattern[str] = re.compile(f"^{self.name}$") if self.pattern else self.name
        exact = None if self.pattern else True
        match self.kind:
            case "heading":
                return page.get_by_role("heading", name=name, exact=exact)
            case "button":
                return page.get_by_role("button", name=name, exact=exact)
            case "link":
                return page.get_by_role("link", name=name, exact=exact)
            case "column":
                return page.get_by_role("columnheader", name=name, exact=exact)
            case "field":
                return page.get_by_label(name, exact=exact)
            case "text":
                return page.get_by_text(name, exact=exact)
            case "place":
                return page.locator(self.name)

    def words(self) -> str:
        """``button “Update”``; for a place the selector."""
        return f"{self.kind} “{self.name}”"


def heading(name: str, *, pattern: bool = False) -> Landmark:
    """A heading."""
    return Landmark("heading", name, pattern)


def field(name: str, *, pattern: bool = False) -> Landmark:
    """A field by its label."""
    return Landmark("field", name, pattern)


def button(name: str) -> Landmark:
    """A button, as people see it: one in a closed menu is none."""
    return Landmark("button", name)


def link(name: str) -> Landmark:
    """A link."""
    return Landmark("link", name)


def column(name: str) -> Landmark:
    """A column of a table."""
    return Landmark("column", name)


def place(selector: str) -> Landmark:
    """Something that has no accessible name, by CSS selector. The last resort."""
    return Landmark("place", selector)


def text(name: str, *, pattern: bool = False) -> Landmark:
    """Words anywhere on the page."""
    return Landmark("text", name, pattern)


def all_on(page: Page, landmarks: Iterable[Landmark]) -> Locator:
    """The page's body if all ``landmarks`` stand on it: one question to the browser instead of one each."""
    body = page.locator("body")
    for landmark in landmarks:
        body = body.filter(has=landmark.on(page))
    return body


def digest(landmarks: Iterable[Landmark]) -> str:
    """Twelve hexadecimal digits that change when what is expected of a page changes."""
    told = "\n".join(f"{one.kind}:{one.name}" for one in landmarks)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
