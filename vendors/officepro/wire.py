"""The shapes of OfficePro's answers, under its own field names. Ids come as numbers or text; both are taken.

Field order and names follow the vendor's document; what it does not document (providers, prospects) is read in
``mapping`` by the names that are likely.
"""

from __future__ import annotations

from msgspec import Struct, field

Id = int | str


class TokenAnswer(Struct, frozen=True):
    """POST auth/token."""

    access_token: str = field(name="accessToken")
    token_type: str = field(name="tokenType", default="Bearer")
    expires_in: int | float | str | None = field(name="expiresIn", default=None)


class ProviderRecord(Struct, frozen=True):
    """A provider; the keys are ours, filled from the likely names."""

    id: Id
    name: str
    title: str | None = None
    specialty: str | None = None
    npi: Id | None = None
    active: bool | None = None


class ScheduleVisit(Struct, frozen=True):
    """One row of a schedule: no patient, no status."""

    visit_id: Id = field(name="VisitID")
    time: str
    duration: int
    type: str | None = None
    booked: bool = True


class ScheduleProvider(Struct, frozen=True):
    """Whose schedule it is."""

    id: Id


class ScheduleAnswer(Struct, frozen=True):
    """GET providers/{id}/schedule. An empty schedule may come as an empty list instead of an object."""

    provider: ScheduleProvider
    schedule: dict[str, list[ScheduleVisit]] | list[ScheduleVisit]
    total_visits: int | None = field(name="totalVisits", default=None)


class CheckAnswer(Struct, frozen=True):
    """GET providers/{id}/check."""

    provider_id: Id = field(name="ProviderID")
    date: str = field(name="Date")
    time: str = field(name="Time")
    duration: int = field(name="Duration")
    available: bool = field(name="Available")


class SlotsAnswer(Struct, frozen=True):
    """GET providers/{id}/slots."""

    provider_id: Id = field(name="ProviderID")
    date: str = field(name="Date")
    duration: int = field(name="Duration")
    slots: list[str] = field(name="Slots")
    count: int | None = field(name="Count", default=None)


class NextSlot(Struct, frozen=True):
    """The found time; its ProviderID comes as text although it is a number elsewhere."""

    provider_id: Id = field(name="ProviderID")
    date: str = field(name="Date")
    time: str = field(name="Time")


class NextSlotAnswer(Struct, frozen=True):
    """GET providers/{id}/next-slot. Nothing free: null, or an empty list or object."""

    provider_id: Id = field(name="ProviderID")
    duration: int = field(name="Duration")
    next_slot: NextSlot | list[NextSlot] | None = field(name="TheNextSlot")


class VisitTypeRecord(Struct, frozen=True):
    """One kind of visit."""

    visit_type: str = field(name="VisitType")
    active: bool = field(name="Active", default=True)
    providers: list[Id] | None = field(name="Providers", default=None)
    resources: list[Id] | None = field(name="Resources", default=None)


class BookedAnswer(Struct, frozen=True):
    """POST visits/book: the visit as OfficePro wrote it."""

    visit_id: Id = field(name="VisitID")
    patient_id: Id = field(name="PatientID")
    provider_id: Id = field(name="ProviderID")
    visit_type: str = field(name="VisitType")
    visit_date: str = field(name="VisitDate")
    visit_time: str = field(name="VisitTime")
    visit_duration: int = field(name="VisitDuration")
    provider_time: str | None = field(name="ProviderTime", default=None)
    provider_duration: int | None = field(name="ProviderDuration", default=None)
    room_id: Id | None = field(name="RoomID", default=None)
