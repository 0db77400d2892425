"""The audit log's chain: each line's digest covers its own content and the digest before it."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from app.model.accounts import AuditAction, AuditDraft, AuditEntry
from app.store.database import Reader
from app.store.times import from_us, to_us

COLUMNS = (
    "sequence, at, actor_id, actor_name, action, subject, patient_id, practice, workstation, before, after, digest"
)

Row = tuple[int, int, str, str, str, str, str, str, str, str, str, str]


def digest_of(previous: str, content: tuple[int | str, ...]) -> str:
    """SHA-256 (hex) over the digest before and the line's canonical content: a JSON array in column order, UTF-8."""
    return hashlib.sha256(previous.encode("ascii") + msgspec.json.encode(content)).hexdigest()


def append(connection: Reader, draft: AuditDraft, at: datetime) -> AuditEntry:
    """Write ``draft`` as the next line of the log."""
    last = connection.execute("SELECT sequence, digest FROM audit ORDER BY sequence DESC LIMIT 1").fetchone()
    sequence, previous = (last[0] + 1, last[1]) if last else (1, "")
    content = (
        sequence,
        to_us(at),
        draft.actor_id,
        draft.actor_name,
        draft.action.value,
        draft.subject,
        draft.patient_id,
        draft.practice,
        draft.workstation,
        draft.before,
        draft.after,
    )
    row: Row = (*content, digest_of(previous, content))
    connection.execute(f"INSERT INTO audit ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", row)  # noqa: S608 - names of ours, no values
    return entry_of(row)


def entry_of(row: Row) -> AuditEntry:
    """The value of a row read in the order of ``COLUMNS``."""
    return AuditEntry(
        sequence=row[0],
        at=from_us(row[1]),
        actor_id=row[2],
        actor_name=row[3],
        action=AuditAction(row[4]),
        subject=row[5],
        patient_id=row[6],
        practice=row[7],
        workstation=row[8],
        before=row[9],
        after=row[10],
        digest=row[11],
    )
