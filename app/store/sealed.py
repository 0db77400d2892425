"""Larger secrets of a connection (browser state, certificates): too big for a keyring, so they live in here."""

from __future__ import annotations

from app.store.database import Reader
from app.store.tx import Tx


def get(conn: Reader, connection_id: str, name: str) -> bytes | None:
    """The secret, or None."""
    row = conn.execute(
        "SELECT value FROM sealed WHERE connection_id = ? AND name = ?", (connection_id, name)
    ).fetchone()
    return bytes(row[0]) if row else None


def put(tx: Tx, connection_id: str, name: str, value: bytes) -> None:
    """Keep a secret, replacing the one before. Nobody is told."""
    tx.connection.execute(
        "INSERT INTO sealed (connection_id, name, value) VALUES (?,?,?)"
        " ON CONFLICT (connection_id, name) DO UPDATE SET value = excluded.value",
        (connection_id, name, value),
    )


def remove(tx: Tx, connection_id: str, name: str) -> None:
    """Forget a secret."""
    tx.connection.execute("DELETE FROM sealed WHERE connection_id = ? AND name = ?", (connection_id, name))
