"""What has been typed into a booking so far: kept as a draft, and turned into what the desk plans with."""

from __future__ import annotations

from datetime import date

import msgspec

from app.model.booking import BookingDraft, WarningKind
from app.model.people import Patient
from app.model.schedule import VisitType
from ui.screens.book_visit.start import BookingStart

#: Where an unfinished booking is kept among a person's drafts.
KEY = "booking"
#: Types that fit nearly everybody, written without blanks and dashes.
_GENERAL = ("followup", "officevisit")
LENGTHS = (5, 10, 15, 20, 30, 40, 45, 60, 90)


class BookingForm(msgspec.Struct, frozen=True, kw_only=True):
    """The form's state: the time, who, what, and which warnings were accepted."""

    start: BookingStart
    patient_id: str = ""
    new_patient: Patient | None = None
    typed: str = ""
    visit_type: str = ""
    minutes: int = 0
    reason: str = ""
    accepted: tuple[WarningKind, ...] = ()

    @property
    def has_patient(self) -> bool:
        """Whether somebody is chosen, or enough of a new patient is typed."""
        return bool(self.patient_id) or (self.new_patient is not None and bool(self.new_patient.last_name.strip()))

    @property
    def worth_keeping(self) -> bool:
        """Whether anything would be lost."""
        return bool(self.patient_id or self.new_patient or self.typed.strip() or self.reason.strip())

    def draft(self, shown_patient_id: str) -> BookingDraft:
        """What the desk is asked to plan; ``shown_patient_id`` is whose name the panel shows (FEATURES J23)."""
        return BookingDraft(
            provider_id=self.start.provider.provider_id,
            day=self.start.day,
            start_minute=self.start.start_minute,
            minutes=self.minutes,
            visit_type=self.visit_type,
            patient_id=self.patient_id,
            window_patient_id=shown_patient_id,
            new_patient=None if self.patient_id else self.new_patient,
            reason=self.reason,
            accepted=frozenset(self.accepted),
        )

    def encoded(self) -> bytes:
        """As kept."""
        return msgspec.json.encode(self)


def decoded(kept: bytes | None) -> BookingForm | None:
    """What was kept; None where there is nothing that can be read."""
    if not kept:
        return None
    try:
        return msgspec.json.decode(kept, type=BookingForm)
    except msgspec.MsgspecError:
        return None


def types_for(types: list[tuple[str, VisitType]], start: BookingStart) -> list[VisitType]:
    """Active visit types this provider does, in the system's order; a type that names no provider is everybody's."""
    provider = start.provider
    return [
        kind
        for connection_id, kind in types
        if connection_id == provider.connection_id
        and kind.active
        and (not kind.provider_vendor_ids or provider.vendor_id in kind.provider_vendor_ids)
    ]


def first_type(types: list[VisitType], start: BookingStart, last: str) -> str:
    """The type a booking begins with: asked for, booked last, general, done most, of the slot's length, the first."""
    names = [kind.name for kind in types]
    general = next((name for name in names if name.casefold().replace("-", "").replace(" ", "") in _GENERAL), "")
    for wanted in (start.visit_type, last, general, start.usual_type):
        if wanted in names:
            return wanted
    fitting = next((kind.name for kind in types if kind.minutes == start.minutes), "")
    return fitting or (names[0] if names else "")


def first_minutes(types: list[VisitType], visit_type: str, start: BookingStart) -> int:
    """The length a booking begins with: the type's usual one, else what was asked for, kept inside the free time."""
    usual = next((kind.minutes for kind in types if kind.name == visit_type), 0)
    wanted = usual or start.minutes
    room = start.free_minutes
    return min(wanted, room) if room and not usual else wanted


def new_patient_from(typed: str, birth: date | None = None) -> Patient:
    """A first guess at a new patient from what was typed into the search: ``"lee, ana"`` or ``"ana lee"``."""
    words = [word for word in typed.replace(",", " , ").split() if not any(char.isdigit() for char in word)]
    if "," in words:
        cut = words.index(",")
        last, first = words[:cut], [word for word in words[cut + 1 :] if word != ","]
    else:
        first, last = words[:-1], words[-1:]
    return Patient(first_name=_named(first), last_name=_named(last), birth_date=birth)


def _named(words: list[str]) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in words)
