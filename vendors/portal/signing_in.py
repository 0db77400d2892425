"""Signing in, as a state machine over what the screen shows.

One automatic attempt with a password: where it is refused, it is remembered (as a digest, sealed) and not tried again
until a person gives it anew, so that no restart and no retry can lock the account. Codes come from the sealed seed
where there is one, else from a person, who may have one sent again or by another way.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from app.model.errors import (
    AuthExpired,
    BadInput,
    Drifted,
    NeedsMfa,
    VendorRejected,
    WrongCredentials,
)
from vendors.contract import CodeAnswer, CodeQuestion
from vendors.portal.site import Stage, Where

if TYPE_CHECKING:
    from vendors.portal.session import PortalSession
    from vendors.portal.tab import Tab

_NOTE = "portal-sign-in"
#: So many screens at most from the log-in page to the first page: more is a circle.
_SCREENS = 14
#: So many codes by a person, so many by the seed, before it is given up.
_PERSON_CODES = 3
_SEED_CODES = 2
_LOCKED_MINUTES = 15
_WAYS = {"totp": "the authenticator app", "sms": "text message", "email": "email"}


class _Note(msgspec.Struct, frozen=True, kw_only=True):
    """What must not be tried again: a refused password's digest, and until when the account is locked."""

    salt: str = ""
    refused: str = ""
    locked_until: datetime | None = None


