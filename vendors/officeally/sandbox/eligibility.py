"""270 → 271 from the payers' own members. What each script of the cast means:

=============  ==================================================================================
``""``         active, one copay, deductible with what is left, coinsurance, out-of-pocket
copays         two copays for the same service type, told apart by MSG only
inactive       EB 6
dependent      a child under the subscriber's number, answered in 2000D
other_payer    active, and another payer is first (EB R, LS 2120)
managed_care   active; the plan stands in 2120, and an EB after LE says what it handles
not_found      the payer has no such member: AAA 75 (or 72 where the number is unknown)
birth_date     the payer holds another birth date: AAA 71
down, silent   AAA 42, AAA 80 at the payer
slow, cut      an answer after seconds; a connection that ends
html           a web page in the payload
=============  ==================================================================================
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from app.x12.values import amount
from app.x12.write import Body, Row, Value
from vendors.officeally.sandbox.inquiry import Inquiry, Person
from vendors.officeally.sandbox.payers import BY_KEY, ELIGIBILITY, Plan, by_id


class Refusal(NamedTuple):
    """AAA: in which loop, why, and what to do next (AAA04)."""

    loop: str
    reason: str
    action: str


class Found(NamedTuple):
    """The answer's content: a refusal, or the member's row (and whether a dependent was asked about)."""

    plan: Plan | None
    refusal: Refusal | None = None
    member: sqlite3.Row | None = None


def find(database: sqlite3.Connection, asked: Inquiry, today: date) -> Found:
    """Look the person up as the payer would. The first thing wrong decides."""
    plan = by_id(ELIGIBILITY, asked.payer)
    if plan is None:
        return Found(None, Refusal("2100A", "79", "C"))
    if not _may_ask(database, plan, asked.npi):
        return Found(plan, Refusal("2100B", "51", "C"))
    person = asked.subscriber
    if plan.wants_id and not person.member:
        return Found(plan, Refusal("2100C", "72", "C"))
    refusal = _day_refusal(plan, asked.day, today)
    if refusal is not None:
        return Found(plan, refusal)
    rows = _candidates(database, plan, person)
    if not rows:
        return Found(plan, Refusal("2100C", "75", "C"))
    member = rows[0]
    if member["script"] in {"down", "silent"}:
        code = "42" if member["script"] == "down" else "80"
        return Found(plan, Refusal("2100A", code, "R" if code == "42" else "P"), member)
    return Found(plan, _mismatch(database, asked, member), member)


def _may_ask(database: sqlite3.Connection, plan: Plan, npi: str) -> bool:
    if ELIGIBILITY not in plan.enroll:
        known = database.execute(
            "SELECT 1 FROM providers WHERE npi = ? UNION SELECT 1 FROM enrollments WHERE npi = ?", (npi, npi)
        )
        return known.fetchone() is not None
    row = database.execute(
        "SELECT status FROM enrollments WHERE plan = ? AND txn = ? AND npi = ?", (plan.key, ELIGIBILITY, npi)
    ).fetchone()
    return row is not None and row["status"] == "Approved"


def _day_refusal(plan: Plan, day: str, today: date) -> Refusal | None:
    asked = date.fromisoformat(day) if day else today
    if asked > today + timedelta(days=60):
        return Refusal("2100C", "63", "C")
    if asked < today - timedelta(days=plan.days_back):
        return Refusal("2100C", "62", "C")
    return None


def _candidates(database: sqlite3.Connection, plan: Plan, person: Person) -> list[sqlite3.Row]:
    if person.member:
        return database.execute(
            "SELECT * FROM members WHERE plan = ? AND member_id = ?", (plan.key, person.member.upper())
        ).fetchall()
    return database.execute(
        "SELECT * FROM members WHERE plan = ? AND last = ? AND first = ? AND birth = ?",
        (plan.key, person.last.upper(), person.first.upper(), person.birth),
    ).fetchall()


def _mismatch(database: sqlite3.Connection, asked: Inquiry, member: sqlite3.Row) -> Refusal | None:
    person = asked.subscriber
    if person.last.upper() != member["last"]:
        return Refusal("2100C", "73", "C")
    if asked.dependent is None:
        return Refusal("2100C", "71", "C") if person.birth and person.birth != member["birth"] else None
    known = database.execute(
        "SELECT 1 FROM policies o JOIN patients p ON p.id = o.patient_id WHERE o.plan = ? AND o.subscriber = ?"
        " AND o.relationship != 'Self' AND fold(p.first) = ? AND p.birth = ?",
        (member["plan"], member["member_id"], asked.dependent.first.casefold(), asked.dependent.birth),
    ).fetchone()
    return None if known else Refusal("2100D", "67", "C")


def answer(asked: Inquiry, found: Found, today: date, clock: str) -> Body:
    """The 271."""
    return Body("271", list(_rows(asked, found, today, clock)))


def _rows(asked: Inquiry, found: Found, today: date, clock: str) -> Iterator[Row]:
    refused = found.refusal
    name = found.plan.name if found.plan else asked.payer_name or "UNKNOWN PAYER"
    yield ["BHT", "0022", "11", asked.reference, f"{today:%Y%m%d}", clock]
    yield ["HL", "1", "", "20", "0" if _ends(refused, "2100A") else "1"]
    yield ["NM1", "PR", "2", name, "", "", "", "", "PI", asked.payer]
    yield from _aaa(refused, "2100A")
    if _ends(refused, "2100A"):
        return
    yield ["HL", "2", "1", "21", "0" if _ends(refused, "2100B") else "1"]
    yield ["NM1", *asked.provider]
    yield from _aaa(refused, "2100B")
    if _ends(refused, "2100B"):
        return
    dependent = asked.dependent
    yield ["HL", "3", "2", "22", "1" if dependent else "0"]
    if dependent is None:
        yield from (["TRN", "2", *trace] for trace in asked.traces)
    yield from _person("IL", asked.subscriber, found, refused, "2100C")
    if dependent is not None:
        yield ["HL", "4", "3", "23", "0"]
        yield from (["TRN", "2", *trace] for trace in asked.traces)
        yield from _person("03", dependent, found, refused, "2100D")
    if refused is None and found.plan is not None and found.member is not None:
        yield from _benefits(found.plan, found.member["script"], asked.service_types or ["30"])


def _ends(refused: Refusal | None, loop: str) -> bool:
    return refused is not None and refused.loop == loop


def _aaa(refused: Refusal | None, loop: str) -> Iterator[Row]:
    if refused is not None and refused.loop == loop:
        yield ["AAA", "Y", "", refused.reason, refused.action]


def _person(role: str, person: Person, found: Found, refused: Refusal | None, loop: str) -> Iterator[Row]:
    """The payer's own idea of the person where it knows one, else what was asked."""
    member = found.member if found.refusal is None and role == "IL" else None
    last, first = (member["last"], member["first"]) if member is not None else (person.last, person.first)
    number = member["member_id"] if member is not None else person.member
    yield ["NM1", role, "1", last, first, "", "", "", "MI" if number else "", number]
    yield from _aaa(refused, loop)
    birth = (member["birth"] if member is not None else person.birth).replace("-", "")
    sex = member["sex"] if member is not None else person.sex
    if birth:
        yield ["DMG", "D8", birth, sex if sex in {"F", "M"} else ""]
    if role == "03":
        yield ["INS", "N", "19"]
    if refused is None:
        yield ["DTP", "346", "D8", "20260101"]


