"""Rules of the 837 that a table cannot say: sums, levels, pointers, other payers, what a payer will send back.

Each function sees one complete loop. What stops a claim is an error; what public samples and real files are full of
(short ZIP codes, repeated claim numbers) is a warning in what we receive and an error in what we build.
"""

from __future__ import annotations

import re

from app.model.problem import Severity
from app.x12.guide import Segment
from app.x12.loops import Loop, Report
from app.x12.values import cents

_PO_BOX = re.compile(r"\b(?:P\.? ?O\.? ?BOX|POST OFFICE BOX|LOCK ?BOX)\b", re.IGNORECASE)
_TAX_NUMBER = re.compile(r"\d{9}")
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X")
_CLIA = re.compile(r"\d{2}D\d{7}")
MOST_CLAIMS = 5000
_MOST_REMEMBERED = 20_000


def _soft(report: Report) -> Severity:
    return Severity.ERROR if report.ours else Severity.WARNING


def _root(loop: Loop) -> Loop:
    while loop.parent is not None:
        loop = loop.parent
    return loop


def _tally(loop: Loop) -> dict[str, int]:
    if loop.tally is None:
        loop.tally = {}
    return loop.tally


def _component(report: Report) -> str:
    return report.transaction.delimiters.component or ":"


# -- levels (point 39) ------------------------------------------------------------------------------------------


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0


def _expect_level(loop: Loop, report: Report, tally: dict[str, int], number: int) -> None:
    """HL01 goes on by one from level to level, in the order of the file."""
    expected = tally.get("HL", 0) + 1
    if number != expected:
        report(
            loop, loop.first("HL"), "01", "hl-number", f"This level has the number {number or 'none'}; {expected} comes next.",
            "Number the levels from 1 without gaps.",
        )  # fmt: skip
    tally["HL"] = number or expected


def _expect_parent(loop: Loop, report: Report, parent: Loop | None) -> None:
    expected, named = parent.value("HL", 1) if parent else "", loop.value("HL", 2)
    if named != expected:
        report(
            loop, loop.first("HL"), "02", "hl-parent",
            f"This level names {named or 'none'} as the one above it; it stands under {expected or 'none'}.",
            "Name the level above.",
        )  # fmt: skip


def billing_level(loop: Loop, report: Report) -> None:
    """2000A: its taxonomy; and its number, where no subscriber level has counted it."""
    taxonomy(loop, report)
    count_billing(loop, report)


def count_billing(loop: Loop, report: Report) -> dict[str, int]:
    """Count a billing level once, before its first subscriber; what is remembered of the whole transaction."""
    tally = _tally(_root(loop))
    if not _tally(loop).get("seen"):
        _tally(loop)["seen"] = 1
        _expect_level(loop, report, tally, _number(loop.value("HL", 1)))
    return tally


def subscriber_level(loop: Loop, report: Report) -> None:
    """2000B: its number and its patients' numbers, who stands above, whether patients follow, who the patient is."""
    tally = _tally(_root(loop))
    billing = loop.parent
    if billing is not None and billing.id == "2000A":
        count_billing(billing, report)
    level = loop.first("HL")
    if level is None:
        return
    _expect_level(loop, report, tally, _number(level[1]))
    _expect_parent(loop, report, billing)
    patients = sorted((number, place) for place, number in _tally(loop).items() if place.startswith("HL2"))
    for number, place in sorted(patients, key=lambda pair: int(pair[1][3:])):
        if number != tally["HL"] + 1:
            report.at(
                int(place[3:]), "HL", "2000C", "01", "hl-number",
                f"This level has the number {number or 'none'}; {tally['HL'] + 1} comes next.",
                "Number the levels from 1 without gaps.",
            )  # fmt: skip
        tally["HL"] = number or tally["HL"] + 1
    if level[4] in ("0", "1") and (level[4] == "1") != bool(patients):
        words = "says that patients follow, but none does" if level[4] == "1" else "says that no patient follows, but one does"  # noqa: E501
        report(loop, level, "04", "hl-child", f"HL04 {words}.", "Set HL04 to 1 only when a patient level follows.")
    _self_is_patient(loop, report, bool(patients))


