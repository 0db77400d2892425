"""837P and 837I: documents to claims and back; JSON and the outline people read.

``read`` streams claims, each complete in itself; ``read_submission`` takes a whole transaction; ``body`` is what
``app.x12.write.build`` needs. Levels that several claims share are read once and shared by those claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.model.claim import BillingProvider, Claim, ClaimPatient, ClaimSubmission, Party, Receiver, Submitter, Subscriber
from app.x12 import claim_837_outline as shown
from app.x12.claim_837_loops import billing_of, claim_of, party_of, patient_of, subscriber_of
from app.x12.claim_837_rows import billing_rows, claim_rows, header_rows, patient_rows, rows, subscriber_rows
from app.x12.envelope import Transaction
from app.x12.kept import missing, raw
from app.x12.kinds import guide_for, kind_of, named
from app.x12.loops import Loop, Walk, in_order
from app.x12.values import cents, day, is_time, money
from app.x12.write import Body, Envelope, build


class ClaimReader:
    """Reads the claims of one transaction. ``submission`` (without claims) is known once the first claim is out."""

    def __init__(self, transaction: Transaction, kind: str = "") -> None:
        found = kind_of(transaction)
        self.kind = named(kind or (found.name if found else "837P"))
        self.transaction = transaction
        self._component = transaction.delimiters.component
        self._walk = Walk(transaction, guide_for(self.kind, transaction.delimiters))
        self._billing: tuple[Loop | None, BillingProvider] | None = None
        self._subscriber: tuple[Loop | None, Subscriber] | None = None
        self._patient: tuple[Loop, ClaimPatient] | None = None

    def claims(self) -> Iterator[Claim]:
        """Every claim, as soon as it is complete."""
        for loop in self._walk.units():
            if loop.id == "2300":
                yield self._claim(loop)

    @property
    def submission(self) -> ClaimSubmission:
        """BHT, submitter and receiver."""
        root, component = self._walk.root, self._component
        bht = root.first("BHT") or [""] * 7
        submitter, receiver = root.child("1000A"), root.child("1000B")
        read = ClaimSubmission(
            kind=self.kind.name,
            submitter=party_of(submitter, component, Submitter) if submitter else Submitter(role="41"),
            receiver=party_of(receiver, component, Receiver) if receiver else Receiver(role="40"),
            reference=bht[3],
            purpose=bht[2],
            use=bht[6],
            date=bht[4],
            time=bht[5],
        )
        own = [segment for segment in _own(root, ("1000A", "1000B")) if segment[0] not in ("ST", "SE")]
        kept = missing([raw(row, component) for row in own], [raw(row) for row in header_rows(read)])
        return msgspec.structs.replace(read, kept=kept) if kept else read

    def _claim(self, loop: Loop) -> Claim:
        above = loop.parent
        patient = None
        if above is not None and above.id == "2000C":
            patient = self._patient_of(above)
            above = above.parent
        level = above if above is not None and above.id == "2000B" else None
        subscriber = self._subscriber_of(level)
        top = level.parent if level is not None else None
        claim = claim_of(loop, self._component, self._billing_of(top), subscriber, patient)
        kept = missing(
            [raw(row, self._component) for row in in_order(loop)],
            [raw(row) for row in claim_rows(claim, self.kind.name)],
        )
        return msgspec.structs.replace(claim, kept=kept) if kept else claim

    def _billing_of(self, loop: Loop | None) -> BillingProvider:
        if self._billing is None or self._billing[0] is not loop:
            read = billing_of(loop, self._component)
            if loop is not None:
                kept = self._missing(loop, [raw(row) for row in billing_rows(read, 0)])
                read = msgspec.structs.replace(read, kept=kept) if kept else read
            self._billing = (loop, read)
        return self._billing[1]

    def _subscriber_of(self, loop: Loop | None) -> Subscriber:
        if self._subscriber is None or self._subscriber[0] is not loop:
            read = subscriber_of(loop, self._component)
            if loop is not None:
                kept = self._missing(loop, [raw(row) for row in subscriber_rows(read, 0, 0, children=True)])
                read = msgspec.structs.replace(read, kept=kept) if kept else read
            self._subscriber = (loop, read)
        return self._subscriber[1]

    def _patient_of(self, loop: Loop) -> ClaimPatient:
        if self._patient is None or self._patient[0] is not loop:
            read = patient_of(loop, self._component)
            kept = self._missing(loop, [raw(row) for row in patient_rows(read, 0, 0)])
            self._patient = (loop, msgspec.structs.replace(read, kept=kept) if kept else read)
        return self._patient[1]

    def _missing(self, loop: Loop, would_write: list[Any]) -> tuple[Any, ...]:
        """What of a level's own segments would be lost; its HL is written anew."""
        own = [raw(row, self._component) for row in _own(loop, ("2010",))]
        first = 1 if own and own[0][:1] == ("HL",) else 0
        return tuple(
            msgspec.structs.replace(one, at=one.at + 1) for one in missing(own[first:], would_write[1:])
        )