class SigningIn:
    """One sign-in of one session to one application of its portal."""

    def __init__(self, session: PortalSession, tab: Tab, app: str) -> None:
        self._session = session
        self._context = session.context
        self._site = session.site
        self._tab = tab
        self._app = app
        self._gate = self._site.gate(tab)
        self._gave_password = False
        self._person_codes = 0
        self._seed_codes = 0
        self._last_code = ""

    async def run(self) -> None:
        """Be signed in. Raises WrongCredentials, NeedsMfa, VendorRejected (locked), Drifted, Unreachable."""
        home = self._site.apps[self._app].home
        note = await self._read()
        await self._tab.go(self._app, home.path)
        for _ in range(_SCREENS):
            where = await self._gate.where()
            if where.stage is Stage.SIGNED_IN:
                await self._arrive()
                if note != _Note():
                    await self._keep(_Note())
                return
            await self._on(where, note)
        raise Drifted(
            f"Signing in to {self._site.title} goes round in circles.",
            "Daybook stopped, so that the account is not locked.",
            ("Open the page and sign in by hand.",),
            detail="sign_in: too many screens",
        )

    async def _arrive(self) -> None:
        """The first page, and on it the practice that was meant. Another's page is no changed page, so it is first."""
        until = asyncio.get_running_loop().time() + self._site.patience_s
        while await self._is_anothers():
            if asyncio.get_running_loop().time() > until:
                raise WrongCredentials(
                    f"This sign-in belongs to another account of {self._site.title}.",
                    "Nothing was read or written there, because records of two practices would mix.",
                    ("Check the account and the user name in Connections.",),
                    detail="sign_in: another account",
                )
            await asyncio.sleep(0.1)
        await self._site.apps[self._app].home.on(self._tab)

    async def _is_anothers(self) -> bool:
        account = self._site.account.on(self._tab.page)
        return bool(await account.count()) and not self._session.is_own_account(await account.inner_text())

    async def _on(self, where: Where, note: _Note) -> None:
        match where.stage:
            case Stage.PASSWORD:
                await self._password(where, note)
            case Stage.METHOD:
                await self._gate.choose("totp" if await self._seed() and "totp" in where.methods else _first(where))
            case Stage.CODE:
                await self._code(where)
            case Stage.LOCKED:
                minutes = where.minutes or _LOCKED_MINUTES
                until = self._context.clock.now() + timedelta(minutes=minutes)
                await self._keep(msgspec.structs.replace(await self._read(), locked_until=until))
                raise _locked(self._site.title, minutes * 60.0)
            case Stage.CHANGE_PASSWORD:
                raise WrongCredentials(
                    f"{self._site.title} wants a new password.",
                    "The old one has run out. Nothing is read or sent until it is changed.",
                    ("Open the page and choose a new password.", "Then enter it in Connections."),
                    detail="sign_in: password run out",
                )
            case Stage.SIGNED_IN:
                raise AssertionError("handled before")

    # -- the password

    async def _password(self, where: Where, note: _Note) -> None:
        user, password = await self._given()
        if self._gave_password:
            if not where.refused:
                raise AuthExpired(
                    f"{self._site.title} did not keep the sign-in.",
                    "The password is not in question.",
                    ("Daybook signs in again.",),
                    detail="sign_in: log-in page again",
                )
            salt = secrets.token_hex(8)
            await self._keep(_Note(salt=salt, refused=await asyncio.to_thread(_digest, salt, user, password)))
            raise _refused(self._site.title, "Daybook tried once and does not try again, so that it is not locked.")
        if note.locked_until is not None and note.locked_until > self._context.clock.now():
            raise _locked(self._site.title, (note.locked_until - self._context.clock.now()).total_seconds())
        if note.refused and note.refused == await asyncio.to_thread(_digest, note.salt, user, password):
            raise _refused(self._site.title, "It was refused before, so it was not tried again.")
        self._gave_password = True
        await self._gate.password(user, password)

    async def _given(self) -> tuple[str, str]:
        user = await self._context.secrets.get(self._site.user_secret)
        password = await self._context.secrets.get(self._site.password_secret)
        if not user or not password:
            raise WrongCredentials(
                f"The user name or password for {self._site.title} is missing.",
                "Nothing was sent.",
                ("Enter them in Connections.",),
                detail="sign_in: nothing to sign in with",
            )
        return user, password

    # -- the code

    async def _seed(self) -> str:
        seed = await self._context.secrets.get(self._site.totp_secret)
        return "".join((seed or "").split())

    async def _code(self, where: Where) -> None:
        seed = await self._seed()
        if where.method == "totp" and seed and self._seed_codes < _SEED_CODES:
            self._seed_codes += 1
            await self._gate.code(await self._from_seed(seed), trust=True)
            return
        if self._person_codes >= _PERSON_CODES:
            raise NeedsMfa(
                f"{self._site.title} did not accept the codes.",
                "Daybook stopped, so that the account is not locked.",
                ("Ask for a new code and test the connection again.",),
                detail="sign_in: codes refused",
            )
        answer = await self._context.ask_code(self._question(where))
        wish = answer if isinstance(answer, CodeAnswer) else CodeAnswer(code=answer)
        if wish.send_by and wish.send_by != where.method:
            await self._gate.choose(wish.send_by)
        elif wish.send_by:
            await self._gate.resend()
        else:
            self._person_codes += 1
            await self._gate.code("".join(wish.code.split()), trust=wish.trust)

    def _question(self, where: Where) -> CodeQuestion:
        way = _WAYS.get(where.method, where.method)
        words = where.sent_to or f"{self._site.title} asks for a code from {way}."
        if where.refused and self._seed_codes and not self._person_codes:
            words = (
                f"{self._site.title} did not accept the codes made from the authenticator key: the key, or this "
                f"computer's clock, is wrong. {words}"
            )
        elif where.refused:
            words = f"{self._site.title} did not accept that code. {words}"
        return CodeQuestion(
            sent_to=where.sent_to,
            methods=where.methods,
            method=where.method,
            can_resend=where.can_resend,
            words=words,
            refused=where.refused,
            can_trust=where.can_trust,
        )

    async def _from_seed(self, seed: str) -> str:
        from vendors.portal.seeds import Seed

        try:
            clock = Seed(seed)
            code = clock.at(self._context.clock.now())
        except ValueError:  # binascii.Error is one.
            raise BadInput(
                self._site.totp_secret,
                "The secret of the authenticator app is not one, or it is too short to be safe.",
                "No code was made from it, so none was sent.",
                (
                    "Enter it again in Connections, as the portal shows it (letters and digits 2 to 7).",
                    "Or leave it empty; Daybook then asks a person for the code.",
                ),
            ) from None
        if code == self._last_code:
            # A code counts once: the next one comes within half a minute.
            await asyncio.sleep(clock.interval - self._context.clock.now().timestamp() % clock.interval + 0.2)
            code = clock.at(self._context.clock.now())
        self._last_code = code
        return code

    # -- what is remembered

    async def _read(self) -> _Note:
        held = await self._context.state.get(_NOTE)
        try:
            return msgspec.json.decode(held, type=_Note) if held else _Note()
        except msgspec.DecodeError:
            return _Note()

    async def _keep(self, note: _Note) -> None:
        await self._context.state.put(_NOTE, msgspec.json.encode(note))


def _first(where: Where) -> str:
    """The way a person is likeliest to have at hand."""
    return next((way for way in ("sms", "email", "totp") if way in where.methods), where.methods[0])


def _digest(salt: str, user: str, password: str) -> str:
    told = hashlib.scrypt(password.encode(), salt=f"{salt}:{user.casefold()}".encode(), n=2**12, r=8, p=1)
    return told.hex()


def _refused(title: str, means: str) -> WrongCredentials:
    return WrongCredentials(
        f"{title} does not accept this user name and password.",
        means,
        ("Enter the password again in Connections.", "Ask the practice's administrator of the portal for a new one."),
        detail="sign_in: refused",
    )


def _locked(title: str, seconds: float) -> VendorRejected:
    return VendorRejected(
        f"{title} has locked this account for a while.",
        "There were too many wrong passwords or codes. Daybook does not try until then.",
        (
            f"Wait {max(1, round(seconds / 60))} minutes, then test it.",
            "Or ask the portal's administrator.",
        ),
        retry_after=seconds,
        detail="sign_in: locked",
    )
