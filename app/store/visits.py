"""Visits: what a day's grid reads, and how a sync replaces a provider's window without losing local links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from app.model.changes import Change, Kind
from app.model.ids import new_id
from app.model.schedule import Visit, VisitRow, VisitStatus
from app.model.sourced import Sourced
from app.store import connections, visit_links
from app.store.database import Reader, as_list
from app.store.slots import provider_number
from app.store.times import from_us, minute_of, to_us
from app.store.tx import Tx

_STATUS = {status.value: status for status in VisitStatus}
_FREED = (VisitStatus.CANCELLED, VisitStatus.NO_SHOW)

_SELECT = """SELECT v.local_id, c.connection_id, v.vendor_id, p.provider_id, v.day, v.start_minute, v.minutes,
    v.visit_type, v.status, v.patient_id, v.patient_name, v.reason, v.room, d.as_of, h.is_lead,
    h.connection_no = v.connection_no AND h.vendor_id = v.patient_vendor_id, v.patient_vendor_id, v.is_block
    FROM visits v
    CROSS JOIN providers p ON p.no = v.provider_no
    CROSS JOIN connections c ON c.no = v.connection_no
    LEFT JOIN schedule_days d ON d.day = v.day AND d.provider_no = v.provider_no
    LEFT JOIN patients h ON v.patient_id <> '' AND h.local_id = v.patient_id"""

_RANGE = "WHERE v.day BETWEEN ? AND ? ORDER BY v.day, v.provider_no, v.start_minute"
_SEEK = """WHERE v.day IN (SELECT value FROM json_each(?)) AND v.provider_no IN (
    SELECT no FROM providers WHERE provider_id IN (SELECT value FROM json_each(?)))
    ORDER BY v.day, v.provider_no, v.start_minute"""

_INSERT = """INSERT INTO visits (day, provider_no, start_minute, local_id, connection_no, vendor_id, minutes,
    visit_type, status, patient_vendor_id, patient_id, patient_name, reason, room, value, is_block)
    VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"""

_Row = tuple[
    str, str, str, str, int, int, int, str, str, str, str, str, str, int | None, int | None, int | None, str, int
]  # fmt: skip

#: Provider's local id, start (minute of the day), minutes, visit type, room.
BusyRow = tuple[str, int, int, str, str]

_decode = msgspec.json.Decoder(Visit).decode


class _Stored(Visit, frozen=True, kw_only=True, omit_defaults=True):
    """A visit as the file keeps one: what is empty takes no room."""


def _encode(visit: Visit) -> bytes:
    return msgspec.json.encode(_Stored(**msgspec.structs.asdict(visit)))


class DayRead(msgspec.Struct, frozen=True, kw_only=True):
    """That a provider's day was read from its system, when, and what is booked in it."""

    provider_id: str
    day: date
    as_of: datetime
    booked_minutes: int
    visits: int


def on_day(conn: Reader, day: date, provider_ids: Iterable[str] | None = None) -> list[VisitRow]:
    """The visits of one local day by provider and start; of all providers where none are named."""
    return between(conn, day, day, provider_ids)


def between(conn: Reader, start: date, end: date, provider_ids: Iterable[str] | None = None) -> list[VisitRow]:
    """The visits from ``start`` to ``end`` (both included) by day, provider and start."""
    if provider_ids is None:
        rows = conn.execute(f"{_SELECT} {_RANGE}", (start.toordinal(), end.toordinal()))
    else:
        rows = conn.execute(f"{_SELECT} {_SEEK}", (as_list(_ordinals(start, end)), as_list(provider_ids)))
    return [_row(row) for row in rows]


def _ordinals(start: date, end: date) -> list[int]:
    return list(range(start.toordinal(), end.toordinal() + 1))


