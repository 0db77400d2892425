"""271, eligibility response: 005010X279A1."""

from __future__ import annotations

from app.model.problem import Severity
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
from app.x12.values import is_decimal

_AAA = "1R=N,Y 2N"
_AGAIN = "4R=C,N,P,R,S,W,X,Y"
_CONTACT = (
    "PER S 3 | 1R=IC 2S 3S=ED,EM,FX,TE,UR,WP 4S 5S=ED,EM,EX,FX,TE,UR,WP 6S 7S=ED,EM,EX,FX,TE,UR,WP 8S 9N | Contact"
)
_PERSON = "15,35,42,43,45,47,48,49,51,52,56,57,58,60,61,62,63,71"
_NUMBERS = "1R=18,1L,1W,3H,49,6P,CE,CT,EA,EJ,F6,GH,HJ,IF,IG,ML,N6,NQ,Q4,SY,Y4 2R 3S 4N"
_DATES = "096,102,152,291,307,318,340,341,342,343,346,347,356,357,382,435,442,458,472,539,540,636,771 2R=D8,RD8 3R"
_BENEFIT_DATES = "096,193,194,198,290,291,292,295,304,307,318,346,347,348,349,356,357,435,472,636,771 2R=D8,RD8 3R"
_ENTITY = (
    "1R=13,1I,1P,2B,36,73,FA,GP,GW,I3,IL,LR,OC,P3,P4,P5,PR,PRP,SEP,TTP,VER,VN,VY,X3,Y2 2R=1,2 3S 4S 5S 6N 7S "
    "8S=24,34,46,FA,FI,II,MI,NI,PI,PP,SV,XV,XX 9S 10S=01,02,27,41,48,65,72 11-12N"
)
_MEMBER = f"""
REF S 9 | {_NUMBERS} | Other number
{ADDRESS}
AAA S 9 | {_AAA} 3R={_PERSON},REASONS {_AGAIN} | Rejection
{MEMBER_PROVIDER}
DMG S 1 | 1S=D8 2S 3S=F,M,U 4-11N | Birth date and sex
INS S 1 | INSURED 3S=001 4S=25 5-16N 17S | Relationship
{DIAGNOSES}
DTP S 9 | 1R={_DATES} | Date
MPI S 1 | 1R=A,C,L,O,P,S,T 2R 3R 4S 5S 6S=D8,RD8 7S | Military
"""
_BENEFIT = f"""
loop 2110x 2100x S >1 | Benefit
EB  R 1 | 1R=1,2,3,4,5,6,7,8,A,B,C,CB,D,E,F,G,H,I,J,K,L,M,MC,N,O,P,Q,R,S,T,U,V,W,X,Y \
2S=CHD,DEP,ECH,EMP,ESP,FAM,IND,SPC,SPO 3S 4S 5S 6S=6,7,13,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36 7S 8S \
9S=8H,99,CA,CE,D3,DB,DY,HS,LA,LE,M2,MN,P6,QA,S7,S8,VS,YY 10S 11S=N,U,Y 12S=N,U,W,Y 13S{PROCEDURE} 14S(1R 2-4S) | Benefit
HSD S 9 | 1S=DY,FL,HS,MN,VS 2S 3S=DA,MO,VS,WK,YR 4S 5S 6S 7S 8S | Delivery
REF S 9 | 1R=18,1L,1W,49,6P,9F,ALS,CLI,F6,FO,G1,IG,M7,N6,NQ 2R 3S 4N | Other number
DTP S 20 | 1R={_BENEFIT_DATES} | Date
AAA S 9 | {_AAA} 3R=15,33,52,53,54,55,56,57,60,61,62,63,69,70,98,AA,AE,AF,AG,AO,CI,E8,IA,MA 4R=C,N,R,W,X,Y | Rejection
MSG S 10 | 1R 2-3N | Message
loop 2115x 2110x S 10 | Place or diagnosis
III R 1 | 1S 2S 3S=44 4S | Place or diagnosis
in 2110x
LS  S 1 | 1R=2120 | Parties begin
loop 2120x 2110x S 23 | Party to the benefit
NM1 R 1 | {_ENTITY} | Party to the benefit
{ADDRESS.replace("5-6N", "5-6S")}
{_CONTACT}
{PROVIDER_TAXONOMY}
in 2110x
LE  S 1 | 1R=2120 | Parties end
"""

