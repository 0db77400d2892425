"""276: questions about claims, read and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.model.claim_status import ClaimStatusRequest
from app.x12 import claim_status_loops, claim_status_views
from app.x12.envelope import Transaction
from app.x12.inquiries import Inquiries
from app.x12.kinds import named
from app.x12.write import Body, Built

KIND = named("276")
_JSON = Inquiries("claims", ClaimStatusRequest, frozenset(("amount", "charge", "paid")))


def read(transaction: Transaction) -> Iterator[ClaimStatusRequest]:
    """Every claim asked about; problems gather on ``transaction.problems``."""
    return claim_status_loops.claims_of(transaction, KIND, ClaimStatusRequest)


def body(requests: Iterable[ClaimStatusRequest]) -> Body:
    """The questions as ``build`` takes them, all in one transaction."""
    return claim_status_loops.body("276", requests)


def check(transaction: Transaction) -> None:
    """Run every check; the problems are on ``transaction.problems``."""
    for _ in read(transaction):
        pass


def to_json(transaction: Transaction) -> dict[str, Any]:
    """``{heading: {reference, date, time}, claims: [{source, receiver, provider, subscriber, patient, trace, …}]}``.

    The fields are those of ``ClaimStatusRequest``; empty ones are left out. ``from_json`` reads it again.
    """
    return _JSON.told(list(read(transaction)))


def from_json(data: dict[str, Any]) -> Built:
    """A finished document: see ``Inquiries.written``."""
    return _JSON.written(data, body)


def outline(transaction: Transaction) -> Iterator[tuple[int, str]]:
    """Lines for people: who asks whom about which claims."""
    return claim_status_views.outline(read(transaction), "asks")
