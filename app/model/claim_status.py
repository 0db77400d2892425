"""Where a claim stands: our question (276), the payer's answer (277), and its acknowledgment of a file (277CA).

A claim comes with the levels above it, each complete in itself. Status codes are kept as written; their words are in
``resources.codes`` (tables ``claim_status_category``, ``claim_status``, ``entity``). Nothing that was said later takes
the place of what was said before: ``ClaimHistory`` keeps both.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from app.model.claim import Kept, Party, Procedure, QualifiedAmount, QualifiedDate, Reference
from app.model.inquiry import Heading, Trace
from app.model.money import Money
from app.model.remittance import Quantity

ACCEPTED = frozenset(("A0", "A1", "A2", "A5"))
REJECTED = frozenset(("A3", "A4", "A6", "A7", "A8"))


class StatusCode(msgspec.Struct, frozen=True, omit_defaults=True):
    """One composite of STC: category, status, the entity it is about; ``list`` RX marks a pharmacy's reject code."""

    category: str
    status: str = ""
    entity: str = ""
    list: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """STC: up to three codes (STC01, STC10, STC11) said together on one day (point 26).

    ``action`` STC03 is WQ (accepted) or U (rejected) in a 277CA; ``charge`` STC04, ``paid`` STC05, ``decided`` STC06,
    ``method`` STC07, ``check_date`` STC08, ``check_number`` STC09, ``message`` STC12. Dates as written.
    """

    code: StatusCode
    second: StatusCode | None = None
    third: StatusCode | None = None
    date: str = ""
    action: str = ""
    charge: Money | None = None
    paid: Money | None = None
    decided: str = ""
    method: str = ""
    check_date: str = ""
    check_number: str = ""
    message: str = ""

    @property
    def codes(self) -> tuple[StatusCode, ...]:
        """All codes that are given."""
        return tuple(found for found in (self.code, self.second, self.third) if found)

    @property
    def accepted(self) -> bool | None:
        """Taken in or rejected; the category decides, the action only where no category is known (point 27)."""
        categories = {found.category for found in self.codes}
        if categories & REJECTED:
            return False
        if categories & ACCEPTED:
            return True
        return {"U": False, "WQ": True}.get(self.action)

    @property
    def contradicts_itself(self) -> bool:
        """Whether the action says the opposite of the category."""
        by_action = {"U": False, "WQ": True}.get(self.action)
        return by_action is not None and self.accepted is not None and by_action != self.accepted


