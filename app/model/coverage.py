"""Insurance policies as systems keep them on a patient's record."""

from __future__ import annotations

from datetime import date

import msgspec


class CoverageRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One policy on a patient's record; ``rank`` 1 is primary."""

    rank: int
    payer_name: str
    payer_id: str = ""
    plan_name: str = ""
    member_id: str = ""
    group_number: str = ""
    relationship: str = ""
    starts: date | None = None
    ends: date | None = None
