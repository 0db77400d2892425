"""What 276, 277 (005010X212) and 277CA (005010X214) have in common: parties, lines, codes, places of the form."""

from __future__ import annotations

PAYER = "1R=PR 2R=2 3R 4-7N 8R=PI,XV 9R 10-12N"
RECEIVER = "1R=41 2R=1,2 3S 4S 5S 6-7N 8R=46 9R 10-12N"
PROVIDER = "1R=1P 2R=1,2 3S 4S 5S 6N 7S 8R=FI,SV,XX 9R 10-12N"
SUBSCRIBER = "1R=IL 2R=1,2 3R 4S 5S 6N 7S 8R=24,II,MI 9R 10-12N"
DEPENDENT = "1R=QC 2R=1 3R 4S 5S 6N 7S 8-12N"
PROCEDURE = "1R(1R=AD,ER,HC,HP,IV,N4,NU,WK 2R 3-6S 7-8N)"
CODE = "(1R 2R 3S 4N)"
PHARMACY_CODE = "(1R 2R 3S 4S=RX)"
DATE = "1R=472 2R=D8,RD8 3R"


def references(*codes: str) -> str:
    """REF lines, one of each kind."""
    return "\n".join(f"REF S 1 | 1R={code} 2R 3-4N | {_REFERENCES[code]}" for code in codes)


def at(table: str, end: str) -> str:
    """Loops that stand under subscriber and dependent alike: ``2200x`` as ``2200D`` or ``2200E``."""
    return table.replace("0x", f"0{end}")


_REFERENCES = {
    "1K": "Payer's claim number",
    "BLT": "Type of bill",
    "LU": "Location number",
    "6P": "Group number",
    "EJ": "Patient control number",
    "XZ": "Prescription number",
    "VV": "Voucher",
    "D9": "Clearinghouse claim number",
    "FJ": "Line control number",
}
_NAME = {"NM1/03": "name", "NM1/04": "first name", "NM1/09": "number", "NM1": "name"}
_PARTIES = {
    "2100A": "Payer", "2100B": "Receiver", "2100C": "Provider", "2100D": "Subscriber", "2100E": "Patient",
}  # fmt: skip


def fields(**parties: str) -> dict[str, str]:
    """Places of the form: ``{"2100C/NM1/09": "Provider: number", …}``."""
    named = _PARTIES | {f"2100{end}": words for end, words in parties.items()}
    found = {f"{loop}/{place}": f"{who}: {words}" for loop, who in named.items() for place, words in _NAME.items()}
    for end, who in (("D", named["2100D"]), ("E", named["2100E"])):
        found |= {f"2000{end}/DMG/02": f"{who}: birth date", f"2000{end}/DMG/03": f"{who}: sex"}
        found |= {
            f"2200{end}/TRN/02": "Trace number",
            f"2200{end}/AMT": "Claim: total charge",
            f"2200{end}/DTP": "Claim: service date",
        }
        found |= {f"2200{end}/AMT/02": "Claim: total charge", f"2200{end}/DTP/03": "Claim: service date"}
        found |= {f"2200{end}/REF/02": "Claim: number", f"2200{end}/STC/01": "Claim: status"}
        for line in ("2210", "2220"):
            found |= {f"{line}{end}/SVC/01-2": "Line: procedure", f"{line}{end}/SVC/02": "Line: charge"}
            found |= {f"{line}{end}/DTP/03": "Line: service date"}
    return found
