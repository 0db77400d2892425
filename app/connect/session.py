"""One connection's session: its adapter, how it is doing, and the gate every request to that vendor goes through."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import TypeVar

from app.connect.breaker import Breaker
from app.connect.codes import CodeLine, Start, code_wanted
from app.connect.condition import Condition, Noter
from app.connect.sides import Side, side_names, side_of, side_of_pages
from app.connect.timing import Timing
from app.connect.troubles import STOPS, Mark, Trouble, sentence, sign_in_trouble, trouble_of
from app.model.capabilities import Capability, CapabilityOffer
from app.model.clock import Clock
from app.model.connection import Connection, ConnectionState
from app.model.errors import (
    AuthExpired,
    DaybookError,
    NotEntitled,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
)
from app.model.portal import CodeAnswerInput
from vendors.contract import Adapter, CodeAnswer, CodeQuestion, Manifest, RateBudget

T = TypeVar("T")

#: A session that ends sooner than this is renewed now.
RENEW_AHEAD = timedelta(minutes=3)
#: The side of the system that the running task asks.
_AT: ContextVar[str] = ContextVar("side", default="")


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
        line: CodeLine,
        on_signed_in: Callable[[], Awaitable[None]],
    ) -> None:
        self.connection_id = connection.connection_id
        self.manifest = manifest
        self.budget = budget
        self._clock = clock
        self._timing = timing
        self._condition = Condition(connection, manifest, budget, note)
        self._adapter: Adapter | None = None
        self._sides = {name: Side(name, Breaker(clock, timing.jitter)) for name in side_names(manifest)}
        #: The side whose sign-in asked for a code last.
        self._asking = ""
        self._paused: DaybookError | None = None
        self._line = line
        self._on_signed_in = on_signed_in
        self._code = CodeAnswerInput()
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
        return self._paused is not None

    @property
    def adapter(self) -> Adapter:
        """What speaks with the system; what needs no session may be asked of it directly."""
        if self._adapter is None:
            raise RuntimeError("this session has no adapter")
        return self._adapter

    def licensed(self, capability: Capability) -> bool:
        """Whether this account has the capability at all, as the last test found; trouble of the moment aside."""
        return self._condition.licensed(capability)

    def offers(self) -> tuple[CapabilityOffer, ...]:
        """What can be done at this moment, in words where it cannot."""
        return self._condition.offers()

    async def call(
        self, capability: Capability, ask: Callable[[Adapter], Awaitable[T]], *, is_write: bool = False
    ) -> T:
        """Ask the vendor through the gate.

        Raises what the adapter raises; Unreachable with ``retry_after`` while the breaker is open; the error that
        stopped the connection until a person has acted. A read whose session ended is repeated once after signing in
        again; a write never is: it raises Unreachable, because a refused session means that nothing happened.
        """
        return await self._through(self._sides[side_of(self.manifest, capability)], capability, ask, is_write)

    async def drive(self, operation: str, ask: Callable[[Adapter], Awaitable[T]], *, is_write: bool = False) -> T:
        """The same for what is planned, written and looked up on web pages; trouble is kept by ``operation``."""
        return await self._through(self._sides[side_of_pages(self.manifest)], operation, ask, is_write)

    async def _through(self, side: Side, mark: Mark, ask: Callable[[Adapter], Awaitable[T]], is_write: bool) -> T:
        self._admit(side)
        _AT.set(side.name)
        try:
            adapter = await self._ready(side)
            try:
                result = await ask(adapter)
            except AuthExpired as error:
                await self._renew(side, error)
                if is_write:
                    raise _not_sent_by_ended_session(self.title) from error
                result = await ask(adapter)
        except asyncio.CancelledError:
            side.breaker.abandoned()
            raise
        except DaybookError as error:
            await self._failed(side, mark, error)
            raise
        except Exception:
            side.breaker.abandoned()
            raise
        await self._worked(side, mark)
        return result

    def ask_again(self) -> None:
        """A person wants to know now: the pause after failures ends early. What stopped the connection stays."""
        for side in self._sides.values():
            side.breaker.asked()

    def _admit(self, side: Side) -> None:
        stopped = self._paused or side.stopped
        if stopped is not None:
            raise stopped
        if self._line.request is not None and self._asking in ("", side.name):
            raise code_wanted(self.title)
        left = side.breaker.closed_in()
        if left > 0:
            raise Unreachable(
                f"{self.title} does not answer.",
                "Daybook stopped asking for a while. What you see is the last copy.",
                (f"Daybook tries again in {_span(left)}.",),
                retry_after=left,
                detail="circuit open",
            )

    async def _ready(self, side: Side) -> Adapter:
        async with side.lock:
            if side.info is None:
                await self._sign_in(side, f"Signing in to {self.title}.")
            return self.adapter

    async def _sign_in(self, side: Side, words: str) -> None:
        await self._condition.passing(ConnectionState.REAUTHENTICATING, words)
        _AT.set(side.name)
        try:
            side.info = await side.sign_in(self.adapter)
        except DaybookError as error:
            self._stop_for(side, error)
            raise
        self._condition.troubles.pop(side.mark, None)
        self._condition.troubles.pop(None, None)
        await self._condition.show(fields={"session_words": self._words(), "offers": self.offers()})
        self._line.settled(None)
        await self._on_signed_in()

    def _stop_for(self, side: Side, error: DaybookError) -> None:
        trouble = sign_in_trouble(error)
        if trouble is None:
            return
        self._condition.troubles[side.mark] = trouble
        if trouble.state in STOPS:
            side.stopped = error

    async def _renew(self, side: Side, error: AuthExpired) -> None:
        seen = side.info
        async with side.lock:
            if side.info is seen:
                side.info = None
                await self._sign_in(side, f"{sentence(error)} Daybook signs in again.")

    async def keep(self) -> None:
        """Renew a session that is about to end. Errors show as the connection's state."""
        for side in self._sides.values():
            ends = side.info.expires_at if side.info is not None else None
            if ends is None or self._paused is not None or side.stopped is not None:
                continue
            if ends - self._clock.now() > RENEW_AHEAD:
                continue
            await self._condition.passing(ConnectionState.EXPIRING, f"The session with {self.title} ends soon.")
            try:
                await self._renew(side, AuthExpired(f"The session with {self.title} ends."))
            except DaybookError as failure:
                await self._failed(side, None, failure)

    async def test(self) -> tuple[tuple[CapabilityOffer, ...], str]:
        """Sign in and try every capability read-only. What was found holds from now on.

        Every side is tried, whatever the others say; raises the first failure.
        """
        self.resume()
        failure: DaybookError | None = None
        for side in self._sides.values():
            try:
                self._admit(side)
                await self._ready(side)
            except NotEntitled as error:
                if not side.name:
                    failure = failure or error
            except DaybookError as error:
                await self._failed(side, None, error)
                failure = failure or error
        if failure is not None:
            raise failure
        first = next(iter(self._sides.values()))
        try:
            found = await self.adapter.test()
        except DaybookError as error:
            await self._failed(first, None, error)
            raise
        self._condition.found(found)
        for side in self._sides.values():
            await self._worked(side, None)
        await self._condition.show(fields={"offers": self.offers()})
        return tuple(found), self._words()

    def _words(self) -> str:
        return " ".join(dict.fromkeys(side.info.words for side in self._sides.values() if side.info is not None))

    async def _failed(self, side: Side, mark: Mark, error: DaybookError) -> None:
        if self._asking in ("", side.name):
            self._line.settled(error)
        trouble = trouble_of(error)
        if trouble is None:
            # A refusal is an answer: the vendor is there.
            side.breaker.worked()
            if side.stopped is None and self._paused is None:
                self._condition.troubles.pop(side.mark, None)
            await self._condition.show()
            return
        fields: dict[str, object] = {}
        if isinstance(error, Unreachable | OutcomeUnknown):
            pause = side.breaker.failed()
            if pause > 0:
                trouble = Trouble(
                    state=trouble.state, words=f"{sentence(error)} Daybook tries again in {_span(pause)}."
                )
                fields["next_sync"] = self._clock.now() + timedelta(seconds=pause)
            if isinstance(error, OutcomeUnknown) and side.breaker.failures == 1:
                # One answer lost on the way is told by its job; it does not make a system "down".
                return
        else:
            side.breaker.abandoned()
        if isinstance(error, RateLimited):
            self.budget.slow_down(error.retry_after or 30.0)
        if side.stopped is None and self._paused is None:
            self._condition.troubles[side.mark if trouble.whole or mark is None else mark] = trouble
            if trouble.state in STOPS:
                side.stopped = error
        if not trouble.whole:
            fields["offers"] = self.offers()
        await self._condition.show(fields=fields)

    async def _worked(self, side: Side, mark: Mark) -> None:
        side.breaker.worked()
        had = self._condition.troubles.pop(mark, None) if mark is not None else None
        if side.stopped is None and self._paused is None and self.budget.paused_for() <= 0:
            # An answer that was under way when the vendor asked for a pause does not end the pause.
            self._condition.troubles.pop(side.mark, None)
        await self._condition.show(fields={"offers": self.offers()} if had is not None else None)

    async def tell(self, **fields: object) -> None:
        """Keep other fields of the connection, such as the time of the last reading."""
        await self._condition.show(fields=fields)

    # -- what people do

    def resume(self) -> None:
        """A person acted (tested, gave new details, a code): what stopped the connection no longer counts."""
        self._paused = None
        self._condition.troubles.pop(None, None)
        for side in self._sides.values():
            side.stopped = None
            self._condition.troubles.pop(side.mark, None)
            side.breaker.worked()

    async def pages_looked_at(self) -> None:
        """Somebody looked at changed pages: what was held back by them is tried again."""
        for mark, trouble in tuple(self._condition.troubles.items()):
            if trouble.state is ConnectionState.DRIFTED:
                del self._condition.troubles[mark]
        await self._condition.show(fields={"offers": self.offers()})

    async def set_paused(self, paused: bool) -> None:
        """Stop asking until told otherwise, or go on."""
        if paused:
            self._pause()
        elif self.paused:
            self.resume()
        await self._condition.show(fields={"offers": self.offers()})

    def _pause(self) -> None:
        words = f"{self.title} is paused. Nothing is read or sent until somebody lets it go on."
        self._condition.troubles[None] = Trouble(state=ConnectionState.PAUSED, words=words)
        self._paused = Unreachable(
            f"{self.title} is paused.", "Nothing is sent until somebody lets it go on.", detail="paused"
        )

    async def ask_code(self, question: CodeQuestion) -> str | CodeAnswer:
        """The adapter's way to a person: shows NEEDS_CODE and waits for an answer. Raises NeedsMfa in the end."""
        self._asking = _AT.get()
        given, self._code = self._code, CodeAnswerInput()
        if given.code:
            return CodeAnswer(code=given.code, trust=given.trust)
        if given.send_by and given.send_by != question.method:
            return CodeAnswer(send_by=given.send_by)
        words = question.words or f"{self.title} asks for a sign-in code."
        await self._condition.passing(ConnectionState.NEEDS_CODE, words)
        answer = await self._line.ask(question)
        await self._condition.passing(ConnectionState.REAUTHENTICATING, f"Signing in to {self.title}.")
        return answer

    async def give_code(self, answer: CodeAnswerInput, start: Start) -> None:
        """Hand over an answer; where no question stands, sign in with it. See ``ConnectionsPort.give_code``."""

        def begin() -> None:
            self._code = answer
            self.resume()
            start("sign in with a code", self._anew())

        await self._line.give(answer, begin)

    async def _anew(self) -> None:
        """Sign in again wherever somebody was signed in, or nobody yet is."""
        for side in self._sides.values():
            side.info = None
            self._asking = side.name
            try:
                await self._ready(side)
            except DaybookError as error:
                await self._failed(side, None, error)

    async def close(self) -> None:
        """Give sockets and browsers back."""
        self._line.close()
        if self._adapter is not None:
            await self._adapter.close()


def _not_sent_by_ended_session(title: str) -> Unreachable:
    return Unreachable(
        f"The session with {title} had ended.", "Daybook signed in again. Nothing had been sent.", detail="renewed"
    )


def _span(seconds: float) -> str:
    return f"{max(1, round(seconds))} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
