"""005010X221A1: health care claim payment and remittance advice (835)."""

from __future__ import annotations

TABLE = """
guide 835 005010X221A1 HP | Claim payment and remittance advice
ST R 1 | 1R=835 2R | Transaction set header
BPR R 1 | 1R=C,D,H,I,P,U,X 2R 3R=C,D 4R=ACH,BOP,CHK,FWT,NON 5S=CCP,CTX 6S=01,04 8S=DA 12S=01,04 14S=DA,SG 16R | Payment
TRN R 1 | 1R=1 2R 3R | Trace number
CUR S 1 | 1R=PR 2R | Foreign currency
REF S 1 | 1R=EV 2R 3N 4N | Receiver
REF S 1 | 1R=F2 2R 3N 4N | Version
DTM S 1 | 1R=405 2R 3N | Production date
loop 1000A - R 1 | Payer
N1 R 1 | 1R=PR 2R 3S=XV 4S | Payer
N3 R 1 | 1R | Payer address
N4 R 1 | 1R | Payer city
REF S 4 | 1R=2U,EO,HI,NF 2R 3N 4N | Other payer id
PER S 1 | 1R=CX 3S=TE,FX,EM 5S=TE,FX,EM,EX 7S=EX | Payer business contact
PER R >1 | 1R=BL 3S=TE,EM,UR 5S=TE,EM,EX,FX,UR 7S=EX,FX,UR,EM | Payer technical contact
PER S 1 | 1R=IC 3R=UR 4R | Payer web site
loop 1000B - R 1 | Payee
N1 R 1 | 1R=PE 2R 3R=FI,XV,XX 4R | Payee
N3 S 1 | 1R | Payee address
N4 S 1 | 1R | Payee city
REF S >1 | 1R=0B,D3,PQ,TJ 2R 4N | Other payee id
RDM S 1 | 1R=BM,EM,FT,OL | Remittance delivery
loop 2000 - S >1 | Header number
LX R 1 | 1R | Header number
TS3 S 1 | 1R 2R 3R 4R 5R | Provider summary
TS2 S 1 | | Provider supplemental summary
loop 2100 2000 R >1 unit | Claim payment
CLP R 1 | 1R 2R=1,2,3,4,19,20,21,22,23,25 3R 4R 6R=12,13,14,15,16,17,AM,CH,DS,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ 7R 10N | \
Claim payment
CAS S 99 | 1R=CO,OA,PI,PR,CR 2R 3R | Claim adjustment
NM1 R 1 | 1R=QC 2R=1 8S=34,HN,II,MI,MR | Patient
NM1 S 1 | 1R=IL 2R=1,2 8R=FI,II,MI 9R | Insured
NM1 S 1 | 1R=74 2R=1,2 8S=C | Corrected patient or insured
NM1 S 1 | 1R=82 2R=1,2 8R=BD,BS,FI,MC,PC,SL,UP,XX 9R | Rendering provider
NM1 S 1 | 1R=TT 2R=2 3R 8R=AD,FI,NI,PI,PP,XV 9R | Crossover carrier
NM1 S 1 | 1R=PR 2R=2 3R 8R=AD,FI,NI,PI,PP,XV 9R | Corrected priority payer
NM1 S 1 | 1R=GB 2R=1,2 8S=FI,II,MI | Other subscriber
MIA S 1 | 1R | Inpatient adjudication
MOA S 1 | | Outpatient adjudication
REF S 5 | 1R=1L,1W,28,6P,9A,9C,BB,CE,EA,F8,G1,G3,IG,SY 2R 3N 4N | Other claim id
REF S 10 | 1R=0B,1A,1B,1C,1D,1G,1H,1J,D3,G2,LU 2R 3N 4N | Rendering provider id
DTM S 4 | 1R=036,050,232,233 2R 3N | Claim date
PER S 2 | 1R=CX 3R=EM,FX,TE 4R 5S=EM,EX,FX,TE 7S=EX | Claim contact
AMT S 13 | 1R=AU,D8,DY,F5,I,NL,T,T2,ZK,ZL,ZM,ZN,ZO 2R 3N | Claim amount
QTY S 14 | 1R=CA,CD,LA,LE,NE,NR,OU,PS,VS,ZK,ZL,ZM,ZN,ZO 2R | Claim quantity
loop 2110 2100 S 999 | Service payment
SVC R 1 | 1R(1R=AD,ER,HC,HP,IV,N4,N6,NU,UI,WK 2R 8N) 2R 3R 6S(1R=AD,ER,HC,HP,IV,N4,N6,NU,UI,WK 2R 8N) | Service payment
DTM S 2 | 1R=150,151,472 2R 3N | Service date
CAS S 99 | 1R=CO,OA,PI,PR,CR 2R 3R | Service adjustment
REF S 8 | 1R=1S,APC,BB,E9,G1,G3,LU,RB 2R 3N 4N | Service id
REF S 1 | 1R=6R 2R 3N 4N | Line item control number
REF S 10 | 1R=0B,1A,1B,1C,1D,1G,1H,1J,D3,G2,HPI,SY,TJ 2R 3N 4N | Rendering provider
REF S 5 | 1R=0K 2R 3N 4N | Policy
AMT S 9 | 1R=B6,KH,T,T2,ZK,ZL,ZM,ZN,ZO 2R 3N | Service amount
QTY S 6 | 1R=ZK,ZL,ZM,ZN,ZO 2R | Service quantity
LQ S 99 | 1R=HE,RX 2R | Remark
in -
PLB S >1 | 1R 2R 3R(1R=50,51,72,90,AH,AM,AP,B2,B3,BD,BN,C5,CR,CS,CT,CV,CW,DM,E3,FB,FC,GO,HM,IP,IR,IS,J1,L3,L6,LE,LS,\
OA,OB,PI,PL,RA,RE,SL,TL,WO,WU) 4R | Provider adjustment
SE R 1 | 1R 2R | Transaction set trailer
"""
