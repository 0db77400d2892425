"""Connections and locations: who we are connected to, how each is doing, where care takes place."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.model.changes import Change, Kind
from app.model.connection import Connection, ConnectionState, Freshness
from app.model.errors import StoreError
from app.model.schedule import Location
from app.store.database import Reader
from app.store.tx import Tx

_decode = msgspec.json.Decoder(Connection).decode


def listed(conn: Reader) -> list[Connection]:
    """Every connection, oldest first."""
    return [_decode(row[0]) for row in conn.execute("SELECT value FROM connections ORDER BY no")]


def get(conn: Reader, connection_id: str) -> Connection | None:
    """One connection, or None."""
    row = conn.execute("SELECT value FROM connections WHERE connection_id = ?", (connection_id,)).fetchone()
    return _decode(row[0]) if row else None


def number(conn: Reader, connection_id: str) -> int:
    """The store's own number of a connection. Raises StoreError where there is none (any more)."""
    row = conn.execute("SELECT no FROM connections WHERE connection_id = ?", (connection_id,)).fetchone()
    if row is None:
        raise StoreError(
            "This connection is not known here.",
            "It was removed meanwhile, so what it sent was not kept.",
            ("Open Connections and add it again if it is still wanted.",),
        )
    return int(row[0])


def save(tx: Tx, connection: Connection) -> None:
    """Add or replace a connection whole."""
    tx.connection.execute(
        "INSERT INTO connections (connection_id, value) VALUES (?, ?)"
        " ON CONFLICT (connection_id) DO UPDATE SET value = excluded.value",
        (connection.connection_id, msgspec.json.encode(connection)),
    )
    tx.changed(Change(kind=Kind.CONNECTIONS, ids=frozenset({connection.connection_id})))


def set_state(
    tx: Tx, connection_id: str, state: ConnectionState, words: str = "", **fields: object
) -> Connection | None:
    """Say how a connection is doing now; ``state_since`` moves only when the state does.

    ``fields`` may set any other field of ``Connection`` (session_words, next_sync, budget, offers …). Returns the
    connection as it is now, or None where it was removed meanwhile.
    """
    before = get(tx.connection, connection_id)
    if before is None:
        return None
    since: datetime | None = before.state_since if before.state is state else tx.now()
    after = msgspec.structs.replace(before, state=state, state_words=words, state_since=since, **fields)
    if after != before:
        save(tx, after)
    return after


def set_freshness(tx: Tx, connection_id: str, freshness: Freshness) -> None:
    """Keep how fresh one topic is; a failure keeps the time of the last good read."""
    before = get(tx.connection, connection_id)
    if before is None:
        return
    old = next((item for item in before.freshness if item.topic is freshness.topic), None)
    if freshness.as_of is None and old is not None:
        freshness = msgspec.structs.replace(freshness, as_of=old.as_of)
    others = tuple(item for item in before.freshness if item.topic is not freshness.topic)
    latest = max((item.as_of for item in (*others, freshness) if item.as_of), default=before.last_sync)
    save(tx, msgspec.structs.replace(before, freshness=(*others, freshness), last_sync=latest))


#: What a connection brought, and the connection last: ``:no`` is its number here, ``:id`` its id.
_WHAT_IT_BROUGHT = (
    "DELETE FROM patient_index WHERE rowid IN (SELECT id FROM patients WHERE connection_no = :no)",
    "DELETE FROM recent_patients WHERE patient_id IN (SELECT local_id FROM patients WHERE connection_no = :no)",
    "DELETE FROM person_links WHERE one IN (SELECT local_id FROM patients WHERE connection_no = :no)"
    " OR other IN (SELECT local_id FROM patients WHERE connection_no = :no)",
    "DELETE FROM patients WHERE connection_no = :no",
    "DELETE FROM coverage WHERE connection_no = :no",
    "DELETE FROM visits WHERE connection_no = :no",
    "DELETE FROM visit_links WHERE connection_no = :no",
    "DELETE FROM visit_types WHERE connection_no = :no",
    "DELETE FROM schedule_days WHERE provider_no IN (SELECT no FROM providers WHERE connection_no = :no)",
    "DELETE FROM open_days WHERE provider_no IN (SELECT no FROM providers WHERE connection_no = :no)",
    "DELETE FROM provider_rules WHERE provider_id IN (SELECT provider_id FROM providers WHERE connection_no = :no)",
    "DELETE FROM providers WHERE connection_no = :no",
    "DELETE FROM sealed WHERE connection_id = :id",
    "DELETE FROM job_events WHERE job_no IN (SELECT no FROM jobs WHERE connection_id = :id)",
    "DELETE FROM jobs WHERE connection_id = :id",
    "DELETE FROM payer_index WHERE rowid IN (SELECT no FROM payers WHERE connection_id = :id)",
    "DELETE FROM payers WHERE connection_id = :id",
    "DELETE FROM payer_lists WHERE connection_id = :id",
    "DELETE FROM enrollments WHERE connection_id = :id",
    "DELETE FROM documents WHERE connection_id = :id",
    "DELETE FROM reports WHERE connection_id = :id",
    "DELETE FROM claim_news WHERE connection_id = :id",
    "DELETE FROM sent_files WHERE connection_id = :id",
    "DELETE FROM notices WHERE connection_id = :id",
    "DELETE FROM connections WHERE no = :no",
)


def remove(tx: Tx, connection_id: str) -> None:
    """Remove a connection and everything its system told us: visits, slots, patients, sealed secrets, open jobs.

    The audit log stays. Run ``recovery.scrub`` afterwards so that nothing of it is left in free pages.
    """
    conn = tx.connection
    no = number(conn, connection_id)
    conn.execute("PRAGMA secure_delete = ON")
    for statement in _WHAT_IT_BROUGHT:
        conn.execute(statement, {"no": no, "id": connection_id})
    for kind in (
        Kind.REPORTS,
        Kind.PAYERS,
        Kind.ENROLLMENTS,
        Kind.CONNECTIONS,
        Kind.PROVIDERS,
        Kind.VISIT_TYPES,
        Kind.VISITS,
        Kind.OPEN_SLOTS,
        Kind.PATIENTS,
        Kind.COVERAGE,
    ):
        tx.changed(Change(kind=kind))
    tx.changed(Change(kind=Kind.JOBS))


def locations(conn: Reader) -> list[Location]:
    """Every location by name."""
    rows = conn.execute("SELECT location_id, name, time_zone FROM locations ORDER BY name, location_id")
    return [Location(location_id=row[0], name=row[1], time_zone=row[2]) for row in rows]


def save_location(tx: Tx, location: Location) -> None:
    """Add or replace a location."""
    tx.connection.execute(
        "INSERT INTO locations (location_id, name, time_zone) VALUES (?, ?, ?)"
        " ON CONFLICT (location_id) DO UPDATE SET name = excluded.name, time_zone = excluded.time_zone",
        (location.location_id, location.name, location.time_zone),
    )
    tx.changed(Change(kind=Kind.SETTINGS, ids=frozenset({"locations"})))
