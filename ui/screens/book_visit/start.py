"""Where a booking begins: a provider's free time, and what is known already."""

from __future__ import annotations

from datetime import date

import msgspec

from app.model.schedule import ProviderRow


class BookingStart(msgspec.Struct, frozen=True, kw_only=True):
    """A time to be booked. ``minutes`` is what was asked for or what is free; ``starts`` are further start minutes
    of the same provider's day; ``patient_id`` and ``visit_type`` are filled in where they are known; ``usual_type`` is
    what this provider does most."""

    provider: ProviderRow
    source: str
    system: str
    day: date
    start_minute: int
    minutes: int
    starts: tuple[int, ...] = ()
    patient_id: str = ""
    visit_type: str = ""
    free_minutes: int = 0
    usual_type: str = ""
