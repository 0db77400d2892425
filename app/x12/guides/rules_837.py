"""Rules of the 837 that a table cannot say: sums, levels, pointers, other payers, what a payer will send back.

Each function sees one complete loop. What stops a claim is an error; what public samples and real files are full of
(short ZIP codes, repeated claim numbers) is a warning in what we receive and an error in what we build.
"""

from __future__ import annotations

import re

from app.model.problem import Severity
from app.x12.guide import Segment
from app.x12.guides.levels_837 import billing_level, billing_party, full_zip, patient_level, subscriber_level, taxonomy
from app.x12.guides.payers_837 import order_of_payers, other_payers
from app.x12.guides.shared_837 import charge_of, component_of, root, soft, tally_of
from app.x12.loops import Loop, Report
from app.x12.values import cents

_CLIA = re.compile(r"\d{2}D\d{7}")
MOST_CLAIMS = 5000
_MOST_REMEMBERED = 20_000


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
    order_of_payers(loop, report)
    other_payers(loop, report, cents(clm[2]))
    _needless_rendering(loop, report)
    for ref in loop.all("REF", "X4"):
        if not _CLIA.fullmatch(ref[2]):
            report(
                loop,
                ref,
                "02",
                "clia",
                f"{ref[2]} does not look like a CLIA number (11D1111111).",
                "Correct the CLIA number.",
                soft(report),
            )


def _claim_number(loop: Loop, report: Report, clm: Segment) -> None:
    if len(clm[1]) > 20:
        report(
            loop,
            clm,
            "01",
            "claim-number-long",
            f"The claim number has {len(clm[1])} characters; payers give 20 back.",
            "Use at most 20 characters.",
            soft(report),
        )
    tally = tally_of(root(loop))
    tally["claims"] = tally.get("claims", 0) + 1
    if tally["claims"] == MOST_CLAIMS + 1:
        report(
            loop,
            clm,
            "",
            "claims-too-many",
            f"More than {MOST_CLAIMS} claims stand in one transaction.",
            "Start a new transaction.",
            soft(report),
        )
    key = "CLM " + clm[1]
    if key in tally:
        report(
            loop,
            clm,
            "01",
            "claim-number-repeated",
            f"The claim number {clm[1]} was used before in this transaction.",
            "Give each claim its own number.",
            soft(report),
        )
    elif tally["claims"] <= _MOST_REMEMBERED:
        tally[key] = 1


def _charges(loop: Loop, report: Report, clm: Segment) -> None:
    total = 0
    for line in loop.children("2400"):
        service, charge = charge_of(line)
        total += cents(charge)
        _decimals(line, report, service, charge, "02" if service and service[0] == "SV1" else "03")
    _decimals(loop, report, clm, clm[2], "02")
    if loop.children("2400") and total != cents(clm[2]):
        report(
            loop,
            clm,
            "02",
            "charge-sum",
            f"The claim charges {clm[2]}, but its lines add up to {total / 100:.2f}.",
            "Correct the total or a line.",
        )


def _decimals(loop: Loop, report: Report, segment: Segment | None, text: str, element: str) -> None:
    if len(text.partition(".")[2]) > 2:
        report(loop, segment, element, "decimals", f"The amount {text} has more than two decimals.", "Use whole cents.")


def _frequency(loop: Loop, report: Report, clm: Segment) -> None:
    facility = clm[5].split(component_of(report))
    frequency = facility[2] if len(facility) > 2 else ""
    if frequency in ("7", "8") and not loop.ref("F8"):
        word = "replaces" if frequency == "7" else "voids"
        report(
            loop,
            clm,
            "05-3",
            "frequency-reference",
            f"This claim {word} an earlier one, but the payer's number of that claim (REF*F8) is missing.",
            "Take it from the remittance or the claim acknowledgment.",
        )
    filing = loop.parent.value("SBR", 9) if loop.parent and loop.parent.id == "2000B" else ""
    if frequency in ("7", "8") and filing == "MB":
        report(
            loop,
            clm,
            "05-3",
            "frequency-medicare",
            "Medicare Part B takes no replacement or void claims.",
            "Ask for a reopening instead, or send a new claim.",
            Severity.WARNING,
        )


_PRINCIPAL = ("ABK", "BK")
_OTHER = ("ABF", "BF")