def _own(loop: Loop, children: tuple[str, ...]) -> list[list[str]]:
    """The segments of a loop and of those children whose names begin so, in order."""
    numbered = [(loop.number_of(segment), segment) for segment in loop.segments]
    for child in loop.loops:
        if child.id.startswith(children):
            numbered += child.numbered()
    return [segment for _, segment in sorted(numbered, key=lambda pair: pair[0])]


def read(transaction: Transaction) -> Iterator[Claim]:
    """The claims of a transaction, one at a time; problems gather on ``transaction.problems``."""
    return ClaimReader(transaction).claims()


def read_submission(transaction: Transaction) -> ClaimSubmission:
    """A whole transaction with all its claims."""
    reader = ClaimReader(transaction)
    claims = tuple(reader.claims())
    return msgspec.structs.replace(reader.submission, claims=claims)


def body(submission: ClaimSubmission) -> Body:
    """The transaction as ``build`` takes it."""
    return Body(submission.kind, rows(submission))


def outline(transaction: Transaction) -> Iterator[tuple[int, str]]:
    """Lines for people, each with its depth, streamed."""
    reader = ClaimReader(transaction)
    billing = subscriber = None
    for number, claim in enumerate(reader.claims()):
        if not number:
            yield from shown.header(reader.submission)
        if claim.billing is not billing:
            billing = claim.billing
            yield from shown.billing(billing)
        if claim.subscriber is not subscriber:
            subscriber = claim.subscriber
            yield from shown.subscriber(subscriber)
        yield from shown.claim(claim)


# -- JSON -------------------------------------------------------------------------------------------------------

_MONEY = frozenset(("charge", "paid", "amount", "non_covered"))


def to_json(transaction: Transaction) -> dict[str, Any]:
    """The transaction for ``daybook x12 json``: the fields of ``ClaimSubmission``, money as ``"12.50"``."""
    return submission_to_json(read_submission(transaction))


def submission_to_json(submission: ClaimSubmission) -> dict[str, Any]:
    """A submission as plain data; empty fields are left out."""
    plain = _plain(msgspec.to_builtins(submission))
    plain.pop("kind", None)
    return {"claim_count": len(submission.claims), **plain}


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        if "cents" in node:
            return money(node["cents"])
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node


def _priced(node: Any, name: str = "") -> Any:
    if isinstance(node, dict):
        return {key: _priced(value, key) for key, value in node.items()}
    if isinstance(node, list):
        return [_priced(value) for value in node]
    if name in _MONEY and isinstance(node, str | int):
        return {"cents": cents(str(node))}
    return node


def submission_from_json(data: Mapping[str, Any]) -> ClaimSubmission:
    """The reverse. Raises ``msgspec.ValidationError`` naming the field that does not fit."""
    return msgspec.convert({"kind": data.get("type", "837P"), **_priced(dict(data))}, ClaimSubmission)


def from_json(data: dict[str, Any]) -> bytes:
    """A finished document from the JSON of ``to_json``, with the ``interchange`` to send it in.

    ``interchange`` needs ``sender`` and ``receiver``, and may have their ``sender_qualifier`` and
    ``receiver_qualifier``, ``control`` (a number that was never used), ``usage`` T or P. Raises ``NotValid`` or
    ``msgspec.ValidationError``, which name the field at fault.
    """
    submission = submission_from_json(data)
    return build([body(submission)], envelope_from_json(data, submission)).data


def envelope_from_json(data: Mapping[str, Any], submission: ClaimSubmission) -> Envelope:
    """The envelope that JSON asks for; sender and receiver default to the submitter's and receiver's numbers."""
    given: Mapping[str, Any] = data.get("interchange") or {}
    control = str(given.get("control", "1"))
    return Envelope(
        sender=str(given.get("sender") or submission.submitter.id).strip(),
        receiver=str(given.get("receiver") or submission.receiver.id).strip(),
        when=made(submission) or datetime.now(),
        interchange_control=int(control) if control.isdigit() else 0,
        group_control=int(control) if control.isdigit() else 0,
        sender_qualifier=str(given.get("sender_qualifier", "ZZ")),
        receiver_qualifier=str(given.get("receiver_qualifier", "ZZ")),
        usage=str(given.get("usage", "T")),
    )


def made(submission: ClaimSubmission) -> datetime | None:
    """When the batch was made, as BHT04 and BHT05 say; None where they do not say it."""
    on, at = day(submission.date), submission.time if is_time(submission.time) else "0000"
    return datetime(on.year, on.month, on.day, int(at[:2]), int(at[2:4])) if on else None


def check(transaction: Transaction) -> None:
    """Run every check; the problems are on ``transaction.problems``."""
    for _ in ClaimReader(transaction)._walk.units():
        pass