TABLE = f"""
guide 271 005010X279A1 HB | Eligibility response
ST  R 1 | 1R=271 2R 3R | Transaction set header
BHT R 1 | 1R=0022 2R=06,11 3S 4R 5R 6S=RT | Beginning
loop 2000A - R >1 unit | Payer level
HL  R 1 | 1R 2N 3R=20 4R=0,1 | Level
AAA S 9 | {_AAA} 3R=04,41,42,79 {_AGAIN} | Rejection
loop 2100A 2000A R 1 | Payer
NM1 R 1 | {PAYER} | Payer
{_CONTACT}
AAA S 9 | {_AAA} 3R=04,41,42,79,80,T4 {_AGAIN} | Rejection
loop 2000B 2000A S >1 unit | Provider level
HL  R 1 | 1R 2R 3R=21 4R=0,1 | Level
loop 2100B 2000B R 1 | Provider
NM1 R 1 | {PROVIDER} | Provider
REF S 9 | {PROVIDER_NUMBERS} | Other number
{ADDRESS}
AAA S 9 | {_AAA} 3R=15,41,43,44,45,46,47,48,50,51,79,97,T4 {_AGAIN} | Rejection
{PROVIDER_TAXONOMY}
loop 2000C 2000B S >1 unit | Subscriber level
HL  R 1 | 1R 2R 3R=22 4R=0,1 | Level
TRN S 3 | 1R=1,2 2R 3R 4S | Trace number
loop 2100C 2000C R 1 | Subscriber
NM1 R 1 | {SUBSCRIBER} | Subscriber
{_MEMBER.replace("REASONS", "72,73,74,75,76,78").replace("INSURED", "1R=Y 2R=18")}
{at(_BENEFIT, "C")}
loop 2000D 2000C S >1 | Dependent level
HL  R 1 | 1R 2R 3R=23 4R=0,1 | Level
TRN S 3 | 1R=1,2 2R 3R 4S | Trace number
loop 2100D 2000D R 1 | Dependent
NM1 R 1 | 1R=03 2R=1 3S 4S 5S 6N 7S 8S=II,MI 9S 10-12N | Dependent
{_MEMBER.replace("REASONS", "64,65,66,67,68,77").replace("INSURED", "1R=N 2R=01,19,20,21,34,39,40,53,G8")}
{at(_BENEFIT, "D")}
in -
SE R 1 | 1R 2R | Transaction set trailer
"""

_MONEY = {"B": "copay", "C": "deductible", "G": "out-of-pocket maximum"}


def _patient(loop: Loop, report: Report) -> None:
    """2000C and 2000D: a patient gets benefits, or is told why not."""
    level(loop, report)
    end = loop.id[-1]
    name = loop.child(f"2100{end}")
    if name is None or loop.child("2000D") is not None:
        return
    above = [one for one in (loop.parent, loop.parent.parent if loop.parent else None) if one is not None]
    refused = any(
        child.first("AAA") for one in (loop, *above) for child in (one, *one.children("2100A", "2100B", "2100C"))
    )
    if not (name.child(f"2110{end}") or name.first("AAA") or refused):
        report(
            name, None, "", "answer-empty", "Nothing is answered about this patient: neither EB nor AAA stands here.",
            "Ask again, or call the payer.", soft(report),
        )  # fmt: skip


def _benefit(loop: Loop, report: Report) -> None:
    """2110: percentages are fractions, money benefits have an amount, LS and LE stand together."""
    eb = loop.first("EB")
    if eb is None:
        return
    if is_decimal(eb[8]) and float(eb[8]) > 1:
        report(
            loop, eb, "08", "percent", f"EB08 is {eb[8]}; a percentage is written as a fraction (.2 for 20 %).",
            f"It is shown as {eb[8]} %." if float(eb[8]) <= 100 else "Ask the payer what is meant.", soft(report),
        )  # fmt: skip
    if eb[1] in _MONEY and not (eb[7] or eb[8] or eb[10] or loop.first("MSG")):
        report(
            loop, eb, "07", "amount-missing", f"A {_MONEY[eb[1]]} is stated without an amount.",
            "Ask the payer for the amount.", Severity.WARNING,
        )  # fmt: skip
    parties = loop.child("2120C", "2120D")
    for name in ("LS", "LE"):
        if loop.first(name) is None and (parties or loop.first("LE" if name == "LS" else "LS")):
            report(
                loop, eb, "", "ls-le", f"The parties to a benefit stand between LS and LE; {name} is missing.",
                "It was read; tell the sender.", soft(report),
            )  # fmt: skip


RULES = {
    "2000A": level, "2000B": level, "2000C": _patient, "2000D": _patient, "2110C": _benefit, "2110D": _benefit,
}  # fmt: skip
FIELDS = fields() | {
    f"2110{end}/EB/{element}": words
    for end in "CD"
    for element, words in (("01", "Benefit"), ("03", "Benefit: service type"), ("07", "Benefit: amount"),
                           ("08", "Benefit: percentage"))
}  # fmt: skip
