"""A file of claims before it leaves: one interchange for Office Ally, its counts, its claims. Pure functions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

from app.model.claim import Claim
from app.model.errors import BadDocument
from app.model.problem import Severity
from app.x12.claim_837 import ClaimReader
from app.x12.delimiters import from_header
from app.x12.envelope import Reader, Transaction, read
from app.x12.kinds import kind_of
from app.x12.values import npi_is_valid

RECEIVER = "330897513"
MOST_SETS = 5_000
LONGEST_ACCOUNT = 14
_RECEIVERS = frozenset({"OA", RECEIVER})
_SENDER_QUALIFIERS = frozenset({"30", "ZZ"})
_RECEIVER_QUALIFIERS = frozenset({"30", "ZZ", "01"})


class Routed(msgspec.Struct, frozen=True):
    """Where a claim goes: which provider's NPI bills which payer id."""

    provider_npi: str
    payer_id: str


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is: its kind (``837P``, ``837I``), its control numbers, its claims by account, where they go.

    ``made_at`` is when it says that it was made: ISA09 and ISA10 as they stand. ``tax_ids`` are the billing providers'.
    """

    kind: str
    sha256: str
    sender: str
    made_at: str
    interchange_control: str
    group_control: str
    usage: str
    batches: tuple[str, ...]
    accounts: tuple[str, ...]
    ways: tuple[Routed, ...]
    tax_ids: tuple[str, ...]


def inspect(content: bytes, *, is_test: bool) -> Outgoing:
    """Look at all of it. Raises BadDocument naming everything that Office Ally would refuse; nothing is repaired."""
    if from_header(content.lstrip()) is None:
        raise _refused(["It is not an X12 document."])
    looked = _Look(is_test)
    found = looked.at(content)
    if looked.faults:
        raise _refused(looked.faults)
    return found


def _refused(faults: list[str]) -> BadDocument:
    shown = faults[:5] + ([f"And {len(faults) - 5} more."] if len(faults) > 5 else [])
    return BadDocument(
        "This file was not sent: Office Ally would refuse it.",
        " ".join(shown),
        ("Correct what is named and make the file again.",),
        detail=f"{len(faults)} faults",
    )


class _Look:
    def __init__(self, is_test: bool) -> None:
        self._is_test = is_test
        self.faults: list[str] = []
        self._kinds: set[str] = set()
        self._accounts: list[str] = []
        self._batches: list[str] = []
        self._ways: dict[Routed, None] = {}
        self._tax_ids: dict[str, None] = {}

    def at(self, content: bytes) -> Outgoing:
        """Read the file to its end; faults gather."""
        reader = read(content)
        isa: tuple[str, ...] = ("",) * 17
        gs: tuple[str, ...] = ("",) * 9
        for transaction in reader:
            isa, gs = transaction.interchange.isa, transaction.group.gs
            self._transaction(transaction)
        self._envelope(reader, isa, gs)
        if len(set(self._accounts)) != len(self._accounts):
            self.faults.append(
                "Two claims have the same claim number (CLM01), so their answers could not be told apart."
            )
        return Outgoing(
            kind=next(iter(self._kinds), ""),
            sha256=hashlib.sha256(content).hexdigest(),
            sender=isa[6].strip(),
            made_at=f"{isa[9].strip()}{isa[10].strip()}",
            interchange_control=isa[13].strip(),
            group_control=gs[6].strip(),
            usage=isa[15].strip(),
            batches=tuple(self._batches),
            accounts=tuple(self._accounts),
            ways=tuple(self._ways),
            tax_ids=tuple(self._tax_ids),
        )

    def _envelope(self, reader: Reader, isa: tuple[str, ...], gs: tuple[str, ...]) -> None:
        wrong = [problem for problem in reader.problems.done() if problem.severity is Severity.ERROR]
        checks = (
            (reader.interchanges == 1, "It must hold one interchange (ISA), no more."),
            (reader.groups == 1, "It must hold one group (GS), no more."),
            (0 < reader.transactions <= MOST_SETS, f"It must hold 1 to {MOST_SETS:,} transactions (ST)."),
            (not wrong, "Its counts or control numbers do not agree."),
            (isa[8].strip() == RECEIVER, f"The receiver (ISA08) must be {RECEIVER}."),
            (isa[5] in _SENDER_QUALIFIERS and isa[7] in _RECEIVER_QUALIFIERS, "ISA05 and ISA07 must be 30 or ZZ."),
            (gs[3].strip() in _RECEIVERS, f"The receiver of the group (GS03) must be OA or {RECEIVER}."),
            (len(self._kinds) <= 1, "It mixes professional and institutional claims."),
            (self._is_test or isa[15].strip() == "P", "It calls itself a test (ISA15), but real claims go from here."),
        )  # fmt: skip
        self.faults[:0] = [words for is_right, words in checks if not is_right]

    def _transaction(self, transaction: Transaction) -> None:
        kind = kind_of(transaction)
        if kind is None or kind.st01 != "837":
            self.faults.append("It holds something other than professional or institutional claims (837P, 837I).")
            transaction.skip()
            return
        self._kinds.add(kind.name)
        reader = ClaimReader(transaction)
        before = len(self._accounts)
        for claim in reader.claims():
            self._accounts.append(claim.patient_control_number)
            self._ways[Routed(claim.billing.party.npi, claim.subscriber.payer.id.strip())] = None
            party = claim.billing.party
            self._tax_ids |= dict.fromkeys(filter(None, (party.reference("EI"), party.reference("SY"))))
            number = len(self._accounts)
            self.faults += (f"Claim {number}: {words}" for words in _claim_faults(claim))
        if len(self._accounts) == before:
            self.faults.append("A transaction in it holds no claim.")
        self._batches.append(reader.submission.reference)
        if reader.submission.receiver.id.strip() != RECEIVER:
            self.faults.append(f"The receiver (loop 1000B, NM109) must be {RECEIVER}.")
        wrong = [problem for problem in transaction.problems.done() if problem.severity is Severity.ERROR]
        self.faults += (f"Segment {one.place.segment_number}: {one.message}" for one in wrong[:5])


def _claim_faults(claim: Claim) -> Iterator[str]:
    """What concerns one claim. No fault tells who the patient is."""
    account = claim.patient_control_number
    if not account or len(account) > LONGEST_ACCOUNT:
        yield f"its number (CLM01) must have 1 to {LONGEST_ACCOUNT} characters, or reports cut it."
    if not npi_is_valid(claim.billing.party.npi):
        yield "the billing provider's NPI is missing or mistyped."
    if not claim.subscriber.payer.id.strip():
        yield "the payer id is missing."
    if claim.frequency in {"7", "8"} and not claim.payer_claim_number:
        yield "it replaces or voids another, so the payer's number of that claim (REF*F8) is needed."
    street = claim.billing.party.address.street.upper() if claim.billing.party.address else ""
    if street.replace(".", "").replace(" ", "").startswith("POBOX"):
        yield "the billing provider's address must be a street; a PO box belongs to the pay-to address."
