"""What the professional and the institutional claim have in common: header, levels, other payers, drugs.

``assemble`` puts a guide's table together. The claim (loop 2300 and all inside it) stands twice in it: under the
subscriber (2000B) when that is the patient, and under the patient (2000C) otherwise (point 39).
"""

from __future__ import annotations

_PER = "1R=IC 2S 3R=EM,FX,TE 4R 5S=EM,EX,FX,TE 6S 7S=EM,EX,FX,TE 8S 9N"
_ORDER = "1R=A,B,C,D,E,F,G,H,P,S,T,U"
_FILING = "9S=11,12,13,14,15,16,17,AM,BL,CH,CI,DS,FI,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ"
_MSP = "5S=12,13,14,15,16,41,42,43,47"

DELAY = "20S=1,2,3,4,5,6,7,8,9,10,11,15"
WAY = "2R=AA,BM,EL,EM,FT,FX"

HEAD = f"""
ST  R 1 | 1R=837 2R 3R | Transaction set header
BHT R 1 | 1R=0019 2R=00,18 3R{{1-50}} 4R 5R 6R=31,CH,RP | Batch
loop 1000A - R 1 | Submitter
NM1 R 1 | 1R=41 2R=1,2 3R 4S 5S 6-7N 8R=46 9R 10-12N | Submitter
PER R 2 | {_PER} | Contact
loop 1000B - R 1 | Receiver
NM1 R 1 | 1R=40 2R=2 3R 4-7N 8R=46 9R 10-12N | Receiver
"""

LEVELS = f"""
loop 2000A - R >1 unit | Billing provider level
HL  R 1 | 1R 2N 3R=20 4R=1 | Level
PRV S 1 | 1R=BI 2R=PXC 3R 4-6N | Taxonomy
CUR S 1 | 1R=85 2R 3-9N | Currency
loop 2010AA 2000A R 1 | Billing provider
NM1 R 1 | 1R=85 2R=1,2 3R 4S 5S 6N 7S 8S=XX 9S 10-12N | Billing provider
N3  R 1 | 1R 2S | Street
N4  R 1 | 1R 2-7S | City
BILLING
PER S 2 | {_PER} | Contact
loop 2010AB 2000A S 1 | Pay-to address
NM1 R 1 | 1R=87 2R=1,2 3-12N | Pay-to address
N3  R 1 | 1R 2S | Street
N4  R 1 | 1R 2-7S | City
loop 2010AC 2000A S 1 | Pay-to plan
NM1 R 1 | 1R=PE 2R=2 3R 4-7N 8R=PI,XV 9R 10-12N | Pay-to plan
N3  R 1 | 1R 2S | Street
N4  R 1 | 1R 2-7S | City
REF S 1 | 1R=2U,FY,NF 2R 3-4N | Other number
REF R 1 | 1R=EI 2R 3-4N | Tax number
loop 2000B 2000A R >1 unit | Subscriber level
HL  R 1 | 1R 2R 3R=22 4R=0,1 | Level
SBR R 1 | {_ORDER} 2S=18 3S 4S {_MSP} 6-8N {_FILING} | Subscriber
WEIGHT
loop 2010BA 2000B R 1 | Subscriber
NM1 R 1 | 1R=IL 2R=1,2 3R 4S 5S 6N 7S 8S=II,MI 9S 10-12N | Subscriber
N3  S 1 | 1R 2S | Street
N4  S 1 | 1R 2-7S | City
DMG S 1 | 1R=D8 2R 3R=F,M,U 4-11N | Birth date and sex
REF S 1 | 1R=SY 2R 3-4N | Social security number
REF S 1 | 1R=Y4 2R 3-4N | Property and casualty claim number
PER S 1 | 1R=IC 2S 3R=TE 4R 5S=EX 6S 7-9N | Contact
loop 2010BB 2000B R 1 | Payer
NM1 R 1 | 1R=PR 2R=2 3R 4-7N 8R=PI,XV 9R 10-12N | Payer
N3  S 1 | 1R 2S | Street
N4  S 1 | 1R 2-7S | City
REF S 3 | 1R=2U,EI,FY,NF 2R 3-4N | Payer's other number
REF S 2 | 1R=G2,LU 2R 3-4N | Billing provider's number there
"""

