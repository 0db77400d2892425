"""Patients: kept as their systems tell them, found while typing, newest activity first.

``patients.id`` is the order of last activity and nothing else refers to it. A patient somebody here opened, booked,
created or changed has the time of that in milliseconds since 1970 (the next free number where two fall together); one
that only came with a sync has a small number, later arrivals the larger. Whoever is active gets a new ``id``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import msgspec

from app.model.changes import Change, Kind
from app.model.errors import StoreError
from app.model.ids import new_ids
from app.model.people import Patient, PatientRow
from app.model.sourced import Sourced
from app.store import connections
from app.store import search as words
from app.store.database import Reader, as_list
from app.store.times import from_us, to_us
from app.store.tx import Tx

#: Below: never active here, in order of arrival. From here on: milliseconds since 1970 (this is in 1973).
_ACTIVE = 100_000_000_000
_BATCH = 500

_decode = msgspec.json.Decoder(Patient).decode
_encode = msgspec.json.Encoder().encode
_fields = msgspec.structs.asdict


class _Stored(Patient, frozen=True, kw_only=True, omit_defaults=True):
    """A patient as the file keeps one: what is empty takes no room."""


_COLUMNS = """p.id, p.local_id, c.connection_id, p.vendor_id, p.first_name, p.last_name, p.birth_day, p.phone,
    p.chart_number, p.is_lead, p.as_of"""
_SELECT = f"SELECT {_COLUMNS} FROM patients p CROSS JOIN connections c ON c.no = p.connection_no"  # noqa: S608 - names of ours, no values

INSERT = """INSERT INTO patients (id, local_id, connection_no, vendor_id, first_name, last_name, birth_day, phone,
    chart_number, is_lead, as_of, digits, value) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
    ON CONFLICT (connection_no, vendor_id) DO UPDATE SET first_name = excluded.first_name,
    last_name = excluded.last_name, birth_day = excluded.birth_day, phone = excluded.phone,
    chart_number = excluded.chart_number, is_lead = excluded.is_lead, as_of = excluded.as_of,
    digits = excluded.digits, value = excluded.value"""
INDEX = "INSERT OR REPLACE INTO patient_index (rowid, terms) VALUES (?, ?)"

_Row = tuple[int, str, str, str, str, str, int | None, str, str, int, int]


class PersonLink(msgspec.Struct, frozen=True, kw_only=True):
    """Another record of the same person, and why it is taken to be one."""

    patient: PatientRow
    reasons: tuple[str, ...]
    actor_id: str
    at: datetime


def _row(row: _Row) -> PatientRow:
    return PatientRow(
        local_id=row[1],
        connection_id=row[2],
        vendor_id=row[3],
        first_name=row[4],
        last_name=row[5],
        birth_date=None if row[6] is None else date.fromordinal(row[6]),
        phone=row[7],
        chart_number=row[8],
        is_lead=bool(row[9]),
        last_activity=datetime.fromtimestamp(row[0] / 1000, UTC) if row[0] >= _ACTIVE else None,
        as_of=from_us(row[10]),
    )


# -- reading -------------------------------------------------------------------------------------------------------


def search(conn: Reader, text: str, limit: int = 20, *, today: date = date(2099, 12, 31)) -> list[PatientRow]:
    """The ``limit`` patients of newest activity that fit every word of ``text``; nothing asked gives nothing.

    Understands ``smi j 3/4/71``, phone fragments from four digits, member ids and chart numbers (``search.py``).
    No birth date after ``today`` is meant by a year of two digits.
    """
    asked = words.understand(text, today)
    if not asked:
        return []
    match = " AND ".join(word.match for word in asked)
    fragments = [word for word in asked if word.fragment]
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM patient_index i CROSS JOIN patients p ON p.id = i.rowid"  # noqa: S608 - names of ours, no values
        " CROSS JOIN connections c ON c.no = p.connection_no"
        f" WHERE patient_index MATCH ?{_same_number(fragments)} ORDER BY i.rowid DESC LIMIT ?",
        (match, *_fragment_values(fragments), limit),
    )
    return [_row(row) for row in rows]


def _same_number(fragments: Sequence[words.Word]) -> str:
    # Four digits are a term; of a longer fragment the terms could come from two numbers or in another order.
    return "".join(
        " AND (instr(p.digits, ?) > 0 OR i.rowid IN (SELECT rowid FROM patient_index WHERE patient_index MATCH ?))"
        for _ in fragments
    )


def _fragment_values(fragments: Sequence[words.Word]) -> list[str]:
    return [value for word in fragments for value in (word.fragment, word.without_phone)]


def get(conn: Reader, patient_id: str) -> Sourced[Patient] | None:
    """One patient whole, or None."""
    row = conn.execute(
        "SELECT p.value, c.connection_id, p.vendor_id, p.as_of, p.local_id FROM patients p"
        " JOIN connections c ON c.no = p.connection_no WHERE p.local_id = ?",
        (patient_id,),
    ).fetchone()
    if row is None:
        return None
    return Sourced(
        value=_decode(row[0]), connection_id=row[1], vendor_id=row[2], as_of=from_us(row[3]), local_id=row[4]
    )


def row_of(conn: Reader, patient_id: str) -> PatientRow | None:
    """One patient as lists show it, or None."""
    row = conn.execute(f"{_SELECT} WHERE p.local_id = ?", (patient_id,)).fetchone()
    return _row(row) if row else None


def by_vendor(conn: Reader, connection_id: str, vendor_id: str) -> PatientRow | None:
    """The patient a system knows as ``vendor_id``, or None."""
    row = conn.execute(
        f"{_SELECT} WHERE p.connection_no = ? AND p.vendor_id = ?", (connections.number(conn, connection_id), vendor_id)
    ).fetchone()
    return _row(row) if row else None


def name_of(conn: Reader, patient_id: str) -> str | None:
    """First and last name, or None where the patient is not known."""
    row = conn.execute("SELECT first_name, last_name FROM patients WHERE local_id = ?", (patient_id,)).fetchone()
    return f"{row[0]} {row[1]}".strip() if row else None


def count(conn: Reader) -> int:
    """How many patient records there are."""
    return int(conn.execute("SELECT count(*) FROM patients").fetchone()[0])


def newest(conn: Reader, limit: int = 20) -> list[PatientRow]:
    """The patients of newest activity."""
    return [_row(row) for row in conn.execute(f"{_SELECT} ORDER BY p.id DESC LIMIT ?", (limit,))]


def recent(conn: Reader, account_id: str, limit: int = 6) -> list[PatientRow]:
    """The patients a person last worked with, newest first."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM recent_patients r CROSS JOIN patients p ON p.local_id = r.patient_id"  # noqa: S608 - names of ours, no values
        " CROSS JOIN connections c ON c.no = p.connection_no WHERE r.account_id = ?"
        " ORDER BY r.at DESC, p.id DESC LIMIT ?",
        (account_id, limit),
    )
    return [_row(row) for row in rows]


