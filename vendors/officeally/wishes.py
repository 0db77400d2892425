"""Wishes in Daybook's words as plans on Office Ally's pages. What cannot be is refused before anything is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from app.model.errors import BadInput
from app.model.money import Money
from app.model.people import Patient
from app.model.portal import WritePlan
from app.model.portal_writes import PortalOperation, WriteWish
from vendors.officeally.pages.claims import usa

if TYPE_CHECKING:
    from vendors.officeally.portal import OfficeAllyPortal

#: Which web application does what.
APP_OF = {
    PortalOperation.SAVE_PATIENT: "pm",
    PortalOperation.SAVE_POLICY: "pm",
    PortalOperation.CHECK_IN: "pm",
    PortalOperation.POST_REMITTANCE: "pm",
    PortalOperation.CORRECT_CLAIM: "portal",
    PortalOperation.UPLOAD_CLAIMS: "portal",
    PortalOperation.ENROLL: "portal",
}
_DATES = frozenset({"birth_date", "starts", "ends", "insured_birth_date", "service_date"})
#: What we may know of a patient and its chart has no place for.
_NO_FIELD = ("nick_name", "pronouns", "language", "usual_provider_vendor_id", "notes", "alert")
_SEX = {"f": "F", "m": "M", "u": "U", "o": "U", "": "U"}


async def plan(web: OfficeAllyPortal, wish: WriteWish, *, today: date, who: str = "") -> WritePlan:
    """Every wish but an upload, which brings a file. Raises BadInput, and what planning raises."""
    match wish.operation:
        case PortalOperation.SAVE_PATIENT:
            fields = patient_values(wish.values, is_new=not wish.record)
            return await web.patients.plan_patient(
                fields, patient_id=wish.record, despite_twin=wish.despite_twin, who=who
            )
        case PortalOperation.SAVE_POLICY:
            patient_id, _, rank = wish.record.partition("/")
            fields = {name: _on_page(name, value) for name, value in wish.values.items()}
            return await web.patients.plan_policy(patient_id, int(rank) if rank.isdigit() else 0, fields, who)
        case PortalOperation.CHECK_IN:
            only(wish, "day", "provider")
            day = _day(wish, "day") if wish.values.get("day") else today
            return await web.visits.plan_check_in(wish.record, day, wish.values.get("provider", ""), who)
        case PortalOperation.POST_REMITTANCE:
            only(wish, "amount")
            amount = _money(wish, "amount") if wish.values.get("amount") else None
            return await web.posting.plan_posting(wish.record, amount=amount, who=who)
        case PortalOperation.CORRECT_CLAIM:
            return await web.center.plan_correction(wish.record, boxes(wish.values), who)
        case PortalOperation.ENROLL:
            only(wish, "payer_id", "transaction", "provider_npi", "contact", "email")
            return await web.center.plan_enrollment(
                _needed(wish, "payer_id"), _needed(wish, "transaction"), _needed(wish, "provider_npi"),
                contact=_needed(wish, "contact"), email=_needed(wish, "email"), who=who,
            )  # fmt: skip
    raise BadInput("operation", "A file of claims is planned with its content.", "Nothing was sent.")


def patient_values(values: Mapping[str, str], *, is_new: bool) -> dict[str, str]:
    """Fields of a patient as the page takes them. Raises BadInput for what no record can do without."""
    if is_new:
        wanted = {"last_name": "last name", "first_name": "first name", "birth_date": "birth date"}
        for name, words in wanted.items():
            if not values.get(name, "").strip():
                raise BadInput(name, f"Office Ally needs the patient's {words}.", "Nothing was sent.", ("Add it.",))
    elif not values:
        raise BadInput("changes", "Nothing was named to be changed.", "Nothing was sent.")
    return {name: _on_page(name, value.strip()) for name, value in values.items()}


def patient_fields(patient: Patient) -> dict[str, str]:
    """A new patient as ``patient_values`` takes one: all that has a value, also what there is no field for."""
    told = {
        **patient.extra,
        "last_name": patient.last_name,
        "first_name": patient.first_name,
        "middle_name": patient.middle_name,
        "birth_date": patient.birth_date.isoformat() if patient.birth_date else "",
        "gender": patient.gender or "u",
        "street": " ".join(part for part in (patient.address.street, patient.address.unit) if part),
        "city": patient.address.city,
        "state": patient.address.state,
        "postal_code": patient.address.postal_code,
        "phone": patient.phone,
        "cell_phone": patient.cell_phone or patient.sms_phone,
        "email": patient.email,
        "chart_number": patient.chart_number,
        "sms_phone": patient.sms_phone if patient.cell_phone not in ("", patient.sms_phone) else "",
        "country": patient.address.country,
        "subdivision": patient.address.subdivision,
        "prospect": "true" if patient.is_lead else "",
        **{name: getattr(patient, name) for name in _NO_FIELD},
    }
    return {name: value for name, value in told.items() if value}


def boxes(values: Mapping[str, str]) -> dict[str, str]:
    """Boxes of a claim as the page takes them."""
    if not values:
        raise BadInput("values", "Nothing was named to be corrected.", "Nothing was sent.")
    found = {}
    for name, value in values.items():
        is_date = name in _DATES or re.fullmatch(r"line_\d{1,2}_service_date", name)
        found[name] = usa_text(name, value) if is_date else value
    return found


def only(wish: WriteWish, *names: str) -> None:
    """Raises BadInput for a value the operation does not know."""
    for name in wish.values.keys() - set(names):
        raise BadInput(name, f"This step takes no “{name[:40]}”.", "Nothing was sent.", ("Leave it out.",))


def usa_text(name: str, value: str) -> str:
    """``2026-03-10`` (or what is written so already) as pages write dates. Raises BadInput."""
    if not value:
        return ""
    if re.fullmatch(r"\d{2}/\d{2}/\d{4}", value):
        return value
    try:
        return usa(date.fromisoformat(value))
    except ValueError:
        raise BadInput(name, f"“{name}” is not a date.", "Nothing was sent.", ("Write it as 1984-03-14.",)) from None


def _on_page(name: str, value: str) -> str:
    if name in _DATES:
        return usa_text(name, value)
    if name == "gender":
        if value.lower() not in _SEX:
            raise BadInput(name, "Office Ally knows F, M and U.", "Nothing was sent.", ("Choose one of them.",))
        return _SEX[value.lower()]
    return value


def _needed(wish: WriteWish, name: str) -> str:
    value = wish.values.get(name, "").strip()
    if not value:
        raise BadInput(name, f"“{name}” is missing.", "Nothing was sent.", ("Add it.",))
    return value


def _day(wish: WriteWish, name: str) -> date:
    try:
        return date.fromisoformat(wish.values[name])
    except ValueError:
        raise BadInput(name, f"“{name}” is not a date.", "Nothing was sent.", ("Write it as 2026-03-10.",)) from None


def _money(wish: WriteWish, name: str) -> Money:
    try:
        return Money.parse(wish.values[name])
    except ValueError:
        raise BadInput(name, f"“{name}” is not an amount.", "Nothing was sent.", ("Write it as 185.00.",)) from None
