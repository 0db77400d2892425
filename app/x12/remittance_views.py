"""835 for people and for other programs: the outline of ``daybook x12 show`` and the JSON of ``daybook x12 json``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.model.adjustment import Adjustment
from app.model.claim import Party, QualifiedDate
from app.model.money import Money
from app.model.remittance import ClaimPayment, ProviderAdjustment, Remittance, ServicePayment
from app.x12.envelope import Transaction
from app.x12.parts import shown_day
from app.x12.remittance_835 import Advice
from app.x12.values import money
from resources.codes import meaning


def to_json(transaction: Transaction) -> dict[str, Any]:
    """The transaction's part of ``daybook x12 json``: money with two decimals, dates as written."""
    advice = Advice(transaction)
    claims = [_claim(claim) for claim in advice.claims()]
    found = advice.remittance or advice.header()
    return {
        "payer_name": found.payer.name,
        "payer_id": found.payer_id,
        "payee_name": found.payee.name,
        "payee_npi": found.payee_npi,
        "payee_tax_id": found.payee_tax_id,
        "trace_number": found.trace_number,
        "payment_amount": money(found.payment.cents),
        "payment_date": found.payment_date_text,
        "payment_method": found.method,
        "handling": found.handling,
        "credit_debit": found.credit_debit,
        "claims": claims,
        "provider_adjustments": [_provider_adjustment(one) for one in found.provider_adjustments],
        "balanced": not found.difference and all(claim["balanced"] for claim in claims),
        "difference": money(found.difference),
    }


def _claim(claim: ClaimPayment) -> dict[str, Any]:
    lines = [_line(line) for line in claim.lines]
    patient, insured, rendering = claim.patient, claim.party("IL"), claim.party("82")
    return {
        "patient_control_number": claim.patient_control_number,
        "payer_control_number": claim.payer_control_number,
        "status": claim.status,
        "charge": money(claim.charge.cents),
        "paid": money(claim.paid.cents),
        "patient_responsibility": money(claim.responsibility.cents),
        "claim_filing": claim.claim_filing,
        "patient": _name(patient),
        "member_id": (insured or patient or Party()).id,
        "corrected_member_id": claim.corrected_member_id,
        "rendering_npi": rendering.npi if rendering else "",
        "forwarded_to": claim.forwarded_to,
        "dates": _dates(claim.dates),
        "remarks": list(claim.remarks),
        "references": [{"qualifier": one.qualifier, "value": one.value} for one in claim.references],
        "amounts": {one.qualifier: money(one.amount.cents) for one in claim.amounts},
        "adjustments": _adjustments(claim.adjustments),
        "lines": lines,
        "balanced": not claim.difference and all(line["balanced"] for line in lines),
    }


def _line(line: ServicePayment) -> dict[str, Any]:
    submitted = line.submitted
    return {
        "procedure": line.procedure.code,
        "modifiers": list(line.procedure.modifiers),
        "qualifier": line.procedure.qualifier,
        "revenue_code": line.revenue_code,
        "submitted_procedure": submitted.code if submitted else "",
        "charge": money(line.charge.cents),
        "paid": money(line.paid.cents),
        "units": line.units,
        "original_units": line.original_units,
        "control_number": line.control_number,
        "dates": _dates(line.dates),
        "remarks": [one.code for one in line.remarks],
        "amounts": {one.qualifier: money(one.amount.cents) for one in line.amounts},
        "adjustments": _adjustments(line.adjustments),
        "balanced": not line.difference,
    }


def _adjustments(adjustments: Sequence[Adjustment]) -> list[dict[str, Any]]:
    return [
        {
            "group": one.group,
            "reason": one.reason,
            "amount": money(one.amount.cents),
            "quantity": one.quantity or None,
        }
        for one in adjustments
    ]


def _provider_adjustment(one: ProviderAdjustment) -> dict[str, str]:
    return {
        "reason": one.reason,
        "reference": one.reference,
        "amount": money(one.amount.cents),
        "provider_id": one.provider_id,
        "fiscal_period_end": one.fiscal_period_end,
    }


def _dates(dates: Sequence[QualifiedDate]) -> dict[str, str]:
    return {one.qualifier: one.text for one in dates}


def _name(party: Party | None) -> str:
    return party.full_name if party else ""


# -- the outline --------------------------------------------------------------------------------------------------