def candidates(conn: Reader, patient: Patient, limit: int = 50) -> list[PatientRow]:
    """Records that may be the same person, newest first, for the duplicate check.

    Same birth date and a name in common, same last name and first initial, or the same phone number.
    """
    last, first = words.fold(patient.last_name)[-1:], words.fold(patient.first_name)[-1:]
    ways: list[str] = []
    if patient.birth_date is not None:
        born = f'"b{patient.birth_date:%m%d}{patient.birth_date.year:04d}"'
        ways += [f'({born} AND "w{name}")' for name in (*last, *first)]
    if last and first:
        ways.append(f'("w{last[0]}" AND "n{first[0][0]}")')
    for run in words.digits_of(patient.phone, patient.cell_phone, patient.sms_phone).split():
        number = run[-10:]
        if len(number) >= 7:
            ways.append("(" + " AND ".join(f'"p{number[at : at + 4]}"' for at in range(len(number) - 3)) + ")")
    if not ways:
        return []
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM patient_index i CROSS JOIN patients p ON p.id = i.rowid"  # noqa: S608 - names of ours, no values
        " CROSS JOIN connections c ON c.no = p.connection_no"
        " WHERE patient_index MATCH ? ORDER BY i.rowid DESC LIMIT ?",
        (" OR ".join(ways), limit),
    )
    return [_row(row) for row in rows]


