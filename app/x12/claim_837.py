"""837P and 837I: documents to claims and back; JSON and the outline people read.

``read`` streams claims, each complete in itself; ``read_submission`` takes a whole transaction; ``body`` is what
``app.x12.write.build`` needs. Levels that several claims share are read once and shared by those claims.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from app.model.claim import BillingProvider, Claim, ClaimPatient, Receiver, Submitter, Subscriber
from app.model.claim_submission import ClaimSubmission
from app.x12 import claim_837_outline as shown
from app.x12.claim_837_known import known
from app.x12.claim_837_loops import billing_of, claim_of, party_of_rows, patient_of, subscriber_of
from app.x12.claim_837_quick import Usual
from app.x12.claim_837_rows import billing_rows, claim_rows, header_rows, patient_rows, rows, subscriber_rows
from app.x12.claim_837_text import Level
from app.x12.delimiters import Delimiters
from app.x12.envelope import Transaction
from app.x12.guides.levels_837 import count_billing
from app.x12.guides.rules_837 import MOST_CLAIMS
from app.x12.kept import missing, raw
from app.x12.kinds import guide_for, kind_of, named
from app.x12.loops import Loop, Walk, in_order
from app.x12.parts import envelope_of, moment, plain, priced
from app.x12.wire import decode
from app.x12.write import Body, Built, Envelope, Written, build

_LONGEST_LEVEL = 1 << 22  # beyond 4 MB a level is read piece by piece by the generic reader
_NOTHING: Mapping[str, Written] = {}
_usuals: dict[Delimiters, Usual] = {}


def _usual(delimiters: Delimiters) -> Usual:
    usual = _usuals.get(delimiters)
    if usual is None:
        if len(_usuals) > 20:
            _usuals.clear()
        usual = _usuals[delimiters] = Usual(known(delimiters))
    return usual


class _Under(NamedTuple):
    """The billing level that is open: its loop, its HL number, its value, what is remembered of the transaction."""

    loop: Loop
    number: str
    billing: BillingProvider
    tally: dict[str, int]


class ClaimReader:
    """Reads the claims of one transaction. ``submission`` (without claims) is known once the first claim is out.

    ``slowly_read`` counts the claims that were not of the usual form. With ``ours`` checks are as strict as on what we
    build, and the levels ``written`` are only counted, for they were proved then (claims are not given out for
    them); without ``at_once`` every claim goes through the generic reader.
    """

    def __init__(
        self,
        transaction: Transaction,
        *,
        ours: bool = False,
        at_once: bool = True,
        written: Mapping[str, Written] = _NOTHING,
    ) -> None:
        found = kind_of(transaction)
        self.kind = found if found is not None and found.st01 == "837" else named("837P")
        self.transaction = transaction
        self._component = transaction.delimiters.component
        self._walk = Walk(transaction, guide_for(self.kind, transaction.delimiters), ours=ours)
        self._usual = _usual(transaction.delimiters) if self.kind.name == "837P" and at_once else None
        self._billing: tuple[Loop | None, BillingProvider] | None = None
        self._subscriber: tuple[Loop | None, Subscriber] | None = None
        self._patient: tuple[Loop, ClaimPatient] | None = None
        self._written = written
        self._under: _Under | None = None
        self.slowly_read = 0

    def claims(self) -> Iterator[Claim]:
        """Every claim, as soon as it is complete."""
        delimiters = self.transaction.delimiters
        mark = delimiters.terminator + "HL" + delimiters.element
        carry, number = "", 1
        for first, piece in self.transaction.pieces():
            text = carry + decode(piece)
            number = number if carry else first
            cut = self._last_level(text, mark)
            if not cut and len(text) > _LONGEST_LEVEL:
                cut = len(text)
            if cut:
                number = yield from self._levels(text[:cut], number, mark)
            carry = text[cut:]
        yield from self._levels(carry, number, mark)
        yield from self._made(self._walk.finish())

    def _last_level(self, text: str, mark: str) -> int:
        """Where the last level begins that is not a patient's, so that patients stay with their subscriber."""
        cut = text.rfind(mark)
        while cut >= 0 and self._is_patient(text, cut + 1):
            cut = text.rfind(mark, 0, cut)
        return cut + 1

    def _is_patient(self, text: str, at: int) -> bool:
        head = text[at : at + 40]
        return "23" in head and head.split(self.transaction.delimiters.element, 4)[3:4] == ["23"]

    def _levels(self, text: str, number: int, mark: str) -> Generator[Claim, None, int]:
        """The claims of a run of whole levels: in their usual form at once, else through the generic reader.

        ``number`` is that of its first segment; the answer is the number that comes next.
        """
        end = self.transaction.delimiters.terminator
        last = end + "SE" + self.transaction.delimiters.element
        at, size, head, known_texts = 0, len(text), mark[1:], self._written
        while at < size:
            stop = text.find(mark, at)
            while stop >= 0 and self._is_patient(text, stop + 1):
                stop = text.find(mark, stop + 1)
            if stop < 0:  # the last level, or what stands before the first one; SE is not part of it
                stop = text.rfind(last, at)
            stop = stop + 1 if stop >= 0 else size
            run = text[at:stop]
            written = known_texts.get(run)
            made = self._at_once(run, number, written) if self._usual is not None and run.startswith(head) else None
            if made is None:
                rows = run.split(end)
                rows.pop()
                yield from self._made(self._walk.feed(number, rows))
            else:
                yield from self._made(self._walk.taken())
                yield from made
            number += run.count(end) if written is None else written.segments
            at = stop
        return number

    def _at_once(self, text: str, number: int, written: Written | None) -> list[Claim] | None:
        """The claims of a subscriber level that is written the usual way and has no fault."""
        usual = self._usual
        begun = usual.subscriber(text) if usual is not None and written is None else None
        if usual is None or (begun is None and written is None):
            return None
        if self._under is None or self._walk.loop is not self._under.loop:
            loop = self._walk.leave_to("2000A", "2000B")
            if loop is None:
                return None
            tally = count_billing(loop, self._walk.report)
            self._under = _Under(loop, loop.value("HL", 1), self._billing_of(loop), tally)
        _, above, billing, tally = self._under
        if tally.get("claims", 0) >= MOST_CLAIMS:
            return None
        if isinstance(written, Level):
            return [] if _counted(written, above, tally) else None
        found = usual.levels(begun, number, tally.get("HL", 0) + 1, above, billing, tally) if begun else None
        if found is None:
            return None
        claims, tally["HL"] = found
        tally["claims"] = tally.get("claims", 0) + len(claims)
        return claims

    def _made(self, loops: list[Loop]) -> Iterator[Claim]:
        for loop in loops:
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
            submitter=party_of_rows(submitter.segments, component, Submitter) if submitter else Submitter(role="41"),
            receiver=party_of_rows(receiver.segments, component, Receiver) if receiver else Receiver(role="40"),
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
        self.slowly_read += 1
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
        return tuple(msgspec.structs.replace(one, at=one.at + 1) for one in missing(own[first:], would_write[1:]))


