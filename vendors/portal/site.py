"""A portal as its vendor's folder describes it: addresses, home pages, sign-in pages, known pop-ups."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import msgspec

from vendors.portal.landmarks import Landmark

if TYPE_CHECKING:
    from vendors.portal.page import PortalPage
    from vendors.portal.tab import Tab


class KnownPopup(msgspec.Struct, frozen=True, kw_only=True):
    """A window over the page that may be closed: its accessible name, and the button that does nothing but close it."""

    name: str
    close: str


class Stage(StrEnum):
    """Where a sign-in stands, by what the screen shows."""

    SIGNED_IN = "signed_in"
    PASSWORD = "password"  # noqa: S105 - a stage, not a secret
    METHOD = "method"
    CODE = "code"
    LOCKED = "locked"
    CHANGE_PASSWORD = "change_password"  # noqa: S105 - a stage, not a secret


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """One look at the sign-in pages.

    ``refused``: the page says that what was just given is wrong. ``methods`` are the ways a code can come (``totp``,
    ``sms``, ``email``), ``method`` the one on screen; ``sent_to`` the page's own words for it. ``minutes``: how long
    the account is locked, where the page says so. ``can_trust``: with the code this device can be trusted.
    """

    stage: Stage
    refused: bool = False
    methods: tuple[str, ...] = ()
    method: str = ""
    sent_to: str = ""
    can_resend: bool = False
    can_trust: bool = False
    minutes: int = 0


class Gate(Protocol):
    """A vendor's sign-in pages. Each method types and presses; none decides."""

    async def where(self) -> Where:
        """What is on the screen. Raises Drifted for a page that belongs to no stage."""
        ...

    async def password(self, user: str, password: str) -> None:
        """Give user name and password, once."""
        ...

    async def choose(self, method: str) -> None:
        """Let the code come by ``method``, from the page of methods or from that of the code."""
        ...

    async def code(self, code: str, *, trust: bool) -> None:
        """Give the code; ``trust`` asks that this device be trusted, where the page offers it."""
        ...

    async def resend(self) -> None:
        """Let the code be sent again."""
        ...


class GateFactory(Protocol):
    """Makes the gate on a tab."""

    def __call__(self, tab: Tab) -> Gate:
        """The sign-in pages as shown in ``tab``."""
        ...


@dataclass(frozen=True)
class App:
    """One application of a portal: its address (no slash at the end) and the page that only signed-in people see."""

    base_url: str
    home: type[PortalPage]


@dataclass(frozen=True, kw_only=True)
class Site:
    """A portal. ``apps`` share one login and one browser context; the first is the main one.

    ``signed_out`` matches the path of every page that is shown to people who are not signed in. ``account`` stands on
    every page of a signed-in person and names the practice (the sentinel: a known element with a known value).
    ``trouble`` marks the portal's own error page. ``trust_cookie`` is the cookie that makes this device trusted.
    ``sign_in_hosts`` are hosts of its sign-in outside of the applications' own domains.
    ``patience_s`` is how long a loaded page may take to become the expected one.
    """

    vendor: str
    title: str
    apps: Mapping[str, App]
    gate: GateFactory
    signed_out: re.Pattern[str]
    account: Landmark
    popups: tuple[KnownPopup, ...] = ()
    trouble: tuple[Landmark, ...] = ()
    trust_cookie: str = ""
    sign_in_hosts: tuple[str, ...] = ()
    user_secret: str = "portal_user"  # noqa: S105 - names of form fields
    password_secret: str = "portal_password"  # noqa: S105 - as above
    totp_secret: str = "portal_totp"  # noqa: S105 - as above
    patience_s: float = 3.0

    def main(self) -> str:
        """The name of the main application."""
        return next(iter(self.apps))

    def foreign(self, url: str) -> str:
        """The host of ``url`` where it is not the portal's: of another domain than every application. Else empty."""
        host = (urlsplit(url).hostname or "") if url.startswith(("http:", "https:")) else ""
        own = (_domain(urlsplit(app.base_url).hostname or "") for app in self.apps.values())
        return "" if host in ("", *self.sign_in_hosts) or _domain(host) in own else host


def _domain(host: str) -> str:
    """What a host's owner has registered: ``pm.vendor.example`` → ``vendor.example``. Numbers are as they are."""
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address(host))
    labels = host.split(".")
    # In some countries names are given out one level lower: ``vendor.co.uk``.
    is_lower = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if is_lower else -2 :])
