"""A file of claims as far as the desk must know it: how many claims, of what kind, and where each goes."""

from __future__ import annotations

import msgspec

from app.model.errors import BadDocument
from app.x12.claim_837 import ClaimReader
from app.x12.envelope import read
from app.x12.kinds import kind_of


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """``ways`` are (billing NPI, payer id), each once."""

    kind: str
    claims: int
    ways: tuple[tuple[str, str], ...]


def glance(content: bytes) -> Glance:
    """Read a file to its end. Raises BadDocument for one that holds no professional or institutional claim."""
    kinds: set[str] = set()
    ways: dict[tuple[str, str], None] = {}
    claims = 0
    for transaction in read(content):
        kind = kind_of(transaction)
        if kind is None or kind.st01 != "837":
            transaction.skip()
            continue
        kinds.add(kind.name)
        for claim in ClaimReader(transaction).claims():
            claims += 1
            ways[claim.billing.party.npi, claim.subscriber.payer.id.strip()] = None
    if not claims:
        raise BadDocument(
            "This file holds no claim.",
            "Only professional and institutional claims (837P, 837I) are sent. Nothing was sent.",
            ("Choose another file.",),
        )
    return Glance(kind=sorted(kinds)[0], claims=claims, ways=tuple(ways))
