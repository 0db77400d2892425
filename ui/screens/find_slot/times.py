"""Found times compared: a recheck or a new search keeps the one that was chosen."""

from __future__ import annotations

from datetime import date

from app.model.views import DayView, FoundSlot, SlotResults


def time_key(slot: FoundSlot) -> tuple[str, date, int, int]:
    """What makes two found times the same time, whatever is known of them."""
    return slot.provider_id, slot.day, slot.start_minute, slot.minutes


def same_time(before: FoundSlot | None, found: SlotResults) -> FoundSlot | None:
    """The time chosen before, as it stands now, where it is still listed."""
    if before is None:
        return None
    listed = [slot for day in found.days for line in day.rows for slot in line.times]
    return next((slot for slot in listed if time_key(slot) == time_key(before)), None)


def times(found: SlotResults) -> list[tuple[str, date, int, int]]:
    """All times listed, in order."""
    return [time_key(slot) for day in found.days for line in day.rows for slot in line.times]


def shows(view: DayView, slot: FoundSlot) -> bool:
    """Whether ``view`` is the day of ``slot`` with its provider first."""
    return view.day == slot.day and bool(view.columns) and view.columns[0].provider.provider_id == slot.provider_id
