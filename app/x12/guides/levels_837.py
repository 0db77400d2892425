"""Rules of the levels of an 837 (point 39) and of the parties in them (point 43)."""

from __future__ import annotations

import re

from app.x12.guides.shared_837 import root, soft, tally_of
from app.x12.loops import Loop, Report

_PO_BOX = re.compile(r"\b(?:P\.? ?O\.? ?BOX|POST OFFICE BOX|LOCK ?BOX)\b", re.IGNORECASE)
_TAX_NUMBER = re.compile(r"\d{9}")
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0


def _expect_level(loop: Loop, report: Report, tally: dict[str, int], number: int) -> None:
    """HL01 goes on by one from level to level, in the order of the file."""
    expected = tally.get("HL", 0) + 1
    if number != expected:
        report(
            loop,
            loop.first("HL"),
            "01",
            "hl-number",
            f"This level has the number {number or 'none'}; {expected} comes next.",
            "Number the levels from 1 without gaps.",
        )
    tally["HL"] = number or expected


def _expect_parent(loop: Loop, report: Report, parent: Loop | None) -> None:
    expected, named = parent.value("HL", 1) if parent else "", loop.value("HL", 2)
    if named != expected:
        report(
            loop,
            loop.first("HL"),
            "02",
            "hl-parent",
            f"This level names {named or 'none'} as the one above it; it stands under {expected or 'none'}.",
            "Name the level above.",
        )


def billing_level(loop: Loop, report: Report) -> None:
    """2000A: its taxonomy; and its number, where no subscriber level has counted it."""
    taxonomy(loop, report)
    count_billing(loop, report)


def count_billing(loop: Loop, report: Report) -> dict[str, int]:
    """Count a billing level once, before its first subscriber; what is remembered of the whole transaction."""
    tally = tally_of(root(loop))
    if not tally_of(loop).get("seen"):
        tally_of(loop)["seen"] = 1
        _expect_level(loop, report, tally, _number(loop.value("HL", 1)))
    return tally


def subscriber_level(loop: Loop, report: Report) -> None:
    """2000B: its number and its patients' numbers, who stands above, whether patients follow, who the patient is."""
    tally = tally_of(root(loop))
    billing = loop.parent
    if billing is not None and billing.id == "2000A":
        count_billing(billing, report)
    level = loop.first("HL")
    if level is None:
        return
    _expect_level(loop, report, tally, _number(level[1]))
    _expect_parent(loop, report, billing)
    patients = sorted((number, place) for place, number in tally_of(loop).items() if place.startswith("HL2"))
    for number, place in sorted(patients, key=lambda pair: int(pair[1][3:])):
        if number != tally["HL"] + 1:
            report.at(
                int(place[3:]),
                "HL",
                "2000C",
                "01",
                "hl-number",
                f"This level has the number {number or 'none'}; {tally['HL'] + 1} comes next.",
                "Number the levels from 1 without gaps.",
            )
        tally["HL"] = number or tally["HL"] + 1
    if level[4] in ("0", "1") and (level[4] == "1") != bool(patients):
        words = (
            "says that patients follow, but none does"
            if level[4] == "1"
            else "says that no patient follows, but one does"
        )
        report(loop, level, "04", "hl-child", f"HL04 {words}.", "Set HL04 to 1 only when a patient level follows.")
    _self_is_patient(loop, report, bool(patients))


def _self_is_patient(loop: Loop, report: Report, patients: bool) -> None:
    sbr = loop.first("SBR")
    if sbr is None or loop.value("SBR", 2) != "18":
        return
    if patients:
        report(
            loop,
            sbr,
            "02",
            "patient-level",
            "The subscriber is said to be the patient, yet a patient level follows.",
            "Leave SBR02 empty, or leave the patient level out.",
        )
    member = loop.child("2010BA")
    for name, words in (("N3", "street"), ("N4", "city"), ("DMG", "birth date and sex")):
        if member is not None and member.first(name) is None:
            report(
                member,
                None,
                "",
                "patient-data",
                f"The subscriber is the patient, so the {words} ({name}) must be given.",
                "Complete the patient's record.",
            )


def patient_level(loop: Loop, report: Report) -> None:
    """2000C: its number is told to the level above, which checks the order."""
    if loop.parent is not None and loop.first("HL") is not None:
        tally_of(loop.parent)[f"HL2{loop.start}"] = _number(loop.value("HL", 1))
        _expect_parent(loop, report, loop.parent)


def billing_party(loop: Loop, report: Report) -> None:
    """2010AA: a street address, nine digits of ZIP, a tax number of nine digits."""
    street = loop.first("N3")
    if street is not None and _PO_BOX.search(" ".join(street[1:3])):
        report(
            loop,
            street,
            "01",
            "po-box",
            "The billing provider's address is a PO box; payers refuse that here.",
            "Give the street address; the PO box goes into the pay-to address.",
            soft(report),
        )
    full_zip(loop, report)
    for ref in loop.all("REF", "EI", "SY"):
        if not _TAX_NUMBER.fullmatch(ref[2]):
            report(
                loop,
                ref,
                "02",
                "tax-number",
                f"The tax number has nine digits, without a dash: {ref[2] or 'empty'}.",
                "Correct the billing provider's tax number.",
                soft(report),
            )


def full_zip(loop: Loop, report: Report) -> None:
    """Nine digits of ZIP, asked of the billing provider and the place of service."""
    city = loop.first("N4")
    if city is not None and city[4] in ("", "US") and re.fullmatch(r"\d{5}", city[3]):
        report(
            loop,
            city,
            "03",
            "zip-nine",
            f"The ZIP code {city[3]} has five digits; nine are asked for here.",
            "Add the last four digits.",
            soft(report),
        )


def taxonomy(loop: Loop, report: Report) -> None:
    """PRV03 is ten characters that end in X."""
    prv = loop.first("PRV")
    if prv is not None and prv[3] and not _TAXONOMY.fullmatch(prv[3]):
        report(
            loop,
            prv,
            "03",
            "taxonomy",
            f"{prv[3]} does not look like a taxonomy code.",
            "Use the code the provider is enrolled with.",
            soft(report),
        )
