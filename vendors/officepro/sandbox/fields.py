"""Reading requests strictly to the document: known names only, dates and times in its own form; else Refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from vendors.officepro.sandbox.practice import PROSPECT_FIELDS
from vendors.officepro.sandbox.records import Booking, Refused

_REQUIRED = ("PatientID", "ProviderID", "VisitType", "VisitDate", "VisitTime", "VisitDuration")
_OPTIONAL = ("VisitComplaint", "ProviderTime", "ProviderDuration", "VisitNotes")
_CHOICES = {
    "Gender": ("m", "f", "o", "u"),
    "LifeStage": ("Infant", "Toddler", "Child", "Adolescent", "EarlyAdult", "Adult", "AllAdults", "Senior"),
    "Type": ("Patient", "Child", "Cash", "Insurance", "Guarantor"),
    "Prospect": ("1", "0"),
}
_LONGEST = 500


def known(query: Mapping[str, str], names: Collection[str]) -> None:
    """Every parameter must be one of ``names``. Raises Refused 400."""
    for name in query:
        if name not in names:
            raise Refused(400, f"Unknown parameter: {name}")


def number(values: Mapping[str, Any], name: str, *, low: int = 1, high: int = 10**9, usual: int | None = None) -> int:
    """A whole number, as a JSON number or digits. Raises Refused 400."""
    value = values.get(name)
    if value is None:
        if usual is None:
            raise Refused(400, f"Missing required parameter: {name}")
        return usual
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Refused(400, f"Invalid {name}")
    return value


def day(values: Mapping[str, Any], name: str) -> date:
    """``2026-03-09``. Raises Refused 400."""
    value = values.get(name)
    if value is None:
        raise Refused(400, f"Missing required parameter: {name}")
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
            raise ValueError
        return date.fromisoformat(str(value))
    except ValueError:
        raise Refused(400, f"Invalid {name}: use YYYY-MM-DD") from None


def minute(values: Mapping[str, Any], name: str, usual: int | None = None) -> int:
    """``10:15:00`` as minutes after midnight. Raises Refused 400."""
    value = values.get(name)
    if value is None:
        if usual is None:
            raise Refused(400, f"Missing required parameter: {name}")
        return usual
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d):00", str(value))
    if match is None:
        raise Refused(400, f"Invalid {name}: use HH:MM:SS")
    return int(match[1]) * 60 + int(match[2])


def truth(values: Mapping[str, str], name: str) -> bool:
    """A switch in the query: present and empty, ``true`` or ``1`` is yes. Raises Refused 400."""
    value = values.get(name)
    if value in {"", "true", "1"}:
        return True
    if value in {None, "false", "0"}:
        return False
    raise Refused(400, f"Invalid {name}")


def booking(body: Any) -> Booking:
    """The body of POST visits/book. Raises Refused 400 or 422."""
    if not isinstance(body, dict):
        raise Refused(400, "The body must be a JSON object")
    for name in body:
        if name not in (*_REQUIRED, *_OPTIONAL):
            raise Refused(400, f"Unknown field: {name}")
    for name in _REQUIRED:
        if body.get(name) in {None, ""}:
            raise Refused(400, f"Missing required field: {name}")
    start, minutes = minute(body, "VisitTime"), number(body, "VisitDuration", high=720)
    provider_start = minute(body, "ProviderTime", usual=start)
    provider_minutes = number(body, "ProviderDuration", high=720, usual=start + minutes - provider_start)
    if provider_start < start or provider_start + provider_minutes > start + minutes:
        raise Refused(422, "ProviderTime and ProviderDuration must lie inside the visit")
    return Booking(
        patient_id=number(body, "PatientID"),
        provider_id=number(body, "ProviderID"),
        visit_type=_text(body, "VisitType"),
        day=day(body, "VisitDate"),
        start=start,
        minutes=minutes,
        complaint=_text(body, "VisitComplaint"),
        notes=_text(body, "VisitNotes"),
        provider_start=provider_start,
        provider_minutes=provider_minutes,
    )


def prospect(body: Any, *, new: bool) -> dict[str, str]:
    """The body of POST or PUT prospects. Raises Refused 400 or 422."""
    if not isinstance(body, dict) or not body:
        raise Refused(400, "The body must be a JSON object")
    found = {}
    for name, value in body.items():
        if name not in PROSPECT_FIELDS:
            raise Refused(400, f"Unknown field: {name}")
        if isinstance(value, bool) or not isinstance(value, str | int | None):
            raise Refused(400, f"Invalid {name}")
        text = "" if value is None else str(value)
        if len(text) > _LONGEST:
            raise Refused(422, f"{name} is too long")
        if text and text not in _CHOICES.get(name, (text,)):
            raise Refused(422, f"Invalid {name}")
        if text and name == "DOB":
            day({name: text}, name)
        found[name] = text
    if new and not (found.get("FirstName") and found.get("LastName")):
        raise Refused(400, "Missing required field: FirstName and LastName")
    return found


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise Refused(400, f"Invalid {name}")
    if len(value) > _LONGEST:
        raise Refused(422, f"{name} is too long")
    return value
