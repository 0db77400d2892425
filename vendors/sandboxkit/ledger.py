"""The ledger: every request that reached the simulator, and what each write did. It is the judge in crash tests."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any


class Ledger:
    """Lives in the simulator's own database, beside the records it tells about."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS ledger (number INTEGER PRIMARY KEY, at TEXT, operation TEXT, is_write INTEGER,"
            " status INTEGER, body TEXT, effect TEXT, delivered INTEGER)"
        )

    def note(
        self, at: datetime, operation: str, *, is_write: bool, status: int, body: Any, effect: Any, delivered: bool
    ) -> None:
        """Remember one request: ``effect`` is what it changed (or None), ``delivered`` whether it was answered."""
        self._db.execute(
            "INSERT INTO ledger (at, operation, is_write, status, body, effect, delivered) VALUES (?,?,?,?,?,?,?)",
            (at.isoformat(), operation, is_write, status, json.dumps(body), json.dumps(effect), delivered),
        )
        self._db.commit()

    def told(self) -> dict[str, Any]:
        """``writes`` in order with their bodies and effects, and how often each operation was asked."""
        writes = [
            {
                "number": number,
                "at": at,
                "operation": operation,
                "status": status,
                "body": json.loads(body),
                "effect": json.loads(effect),
                "delivered": bool(delivered),
            }
            for number, at, operation, status, body, effect, delivered in self._db.execute(
                "SELECT number, at, operation, status, body, effect, delivered FROM ledger WHERE is_write"
                " ORDER BY number"
            )
        ]
        counts = dict(self._db.execute("SELECT operation, count(*) FROM ledger GROUP BY operation ORDER BY operation"))
        return {"writes": writes, "requests": counts}

    def clear(self) -> None:
        """Forget everything."""
        self._db.execute("DELETE FROM ledger")
        self._db.commit()