PATIENT = """
loop 2000C 2000B S >1 unit | Patient level
HL  R 1 | 1R 2R 3R=23 4R=0 | Level
PAT R 1 | PATIENT | Patient
loop 2010CA 2000C R 1 | Patient
NM1 R 1 | 1R=QC 2R=1 3R 4S 5S 6N 7S 8-12N | Patient
N3  R 1 | 1R 2S | Street
N4  R 1 | 1R 2-7S | City
DMG R 1 | 1R=D8 2R 3R=F,M,U 4-11N | Birth date and sex
REF S 1 | 1R=Y4 2R 3-4N | Property and casualty claim number
REF S 1 | 1R=1W,SY 2R 3-4N | Property and casualty patient number
PER S 1 | 1R=IC 2S 3R=TE 4R 5S=EX 6S 7-9N | Contact
"""

OTHER_PAYER = f"""
loop 2320 2300 S 10 | Other payer
SBR R 1 | {_ORDER} 2R 3S 4S {_MSP} 6-8N {_FILING} | Other subscriber
CAS S 5 | 1R=CO,CR,OA,PI,PR 2R 3R | Adjustments
AMT S 1 | 1R=D 2R 3N | Paid by this payer
AMT S 1 | 1R=A8 2R 3N | Non-covered
AMT S 1 | 1R=EAF 2R 3N | Left to the patient
OI  R 1 | 1-2N 3R=N,W,Y 4S=P 5N 6R=I,Y | Other coverage
MOA S 1 | | Medicare outpatient
loop 2330A 2320 R 1 | Other subscriber
NM1 R 1 | 1R=IL 2R=1,2 3R 4S 5S 6N 7S 8R=II,MI 9R 10-12N | Other subscriber
N3  S 1 | 1R 2S | Street
N4  S 1 | 1R 2-7S | City
REF S 2 | 1R=SY 2R 3-4N | Social security number
loop 2330B 2320 R 1 | Other payer
NM1 R 1 | 1R=PR 2R=2 3R 4-7N 8R=PI,XV 9R 10-12N | Other payer
N3  S 1 | 1R 2S | Street
N4  S 1 | 1R 2-7S | City
DTP S 1 | 1R=573 2R=D8 3R | Decision date
REF S 3 | 1R=2U,EI,FY,NF 2R 3-4N | Payer's other number
REF S 1 | 1R=G1 2R 3-4N | Authorization number
REF S 1 | 1R=9F 2R 3-4N | Referral number
REF S 1 | 1R=T4 2R 3-4N | Claim adjustment
REF S 1 | 1R=F8 2R 3-4N | Payer's claim number
"""

DRUG = """
loop 2410 2400 S 1 | Drug
LIN R 1 | 1N 2R=EN,EO,HI,N4,ON,UK,UP 3R | Drug
CTP R 1 | 1-3N 4R 5R(1R=F2,GR,ME,ML,UN) 6-7N | Quantity
REF S 1 | 1R=VY,XZ 2R 3-4N | Prescription or link number
"""

ADJUDICATION = """
loop 2430 2400 S 15 | Other payer's decision on the line
SVD R 1 | 1R 2R 3S(1R=ER,HC,HP,IV,WK 2R) 4S 5R 6S | Decision
CAS S 5 | 1R=CO,CR,OA,PI,PR 2R 3R | Adjustments
DTP R 1 | 1R=573 2R=D8 3R | Decision date
AMT S 1 | 1R=EAF 2R 3N | Left to the patient
"""

_WEIGHT = "PAT S 1 | 1-4N 5S=D8 6S 7S=01 8S 9S=Y | Patient"


def assemble(names: str, head: str, levels: str, claim: str, *, billing: str, patient_weight: bool) -> str:
    """The table of one guide; ``billing`` is its REF lines in 2010AA, ``patient_weight`` whether PAT says more."""
    title = "Professional claim" if "837P" in names else "Institutional claim"
    levels = levels.replace("BILLING\n", billing.strip() + "\n")
    levels = levels.replace("WEIGHT\n", _WEIGHT + "\n" if patient_weight else "")
    more = "5S=D8 6S 7S=01 8S 9S=Y" if patient_weight else "5-9N"
    patient = PATIENT.replace("| PATIENT |", f"| 1R 2-4N {more} |")
    return (
        f"guide {names} HC | {title}\n{head}{levels}{claim.replace('PARENT', '2000B')}"
        f"{patient}{claim.replace('PARENT', '2000C')}\nin -\nSE R 1 | 1R 2R | Transaction set trailer\n"
    )
