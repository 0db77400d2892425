"""835: loops to values, however wrong their content is: the generic reader's way, and the header and trailer."""

from __future__ import annotations

from collections.abc import Sequence

from app.model.claim import Kept, Party
from app.model.money import Money
from app.model.remittance import ClaimPayment, ProviderSummary, Remittance, ServicePayment
from app.x12 import remittance_parts as parts
from app.x12.delimiters import Delimiters
from app.x12.envelope import Transaction
from app.x12.kept import raw
from app.x12.loops import Loop

_BLANK = [""] * 15
_CLAIM_SEGMENTS = frozenset(("CLP", "CAS", "NM1", "MIA", "MOA", "REF", "DTM", "PER", "AMT", "QTY"))
_LINE_SEGMENTS = frozenset(("SVC", "DTM", "CAS", "REF", "AMT", "QTY", "LQ"))


def _kept(loop: Loop, known: frozenset[str], component: str) -> tuple[Kept, ...]:
    return tuple(
        Kept(at, raw(segment, component)) for at, segment in enumerate(loop.segments) if segment[0] not in known
    )


def claim_from_loop(loop: Loop, delimiters: Delimiters) -> ClaimPayment:
    """A 2100 loop with its 2110 loops as a value, however wrong its content is."""
    rows, values = loop.segments, parts.values_of
    clp = _first(rows, "CLP")
    header = loop.parent
    return parts.claim_payment(
        clp,
        values(rows, "CAS"),
        values(rows, "NM1"),
        _elements(loop, "MIA"),
        _elements(loop, "MOA"),
        values(rows, "REF"),
        values(rows, "DTM"),
        values(rows, "PER"),
        values(rows, "AMT"),
        values(rows, "QTY"),
        tuple(_line_from_loop(line, delimiters) for line in loop.loops),
        _kept(loop, _CLAIM_SEGMENTS, delimiters.component),
        header.value("LX", 1) if header else "",
        header.value("TS3", 1) if header else "",
        loop.start,
    )


def _line_from_loop(loop: Loop, delimiters: Delimiters) -> ServicePayment:
    rows, values = loop.segments, parts.values_of
    svc = _first(rows, "SVC")
    component = delimiters.component
    return ServicePayment(
        parts.procedure(svc[1], component),
        parts.MONEY[svc[2]],
        parts.MONEY[svc[3]],
        svc[4],
        svc[5],
        parts.procedure(svc[6], component) if svc[6] else None,
        svc[7],
        values(rows, "DTM"),
        values(rows, "CAS"),
        values(rows, "REF"),
        values(rows, "AMT"),
        values(rows, "QTY"),
        values(rows, "LQ"),
        _kept(loop, _LINE_SEGMENTS, component),
        loop.start,
    )


def _first(rows: Sequence[list[str]], name: str) -> list[str]:
    """The segment that opens a loop; blank where it was left out."""
    found = next((row for row in rows if row[0] == name), [])
    return found + _BLANK[len(found) :]


def _trimmed(values: list[str]) -> tuple[str, ...]:
    while values and not values[-1]:
        values = values[:-1]
    return tuple(values)


def _elements(loop: Loop, name: str) -> tuple[str, ...]:
    segment = loop.first(name)
    return _trimmed(segment[1:]) if segment else ()


def summary(transaction: Transaction, root: Loop, count: int, paid: int) -> Remittance:
    """Header and trailer of a remittance; ``count`` and ``paid`` (cents) are those of its claims."""
    bpr = (root.first("BPR") or ["BPR"]) + [""] * 22
    trn = (root.first("TRN") or ["TRN"]) + [""] * 5
    component = transaction.delimiters.component
    plbs = root.all("PLB")
    known = frozenset(("ST", "BPR", "TRN", "CUR", "REF", "DTM", "PLB", "SE"))
    return Remittance(
        control_number=transaction.control,
        handling=bpr[1],
        payment=parts.MONEY[bpr[2]],
        credit_debit=bpr[3],
        method=bpr[4],
        bank=_trimmed([*bpr[5:16], *bpr[17:22]]),
        payment_date_text=bpr[16],
        trace_number=trn[2],
        payer_id=trn[3],
        trace_reference=trn[4],
        currency=_elements(root, "CUR"),
        references=parts.values_of(root.segments, "REF"),
        dates=parts.values_of(root.segments, "DTM"),
        payer=_organization(root.child("1000A")),
        payee=_organization(root.child("1000B")),
        delivery=_delivery(root.child("1000B")),
        summaries=tuple(
            ProviderSummary(
                number=loop.value("LX", 1),
                totals=_elements(loop, "TS3"),
                supplement=_elements(loop, "TS2"),
                start=loop.start,
            )
            for loop in root.children("2000")
        ),
        provider_adjustments=tuple(
            one for index, plb in enumerate(plbs) for one in parts.provider_adjustments(plb, component, index)
        ),
        kept=_kept(root, known, component),
        interchange_control=transaction.interchange.control,
        group_control=transaction.group.control,
        version=transaction.version,
        claim_count=count,
        claim_paid=Money(paid),
    )


def _delivery(loop: Loop | None) -> tuple[str, ...]:
    return _elements(loop, "RDM") if loop else ()


def _organization(loop: Loop | None) -> Party:
    """N1, N3, N4, REF and PER of payer or payee."""
    if loop is None:
        return Party()
    n1 = (loop.first("N1") or ["N1"]) + [""] * 5
    return Party(
        role=n1[1],
        name=n1[2],
        id_qualifier=n1[3],
        id=n1[4],
        address=parts.address(loop.first("N3"), loop.first("N4")),
        references=parts.values_of(loop.segments, "REF"),
        contacts=parts.values_of(loop.segments, "PER"),
    )
