"""The invented payers, what each of them asks, and the payer list as Office Ally exports it.

Ids differ by transaction, as on the real list; a payer's rules say what its 270 must hold and how it decides.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

CLAIMS = "837P"
INSTITUTIONAL = "837I"
REMITS = "835"
ELIGIBILITY = "270"
STATUS = "276"
TRANSACTIONS = (CLAIMS, INSTITUTIONAL, REMITS, ELIGIBILITY, STATUS)

#: How the export writes each transaction.
TITLES = {
    CLAIMS: "Professional Claims 837P",
    INSTITUTIONAL: "Institutional Claims 837I",
    REMITS: "Remits 835",
    ELIGIBILITY: "Eligibility 270 / 271",
    STATUS: "Claim Status 276 / 277",
    "837D": "Dental Claims 837D",
}
COLUMNS = (
    "PAYER NAME", "PAYER ID", "TRANSACTION", "AVAILABLE", "NON PAR", "ENROLLMENT", "SECONDARY", "ATTACHMENT",
    "WC / AUTO", "NOTES",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One payer. ``ids`` by transaction (missing: not offered); ``enroll`` where a form is needed first.

    ``prefix`` begins every member id. ``wants_id``: a 270 without the member id is refused; ``refuses_sex``: a 270
    with DMG03 is answered by a 999; ``days_back``: the oldest day it may ask about.
    """

    key: str
    name: str
    ids: dict[str, str]
    prefix: str
    plan_name: str
    insurance: str = "C1"
    filing: str = "CI"
    enroll: tuple[str, ...] = (REMITS,)
    wants_id: bool = True
    refuses_sex: bool = False
    days_back: int = 730
    non_par: bool = False
    auto: str = ""
    copay: int = 2500
    notes: dict[str, str] = field(default_factory=dict)


def _same(text: str) -> dict[str, str]:
    return dict.fromkeys(TRANSACTIONS, text)


PLANS = (
    Plan(
        key="heron", name="BLUE HERON HEALTH PLAN", prefix="BHH", plan_name="HERON CHOICE PPO", insurance="PR",
        ids={CLAIMS: "BHH01", INSTITUTIONAL: "BHH01", REMITS: "BHH01", ELIGIBILITY: "BLUEHERON-ELIG", STATUS: "BHSTAT"},
        notes={CLAIMS: "Effective 01/01/2026 replaces payer ID BHH00.\nSend corrected claims with frequency code 7."},
    ),
    Plan(
        key="prairie", name="PRAIRIE MUTUAL", ids=_same("72110"), prefix="PM", plan_name="PRAIRIE HMO", insurance="HM",
        copay=3000,
    ),
    Plan(
        key="medicaid", name="LAKESHORE MEDICAID", prefix="LK", plan_name="LAKESHORE MANAGED MEDICAID",
        ids={CLAIMS: "SKLK0", INSTITUTIONAL: "SKLK0", REMITS: "SKLK0", ELIGIBILITY: "LKMCD", STATUS: "LKMCD-276"},
        insurance="MC", filing="MC", enroll=(CLAIMS, INSTITUTIONAL, REMITS, ELIGIBILITY), wants_id=False,
        refuses_sex=True, days_back=365, copay=0,
        notes={ELIGIBILITY: "Search by name and birth date only.", REMITS: "Enroll under ID SKLK0 for all programs."},
    ),
    Plan(
        key="medicare", name="GREAT LAKES MEDICARE PART B", prefix="1EG", plan_name="MEDICARE PART B", filing="MB",
        ids={CLAIMS: "GLMB1", INSTITUTIONAL: "GLMB2", REMITS: "GLMB1", ELIGIBILITY: "GLCMS", STATUS: "GLCMS"},
        insurance="MB", enroll=(CLAIMS, INSTITUTIONAL, REMITS, ELIGIBILITY), copay=0,
    ),
    Plan(
        key="orchard", name="ORCHARD VALLEY BENEFIT TRUST", prefix="OV", plan_name="ORCHARD SELECT", non_par=True,
        ids={CLAIMS: "OVB55", REMITS: "OVB55", ELIGIBILITY: "OVBT"}, copay=4000,
        notes={CLAIMS: "No claim status (276) with this payer.\nNon-par: a monthly fee applies."},
    ),
    Plan(
        key="copper", name="COPPER CREEK WORKERS COMP", ids={CLAIMS: "CCW77"}, prefix="CC", plan_name="COPPER CREEK WC",
        insurance="WC",
        filing="WC", enroll=(), auto="Work Comp", copay=0, notes={CLAIMS: "Attachments needed. ERAs come by mail."},
    ),
    Plan(
        key="lantern", name="LANTERN SUPPLEMENT", ids=_same("LNT88"), prefix="LS", plan_name="MEDIGAP PLAN G",
        insurance="SP", copay=0,
        enroll=(), filing="CI",
    ),
)  # fmt: skip
BY_KEY = {plan.key: plan for plan in PLANS}


def by_id(transaction: str, payer_id: str) -> Plan | None:
    """The payer that has this id for this very transaction."""
    wanted = payer_id.strip().upper()
    return next((plan for plan in PLANS if plan.ids.get(transaction) == wanted), None)


def rows() -> Iterator[tuple[str, ...]]:
    """The list, row by row, with the real one's oddities: names twice, one broken row, ids of four and six."""
    for plan in PLANS:
        for transaction, number in plan.ids.items():
            yield (
                plan.name, number, TITLES[transaction], "Yes", _yes(plan.non_par and transaction == CLAIMS),
                _yes(transaction in plan.enroll), _yes(transaction == CLAIMS and plan.filing != "WC"),
                _yes(plan.filing == "WC"), plan.auto if transaction == CLAIMS else "", plan.notes.get(transaction, ""),
            )  # fmt: skip
    heron = PLANS[0]
    for name in (heron.name, "HERON OF THE LAKES (BLUE HERON)"):
        yield (name, "BHH02", TITLES[CLAIMS], "Yes", "No", "No", "Yes", "No", "", "Many names share this ID.")
    yield ("HARBOR DENTAL", "HBRD", TITLES["837D"], "Yes", "No", "No", "No", "Yes", "", "")
    yield ("SALTMARSH AUTO INSURANCE", "SMA001", TITLES[CLAIMS], "Yes", "No", "No", "No", "Yes", "Auto", "")
    rook = 'THISTLE & ROOK, INC. "TPA"'
    yield (rook, "THRK1", TITLES[CLAIMS], "No", "No", "No", "No", "No", "Work Comp & Auto", "")
    yield ("", "", " undefined", "", "", "", "", "", "", "")


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def export() -> bytes:
    """The list as the CSV that the Resource Center gives."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows())
    return text.getvalue().encode("utf-8-sig")
