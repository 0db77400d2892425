"""Half-typed forms: kept for the person who typed them, through locks, user switches and crashes."""

from __future__ import annotations

from app.model.changes import Change, Kind
from app.store.database import Reader
from app.store.times import to_us
from app.store.tx import Tx


def get(conn: Reader, account_id: str, key: str) -> bytes | None:
    """The draft as it was put, or None."""
    row = conn.execute("SELECT value FROM drafts WHERE account_id = ? AND key = ?", (account_id, key)).fetchone()
    return bytes(row[0]) if row else None


def listed(conn: Reader, account_id: str) -> list[str]:
    """The keys of a person's drafts, newest first."""
    rows = conn.execute("SELECT key FROM drafts WHERE account_id = ? ORDER BY at DESC, key", (account_id,))
    return [row[0] for row in rows]


def put(tx: Tx, account_id: str, key: str, value: bytes) -> None:
    """Keep a draft, replacing the one before."""
    tx.connection.execute(
        "INSERT INTO drafts (account_id, key, value, at) VALUES (?,?,?,?)"
        " ON CONFLICT (account_id, key) DO UPDATE SET value = excluded.value, at = excluded.at",
        (account_id, key, value, to_us(tx.now())),
    )
    tx.changed(Change(kind=Kind.DRAFTS, ids=frozenset({key})))


def remove(tx: Tx, account_id: str, key: str) -> None:
    """Forget a draft (it was sent, or given up)."""
    tx.connection.execute("DELETE FROM drafts WHERE account_id = ? AND key = ?", (account_id, key))
    tx.changed(Change(kind=Kind.DRAFTS, ids=frozenset({key})))
