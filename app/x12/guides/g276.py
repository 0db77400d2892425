"""276, claim status request: 005010X212."""

from __future__ import annotations

from app.x12.guides.claim_status import (
    DATE,
    DEPENDENT,
    PAYER,
    PROCEDURE,
    PROVIDER,
    RECEIVER,
    SUBSCRIBER,
    at,
    fields,
    references,
)
from app.x12.guides.levels import level, soft
from app.x12.loops import Loop, Report

_CLAIM = f"""
loop 2200x 2000x S >1 unit | Claim
TRN R 1 | 1R=1 2R 3-4N | Trace number
{references("1K", "BLT", "LU", "6P", "EJ", "XZ", "D9")}
AMT S 1 | 1R=T3 2R 3N | Total charge
DTP S 1 | {DATE} | Service date
loop 2210x 2200x S >1 | Line
SVC R 1 | {PROCEDURE} 2R 3N 4S 5-6N 7R | Line
{references("FJ")}
DTP R 1 | {DATE} | Service date
"""

TABLE = f"""
guide 276 005010X212 HR | Claim status request
ST  R 1 | 1R=276 2R 3R | Transaction set header
BHT R 1 | 1R=0010 2R=13 3R 4R 5R 6N | Beginning
loop 2000A - R >1 unit | Payer level
HL  R 1 | 1R 2N 3R=20 4R=1 | Level
loop 2100A 2000A R 1 | Payer
NM1 R 1 | {PAYER} | Payer
loop 2000B 2000A R >1 unit | Receiver level
HL  R 1 | 1R 2R 3R=21 4R=1 | Level
loop 2100B 2000B R 1 | Receiver
NM1 R 1 | {RECEIVER} | Receiver
loop 2000C 2000B R >1 unit | Provider level
HL  R 1 | 1R 2R 3R=19 4R=1 | Level
loop 2100C 2000C R 2 | Provider
NM1 R 1 | {PROVIDER} | Provider
loop 2000D 2000C R >1 unit | Subscriber level
HL  R 1 | 1R 2R 3R=22 4R=0,1 | Level
DMG S 1 | 1R=D8 2R 3S=F,M 4-11N | Birth date and sex
loop 2100D 2000D R 1 | Subscriber
NM1 R 1 | {SUBSCRIBER} | Subscriber
{at(_CLAIM, "D")}
loop 2000E 2000D S >1 unit | Dependent level
HL  R 1 | 1R 2R 3R=23 4S=0 | Level
DMG R 1 | 1R=D8 2R 3S=F,M 4-11N | Birth date and sex
loop 2100E 2000E R 1 | Dependent
NM1 R 1 | {DEPENDENT} | Dependent
{at(_CLAIM, "E")}
in -
SE R 1 | 1R 2R | Transaction set trailer
"""


def _claim(loop: Loop, report: Report) -> None:
    """2200: a payer finds a claim by its charge and its dates; lines may carry them instead."""
    lines = loop.children("2210D", "2210E")
    if not lines and loop.first("AMT") is None:
        report.at(
            loop.start, "AMT", loop.id, "", "request-amount", "The claim's total charge (AMT*T3) is missing.",
            "Give the charge as it was billed.", soft(report),
        )  # fmt: skip
    if not lines and loop.first("DTP") is None and not loop.ref("1K"):
        report.at(
            loop.start, "DTP", loop.id, "", "request-date",
            "Neither a service date nor the payer's claim number is given.",
            "Give the dates of service as they were billed.", soft(report),
        )  # fmt: skip


RULES = {
    **dict.fromkeys(("2000A", "2000B", "2000C", "2000D", "2000E"), level),
    **dict.fromkeys(("2200D", "2200E"), _claim),
}
FIELDS = fields()
