"""837P, professional claim: 005010X222A1."""

from __future__ import annotations

from app.x12.guides.fields_837 import fields
from app.x12.guides.parts_837 import ADJUDICATION, DELAY, DRUG, HEAD, LEVELS, OTHER_PAYER, WAY, assemble
from app.x12.guides.rules_837 import RULES

_PROVIDER = "2R=1,2 3R 4S 5S 6N 7S 8S=XX 9S 10-12N"
_PERSON = "2R=1 3R 4S 5S 6N 7S 8S=XX 9S 10-12N"
_PLACE = "2R=2 3S 4-7N 8S=XX 9S 10-12N"
_CAUSES = "11S(1R=AA,EM,OA 2S=AA,EM,OA 3N 4S 5S) 12S=02,03,05,09"
_PROCEDURE = "1R(1R=ER,HC,IV,WK 2R 3-7S 8N)"
_MARKS = "8N 9S=Y 10N 11S=Y 12S=Y 13-14N 15S=0 16-21N"

CLAIM = f"""
loop 2300 PARENT S 100 unit | Claim
CLM R 1 | 1R 2R 3-4N 5R(1R 2R=B 3R) 6R=N,Y 7R=A,B,C 8R=N,W,Y 9R=I,Y 10S=P {_CAUSES} 13-19N {DELAY} | Claim
DTP S 1 | 1R=431 2R=D8 3R | Onset of illness
DTP S 1 | 1R=454 2R=D8 3R | First treatment
DTP S 1 | 1R=304 2R=D8 3R | Last seen
DTP S 1 | 1R=453 2R=D8 3R | Acute manifestation
DTP S 1 | 1R=439 2R=D8 3R | Accident
DTP S 1 | 1R=484 2R=D8 3R | Last menstrual period
DTP S 1 | 1R=455 2R=D8 3R | Last X-ray
DTP S 1 | 1R=471 2R=D8 3R | Prescription
DTP S 1 | 1R=314,360,361 2R=D8,RD8 3R | Disability
DTP S 1 | 1R=297 2R=D8 3R | Last worked
DTP S 1 | 1R=296 2R=D8 3R | Back to work
DTP S 1 | 1R=435 2R=D8 3R | Admission
DTP S 1 | 1R=096 2R=D8 3R | Discharge
DTP S 2 | 1R=090,091 2R=D8 3R | Care taken over or given up
DTP S 1 | 1R=444 2R=D8 3R | First contact (property and casualty)
DTP S 1 | 1R=050 2R=D8 3R | Received by the repricer
PWK S 10 | 1R=@attachment {WAY} 3-4N 5S=AC 6S 7-9N | Attachment
CN1 S 1 | 1R=@contract 2-6S | Contract
AMT S 1 | 1R=F5 2R 3N | Patient paid
REF S 1 | 1R=4N 2R 3-4N | Service authorization exception
REF S 1 | 1R=F5 2R 3-4N | Medicare section 4081
REF S 1 | 1R=EW 2R 3-4N | Mammography certification
REF S 1 | 1R=9F 2R 3-4N | Referral number
REF S 1 | 1R=G1 2R 3-4N | Authorization number
REF S 1 | 1R=F8 2R 3-4N | Payer's claim number
REF S 1 | 1R=X4 2R 3-4N | CLIA number
REF S 1 | 1R=9A 2R 3-4N | Repriced claim number
REF S 1 | 1R=9C 2R 3-4N | Adjusted repriced claim number
REF S 1 | 1R=LX 2R 3-4N | Investigational device
REF S 1 | 1R=D9 2R 3-4N | Clearinghouse claim number
REF S 1 | 1R=EA 2R 3-4N | Medical record number
REF S 1 | 1R=P4 2R 3-4N | Demonstration project
REF S 1 | 1R=1J 2R 3-4N | Care plan oversight
K3  S 10 | 1R 2-3N | File information
NTE S 1 | 1R=ADD,CER,DCP,DGN,TPO 2R | Note
CR1 S 1 | 1S=LB 2S 3S=I,R,T,X 4R=A,B,C,D,E 5R=DH 6R 7-8N 9S 10S | Ambulance transport
CR2 S 1 | 1-7N 8R=A,C,D,E,F,G,M 9N 10S 11S 12N | Spinal manipulation
CRC S 3 | 1R=07 2R=N,Y 3R 4-7S | Ambulance certification
CRC S 3 | 1R=E1,E2,E3 2R=N,Y 3R 4-7S | Vision condition
CRC S 1 | 1R=75 2R=Y 3R=IH 4-7N | Homebound
CRC S 1 | 1R=ZZ 2R=N,Y 3R=AV,NU,S2,ST 4-7S | EPSDT referral
HI  R 1 | 1R(1R=ABK,BK 2R 3-9N) 2-12S(1R=ABF,BF 2R 3-9N) | Diagnoses
HI  S 1 | 1R(1R=BP 2R 3-9N) 2S(1R=BO 2R 3-9N) 3-12N | Anesthesia procedure
HI  S 2 | 1R(1R=BG 2R 3-9N) 2-12S(1R=BG 2R 3-9N) | Condition codes
HCP S 1 | 1R=@pricing 2R 3S 4S 5S 6S 7S 8-12N 13S 14S 15S | Repricing
loop 2310A 2300 S 2 | Referring provider
NM1 R 1 | 1R=DN,P3 {_PERSON} | Referring provider
REF S 3 | 1R=0B,1G,G2 2R 3-4N | Other number
loop 2310B 2300 S 1 | Rendering provider
NM1 R 1 | 1R=82 {_PROVIDER} | Rendering provider
PRV S 1 | 1R=PE 2R=PXC 3R 4-6N | Taxonomy
REF S 4 | 1R=0B,1G,G2,LU 2R 3-4N | Other number
loop 2310C 2300 S 1 | Service facility
NM1 R 1 | 1R=77 2R=2 3R 4-7N 8S=XX 9S 10-12N | Service facility
N3  R 1 | 1R 2S | Street
N4  R 1 | 1R 2-7S | City
REF S 3 | 1R=0B,G2,LU 2R 3-4N | Other number
PER S 1 | 1R=IC 2S 3R=TE 4R 5S=EX 6S 7-9N | Contact
loop 2310D 2300 S 1 | Supervising provider
NM1 R 1 | 1R=DQ {_PERSON} | Supervising provider
REF S 4 | 1R=0B,1G,G2,LU 2R 3-4N | Other number
loop 2310E 2300 S 1 | Ambulance pick-up
NM1 R 1 | 1R=PW {_PLACE} | Ambulance pick-up
N3  R 1 | 1R 2S | Street
N4  R 1 | 1R 2-7S | City
loop 2310F 2300 S 1 | Ambulance drop-off
NM1 R 1 | 1R=45 {_PLACE} | Ambulance drop-off
N3  R 1 | 1R 2S | Street
N4  R 1 | 1R 2-7S | City
{OTHER_PAYER}
loop 2330C 2320 S 2 | Referring provider's numbers there
NM1 R 1 | 1R=DN,P3 2R=1 3-12N | Referring provider
REF R 3 | 1R=0B,1G,G2 2R 3-4N | Other number
loop 2330D 2320 S 1 | Rendering provider's numbers there
NM1 R 1 | 1R=82 2R=1,2 3-12N | Rendering provider
REF R 3 | 1R=0B,1G,G2,LU 2R 3-4N | Other number
loop 2330E 2320 S 1 | Service facility's numbers there
NM1 R 1 | 1R=77 2R=2 3-12N | Service facility
REF R 3 | 1R=0B,G2,LU 2R 3-4N | Other number
loop 2330F 2320 S 1 | Supervising provider's numbers there
NM1 R 1 | 1R=DQ 2R=1 3-12N | Supervising provider
REF R 3 | 1R=0B,1G,G2,LU 2R 3-4N | Other number
loop 2330G 2320 S 1 | Billing provider's numbers there
NM1 R 1 | 1R=85 2R=1,2 3-12N | Billing provider
REF R 2 | 1R=G2,LU 2R 3-4N | Other number
loop 2400 2300 R 50 | Service line
LX  R 1 | 1R | Line number
SV1 R 1 | {_PROCEDURE} 2R 3R=MJ,UN 4R 5S 6N 7R(1R 2-4S) {_MARKS} | Professional service
SV5 S 1 | 1R(1R=HC 2R 3-8N) 2R=DA 3R 4R 5R 6R=1,4,6 7N | Durable medical equipment
PWK S 10 | 1R=@attachment 2R=AA,AB,AD,AF,AG,BM,EL,EM,FT,FX,NS 3-4N 5S=AC 6S 7-9N | Attachment
CR1 S 1 | 1S=LB 2S 3S=I,R,T,X 4R=A,B,C,D,E 5R=DH 6R 7-8N 9S 10S | Ambulance transport
CR3 S 1 | 1R=I,R,S 2R=MO 3R 4-5N | Equipment certification
CRC S 3 | 1R=07 2R=N,Y 3R 4-7S | Ambulance certification
CRC S 1 | 1R=70 2R=N,Y 3R=65 4-7N | Hospice employee
CRC S 1 | 1R=09 2R=N,Y 3R=38,ZV 4S 5-7N | Equipment condition
DTP R 1 | 1R=472 2R=D8,RD8 3R | Service date
DTP S 1 | 1R=471 2R=D8 3R | Prescription
DTP S 1 | 1R=607 2R=D8 3R | Certification revised
DTP S 1 | 1R=463 2R=D8 3R | Begin therapy
DTP S 1 | 1R=461 2R=D8 3R | Last certification
DTP S 1 | 1R=304 2R=D8 3R | Last seen
DTP S 2 | 1R=738,739 2R=D8 3R | Test
DTP S 1 | 1R=011 2R=D8 3R | Shipped
DTP S 1 | 1R=455 2R=D8 3R | Last X-ray
DTP S 1 | 1R=454 2R=D8 3R | First treatment
QTY S 1 | 1R=PT 2R 3-4N | Patients in the ambulance
QTY S 1 | 1R=FL 2R 3-4N | Obstetric units
MEA S 5 | 1R=OG,TR 2R=HT,R1,R2,R3,R4 3R 4-6N | Test result
CN1 S 1 | 1R=@contract 2-6S | Contract
REF S 1 | 1R=9B 2R 3-4N | Repriced line number
REF S 1 | 1R=9D 2R 3-4N | Adjusted repriced line number
REF S 5 | 1R=G1 2R 3N 4S(1R=2U 2R 3-6N) | Authorization number
REF S 1 | 1R=6R 2R 3-4N | Line control number
REF S 1 | 1R=EW 2R 3-4N | Mammography certification
REF S 1 | 1R=X4 2R 3-4N | CLIA number
REF S 1 | 1R=F4 2R 3-4N | Referring CLIA number
REF S 1 | 1R=BT 2R 3-4N | Vaccine batch number
REF S 5 | 1R=9F 2R 3N 4S(1R=2U 2R 3-6N) | Referral number
AMT S 1 | 1R=T 2R 3N | Sales tax
AMT S 1 | 1R=F4 2R 3N | Postage
K3  S 10 | 1R 2-3N | File information
NTE S 1 | 1R=ADD,DCP 2R | Note
NTE S 1 | 1R=TPO 2R | Repricer's note
PS1 S 1 | 1R 2R 3N | Purchased service
HCP S 1 | 1R=@pricing 2R 3S 4S 5S 6S 7S 8N 9S 10S 11S 12S 13S 14S 15S | Repricing
{DRUG}
loop 2420A 2400 S 1 | Rendering provider of the line
NM1 R 1 | 1R=82 {_PROVIDER} | Rendering provider
PRV S 1 | 1R=PE 2R=PXC 3R 4-6N | Taxonomy
REF S 20 | 1R=0B,1G,G2,LU 2R 3N 4S(1R=2U 2R 3-6N) | Other number
loop 2420B 2400 S 1 | Purchased service provider
NM1 R 1 | 1R=QB 2R=1,2 3-7N 8S=XX 9S 10-12N | Purchased service provider
REF S 20 | 1R=0B,1G,G2 2R 3N 4S(1R=2U 2R 3-6N) | Other number
loop 2420C 2400 S 1 | Service facility of the line
NM1 R 1 | 1R=77 2R=2 3R 4-7N 8S=XX 9S 10-12N | Service facility
N3  R 1 | 1R 2S | Street
N4  R 1 | 1R 2-7S | City
REF S 3 | 1R=G2,LU 2R 3N 4S(1R=2U 2R 3-6N) | Other number
loop 2420D 2400 S 1 | Supervising provider of the line
NM1 R 1 | 1R=DQ {_PERSON} | Supervising provider
REF S 20 | 1R=0B,1G,G2,LU 2R 3N 4S(1R=2U 2R 3-6N) | Other number
loop 2420E 2400 S 1 | Ordering provider
NM1 R 1 | 1R=DK {_PERSON} | Ordering provider
N3  S 1 | 1R 2S | Street
N4  S 1 | 1R 2-7S | City
REF S 20 | 1R=0B,1G,G2 2R 3N 4S(1R=2U 2R 3-6N) | Other number
PER S 1 | 1R=IC 2S 3R=EM,FX,TE 4R 5S=EM,EX,FX,TE 6S 7S=EM,EX,FX,TE 8S 9N | Contact
loop 2420F 2400 S 2 | Referring provider of the line
NM1 R 1 | 1R=DN,P3 {_PERSON} | Referring provider
REF S 20 | 1R=0B,1G,G2 2R 3N 4S(1R=2U 2R 3-6N) | Other number
loop 2420G 2400 S 1 | Ambulance pick-up of the line
NM1 R 1 | 1R=PW {_PLACE} | Ambulance pick-up
N3  R 1 | 1R 2S | Street
N4  R 1 | 1R 2-7S | City
loop 2420H 2400 S 1 | Ambulance drop-off of the line
NM1 R 1 | 1R=45 {_PLACE} | Ambulance drop-off
N3  R 1 | 1R 2S | Street
N4  R 1 | 1R 2-7S | City
{ADJUDICATION}
loop 2440 2400 S >1 | Form
LQ  R 1 | 1R=AS,UT 2R | Form
FRM R 99 | 1R 2S=N,W,Y 3S 4S 5S | Answer
"""

_BILLING = """
REF R 1 | 1R=EI,SY 2R 3-4N | Tax number
REF S 2 | 1R=0B,1G 2R 3-4N | License or UPIN
"""

TABLE = assemble("837P 005010X222A1", HEAD, LEVELS, CLAIM, billing=_BILLING, patient_weight=True)
FIELDS = fields("837P")

__all__ = ["FIELDS", "RULES", "TABLE"]
