"""One connection's session: its adapter, how it is doing, and the gate every request to that vendor goes through."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Protocol, TypeVar

from app.connect.breaker import Breaker
from app.connect.timing import Timing
from app.connect.troubles import STOPS, Trouble, gravest, offers_now, sentence, sign_in_trouble, trouble_of
from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.clock import Clock
from app.model.connection import Connection, ConnectionState
from app.model.errors import (
    AuthExpired,
    DaybookError,
    NeedsMfa,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
    WrongCredentials,
)
from vendors.contract import Adapter, CodeQuestion, Manifest, RateBudget, SessionInfo

T = TypeVar("T")
log = logging.getLogger("daybook.connect")

#: A session that ends sooner than this is renewed now.
RENEW_AHEAD = timedelta(minutes=3)
#: How long a sign-in waits for its code.
CODE_SECONDS = 180.0
_LOST = frozenset({ConnectionState.OFFLINE, ConnectionState.VENDOR_DOWN})


class Noter(Protocol):
    """Keeps how a connection is doing."""

    async def __call__(self, state: ConnectionState, words: str, **fields: object) -> None:
        """Keep ``state`` and ``words``, and any other field of the connection."""
        ...


class Session:
    """Signs in when first asked, renews, stops asking when asking harms, and says all of it in words."""

    def __init__(
        self,
        connection: Connection,
        manifest: Manifest,
        budget: RateBudget,
        *,
        clock: Clock,
        timing: Timing,
        note: Noter,
    ) -> None:
        self.connection_id = connection.connection_id
        self.manifest = manifest
        self.budget = budget
        self._clock = clock
        self._timing = timing
        self._note = note
        self._name = f"{manifest.title} ({connection.connection_id[-6:]})"
        self._adapter: Adapter | None = None
        self._info: SessionInfo | None = None
        self._lock = asyncio.Lock()
        self._breaker = Breaker(clock, timing.jitter)
        self._base = connection.offers or manifest.offers
        self._troubles: dict[Capability | None, Trouble] = {}
        self._stopped: DaybookError | None = None
        self._question: asyncio.Future[str] | None = None
        self._code = ""
        self._shown: tuple[ConnectionState, str] | None = None
        self._lost = False
        if connection.state is ConnectionState.PAUSED:
            self._pause()

    def attach(self, adapter: Adapter) -> None:
        """Give the session its adapter; the adapter's context needs ``ask_code`` of this session."""
        self._adapter = adapter

    @property
    def title(self) -> str:
        """The vendor's name for people."""
        return self.manifest.title

    @property
    def paused(self) -> bool:
        """A person paused this connection."""
        whole = self._troubles.get(None)
        return whole is not None and whole.state is ConnectionState.PAUSED

    def licensed(self, capability: Capability) -> bool:
        """Whether this account has the capability at all, as the last test found; trouble of the moment aside."""
        standing = {offer.capability: offer.standing for offer in self._base}
        return standing.get(capability, Standing.NOT_OFFERED) in {Standing.YES, Standing.PARTLY}

    def offers(self) -> tuple[CapabilityOffer, ...]:
        """What can be done at this moment, in words where it cannot."""
        return offers_now(self._base, self._troubles)

    async def call(
        self, capability: Capability, ask: Callable[[Adapter], Awaitable[T]], *, is_write: bool = False
    ) -> T:
        """Ask the vendor through the gate.

        Raises what the adapter raises; Unreachable with ``retry_after`` while the breaker is open; the error that
        stopped the connection until a person has acted. A read whose session ended is repeated once after signing in
        again; a write never is: it raises Unreachable, because a refused session means that nothing happened.
        """
        self._admit()
        try:
            adapter = await self._ready()
            try:
                result = await ask(adapter)
            except AuthExpired as error:
                await self._renew(error)
                if is_write:
                    raise _not_sent_by_ended_session(self.title) from error
                result = await ask(adapter)
        except asyncio.CancelledError:
            self._breaker.abandoned()
            raise
        except DaybookError as error:
            await self._failed(capability, error)
            raise
        except Exception:
            self._breaker.abandoned()
            raise
        await self._worked(capability)
        return result

    def ask_again(self) -> None:
        """A person wants to know now: the pause after failures ends early. What stopped the connection stays."""
        self._breaker.asked()

    def _admit(self) -> None:
        if self._stopped is not None:
            raise self._stopped
        if self._question is not None:
            raise _code_wanted(self.title)
        left = self._breaker.closed_in()
        if left > 0:
            raise Unreachable(
                f"{self.title} does not answer.",
                "Daybook stopped asking for a while. What you see is the last copy.",
                (f"Daybook tries again in {_span(left)}.",),
                retry_after=left,
                detail="circuit open",
            )

    async def _ready(self) -> Adapter:
        async with self._lock:
            if self._adapter is None:
                raise RuntimeError("this session has no adapter")
            if self._info is None:
                await self._sign_in(self._adapter, f"Signing in to {self.title}.")
            return self._adapter

    async def _sign_in(self, adapter: Adapter, words: str) -> None:
        await self._show(Trouble(state=ConnectionState.REAUTHENTICATING, words=words))
        try:
            info = await adapter.sign_in()
        except DaybookError as error:
            trouble = sign_in_trouble(error)
            if trouble is not None:
                self._troubles[None] = trouble
                if trouble.state in STOPS:
                    self._stopped = error
            raise
        self._info = info
        self._troubles.pop(None, None)
        await self._show(fields={"session_words": info.words, "offers": self.offers()})

    async def _renew(self, error: AuthExpired) -> None:
        seen = self._info
        async with self._lock:
            if self._info is seen and self._adapter is not None:
                self._info = None
                await self._sign_in(self._adapter, f"{sentence(error)} Daybook signs in again.")

    async def keep(self) -> None:
        """Renew a session that is about to end. Errors show as the connection's state."""
        info = self._info
        if info is None or info.expires_at is None or self._stopped is not None:
            return
        if info.expires_at - self._clock.now() > RENEW_AHEAD:
            return
        await self._show(Trouble(state=ConnectionState.EXPIRING, words=f"The session with {self.title} ends soon."))
        try:
            await self._renew(AuthExpired(f"The session with {self.title} ends."))
        except DaybookError as failure:
            await self._failed(None, failure)

    async def test(self) -> tuple[tuple[CapabilityOffer, ...], str]:
        """Sign in and try every capability read-only. What was found holds from now on."""
        self.resume()
        self._admit()
        try:
            adapter = await self._ready()
            found = await adapter.test()
        except DaybookError as error:
            await self._failed(None, error)
            raise
        self._base = tuple(found)
        self._troubles.clear()
        await self._worked(None)
        await self._show(fields={"offers": self.offers()})
        return self._base, self._info.words if self._info is not None else ""

    async def _failed(self, capability: Capability | None, error: DaybookError) -> None:
        trouble = trouble_of(error)
        if trouble is None:
            # A refusal is an answer: the vendor is there.
            self._breaker.worked()
            if self._stopped is None:
                self._troubles.pop(None, None)
            await self._show()
            return
        fields: dict[str, object] = {}
        if isinstance(error, Unreachable | OutcomeUnknown):
            pause = self._breaker.failed()
            if pause > 0:
                trouble = Trouble(
                    state=trouble.state, words=f"{sentence(error)} Daybook tries again in {_span(pause)}."
                )
                fields["next_sync"] = self._clock.now() + timedelta(seconds=pause)
            if isinstance(error, OutcomeUnknown) and self._breaker.failures == 1:
                # One answer lost on the way is told by its job; it does not make a system "down".
                return
        else:
            self._breaker.abandoned()
        if isinstance(error, RateLimited):
            self.budget.slow_down(error.retry_after or 30.0)
        if self._stopped is None:
            self._troubles[None if trouble.whole else capability] = trouble
            if trouble.state in STOPS:
                self._stopped = error
        if not trouble.whole:
            fields["offers"] = self.offers()
        await self._show(fields=fields)

    async def _worked(self, capability: Capability | None) -> None:
        self._breaker.worked()
        had = self._troubles.pop(capability, None)
        if self._stopped is None and self.budget.paused_for() <= 0:
            # An answer that was under way when the vendor asked for a pause does not end the pause.
            self._troubles.pop(None, None)
        await self._show(fields={"offers": self.offers()} if had is not None else None)

    async def _show(self, passing: Trouble | None = None, fields: Mapping[str, object] | None = None) -> None:
        """Keep the state if it is another than last time, or ``fields`` came; ``passing`` is one that is over soon."""
        worst = passing or gravest(self._troubles.values())
        state = worst.state if worst is not None else ConnectionState.HEALTHY
        words = worst.words if worst is not None else ""
        if not fields and (state, words) == self._shown:
            return
        self._shown = (state, words)
        self._log(state)
        await self._note(state, words, budget=self.budget.visible(), **(fields or {}))

    async def tell(self, **fields: object) -> None:
        """Keep other fields of the connection, such as the time of the last reading."""
        await self._show(fields=fields)

    def _log(self, state: ConnectionState) -> None:
        if state in _LOST and not self._lost:
            self._lost = True
            log.warning("%s: lost, %s", self._name, state.value)
        elif state is ConnectionState.HEALTHY and self._lost:
            self._lost = False
            log.warning("%s: back", self._name)

    # -- what people do

    def resume(self) -> None:
        """A person acted (tested, gave new details, a code): what stopped the connection no longer counts."""
        self._stopped = None
        self._troubles.pop(None, None)
        self._breaker.worked()

    async def set_paused(self, paused: bool) -> None:
        """Stop asking until told otherwise, or go on."""
        if paused:
            self._pause()
        elif self.paused:
            self.resume()
        await self._show(fields={"offers": self.offers()})

    def _pause(self) -> None:
        words = f"{self.title} is paused. Nothing is read or sent until somebody lets it go on."
        self._troubles[None] = Trouble(state=ConnectionState.PAUSED, words=words)
        self._stopped = Unreachable(
            f"{self.title} is paused.", "Nothing is sent until somebody lets it go on.", detail="paused"
        )

    async def ask_code(self, question: CodeQuestion) -> str:
        """The adapter's way to a person: shows NEEDS_CODE and waits for ``give_code``. Raises NeedsMfa in the end."""
        if self._code:
            code, self._code = self._code, ""
            return code
        self._question = asyncio.get_running_loop().create_future()
        words = question.words or f"{self.title} asks for a sign-in code."
        try:
            await self._show(Trouble(state=ConnectionState.NEEDS_CODE, words=words))
            async with asyncio.timeout(CODE_SECONDS):
                return await self._question
        except TimeoutError:
            raise _code_wanted(self.title) from None
        finally:
            self._question = None

    async def give_code(self, code: str) -> None:
        """Hand over a code. Raises WrongCredentials where the system does not accept it."""
        if self._question is not None and not self._question.done():
            self._question.set_result(code)
        else:
            self._code = code
        self.resume()
        self._info = None
        try:
            await self._ready()
        except NeedsMfa as error:
            await self._failed(None, error)
            raise WrongCredentials(
                f"{self.title} did not accept this code.", "You are not signed in yet.", ("Ask for a new code.",)
            ) from error
        except DaybookError as error:
            await self._failed(None, error)
            raise

    async def close(self) -> None:
        """Give sockets and browsers back."""
        if self._adapter is not None:
            await self._adapter.close()


def _code_wanted(title: str) -> NeedsMfa:
    return NeedsMfa(
        f"{title} needs a sign-in code.",
        "Reading and sending wait. What was read before stays readable.",
        ("Enter the code.",),
    )


def _not_sent_by_ended_session(title: str) -> Unreachable:
    return Unreachable(
        f"The session with {title} had ended.", "Daybook signed in again. Nothing had been sent.", detail="renewed"
    )


def _span(seconds: float) -> str:
    return f"{max(1, round(seconds))} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
