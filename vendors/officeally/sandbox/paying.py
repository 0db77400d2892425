"""Payers pay: decisions become payments, payments 835s, 835s bundles in ``outbound`` and checks to be posted."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any

from vendors.officeally.sandbox import edi
from vendors.officeally.sandbox.adjudication import decide, halves, outcome_of, reversed_decision
from vendors.officeally.sandbox.clearinghouse import Clearinghouse
from vendors.officeally.sandbox.payers import BY_KEY, REMITS, Plan
from vendors.officeally.sandbox.practice import SUBMITTER
from vendors.officeally.sandbox.remits import Payment, bundle, unknown_claim
from vendors.officeally.sandbox.schema import next_number
from vendors.sandboxkit.plan import ZONE

_TAKEN_BACK = 5000


class Paying:
    """Pays what is due. ``odd`` holds oddities of payments and bundles for the next ones, first come first used."""

    def __init__(self, house: Clearinghouse) -> None:
        self._house = house
        self._db = house.db
        self.odd: list[str] = []
        self.odd_bundles: list[str] = []
        house.pay = self.pay

    def pay(self, at: datetime) -> None:
        """One payment for each payer that owes something by now."""
        rows = self._db.execute(
            "SELECT * FROM claims WHERE status = 'Passed' AND NOT is_test AND paid IS NULL AND checked != ''"
            " AND checked <= ? ORDER BY plan, id",
            (at.isoformat(),),
        ).fetchall()
        for key in dict.fromkeys(row["plan"] for row in rows):
            self._pay_plan(BY_KEY[key], [row for row in rows if row["plan"] == key], at)

    def _pay_plan(self, plan: Plan, rows: list[sqlite3.Row], at: datetime) -> None:
        decisions: list[dict[str, Any]] = []
        for row in rows:
            decisions += self._decisions(plan, row)
        if not all(self._enrolled(plan, row["npi"]) for row in rows):
            self._house.note(at, "paper", f"{plan.name} paid {len(rows)} claims on paper: no ERA enrollment")
            return
        odd = self.odd.pop(0) if self.odd else ""
        later: list[dict[str, Any]] = []
        if odd == "unknown":
            decisions.append(unknown_claim(plan))
        elif odd == "reversal" and decisions:
            decisions += [reversed_decision(decisions[0]), {**decisions[0], "payer_control": f"{plan.prefix}CORRECTED"}]
        elif odd == "split" and decisions and len(decisions[0]["lines"]) > 1:
            decisions[0], second = halves(decisions[0])
            later = [second]
        payments = [self._payment(plan, decisions, at, odd)]
        if later:
            payments.append(self._payment(plan, later, at, ""))
        if self.odd_bundles and self.odd_bundles[0] == "two_835" and len(payments) == 1 and len(decisions) > 1:
            payments = [self._payment(plan, decisions[:1], at, odd), self._payment(plan, decisions[1:], at, "")]
        self.send(payments, at)

    def _decisions(self, plan: Plan, row: sqlite3.Row) -> list[dict[str, Any]]:
        """What the payer decided on a claim; a replacement or void takes the earlier decision back first."""
        record: dict[str, Any] = json.loads(row["record"])
        outcome = self._house.habits.outcomes.get(row["account"]) or outcome_of(record)
        decision = decide(plan, record, outcome)
        self._db.execute("UPDATE claims SET paid = ? WHERE id = ?", (decision["paid"], row["id"]))
        if record["frequency"] not in {"7", "8"}:
            return [decision]
        before = self._db.execute(
            "SELECT record FROM claims WHERE payer_control = ? AND id != ?", (record["reference"], row["id"])
        ).fetchone()
        taken_back = []
        if before is not None:
            original: dict[str, Any] = json.loads(before["record"])
            usual = self._house.habits.outcomes.get(original["account"]) or outcome_of(original)
            taken_back = [reversed_decision(decide(plan, original, usual))]
        return taken_back + ([decision] if record["frequency"] == "7" else [])

    def _enrolled(self, plan: Plan, npi: str) -> bool:
        if REMITS not in plan.ids:
            return False
        row = self._db.execute(
            "SELECT status FROM enrollments WHERE plan = ? AND txn = ? AND npi = ?", (plan.key, REMITS, npi)
        ).fetchone()
        return row is not None and row["status"] in {"Approved", "Not needed"}

    def _payment(self, plan: Plan, decisions: list[dict[str, Any]], at: datetime, odd: str) -> Payment:
        number = f"EFT{next_number(self._db, 'check'):07d}"
        payment = Payment(number, plan, at.astimezone(ZONE), decisions)
        if odd == "takeback":
            payment.moved.append(("WO", decisions[0]["account"], _TAKEN_BACK))
        if odd == "out_of_balance":
            payment.off_by = 100
        payment.settle()
        return payment

    def send(self, payments: list[Payment], at: datetime) -> None:
        """Into ``outbound`` and the portal, under a File ID of their own, and onto the list of checks."""
        number = str(next_number(self._db, "file"))
        manner = edi.manner_of(int(number))._replace(sender="330897513")
        documents = []
        for payment in payments:
            post = self._house.post(SUBMITTER, at)
            documents.append(edi.written([payment.body()], post, manner, check=not payment.off_by))
        odd = self.odd_bundles.pop(0) if self.odd_bundles else ""
        packed = bundle(number, at.astimezone(ZONE), documents, payments, odd)
        name = f"{number}_ERA_STATUS_5010_{at.astimezone(ZONE):%Y%m%d}.zip"
        self._house.deliver(name, packed, at, "835")
        for payment in payments:
            self._book(payment, number, name, packed)

    def _book(self, payment: Payment, file_id: str, name: str, packed: bytes) -> None:
        day, claims = payment.at.date().isoformat(), len(payment.decisions)
        self._db.execute(
            "INSERT INTO checks VALUES (?,?,?,?,?,?,?,?)",
            (payment.number, payment.plan.key, day, payment.total + payment.off_by, file_id, name, packed, claims),
        )
        seen: dict[str, int] = {}
        for decision in payment.decisions:
            for line in decision["lines"]:
                account = decision["account"]
                seen[account] = seen.get(account, 0) + 1
                share = sum(cents for group, _, cents in line["adjustments"] if group == "PR")
                adjusted = sum(cents for group, _, cents in line["adjustments"] if group != "PR")
                name_of = f"{decision['last']},{decision['first']}"
                self._db.execute(
                    "INSERT INTO check_lines VALUES (?,?,?,?,?,?,?,?,0)",
                    (
                        payment.number, account, name_of, seen[account], line["charge"], line["paid"], adjusted, share,
                    ),
                )  # fmt: skip
