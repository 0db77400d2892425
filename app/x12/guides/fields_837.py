"""What the form calls the places of an 837: loop, segment, element → the words on the screen."""

from __future__ import annotations

_ADDRESS = {"N3": "street", "N4/01": "city", "N4/02": "state", "N4/03": "ZIP code", "N4": "city, state and ZIP code"}
_NAME = {"NM1/03": "name", "NM1/04": "first name", "NM1/09": "NPI", "NM1": "name"}
_PERSON = {**_NAME, "NM1/09": "member number", "DMG/02": "birth date", "DMG/03": "sex", "DMG": "birth date and sex"}
_PAYER = {**_NAME, "NM1/09": "payer ID"}

_PARTIES: dict[str, tuple[str, dict[str, str]]] = {
    "1000A": ("Submitter", {**_NAME, "NM1/09": "ID", "PER": "contact", "PER/04": "phone"}),
    "1000B": ("Receiver", {**_NAME, "NM1/09": "ID"}),
    "2000A": ("Billing provider", {"PRV/03": "taxonomy", "PRV": "taxonomy"}),
    "2010AA": (
        "Billing provider",
        {**_NAME, **_ADDRESS, "REF/02": "tax number", "REF": "tax number", "PER": "contact"},
    ),
    "2010AB": ("Pay-to address", {**_ADDRESS}),
    "2010AC": ("Pay-to plan", {**_PAYER, **_ADDRESS}),
    "2000B": (
        "Subscriber",
        {
            "SBR/01": "payer order",
            "SBR/02": "relationship",
            "SBR/03": "group number",
            "SBR/05": "reason Medicare is second",
            "SBR/09": "kind of insurance",
            "SBR": "coverage",
        },
    ),
    "2010BA": ("Subscriber", {**_PERSON, **_ADDRESS}),
    "2010BB": ("Payer", {**_PAYER, **_ADDRESS, "REF": "number of the billing provider there"}),
    "2000C": ("Patient", {"PAT/01": "relationship to the subscriber", "PAT": "relationship to the subscriber"}),
    "2010CA": ("Patient", {**_PERSON, **_ADDRESS}),
    "2320": (
        "Other payer",
        {
            "SBR/01": "payer order",
            "SBR/02": "relationship",
            "SBR/09": "kind of insurance",
            "AMT/02": "paid amount",
            "CAS": "adjustments",
            "OI": "release and assignment",
        },
    ),
    "2330A": ("Other subscriber", {**_PERSON, **_ADDRESS}),
    "2330B": ("Other payer", {**_PAYER, **_ADDRESS, "DTP": "decision date"}),
    "2410": ("Drug", {"LIN/03": "NDC", "CTP/04": "quantity", "CTP/05-1": "unit"}),
    "2430": (
        "Other payer's line",
        {
            "SVD/01": "payer ID",
            "SVD/02": "paid amount",
            "SVD": "decision",
            "CAS": "adjustments",
            "DTP": "decision date",
        },
    ),
}
_ROLES = {
    "837P": {
        "2310A": "Referring provider",
        "2310B": "Rendering provider",
        "2310C": "Service facility",
        "2310D": "Supervising provider",
        "2310E": "Ambulance pick-up",
        "2310F": "Ambulance drop-off",
        "2420A": "Line: rendering provider",
        "2420B": "Line: purchased service provider",
        "2420C": "Line: service facility",
        "2420D": "Line: supervising provider",
        "2420E": "Line: ordering provider",
        "2420F": "Line: referring provider",
        "2420G": "Line: ambulance pick-up",
        "2420H": "Line: ambulance drop-off",
    },
    "837I": {
        "2310A": "Attending provider",
        "2310B": "Operating provider",
        "2310C": "Other operating provider",
        "2310D": "Rendering provider",
        "2310E": "Service facility",
        "2310F": "Referring provider",
        "2420A": "Line: operating provider",
        "2420B": "Line: other operating provider",
        "2420C": "Line: rendering provider",
        "2420D": "Line: referring provider",
    },
}
_CLAIM = {
    "2300/CLM/01": "Claim number",
    "2300/CLM/02": "Claim total",
    "2300/CLM/05-1": "Place of service",
    "2300/CLM/05-3": "Claim frequency",
    "2300/CLM/07": "Assignment",
    "2300/CLM/08": "Benefits assigned",
    "2300/CLM/09": "Release of information",
    "2300/CLM/11": "Accident",
    "2300/CLM/11-4": "Accident state",
    "2300/HI": "Diagnoses",
    "2300/DTP": "Claim dates",
    "2300/REF": "Claim numbers",
    "2300/REF/02": "Claim numbers",
    "2300/NTE/02": "Claim note",
    "2300/CL1": "Admission and discharge",
    "2300/AMT/02": "Patient paid",
    "2400/LX/01": "Line number",
    "2400/SV1/01-2": "Procedure",
    "2400/SV1/02": "Line charge",
    "2400/SV1/03": "Unit",
    "2400/SV1/04": "Units",
    "2400/SV1/05": "Line place of service",
    "2400/SV1/07": "Diagnosis pointers",
    "2400/SV1/07-1": "Diagnosis pointers",
    "2400/SV1/07-2": "Diagnosis pointers",
    "2400/SV1/07-3": "Diagnosis pointers",
    "2400/SV1/07-4": "Diagnosis pointers",
    "2400/SV1": "Service line",
    "2400/SV2/01": "Revenue code",
    "2400/SV2/02-2": "Procedure",
    "2400/SV2/03": "Line charge",
    "2400/SV2/05": "Units",
    "2400/SV2": "Service line",
    "2400/DTP": "Service date",
    "2400/DTP/03": "Service date",
    "2400/NTE/02": "Line note",
}


def fields(kind: str) -> dict[str, str]:
    """``{"2010AA/NM1/09": "Billing provider: NPI", …}`` for 837P or 837I."""
    named = {
        f"{loop}/{place}": f"{who}: {what}"
        for loop, (who, places) in _PARTIES.items()
        for place, what in places.items()
    }
    named |= {
        f"{loop}/{place}": f"{who}: {what}"
        for loop, who in _ROLES[kind].items()
        for place, what in {**_NAME, **_ADDRESS, "PRV/03": "taxonomy", "REF": "other number"}.items()
    }
    return named | _CLAIM
