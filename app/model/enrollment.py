"""Enrollment: whether a payer lets a provider use one transaction, how far that is, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import msgspec


class EnrollmentState(StrEnum):
    """How far it has come."""

    NOT_NEEDED = "not needed"
    NOT_STARTED = "not started"
    SENT = "sent"
    WITH_PAYER = "with payer"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"


class Turn(StrEnum):
    """Who must do the next step."""

    NOBODY = "nobody"
    US = "us"
    CLEARINGHOUSE = "clearinghouse"
    PAYER = "payer"


class RefusalReason(StrEnum):
    """Why a payer refused: what was written is wrong, or the provider is not credentialed with it."""

    NOT_TOLD = "not told"
    WRONG_DATA = "wrong data"
    NOT_CREDENTIALED = "not credentialed"


#: What a refusal's reason means for the practice.
REFUSALS = {
    RefusalReason.NOT_TOLD: "Why is not known: ask the payer, and note what it says.",
    RefusalReason.WRONG_DATA: "What the form says is wrong: correct it and send it again.",
    RefusalReason.NOT_CREDENTIALED: "The provider is not credentialed with this payer: that comes first.",
}

LIVE = frozenset({EnrollmentState.NOT_NEEDED, EnrollmentState.APPROVED})

_TURNS = {
    EnrollmentState.NOT_NEEDED: Turn.NOBODY,
    EnrollmentState.APPROVED: Turn.NOBODY,
    EnrollmentState.NOT_STARTED: Turn.US,
    EnrollmentState.REFUSED: Turn.US,
    EnrollmentState.EXPIRED: Turn.US,
    EnrollmentState.SENT: Turn.CLEARINGHOUSE,
    EnrollmentState.WITH_PAYER: Turn.PAYER,
}

#: What a person must know before an enrollment is sent, by transaction.
WARNINGS = {
    "835": (
        "Only one clearinghouse receives a payer's remittances for a tax id. The one that gets them now will stop.",
        "A payer may move every provider under the tax id, not only this one.",
    ),
}


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an enrollment's history."""

    on: date
    state: EnrollmentState
    words: str = ""


class Enrollment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One provider with one payer for one transaction (``837P``, ``835``, ``270`` …).

    ``payer_id`` is the id of that very transaction. ``words`` are what was said last; ``reason`` is set when refused.
    """

    provider_npi: str
    payer_id: str
    transaction: str
    state: EnrollmentState
    payer_name: str = ""
    since: date | None = None
    words: str = ""
    reason: RefusalReason = RefusalReason.NOT_TOLD
    history: tuple[Step, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """Provider, payer and transaction."""
        return self.provider_npi, self.payer_id.upper(), self.transaction

    @property
    def is_live(self) -> bool:
        """Whether the transaction may be used."""
        return self.state in LIVE

    @property
    def turn(self) -> Turn:
        """Who must act."""
        return _TURNS[self.state]

    def moved(
        self, state: EnrollmentState, on: date, words: str = "", reason: RefusalReason = RefusalReason.NOT_TOLD
    ) -> Enrollment:
        """In another state since ``on``; what was before stays in its history."""
        step = Step(on=on, state=state, words=words)
        return msgspec.structs.replace(
            self, state=state, since=on, words=words, reason=reason, history=(*self.history, step)
        )

    def is_stuck(self, on: date, days: int = 30) -> bool:
        """Whether somebody else has had it for more than ``days``: ask again."""
        waits = self.turn in {Turn.CLEARINGHOUSE, Turn.PAYER}
        return waits and self.since is not None and (on - self.since).days > days


class EnrollmentBoard(msgspec.Struct, frozen=True, kw_only=True):
    """All enrollments of a practice in one clearinghouse: provider × payer × transaction."""

    rows: tuple[Enrollment, ...] = ()

    def find(self, provider_npi: str, payer_id: str, transaction: str) -> Enrollment | None:
        """The one, or None where nobody has ever spoken of it."""
        key = provider_npi, payer_id.strip().upper(), transaction
        return next((row for row in self.rows if row.key == key), None)

    def put(self, rows: Iterable[Enrollment]) -> EnrollmentBoard:
        """With these in place of what was known; a changed state goes into the history."""
        held = {row.key: row for row in self.rows}
        for row in rows:
            held[row.key] = _with_history(held.get(row.key), row)
        return EnrollmentBoard(rows=tuple(held[key] for key in sorted(held)))


def _with_history(before: Enrollment | None, row: Enrollment) -> Enrollment:
    if before is None:
        return row
    if before.state is row.state:
        # A system that tells the state again without a word does not take back what a letter or a call has told.
        reason = before.reason if row.reason is RefusalReason.NOT_TOLD else row.reason
        return msgspec.structs.replace(
            row,
            history=before.history,
            since=before.since or row.since,
            words=row.words or before.words,
            reason=reason,
        )
    step = Step(on=row.since, state=row.state, words=row.words) if row.since else None
    return msgspec.structs.replace(row, history=(*before.history, *((step,) if step else ())))
