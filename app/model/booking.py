"""Booking a visit and knowing a patient: drafts, plans, where a booking stands, duplicates, profiles, day lists."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from app.model.coverage import CoverageCopy
from app.model.outbox import Choice, JobState
from app.model.people import Patient, PatientRow
from app.model.rules import Reason
from app.model.schedule import ProviderRow, VisitRow
from app.model.sourced import Sourced
from app.model.views import FoundSlot


class BookingDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A booking as typed so far (FEATURES B5: patient, type and slot are enough).

    Either ``patient_id`` or ``new_patient`` is set. ``window_patient_id`` is the patient whose banner the window shows:
    a booking for anybody else is refused (FEATURES J23). ``accepted`` are the warnings a person has said yes to.
    """

    provider_id: str
    day: date
    start_minute: int
    minutes: int
    visit_type: str
    patient_id: str = ""
    new_patient: Patient | None = None
    window_patient_id: str = ""
    reason: str = ""
    notes: str = ""
    provider_offset: int = 0
    provider_minutes: int = 0
    accepted: frozenset[WarningKind] = frozenset()


class WarningKind(StrEnum):
    """What a person may have to say yes to before a booking is sent."""

    SAME_PATIENT_OVERLAP = "same_patient_overlap"
    LIKELY_DUPLICATE = "likely_duplicate"
    SOFT_BLOCK = "soft_block"
    NO_LIVE_CHECK = "no_live_check"


class PlanWarning(msgspec.Struct, frozen=True, kw_only=True):
    """One warning in words; booking goes on only after ``kind`` is in the draft's ``accepted``."""

    kind: WarningKind
    words: str


class DuplicateMatch(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may be the same person: which fields ``agree`` and which ``differ`` (field names of Patient)."""

    row: PatientRow
    agree: tuple[str, ...]
    differ: tuple[str, ...]
    likely: bool
    words: str


class BookingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What pressing "Book visit" will do, before it is done.

    ``sentence`` stands above the button; ``irreversible`` says what cannot be undone, from what the system offers;
    ``blocked`` reasons stop the booking, ``warnings`` want a yes; ``alert`` is the patient's own (FEATURES B7).
    ``alternatives`` are the nearest times where this one is gone. ``job_ids`` are the outbox jobs it will be, the
    visit's last: booking the same plan twice is the same jobs.
    """

    draft: BookingDraft
    sentence: str
    irreversible: str
    job_ids: tuple[str, ...]
    slot: FoundSlot | None
    live_words: str = ""
    alert: str = ""
    warnings: tuple[PlanWarning, ...] = ()
    blocked: tuple[Reason, ...] = ()
    duplicates: tuple[DuplicateMatch, ...] = ()
    to_complete: tuple[str, ...] = ()
    alternatives: tuple[FoundSlot, ...] = ()

    @property
    def ready(self) -> bool:
        """True when nothing stands in the way of booking."""
        return not self.blocked and all(warning.kind in self.draft.accepted for warning in self.warnings)


class BookingStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Where a booking stands. Until ``confirmed`` the words say not to promise the time."""

    job_id: str
    state: JobState
    words: str
    confirmed: bool = False
    may_undo: bool = False
    waiting_for: str = ""
    question: str = ""
    choices: tuple[Choice, ...] = ()
    visit_vendor_id: str = ""
    room: str = ""
    alternatives: tuple[FoundSlot, ...] = ()


class ProfileVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A patient's visit with its provider's name."""

    visit: VisitRow
    provider: ProviderRow | None


class LinkedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The same person in another system, linked and never merged; ``agree`` and ``differ`` are field names."""

    row: PatientRow
    source: str
    system: str
    agree: tuple[str, ...]
    differ: tuple[str, ...]


class PatientProfile(msgspec.Struct, frozen=True, kw_only=True):
    """One patient's page: who, from where, how old, visits Daybook knows, linked records, what is missing.
    ``has_coverage``: the system tells the patient's insurance when asked; ``coverage`` is what it told last, None where
    it was never asked. ``names_patients``: its schedule tells whose a visit is; None while no visit of it was read."""

    patient: Sourced[Patient]
    source: str
    system: str
    age: int | None
    upcoming: tuple[ProfileVisit, ...]
    past: tuple[ProfileVisit, ...]
    linked: tuple[LinkedRecord, ...]
    to_complete: tuple[str, ...]
    can_edit: bool
    edit_words: str = ""
    has_coverage: bool = False
    coverage: CoverageCopy | None = None
    names_patients: bool | None = None


class DayListLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a printed day list, with its notes (FEATURES B30)."""

    time: str
    minutes: int
    patient: str
    birth_date: date | None
    phone: str
    visit_type: str
    room: str
    notes: str


class DayListPage(msgspec.Struct, frozen=True, kw_only=True):
    """One provider's list for one day."""

    provider: ProviderRow
    day: date
    as_of: datetime | None
    lines: tuple[DayListLine, ...]
