"""277: a payer's answers about claims, read and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.model.claim_status import ClaimStatus
from app.x12 import claim_status_loops, claim_status_views
from app.x12.envelope import Transaction
from app.x12.kinds import named
from app.x12.write import Body

KIND = named("277")


def read(transaction: Transaction) -> Iterator[ClaimStatus]:
    """Every claim answered, and every level that was answered without a claim.

    Problems gather on ``transaction.problems``.
    """
    return claim_status_loops.claims_of(transaction, KIND, ClaimStatus)


def body(claims: Iterable[ClaimStatus]) -> Body:
    """The answers as ``build`` takes them, all in one transaction."""
    return claim_status_loops.body("277", claims)


def check(transaction: Transaction) -> None:
    """Run every check; the problems are on ``transaction.problems``."""
    for _ in read(transaction):
        pass


def to_json(transaction: Transaction) -> dict[str, Any]:
    """``{source_name, …, claims: [{trace_number, patient_control_number, payer_control_number, stage, statuses}]}``."""
    return claim_status_views.status_json(read(transaction))


def outline(transaction: Transaction) -> Iterator[tuple[int, str]]:
    """Lines for people: where each claim stands."""
    return claim_status_views.outline(read(transaction), "answers")
