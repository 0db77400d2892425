"""The segment dictionary: the elements of each segment, their types, lengths and names.

One line a segment: its id, then its elements in order, parted by ``|``: type and length, then the name. Types are
the standard's: AN text, ID code, N0 whole number, R decimal number, DT date (8 digits), TM time, and PD for a date,
range or time whose shape a qualifier decides. ``C(`` … ``;`` … ``)`` is a composite. Where rules between elements
stand at the end after ``!``: P (all or none), R (at least one), E (at most one), C (first demands the rest), L (first
demands one of the rest).
"""

from __future__ import annotations

_PROC = (
    "C(ID2-2 code qualifier;AN1-48 procedure code;AN2-2 modifier;AN2-2 modifier;AN2-2 modifier;AN2-2 modifier;"
    "AN1-80 description;AN1-48 end of range)"
)
_HEALTH = (
    "C(ID1-3 list;AN1-30 code;ID2-3 format;PD1-35 date;R1-18 amount;R1-15 quantity;AN1-30 version;AN1-30 code;"
    "ID1-1 present on admission)"
)
_CATEGORY = "C(AN1-30 category;AN1-30 status;ID2-3 entity;ID1-3 list)"
_TABLE = f"""
ST  ID3-3 transaction kind|AN4-9 control number|AN1-35 guide
SE  N01-10 segment count|AN4-9 control number
BHT ID4-4 structure|ID2-2 purpose|AN1-50 reference number|DT8-8 date|TM4-8 time|ID2-2 transaction type
BPR ID1-2 handling|R1-18 payment amount|ID1-1 credit or debit|ID3-3 payment method|ID1-10 payment format|ID2-2 \
sender bank qualifier|AN3-12 sender bank|ID1-3 sender account qualifier|AN1-35 sender account|AN10-10 payer id|AN9-9 \
originator supplement|ID2-2 receiver bank qualifier|AN3-12 receiver bank|ID1-3 receiver account qualifier|AN1-35 \
receiver account|DT8-8 payment date|ID1-3 business function|ID2-2 bank qualifier|AN3-12 bank|ID1-3 account \
qualifier|AN1-35 account ! P0607 C0809 P1213 C1415 P1819 C2021
TRN ID1-2 trace type|AN1-50 trace number|AN10-10 originating company|AN1-50 reference
CUR ID2-3 entity|ID3-3 currency|R4-10 exchange rate|ID2-3 entity|ID3-3 currency|ID3-3 market|ID3-3 date qualifier|\
DT8-8 date|TM4-8 time
REF ID2-3 qualifier|AN1-50 reference|AN1-80 description|C(ID2-3 qualifier;AN1-50 reference;ID2-3 qualifier;AN1-50 \
reference;ID2-3 qualifier;AN1-50 reference) ! R0203
DTM ID3-3 qualifier|DT8-8 date|TM4-8 time|ID2-2 time zone|ID2-3 format|PD1-35 period ! R020306 C0403 P0506
DTP ID3-3 qualifier|ID2-3 format|PD1-35 date
N1  ID2-3 entity|AN1-60 name|ID1-2 id qualifier|AN2-80 id|ID2-2 relationship|ID2-3 entity ! R0203 P0304
N2  AN1-60 name|AN1-60 name
N3  AN1-55 address|AN1-55 address
N4  AN2-30 city|ID2-2 state|ID3-15 ZIP code|ID2-3 country|ID1-2 location qualifier|AN1-30 location|ID1-3 country \
subdivision ! E0207 C0605 C0704
PER ID2-2 contact function|AN1-60 contact name|ID2-2 number qualifier|AN1-256 number|ID2-2 number qualifier|AN1-256 \
number|ID2-2 number qualifier|AN1-256 number|AN1-20 inquiry reference ! P0304 P0506 P0708
RDM ID1-2 report transmission|AN1-60 name|AN1-256 number|C(ID2-3 qualifier;AN1-50 reference)|C(ID2-3 \
qualifier;AN1-50 reference)
NM1 ID2-3 entity|ID1-1 person or organization|AN1-60 last or organization name|AN1-35 first name|AN1-25 middle name|\
AN1-10 prefix|AN1-10 suffix|ID1-2 id qualifier|AN2-80 id|ID2-2 relationship|ID2-3 entity|AN1-60 name ! P0809 C1110 \
C1203
LX  N01-6 number
TS3 AN1-50 provider id|AN1-2 facility type|DT8-8 fiscal period end|R1-15 claim count|R1-18 total charge|R1-18 \
amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 \
amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-15 count|R1-18 \
amount
TS2 R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-15 count|R1-18 amount|R1-18 \
amount|R1-15 count|R1-15 count|R1-15 count|R1-15 count|R1-15 count|R1-18 amount|R1-15 count|R1-18 amount|R1-18 \
amount|R1-18 amount
CLP AN1-38 patient control number|ID1-2 claim status|R1-18 charge|R1-18 paid|R1-18 patient responsibility|ID1-2 \
claim filing indicator|AN1-50 payer control number|AN1-2 facility type|ID1-1 frequency|ID1-2 patient status|ID1-4 \
DRG|R1-15 DRG weight|R1-10 discharge fraction|ID1-1 yes or no
CAS ID1-2 adjustment group|ID1-5 reason|R1-18 amount|R1-15 quantity|ID1-5 reason|R1-18 amount|R1-15 quantity|ID1-5 \
reason|R1-18 amount|R1-15 quantity|ID1-5 reason|R1-18 amount|R1-15 quantity|ID1-5 reason|R1-18 amount|R1-15 \
quantity|ID1-5 reason|R1-18 amount|R1-15 quantity ! L050607 C0605 C0705 L080910 C0908 C1008 L111213 C1211 C1311 \
L141516 C1514 C1614 L171819 C1817 C1917
MIA R1-15 covered days|R1-18 PPS operating outlier|R1-15 psychiatric days|R1-18 DRG amount|AN1-50 remark|R1-18 \
disproportionate share|R1-18 pass-through|R1-18 capital|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 \
amount|R1-18 amount|R1-15 cost report days|R1-18 amount|R1-18 amount|R1-18 amount|R1-18 amount|AN1-50 remark|AN1-50 \
remark|AN1-50 remark|AN1-50 remark|R1-18 amount
MOA R1-10 reimbursement rate|R1-18 HCPCS payable|AN1-50 remark|AN1-50 remark|AN1-50 remark|AN1-50 remark|AN1-50 \
remark|R1-18 ESRD payment|R1-18 professional component
AMT ID1-3 qualifier|R1-18 amount|ID1-1 credit or debit
QTY ID2-2 qualifier|R1-15 quantity|C(ID2-2 unit)|AN1-30 text ! R0204 E0204
SVC {_PROC}|R1-18 charge|R1-18 paid|AN1-48 revenue code|R1-15 paid units|{_PROC}|R1-15 original units
LQ  ID1-3 list|AN1-30 code ! C0102
PLB AN1-50 provider id|DT8-8 fiscal period|C(ID2-2 reason;AN1-50 reference)|R1-18 amount|C(ID2-2 reason;AN1-50 \
reference)|R1-18 amount|C(ID2-2 reason;AN1-50 reference)|R1-18 amount|C(ID2-2 reason;AN1-50 reference)|R1-18 amount|\
C(ID2-2 reason;AN1-50 reference)|R1-18 amount|C(ID2-2 reason;AN1-50 reference)|R1-18 amount ! P0506 P0708 P0910 \
P1112 P1314
HL  AN1-12 number|AN1-12 parent|ID1-2 level|ID1-1 has children
PRV ID1-3 provider role|ID2-3 qualifier|AN1-50 taxonomy|ID2-2 state|C(ID1-3 specialty)|ID3-3 organization ! P0203
SBR ID1-1 payer order|ID2-2 relationship|AN1-50 group number|AN1-60 group name|ID1-3 insurance type|ID1-1 \
coordination|ID1-1 yes or no|ID2-2 employment|ID1-2 claim filing indicator
PAT ID2-2 relationship|ID1-1 location|ID2-2 employment|ID1-1 student|ID2-3 format|PD1-35 death date|ID2-2 unit|R1-10 \
weight|ID1-1 pregnant ! P0506 P0708
DMG ID2-3 format|PD1-35 birth date|ID1-1 sex|ID1-1 marital status|C(ID1-1 race;ID1-3 list;AN1-30 code)|ID1-2 \
citizenship|ID2-3 country|ID1-2 basis|R1-15 quantity|ID1-3 list|AN1-30 code ! P0102 P1011 C1105
CLM AN1-38 claim number|R1-18 charge|ID1-2 claim filing indicator|ID1-2 claim type|C(AN1-2 place of service;ID1-2 \
facility qualifier;ID1-1 frequency)|ID1-1 provider signature|ID1-1 assignment|ID1-1 benefits assigned|ID1-1 release \
of information|ID1-1 patient signature|C(ID2-3 related cause;ID2-3 related cause;ID2-3 related cause;ID2-2 \
state;ID2-3 country)|ID2-3 special program|ID1-1 yes or no|ID1-3 level of service|ID1-1 yes or no|ID1-1 \
participation|ID1-2 claim status|ID1-1 yes or no|ID2-2 submission reason|ID1-2 delay reason
CL1 ID1-1 admission type|ID1-1 admission source|ID1-2 patient status|ID1-1 residential status
PWK ID2-2 report type|ID1-2 transmission|N01-2 copies|ID2-3 entity|ID1-2 id qualifier|AN2-80 control number|AN1-80 \
description|C(ID1-2 action)|ID1-2 request category ! P0506
CN1 ID2-2 contract type|R1-18 amount|R1-6 percent|AN1-50 code|R1-6 terms discount|AN1-30 version
K3  AN1-80 information|ID1-2 format|C(ID2-2 unit)
NTE ID3-3 kind|AN1-80 text
CR1 ID2-2 unit|R1-10 weight|ID1-1 transport code|ID1-1 reason|ID2-2 unit|R1-15 distance|AN1-55 address|AN1-55 \
address|AN1-80 description|AN1-80 description ! P0102 P0506
CR2 N01-9 count|R1-15 quantity|ID2-3 subluxation|ID2-3 subluxation|ID2-2 unit|R1-15 quantity|R1-15 quantity|ID1-1 \
condition|ID1-1 yes or no|AN1-80 description|AN1-80 description|ID1-1 yes or no ! P0102 C0403 P0506
CR3 ID1-1 certification|ID2-2 unit|R1-15 months|ID1-1 insulin|AN1-80 description ! P0203
CRC ID2-2 category|ID1-1 yes or no|ID2-3 condition|ID2-3 condition|ID2-3 condition|ID2-3 condition|ID2-3 condition
HI  {"|".join([_HEALTH] * 12)}
HCP ID2-2 methodology|R1-18 allowed|R1-18 saved|AN1-50 organization|R1-9 rate|AN1-50 group|R1-18 group amount|AN1-48 \
revenue code|ID2-2 qualifier|AN1-48 code|ID2-2 unit|R1-15 units|ID2-2 rejection|ID1-2 compliance|ID1-2 exception ! \
R0113 P0910 P1112
SV1 {_PROC}|R1-18 charge|ID2-2 unit|R1-15 units|AN1-2 place of service|ID1-2 service type|C(N01-2 pointer;N01-2 \
pointer;N01-2 pointer;N01-2 pointer)|R1-18 amount|ID1-1 emergency|ID1-1 multiple procedures|ID1-1 EPSDT|ID1-1 family \
planning|ID1-1 review|AN1-2 local code|ID1-1 copay status|ID1-1 shortage area|AN1-50 reference|ID3-15 ZIP code|R1-18 \
amount|ID1-1 level of care|ID1-1 agreement ! P0304
SV2 AN1-48 revenue code|{_PROC}|R1-18 charge|ID2-2 unit|R1-15 units|R1-10 unit rate|R1-18 non-covered charge|ID1-1 \
yes or no|ID1-1 residential status|ID1-1 level of care ! R0102 P0405
SV4 AN1-50 prescription number|{_PROC}
SV5 {_PROC}|ID2-2 unit|R1-15 days|R1-18 rental price|R1-18 purchase price|ID1-1 rental frequency|ID1-1 prognosis ! \
R0405 C0604
PS1 AN1-50 provider|R1-18 purchased service charge|ID2-2 state
LIN AN1-20 assigned id|ID2-2 qualifier|AN1-48 drug code
CTP ID2-2 class|ID3-3 price id|R1-17 unit price|R1-15 units|C(ID2-2 unit)|ID3-3 multiplier|R1-10 factor ! P0405
SVD AN2-80 payer id|R1-18 paid|{_PROC}|AN1-48 revenue code|R1-15 units|N01-6 bundled line
OI  ID1-2 claim filing indicator|ID2-2 submission reason|ID1-1 benefits assigned|ID1-1 patient signature|ID1-1 \
provider agreement|ID1-1 release of information
MEA ID2-2 reference|ID1-3 qualifier|R1-20 value|C(ID2-2 unit)|R1-20 minimum|R1-20 maximum
FRM AN1-20 question|ID1-1 answer|AN1-50 text|DT8-8 date|R1-6 percent ! R02030405
TOO ID1-3 list|AN1-30 tooth|C(ID1-2 surface;ID1-2 surface;ID1-2 surface;ID1-2 surface;ID1-2 surface) ! P0102
EB  ID1-3 information|ID3-3 coverage level|ID1-2 service type|ID1-3 insurance type|AN1-50 plan|ID1-2 period|R1-18 \
amount|R1-10 percent|ID2-2 quantity qualifier|R1-15 quantity|ID1-1 authorization required|ID1-1 in network|{_PROC}|\
C(N01-2 pointer;N01-2 pointer;N01-2 pointer;N01-2 pointer) ! P0910
EQ  ID1-2 service type|{_PROC}|ID3-3 coverage level|ID1-3 insurance type|C(N01-2 pointer;N01-2 pointer;N01-2 \
pointer;N01-2 pointer) ! R0102
III ID1-3 list|AN1-30 code|ID2-2 category|AN1-264 text
HSD ID2-2 quantity qualifier|R1-15 quantity|ID2-2 unit|R1-6 sample|ID1-2 period|N01-3 periods|ID1-2 calendar \
pattern|ID1-1 time pattern ! P0102 C0605
INS ID1-1 insured|ID2-2 relationship|ID3-3 maintenance|ID2-3 reason|ID1-1 status|C(ID1-1 medicare;ID1-1 reason)|\
ID1-2 qualifying event|ID2-2 employment|ID1-1 student|ID1-1 handicap|ID2-3 format|PD1-35 date|ID1-1 confidentiality|\
AN2-30 city|ID2-2 state|ID2-3 country|N01-9 birth sequence ! P1112
AAA ID1-1 valid request|ID2-2 agency|ID2-2 reason|ID1-1 follow-up
MPI ID1-1 status|ID2-2 employment|ID1-1 government service|AN1-80 description|ID2-2 military rank|ID2-3 format|\
PD1-35 period ! P0607
MSG AN1-264 text|ID2-2 printer|N01-9 number
LS  AN1-4 loop
LE  AN1-4 loop
STC C(AN1-30 category;AN1-30 status;ID2-3 entity;ID1-3 list)|DT8-8 date|ID1-2 action|R1-18 charge|R1-18 paid|DT8-8 \
payment date|ID3-3 payment method|DT8-8 check date|AN1-16 check number|C(AN1-30 category;AN1-30 status;ID2-3 \
entity;ID1-3 list)|C(AN1-30 category;AN1-30 status;ID2-3 entity;ID1-3 list)|AN1-264 text
AK1 ID2-2 group kind|N01-9 group control number|AN1-12 version
AK2 ID3-3 transaction kind|AN4-9 control number|AN1-35 guide
IK3 ID2-3 segment|N01-10 position|AN1-4 loop|ID1-3 error
CTX C(AN1-35 context;AN1-35 value)|ID2-3 segment|N01-10 position|AN1-6 loop|C(N01-2 element;N01-2 component;N01-4 \
repeat)|C(AN1-4 reference;AN1-4 reference)
IK4 C(N01-2 element;N01-2 component;N01-4 repeat)|N01-4 reference|ID1-3 error|AN1-99 bad value
IK5 ID1-1 acknowledgment|ID1-3 error|ID1-3 error|ID1-3 error|ID1-3 error|ID1-3 error
AK9 ID1-1 acknowledgment|N01-6 sets included|N01-6 sets received|N01-6 sets accepted|ID1-3 error|ID1-3 error|ID1-3 \
error|ID1-3 error|ID1-3 error
TA1 N09-9 interchange control number|DT6-6 date|TM4-4 time|ID1-1 acknowledgment|ID3-3 note
"""


def segment_line(segment_id: str) -> str:
    """The dictionary line of a segment without its id; empty when it is unknown."""
    return _lines().get(segment_id, "")


_cache: dict[str, str] = {}


def _lines() -> dict[str, str]:
    if not _cache:
        _cache.update((line[:3].strip(), line[4:]) for line in _TABLE.splitlines() if line)
    return _cache
