"""277CA, claim acknowledgment: 005010X214."""

from __future__ import annotations

from app.model.problem import Severity
from app.x12.guide import Segment
from app.x12.guides.claim_status import CODE, DATE, fields, references
from app.x12.guides.levels import level, soft, tally
from app.x12.loops import Loop, Report
from app.x12.values import cents, money

_CATEGORIES = {
    **dict.fromkeys(("A0", "A1", "A2", "A5"), "accepted"),
    **dict.fromkeys(("A3", "A4", "A6", "A7", "A8"), "rejected"),
}
_ENTITIES = "03,1P,1Z,40,41,71,72,73,77,82,85,87,DK,DN,DQ,FA,GB,HK,IL,LI,MSC,PR,PRP,QB,QC,QD,SEP,TL,TTP,TU"

TABLE = f"""
guide 277CA 005010X214 HN | Claim acknowledgment
ST  R 1 | 1R=277 2R 3R | Transaction set header
BHT R 1 | 1R=0085 2R=08 3R 4R 5R 6R=TH | Beginning
loop 2000A - R >1 unit | Source level
HL  R 1 | 1R 2N 3R=20 4R=1 | Level
loop 2100A 2000A R 1 | Source
NM1 R 1 | 1R=AY,PR 2R=2 3R 4-7N 8R=46,FI,PI,XV 9R 10-12N | Source
loop 2200A 2000A R 1 | Receipt
TRN R 1 | 1R=1 2R 3-4N | Trace number
DTP R 1 | 1R=050 2R=D8 3R | Received
DTP R 1 | 1R=009 2R=D8 3R | Processed
loop 2000B 2000A R >1 unit | Receiver level
HL  R 1 | 1R 2R 3R=21 4R=0,1 | Level
loop 2100B 2000B R 1 | Receiver
NM1 R 1 | 1R=41 2R=1,2 3R 4S 5S 6-7N 8R=46 9R 10-12N | Receiver
loop 2200B 2000B R 1 | Answer to the receiver
TRN R 1 | 1R=2 2R 3-4N | Trace number
STC R >1 | 1R(1R 2R 3S=36,40,41,AY,PR 4N) 2R 3R=U,WQ 4R 5-9N 10S{CODE} 11S{CODE} 12N | Status
QTY S 1 | 1R=90 2R 3-4N | Accepted claims
QTY S 1 | 1R=AA 2R 3-4N | Rejected claims
AMT S 1 | 1R=YU 2R 3N | Accepted amount
AMT S 1 | 1R=YY 2R 3N | Rejected amount
loop 2000C 2000B S >1 unit | Provider level
HL  R 1 | 1R 2R 3R=19 4R=0,1 | Level
loop 2100C 2000C R 1 | Provider
NM1 R 1 | 1R=85 2R=1,2 3R 4S 5S 6S 7S 8R=FI,SV,XX 9R 10-12N | Provider
loop 2200C 2000C S 1 | Answer to the provider
TRN R 1 | 1R=1 2R 3-4N | Trace number
STC S >1 | 1R(1R 2R 3S=36,40,41,77,82,85,87,AY,PR 4N) 2N 3R=U,WQ 4R 5-9N 10S{CODE} 11S{CODE} 12N | Status
REF S 3 | 1R=0B,1G,G2,LU,SY,TJ 2R 3-4N | Other number
QTY S 1 | 1R=QA 2R 3-4N | Accepted claims
QTY S 1 | 1R=QC 2R 3-4N | Rejected claims
AMT S 1 | 1R=YU 2R 3N | Accepted amount
AMT S 1 | 1R=YY 2R 3N | Rejected amount
loop 2000D 2000C S >1 unit | Patient level
HL  R 1 | 1R 2R 3R=PT 4N | Level
loop 2100D 2000D R 1 | Patient
NM1 R 1 | 1R=QC 2R=1 3R 4S 5S 6N 7S 8R=II,MI 9R 10-12N | Patient
loop 2200D 2000D S >1 unit | Claim
TRN R 1 | 1R=2 2R 3-4N | Claim number
STC R >1 | 1R(1R 2R 3S={_ENTITIES} 4N) 2R 3R=U,WQ 4R 5-9N 10S{CODE} 11S{CODE} 12S | Status
{references("1K", "D9", "BLT")}
DTP R 1 | {DATE} | Service date
loop 2220D 2200D S >1 | Line
SVC R 1 | 1R(1R=AD,ER,HC,HP,IV,NU,WK 2R 3-6S 7-8N) 2R 3N 4S 5-6N 7S | Line
STC R >1 | 1R(1R 2R 3S={_ENTITIES} 4N) 2R 3R=U 4-9N 10S{CODE} 11S{CODE} 12N | Status
{references("FJ", "XZ")}
DTP S 1 | {DATE} | Service date
in -
SE R 1 | 1R 2R | Transaction set trailer
"""


