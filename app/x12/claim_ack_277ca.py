"""277CA: which claims of a file were taken in and which were not, read and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from app.model.claim import QualifiedAmount
from app.model.claim_status import ClaimStatus, StatusLevel
from app.model.money import Money
from app.model.remittance import Quantity
from app.x12 import claim_status_loops, claim_status_views
from app.x12.envelope import Transaction
from app.x12.kinds import named
from app.x12.write import Body

KIND = named("277CA")


def read(transaction: Transaction) -> Iterator[ClaimStatus]:
    """Every claim, and every level that was answered without a claim: a rejection there rejects all that was sent.

    Problems gather on ``transaction.problems``.
    """
    return claim_status_loops.claims_of(transaction, KIND, ClaimStatus)


def body(claims: Iterable[ClaimStatus]) -> Body:
    """The acknowledgment as ``build`` takes it, all in one transaction."""
    return claim_status_loops.body("277CA", claims)


def counted(claims: Sequence[ClaimStatus]) -> list[ClaimStatus]:
    """The claims with counts, amounts and total charge of their receiver and provider set to what is listed (point 28).

    A level without a trace number of its own has no place for them and stays as it is.
    """
    out = list(claims)
    for field, names in (("receiver", ("90", "AA")), ("provider", ("QA", "QC"))):
        made: list[tuple[StatusLevel, StatusLevel]] = []
        for at, claim in enumerate(out):
            level: StatusLevel | None = getattr(claim, field)
            if level is None or not level.traces:
                continue
            new = next((after for before, after in made if before == level), None)
            if new is None:
                new = _with_counts(level, [one for one in out if getattr(one, field) == level], names)
                made.append((level, new))
            out[at] = msgspec.structs.replace(claim, **{field: new})
    return out


def _with_counts(level: StatusLevel, claims: Sequence[ClaimStatus], names: tuple[str, str]) -> StatusLevel:
    quantities: list[Quantity] = []
    amounts: list[QualifiedAmount] = []
    for name, amount, verdict in ((names[0], "YU", True), (names[1], "YY", False)):
        own = [claim for claim in claims if claim.is_claim and claim.accepted is verdict]
        if own:
            quantities.append(Quantity(name, str(len(own))))
            amounts.append(QualifiedAmount(amount, Money(sum(claim.charge.cents for claim in own if claim.charge))))
    total = Money(sum(claim.charge.cents for claim in claims if claim.is_claim and claim.charge))
    statuses = tuple(msgspec.structs.replace(one, charge=total) for one in level.statuses)
    return msgspec.structs.replace(level, statuses=statuses, quantities=tuple(quantities), amounts=tuple(amounts))


def check(transaction: Transaction) -> None:
    """Run every check; the problems are on ``transaction.problems``."""
    for _ in read(transaction):
        pass


def to_json(transaction: Transaction) -> dict[str, Any]:
    """``{claims: [{patient_control_number, payer_control_number, accepted, statuses, amount}], accepted_count, …}``."""
    return claim_status_views.acknowledgment_json(read(transaction))


def outline(transaction: Transaction) -> Iterator[tuple[int, str]]:
    """Lines for people: what was taken in, what was not and why."""
    return claim_status_views.outline(read(transaction), "acknowledges")
