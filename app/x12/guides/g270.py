"""270, eligibility inquiry: 005010X279A1."""

from __future__ import annotations

from app.x12.guides.eligibility import (
    ADDRESS,
    DIAGNOSES,
    MEMBER_PROVIDER,
    PAYER,
    PROCEDURE,
    PROVIDER,
    PROVIDER_NUMBERS,
    PROVIDER_TAXONOMY,
    SUBSCRIBER,
    at,
    fields,
)
from app.x12.guides.levels import level, soft
from app.x12.loops import Loop, Report
from resources.codes import meaning

_NUMBERS = "1R=18,1L,1W,3H,6P,CT,EA,EJ,F6,GH,HJ,IG,N6,NQ,SY,Y4 2R 3-4N"
_QUESTION = f"""
loop 2110x 2100x USAGE 99 | Question
EQ  R 1 | 1S 2S{PROCEDURE} 3S=FAM,IND 4N 5S(1R 2-4S) | Question
AMT S 1 | 1R=R 2R 3N | Spend-down
AMT S 1 | 1R=PB 2R 3N | Billed amount
III S 1 | 1R=ZZ 2R 3-4N | Place of service
REF S 1 | 1R=9F,G1 2R 3-4N | Referral or authorization
DTP S 1 | 1R=291 2R=D8,RD8 3R | Service date
"""
_MEMBER = f"""
REF S 9 | {_NUMBERS} | Other number
{ADDRESS}
{MEMBER_PROVIDER}
DMG S 1 | 1S=D8 2S 3S=F,M 4-11N | Birth date and sex
INS S 1 | INSURED 3-16N 17S | Relationship
{DIAGNOSES}
DTP S 2 | 1R=102,291 2R=D8,RD8 3R | Date
"""

TABLE = f"""
guide 270 005010X279A1 HS | Eligibility inquiry
ST  R 1 | 1R=270 2R 3R | Transaction set header
BHT R 1 | 1R=0022 2R=01,13 3S 4R 5R 6S=RT | Beginning
loop 2000A - R >1 unit | Payer level
HL  R 1 | 1R 2N 3R=20 4R=1 | Level
loop 2100A 2000A R 1 | Payer
NM1 R 1 | {PAYER} | Payer
loop 2000B 2000A R >1 unit | Provider level
HL  R 1 | 1R 2R 3R=21 4R=1 | Level
loop 2100B 2000B R 1 | Provider
NM1 R 1 | {PROVIDER} | Provider
REF S 9 | {PROVIDER_NUMBERS} | Other number
{ADDRESS}
{PROVIDER_TAXONOMY}
loop 2000C 2000B R >1 unit | Subscriber level
HL  R 1 | 1R 2R 3R=22 4R=0,1 | Level
TRN S 2 | 1R=1 2R 3R 4S | Trace number
loop 2100C 2000C R 1 | Subscriber
NM1 R 1 | {SUBSCRIBER} | Subscriber
{_MEMBER.replace("INSURED", "1R=Y 2R=18")}
{at(_QUESTION, "C").replace("USAGE", "S")}
loop 2000D 2000C S >1 | Dependent level
HL  R 1 | 1R 2R 3R=23 4R=0 | Level
TRN S 2 | 1R=1 2R 3R 4S | Trace number
loop 2100D 2000D R 1 | Dependent
NM1 R 1 | 1R=03 2R=1 3S 4S 5S 6N 7S 8-12N | Dependent
{_MEMBER.replace("INSURED", "1R=N 2R=01,19,34")}
{at(_QUESTION, "D").replace("USAGE", "R")}
in -
SE R 1 | 1R 2R | Transaction set trailer
"""


def _subscriber(loop: Loop, report: Report) -> None:
    """2000C: where no dependent follows, the subscriber is the patient and must be asked about."""
    level(loop, report)
    name = loop.child("2100C")
    if name is None or loop.child("2000D") is not None:
        return
    if name.child("2110C") is None:
        report.at(
            name.start, "EQ", "2110C", "", "question-missing", "Nothing is asked about this patient: EQ is missing.",
            "Say which service types to ask about; 30 asks about the plan.",
        )  # fmt: skip
    _search(name, report)


def _search(name: Loop, report: Report) -> None:
    """A payer finds a person by two of: member number, full name, birth date."""
    nm1 = name.first("NM1")
    if nm1 is None:
        return
    given = bool(nm1[9]) + bool(nm1[3] and nm1[4]) + bool(name.value("DMG", 2))
    if given < 2:
        report(
            name, nm1, "09", "search-fields",
            "A payer needs two of these to find a person: member number, full name, birth date.",
            "Complete the patient's record.", soft(report),
        )  # fmt: skip


def _dependent(loop: Loop, report: Report) -> None:
    """2000D: a first name and a birth date, since a dependent has no number of its own here."""
    level(loop, report)
    name = loop.child("2100D")
    if name is not None and not (name.value("NM1", 4) and name.value("DMG", 2)):
        report(
            name, None, "04", "search-fields", "A dependent is found by first name and birth date; one is missing.",
            "Complete the patient's record.", soft(report),
        )  # fmt: skip


def _question(loop: Loop, report: Report) -> None:
    """2110: service types that a payer knows."""
    eq = loop.first("EQ")
    repetition = report.transaction.delimiters.repetition
    for code in eq[1].split(repetition) if eq is not None and repetition else [eq[1]] if eq is not None else []:
        if code and not meaning("service_type", code).known:
            report(
                loop, eq, "01", "service-type", f"Service type {code} is not one that payers know.",
                "Choose a service type from the list; 30 asks about the plan.", soft(report),
            )  # fmt: skip


RULES = {
    "2000A": level, "2000B": level, "2000C": _subscriber, "2000D": _dependent, "2110C": _question, "2110D": _question,
}  # fmt: skip
FIELDS = fields()