def _verdict(stc: Segment, component: str) -> str:
    """``accepted``, ``rejected`` or nothing: the category decides (point 27)."""
    categories = [stc[at].split(component, 1)[0] if component else stc[at] for at in (1, 10, 11)]
    said = {_CATEGORIES.get(category, "") for category in categories}
    if "rejected" in said or "accepted" in said:
        return "rejected" if "rejected" in said else "accepted"
    return {"U": "rejected", "WQ": "accepted"}.get(stc[3], "")


def _verdict_on(loop: Loop | None, report: Report) -> str:
    component = report.transaction.delimiters.component
    said = {_verdict(stc, component) for stc in loop.all("STC")} if loop is not None else set()
    return "rejected" if "rejected" in said else "accepted" if "accepted" in said else ""


def _statuses(loop: Loop, report: Report) -> None:
    """Categories that acknowledge, and actions that do not contradict them (point 27)."""
    component = report.transaction.delimiters.component
    for stc in loop.all("STC"):
        category = stc[1].split(component, 1)[0] if component else stc[1]
        if category and category not in _CATEGORIES:
            report(
                loop, stc, "01-1", "category-unknown",
                f"Category {category} does not acknowledge a claim; A0 to A8 do.",
                "The action code (STC03) was believed.", soft(report),
            )  # fmt: skip
        by_action = {"U": "rejected", "WQ": "accepted"}.get(stc[3], "")
        verdict = _verdict(stc, component)
        if by_action and verdict and by_action != verdict:
            report(
                loop, stc, "03", "action-contradicts",
                f"STC03 is {stc[3]} ({by_action}), but the category says {verdict}.",
                "The category was believed.", Severity.WARNING,
            )  # fmt: skip


def _claim(loop: Loop, report: Report) -> None:
    """2200D: counted on its provider and its receiver."""
    _statuses(loop, report)
    patient = loop.parent
    provider = patient.parent if patient is not None else None
    receiver = provider.parent if provider is not None else None
    above = next((one for one in (receiver, provider) if _refuses(one, report)), None)
    verdict = _verdict_on(loop, report)
    if above is not None and verdict == "accepted":
        report(
            loop, loop.first("STC"), "01", "rejected-above",
            f"The claim is called accepted, but everything at level {above.value('HL', 3)} above it is rejected.",
            "It counts as rejected.", Severity.WARNING,
        )  # fmt: skip
    stc = loop.first("STC")
    for level_above in (provider, receiver):
        if level_above is not None and verdict:
            counts = tally(level_above)
            counts[verdict] = counts.get(verdict, 0) + 1
            counts[verdict + " cents"] = counts.get(verdict + " cents", 0) + (cents(stc[4]) if stc else 0)


def _refuses(loop: Loop | None, report: Report) -> bool:
    answer = loop.child("2200B", "2200C") if loop is not None else None
    return _verdict_on(answer, report) == "rejected"


def _counted(loop: Loop, report: Report) -> None:
    """2000B and 2000C: what the sender counted against the claims listed (point 28)."""
    level(loop, report)
    answer = loop.child("2200B", "2200C")
    counts = tally(loop)
    if answer is None or not (counts.get("accepted") or counts.get("rejected")):
        _unlisted(loop, answer)
        return
    names = ("90", "AA") if answer.id == "2200B" else ("QA", "QC")
    for name, amount, verdict in ((names[0], "YU", "accepted"), (names[1], "YY", "rejected")):
        said, found = answer.first("QTY", name), counts.get(verdict, 0)
        if said is not None and said[2].isdigit() and int(said[2][:18]) != found:
            report(
                answer, said, "02", "claim-count", f"{said[2]} claims are said to be {verdict}; {found} are listed.",
                "Ask the sender for the missing ones.", soft(report),
            )  # fmt: skip
        total, listed = answer.first("AMT", amount), counts.get(verdict + " cents", 0)
        if total is not None and cents(total[2]) != listed:
            report(
                answer, total, "02", "claim-amount",
                f"Claims of {money(cents(total[2]))} are said to be {verdict}; those listed come to {money(listed)}.",
                "Compare with what was sent.", soft(report),
            )  # fmt: skip


def _unlisted(loop: Loop, answer: Loop | None) -> None:
    """A provider refused as a whole lists no claims: what it counts is believed for the receiver's counts."""
    if answer is None or answer.id != "2200C" or loop.parent is None:
        return
    counts = tally(loop.parent)
    for name, amount, verdict in (("QA", "YU", "accepted"), ("QC", "YY", "rejected")):
        said = answer.value("QTY", 2, name)
        if said.isascii() and said.isdigit():
            counts[verdict] = counts.get(verdict, 0) + int(said[:15])
        counts[verdict + " cents"] = counts.get(verdict + " cents", 0) + cents(answer.value("AMT", 2, amount))


RULES = {
    "2000A": level, "2000B": _counted, "2000C": _counted, "2000D": level,
    "2200B": _statuses, "2200C": _statuses, "2200D": _claim, "2220D": _statuses,
}  # fmt: skip
FIELDS = fields(A="Source", D="Patient") | {
    "2200B/QTY/02": "Receiver: counted claims", "2200C/QTY/02": "Provider: counted claims",
    "2200B/AMT/02": "Receiver: counted amount", "2200C/AMT/02": "Provider: counted amount",
}  # fmt: skip
