"""Questions for sign-in codes: one may stand for each connection; a person answers it, passes it on or declines it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import msgspec

from app.model.changes import Change, Kind
from app.model.clock import Clock
from app.model.errors import BadInput, DaybookError, NeedsMfa, WrongCredentials
from app.model.ids import new_id
from app.model.portal import CodeAnswerInput, CodeRequest
from app.store import accounts
from app.store.store import Store
from app.store.tx import Tx
from vendors.contract import CodeAnswer, CodeQuestion

#: So long somebody who gave a code waits for what the system makes of it (seconds): after that, it went on.
GIVEN_S = 30.0


class Working(msgspec.Struct, frozen=True, kw_only=True):
    """On whose behalf something is asked of a vendor, and what it is, in words; ``who`` is that person's name."""

    account_id: str = ""
    waiting: str = ""
    who: str = ""


_WORKING: ContextVar[Working | None] = ContextVar("working", default=None)


@contextmanager
def on_behalf_of(account_id: str, waiting: str, who: str = "") -> Iterator[None]:
    """Whatever is asked meanwhile is asked for this person, so that a code is asked of them first."""
    token = _WORKING.set(Working(account_id=account_id, waiting=waiting, who=who))
    try:
        yield
    finally:
        _WORKING.reset(token)


def now_working() -> Working:
    """On whose behalf this task asks at the moment."""
    return _WORKING.get() or Working()


Start = Callable[[str, Coroutine[Any, Any, None]], object]


class Codes:
    """The lines of all connections, those that are only being tried among them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self._lines: list[CodeLine] = []

    def line(self, connection_id: str, system: str, practice: str) -> CodeLine:
        """A new line; a connection whose new details are being tried has two meanwhile."""
        line = CodeLine(self, connection_id, system, practice)
        self._lines.append(line)
        return line

    def forget(self, line: CodeLine) -> None:
        """The connection is switched off, or its trial is over."""
        if line in self._lines:
            self._lines.remove(line)

    def requests(self) -> tuple[CodeRequest, ...]:
        """The questions that stand, oldest first."""
        standing = [line.request for line in self._lines if line.request is not None]
        return tuple(sorted(standing, key=lambda request: request.asked_at))

    def close(self) -> None:
        """The program ends: nobody can give a code any more."""
        for line in tuple(self._lines):
            line.close()

    def get(self, connection_id: str) -> CodeLine:
        """The line of a connection, the one on which a question stands first. Raises BadInput where there is none."""
        lines = [line for line in self._lines if line.connection_id == connection_id]
        if not lines:
            raise no_question()
        return next((line for line in lines if line.request is not None), lines[0])


class CodeLine:
    """From a connection that signs in to the people at this workstation."""

    def __init__(self, codes: Codes, connection_id: str, system: str, practice: str) -> None:
        self.connection_id = connection_id
        self.system = system
        self.request: CodeRequest | None = None
        self._codes = codes
        self._practice = practice
        self._answer: asyncio.Future[CodeAnswer] | None = None
        self._given: list[asyncio.Future[None]] = []

    async def ask(self, question: CodeQuestion) -> CodeAnswer:
        """Put the question and wait until its deadline. Raises NeedsMfa when nobody answers, or nobody can."""
        answer: asyncio.Future[CodeAnswer] = asyncio.get_running_loop().create_future()
        self._answer = answer
        working, now = now_working(), self._codes.clock.now()
        account = await self._codes.store.read(accounts.get, working.account_id) if working.account_id else None
        self.request = CodeRequest(
            request_id=new_id(),
            connection_id=self.connection_id,
            system=self.system,
            practice=self._practice,
            words=question.words or f"{self.system} asks for a sign-in code.",
            asked_at=now,
            deadline=now + timedelta(seconds=question.deadline_s),
            sent_to=question.sent_to,
            method=question.method,
            methods=question.methods,
            can_resend=question.can_resend,
            refused=question.refused,
            can_trust=question.can_trust,
            for_account_id=account.account_id if account is not None else "",
            for_name=account.full_name if account is not None else "",
            waiting=working.waiting,
        )
        await self._tell()
        self._settle_given(None)
        try:
            async with asyncio.timeout(question.deadline_s):
                return await answer
        except TimeoutError:
            raise code_wanted(self.system, "Nobody gave it in time.") from None
        finally:
            self._answer, self.request = None, None
            await self._tell()

    async def give(self, answer: CodeAnswerInput, start: Callable[[], object]) -> None:
        """Hand over an answer and wait for what comes of it: a new question, the sign-in's end, or its error.

        ``start`` begins a sign-in where no question stands.
        """
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._given.append(waiting)
        try:
            if self._answer is not None and not self._answer.done():
                given = CodeAnswer(code=answer.code.strip(), send_by=answer.send_by, trust=answer.trust)
                self._answer.set_result(given)
            else:
                start()
            await asyncio.wait({waiting}, timeout=GIVEN_S)
            if waiting.done():
                waiting.result()
        finally:
            self._given.remove(waiting)

    def settled(self, error: DaybookError | None) -> None:
        """The sign-in has ended; whoever gave a code hears how."""
        if isinstance(error, NeedsMfa) and self._given:
            error = WrongCredentials(
                f"{self.system} did not accept this code.", "You are not signed in yet.", ("Ask for a new code.",)
            )
        self._settle_given(error)

    def _settle_given(self, error: DaybookError | None) -> None:
        for waiting in self._given:
            if not waiting.done():
                waiting.set_exception(error) if error is not None else waiting.set_result(None)

    async def pass_to(self, account_id: str) -> CodeRequest:
        """Make the question another person's, or anybody's. Raises BadInput."""
        account = await self._codes.store.read(accounts.get, account_id) if account_id else None
        if self.request is None:
            raise no_question()
        if account_id and (account is None or not account.active):
            raise BadInput("account_id", "This person cannot sign in here.", "", ("Choose somebody else.",))
        self.request = msgspec.structs.replace(
            self.request, for_account_id=account_id, for_name=account.full_name if account is not None else ""
        )
        await self._tell()
        return self.request

    def decline(self) -> None:
        """Nobody can give the code now. Raises BadInput where no question stands."""
        if self._answer is None or self._answer.done():
            raise no_question()
        self._answer.set_exception(code_wanted(self.system, "Nobody could give it."))

    def close(self) -> None:
        """The connection is switched off, or its trial is over: whoever waits here waits in vain."""
        self._codes.forget(self)
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(code_wanted(self.system, "The sign-in was ended."))

    async def _tell(self) -> None:
        await self._codes.store.write(_tell_codes, self.connection_id)


def code_wanted(title: str, why: str = "") -> NeedsMfa:
    """A code is wanted and nobody has given it."""
    return NeedsMfa(
        f"{title} needs a sign-in code.",
        f"{why} Reading and sending wait. What was read before stays readable.".strip(),
        ("Enter the code.",),
    )


def no_question() -> BadInput:
    """The question is not open any more."""
    return BadInput(
        "code",
        "No sign-in code is asked for here any more.",
        "It was answered, or its time is over.",
        ("Open Connections to see how the system is doing.",),
    )


def _tell_codes(tx: Tx, connection_id: str) -> None:
    tx.changed(Change(kind=Kind.CODES, connection_id=connection_id))
