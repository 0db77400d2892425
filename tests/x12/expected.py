"""Our reading of a document in the shape of the corpus's ``*.expected.json`` files, one function a transaction.

``COMPARE[name](reader)`` gives the list under ``transactions`` of such a file; write yours here and register it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from app.model.remittance import Remittance
from app.x12.envelope import Reader
from app.x12.remittance_835 import remittance
from app.x12.values import money
from tests.x12.expected_27x import claim_acknowledgments, eligibility
from tests.x12.expected_999 import acknowledgments


def remittances(reader: Reader) -> list[dict[str, Any]]:
    """835: see the README of the corpus for the keys."""
    return [_remittance(remittance(transaction)) for transaction in reader]


def _remittance(found: Remittance) -> dict[str, Any]:
    lines = [line for claim in found.claims for line in claim.lines]
    own, of_lines = Counter[str](), Counter[str]()
    for claim in found.claims:
        for one in claim.adjustments:
            own[f"{one.group}-{one.reason}"] += one.amount.cents
        for line in claim.lines:
            for one in line.adjustments:
                of_lines[f"{one.group}-{one.reason}"] += one.amount.cents
    payee = (
        {"payee_name": found.payee.name, "payee_npi": found.payee_npi, "payee_tax_id": found.payee_tax_id}
        if found.payee.role
        else {}
    )
    return {
        "control_number": found.control_number,
        "handling": found.handling,
        "payment": money(found.payment.cents),
        "credit_debit": found.credit_debit,
        "method": found.method,
        "payment_date": found.payment_date_text,
        "trace": found.trace_number,
        "trace_originator": found.payer_id,
        "payer_name": found.payer.name,
        "payer_id": found.payer.id,
        **payee,
        "claims": len(found.claims),
        "claim_status": dict(Counter(claim.status for claim in found.claims)),
        "services": len(lines),
        "charge": money(sum(claim.charge.cents for claim in found.claims)),
        "paid": money(found.claim_paid.cents),
        "patient_responsibility": money(sum(claim.responsibility.cents for claim in found.claims)),
        "service_charge": money(sum(line.charge.cents for line in lines)),
        "service_paid": money(sum(line.paid.cents for line in lines)),
        "adjustments": {
            "claim": {key: money(value) for key, value in own.items()},
            "service": {key: money(value) for key, value in of_lines.items()},
        },
        "plb": [
            {
                "provider": one.provider_id,
                "fiscal_period_end": one.fiscal_period_end,
                "reason": one.reason,
                "reference": one.reference,
                "amount": money(one.amount.cents),
            }
            for one in found.provider_adjustments
        ],
        "plb_total": money(found.provider_adjustment_total),
        "claim_ids": [claim.patient_control_number for claim in found.claims],
        "balance": _balance(found),
    }


def _balance(found: Remittance) -> dict[str, Any]:
    return {
        "transaction": found.difference == 0,
        "transaction_difference": money(found.difference),
        "claims_out": [
            {
                "claim": claim.patient_control_number,
                "charge": money(claim.charge.cents),
                "adjustments": money(claim.charge.cents - claim.difference - claim.paid.cents),
                "paid": money(claim.paid.cents),
            }
            for claim in found.claims
            if claim.difference
        ],
        "services_out": sum(line.difference != 0 for claim in found.claims for line in claim.lines),
        "patient_responsibility_differs": [
            claim.patient_control_number
            for claim in found.claims
            if claim.responsibility.cents != claim.patient_adjustments
        ],
    }


COMPARE: dict[str, Callable[[Reader], list[dict[str, Any]]]] = {
    "271": eligibility,
    "277CA": claim_acknowledgments,
    "835": remittances,
    "999": acknowledgments,
}
