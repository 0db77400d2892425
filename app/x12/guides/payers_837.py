"""Rules about other payers on an 837: their order, and that what they paid and took off adds up (point 42)."""

from __future__ import annotations

from app.x12.guide import Segment
from app.x12.guides.shared_837 import charge_of, soft
from app.x12.loops import Loop, Report
from app.x12.values import cents


def order_of_payers(loop: Loop, report: Report) -> None:
    """Each payer has its own place, and Medicare says why it is not first."""
    level = loop.parent
    while level is not None and level.id != "2000B":
        level = level.parent
    sbr = level.first("SBR") if level else None
    seen = {sbr[1]} if sbr else set()
    for other in loop.children("2320"):
        order = other.value("SBR", 1)
        if order in seen and order != "U":
            report(
                other,
                other.first("SBR"),
                "01",
                "payer-order",
                f"Two payers of this claim have the order {order}.",
                "Give each payer its own place.",
                soft(report),
            )
        seen.add(order)
    if sbr is not None and sbr[9] in ("MA", "MB") and sbr[1] != "P" and not sbr[5]:
        report(
            level or loop,
            sbr,
            "05",
            "msp-type",
            "Medicare is not first here, and why is not said (SBR05).",
            "Give the reason why another payer comes first.",
            soft(report),
        )


def _adjusted(loop: Loop) -> int:
    return sum(cents(cas[at]) for cas in loop.all("CAS") for at in range(3, len(cas), 3) if cas[at - 1] or cas[at])


def other_payers(loop: Loop, report: Report, charge: int) -> None:
    """What other payers paid and took off adds up, on each line and on the claim (``charge`` in cents)."""
    payers: dict[str, Loop] = {}
    for other in loop.children("2320"):
        payer = other.child("2330B")
        if payer is not None:
            payers[payer.value("NM1", 9)] = other
    taken: dict[str, int] = {}
    for line in loop.children("2400"):
        _, text = charge_of(line)
        for decision in line.children("2430"):
            svd = decision.first("SVD")
            if svd is None:
                continue
            taken[svd[1]] = taken.get(svd[1], 0) + _adjusted(decision)
            _line_balance(decision, report, svd, cents(text))
            if svd[1] not in payers:
                report(
                    decision,
                    svd,
                    "01",
                    "decision-payer",
                    f"The line has a decision of payer {svd[1]}, who is not among the claim's other payers.",
                    "Use the other payer's number (2330B NM109).",
                    soft(report),
                )
    for number, other in payers.items():
        paid = other.first("AMT", "D")
        adjusted = _adjusted(other) + taken.get(number, 0)
        if paid is None or not (adjusted or number in taken):
            continue
        if cents(paid[2]) + adjusted != charge:
            report(
                other,
                paid,
                "02",
                "other-payer-sum",
                f"Paid {cents(paid[2]) / 100:.2f} and adjusted {adjusted / 100:.2f} by this payer do not add up to "
                f"the claim's {charge / 100:.2f}.",
                "Copy paid amount and adjustments from that payer's remittance.",
                soft(report),
            )


def _line_balance(decision: Loop, report: Report, svd: Segment, charge: int) -> None:
    adjusted = _adjusted(decision)
    if cents(svd[2]) + adjusted != charge:
        report(
            decision,
            svd,
            "02",
            "line-sum",
            f"Paid {cents(svd[2]) / 100:.2f} and adjusted {adjusted / 100:.2f} do not add up to the line's "
            f"{charge / 100:.2f}.",
            "Copy both from that payer's remittance, unchanged.",
        )