def linked(conn: Reader, patient_id: str) -> list[PersonLink]:
    """Records of the same person in other systems, however many links away, with the reasons of the last link."""
    rows = conn.execute(
        f"""WITH RECURSIVE link(here, there, reasons, actor_id, at) AS (
            SELECT one, other, reasons, actor_id, at FROM person_links
            UNION ALL SELECT other, one, reasons, actor_id, at FROM person_links),
        same(local_id) AS (SELECT ?1 UNION SELECT l.there FROM same s JOIN link l ON l.here = s.local_id)
        SELECT {_COLUMNS}, l.reasons, l.actor_id, l.at FROM same s
        CROSS JOIN patients p ON p.local_id = s.local_id CROSS JOIN connections c ON c.no = p.connection_no
        JOIN link l ON l.there = s.local_id AND l.here IN (SELECT local_id FROM same)
        WHERE s.local_id <> ?1 GROUP BY s.local_id ORDER BY p.id DESC""",  # noqa: S608 - names of ours, no values
        (patient_id,),
    )
    return [
        PersonLink(
            patient=_row(row[:11]),
            reasons=tuple(msgspec.json.decode(row[11], type=list[str])),
            actor_id=row[12],
            at=from_us(row[13]),
        )
        for row in rows
    ]


# -- writing -------------------------------------------------------------------------------------------------------


def save_all(tx: Tx, connection_id: str, found: Sequence[Sourced[Patient]]) -> None:
    """Keep patients as a system tells them: new ones are added, known ones replaced and keep their activity.

    Meant for pages of a few hundred; hand in one page a transaction, so that other writes come in between.
    """
    no = connections.number(tx.connection, connection_id)
    for at in range(0, len(found), _BATCH):
        _save_batch(tx, no, found[at : at + _BATCH])
    if found:
        tx.changed(Change(kind=Kind.PATIENTS, connection_id=connection_id))


def save(tx: Tx, connection_id: str, item: Sourced[Patient], *, account_id: str = "") -> str:
    """Keep one patient that somebody here created or changed; returns the local id. It is active now."""
    no = connections.number(tx.connection, connection_id)
    _save_batch(tx, no, [item])
    row = tx.connection.execute(
        "SELECT local_id FROM patients WHERE connection_no = ? AND vendor_id = ?", (no, item.vendor_id)
    ).fetchone()
    touch(tx, row[0], account_id)
    return str(row[0])


def _save_batch(tx: Tx, no: int, found: Sequence[Sourced[Patient]]) -> None:
    conn = tx.connection
    latest = {item.vendor_id: item for item in found}
    known = _known(conn, no, latest)
    next_id = int(conn.execute("SELECT coalesce(max(id), 0) FROM patients WHERE id < ?", (_ACTIVE,)).fetchone()[0]) + 1
    fresh_ids = new_ids(len(latest) - len(known))
    rows: list[tuple[object, ...]] = []
    terms: list[tuple[int, str]] = []
    same: list[tuple[int, int]] = []
    changed: list[str] = []
    for vendor_id, item in latest.items():
        value = _encode(_Stored(**_fields(item.value)))
        before = known.get(vendor_id)
        if before is None:
            number, local_id, next_id = next_id, fresh_ids.pop(), next_id + 1
        else:
            number, local_id, old = before
            if old == value:
                same.append((to_us(item.as_of), number))
                continue
            changed.append(local_id)
        row, found_by = _stored(no, number, local_id, item, value)
        rows.append(row)
        terms.append((number, found_by))
    conn.executemany("UPDATE patients SET as_of = ? WHERE id = ?", same)
    conn.executemany(INSERT, rows)
    conn.executemany(INDEX, terms)
    _name_visits(tx, no, [vendor_id for vendor_id in latest if vendor_id not in known])
    _rename_visits(tx, changed)


def _stored(
    no: int, number: int, local_id: str, item: Sourced[Patient], value: bytes
) -> tuple[tuple[object, ...], str]:
    """A row for ``INSERT``, and the terms for ``INDEX``."""
    patient = item.value
    digits = words.digits_of(patient.phone, patient.cell_phone, patient.sms_phone)
    row = (
        number,
        local_id,
        no,
        item.vendor_id,
        patient.first_name,
        patient.last_name,
        None if patient.birth_date is None else patient.birth_date.toordinal(),
        patient.phone or patient.cell_phone or patient.sms_phone,
        patient.chart_number,
        patient.is_lead,
        to_us(item.as_of),
        digits,
        value,
    )
    return row, words.terms_of(patient, digits)


def _known(conn: Reader, no: int, vendor_ids: Iterable[str]) -> dict[str, tuple[int, str, bytes]]:
    rows = conn.execute(
        "SELECT vendor_id, id, local_id, value FROM patients WHERE connection_no = ? AND vendor_id IN"
        " (SELECT value FROM json_each(?))",
        (no, as_list(vendor_ids)),
    )
    return {row[0]: (row[1], row[2], bytes(row[3])) for row in rows}