def busy_on(conn: Reader, day: date, before: int, after: int) -> list[BusyRow]:
    """What takes time on one local day, of all providers, and starts ``before`` one minute and ends ``after`` another:
    just enough to weigh bookings, quicker than whole rows."""
    ids = dict(conn.execute("SELECT no, provider_id FROM providers").fetchall())
    rows = conn.execute(
        "SELECT provider_no, start_minute, minutes, visit_type, room FROM visits WHERE day = ?"
        " AND start_minute < ? AND start_minute + minutes > ? AND status NOT IN ('cancelled', 'no_show')",
        (day.toordinal(), before, after),
    )
    return [(ids[row[0]], row[1], row[2], row[3], row[4]) for row in rows]


def notes(conn: Reader, day: date) -> dict[str, str]:
    """The notes of one local day's visits by local id, of those that have any."""
    rows = conn.execute(
        "SELECT local_id, json_extract(value, '$.notes') FROM visits"
        " WHERE day = ? AND json_extract(value, '$.notes') <> ''",
        (day.toordinal(),),
    )
    return dict(rows.fetchall())


def of_patient(conn: Reader, patient_id: str, limit: int = 200) -> list[VisitRow]:
    """A patient's visits, latest first."""
    rows = conn.execute(
        f"{_SELECT} WHERE v.patient_id = ? AND v.patient_id <> '' ORDER BY v.day DESC, v.start_minute DESC LIMIT ?",
        (patient_id, limit),
    )
    return [_row(row) for row in rows]


def get(conn: Reader, visit_id: str) -> VisitRow | None:
    """One visit by local id, or None."""
    row = conn.execute(f"{_SELECT} WHERE v.local_id = ?", (visit_id,)).fetchone()
    return _row(row) if row else None


def whole(conn: Reader, visit_id: str) -> Sourced[Visit] | None:
    """One visit with all that its system said of it, or None."""
    row = conn.execute(
        "SELECT v.value, c.connection_id, v.vendor_id, d.as_of FROM visits v"
        " CROSS JOIN connections c ON c.no = v.connection_no"
        " LEFT JOIN schedule_days d ON d.day = v.day AND d.provider_no = v.provider_no WHERE v.local_id = ?",
        (visit_id,),
    ).fetchone()
    if row is None:
        return None
    as_of = from_us(row[3] or 0)
    return Sourced(value=_decode(row[0]), connection_id=row[1], vendor_id=row[2], as_of=as_of, local_id=visit_id)


def by_vendor(conn: Reader, connection_id: str, vendor_id: str) -> VisitRow | None:
    """The visit a system knows as ``vendor_id``, or None."""
    row = conn.execute(
        f"{_SELECT} WHERE v.connection_no = ? AND v.vendor_id = ?", (connections.number(conn, connection_id), vendor_id)
    ).fetchone()
    return _row(row) if row else None


def _row(row: _Row) -> VisitRow:
    return VisitRow(
        local_id=row[0],
        connection_id=row[1],
        vendor_id=row[2],
        provider_id=row[3],
        day=date.fromordinal(row[4]),
        start_minute=row[5],
        minutes=row[6],
        visit_type=row[7],
        status=_STATUS[row[8]],
        patient_id=row[9],
        patient_name=row[10],
        reason=row[11],
        room=row[12],
        as_of=None if row[13] is None else from_us(row[13]),
        is_new_patient=bool(row[14]),
        is_told=bool(row[15]),
        patient_vendor_id=row[16],
        is_block=bool(row[17]),
    )


def loads(conn: Reader, start: date, end: date, provider_ids: Iterable[str] | None = None) -> dict[date, int]:
    """Booked minutes of each day from ``start`` to ``end`` (both included) that was read, over these providers."""
    totals: dict[date, int] = {}
    for item in coverage(conn, start, end, provider_ids):
        totals[item.day] = totals.get(item.day, 0) + item.booked_minutes
    return totals


