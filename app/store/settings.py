"""Settings: small values by scope (``"practice"`` or an account id) and key."""

from __future__ import annotations

from app.model.changes import Change, Kind
from app.store.database import Reader
from app.store.tx import Tx

PRACTICE = "practice"


def get(conn: Reader, scope: str, key: str) -> bytes | None:
    """The value as it was put, or None."""
    row = conn.execute("SELECT value FROM settings WHERE scope = ? AND key = ?", (scope, key)).fetchone()
    return bytes(row[0]) if row else None


def put(tx: Tx, scope: str, key: str, value: bytes) -> None:
    """Keep ``value``; what it holds is its user's business (JSON as a rule)."""
    tx.connection.execute(
        "INSERT INTO settings (scope, key, value) VALUES (?,?,?)"
        " ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value",
        (scope, key, value),
    )
    tx.changed(Change(kind=Kind.SETTINGS, ids=frozenset({f"{scope}/{key}"})))


def remove(tx: Tx, scope: str, key: str) -> None:
    """Forget a setting."""
    tx.connection.execute("DELETE FROM settings WHERE scope = ? AND key = ?", (scope, key))
    tx.changed(Change(kind=Kind.SETTINGS, ids=frozenset({f"{scope}/{key}"})))