def _counted(level: Level, above: str, tally: dict[str, int]) -> bool:
    """Count a level that was proved when it was written; false when its place or a claim's number is not right."""
    numbers = ["CLM " + number for number in level.claims]
    if level.number != tally.get("HL", 0) + 1 or str(level.above) != above:
        return False
    if any(number in tally for number in numbers) or (len(numbers) > 1 and len(set(numbers)) < len(numbers)):
        return False
    for number in numbers:
        tally[number] = 1
    tally["HL"] += level.levels
    tally["claims"] = tally.get("claims", 0) + len(numbers)
    return True


def _own(loop: Loop, children: tuple[str, ...]) -> list[list[str]]:
    """The segments of a loop and of those children whose names begin so, in order."""
    numbered = list(loop.own_numbered())
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
    told = plain(msgspec.to_builtins(submission))
    told.pop("kind", None)
    return {"claim_count": len(submission.claims), **told}


def submission_from_json(data: Mapping[str, Any]) -> ClaimSubmission:
    """The reverse. Raises ``msgspec.ValidationError`` naming the field that does not fit."""
    return msgspec.convert({"kind": data.get("type", "837P"), **priced(dict(data), _MONEY)}, ClaimSubmission)


def from_json(data: dict[str, Any]) -> Built:
    """A finished document from the JSON of ``to_json``, with the ``interchange`` to send it in.

    ``interchange`` has ``sender`` and ``receiver`` (else the submitter's and receiver's numbers), and may have
    ``sender_qualifier``, ``receiver_qualifier``, ``control`` (a number that was never used) and ``usage`` T or P;
    ``group`` may have ``sender``, ``receiver`` and ``control``. Raises ``NotValid`` or ``msgspec.ValidationError``,
    which name the field at fault.
    """
    submission = submission_from_json(data)
    return build([body(submission)], envelope_from_json(data, submission))


def envelope_from_json(data: Mapping[str, Any], submission: ClaimSubmission) -> Envelope:
    """The envelope that JSON asks for."""
    when = moment(submission.date, submission.time)
    return envelope_of(data, when, "date", submission.submitter.id, submission.receiver.id)


def check(transaction: Transaction) -> None:
    """Run every check; the problems are on ``transaction.problems``."""
    for _ in ClaimReader(transaction).claims():
        pass


def prove(transaction: Transaction, written: Mapping[str, Written]) -> None:
    """Run every check as strictly as on a document of our own, but not again on levels ``written`` with proof."""
    for _ in ClaimReader(transaction, ours=True, written=written).claims():
        pass