def _self_is_patient(loop: Loop, report: Report, patients: bool) -> None:
    sbr = loop.first("SBR")
    if sbr is None or loop.value("SBR", 2) != "18":
        return
    if patients:
        report(
            loop, sbr, "02", "patient-level", "The subscriber is said to be the patient, yet a patient level follows.",
            "Leave SBR02 empty, or leave the patient level out.",
        )  # fmt: skip
    member = loop.child("2010BA")
    for name, words in (("N3", "street"), ("N4", "city"), ("DMG", "birth date and sex")):
        if member is not None and member.first(name) is None:
            report(
                member, None, "", "patient-data", f"The subscriber is the patient, so the {words} ({name}) must be given.",
                "Complete the patient's record.",
            )  # fmt: skip


def patient_level(loop: Loop, report: Report) -> None:
    """2000C: its number is told to the level above, which checks the order."""
    if loop.parent is not None and loop.first("HL") is not None:
        _tally(loop.parent)[f"HL2{loop.start}"] = _number(loop.value("HL", 1))
        _expect_parent(loop, report, loop.parent)


# -- parties (point 43) -----------------------------------------------------------------------------------------


def billing_party(loop: Loop, report: Report) -> None:
    """2010AA: a street address, nine digits of ZIP, a tax number of nine digits."""
    street = loop.first("N3")
    if street is not None and _PO_BOX.search(" ".join(street[1:3])):
        report(
            loop, street, "01", "po-box", "The billing provider's address is a PO box; payers refuse that here.",
            "Give the street address; the PO box goes into the pay-to address.", _soft(report),
        )  # fmt: skip
    full_zip(loop, report)
    for ref in loop.all("REF", "EI", "SY"):
        if not _TAX_NUMBER.fullmatch(ref[2]):
            report(
                loop, ref, "02", "tax-number", f"The tax number has nine digits, without a dash: {ref[2] or 'empty'}.",
                "Correct the billing provider's tax number.", _soft(report),
            )  # fmt: skip


def full_zip(loop: Loop, report: Report) -> None:
    """Nine digits of ZIP, asked of the billing provider and the place of service."""
    city = loop.first("N4")
    if city is not None and city[4] in ("", "US") and re.fullmatch(r"\d{5}", city[3]):
        report(
            loop, city, "03", "zip-nine", f"The ZIP code {city[3]} has five digits; nine are asked for here.",
            "Add the last four digits.", _soft(report),
        )  # fmt: skip


def taxonomy(loop: Loop, report: Report) -> None:
    """PRV03 is ten characters that end in X."""
    prv = loop.first("PRV")
    if prv is not None and prv[3] and not _TAXONOMY.fullmatch(prv[3]):
        report(
            loop, prv, "03", "taxonomy", f"{prv[3]} does not look like a taxonomy code.",
            "Use the code the provider is enrolled with.", _soft(report),
        )  # fmt: skip


# -- claim (points 40, 41, 44) ----------------------------------------------------------------------------------


def claim(loop: Loop, report: Report) -> None:
    """2300: everything that needs the whole claim."""
    clm = loop.first("CLM")
    if clm is None:
        return
    _claim_number(loop, report, clm)
    _charges(loop, report, clm)
    _frequency(loop, report, clm)
    diagnoses = _diagnoses(loop, report)
    _accident(loop, report, clm)
    _lines(loop, report, diagnoses)
    _order_of_payers(loop, report)
    _other_payers(loop, report, cents(clm[2]))
    _needless_rendering(loop, report)
    for ref in loop.all("REF", "X4"):
        if not _CLIA.fullmatch(ref[2]):
            report(
                loop, ref, "02", "clia", f"{ref[2]} does not look like a CLIA number (11D1111111).",
                "Correct the CLIA number.", _soft(report),
            )  # fmt: skip


