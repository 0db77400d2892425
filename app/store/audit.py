"""Reading the audit log, and proving that it is whole."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.model.accounts import AuditAction, AuditDraft, AuditEntry
from app.store import chain
from app.store.audit_head import AuditHead
from app.store.database import Reader
from app.store.times import to_us
from app.store.tx import Tx


class AuditVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the log is whole, in words; ``broken_at`` is the first line that does not fit (0: none)."""

    whole: bool
    words: str
    entries: int
    broken_at: int = 0
    head: AuditHead = AuditHead()


def entries(
    conn: Reader,
    *,
    actor_id: str | None = None,
    patient_id: str | None = None,
    action: AuditAction | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 200,
    before_sequence: int | None = None,
) -> list[AuditEntry]:
    """Lines that fit every filter given, newest first; ``since`` is included, ``until`` is not.

    For the next page give the last line's ``sequence`` as ``before_sequence``.
    """
    filters: list[tuple[str, object]] = [
        ("actor_id = ?", actor_id),
        ("patient_id = ? AND patient_id <> ''", patient_id),
        ("action = ?", action.value if action else None),
        ("at >= ?", to_us(since) if since else None),
        ("at < ?", to_us(until) if until else None),
        ("sequence < ?", before_sequence),
    ]
    used = [(text, value) for text, value in filters if value is not None]
    where = " AND ".join(text for text, _ in used) or "1"
    rows = conn.execute(
        f"SELECT {chain.COLUMNS} FROM audit WHERE {where} ORDER BY sequence DESC LIMIT ?",  # noqa: S608 - names of ours, no values
        (*(value for _, value in used), limit),
    )
    return [chain.entry_of(row) for row in rows]


def head(conn: Reader) -> AuditHead:
    """The log's last line as the store has it."""
    row = conn.execute("SELECT sequence, digest FROM audit ORDER BY sequence DESC LIMIT 1").fetchone()
    return AuditHead(sequence=row[0], digest=row[1]) if row else AuditHead()


def verify(conn: Reader, known: AuditHead | None) -> AuditVerdict:
    """Walk the chain from its first line and hold it against the head that was kept outside (``known``).

    The store may be ahead of ``known``: a commit comes before its head is kept, and a crash may fall between.
    It may never be behind, and the line ``known`` names must have the digest it names.
    """
    previous, count = "", 0
    for row in conn.execute(f"SELECT {chain.COLUMNS} FROM audit ORDER BY sequence"):  # noqa: S608 - names of ours, no values
        count += 1
        if row[0] != count or row[11] != chain.digest_of(previous, row[:11]):
            return AuditVerdict(
                whole=False,
                words=f"Line {count} of the audit log was changed or removed.",
                entries=count,
                broken_at=count,
            )
        previous = row[11]
        if known is not None and known.sequence == count and known.digest != previous:
            return AuditVerdict(
                whole=False,
                words=f"Line {count} of the audit log is not the one that was written.",
                entries=count,
                broken_at=count,
            )
    end = AuditHead(sequence=count, digest=previous)
    if known is None:
        return _without_head(end)
    if known.sequence > count:
        missing = known.sequence - count
        lines = "line is" if missing == 1 else "lines are"
        return AuditVerdict(
            whole=False,
            words=f"The end of the audit log was cut: {missing} {lines} missing after line {count}.",
            entries=count,
            broken_at=count + 1,
            head=end,
        )
    return AuditVerdict(whole=True, words=f"The audit log is whole: {count} lines.", entries=count, head=end)


def record_finding(tx: Tx, verdict: AuditVerdict) -> None:
    """Write what a check of the log found into the log itself: the kept head moves on, the finding stays."""
    tx.audit(AuditDraft(action=AuditAction.CHECK, actor_name="Daybook", subject="audit log", after=verdict.words))


def _without_head(end: AuditHead) -> AuditVerdict:
    if end.sequence == 0:
        return AuditVerdict(whole=True, words="The audit log is empty.", entries=0, head=end)
    return AuditVerdict(
        whole=False,
        words="The chain of the audit log fits, but its end is not known on this computer: "
        "lines may have been cut from it.",
        entries=end.sequence,
        head=end,
    )
