"""Providers and visit types, as their systems list them."""

from __future__ import annotations

import msgspec

from app.model.changes import Change, Kind
from app.model.ids import new_id
from app.model.schedule import Provider, ProviderRow, VisitType
from app.model.sourced import Sourced
from app.store import connections
from app.store.database import Reader
from app.store.times import to_us
from app.store.tx import Tx


class VisitTypeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A visit type and the connection whose system knows it."""

    connection_id: str
    visit_type: VisitType


_decode_type = msgspec.json.Decoder(VisitType).decode

_SELECT = """SELECT p.provider_id, c.connection_id, p.vendor_id, json_extract(c.value, '$.source'), p.name, p.title,
    p.specialty, json_extract(c.value, '$.location_id'), p.active
    FROM providers p JOIN connections c ON c.no = p.connection_no"""


def listed(conn: Reader, *, active_only: bool = True) -> list[ProviderRow]:
    """Every provider of every connection, by name."""
    where = " WHERE p.active" if active_only else ""
    return [_row(row) for row in conn.execute(f"{_SELECT}{where} ORDER BY p.name, p.no")]


def by_vendor(conn: Reader, connection_id: str, vendor_id: str) -> ProviderRow | None:
    """The provider a system knows as ``vendor_id``, or None."""
    where = " WHERE c.connection_id = ? AND p.vendor_id = ?"
    row = conn.execute(_SELECT + where, (connection_id, vendor_id)).fetchone()
    return _row(row) if row else None


def get(conn: Reader, provider_id: str) -> ProviderRow | None:
    """One provider by local id, or None."""
    row = conn.execute(f"{_SELECT} WHERE p.provider_id = ?", (provider_id,)).fetchone()
    return _row(row) if row else None


def _row(row: tuple[str, str, str, str, str, str, str, str | None, int]) -> ProviderRow:
    return ProviderRow(
        provider_id=row[0],
        connection_id=row[1],
        vendor_id=row[2],
        source=row[3],
        name=row[4],
        title=row[5],
        specialty=row[6],
        location_id=row[7] or "",
        active=bool(row[8]),
    )


def names_by_npi(conn: Reader) -> dict[str, str]:
    """The name of every provider whose NPI is known."""
    rows = conn.execute("SELECT npi, name FROM providers WHERE npi <> '' ORDER BY no DESC")
    return {row[0]: row[1] for row in rows}


def save_all(tx: Tx, connection_id: str, providers: list[Sourced[Provider]]) -> None:
    """Keep a system's whole list; those it no longer names become inactive and keep their visits."""
    no = connections.number(tx.connection, connection_id)
    tx.connection.execute("UPDATE providers SET active = 0 WHERE connection_no = ?", (no,))
    for item in providers:
        save(tx, connection_id, item)
    tx.changed(Change(kind=Kind.PROVIDERS, connection_id=connection_id))


def save(tx: Tx, connection_id: str, item: Sourced[Provider]) -> str:
    """Keep one provider; returns its local id."""
    no = connections.number(tx.connection, connection_id)
    value = item.value
    row = tx.connection.execute(
        "INSERT INTO providers (provider_id, connection_no, vendor_id, name, title, specialty, npi, active, as_of)"
        " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (connection_no, vendor_id) DO UPDATE SET name = excluded.name,"
        " title = excluded.title, specialty = excluded.specialty, npi = excluded.npi, active = excluded.active,"
        " as_of = excluded.as_of RETURNING provider_id",
        (
            new_id(),
            no,
            item.vendor_id,
            value.name,
            value.title,
            value.specialty,
            value.npi,
            int(value.active),
            to_us(item.as_of),
        ),
    ).fetchone()
    tx.changed(Change(kind=Kind.PROVIDERS, connection_id=connection_id))
    return str(row[0])


def visit_types(conn: Reader, *, active_only: bool = False) -> list[VisitTypeRow]:
    """Every visit type of every connection, by name."""
    rows = conn.execute(
        "SELECT c.connection_id, t.value FROM visit_types t JOIN connections c ON c.no = t.connection_no"
        " ORDER BY t.name, t.connection_no"
    )
    found = [VisitTypeRow(connection_id=row[0], visit_type=_decode_type(row[1])) for row in rows]
    return [row for row in found if row.visit_type.active or not active_only]


def offered_type_names(conn: Reader) -> list[str]:
    """What visits that can be booked are called, once each whatever system they stand in."""
    return list(dict.fromkeys(each.visit_type.name for each in visit_types(conn, active_only=True)))


def save_visit_types(tx: Tx, connection_id: str, types: list[VisitType]) -> None:
    """Replace a system's list of visit types."""
    no = connections.number(tx.connection, connection_id)
    tx.connection.execute("DELETE FROM visit_types WHERE connection_no = ?", (no,))
    tx.connection.executemany(
        "INSERT OR REPLACE INTO visit_types (connection_no, name, value) VALUES (?,?,?)",
        [(no, item.name, msgspec.json.encode(item)) for item in types],
    )
    tx.changed(Change(kind=Kind.VISIT_TYPES, connection_id=connection_id))