def coverage(conn: Reader, start: date, end: date, provider_ids: Iterable[str] | None = None) -> list[DayRead]:
    """Which provider-days have been read, and when; a day that is not here is not known to be free."""
    wanted = None if provider_ids is None else frozenset(provider_ids)
    rows = conn.execute(
        "SELECT p.provider_id, d.day, d.as_of, d.booked_minutes, d.visits FROM schedule_days d"
        " CROSS JOIN providers p ON p.no = d.provider_no WHERE d.day BETWEEN ? AND ? ORDER BY d.day, d.provider_no",
        (start.toordinal(), end.toordinal()),
    )
    return [
        DayRead(
            provider_id=row[0],
            day=date.fromordinal(row[1]),
            as_of=from_us(row[2]),
            booked_minutes=row[3],
            visits=row[4],
        )
        for row in rows
        if wanted is None or row[0] in wanted
    ]


def vendor_ids(conn: Reader, connection_id: str, provider_vendor_id: str, day: date) -> frozenset[str]:
    """The system's ids of the visits known on a provider's day."""
    provider = provider_number(conn, connection_id, provider_vendor_id)
    rows = conn.execute("SELECT vendor_id FROM visits WHERE day = ? AND provider_no = ?", (day.toordinal(), provider))
    return frozenset(row[0] for row in rows)


# -- writing -------------------------------------------------------------------------------------------------------


def replace_window(
    tx: Tx,
    connection_id: str,
    provider_vendor_id: str,
    start: date,
    end: date,
    found: Sequence[Sourced[Visit]],
    as_of: datetime,
) -> None:
    """Make a provider's days from ``start`` to ``end`` (both included) what the system just said they are.

    Visits it no longer names are removed (their links stay, should they come back); those that moved, from wherever
    they were, keep their local id. Days without visits count as read.
    """
    conn = tx.connection
    no = connections.number(conn, connection_id)
    provider = provider_number(conn, connection_id, provider_vendor_id)
    if provider is None:
        return
    ordinals = _ordinals(start, end)
    known = _window(conn, provider, ordinals)
    fresh = {item.vendor_id: item.value for item in found if start <= item.value.day <= end}
    encoded = {vendor_id: _encode(visit) for vendor_id, visit in fresh.items()}
    gone = [key for vendor_id, (key, _) in known.items() if vendor_id not in fresh]
    new = [vendor_id for vendor_id, value in encoded.items() if vendor_id not in known or known[vendor_id][1] != value]
    touched = {row[0] for row in gone} | {fresh[vendor_id].day.toordinal() for vendor_id in new}
    moved_ids = _take_out(tx, no, new, touched)
    _delete(conn, gone)
    patient_of = visit_links.patients_of(conn, no, {vendor_id: fresh[vendor_id].patient_vendor_id for vendor_id in new})
    rows = [
        _stored(no, provider, vendor_id, fresh[vendor_id], encoded[vendor_id], moved_ids, patient_of)
        for vendor_id in new
    ]
    conn.executemany(_INSERT, rows)
    _note_read(conn, provider, ordinals, fresh.values(), as_of)
    days = frozenset(date.fromordinal(day) for day in touched) if touched else frozenset({start, end})
    tx.changed(Change(kind=Kind.VISITS, days=days, connection_id=connection_id))


_Key = tuple[int, int, int, str]


def _window(conn: Reader, provider: int, ordinals: list[int]) -> dict[str, tuple[_Key, bytes]]:
    rows = conn.execute(
        "SELECT day, provider_no, start_minute, local_id, vendor_id, value FROM visits"
        " WHERE day IN (SELECT value FROM json_each(?)) AND provider_no = ?",
        (as_list(ordinals), provider),
    )
    return {row[4]: ((row[0], row[1], row[2], row[3]), bytes(row[5])) for row in rows}