def _diagnoses(loop: Loop, report: Report) -> int:
    """Look at every HI composite; return how many diagnoses a line may point to."""
    component = component_of(report)
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
                    loop,
                    hi,
                    place,
                    "diagnosis-point",
                    f"The diagnosis {code} is written with a point.",
                    "Leave the point out.",
                )
            if (qualifier[-1], code) in seen and qualifier in (*_PRINCIPAL, *_OTHER):
                report(
                    loop,
                    hi,
                    place,
                    "diagnosis-twice",
                    f"The diagnosis {code} stands twice on the claim.",
                    "Name it once.",
                    Severity.WARNING,
                )
            if qualifier in (*_PRINCIPAL, *_OTHER):
                seen.add((qualifier[-1], code))
    if len(systems) > 1:
        report(
            loop,
            loop.first("HI"),
            "01-1",
            "diagnosis-mixed",
            "ICD-9 and ICD-10 diagnoses stand on one claim.",
            "Use one code set, by the service date.",
            soft(report),
        )
    return count


def _accident(loop: Loop, report: Report, clm: Segment) -> None:
    if not clm[11]:
        return
    causes = clm[11].split(component_of(report))
    if "AA" in causes[:3] and (len(causes) < 4 or not causes[3]):
        report(
            loop,
            clm,
            "11-4",
            "accident-state",
            "An auto accident needs the state it happened in.",
            "Add the state.",
            soft(report),
        )
    if ("AA" in causes[:3] or "OA" in causes[:3]) and loop.first("DTP", "439") is None:
        report(loop, clm, "11", "accident-date", "An accident needs its date (DTP*439).", "Add the date.", soft(report))


def _lines(loop: Loop, report: Report, diagnoses: int) -> None:
    component = component_of(report)
    for expected, line in enumerate(loop.children("2400"), 1):
        number = line.value("LX", 1)
        if number != str(expected):
            report(
                line,
                line.first("LX"),
                "01",
                "line-number",
                f"The line number is {number or 'empty'}; {expected} comes next.",
                "Number the lines from 1.",
            )
        sv1 = line.first("SV1")
        if sv1 is not None:
            _pointers(line, report, sv1, diagnoses, component)
            if sv1[4] and cents(sv1[4]) <= 0:
                report(line, sv1, "04", "units", "The line has no units.", "Give at least one unit.", soft(report))
        drug = line.child("2410")
        if drug is not None and drug.value("LIN", 2) == "N4" and not re.fullmatch(r"\d{11}", drug.value("LIN", 3)):
            report(
                drug,
                None,
                "03",
                "ndc",
                f"A drug code (NDC) has eleven digits: {drug.value('LIN', 3)}.",
                "Write it in the 5-4-2 form without dashes.",
                soft(report),
            )


def _pointers(line: Loop, report: Report, sv1: Segment, diagnoses: int, component: str) -> None:
    given = sv1[7].split(component) if sv1[7] else []
    for number, pointer in enumerate(given, 1):
        if pointer and not (pointer.isascii() and pointer.isdigit() and 1 <= int(pointer[:4]) <= min(diagnoses, 12)):
            report(
                line,
                sv1,
                f"07-{number}",
                "pointer",
                f"The line points to diagnosis {pointer}, but the claim has {diagnoses}.",
                "Point to a diagnosis of this claim.",
                soft(report),
            )
    if len(set(given)) != len(given):
        report(
            line,
            sv1,
            "07",
            "pointer-twice",
            "The line points to one diagnosis twice.",
            "Name each once.",
            soft(report),
        )


def _needless_rendering(loop: Loop, report: Report) -> None:
    top = loop.parent
    while top is not None and top.id != "2000A":
        top = top.parent
    billing = top.child("2010AA") if top else None
    rendering = next((child for child in loop.loops if child.first("NM1", "82")), None)
    if billing and rendering and billing.value("NM1", 9) and billing.value("NM1", 9) == rendering.value("NM1", 9):
        report(
            rendering,
            None,
            "09",
            "rendering-same",
            "The rendering provider is the billing provider.",
            "Leave the rendering provider out.",
            Severity.WARNING,
        )


def institutional_claim(loop: Loop, report: Report) -> None:
    """2300 of an 837I: the claim's rules, the admission date, the attending provider."""
    claim(loop, report)
    clm = loop.first("CLM")
    facility = clm[5].split(component_of(report))[0] if clm else ""
    if len(facility) == 2 and facility[0] == "1" and facility[1] in "12" and loop.first("DTP", "435") is None:
        report(
            loop,
            clm,
            "05-1",
            "admission-date",
            f"Type of bill {facility} is an inpatient stay; its admission date is missing.",
            "Add the admission date (DTP*435).",
            soft(report),
        )
    if loop.child("2310A") is None:
        report(
            loop,
            clm,
            "",
            "attending",
            "The attending provider (NM1*71) is missing.",
            "Add the attending provider, unless only transport is billed.",
            Severity.WARNING,
        )


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