def _claim_number(loop: Loop, report: Report, clm: Segment) -> None:
    if len(clm[1]) > 20:
        report(
            loop, clm, "01", "claim-number-long", f"The claim number has {len(clm[1])} characters; payers give 20 back.",
            "Use at most 20 characters.", _soft(report),
        )  # fmt: skip
    tally = _tally(_root(loop))
    tally["claims"] = tally.get("claims", 0) + 1
    if tally["claims"] == MOST_CLAIMS + 1:
        report(
            loop, clm, "", "claims-too-many", f"More than {MOST_CLAIMS} claims stand in one transaction.",
            "Start a new transaction.", _soft(report),
        )  # fmt: skip
    key = "CLM " + clm[1]
    if key in tally:
        report(
            loop, clm, "01", "claim-number-repeated", f"The claim number {clm[1]} was used before in this transaction.",
            "Give each claim its own number.", _soft(report),
        )  # fmt: skip
    elif tally["claims"] <= _MOST_REMEMBERED:
        tally[key] = 1


def _charge_of(line: Loop) -> tuple[Segment | None, str]:
    service = line.first("SV1") or line.first("SV2")
    if service is None:
        return None, ""
    return service, service[2] if service[0] == "SV1" else service[3]


def _charges(loop: Loop, report: Report, clm: Segment) -> None:
    total = 0
    for line in loop.children("2400"):
        service, charge = _charge_of(line)
        total += cents(charge)
        _decimals(line, report, service, charge, "02" if service and service[0] == "SV1" else "03")
    _decimals(loop, report, clm, clm[2], "02")
    if loop.children("2400") and total != cents(clm[2]):
        report(
            loop, clm, "02", "charge-sum",
            f"The claim charges {clm[2]}, but its lines add up to {total / 100:.2f}.", "Correct the total or a line.",
        )  # fmt: skip


def _decimals(loop: Loop, report: Report, segment: Segment | None, text: str, element: str) -> None:
    if len(text.partition(".")[2]) > 2:
        report(
            loop, segment, element, "decimals", f"The amount {text} has more than two decimals.", "Use whole cents."
        )


def _frequency(loop: Loop, report: Report, clm: Segment) -> None:
    facility = clm[5].split(_component(report))
    frequency = facility[2] if len(facility) > 2 else ""
    if frequency in ("7", "8") and not loop.ref("F8"):
        word = "replaces" if frequency == "7" else "voids"
        report(
            loop, clm, "05-3", "frequency-reference",
            f"This claim {word} an earlier one, but the payer's number of that claim (REF*F8) is missing.",
            "Take it from the remittance or the claim acknowledgment.",
        )  # fmt: skip
    filing = loop.parent.value("SBR", 9) if loop.parent and loop.parent.id == "2000B" else ""
    if frequency in ("7", "8") and filing == "MB":
        report(
            loop, clm, "05-3", "frequency-medicare", "Medicare Part B takes no replacement or void claims.",
            "Ask for a reopening instead, or send a new claim.", Severity.WARNING,
        )  # fmt: skip


_PRINCIPAL = ("ABK", "BK")
_OTHER = ("ABF", "BF")


def _diagnoses(loop: Loop, report: Report) -> int:
    """Look at every HI composite; return how many diagnoses a line may point to."""
    component = _component(report)
    seen: set[tuple[str, str]] = set()
    systems: set[bool] = set()
    count = 0
    for hi in loop.all("HI"):
        for number, text in enumerate(hi[1:], 1):
            qualifier, _, rest = text.partition(component)
            code = rest.partition(component)[0]
            if not text or qualifier not in (*_PRINCIPAL, *_OTHER, "ABJ", "BJ", "APR", "PR", "ABN", "BN"):
                continue
            count += qualifier in (*_PRINCIPAL, *_OTHER)
            systems.add(qualifier[0] == "A")
            place = f"{number:02d}-2"
            if "." in code:
                report(
                    loop, hi, place, "diagnosis-point", f"The diagnosis {code} is written with a point.",
                    "Leave the point out.",
                )  # fmt: skip
            if (qualifier[-1], code) in seen and qualifier in (*_PRINCIPAL, *_OTHER):
                report(
                    loop, hi, place, "diagnosis-twice", f"The diagnosis {code} stands twice on the claim.",
                    "Name it once.", Severity.WARNING,
                )  # fmt: skip
            if qualifier in (*_PRINCIPAL, *_OTHER):
                seen.add((qualifier[-1], code))
    if len(systems) > 1:
        report(
            loop, loop.first("HI"), "01-1", "diagnosis-mixed", "ICD-9 and ICD-10 diagnoses stand on one claim.",
            "Use one code set, by the service date.", _soft(report),
        )  # fmt: skip
    return count


