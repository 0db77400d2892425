"""Payer lists: one row a payer and transaction, found by the words of its name, by any of its ids, by its aliases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from app.model.changes import Change, Kind
from app.model.clearing_views import PayerRow
from app.model.payer_list import TRANSACTIONS, PayerEntry, PayerList, plain
from app.store.database import Reader, as_list
from app.store.times import from_us, to_us
from app.store.tx import Tx

_entry = msgspec.json.Decoder(PayerEntry).decode
_doubts = msgspec.json.Decoder(tuple[str, ...]).decode

#: Rows whose name or id fits that are weighed; more than anybody reads.
_WEIGHED = 2_000


class ListState(msgspec.Struct, frozen=True, kw_only=True):
    """When and from where a connection's list came, how many rows it has and which were left out."""

    connection_id: str
    entries: int
    imported_at: datetime
    origin: str
    doubts: tuple[str, ...]


def save_list(tx: Tx, connection_id: str, payers: PayerList, origin: str) -> None:
    """Put a list in place of the connection's."""
    conn = tx.connection
    conn.execute(
        "DELETE FROM payer_index WHERE rowid IN (SELECT no FROM payers WHERE connection_id = ?)", (connection_id,)
    )
    conn.execute("DELETE FROM payers WHERE connection_id = ?", (connection_id,))
    next_no = conn.execute("SELECT coalesce(max(no), 0) + 1 FROM payers").fetchone()[0]
    names = [plain(entry.name) for entry in payers.entries]
    conn.executemany(
        "INSERT INTO payers (no, connection_id, payer_id, plain_name, transaction_name, value) VALUES (?,?,?,?,?,?)",
        [
            (no, connection_id, entry.payer_id.upper(), name, entry.transaction, msgspec.json.encode(entry))
            for no, (entry, name) in enumerate(zip(payers.entries, names, strict=True), next_no)
        ],
    )
    conn.executemany(
        "INSERT INTO payer_index (rowid, terms) VALUES (?,?)",
        [
            (no, f"{name} {plain(entry.payer_id)}")
            for no, (entry, name) in enumerate(zip(payers.entries, names, strict=True), next_no)
        ],
    )
    conn.execute(
        "INSERT INTO payer_lists (connection_id, at, origin, doubts) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (connection_id) DO UPDATE SET at = ?2, origin = ?3, doubts = ?4",
        (connection_id, to_us(tx.now()), origin, msgspec.json.encode(payers.doubts)),
    )
    tx.changed(Change(kind=Kind.PAYERS, connection_id=connection_id))


def states(conn: Reader) -> list[ListState]:
    """Every list that is here."""
    rows = conn.execute(
        "SELECT connection_id, at, origin, doubts,"
        " (SELECT count(*) FROM payers p WHERE p.connection_id = l.connection_id) FROM payer_lists l"
    )
    return [
        ListState(
            connection_id=row[0], imported_at=from_us(row[1]), origin=row[2], doubts=_doubts(row[3]), entries=row[4]
        )
        for row in rows
    ]


def routes(conn: Reader, connection_id: str, payer_ids: Iterable[str]) -> PayerList:
    """The part of a list that speaks of these ids: their rows for any transaction, and those of the same names.

    Empty where there is no list at all; then nothing is known of ids.
    """
    found: list[PayerEntry] = []
    for payer_id in dict.fromkeys(one.strip().upper() for one in payer_ids):
        rows = conn.execute(
            "SELECT value FROM payers WHERE connection_id = ?1 AND plain_name IN"
            " (SELECT plain_name FROM payers WHERE connection_id = ?1 AND payer_id = ?2)"
            " UNION SELECT value FROM payers WHERE connection_id = ?1 AND payer_id = ?2",
            (connection_id, payer_id),
        )
        found += (_entry(row[0]) for row in rows)
    if not found:
        row = conn.execute("SELECT value FROM payers WHERE connection_id = ? LIMIT 1", (connection_id,)).fetchone()
        found = [_entry(row[0])] if row else []
    return PayerList(entries=tuple(found))


def search(conn: Reader, text: str, transaction: str = "", limit: int = 200) -> list[PayerRow]:
    """Payers by words of the name, by an id of any transaction, or by another name their ids carry; best first.

    An empty ``text`` lists from the beginning of the alphabet. ``transaction`` keeps to payers that have it.
    """
    asked = plain(text)
    if asked:
        match = " ".join(f'"{word}"*' for word in asked.split())
        rows = conn.execute(
            "SELECT DISTINCT connection_id, plain_name FROM payers WHERE no IN"
            " (SELECT rowid FROM payer_index WHERE payer_index MATCH ? LIMIT ?)",
            (match, _WEIGHED),
        ).fetchall()
    else:
        rows = conn.execute(
            "SELECT DISTINCT connection_id, plain_name FROM payers ORDER BY plain_name LIMIT ?", (_WEIGHED,)
        ).fetchall()
    kept = []
    for connection_id, group in _members(conn, rows).items():
        for entries in group.values():
            if not transaction or any(entry.transaction == transaction for entry in entries):
                kept.append((_rank(entries, asked), entries[0].name, connection_id, entries))
    kept.sort(key=lambda one: one[:3])
    return [_row(conn, connection_id, entries) for _, _, connection_id, entries in kept[:limit]]


def _members(conn: Reader, rows: Sequence[tuple[str, str]]) -> dict[str, dict[str, list[PayerEntry]]]:
    """The rows of each name, by connection and name."""
    found: dict[str, dict[str, list[PayerEntry]]] = {}
    for connection_id in {row[0] for row in rows}:
        names = [name for one, name in rows if one == connection_id]
        group = found.setdefault(connection_id, {})
        for name, value in conn.execute(
            "SELECT plain_name, value FROM payers WHERE connection_id = ?"
            " AND plain_name IN (SELECT value FROM json_each(?)) ORDER BY no",
            (connection_id, as_list(names)),
        ):
            group.setdefault(name, []).append(_entry(value))
    return found


def _rank(entries: list[PayerEntry], asked: str) -> int:
    """0 the name or an id itself, 1 the beginning of one, 2 words within."""
    texts = [plain(entries[0].name), *(plain(entry.payer_id) for entry in entries)]
    if asked in texts:
        return 0
    return 1 if any(text.startswith(asked) for text in texts) else 2


def _row(conn: Reader, connection_id: str, entries: list[PayerEntry]) -> PayerRow:
    by_transaction: dict[str, list[PayerEntry]] = {}
    for entry in entries:
        by_transaction.setdefault(entry.transaction, []).append(entry)
    order = [name for name in TRANSACTIONS if name in by_transaction]
    aliases: dict[str, None] = {}
    for entry in entries:
        others = conn.execute(
            "SELECT value FROM payers WHERE connection_id = ? AND payer_id = ? AND transaction_name = ?",
            (connection_id, entry.payer_id.upper(), entry.transaction),
        )
        aliases |= {name: None for row in others if (name := _entry(row[0]).name) != entries[0].name}
    notes = dict.fromkeys(entry.notes for entry in entries if entry.notes)
    return PayerRow(
        connection_id=connection_id,
        name=entries[0].name,
        ids={name: tuple(dict.fromkeys(entry.payer_id for entry in by_transaction[name])) for name in order},
        aliases=tuple(aliases),
        enrollment_needed=tuple(name for name in order if any(one.enrollment_needed for one in by_transaction[name])),
        unavailable=tuple(name for name in order if not any(one.available for one in by_transaction[name])),
        costs_fee=tuple(name for name in order if all(one.non_par for one in by_transaction[name])),
        note="\n".join(notes),
    )