def _benefits(plan: Plan, script: str, types: list[str]) -> Iterator[Row]:
    asked: Value = [*types] if len(types) > 1 else types[0]
    if script == "inactive":
        yield ["EB", "6", "IND", asked, plan.insurance, plan.plan_name]
        yield ["DTP", "357", "D8", "20260131"]
        return
    yield ["EB", "1", "IND", asked, plan.insurance, plan.plan_name]
    if script == "other_payer":
        other = BY_KEY["heron"]
        yield ["EB", "R", "", "30"]
        yield ["LS", "2120"]
        yield ["NM1", "PRP", "2", other.name, "", "", "", "", "PI", other.ids[ELIGIBILITY]]
        yield ["LE", "2120"]
    if script == "managed_care":
        yield ["EB", "1", "IND", "30", "HM", "LAKESHORE CARE PARTNERS"]
        yield ["LS", "2120"]
        yield ["NM1", "PR", "2", "LAKESHORE CARE PARTNERS", "", "", "", "", "PI", "LKCP1"]
        yield ["PER", "IC", "MEMBER SERVICES", "TE", "8005550111"]
        yield ["LE", "2120"]
        yield ["EB", "1", "IND", ["98", "MH", "UC"], "HM"]
    yield ["EB", "C", "IND", "30", "", "", "23", amount(150_000), "", "", "", "", "Y"]
    yield ["EB", "C", "IND", "30", "", "", "29", amount(64_000), "", "", "", "", "Y"]
    yield ["EB", "B", "IND", "98", "", "", "27", amount(plan.copay), "", "", "", "", "Y"]
    if script == "copays":
        yield ["MSG", "PRIMARY CARE OFFICE VISIT"]
        yield ["EB", "B", "IND", "98", "", "", "27", "0", "", "", "", "", "Y"]
        yield ["MSG", "TELEMEDICINE VISIT"]
    yield ["EB", "A", "IND", "30", "", "", "", "", ".2", "", "", "", "Y"]
    yield ["EB", "G", "FAM", "30", "", "", "23", amount(600_000), "", "", "", "", "W"]