def _accident(loop: Loop, report: Report, clm: Segment) -> None:
    if not clm[11]:
        return
    causes = clm[11].split(_component(report))
    if "AA" in causes[:3] and (len(causes) < 4 or not causes[3]):
        report(
            loop, clm, "11-4", "accident-state", "An auto accident needs the state it happened in.", "Add the state.",
            _soft(report),
        )  # fmt: skip
    if ("AA" in causes[:3] or "OA" in causes[:3]) and loop.first("DTP", "439") is None:
        report(
            loop, clm, "11", "accident-date", "An accident needs its date (DTP*439).", "Add the date.", _soft(report)
        )


def _lines(loop: Loop, report: Report, diagnoses: int) -> None:
    component = _component(report)
    for expected, line in enumerate(loop.children("2400"), 1):
        number = line.value("LX", 1)
        if number != str(expected):
            report(
                line, line.first("LX"), "01", "line-number", f"The line number is {number or 'empty'}; {expected} comes next.",
                "Number the lines from 1.",
            )  # fmt: skip
        sv1 = line.first("SV1")
        if sv1 is not None:
            _pointers(line, report, sv1, diagnoses, component)
            if sv1[4] and cents(sv1[4]) <= 0:
                report(line, sv1, "04", "units", "The line has no units.", "Give at least one unit.", _soft(report))
        drug = line.child("2410")
        if drug is not None and drug.value("LIN", 2) == "N4" and not re.fullmatch(r"\d{11}", drug.value("LIN", 3)):
            report(
                drug, None, "03", "ndc", f"A drug code (NDC) has eleven digits: {drug.value('LIN', 3)}.",
                "Write it in the 5-4-2 form without dashes.", _soft(report),
            )  # fmt: skip


def _pointers(line: Loop, report: Report, sv1: Segment, diagnoses: int, component: str) -> None:
    given = sv1[7].split(component) if sv1[7] else []
    for number, pointer in enumerate(given, 1):
        if pointer and not (pointer.isascii() and pointer.isdigit() and 1 <= int(pointer[:4]) <= min(diagnoses, 12)):
            report(
                line, sv1, f"07-{number}", "pointer",
                f"The line points to diagnosis {pointer}, but the claim has {diagnoses}.",
                "Point to a diagnosis of this claim.", _soft(report),
            )  # fmt: skip
    if len(set(given)) != len(given):
        report(
            line, sv1, "07", "pointer-twice", "The line points to one diagnosis twice.", "Name each once.", _soft(report)
        )


def _needless_rendering(loop: Loop, report: Report) -> None:
    top = loop.parent
    while top is not None and top.id != "2000A":
        top = top.parent
    billing = top.child("2010AA") if top else None
    rendering = next((child for child in loop.loops if child.first("NM1", "82")), None)
    if billing and rendering and billing.value("NM1", 9) and billing.value("NM1", 9) == rendering.value("NM1", 9):
        report(
            rendering, None, "09", "rendering-same", "The rendering provider is the billing provider.",
            "Leave the rendering provider out.", Severity.WARNING,
        )  # fmt: skip


# -- other payers (point 42) ------------------------------------------------------------------------------------


def _order_of_payers(loop: Loop, report: Report) -> None:
    level = loop.parent
    while level is not None and level.id != "2000B":
        level = level.parent
    sbr = level.first("SBR") if level else None
    seen = {sbr[1]} if sbr else set()
    for other in loop.children("2320"):
        order = other.value("SBR", 1)
        if order in seen and order != "U":
            report(
                other, other.first("SBR"), "01", "payer-order", f"Two payers of this claim have the order {order}.",
                "Give each payer its own place.", _soft(report),
            )  # fmt: skip
        seen.add(order)
    if sbr is not None and sbr[9] in ("MA", "MB") and sbr[1] != "P" and not sbr[5]:
        report(
            level or loop, sbr, "05", "msp-type", "Medicare is not first here, and why is not said (SBR05).",
            "Give the reason why another payer comes first.", _soft(report),
        )  # fmt: skip


