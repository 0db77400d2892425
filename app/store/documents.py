"""Documents kept whole: reports and remittances as they came, files of claims as they leave. Each content once."""

from __future__ import annotations

import hashlib

from app.store.database import Reader
from app.store.times import to_us
from app.store.tx import Tx


def put(tx: Tx, connection_id: str, name: str, content: bytes) -> str:
    """Keep ``content``; returns its SHA-256 (hex). The same content twice is kept under its first name."""
    sha256 = hashlib.sha256(content).hexdigest()
    tx.connection.execute(
        "INSERT INTO documents (connection_id, sha256, name, at, content) VALUES (?,?,?,?,?)"
        " ON CONFLICT (connection_id, sha256) DO NOTHING",
        (connection_id, sha256, name, to_us(tx.now()), content),
    )
    return sha256


def content(conn: Reader, connection_id: str, sha256: str) -> bytes | None:
    """The bytes of a document, or None."""
    row = conn.execute(
        "SELECT content FROM documents WHERE connection_id = ? AND sha256 = ?", (connection_id, sha256)
    ).fetchone()
    return bytes(row[0]) if row else None
