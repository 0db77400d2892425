"""277, claim status response: 005010X212."""

from __future__ import annotations

from app.x12.guides.claim_status import (
    CODE,
    DATE,
    DEPENDENT,
    PAYER,
    PHARMACY_CODE,
    PROCEDURE,
    PROVIDER,
    RECEIVER,
    SUBSCRIBER,
    at,
    fields,
    references,
)
from app.x12.guides.levels import level

_LEVEL_STATUS = f"STC R >1 | 1R{CODE} 2R 3-9N 10S{CODE} 11S{CODE} 12N | Status"
_CLAIM = f"""
loop 2200x 2000x S >1 unit | Claim
TRN R 1 | 1R=2 2R 3-4N | Trace number
STC R >1 | 1R{PHARMACY_CODE} 2R 3N 4S 5S 6S 7N 8S 9S 10S{PHARMACY_CODE} 11S{PHARMACY_CODE} 12N | Status
{references("1K", "BLT", "EJ", "XZ", "VV", "D9")}
DTP S 1 | {DATE} | Service date
loop 2220x 2200x S >1 | Line
SVC R 1 | {PROCEDURE} 2R 3R 4S 5-6N 7R | Line
STC R >1 | 1R{PHARMACY_CODE} 2R 3-9N 10S{PHARMACY_CODE} 11S{PHARMACY_CODE} 12N | Status
{references("FJ")}
DTP R 1 | {DATE} | Service date
"""

TABLE = f"""
guide 277 005010X212 HN | Claim status response
ST  R 1 | 1R=277 2R 3R | Transaction set header
BHT R 1 | 1R=0010 2R=08 3R 4R 5R 6R=DG | Beginning
loop 2000A - R >1 unit | Payer level
HL  R 1 | 1R 2N 3R=20 4R=1 | Level
loop 2100A 2000A R 1 | Payer
NM1 R 1 | {PAYER} | Payer
PER S 1 | 1R=IC 2S 3R=ED,EM,FX,TE 4R 5S=ED,EM,EX,FX,TE 6S 7S=ED,EM,EX,FX,TE 8S 9N | Contact
loop 2000B 2000A R >1 unit | Receiver level
HL  R 1 | 1R 2R 3R=21 4R=0,1 | Level
loop 2100B 2000B R 1 | Receiver
NM1 R 1 | {RECEIVER} | Receiver
loop 2200B 2000B S 1 | Answer to the receiver
TRN R 1 | 1R=2 2R 3-4N | Trace number
{_LEVEL_STATUS}
loop 2000C 2000B S >1 unit | Provider level
HL  R 1 | 1R 2R 3R=19 4R=0,1 | Level
loop 2100C 2000C R 2 | Provider
NM1 R 1 | {PROVIDER} | Provider
loop 2200C 2000C S 1 | Answer to the provider
TRN R 1 | 1R=1 2R 3-4N | Trace number
{_LEVEL_STATUS}
loop 2000D 2000C S >1 unit | Subscriber level
HL  R 1 | 1R 2R 3R=22 4R=0,1 | Level
loop 2100D 2000D R 1 | Subscriber
NM1 R 1 | {SUBSCRIBER} | Subscriber
{at(_CLAIM, "D")}
loop 2000E 2000D S >1 unit | Dependent level
HL  R 1 | 1R 2R 3R=23 4S=0 | Level
loop 2100E 2000E R 1 | Dependent
NM1 R 1 | {DEPENDENT} | Dependent
{at(_CLAIM, "E").replace("S >1 unit", "R >1 unit")}
in -
SE R 1 | 1R 2R | Transaction set trailer
"""

RULES = dict.fromkeys(("2000A", "2000B", "2000C", "2000D", "2000E"), level)
FIELDS = fields()