def _adjusted(loop: Loop) -> int:
    return sum(
        cents(cas[at]) for cas in loop.all("CAS") for at in range(3, len(cas), 3) if cas[at - 1] or cas[at]
    )


def _other_payers(loop: Loop, report: Report, charge: int) -> None:
    payers: dict[str, Loop] = {}
    for other in loop.children("2320"):
        payer = other.child("2330B")
        if payer is not None:
            payers[payer.value("NM1", 9)] = other
    taken: dict[str, int] = {}
    for line in loop.children("2400"):
        _, text = _charge_of(line)
        for decision in line.children("2430"):
            svd = decision.first("SVD")
            if svd is None:
                continue
            taken[svd[1]] = taken.get(svd[1], 0) + _adjusted(decision)
            _line_balance(decision, report, svd, cents(text))
            if svd[1] not in payers:
                report(
                    decision, svd, "01", "decision-payer",
                    f"The line has a decision of payer {svd[1]}, who is not among the claim's other payers.",
                    "Use the other payer's number (2330B NM109).", _soft(report),
                )  # fmt: skip
    for number, other in payers.items():
        paid = other.first("AMT", "D")
        adjusted = _adjusted(other) + taken.get(number, 0)
        if paid is None or not (adjusted or number in taken):
            continue
        if cents(paid[2]) + adjusted != charge:
            report(
                other, paid, "02", "other-payer-sum",
                f"Paid {cents(paid[2]) / 100:.2f} and adjusted {adjusted / 100:.2f} by this payer do not add up to "
                f"the claim's {charge / 100:.2f}.",
                "Copy paid amount and adjustments from that payer's remittance.", _soft(report),
            )  # fmt: skip


def _line_balance(decision: Loop, report: Report, svd: Segment, charge: int) -> None:
    adjusted = _adjusted(decision)
    if cents(svd[2]) + adjusted != charge:
        report(
            decision, svd, "02", "line-sum",
            f"Paid {cents(svd[2]) / 100:.2f} and adjusted {adjusted / 100:.2f} do not add up to the line's "
            f"{charge / 100:.2f}.",
            "Copy both from that payer's remittance, unchanged.",
        )  # fmt: skip


# -- institutional (point 44) -----------------------------------------------------------------------------------


def institutional_claim(loop: Loop, report: Report) -> None:
    """2300 of an 837I: the claim's rules, the admission date, the attending provider."""
    claim(loop, report)
    clm = loop.first("CLM")
    facility = clm[5].split(_component(report))[0] if clm else ""
    if len(facility) == 2 and facility[0] == "1" and facility[1] in "12" and loop.first("DTP", "435") is None:
        report(
            loop, clm, "05-1", "admission-date", f"Type of bill {facility} is an inpatient stay; its admission date is missing.",
            "Add the admission date (DTP*435).", _soft(report),
        )  # fmt: skip
    if loop.child("2310A") is None:
        report(
            loop, clm, "", "attending", "The attending provider (NM1*71) is missing.",
            "Add the attending provider, unless only transport is billed.", Severity.WARNING,
        )  # fmt: skip


RULES = {
    "2000A": billing_level,
    "2000B": subscriber_level,
    "2000C": patient_level,
    "2010AA": billing_party,
    "2310B": taxonomy,
    "2310C": full_zip,
    "2420A": taxonomy,
    "2420C": full_zip,
    "2300": claim,
}
RULES_INSTITUTIONAL = {
    "2000A": billing_level,
    "2000B": subscriber_level,
    "2000C": patient_level,
    "2010AA": billing_party,
    "2310A": taxonomy,
    "2310E": full_zip,
    "2300": institutional_claim,
}
