"""835s that balance (and one that does not, on request), and the zip they come in with their readable twin."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.x12.values import amount
from app.x12.write import Body, Row, Value
from vendors.officeally.sandbox.intake import RECEIVER
from vendors.officeally.sandbox.payers import REMITS, Plan
from vendors.officeally.sandbox.practice import BILLING_NPI, PRACTICE, TAX_ID
from vendors.officeally.sandbox.summaries import readable_eob

#: Oddities of one payment and of one bundle, as control asks for them.
ODD_PAYMENTS = ("takeback", "unknown", "split", "reversal", "out_of_balance")
ODD_BUNDLES = ("two_835", "nested", "no_text", "broken_zip", "upper")
_ORIGINATOR = "1999999999"


@dataclass
class Payment:
    """One payment of one payer: the decisions in it and what was moved beside them (PLB, cents as in the file)."""

    number: str
    plan: Plan
    at: datetime
    decisions: list[dict[str, Any]]
    moved: list[tuple[str, str, int]] = field(default_factory=list)
    off_by: int = 0

    @property
    def total(self) -> int:
        """CLP04 less PLB, in cents."""
        return sum(int(one["paid"]) for one in self.decisions) - sum(cents for _, _, cents in self.moved)

    def settle(self) -> None:
        """Interest is moved beside the claims, and a negative total is carried forward."""
        interest = sum(one["interest"] for one in self.decisions)
        if interest:
            self.moved.append(("L6", self.number, -interest))
        if self.total < 0:
            self.moved.append(("FB", self.number, self.total))

    def body(self) -> Body:
        """The transaction."""
        return Body("835", list(self._rows()))

    def _rows(self) -> Iterator[Row]:
        day = f"{self.at:%Y%m%d}"
        total = self.total + self.off_by
        how = ["ACH", "CCP", "01", "999999992", "DA", "123456", _ORIGINATOR, "", "01", "999988880", "DA", "98765"]
        bank = how if total else ["NON", *[""] * 11]
        yield ["BPR", "I" if total else "H", amount(total), "C", *bank, day]
        yield ["TRN", "1", self.number, _ORIGINATOR]
        yield ["REF", "EV", RECEIVER]
        yield ["DTM", "405", day]
        yield ["N1", "PR", self.plan.name]
        yield ["N3", "PO BOX 1"]
        yield ["N4", "LARKSPUR HEIGHTS", "IL", "606010001"]
        yield ["REF", "2U", self.plan.ids.get(REMITS, "")]
        yield ["PER", "BL", "PROVIDER SERVICES", "TE", "8005550100"]
        yield ["N1", "PE", PRACTICE, "XX", BILLING_NPI]
        yield ["REF", "TJ", TAX_ID]
        yield ["LX", "1"]
        for decision in self.decisions:
            yield from _claim(self.plan, decision)
        if self.moved:
            pairs: list[Value] = []
            for reason, reference, cents in self.moved:
                pairs += [(reason, reference), amount(cents)]
            yield ["PLB", BILLING_NPI, f"{self.at:%Y}1231", *pairs]


def _claim(plan: Plan, decision: dict[str, Any]) -> Iterator[Row]:
    yield [
        "CLP", decision["account"], decision["status"], amount(decision["charge"]), amount(decision["paid"]),
        amount(decision["patient_share"]), {"MB": "MB", "MC": "MC"}.get(plan.filing, "12"), decision["payer_control"],
        decision["pos"] or "11", decision["frequency"],
    ]  # fmt: skip
    yield ["NM1", "QC", "1", decision["last"], decision["first"], "", "", "", "MI", decision["member"]]
    if decision["rendering"] and decision["rendering"] != BILLING_NPI:
        yield ["NM1", "82", "2", "RENDERING PROVIDER", "", "", "", "", "XX", decision["rendering"]]
    yield ["DTM", "232", decision["from"].replace("-", "")]
    yield ["DTM", "233", decision["to"].replace("-", "")]
    if decision["interest"]:
        yield ["AMT", "I", amount(decision["interest"])]
    for line in decision["lines"]:
        code = ("HC", line["code"], *line["modifiers"])
        yield ["SVC", code, amount(line["charge"]), amount(line["paid"]), "", line["units"]]
        yield ["DTM", "472", (line["from"] or decision["from"]).replace("-", "")]
        for group, reason, cents in line["adjustments"]:
            yield ["CAS", group, reason, amount(cents)]
        if line["control"]:
            yield ["REF", "6R", line["control"]]
        if line["allowed"]:
            yield ["AMT", "B6", amount(line["allowed"])]
        if decision["status"] == "4":
            yield ["LQ", "HE", "N130"]


def unknown_claim(plan: Plan) -> dict[str, Any]:
    """A payment for an account that the practice never sent."""
    line = {
        "code": "99212", "modifiers": [], "charge": 9000, "units": "1", "from": "2026-01-05", "control": "",
        "allowed": 8000, "adjustments": [("CO", "45", 1000)], "paid": 8000,
    }  # fmt: skip
    return {
        "account": "ZZ-000404", "status": "1", "outcome": "unknown", "charge": 9000, "paid": 8000, "patient_share": 0,
        "payer_control": f"{plan.prefix}UNKNOWN1", "pos": "11", "frequency": "1", "last": "NOBODY", "first": "KNOWN",
        "member": f"{plan.prefix}00000404", "rendering": "", "from": "2026-01-05", "to": "2026-01-05",
        "interest": 0, "lines": [line],
    }  # fmt: skip


def bundle(file_id: str, at: datetime, documents: Sequence[bytes], payments: Sequence[Payment], odd: str) -> bytes:
    """The zip of an ERA: 835 and readable twin, or one of ``ODD_BUNDLES``."""
    if odd == "broken_zip":
        return bundle(file_id, at, documents, payments, "")[:200]
    day = f"{at:%Y%m%d}"
    parts: list[tuple[str, bytes]] = []
    for place, (document, payment) in enumerate(zip(documents, payments, strict=True)):
        mark = f"_{place + 1}" if place else ""
        name = f"{file_id}_ERA_835_5010_{day}{mark}.835"
        parts.append((name.upper() if odd == "upper" else name, document))
        if odd != "no_text":
            text = readable_eob(
                payment.number, payment.total, payment.plan.name, payment.at.date().isoformat(), payment.decisions
            )
            parts.append((f"{file_id}_ERA_STATUS_5010_{day}{mark}.txt", text.encode()))
    packed = zipped(parts)
    return zipped([(f"{file_id}_ERA_STATUS_5010_{day}.zip", packed)]) if odd == "nested" else packed


def zipped(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip with these names and contents, whatever the names are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