class ClaimStage(StrEnum):
    """How far a claim has come."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_FOUND = "not found"
    PENDING = "pending"
    PAID = "paid"
    DENIED = "denied"
    FINISHED = "finished"
    WANTED = "information wanted"
    NO_ANSWER = "no answer"
    UNKNOWN = "unknown"


_STAGES = {
    **dict.fromkeys(ACCEPTED, ClaimStage.ACCEPTED), **dict.fromkeys(REJECTED, ClaimStage.REJECTED),
    "A4": ClaimStage.NOT_FOUND, "D0": ClaimStage.NOT_FOUND, "F1": ClaimStage.PAID, "F2": ClaimStage.DENIED,
    "F4": ClaimStage.DENIED,
}  # fmt: skip
_STAGES_BY_LETTER = {
    "P": ClaimStage.PENDING,
    "F": ClaimStage.FINISHED,
    "R": ClaimStage.WANTED,
    "E": ClaimStage.NO_ANSWER,
}


def stage_of(category: str) -> ClaimStage:
    """What a category says in one word."""
    return _STAGES.get(category) or _STAGES_BY_LETTER.get(category[:1], ClaimStage.UNKNOWN)


def accepted(statuses: tuple[Status, ...]) -> bool | None:
    """Rejected when any status rejects, accepted when one accepts, else not to be told."""
    said = {status.accepted for status in statuses}
    return False if False in said else True if True in said else None


class StatusLevel(Party, frozen=True, kw_only=True, omit_defaults=True):
    """A level above a claim: 20 source, 21 receiver, 19 provider, 22 subscriber, 23 dependent, PT patient.

    ``traces`` TRN, ``statuses`` STC, ``quantities`` and ``amounts`` are what the sender counted (point 28: at 21 QTY 90
    and AA, at 19 QA and QC, AMT YU and YY). ``level`` is the segment number of its HL as read.
    """

    traces: tuple[Trace, ...] = ()
    statuses: tuple[Status, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    amounts: tuple[QualifiedAmount, ...] = ()
    level: int = 0
    kept: tuple[Kept, ...] = ()

    @property
    def trace(self) -> str:
        """The first TRN02."""
        return self.traces[0].number if self.traces else ""

    def quantity(self, qualifier: str) -> int | None:
        """A count, where it is given as a whole number."""
        found = next((one.value for one in self.quantities if one.qualifier == qualifier), "")
        return int(found) if found.isascii() and found.isdigit() and len(found) < 16 else None

    def amount(self, qualifier: str) -> Money | None:
        """An amount, where it is given."""
        return next((one.amount for one in self.amounts if one.qualifier == qualifier), None)


class StatusLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2210 or 2220: one service line (SVC) and, in an answer, its statuses."""

    procedure: Procedure
    charge: Money | None = None
    paid: Money | None = None
    revenue_code: str = ""
    units: str = ""
    statuses: tuple[Status, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[QualifiedDate, ...] = ()

    @property
    def control_number(self) -> str:
        """REF*FJ: our own number of the line."""
        return next((found.value for found in self.references if found.qualifier == "FJ"), "")


class TracedClaim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2200: a claim by its trace number (TRN02), with the levels above it.

    In a 277CA ``patient`` is the level PT and there is no subscriber; in 276 and 277 it is the dependent, None where
    the subscriber is the patient. ``is_claim`` is false where no claim stands under a level: then the level itself is
    meant, and all that was sent there. ``start`` is the number of its TRN in the transaction.
    """

    source: StatusLevel
    receiver: StatusLevel | None = None
    provider: StatusLevel | None = None
    subscriber: StatusLevel | None = None
    patient: StatusLevel | None = None
    trace: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[QualifiedDate, ...] = ()
    amounts: tuple[QualifiedAmount, ...] = ()
    lines: tuple[StatusLine, ...] = ()
    heading: Heading = Heading()
    is_claim: bool = True
    start: int = 0
    kept: tuple[Kept, ...] = ()

    def reference(self, qualifier: str) -> str:
        """The number of that kind, or nothing."""
        return next((found.value for found in self.references if found.qualifier == qualifier), "")

    @property
    def payer_control_number(self) -> str:
        """REF*1K: the payer's number, which a replacing or voiding claim must name."""
        return self.reference("1K")

    @property
    def patient_party(self) -> StatusLevel | None:
        """Who was treated."""
        return self.patient or self.subscriber


class ClaimStatusRequest(TracedClaim, frozen=True, kw_only=True, omit_defaults=True):
    """A 276 about one claim: ``trace`` is a number of our own, ``amounts`` AMT*T3 its total charge."""

    @property
    def charge(self) -> Money | None:
        """AMT*T3."""
        return next((found.amount for found in self.amounts if found.qualifier == "T3"), None)


class ClaimStatus(TracedClaim, frozen=True, kw_only=True, omit_defaults=True):
    """One claim of a 277 or 277CA, or (``is_claim`` false) one level that got a status without any claim."""

    statuses: tuple[Status, ...] = ()

    @property
    def patient_control_number(self) -> str:
        """Our CLM01: REF*EJ in a 277; in a 277CA the trace number itself."""
        return self.reference("EJ") or (self.trace if self.subscriber is None else "")

    @property
    def accepted(self) -> bool | None:
        """Taken in or rejected: a rejection at receiver or provider rejects everything beneath (point 28)."""
        return False if self.rejected_above else accepted(self.statuses)

    @property
    def rejected_above(self) -> StatusLevel | None:
        """The level whose rejection takes this claim along."""
        levels = (self.receiver, self.provider)
        return next((found for found in levels if found and accepted(found.statuses) is False), None)

    @property
    def stage(self) -> ClaimStage:
        """How far the claim has come, by its first status, a rejection first."""
        if self.accepted is False:
            found = {stage_of(code.category) for status in self.statuses for code in status.codes}
            return ClaimStage.NOT_FOUND if found == {ClaimStage.NOT_FOUND} else ClaimStage.REJECTED
        return stage_of(self.statuses[0].code.category) if self.statuses else ClaimStage.UNKNOWN

    @property
    def contradicts_itself(self) -> bool:
        """Whether an action code (STC03) says the opposite of its category; the category was believed."""
        return any(status.contradicts_itself for status in self.statuses)

    @property
    def charge(self) -> Money | None:
        """STC04 of the first status that has one."""
        return next((status.charge for status in self.statuses if status.charge is not None), None)


class ClaimHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Everything said about one claim, by whom and when, oldest first (point 29)."""

    patient_control_number: str
    said: tuple[ClaimStatus, ...] = ()

    def add(self, status: ClaimStatus) -> ClaimHistory:
        """With one more; what was said before stays. The same again changes nothing."""
        if status in self.said:
            return self
        return msgspec.structs.replace(self, said=tuple(sorted((*self.said, status), key=_said_on)))

    @property
    def latest(self) -> ClaimStatus | None:
        """What was said last."""
        return self.said[-1] if self.said else None

    @property
    def was_accepted(self) -> bool:
        """Whether anyone has ever taken it in: proof of timely filing, also where another rejected it later."""
        return any(status.accepted for status in self.said)


def _said_on(status: ClaimStatus) -> str:
    return max((one.date for one in status.statuses), default="") or status.heading.date
