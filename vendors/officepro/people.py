"""OfficePro's prospects ⇄ our patients. Pure. Its list shapes are not documented, so the likely ones are taken.

Prospect field names are those of PUT prospects/{id}. A record's id stands under ``PatientID``, ``id`` or
``ProspectID``; the PatientID of bookings is the same number (BEHAVIOR.md, 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.model.errors import BadInput
from app.model.people import Address, Patient
from vendors.officepro.mapping import TITLE, id_out, id_text
from vendors.transport.decode import drifted

#: Our field → OfficePro's, for plain text.
TEXT_FIELDS = {
    "first_name": "FirstName",
    "middle_name": "MI",
    "last_name": "LastName",
    "nick_name": "NickName",
    "gender": "Gender",
    "pronouns": "Pronouns",
    "language": "PrimaryLanguage",
    "phone": "Phone",
    "cell_phone": "CellPhone",
    "sms_phone": "SMSPhone",
    "email": "EMail",
    "notes": "Notes",
}
ADDRESS_FIELDS = {
    "street": "Address",
    "unit": "Unit",
    "city": "City",
    "state": "State",
    "postal_code": "Zip",
    "country": "Country",
}
#: Documented fields that have no place of their own in ``Patient``; they travel in ``Patient.extra``.
EXTRA_FIELDS = (
    "FullName",
    "LifeStage",
    "SexualIdentity",
    "Type",
    "Sh_Name",
    "Sh_Address",
    "Sh_Unit",
    "Sh_City",
    "Sh_State",
    "Sh_Zip",
    "Sh_Country",
    "PtImg",
)
_ID_NAMES = ("PatientID", "id", "ProspectID", "prospect_id", "patient_id")
_GENDERS = {"male": "m", "female": "f", "other": "o", "unknown": "u", "m": "m", "f": "f", "o": "o", "u": "u"}


def patient(raw: Any, operation: str) -> tuple[str, Patient]:
    """A prospect's id and value. Raises Drifted where there is no record or no id."""
    if not isinstance(raw, dict):
        raise drifted(TITLE, operation, "“data[]” in another shape")
    given = {str(key).lower(): (str(key), value) for key, value in raw.items() if value is not None}
    vendor_id = _take_id(given, operation)
    if "email" not in given and "e_mail" in given:
        given["email"] = given.pop("e_mail")
    text = {ours: _take(given, theirs) for ours, theirs in (TEXT_FIELDS | ADDRESS_FIELDS).items()}
    birth_text = _take(given, "DOB")
    birth_date = _day(birth_text)
    lead = _take(given, "Prospect").lower() in {"1", "true", "yes"}
    usual_provider = _take(given, "ProviderID")
    extra = {name: _plain(value) for name, value in given.values() if _plain(value)}
    if birth_text and birth_date is None and not birth_text.startswith("0000"):
        extra["DOB"] = birth_text
    gender = _GENDERS.get(text["gender"].lower(), "")
    if text["gender"] and not gender:
        extra["Gender"] = text["gender"]
    if not text["first_name"] and not text["last_name"]:
        text["first_name"], text["last_name"] = _split(extra.get("FullName", ""))
    return vendor_id, Patient(
        first_name=text["first_name"],
        middle_name=text["middle_name"],
        last_name=text["last_name"],
        nick_name=text["nick_name"],
        birth_date=birth_date,
        gender=gender,
        pronouns=text["pronouns"],
        language=text["language"],
        phone=text["phone"],
        cell_phone=text["cell_phone"],
        sms_phone=text["sms_phone"],
        email=text["email"],
        address=Address(**{ours: text[ours] for ours in ADDRESS_FIELDS}),
        usual_provider_vendor_id="" if usual_provider == "0" else usual_provider,
        is_lead=lead,
        notes=text["notes"],
        extra=extra,
    )


def creation_out(value: Patient) -> dict[str, Any]:
    """The body of POST prospects: what is known, nothing empty. Raises BadInput without any name."""
    if not value.full_name():
        raise BadInput("last_name", "A patient needs a name.", "Nothing was sent.", ("Enter first and last name.",))
    fields: dict[str, Any] = {theirs: getattr(value, ours) for ours, theirs in TEXT_FIELDS.items()}
    fields |= {theirs: getattr(value.address, ours) for ours, theirs in ADDRESS_FIELDS.items()}
    if value.birth_date:
        fields["DOB"] = value.birth_date.isoformat()
    if value.usual_provider_vendor_id:
        fields["ProviderID"] = id_out(value.usual_provider_vendor_id)
    if value.is_lead:
        fields["Prospect"] = 1
    fields |= {name: value.extra[name] for name in EXTRA_FIELDS if name in value.extra}
    return {name: held for name, held in fields.items() if held != ""}


def changes_out(changes: Mapping[str, str]) -> dict[str, Any]:
    """The body of PUT prospects/{id}: exactly the named fields, empty ones too, because empty means "remove it".

    Names are ``Patient``'s and ``Address``'s (``birth_date`` as ISO, ``is_lead`` as ``1`` or ``0``), or OfficePro's own
    for what lives in ``extra``. Raises BadInput for any other name or a wrong date.
    """
    fields: dict[str, Any] = {}
    plain = TEXT_FIELDS | ADDRESS_FIELDS
    for name, text in changes.items():
        if name in plain:
            fields[plain[name]] = text
        elif name == "birth_date":
            if text and _day(text) is None:
                raise BadInput(name, "This is not a date.", "Nothing was sent.", ("Enter it as 1984-03-14.",))
            fields["DOB"] = text
        elif name == "is_lead":
            fields["Prospect"] = 1 if text.lower() in {"1", "true", "yes"} else 0
        elif name == "usual_provider_vendor_id":
            fields["ProviderID"] = id_out(text)
        elif name in EXTRA_FIELDS:
            fields[name] = text
        else:
            raise BadInput(name, f"OfficePro keeps no “{name[:40]}”.", "Nothing was sent.", ("Leave it out.",))
    if not fields:
        raise BadInput("changes", "There is nothing to change.", "Nothing was sent.")
    return fields


def same_name(sent: Mapping[str, Any], answered: Patient) -> bool:
    """Whether an answer about a record just written speaks of the same name (where it says one at all)."""
    pairs = (("FirstName", answered.first_name), ("LastName", answered.last_name))
    return all(
        not said or not sent.get(name) or str(sent[name]).strip().casefold() == said.casefold() for name, said in pairs
    )


def _take_id(given: dict[str, tuple[str, Any]], operation: str) -> str:
    for name in _ID_NAMES:
        if (held := given.pop(name.lower(), None)) is not None:
            value = int(held[1]) if isinstance(held[1], float) and held[1].is_integer() else held[1]
            vendor_id = id_text(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
            if vendor_id and vendor_id != "0":
                return vendor_id
    raise drifted(TITLE, operation, "no “id” in a record")


def _take(given: dict[str, tuple[str, Any]], name: str) -> str:
    held = given.pop(name.lower(), None)
    return _plain(held[1]) if held else ""


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _day(text: str) -> date | None:
    """ISO, or month first as US systems write it; None for anything else."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        pass
    try:
        return datetime.strptime(text, "%m/%d/%Y").date()
    except ValueError:
        return None


def _split(full_name: str) -> tuple[str, str]:
    if "," in full_name:
        last, _, first = full_name.partition(",")
        return first.strip(), last.strip()
    first, _, last = full_name.strip().rpartition(" ")
    return first.strip(), last
