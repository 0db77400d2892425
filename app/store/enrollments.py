"""Enrollments: provider × payer × transaction of each clearinghouse, with what came before."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from app.model.changes import Change, Kind
from app.model.enrollment import Enrollment, EnrollmentBoard
from app.store.database import Reader
from app.store.tx import Tx

_decode = msgspec.json.Decoder(Enrollment).decode


def board(conn: Reader, connection_id: str) -> EnrollmentBoard:
    """Everything known of one clearinghouse's enrollments."""
    rows = conn.execute("SELECT value FROM enrollments WHERE connection_id = ?", (connection_id,))
    return EnrollmentBoard(rows=tuple(_decode(row[0]) for row in rows))


def listed(conn: Reader) -> list[tuple[str, Enrollment]]:
    """Every enrollment with its connection, by provider and payer."""
    rows = conn.execute("SELECT connection_id, value FROM enrollments")
    found = [(row[0], _decode(row[1])) for row in rows]
    return sorted(found, key=lambda one: (one[1].provider_npi, one[1].payer_name, one[1].payer_id, one[1].transaction))


def save_all(tx: Tx, connection_id: str, rows: Iterable[Enrollment]) -> EnrollmentBoard:
    """Put these in place of what was known of them; a changed state goes into the history. Others stay."""
    before = board(tx.connection, connection_id)
    after = before.put(rows)
    known = {row.key: row for row in before.rows}
    changed = [row for row in after.rows if known.get(row.key) != row]
    tx.connection.executemany(
        "INSERT INTO enrollments (connection_id, provider_npi, payer_id, transaction_name, value)"
        " VALUES (?1,?2,?3,?4,?5)"
        " ON CONFLICT (connection_id, provider_npi, payer_id, transaction_name) DO UPDATE SET value = ?5",
        [(connection_id, *row.key, msgspec.json.encode(row)) for row in changed],
    )
    if changed:
        tx.changed(Change(kind=Kind.ENROLLMENTS, connection_id=connection_id))
    return after