def outline(transaction: Transaction) -> Iterator[tuple[int, str]]:
    """Lines for people, each with its depth; claims appear as they are read."""
    advice = Advice(transaction)
    begun = False
    for claim in advice.claims():
        if not begun:
            yield from _heading(advice.header())
            begun = True
        yield from _claim_lines(claim)
    found = advice.remittance or advice.header()
    if not begun:
        yield from _heading(found)
    yield from _closing(found)


def _heading(found: Remittance) -> Iterator[tuple[int, str]]:
    yield 0, f"Payer   {found.payer.name or '(no name)'}   (1000A)"
    tax = f", tax id {found.payee_tax_id}" if found.payee_tax_id else ""
    yield 0, f"Payee   {found.payee.name or '(no name)'}, NPI {found.payee_npi or '(none)'}{tax}   (1000B)"
    how = {
        "ACH": " by electronic transfer",
        "CHK": " by check",
        "FWT": " by wire",
        "NON": ", no money moves",
        "BOP": " by the payer's choice",
    }
    by = how.get(found.method, f" by {found.method}" if found.method else "")
    trace, day = found.trace_number or "(none)", shown_day(found.payment_date_text) or "(none)"
    yield 0, f"Payment {found.payment.shown()}{by}, trace {trace}, date {day}   (BPR, TRN)"
    if found.handling == "H":
        yield 0, "A notice only: no money comes with it."


def _claim_lines(claim: ClaimPayment) -> Iterator[tuple[int, str]]:
    status = meaning("claim_payment_status", claim.status).text
    yield 1, f"Claim {claim.patient_control_number}   {_name(claim.patient) or '(no name)'}   {status}   (2100)"
    yield (
        2,
        (
            f"charge {claim.charge.shown()}, paid {claim.paid.shown()}, "
            f"patient {claim.responsibility.shown()}   payer's number {claim.payer_control_number or '(none)'}"
        ),
    )
    if claim.forwarded_to:
        yield 2, f"sent on to {claim.forwarded_to}: do not bill them by hand"
    if claim.corrected_member_id:
        yield 2, f"the payer says the member number is {claim.corrected_member_id}"
    for code in claim.remarks:
        yield 2, f"remark {code}: {meaning('rarc', code).text}"
    yield from _adjustment_lines(2, claim.adjustments)
    for line in claim.lines:
        modifiers = "".join(f" {modifier}" for modifier in line.procedure.modifiers)
        day = f" on {line.service_date:%m/%d/%Y}" if line.service_date else ""
        yield (
            2,
            (
                f"Line {line.procedure.code}{modifiers}{day}   charge {line.charge.shown()}, "
                f"paid {line.paid.shown()}   (2110)"
            ),
        )
        yield from _adjustment_lines(3, line.adjustments)
        for remark in line.remarks:
            words = meaning("rarc", remark.code).text if remark.list == "HE" else "pharmacy reject code"
            yield 3, f"remark {remark.code}: {words}"
        if line.difference:
            yield 3, f"does not balance: {_dollars(line.difference)} is not explained"
    if claim.difference:
        yield 2, f"does not balance: {_dollars(claim.difference)} is not explained"


def _adjustment_lines(depth: int, adjustments: Sequence[Adjustment]) -> Iterator[tuple[int, str]]:
    for one in adjustments:
        units = f" ({one.quantity} units)" if one.quantity else ""
        yield depth, f"{one.group}-{one.reason} {one.amount.shown()}{units}: {meaning('carc', one.reason).text}"


def _closing(found: Remittance) -> Iterator[tuple[int, str]]:
    for one in found.provider_adjustments:
        way = "taken from the payment" if one.amount.cents > 0 else "added to the payment"
        reference = f" {one.reference}" if one.reference else ""
        yield (
            1,
            (
                f"Provider adjustment {one.reason}{reference} {one.amount.shown()}, {way}: "
                f"{meaning('plb', one.reason).text}   (PLB)"
            ),
        )
    total = f"{found.claim_count:,} {'claim' if found.claim_count == 1 else 'claims'}, paid {found.claim_paid.shown()}"
    held = (
        f", less provider adjustments {_dollars(found.provider_adjustment_total)}" if found.provider_adjustments else ""
    )
    verdict = "balances" if not found.difference else f"does NOT balance: {_dollars(found.difference)} is not explained"
    yield 0, f"{total}{held}: the payment {verdict}"


def _dollars(cents: int) -> str:
    return Money(cents).shown()