def _take_out(tx: Tx, no: int, vendor_ids: list[str], touched: set[int]) -> dict[str, str]:
    """Remove the old rows of visits that changed or moved here; their local ids by vendor id."""
    rows = tx.connection.execute(
        "SELECT day, provider_no, start_minute, local_id, vendor_id FROM visits WHERE connection_no = ?"
        " AND vendor_id IN (SELECT value FROM json_each(?))",
        (no, as_list(vendor_ids)),
    ).fetchall()
    touched |= {row[0] for row in rows}
    _delete(tx.connection, [(row[0], row[1], row[2], row[3]) for row in rows])
    for day, provider in {(row[0], row[1]) for row in rows}:
        _recount(tx.connection, day, provider)
    return {row[4]: row[3] for row in rows}


def _delete(conn: Reader, keys: list[_Key]) -> None:
    conn.executemany("DELETE FROM visits WHERE day = ? AND provider_no = ? AND start_minute = ? AND local_id = ?", keys)


def _recount(conn: Reader, day: int, provider: int) -> None:
    conn.execute(
        "UPDATE schedule_days SET (booked_minutes, visits) = (SELECT"
        " coalesce(sum(minutes) FILTER (WHERE status NOT IN ('cancelled', 'no_show')), 0), count(*)"
        " FROM visits v WHERE v.day = ?1 AND v.provider_no = ?2 AND NOT v.is_block)"
        " WHERE day = ?1 AND provider_no = ?2",
        (day, provider),
    )


def _note_read(conn: Reader, provider: int, ordinals: list[int], visits: Iterable[Visit], as_of: datetime) -> None:
    minutes = dict.fromkeys(ordinals, 0)
    counts = dict.fromkeys(ordinals, 0)
    for visit in visits:
        if visit.is_block:
            continue
        counts[visit.day.toordinal()] += 1
        if visit.status not in _FREED:
            minutes[visit.day.toordinal()] += visit.minutes
    conn.executemany(
        "INSERT INTO schedule_days (day, provider_no, as_of, booked_minutes, visits) VALUES (?,?,?,?,?)"
        " ON CONFLICT (day, provider_no) DO UPDATE SET as_of = excluded.as_of,"
        " booked_minutes = excluded.booked_minutes, visits = excluded.visits",
        [(day, provider, to_us(as_of), minutes[day], counts[day]) for day in ordinals],
    )


def _stored(
    no: int,
    provider: int,
    vendor_id: str,
    visit: Visit,
    encoded: bytes,
    local_ids: dict[str, str],
    patient_of: dict[str, tuple[str, str]],
) -> tuple[object, ...]:
    patient_id, name = patient_of.get(vendor_id, ("", visit.patient_name))
    return (
        visit.day.toordinal(),
        provider,
        minute_of(visit.start),
        local_ids.get(vendor_id) or new_id(),
        no,
        vendor_id,
        visit.minutes,
        visit.visit_type,
        visit.status.value,
        visit.patient_vendor_id,
        patient_id,
        name,
        visit.reason,
        visit.room,
        encoded,
        visit.is_block,
    )


def save(tx: Tx, connection_id: str, item: Sourced[Visit]) -> str:
    """Keep one visit (such as the one just booked) without reading its day again; returns its local id, or ""."""
    conn = tx.connection
    no = connections.number(conn, connection_id)
    visit = item.value
    provider = provider_number(conn, connection_id, visit.provider_vendor_id)
    if provider is None:
        return ""
    touched = {visit.day.toordinal()}
    local_ids = _take_out(tx, no, [item.vendor_id], touched)
    local_ids.setdefault(item.vendor_id, new_id())
    patient_of = visit_links.patients_of(conn, no, {item.vendor_id: visit.patient_vendor_id})
    conn.execute(
        _INSERT,
        _stored(no, provider, item.vendor_id, visit, _encode(visit), local_ids, patient_of),
    )
    _recount(conn, visit.day.toordinal(), provider)
    days = frozenset(date.fromordinal(day) for day in touched)
    tx.changed(Change(kind=Kind.VISITS, days=days, connection_id=connection_id))
    return local_ids[item.vendor_id]
