"""Open slots as the vendors told them, packed: one row for a provider's day and length."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from app.model.changes import Change, Kind
from app.model.schedule import Slot
from app.store import connections
from app.store.database import Reader, as_list
from app.store.times import from_us, minute_of, to_us
from app.store.tx import Tx


class OpenSlotRow(msgspec.Struct, frozen=True, kw_only=True):
    """One free time: minutes after local midnight, length, and when the vendor said so."""

    provider_id: str
    day: date
    start_minute: int
    minutes: int
    as_of: datetime


class OpenDay(msgspec.Struct, frozen=True, kw_only=True):
    """All free times of a provider's day for one length: ascending minutes after local midnight (may be none)."""

    provider_id: str
    day: date
    minutes: int
    starts: tuple[int, ...]
    as_of: datetime


def replace_day(
    tx: Tx,
    connection_id: str,
    provider_vendor_id: str,
    day: date,
    minutes: int,
    slots: list[Slot],
    as_of: datetime,
) -> None:
    """Keep what a system answered for one provider, day and length; nothing free is an answer too."""
    provider = provider_number(tx.connection, connection_id, provider_vendor_id)
    if provider is None:
        return
    starts = array("H", sorted({minute_of(slot.start) for slot in slots if slot.day == day}))
    tx.connection.execute(
        "INSERT INTO open_days (provider_no, minutes, day, starts, as_of) VALUES (?,?,?,?,?)"
        " ON CONFLICT (provider_no, minutes, day) DO UPDATE SET starts = excluded.starts, as_of = excluded.as_of",
        (provider, minutes, day.toordinal(), _little_endian(starts), to_us(as_of)),
    )
    tx.changed(Change(kind=Kind.OPEN_SLOTS, days=frozenset({day}), connection_id=connection_id))


def forget_before(tx: Tx, day: date) -> None:
    """Drop the open times of days before ``day``: the past cannot be booked."""
    tx.connection.execute("DELETE FROM open_days WHERE day < ?", (day.toordinal(),))


def days(conn: Reader, provider_ids: Iterable[str], start: date, end: date, minutes: int) -> list[OpenDay]:
    """Packed open times of many providers from ``start`` to ``end`` (both included), by day and provider.

    This is the form for searching: one value for a provider's day, however many times it has.
    """
    names = _numbers(conn, provider_ids)
    rows = conn.execute(
        "SELECT provider_no, day, starts, as_of FROM open_days WHERE provider_no IN (SELECT value FROM json_each(?))"
        " AND minutes = ? AND day BETWEEN ? AND ?",
        (as_list(names), minutes, start.toordinal(), end.toordinal()),
    )
    found = [
        OpenDay(
            provider_id=names[row[0]],
            day=date.fromordinal(row[1]),
            minutes=minutes,
            starts=tuple(_unpacked(row[2])),
            as_of=from_us(row[3]),
        )
        for row in rows
    ]
    found.sort(key=lambda item: item.day)
    return found


def between(conn: Reader, provider_ids: Iterable[str], start: date, end: date, minutes: int) -> list[OpenSlotRow]:
    """Single open times from ``start`` to ``end`` (both included), earliest first. For few providers or days."""
    found = [
        OpenSlotRow(provider_id=item.provider_id, day=item.day, start_minute=minute, minutes=minutes, as_of=item.as_of)
        for item in days(conn, provider_ids, start, end, minutes)
        for minute in item.starts
    ]
    found.sort(key=lambda row: (row.day, row.start_minute))
    return found


def provider_number(conn: Reader, connection_id: str, provider_vendor_id: str) -> int | None:
    """The store's own number of a provider, or None for one that was never listed."""
    row = conn.execute(
        "SELECT no FROM providers WHERE connection_no = ? AND vendor_id = ?",
        (connections.number(conn, connection_id), provider_vendor_id),
    ).fetchone()
    return int(row[0]) if row else None


def _numbers(conn: Reader, provider_ids: Iterable[str]) -> dict[int, str]:
    wanted = as_list(provider_ids)
    rows = conn.execute(
        "SELECT no, provider_id FROM providers WHERE provider_id IN (SELECT value FROM json_each(?))", (wanted,)
    )
    return {row[0]: row[1] for row in rows}


def _little_endian(starts: array[int]) -> bytes:
    if array("H", [1]).tobytes()[0] != 1:
        starts.byteswap()
    return starts.tobytes()


def _unpacked(blob: bytes) -> array[int]:
    starts = array("H")
    starts.frombytes(blob)
    if array("H", [1]).tobytes()[0] != 1:
        starts.byteswap()
    return starts
