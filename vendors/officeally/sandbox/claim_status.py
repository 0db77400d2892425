"""276 → 277 at claim level, from the claims that payers have received. Members scripted ``json`` get JSON instead.

A2 accepted and not decided, P1 in process, F1 paid, F2 denied, A4 refused by the payer, D0 nothing found, E0 asked of a
payer that does not offer it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from app.x12.values import amount, cents
from app.x12.write import Body, Row
from vendors.officeally.sandbox.inquiry import Inquiry
from vendors.officeally.sandbox.payers import STATUS, Plan, by_id


class Standing(NamedTuple):
    """Where a claim stands: STC01, what was charged and paid (cents), when, by which check, the payer's number."""

    code: tuple[str, str]
    charge: int = 0
    paid: int = 0
    day: str = ""
    check: str = ""
    payer_control: str = ""
    claim_id: str = ""
    account: str = ""
    service_day: str = ""


def plan_of(asked: Inquiry) -> Plan | None:
    """The payer, by its id for this transaction."""
    return by_id(STATUS, asked.payer)


def standing(database: sqlite3.Connection, asked: Inquiry) -> Standing:
    """Look the claim up as the payer would: by its own number, by the account, else by member, day and charge."""
    plan = plan_of(asked)
    charge = cents(asked.charge)
    if plan is None:
        return Standing(("E0", "116"), charge)
    row = _claim(database, plan, asked)
    if row is None:
        return Standing(("D0", "35"), charge)
    told = {"charge": row["charge"], "payer_control": row["payer_control"], "claim_id": row["id"]}
    told |= {"account": row["account"], "service_day": row["from_day"]}
    if row["status"] == "Rejected by Payer":
        return Standing(("A4", "35"), **told)
    if row["status"] == "Pending":
        return Standing(("A2", "20"), **told)
    if row["paid"] is None:
        return Standing(("P1", "20"), **told)
    paid = database.execute(
        "SELECT c.number, c.day FROM check_lines l JOIN checks c ON c.number = l.check_number WHERE l.account = ?"
        " ORDER BY c.day DESC",
        (row["account"],),
    ).fetchone()
    number, day = (paid["number"], paid["day"]) if paid is not None else ("", "")
    return Standing(("F1", "65") if row["paid"] else ("F2", "65"), paid=row["paid"], check=number, day=day, **told)


def _claim(database: sqlite3.Connection, plan: Plan, asked: Inquiry) -> sqlite3.Row | None:
    person = asked.dependent or asked.subscriber
    found: sqlite3.Row | None = database.execute(
        "SELECT * FROM claims WHERE plan = ? AND NOT is_test AND status != 'Rejected' AND"
        " ((payer_control != '' AND payer_control = ?) OR (account != '' AND account = ?)"
        "  OR (? = '' AND ? = '' AND member = ? AND from_day BETWEEN ? AND ? AND (? = 0 OR charge = ?)))"
        " AND fold(last) = ? ORDER BY received DESC LIMIT 1",
        (
            plan.key, asked.payer_control, asked.account, asked.payer_control, asked.account, asked.subscriber.member,
            asked.day, asked.last_day, cents(asked.charge), cents(asked.charge), person.last.casefold(),
        ),
    ).fetchone()  # fmt: skip
    return found


def answer(asked: Inquiry, stands: Standing, today: date, clock: str) -> Body:
    """The 277."""
    return Body("277", list(_rows(asked, stands, today, clock)))


def _rows(asked: Inquiry, stands: Standing, today: date, clock: str) -> Iterator[Row]:
    plan = plan_of(asked)
    yield ["BHT", "0010", "08", asked.reference, f"{today:%Y%m%d}", clock, "DG"]
    yield ["HL", "1", "", "20", "1"]
    yield ["NM1", "PR", "2", plan.name if plan else asked.payer_name, "", "", "", "", "PI", asked.payer]
    yield ["HL", "2", "1", "21", "1"]
    yield ["NM1", *asked.submitter]
    yield ["HL", "3", "2", "19", "1"]
    yield ["NM1", *asked.provider]
    dependent = asked.dependent
    person = asked.subscriber
    yield ["HL", "4", "3", "22", "1" if dependent else "0"]
    yield ["NM1", "IL", "1", person.last, person.first, "", "", "", "MI", person.member]
    if dependent is not None:
        yield ["HL", "5", "4", "23"]
        yield ["NM1", "QC", "1", dependent.last, dependent.first]
    yield ["TRN", "2", asked.traces[0][0] if asked.traces else "0"]
    decided = stands.code[0].startswith("F")
    yield [
        "STC", stands.code, f"{today:%Y%m%d}", "", amount(stands.charge), amount(stands.paid) if decided else "",
        stands.day.replace("-", ""), "", stands.day.replace("-", "") if stands.check else "", stands.check,
    ]  # fmt: skip
    if stands.payer_control:
        yield ["REF", "1K", stands.payer_control]
    if stands.account:
        yield ["REF", "EJ", stands.account]
    if stands.claim_id:
        yield ["REF", "D9", stands.claim_id]
    day = (stands.service_day or asked.day).replace("-", "")
    if day:
        yield ["DTP", "472", "D8", day]
