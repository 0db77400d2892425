"""What an adapter is handed when it is made: addresses, secrets, sealed state, clock, budget. Nothing else of ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from app.model.clock import Clock
from app.model.connection import Environment
from vendors.contract.budget import RateBudget


class Secrets(Protocol):
    """Small secrets of one connection (the keyring behind it, or memory), by the form field's name."""

    async def get(self, name: str) -> str | None:
        """The secret, or None where it was never given."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Keep a secret the vendor changed or issued."""
        ...


class SealedState(Protocol):
    """Larger state of one connection (certificates, browser sessions), sealed in the store."""

    async def get(self, name: str) -> bytes | None:
        """What was kept under ``name``, or None."""
        ...

    async def put(self, name: str, value: bytes) -> None:
        """Keep ``value``; it survives restarts."""
        ...


class CodeQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in code is wanted: where it was sent, what other ways there are, and whether it can be sent again.

    ``method`` is the way of the code asked for (``sms``, ``email``, ``totp``), ``methods`` all that may be chosen.
    ``deadline_s``: so long the question is worth an answer. ``refused``: the code given before was not accepted.
    ``can_trust``: the system offers to ask this computer for no more codes for a while.
    """

    sent_to: str = ""
    methods: tuple[str, ...] = ()
    can_resend: bool = False
    words: str = ""
    method: str = ""
    deadline_s: float = 180.0
    refused: bool = False
    can_trust: bool = False


class CodeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a person said: the ``code``, or ``send_by`` one of the question's methods (the same again: resend).

    ``trust``: this computer shall be trusted, where the question offers it.
    """

    code: str = ""
    send_by: str = ""
    trust: bool = True


#: A plain text is the code.
AskCode = Callable[[CodeQuestion], Awaitable[str | CodeAnswer]]


async def nobody_to_ask(question: CodeQuestion) -> str:
    """The default for ``ask_code``: there is nobody at the desk. Raises NeedsMfa."""
    from app.model.errors import NeedsMfa

    raise NeedsMfa(
        "A sign-in code is wanted.",
        f"{question.words} Only a person can give it, so signing in waits.".strip(),
        ("Enter the code.",),
    )


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """How long an adapter waits, in seconds, and how often it repeats what is safe to repeat.

    ``connect_s`` to reach the system, ``answer_s`` between two signs of life, ``whole_s`` for one request from start to
    end, after which it is not repeated. ``tries`` counts the first. ``back_off_s`` doubles from try to try;
    ``patience_s`` is the longest pause that is sat out before saying RateLimited.
    """

    connect_s: float = 10.0
    answer_s: float = 20.0
    whole_s: float = 45.0
    tries: int = 3
    back_off_s: float = 0.4
    patience_s: float = 5.0


USUAL_TIMING = Timing()


@dataclass(frozen=True, kw_only=True)
class VendorContext:
    """Everything an adapter may use.

    ``base_urls`` by ``AddressField.name``, without a trailing slash. ``allow_plain_http`` permits ``http://`` to
    loopback only, for sandboxes and ``daybook call``. ``time_zone`` is the location's IANA zone. ``trusted_ca`` is PEM
    text of an additional authority (a practice behind an inspecting proxy), empty for none; web pages do not use it:
    the browser asks this computer's authorities. ``asked_by`` names the person for whom the running task asks, empty
    for what Daybook does by itself.
    """

    connection_id: str
    base_urls: dict[str, str]
    tenant: str
    environment: Environment
    secrets: Secrets
    state: SealedState
    clock: Clock
    budget: RateBudget
    time_zone: str = "America/New_York"
    allow_plain_http: bool = False
    trusted_ca: str = ""
    timing: Timing = USUAL_TIMING
    ask_code: AskCode = field(default=nobody_to_ask)
    asked_by: Callable[[], str] = field(default=str)
