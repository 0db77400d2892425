"""How the invented payers decide: accept or refuse a claim, and what they pay for it, always in balance."""

from __future__ import annotations

import sqlite3
import zlib
from typing import Any

from vendors.officeally.sandbox.payers import Plan
from vendors.sandboxkit.dice import Dice

OUTCOMES = ("paid", "coinsurance", "deductible", "denied", "interest", "secondary")
NOT_FOUND = "SUBSCRIBER NOT FOUND"
ACCEPTED = "ACCEPTED FOR PROCESSING"
INTEREST = 137


def verdict(database: sqlite3.Connection, plan: Plan, record: dict[str, Any]) -> tuple[bool, str]:
    """Whether the payer takes the claim in, and its words."""
    row = database.execute(
        "SELECT * FROM members WHERE plan = ? AND member_id = ?", (plan.key, str(record["member"]).upper())
    ).fetchone()
    if row is None:
        return False, NOT_FOUND
    if row["script"] == "inactive":
        return False, "COVERAGE NOT IN EFFECT ON DATE OF SERVICE"
    return True, ACCEPTED


def outcome_of(record: dict[str, Any]) -> str:
    """What becomes of a claim unless a test says otherwise: fixed by its account number."""
    if record["prior"] or record["order"] == "S":
        return "secondary"
    usual = ("paid", "paid", "paid", "paid", "paid", "coinsurance", "coinsurance", "deductible", "denied", "interest")
    return usual[Dice(zlib.crc32(record["account"].encode())).below(len(usual))]


def decide(plan: Plan, record: dict[str, Any], outcome: str) -> dict[str, Any]:
    """The decision on a claim: CLP02 ``status``, its lines with their adjustments, what is left to the patient."""
    lines = []
    copay = plan.copay
    prior = sum(one["paid"] for one in record["prior"])
    for line in record["lines"]:
        allowed = line["charge"] * 9 // 10
        adjustments = [("CO", "45", line["charge"] - allowed)]
        match outcome:
            case "denied":
                adjustments, allowed = [("CO", "50", line["charge"])], 0
            case "deductible":
                adjustments.append(("PR", "1", allowed))
            case "coinsurance":
                adjustments.append(("PR", "2", allowed // 5))
            case "secondary":
                before = min(prior or line["charge"] * 7 // 10, line["charge"])
                prior = max(prior - before, 0)
                adjustments, allowed = [("OA", "23", before)], line["charge"]
            case _:
                taken = min(copay, allowed)
                copay -= taken
                adjustments.append(("PR", "3", taken))
        adjustments = [one for one in adjustments if one[2]]
        paid = line["charge"] - sum(cents for _, _, cents in adjustments)
        lines.append({**line, "allowed": allowed, "adjustments": adjustments, "paid": paid})
    patient = sum(cents for line in lines for group, _, cents in line["adjustments"] if group == "PR")
    status = {"denied": "4", "secondary": "2"}.get(outcome, "1")
    return {
        **record,
        "status": status,
        "outcome": outcome,
        "lines": lines,
        "paid": sum(line["paid"] for line in lines),
        "patient_share": patient,
        "interest": INTEREST if outcome == "interest" else 0,
    }


def reversed_decision(decision: dict[str, Any]) -> dict[str, Any]:
    """The same claim taken back: every amount with its sign turned."""
    lines = [
        {
            **line,
            "charge": -line["charge"],
            "paid": -line["paid"],
            "allowed": -line["allowed"],
            "adjustments": [(group, reason, -cents) for group, reason, cents in line["adjustments"]],
        }
        for line in decision["lines"]
    ]
    return {
        **decision,
        "status": "22",
        "outcome": "reversal",
        "lines": lines,
        "charge": -decision["charge"],
        "paid": -decision["paid"],
        "patient_share": 0,
        "interest": 0,
    }


def halves(decision: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """One claim paid in two payments: its first line now, the rest later."""

    def part(lines: list[dict[str, Any]]) -> dict[str, Any]:
        share = sum(cents for line in lines for group, _, cents in line["adjustments"] if group == "PR")
        charge, paid = sum(line["charge"] for line in lines), sum(line["paid"] for line in lines)
        return {**decision, "lines": lines, "charge": charge, "paid": paid, "patient_share": share, "interest": 0}

    return part(decision["lines"][:1]), part(decision["lines"][1:])
