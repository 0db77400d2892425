"""Who is signed in where: users, sessions of both applications, trusted devices, second factors, lock-outs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vendors.sandboxkit.clock import SandboxClock

PASSWORD = "Larkspur-Lane-2026"  # noqa: S105 - of people who do not exist
SPECIAL_PASSWORD = "a\"b'c<d>&e%f+g=h;i\\j{k}l|m~n`o^p$q#r@s!t?u/v:w,x.y (z)*[0]_-é"  # noqa: S105 - of people who do not exist
TOTP_SECRET = base64.b32encode(hashlib.sha256(b"larkspur totp").digest()[:20]).decode()
TOTP, SMS, EMAIL = "totp", "sms", "email"
WRONG_LIMIT = 5
CODE_LIFE = timedelta(minutes=10)


@dataclass
class User:
    """Somebody of the practice, with the ways a code may reach them."""

    name: str
    password: str
    ways: tuple[str, ...] = ()
    phone: str = "(312) 555-0147"
    email: str = "rosa@mail.example"
    wrong: int = 0
    locked_until: datetime | None = None
    guides_closed: set[str] = field(default_factory=set)


@dataclass
class Session:
    """One browser signed in to one application."""

    token: str
    app: str
    user: User
    seen: datetime
    secret: bytes
    accepted: set[str] = field(default_factory=set)
    message: str = ""


@dataclass
class Code:
    """A code on its way to a person."""

    user: str
    way: str
    to: str
    code: str
    at: datetime


@dataclass
class Rules:
    """Modelling: idle time-out, lock-out, how many 30 s steps a TOTP may be off, whether the password has expired."""

    idle_s: float = 20 * 60.0
    lock_minutes: float = 15.0
    totp_steps: int = 4
    password_expired: bool = False


class Sessions:
    """All of it, in memory: a restart signs everybody out, as it would."""

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.rules = Rules()
        self.users = {
            user.name: user
            for user in (
                User("larkspur.front", PASSWORD, (TOTP,)),
                User("larkspur.sms", PASSWORD, (SMS,)),
                User("larkspur.email", PASSWORD, (EMAIL,)),
                User("larkspur.all", PASSWORD, (TOTP, SMS, EMAIL)),
                User("larkspur.plain", PASSWORD),
                User("larkspur.special", SPECIAL_PASSWORD),
                User("harbor.front", PASSWORD),
            )
        }
        self.codes: list[Code] = []
        self.opened: dict[str, Session] = {}
        self._devices: dict[str, tuple[str, datetime]] = {}

    # --- sessions ----------------------------------------------------------------------------------------------------

    def open(self, app: str, user: User) -> Session:
        """Sign in."""
        session = Session(secrets.token_urlsafe(24), app, user, self.clock.now(), secrets.token_bytes(16))
        self.opened[session.token] = session
        return session

    def current(self, app: str, token: str) -> Session | None:
        """The session of that cookie, if it is one and has not idled away; looking at it keeps it alive."""
        session = self.opened.get(token)
        if session is None or session.app != app:
            return None
        now = self.clock.now()
        if (now - session.seen).total_seconds() > self.rules.idle_s:
            self.end(token)
            return None
        session.seen = now
        return session

    def end(self, token: str) -> None:
        """Sign out."""
        self.opened.pop(token, None)

    def end_all(self) -> None:
        """Everybody is signed out."""
        self.opened.clear()

    def forget_devices(self) -> None:
        """No device is trusted any more."""
        self._devices.clear()

    # --- passwords and codes -----------------------------------------------------------------------------------------

    def is_locked(self, user: User) -> bool:
        """Whether this account is locked now."""
        return user.locked_until is not None and self.clock.now() < user.locked_until

    def lock(self, user: User, minutes: float | None = None) -> None:
        """Lock for some minutes."""
        span = self.rules.lock_minutes if minutes is None else minutes
        user.locked_until = self.clock.now() + timedelta(minutes=span)
        user.wrong = 0

    def miss(self, user: User) -> None:
        """A wrong password or code; five in a row lock."""
        user.wrong += 1
        if user.wrong >= WRONG_LIMIT:
            self.lock(user)

    def is_trusted(self, user: User, device: str) -> bool:
        """Whether this browser may go without a code."""
        name, until = self._devices.get(device, ("", self.clock.now()))
        return name == user.name and self.clock.now() < until

    def trust(self, user: User) -> str:
        """Trust a browser for 30 days; its cookie."""
        device = secrets.token_urlsafe(24)
        self._devices[device] = (user.name, self.clock.now() + timedelta(days=30))
        return device

    def send_code(self, user: User, way: str) -> None:
        """A new code by SMS or e-mail; TOTP needs none."""
        if way != TOTP:
            to = user.phone if way == SMS else user.email
            self.codes.append(Code(user.name, way, to, f"{secrets.randbelow(10**6):06d}", self.clock.now()))

    def code_verdict(self, user: User, way: str, given: str) -> str:
        """Nothing where the code is right, else ``wrong`` or ``expired``."""
        if way == TOTP:
            step = int(self.clock.now().timestamp()) // 30
            span = range(step - self.rules.totp_steps, step + self.rules.totp_steps + 1)
            return "" if given in {totp(TOTP_SECRET, one) for one in span} else "wrong"
        sent = [one for one in self.codes if one.user == user.name and one.way == way]
        if not sent or sent[-1].code != given:
            return "wrong"
        return "expired" if self.clock.now() - sent[-1].at > CODE_LIFE else ""

    def current_totp(self) -> str:
        """What the authenticator app would show now."""
        return totp(TOTP_SECRET, int(self.clock.now().timestamp()) // 30)


def totp(secret: str, step: int) -> str:
    """RFC 6238, six digits, SHA-1, for a step of 30 seconds."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def masked(user: User, way: str) -> str:
    """Where a code goes, as a page may show it."""
    if way == SMS:
        return f"(***) ***-{user.phone[-4:]}"
    name, _, host = user.email.partition("@")
    return f"{name[:1]}***@{host}"
