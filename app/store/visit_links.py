"""Whose visit it is: what a person said, or a booking made here, stands over whom the system names."""

from __future__ import annotations

from datetime import date

from app.model.changes import Change, Kind
from app.model.errors import StoreError
from app.store import connections, patients
from app.store.database import Reader, as_list
from app.store.times import to_us
from app.store.tx import Tx


def schedule_names_patients(conn: Reader, connection_id: str) -> bool | None:
    """Whether a system's schedule tells whose its visits are; None while none of them has been read."""
    no = connections.number(conn, connection_id)
    named, any_read = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM visits WHERE connection_no = ?1 AND patient_vendor_id <> ''),"
        " EXISTS (SELECT 1 FROM visits WHERE connection_no = ?1 AND NOT is_block)",
        (no,),
    ).fetchone()
    return bool(named) if any_read else None


def patients_of(conn: Reader, no: int, wanted: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Local patient id and name of visits by vendor id: a person's link first, else whom the system names."""
    found: dict[str, tuple[str, str]] = {}
    named = {vendor_id: patient for vendor_id, patient in wanted.items() if patient}
    if named:
        rows = conn.execute(
            "SELECT vendor_id, local_id, first_name, last_name FROM patients WHERE connection_no = ? AND vendor_id IN"
            " (SELECT value FROM json_each(?))",
            (no, as_list(set(named.values()))),
        )
        people = {row[0]: (row[1], f"{row[2]} {row[3]}".strip()) for row in rows}
        found = {vendor_id: people[patient] for vendor_id, patient in named.items() if patient in people}
    rows = conn.execute(
        "SELECT l.vendor_id, p.local_id, p.first_name, p.last_name FROM visit_links l"
        " JOIN patients p ON p.local_id = l.patient_id"
        " WHERE l.connection_no = ? AND l.vendor_id IN (SELECT value FROM json_each(?))",
        (no, as_list(wanted)),
    )
    return found | {row[0]: (row[1], f"{row[2]} {row[3]}".strip()) for row in rows}


def link(tx: Tx, connection_id: str, visit_vendor_id: str, patient_id: str, actor_id: str, source: str) -> None:
    """Say whose visit it is; ``source`` is how we know (``"booked here"``, ``"a person said so"``).

    The visit itself may come with a later sync. The patient's activity moves to now.
    """
    conn = tx.connection
    no = connections.number(conn, connection_id)
    name = patients.name_of(conn, patient_id)
    if name is None:
        raise StoreError(
            "This patient is not known here.",
            "The patient was removed meanwhile, so the visit stays without a name.",
            ("Search for the patient again.",),
        )
    conn.execute(
        "INSERT INTO visit_links (connection_no, vendor_id, patient_id, actor_id, source, at) VALUES (?,?,?,?,?,?)"
        " ON CONFLICT (connection_no, vendor_id) DO UPDATE SET patient_id = excluded.patient_id,"
        " actor_id = excluded.actor_id, source = excluded.source, at = excluded.at",
        (no, visit_vendor_id, patient_id, actor_id, source, to_us(tx.now())),
    )
    _show_patient(tx, connection_id, no, visit_vendor_id, patient_id, name)
    patients.touch(tx, patient_id, actor_id)


def unlink(tx: Tx, connection_id: str, visit_vendor_id: str) -> None:
    """Take a link back; the visit again shows whom its system names, or nobody."""
    conn = tx.connection
    no = connections.number(conn, connection_id)
    conn.execute("DELETE FROM visit_links WHERE connection_no = ? AND vendor_id = ?", (no, visit_vendor_id))
    row = conn.execute(
        "SELECT patient_vendor_id, coalesce(json_extract(value, '$.patient_name'), '') FROM visits"
        " WHERE connection_no = ? AND vendor_id = ?",
        (no, visit_vendor_id),
    ).fetchone()
    told, written = row or ("", "")
    patient_id, name = patients_of(conn, no, {visit_vendor_id: told}).get(visit_vendor_id, ("", written))
    _show_patient(tx, connection_id, no, visit_vendor_id, patient_id, name)


def _show_patient(tx: Tx, connection_id: str, no: int, vendor_id: str, patient_id: str, name: str) -> None:
    rows = tx.connection.execute(
        "UPDATE visits SET patient_id = ?, patient_name = ? WHERE connection_no = ? AND vendor_id = ? RETURNING day",
        (patient_id, name, no, vendor_id),
    ).fetchall()
    days = frozenset(date.fromordinal(row[0]) for row in rows)
    if days:
        tx.changed(Change(kind=Kind.VISITS, days=days, connection_id=connection_id))