def _name_visits(tx: Tx, no: int, vendor_ids: list[str]) -> None:
    """Visits whose system named a patient before that patient came get their name."""
    named = tx.connection.execute(
        "SELECT EXISTS (SELECT 1 FROM visits WHERE connection_no = ? AND patient_vendor_id <> '')", (no,)
    ).fetchone()[0]
    if not named or not vendor_ids:
        return
    days = tx.connection.execute(
        "UPDATE visits SET patient_id = p.local_id, patient_name = trim(p.first_name || ' ' || p.last_name)"
        " FROM patients p WHERE visits.patient_id = '' AND visits.connection_no = ?1 AND visits.patient_vendor_id <> ''"
        " AND visits.patient_vendor_id IN (SELECT value FROM json_each(?2))"
        " AND p.connection_no = ?1 AND p.vendor_id = visits.patient_vendor_id RETURNING day",
        (no, as_list(vendor_ids)),
    ).fetchall()
    _tell_days(tx, days)


def _rename_visits(tx: Tx, patient_ids: list[str]) -> None:
    """Names on visits follow the patients'."""
    if not patient_ids:
        return
    days = tx.connection.execute(
        "UPDATE visits SET patient_name = trim(p.first_name || ' ' || p.last_name) FROM patients p"
        " WHERE visits.patient_id <> '' AND visits.patient_id IN (SELECT value FROM json_each(?))"
        " AND p.local_id = visits.patient_id RETURNING day",
        (as_list(patient_ids),),
    ).fetchall()
    _tell_days(tx, days)


def _tell_days(tx: Tx, days: list[tuple[int]]) -> None:
    if days:
        tx.changed(Change(kind=Kind.VISITS, days=frozenset(date.fromordinal(row[0]) for row in days)))


def touch(tx: Tx, patient_id: str, account_id: str = "") -> None:
    """Somebody worked with this patient now: it moves to the front, and into ``account_id``'s recent ones."""
    conn = tx.connection
    row = conn.execute("SELECT id, value, digits FROM patients WHERE local_id = ?", (patient_id,)).fetchone()
    if row is None:
        raise _unknown_patient()
    now = tx.now()
    number = _free_id(conn, max(to_us(now) // 1000, _ACTIVE))
    conn.execute("DELETE FROM patient_index WHERE rowid = ?", (row[0],))
    conn.execute("UPDATE patients SET id = ? WHERE id = ?", (number, row[0]))
    conn.execute(INDEX, (number, words.terms_of(_decode(row[1]), row[2])))
    if account_id:
        conn.execute(
            "INSERT INTO recent_patients (account_id, patient_id, at) VALUES (?,?,?)"
            " ON CONFLICT (account_id, patient_id) DO UPDATE SET at = excluded.at",
            (account_id, patient_id, to_us(now)),
        )
    tx.changed(Change(kind=Kind.PATIENTS, ids=frozenset({patient_id})))


def _free_id(conn: Reader, wanted: int) -> int:
    rows = conn.execute("SELECT id FROM patients WHERE id >= ? ORDER BY id", (wanted,))
    for row in rows:
        if row[0] != wanted:
            break
        wanted += 1
    return wanted


def _unknown_patient() -> StoreError:
    return StoreError(
        "This patient is not known here.",
        "The record was removed meanwhile.",
        ("Search for the patient again.",),
    )


def link_persons(tx: Tx, one: str, other: str, reasons: Sequence[str], actor_id: str) -> None:
    """Say that two records are the same person, with the reasons."""
    if one == other:
        return
    first, second = sorted((one, other))
    tx.connection.execute(
        "INSERT INTO person_links (one, other, reasons, actor_id, at) VALUES (?,?,?,?,?)"
        " ON CONFLICT (one, other) DO UPDATE SET reasons = excluded.reasons, actor_id = excluded.actor_id,"
        " at = excluded.at",
        (first, second, msgspec.json.encode(list(reasons)), actor_id, to_us(tx.now())),
    )
    tx.changed(Change(kind=Kind.PATIENTS, ids=frozenset({one, other})))


def unlink_persons(tx: Tx, one: str, other: str) -> None:
    """Take it back that two records are the same person."""
    tx.connection.execute("DELETE FROM person_links WHERE one = ? AND other = ?", tuple(sorted((one, other))))
    tx.changed(Change(kind=Kind.PATIENTS, ids=frozenset({one, other})))
