"""What 270 and 271 (005010X279A1) have in common: levels, parties, codes of numbers."""

from __future__ import annotations

PAYER = "1R=2B,36,GP,P5,PR 2R=1,2 3S 4S 5S 6N 7S 8R=24,46,FI,NI,PI,XV,XX 9R 10-12N"
PROVIDER = "1R=1P,2B,36,80,FA,GP,P5,PR 2R=1,2 3S 4S 5S 6N 7S 8R=24,34,FI,PI,PP,SV,XV,XX 9R 10-12N"
PROVIDER_NUMBERS = "1R=0B,1C,1D,1J,4A,CT,EL,EO,HPI,JD,N5,N7,Q4,SY,TJ 2R 3S 4N"
ROLE = "1R=AD,AT,BI,CO,CV,H,HH,LA,OT,P1,P2,PC,PE,R,RF,SB,SK,SU"
PROVIDER_TAXONOMY = f"PRV S 1 | {ROLE} 2S=PXC 3S 4-6N | Provider's taxonomy"
MEMBER_PROVIDER = f"PRV S 1 | {ROLE} 2S=9K,D3,EI,HPI,PXC,SY,TJ 3S 4-6N | Provider"
SUBSCRIBER = "1R=IL 2R=1,2 3S 4S 5S 6N 7S 8S=II,MI 9S 10-12N"
DIAGNOSES = "HI S 1 | 1R(1R=ABK,BK 2R 3-9N) 2-8S(1R=ABF,BF 2R 3-9N) 9-12N | Diagnoses"
PROCEDURE = "(1R=AD,CJ,HC,ID,IV,N4,ZZ 2R 3-6S 7N 8S)"
ADDRESS = """
N3 S 1 | 1R 2S | Street
N4 S 1 | 1R 2S 3S 4S 5-6N 7S | City
"""
_FIELDS = {
    "2100A": {"NM1/03": "Payer: name", "NM1/09": "Payer: payer ID", "NM1": "Payer"},
    "2100B": {
        "NM1/03": "Provider: name",
        "NM1/04": "Provider: first name",
        "NM1/09": "Provider: NPI",
        "PRV/03": "Provider: taxonomy",
        "REF/02": "Provider: other number",
    },
}
_MEMBER = {
    "NM1/03": "last name", "NM1/04": "first name", "NM1/09": "member number", "NM1": "name", "DMG/02": "birth date",
    "DMG/03": "sex", "DTP/03": "service date", "REF/02": "other number", "N3/01": "street", "N4/03": "ZIP code",
}  # fmt: skip


def at(table: str, end: str) -> str:
    """Loops that stand under subscriber and dependent alike: ``2110x`` as ``2110C`` or ``2110D``."""
    return table.replace("0x", f"0{end}").replace("5x", f"5{end}")


def fields() -> dict[str, str]:
    """Places of the form: ``{"2100C/NM1/09": "Subscriber: member number", …}``."""
    found = {f"{loop}/{place}": words for loop, places in _FIELDS.items() for place, words in places.items()}
    for end, who in (("C", "Subscriber"), ("D", "Patient")):
        found |= {f"2100{end}/{place}": f"{who}: {words}" for place, words in _MEMBER.items()}
        found |= {f"2000{end}/TRN/02": "Trace number", f"2000{end}/TRN/03": "Trace number: our company ID"}
        found |= {
            f"2110{end}/EQ": "Service type",
            f"2110{end}/EQ/01": "Service type",
            f"2110{end}/EQ/02-2": "Procedure",
            f"2110{end}/DTP/03": "Service date",
        }
    return found
