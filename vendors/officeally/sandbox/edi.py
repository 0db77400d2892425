"""X12 that goes out to the practice: envelopes in the vendor's varying manners, 277CA and the payers' 277."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from app.x12.delimiters import STANDARD, Delimiters
from app.x12.values import amount
from app.x12.write import Body, Envelope, NotValid, Row, build
from vendors.officeally.sandbox.intake import RECEIVER
from vendors.sandboxkit.dice import Dice

SPELLINGS = ("OFFICEALLY", "OFFALLY", RECEIVER, "OFFICE ALLY")
_SEPARATORS = (
    STANDARD, STANDARD, Delimiters(element="|", component=">", repetition="^", terminator="~"),
    Delimiters(element="*", component=":", repetition="^", terminator="\n"),
)  # fmt: skip
#: Separators that no one types.
_RARE = Delimiters(element="\x1d", component="\x1f", repetition="\x1c", terminator="\x1e")


class Manner(NamedTuple):
    """How one document is written: the sender's spelling, separators, line ends after segments."""

    sender: str = "OFFICEALLY"
    delimiters: Delimiters = STANDARD
    lines: bool = False


def manner_of(seed: int) -> Manner:
    """One of the manners seen, the same for the same seed."""
    dice = Dice(seed, 31)
    delimiters = dice.pick(_SEPARATORS)
    return Manner(dice.pick(SPELLINGS), delimiters, delimiters.terminator != "\n" and dice.below(3) == 0)


class Post(NamedTuple):
    """Whom a document goes to, when, and its control number."""

    receiver: str
    when: datetime
    control: int
    group_receiver: str = ""


def written(
    bodies: Sequence[Body],
    post: Post,
    manner: Manner,
    *,
    check: bool = True,
    qualifiers: tuple[str, str] = ("ZZ", "ZZ"),
) -> bytes:
    """A whole interchange.

    ``check`` False lets faulty content out, where that is the point. What only repeats the practice's own faults (a
    wrong NPI, one of our separators in a name) goes out all the same, as a clearinghouse's answer would.
    """
    envelope = Envelope(
        sender=manner.sender,
        receiver=post.receiver or "PRACTICE",
        when=post.when,
        interchange_control=post.control,
        group_control=post.control,
        group_receiver=post.group_receiver,
        sender_qualifier=qualifiers[0],
        receiver_qualifier=qualifiers[1],
        usage="P",
    )
    for proved in (True, False) if check else (False,):
        with contextlib.suppress(NotValid):
            return build(bodies, envelope, delimiters=manner.delimiters, lines=manner.lines, check=proved).data
    return build(bodies, envelope, delimiters=_RARE, check=False).data


class Source(NamedTuple):
    """Who speaks: the clearinghouse (AY, 46) or a payer (PR, PI)."""

    role: str
    name: str
    qualifier: str
    id: str


CLEARINGHOUSE = Source("AY", "OFFICE ALLY", "46", RECEIVER)


class Batch(NamedTuple):
    """What a 277CA answers: our file, and the practice's own numbers of it."""

    file_id: str
    batch: str
    submitter: str
    submitter_id: str


def acknowledgment(source: Source, batch: Batch, claims: Sequence[dict[str, Any]], at: datetime) -> Body:
    """A 277CA. A claim's ``verdicts`` are ``category:status:entity`` texts; ``accepted`` says how it ends."""
    return Body("277CA", list(_levels(source, batch, claims, at)))


def _levels(source: Source, batch: Batch, claims: Sequence[dict[str, Any]], at: datetime) -> Iterator[Row]:
    today = f"{at:%Y%m%d}"
    good = [claim for claim in claims if claim["accepted"]]
    bad = [claim for claim in claims if not claim["accepted"]]
    total = sum(claim["charge"] for claim in claims)
    yield ["BHT", "0085", "08", batch.file_id, today, f"{at:%H%M}", "TH"]
    yield ["HL", "1", "", "20", "1"]
    yield ["NM1", source.role, "2", source.name, "", "", "", "", source.qualifier, source.id]
    yield ["TRN", "1", batch.file_id]
    yield ["DTP", "050", "D8", today]
    yield ["DTP", "009", "D8", today]
    yield ["HL", "2", "1", "21", "1"]
    yield ["NM1", "41", "2", batch.submitter or "SUBMITTER", "", "", "", "", "46", batch.submitter_id]
    yield ["TRN", "2", batch.batch or batch.file_id]
    yield ["STC", ("A1", "19", "PR"), today, "WQ", amount(total)]
    yield from _totals(good, bad, ("90", "AA", "YU", "YY"))
    number = 2
    for (npi, name), members in groupby(claims, key=lambda claim: (claim["npi"], claim["billing"])):
        number += 1
        above = number
        yield ["HL", str(above), "2", "19", "1"]
        yield ["NM1", "85", "2", name or "BILLING PROVIDER", "", "", "", "", "XX", npi]
        for claim in members:
            number += 1
            yield from _claim(claim, number, above, today)


def _totals(good: Sequence[dict[str, Any]], bad: Sequence[dict[str, Any]], names: Sequence[str]) -> Iterator[Row]:
    counts = ((names[0], good), (names[1], bad))
    yield from (["QTY", qualifier, str(len(found))] for qualifier, found in counts if found)
    sums = ((names[2], good), (names[3], bad))
    for qualifier, found in sums:
        if found:
            yield ["AMT", qualifier, amount(sum(claim["charge"] for claim in found))]


def _claim(claim: dict[str, Any], number: int, above: int, today: str) -> Iterator[Row]:
    yield ["HL", str(number), str(above), "PT"]
    yield ["NM1", "QC", "1", claim["last"], claim["first"], "", "", "", "MI", claim["member"]]
    yield ["TRN", "2", claim["account"]]
    action = "WQ" if claim["accepted"] else "U"
    for verdict in claim["verdicts"]:
        parts = tuple(verdict.split(":"))
        yield ["STC", parts, today, action, amount(claim["charge"]), *[""] * 7, claim.get("words", "")]
    if claim["payer_control"]:
        yield ["REF", "1K", claim["payer_control"]]
    yield ["REF", "D9", claim["id"]]
    first, last = claim["from"].replace("-", ""), claim["to"].replace("-", "")
    if first and last:
        yield ["DTP", "472", "D8", first] if first == last else ["DTP", "472", "RD8", f"{first}-{last}"]
