"""The two folders behind SFTP: what lies in them, how much of a report is there yet, what was put."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

INBOUND, OUTBOUND = "inbound", "outbound"
_BLOCK = b"~NM1*QC*1*RAMIREZ*DELIA****MI*EHP00012345~CLP*DBK-1*1*185*142.5*25*12*EHP2026A00042*11*1"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file as it stands at this moment; ``script`` names content that is made while it is read."""

    folder: str
    name: str
    written: datetime
    size: int
    is_whole: bool = True
    script: str = ""


class Shelf:
    """Both folders. ``half_s`` is how long the next report stays half written (0: it is whole at once)."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        self._looks: Counter[str] = Counter()
        self.half_s = 0.0

    def put(self, folder: str, name: str, content: bytes, at: datetime) -> None:
        """Write a file, over an older one of that name."""
        until = 0.0
        if self.half_s and folder == OUTBOUND:
            until, self.half_s = time.monotonic() + self.half_s, 0.0
            self._looks.pop(name, None)
        row = (folder, name, at.isoformat(), len(content), content, "", until)
        self._db.execute("REPLACE INTO shelf VALUES (?,?,?,?,?,?,?)", row)
        self._db.commit()

    def put_made(self, name: str, size: int, at: datetime) -> None:
        """A report of ``size`` bytes that nobody has to hold: X12-like text without an end."""
        row = (OUTBOUND, name, at.isoformat(), size, b"", "made", 0.0)
        self._db.execute("REPLACE INTO shelf VALUES (?,?,?,?,?,?,?)", row)
        self._db.commit()

    def listed(self, folder: str) -> Iterator[Entry]:
        """Everything in a folder, by name."""
        rows = self._db.execute(
            "SELECT folder, name, written, size, script, whole_at FROM shelf WHERE folder = ? ORDER BY name", (folder,)
        )
        for row in rows.fetchall():
            yield self._entry(row)

    def entry(self, folder: str, name: str) -> Entry | None:
        """One file, or None."""
        row = self._db.execute(
            "SELECT folder, name, written, size, script, whole_at FROM shelf WHERE folder = ? AND name = ?",
            (folder, name),
        ).fetchone()
        return self._entry(row) if row is not None else None

    def read(self, entry: Entry, offset: int, size: int) -> bytes:
        """Bytes of a file as far as it is there."""
        stop = min(offset + size, entry.size)
        if offset >= stop:
            return b""
        if entry.script:
            first, length = offset % len(_BLOCK), stop - offset
            return (_BLOCK * (length // len(_BLOCK) + 2))[first : first + length]
        row = self._db.execute(
            "SELECT substr(content, ?, ?) FROM shelf WHERE folder = ? AND name = ?",
            (offset + 1, stop - offset, entry.folder, entry.name),
        ).fetchone()
        return bytes(row[0]) if row is not None else b""

    def content(self, folder: str, name: str) -> bytes:
        """A whole file. Raises KeyError where there is none."""
        row = self._db.execute("SELECT content FROM shelf WHERE folder = ? AND name = ?", (folder, name)).fetchone()
        if row is None:
            raise KeyError(name)
        return bytes(row[0])

    def remove(self, folder: str, name: str) -> bool:
        """Take a file away; whether there was one."""
        done = self._db.execute("DELETE FROM shelf WHERE folder = ? AND name = ?", (folder, name)).rowcount > 0
        self._db.commit()
        return done

    def rename(self, folder: str, name: str, new: str) -> None:
        """Give a file another name in the same folder."""
        self._db.execute("UPDATE OR REPLACE shelf SET name = ? WHERE folder = ? AND name = ?", (new, folder, name))
        self._db.commit()

    def _entry(self, row: sqlite3.Row) -> Entry:
        name, size = row["name"], row["size"]
        is_whole = row["whole_at"] <= time.monotonic()
        if not is_whole:  # It grows from look to look until it is whole.
            self._looks[name] += 1
            size = int(size * 0.9 * (1 - 1 / (1 + self._looks[name])))
        return Entry(
            folder=row["folder"],
            name=name,
            written=datetime.fromisoformat(row["written"]),
            size=size,
            is_whole=is_whole,
            script=row["script"],
        )
