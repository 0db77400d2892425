"""The schedule: who works when, what is booked, what is free.

A visit is a local date and time together with its location's IANA time zone; the location rules, never the
workstation. Windows are half-open: a visit of 30 minutes at 9:00 ends before 9:30.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

import msgspec


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """A place of care. ``time_zone`` is an IANA name such as ``America/Chicago``."""

    location_id: str
    name: str
    time_zone: str


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody (or a room standing in for somebody) with a schedule."""

    name: str
    title: str = ""
    specialty: str = ""
    npi: str = ""
    active: bool = True

    def shown_name(self) -> str:
        """``Dr. Oakenfield`` stays itself; a title follows the name: ``Noor Calderwick, NP``."""
        return f"{self.name}, {self.title}" if self.title and not self.name.startswith("Dr. ") else self.name


class VisitType(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of visit the vendor knows by ``name``; provider and resource ids are the vendor's, as text.

    ``minutes`` is the usual length where the vendor or the practice says one, else 0.
    """

    name: str
    active: bool = True
    provider_vendor_ids: tuple[str, ...] = ()
    resource_vendor_ids: tuple[str, ...] = ()
    minutes: int = 0


class VisitStatus(StrEnum):
    """How far a visit has come (DESIGN.md, section 3)."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_ROOM = "in_room"
    CHECKED_OUT = "checked_out"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One appointment as the vendor's schedule tells it.

    ``patient_vendor_id`` is empty where the vendor's schedule names no patient; ``patient_name`` is the name as that
    schedule writes it, where it does. ``provider_*`` minutes are the part of the visit in which the provider is needed
    (0 minutes: all of it). ``is_block``: time kept free on purpose, nobody's visit; ``reason`` says why.
    """

    provider_vendor_id: str
    day: date
    start: time
    minutes: int
    visit_type: str = ""
    status: VisitStatus = VisitStatus.BOOKED
    patient_vendor_id: str = ""
    patient_name: str = ""
    reason: str = ""
    notes: str = ""
    room: str = ""
    provider_start: time | None = None
    provider_minutes: int = 0
    is_block: bool = False


class Slot(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A free time, start and length, that a vendor offers for one provider."""

    day: date
    start: time
    minutes: int
    provider_vendor_id: str


class SlotCheck(msgspec.Struct, frozen=True, kw_only=True):
    """The vendor's own answer to "is this time free?"."""

    slot: Slot
    available: bool


class BookingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a vendor when a visit is booked; ids are the vendor's."""

    patient_vendor_id: str
    provider_vendor_id: str
    visit_type: str
    day: date
    start: time
    minutes: int
    reason: str = ""
    notes: str = ""
    provider_start: time | None = None
    provider_minutes: int = 0


class BookedVisit(msgspec.Struct, frozen=True, kw_only=True):
    """The vendor's confirmation: its visit id and what it booked."""

    visit_vendor_id: str
    request: BookingRequest
    room: str = ""


class VisitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A visit as the grid draws it. ``patient_id`` is empty where the patient is not known here; then ``patient_name``
    and ``patient_vendor_id`` are what the visit's own system says, if it says it. ``is_new_patient``: the linked record
    is still a lead (a prospect) in its system; of other visits nobody can know it. ``is_told``: the visit's own system
    names that patient; else a person or a booking here said so. ``is_block`` as in a ``Visit``."""

    local_id: str
    connection_id: str
    vendor_id: str
    provider_id: str
    day: date
    start_minute: int
    minutes: int
    visit_type: str
    status: VisitStatus
    patient_id: str = ""
    patient_vendor_id: str = ""
    patient_name: str = ""
    reason: str = ""
    room: str = ""
    is_new_patient: bool = False
    is_told: bool = False
    is_block: bool = False
    as_of: datetime | None = None


class ProviderRow(msgspec.Struct, frozen=True, kw_only=True):
    """A provider as columns and lists show one; ``provider_id`` is our local id."""

    provider_id: str
    connection_id: str
    vendor_id: str
    source: str
    name: str
    title: str = ""
    specialty: str = ""
    location_id: str = ""
    active: bool = True

    def shown_name(self) -> str:
        """``Dr. Oakenfield`` stays itself; a title follows the name: ``Noor Calderwick, NP``."""
        return f"{self.name}, {self.title}" if self.title and not self.name.startswith("Dr. ") else self.name
