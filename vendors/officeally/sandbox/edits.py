"""Claim edits: what Office Ally rejects a single claim for, with the error numbers its File Summary explains.

The numbers' ranges are not public: these are our own.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import date, timedelta
from typing import Any, NamedTuple

from app.x12.values import npi_is_valid
from vendors.officeally.sandbox.payers import CLAIMS, Plan, by_id

_PO_BOX = re.compile(r"\bP\.?\s*O\.?\s*BOX\b", re.IGNORECASE)


class Edit(NamedTuple):
    """One reason: its number, its words, and the 277CA's category:status:entity that says the same."""

    number: int
    words: str
    stc: str


PAYER = Edit(12, "PAYER ID IS NOT ON THE PAYER LIST FOR THIS TRANSACTION", "A7:116:PR")
MEMBER = Edit(17, "SUBSCRIBER ID IS INVALID FOR PAYER", "A7:164:IL")
NPI = Edit(21, "BILLING PROVIDER NPI IS INVALID", "A7:562:85")
RENDERING = Edit(22, "RENDERING PROVIDER NPI IS INVALID", "A7:562:82")
ADDRESS = Edit(31, "PATIENT ADDRESS IS INCOMPLETE", "A7:126:QC")
PO_BOX = Edit(33, "BILLING ADDRESS MAY NOT BE A PO BOX", "A7:126:85")
REFERENCE = Edit(41, "ORIGINAL REFERENCE NUMBER IS REQUIRED FOR FREQUENCY CODE 7 OR 8", "A7:464:PR")
DATES = Edit(52, "DATE OF SERVICE IS MISSING, IN THE FUTURE OR OVER ONE YEAR OLD", "A7:187:82")
CHARGES = Edit(63, "LINE CHARGES DO NOT ADD UP TO TOTAL CHARGE", "A7:400:85")
DIAGNOSIS = Edit(71, "DIAGNOSIS CODE IS MISSING OR INVALID", "A7:254:82")
ENROLLMENT = Edit(84, "PROVIDER IS NOT APPROVED TO SEND CLAIMS ELECTRONICALLY TO THIS PAYER", "A8:496:85")
DUPLICATE = Edit(90, "DUPLICATE OF A CLAIM THAT WAS ACCEPTED", "A7:54:85")

EDITS = {edit.number: edit for edit in (
    PAYER, MEMBER, NPI, RENDERING, ADDRESS, PO_BOX, REFERENCE, DATES, CHARGES, DIAGNOSIS, ENROLLMENT, DUPLICATE,
)}  # fmt: skip


def plan_of(record: dict[str, Any], transaction: str = CLAIMS) -> Plan | None:
    """The payer that the claim's own id names, on the list of this transaction."""
    return by_id(transaction, str(record["payer"]))


def check(database: sqlite3.Connection, record: dict[str, Any], form: str, today: date) -> list[Edit]:
    """Every reason to reject this claim; none: it passes."""
    plan = plan_of(record, form)
    found = [PAYER] if plan is None else _about_payer(database, record, form, plan)
    found += _about_people(record)
    if record["frequency"] in {"7", "8"} and not record["reference"]:
        found.append(REFERENCE)
    if not _dates_fit(record, today):
        found.append(DATES)
    if sum(line["charge"] for line in record["lines"]) != record["charge"]:
        found.append(CHARGES)
    if not record["diagnoses"] or not all(re.fullmatch(r"[A-Z]\d[A-Z0-9]{1,5}", code) for code in record["diagnoses"]):
        found.append(DIAGNOSIS)
    return found


def _about_payer(database: sqlite3.Connection, record: dict[str, Any], form: str, plan: Plan) -> list[Edit]:
    found = []
    if not re.fullmatch(rf"{plan.prefix}[A-Z0-9]{{4,12}}", str(record["member"]).upper()):
        found.append(MEMBER)
    if not _enrolled(database, plan, form, record["npi"]):
        found.append(ENROLLMENT)
    if record["frequency"] == "1" and _known(database, record, plan):
        found.append(DUPLICATE)
    return found


def _about_people(record: dict[str, Any]) -> list[Edit]:
    found = []
    if not npi_is_valid(record["npi"]):
        found.append(NPI)
    if record["rendering"] and not npi_is_valid(record["rendering"]):
        found.append(RENDERING)
    if not (record["address"] and record["city"] and record["zip"]) and record["frequency"] != "8":
        found.append(ADDRESS)
    if _PO_BOX.search(record["billing_street"]):
        found.append(PO_BOX)
    return found


def _dates_fit(record: dict[str, Any], today: date) -> bool:
    try:
        first, last = date.fromisoformat(record["from"]), date.fromisoformat(record["to"])
    except ValueError:
        return False
    return today - timedelta(days=365) <= first <= last <= today


def _enrolled(database: sqlite3.Connection, plan: Plan, transaction: str, npi: str) -> bool:
    if transaction not in plan.enroll:
        return True
    row = database.execute(
        "SELECT status FROM enrollments WHERE plan = ? AND txn = ? AND npi = ?", (plan.key, transaction, npi)
    ).fetchone()
    return row is not None and row["status"] == "Approved"


def _known(database: sqlite3.Connection, record: dict[str, Any], plan: Plan) -> bool:
    """Whether the same account was accepted for the same payer, day and charge before, in a file that was no test."""
    row = database.execute(
        "SELECT 1 FROM claims WHERE account = ? AND plan = ? AND from_day = ? AND charge = ? AND NOT is_test"
        " AND status IN ('Passed', 'Pending') AND id != ?",
        (record["account"], plan.key, record["from"], record["charge"], record.get("id", "")),
    ).fetchone()
    return row is not None
