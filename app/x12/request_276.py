"""276: questions about claims, read and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from app.model.claim_status import ClaimStatusRequest
from app.model.inquiry import Heading
from app.x12 import claim_status_loops, claim_status_views
from app.x12.envelope import Transaction
from app.x12.kinds import named
from app.x12.parts import envelope_of, moment, plain, priced
from app.x12.write import Body, build

KIND = named("276")
_MONEY = frozenset(("amount", "charge", "paid"))
_HIDDEN = frozenset(("level", "start"))  # where a thing stood says nothing to others


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
    found = list(read(transaction))
    heading = found[0].heading if found else Heading()
    claims = [plain(msgspec.to_builtins(one), _HIDDEN) for one in found]
    for one in claims:
        one.pop("heading", None)
    return {"heading": plain(msgspec.to_builtins(heading)), "claims": claims}


class _Document(msgspec.Struct):
    claims: list[ClaimStatusRequest]
    heading: Heading = Heading()


def requests_from_json(data: Mapping[str, Any]) -> list[ClaimStatusRequest]:
    """The reverse. Raises ``msgspec.ValidationError`` naming the field that does not fit."""
    given = msgspec.convert(priced(dict(data), _MONEY), _Document)
    return [msgspec.structs.replace(one, heading=given.heading) for one in given.claims]


def from_json(data: dict[str, Any]) -> bytes:
    """A finished document; ``interchange`` and ``group`` as in ``x12 json`` (``sender``, ``receiver``, ``control``).

    Without them the receiver's and the payer's own numbers are used. Raises ``NotValid`` or
    ``msgspec.ValidationError``, which name the field at fault.
    """
    requests = requests_from_json(data)
    if not requests:
        raise msgspec.ValidationError("Object missing required field `claims`")
    first = requests[0]
    sender = first.receiver.id if first.receiver else ""
    when = moment(first.heading.date, first.heading.time)
    return build([body(requests)], envelope_of(data, when, "heading.date", sender, first.source.id)).data


def outline(transaction: Transaction) -> Iterator[tuple[int, str]]:
    """Lines for people: who asks whom about which claims."""
    return claim_status_views.outline(read(transaction), "asks")
