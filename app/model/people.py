"""Patients and those who answer for them."""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A postal address, as the vendor writes it."""

    street: str = ""
    unit: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    subdivision: str = ""


class Patient(msgspec.Struct, frozen=True, kw_only=True):
    """A person the practice cares for, or may (``is_lead``: a prospect who has not been seen).

    Phones are as written; ``gender`` is m, f, o, u or empty; ``pronouns`` free text. ``extra`` keeps
    what a vendor says beyond these, under the vendor's own field names, so that nothing is lost on update.
    """

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    nick_name: str = ""
    birth_date: date | None = None
    gender: str = ""
    pronouns: str = ""
    language: str = ""
    phone: str = ""
    cell_phone: str = ""
    sms_phone: str = ""
    email: str = ""
    address: Address = Address()
    chart_number: str = ""
    member_ids: tuple[str, ...] = ()
    usual_provider_vendor_id: str = ""
    is_lead: bool = False
    notes: str = ""
    alert: str = ""
    extra: dict[str, str] = msgspec.field(default_factory=dict)

    def full_name(self) -> str:
        """First, middle and last name with single spaces."""
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)


class PatientRow(msgspec.Struct, frozen=True, kw_only=True):
    """A patient as lists and type-ahead show one: identity, source, last activity, nothing more."""

    local_id: str
    connection_id: str
    vendor_id: str
    first_name: str
    last_name: str
    birth_date: date | None
    phone: str
    chart_number: str = ""
    is_lead: bool = False
    last_activity: datetime | None = None
    as_of: datetime | None = None

    def full_name(self) -> str:
        """First and last name with a single space."""
        return f"{self.first_name} {self.last_name}".strip()
