"""Remittances to 835 segments, in the guide's order, for sandboxes and tests; ``write.build`` does the envelope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from app.model.adjustment import Adjustment
from app.model.claim import Kept, Party, Procedure, QualifiedAmount, QualifiedDate
from app.model.remittance import ClaimPayment, ProviderAdjustment, ProviderSummary, Quantity, Remittance, ServicePayment
from app.x12.claim_837_segments import name_row, per, ref
from app.x12.values import amount as written
from app.x12.write import Body, Row, Value


def body(remittance: Remittance) -> Body:
    """The transaction, to be given to ``build``. Only the payment as a whole must be consistent; sums are not set."""
    return Body("835", list(rows(remittance)))


def rows(remittance: Remittance) -> Iterator[Row]:
    """BPR to the last PLB; ST and SE are ``build``'s."""
    found = remittance
    bank = [*found.bank, *[""] * (16 - len(found.bank))]
    own: list[Row] = [
        [
            "BPR",
            found.handling,
            written(found.payment.cents),
            found.credit_debit,
            found.method,
            *bank[:11],
            found.payment_date_text,
            *bank[11:],
        ],
        ["TRN", "1", found.trace_number, found.payer_id, found.trace_reference],
    ]
    if found.currency:
        own.append(["CUR", *found.currency])
    own += [*map(ref, found.references), *_dates(found.dates)]
    yield from _with_kept(own, found.kept)
    yield from _organization(found.payer)
    yield from _organization(found.payee)
    if found.delivery:
        yield ["RDM", *found.delivery]
    yield from _claims(found)
    yield from _provider_adjustments(found.provider_adjustments)


def _claims(found: Remittance) -> Iterator[Row]:
    """Claims under their LX: by place where they were read from a file, else all under the first."""
    summaries = list(found.summaries)
    if not summaries and found.claims:
        summaries = [ProviderSummary(number="1")]
    placed = all(claim.start for claim in found.claims) and all(one.start for one in summaries)
    remaining = list(found.claims)
    for index, summary in enumerate(summaries):
        if summary.number:
            yield ["LX", summary.number]
        if summary.totals:
            yield ["TS3", *summary.totals]
        if summary.supplement:
            yield ["TS2", *summary.supplement]
        following = summaries[index + 1].start if index + 1 < len(summaries) else 0
        while remaining and (not following or not placed or remaining[0].start < following):
            yield from _claim(remaining.pop(0))


def _claim(claim: ClaimPayment) -> Iterator[Row]:
    own: list[Row] = [
        [
            "CLP",
            claim.patient_control_number,
            claim.status,
            written(claim.charge.cents),
            written(claim.paid.cents),
            written(claim.responsibility.cents) if claim.responsibility.source or claim.responsibility.cents else "",
            claim.claim_filing,
            claim.payer_control_number,
            claim.facility_code,
            claim.frequency,
            "",
            claim.drg,
            claim.drg_weight,
            claim.discharge_fraction,
            claim.authorized,
        ],
        *_adjustments(claim.adjustments),
        *map(name_row, claim.parties),
    ]
    if claim.inpatient:
        own.append(["MIA", *claim.inpatient])
    if claim.outpatient:
        own.append(["MOA", *claim.outpatient])
    own += [
        *map(ref, claim.references),
        *_dates(claim.dates),
        *map(per, claim.contacts),
        *_amounts(claim.amounts),
        *_quantities(claim.quantities),
    ]
    yield from _with_kept(own, claim.kept)
    for line in claim.lines:
        yield from _line(line)


def _line(line: ServicePayment) -> Iterator[Row]:
    own: list[Row] = [
        [
            "SVC",
            _procedure(line.procedure),
            written(line.charge.cents),
            written(line.paid.cents),
            line.revenue_code,
            line.units,
            _procedure(line.submitted) if line.submitted else "",
            line.original_units,
        ],
        *_dates(line.dates),
        *_adjustments(line.adjustments),
        *map(ref, line.references),
        *_amounts(line.amounts),
        *_quantities(line.quantities),
        *(["LQ", remark.list, remark.code] for remark in line.remarks),
    ]
    yield from _with_kept(own, line.kept)


def _procedure(procedure: Procedure) -> Value:
    modifiers = [*procedure.modifiers, *[""] * (4 - len(procedure.modifiers))]
    return (procedure.qualifier, procedure.code, *modifiers, procedure.description, procedure.end_code)


def _adjustments(adjustments: Iterable[Adjustment]) -> Iterator[Row]:
    """One CAS for each that was read, and for a new group; up to six triplets in one (point 12)."""
    for (group, _), members in groupby(adjustments, key=lambda one: (one.group, one.segment)):
        listed = list(members)
        for at in range(0, len(listed), 6):
            row: list[Value] = ["CAS", group]
            for one in listed[at : at + 6]:
                row += [one.reason, written(one.amount.cents), one.quantity]
            yield row


def _dates(dates: Iterable[QualifiedDate]) -> list[Row]:
    return [["DTM", one.qualifier, one.text] for one in dates]


def _amounts(amounts: Iterable[QualifiedAmount]) -> list[Row]:
    return [["AMT", one.qualifier, written(one.amount.cents)] for one in amounts]


def _quantities(quantities: Iterable[Quantity]) -> list[Row]:
    return [["QTY", one.qualifier, one.value] for one in quantities]


def _organization(party: Party) -> Iterator[Row]:
    if not party.role:
        return
    yield ["N1", party.role, party.name, party.id_qualifier, party.id]
    address = party.address
    if address and (address.street or address.unit):
        yield ["N3", address.street, address.unit]
    if address and (address.city or address.state or address.postal_code):
        yield ["N4", address.city, address.state, address.postal_code, address.country]
    yield from map(ref, party.references)
    yield from map(per, party.contacts)


def _provider_adjustments(adjustments: Iterable[ProviderAdjustment]) -> Iterator[Row]:
    """One PLB for each that was read, and for each provider and fiscal year; up to six pairs in one (point 16)."""
    for (provider, period, _), members in groupby(
        adjustments, key=lambda one: (one.provider_id, one.fiscal_period_end, one.segment)
    ):
        listed = list(members)
        for at in range(0, len(listed), 6):
            row: list[Value] = ["PLB", provider, period]
            for one in listed[at : at + 6]:
                row += [(one.reason, one.reference), written(one.amount.cents)]
            yield row


def _with_kept(own: list[Row], kept: Iterable[Kept]) -> list[Row]:
    """Put segments that no field took back where they stood."""
    for one in kept:
        if not one.element:
            own.insert(min(one.at, len(own)), list(one.row))
    return own
