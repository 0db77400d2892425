"""837I, institutional claim: 005010X223A2."""

from __future__ import annotations

from app.x12.guides.fields_837 import fields
from app.x12.guides.parts_837 import ADJUDICATION, DELAY, DRUG, HEAD, LEVELS, OTHER_PAYER, WAY, assemble
from app.x12.guides.rules_837 import RULES_INSTITUTIONAL as RULES

_PERSON = "2R=1 3R 4S 5S 6N 7S 8S=XX 9S 10-12N"
_NUMBERS = "REF S 4 | 1R=0B,1G,G2,LU 2R 3-4N | Other number"
_LINE_NUMBERS = "REF S 20 | 1R=0B,1G,G2,LU 2R 3N 4S(1R=2U 2R 3-6N) | Other number"
_SET = "2-12S"

CLAIM = f"""
loop 2300 PARENT S 100 unit | Claim
CLM R 1 | 1R 2R 3-4N 5R(1R 2R=A 3R) 6N 7R=A,B,C 8R=N,W,Y 9R=I,Y 10-19N {DELAY} | Claim
DTP S 1 | 1R=096 2R=TM 3R | Discharge hour
DTP R 1 | 1R=434 2R=RD8 3R | Statement dates
DTP S 1 | 1R=435 2R=D8,DT 3R | Admission
DTP S 1 | 1R=050 2R=D8 3R | Received by the repricer
CL1 R 1 | 1R 2S 3R 4N | Admission and discharge
PWK S 10 | 1R=@attachment {WAY} 3-4N 5S=AC 6S 7-9N | Attachment
CN1 S 1 | 1R=@contract 2-6S | Contract
AMT S 1 | 1R=F3 2R 3N | Patient owes (estimate)
REF S 1 | 1R=4N 2R 3-4N | Service authorization exception
REF S 1 | 1R=9F 2R 3-4N | Referral number
REF S 1 | 1R=G1 2R 3-4N | Authorization number
REF S 1 | 1R=F8 2R 3-4N | Payer's claim number
REF S 1 | 1R=9A 2R 3-4N | Repriced claim number
REF S 1 | 1R=9C 2R 3-4N | Adjusted repriced claim number
REF S 5 | 1R=LX 2R 3-4N | Investigational device
REF S 1 | 1R=D9 2R 3-4N | Clearinghouse claim number
REF S 1 | 1R=LU 2R 3-4N | Auto accident state
REF S 1 | 1R=EA 2R 3-4N | Medical record number
REF S 1 | 1R=P4 2R 3-4N | Demonstration project
REF S 1 | 1R=G4 2R 3-4N | Peer review approval
K3  S 10 | 1R 2-3N | File information
NTE S 10 | 1R=ALG,DCP,DGN,DME,MED,NTR,ODT,RHB,RLH,RNH,SET,SFM,SPT,UPI 2R | Note
NTE S 1 | 1R=ADD 2R | Billing note
CRC S 1 | 1R=ZZ 2R=N,Y 3R=AV,NU,S2,ST 4-7S | EPSDT referral
HI  R 1 | 1R(1R=ABK,BK 2R 3-8N 9S) 2-12N | Principal diagnosis
HI  S 1 | 1R(1R=ABJ,BJ 2R 3-9N) 2-12N | Admitting diagnosis
HI  S 1 | 1R(1R=APR,PR 2R 3-9N) 2-3S(1R=APR,PR 2R 3-9N) 4-12N | Reason for the visit
HI  S 1 | 1R(1R=ABN,BN 2R 3-8N 9S) {_SET}(1R=ABN,BN 2R 3-8N 9S) | External causes
HI  S 1 | 1R(1R=DR 2R 3-9N) 2-12N | DRG
HI  S 2 | 1R(1R=ABF,BF 2R 3-8N 9S) {_SET}(1R=ABF,BF 2R 3-8N 9S) | Other diagnoses
HI  S 1 | 1R(1R=BBR,BR,CAH 2R 3R=D8 4R 5-9N) 2-12N | Principal procedure
HI  S 2 | 1R(1R=BBQ,BQ 2R 3R=D8 4R 5-9N) {_SET}(1R=BBQ,BQ 2R 3R=D8 4R 5-9N) | Other procedures
HI  S 2 | 1R(1R=BI 2R 3R=RD8 4R 5-9N) {_SET}(1R=BI 2R 3R=RD8 4R 5-9N) | Occurrence spans
HI  S 2 | 1R(1R=BH 2R 3R=D8 4R 5-9N) {_SET}(1R=BH 2R 3R=D8 4R 5-9N) | Occurrences
HI  S 2 | 1R(1R=BE 2R 3-4N 5R 6-9N) {_SET}(1R=BE 2R 3-4N 5R 6-9N) | Value codes
HI  S 2 | 1R(1R=BG 2R 3-9N) {_SET}(1R=BG 2R 3-9N) | Condition codes
HI  S 2 | 1R(1R=TC 2R 3-9N) {_SET}(1R=TC 2R 3-9N) | Treatment codes
HCP S 1 | 1R=@pricing 2R 3-15S | Repricing
loop 2310A 2300 S 1 | Attending provider
NM1 R 1 | 1R=71 {_PERSON} | Attending provider
PRV S 1 | 1R=AT 2R=PXC 3R 4-6N | Taxonomy
{_NUMBERS}
loop 2310B 2300 S 1 | Operating provider
NM1 R 1 | 1R=72 {_PERSON} | Operating provider
{_NUMBERS}
loop 2310C 2300 S 1 | Other operating provider
NM1 R 1 | 1R=ZZ {_PERSON} | Other operating provider
{_NUMBERS}
loop 2310D 2300 S 1 | Rendering provider
NM1 R 1 | 1R=82 {_PERSON} | Rendering provider
{_NUMBERS}
loop 2310E 2300 S 1 | Service facility
NM1 R 1 | 1R=77 2R=2 3R 4-7N 8S=XX 9S 10-12N | Service facility
N3  R 1 | 1R 2S | Street
N4  R 1 | 1R 2-7S | City
REF S 3 | 1R=0B,G2,LU 2R 3-4N | Other number
loop 2310F 2300 S 1 | Referring provider
NM1 R 1 | 1R=DN {_PERSON} | Referring provider
REF S 3 | 1R=0B,1G,G2 2R 3-4N | Other number
{OTHER_PAYER.replace("MOA S 1", "MIA S 1 | | Medicare inpatient" + chr(10) + "MOA S 1")}
loop 2330C 2320 S 1 | Attending provider's numbers there
NM1 R 1 | 1R=71 2R=1 3-12N | Attending provider
REF R 4 | 1R=0B,1G,G2,LU 2R 3-4N | Other number
loop 2330D 2320 S 1 | Operating provider's numbers there
NM1 R 1 | 1R=72 2R=1 3-12N | Operating provider
REF R 4 | 1R=0B,1G,G2,LU 2R 3-4N | Other number
loop 2330E 2320 S 1 | Other operating provider's numbers there
NM1 R 1 | 1R=ZZ 2R=1 3-12N | Other operating provider
REF R 4 | 1R=0B,1G,G2,LU 2R 3-4N | Other number
loop 2330F 2320 S 1 | Service facility's numbers there
NM1 R 1 | 1R=77 2R=2 3-12N | Service facility
REF R 3 | 1R=0B,G2,LU 2R 3-4N | Other number
loop 2330G 2320 S 1 | Rendering provider's numbers there
NM1 R 1 | 1R=82 2R=1 3-12N | Rendering provider
REF R 4 | 1R=0B,1G,G2,LU 2R 3-4N | Other number
loop 2330H 2320 S 1 | Referring provider's numbers there
NM1 R 1 | 1R=DN 2R=1 3-12N | Referring provider
REF R 3 | 1R=0B,1G,G2 2R 3-4N | Other number
loop 2330I 2320 S 1 | Billing provider's numbers there
NM1 R 1 | 1R=85 2R=2 3-12N | Billing provider
REF R 2 | 1R=G2,LU 2R 3-4N | Other number
loop 2400 2300 R 999 | Service line
LX  R 1 | 1R | Line number
SV2 R 1 | 1R 2S(1R=ER,HC,HP,IV,WK 2R 3-7S 8N) 3R 4R=DA,UN 5R 6N 7S 8-10N | Institutional service
PWK S 10 | 1R=@attachment {WAY} 3-4N 5S=AC 6S 7-9N | Attachment
DTP S 1 | 1R=472 2R=D8,RD8 3R | Service date
REF S 1 | 1R=6R 2R 3-4N | Line control number
REF S 1 | 1R=9B 2R 3-4N | Repriced line number
REF S 1 | 1R=9D 2R 3-4N | Adjusted repriced line number
AMT S 1 | 1R=GT 2R 3N | Service tax
AMT S 1 | 1R=N8 2R 3N | Facility tax
NTE S 1 | 1R=TPO 2R | Repricer's note
HCP S 1 | 1R=@pricing 2R 3-15S | Repricing
{DRUG}
loop 2420A 2400 S 1 | Operating provider of the line
NM1 R 1 | 1R=72 {_PERSON} | Operating provider
{_LINE_NUMBERS}
loop 2420B 2400 S 1 | Other operating provider of the line
NM1 R 1 | 1R=ZZ {_PERSON} | Other operating provider
{_LINE_NUMBERS}
loop 2420C 2400 S 1 | Rendering provider of the line
NM1 R 1 | 1R=82 {_PERSON} | Rendering provider
{_LINE_NUMBERS}
loop 2420D 2400 S 1 | Referring provider of the line
NM1 R 1 | 1R=DN {_PERSON} | Referring provider
{_LINE_NUMBERS}
{ADJUDICATION}
"""

_BILLING = "REF R 1 | 1R=EI 2R 3-4N | Tax number"

TABLE = assemble("837I 005010X223A2", HEAD, LEVELS, CLAIM, billing=_BILLING, patient_weight=False)
FIELDS = fields("837I")

__all__ = ["FIELDS", "RULES", "TABLE"]
