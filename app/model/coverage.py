"""Insurance policies as systems keep them on a patient's record."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from app.model.money import Money
from app.model.sourced import Sourced


class CoverageRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One policy on a patient's record; ``rank`` 1 is primary. ``relationship`` is the patient's to the insured
    person, in the system's word; ``copay`` is None where none is on record."""

    rank: int
    payer_name: str
    payer_id: str = ""
    plan_name: str = ""
    member_id: str = ""
    group_number: str = ""
    relationship: str = ""
    insured_last_name: str = ""
    insured_first_name: str = ""
    insured_birth_date: date | None = None
    starts: date | None = None
    ends: date | None = None
    copay: Money | None = None


class CoverageCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A patient's policies, primary first, as their system told them at ``as_of``; none: it has none on record."""

    as_of: datetime
    policies: tuple[Sourced[CoverageRecord], ...] = ()
