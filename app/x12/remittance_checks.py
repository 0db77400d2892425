"""835: what a table cannot say: the three balances and the rules that a biller stumbles over.

Balances are errors: money posted from a remittance that does not add up is money lost later. Everything else that
is merely unusual is a warning.
"""

from __future__ import annotations

from app.model.problem import Severity
from app.model.remittance import REVERSAL, ClaimPayment, Remittance
from app.x12.loops import Loop, Report
from app.x12.values import money


def check_claim(claim: ClaimPayment, loop: Loop, report: Report) -> None:
    """Balance of every line and of the claim (point 11), and signs of a reversal (point 15)."""
    name = claim.patient_control_number or "(no number)"
    for line in claim.lines:
        if line.difference:
            taken = line.charge.cents - line.difference - line.paid.cents
            report.at(
                line.start,
                "SVC",
                "2110",
                "03",
                "835-line-balance",
                f"A line of claim {name} does not balance: charge {money(line.charge.cents)} less adjustments "
                f"{money(taken)} is {money(line.charge.cents - taken)}, but {money(line.paid.cents)} was paid.",
                "Ask the payer for a corrected remittance, or post the line by hand.",
            )
    if claim.difference:
        taken = claim.charge.cents - claim.difference - claim.paid.cents
        report.at(
            loop.start,
            "CLP",
            "2100",
            "04",
            "835-claim-balance",
            f"Claim {name} does not balance: charge {money(claim.charge.cents)} less all adjustments {money(taken)} "
            f"is {money(claim.charge.cents - taken)}, but {money(claim.paid.cents)} was paid.",
            "Ask the payer for a corrected remittance, or post the claim by hand.",
        )
    charges = sum(line.charge.cents for line in claim.lines)
    if claim.lines and charges != claim.charge.cents:
        report.at(
            loop.start,
            "CLP",
            "2100",
            "03",
            "835-charges",
            f"The lines of claim {name} add up to {money(charges)}, the claim says {money(claim.charge.cents)}.",
            "Both are kept; post by the lines and look at the difference.",
            Severity.WARNING,
        )
    _check_status(claim, loop, report, name)


def _check_status(claim: ClaimPayment, loop: Loop, report: Report, name: str) -> None:
    if claim.status == REVERSAL and claim.paid.cents > 0:
        report.at(
            loop.start,
            "CLP",
            "2100",
            "04",
            "835-reversal-sign",
            f"Claim {name} takes a payment back, but its amount is not negative.",
            "Look at the original payment before posting.",
            Severity.WARNING,
        )
    if any(found.group == "CR" for found in claim.adjustments):
        report.at(
            loop.start,
            "CLP",
            "2100",
            "",
            "835-group-cr",
            f"Claim {name} uses the adjustment group CR, which belongs to the older version 4010.",
            "Read it as a correction or reversal.",
            Severity.WARNING,
        )


def check_remittance(remittance: Remittance, root: Loop, report: Report) -> None:
    """Balance of the payment (point 10), its sign and method (point 17), its trace (points 3 and 18)."""
    bpr = root.first("BPR")
    if bpr is None:
        return
    if remittance.difference:
        report(
            root,
            bpr,
            "02",
            "835-balance",
            f"The payment is {money(remittance.payment.cents)}, but the claims paid "
            f"({money(remittance.claim_paid.cents)}) less provider adjustments "
            f"({money(remittance.provider_adjustment_total)}) are "
            f"{money(remittance.payment.cents - remittance.difference)}.",
            f"The difference is {money(remittance.difference)}: ask the payer before posting.",
        )
    if remittance.payment.cents < 0:
        report(
            root,
            bpr,
            "02",
            "835-negative-payment",
            "The payment is negative, which no payment may be.",
            "A balance the other way belongs into PLB*FB: ask the payer.",
        )
    if remittance.method == "NON" and remittance.payment.cents:
        report(
            root,
            bpr,
            "04",
            "835-no-payment-method",
            "The method says that no money comes, but there is an amount.",
            "Look into the bank before posting.",
            Severity.WARNING,
        )
    if remittance.trace_number:
        seen = report.transaction.reader.traces
        if remittance.key in seen:
            report(
                root,
                root.first("TRN"),
                "02",
                "835-trace-repeated",
                f"The payment {remittance.trace_number} stands in this file twice.",
                "Post it once: compare the two before posting.",
                Severity.WARNING,
            )
        seen.add(remittance.key)
