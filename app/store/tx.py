"""A transaction on the writer thread, as query modules see it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.model.accounts import AuditDraft, AuditEntry
from app.model.changes import Change, Kind
from app.model.clock import Clock
from app.store import chain
from app.store.audit_head import AuditHead
from app.store.database import Reader


class Tx:
    """``connection`` inside BEGIN IMMEDIATE, the ``clock``, and what the commit will tell. ``workstation`` is where
    an audit line was written that does not say it itself."""

    def __init__(self, connection: Reader, clock: Clock, workstation: str = "") -> None:
        self.connection = connection
        self.clock = clock
        self._workstation = workstation
        self.changes: list[Change] = []
        #: The last audit line this transaction wrote, if any.
        self.audit_head: AuditHead | None = None

    def now(self) -> datetime:
        """The wall time, aware, in UTC."""
        return self.clock.now()

    def changed(self, change: Change) -> None:
        """Tell ``change`` to the screens once this is committed."""
        self.changes.append(change)

    def audit(self, draft: AuditDraft) -> AuditEntry:
        """Number, date and chain ``draft`` in the audit log, within this same transaction."""
        if not draft.workstation:
            draft = msgspec.structs.replace(draft, workstation=self._workstation)
        entry = chain.append(self.connection, draft, self.now())
        self.audit_head = AuditHead(sequence=entry.sequence, digest=entry.digest)
        self.changed(Change(kind=Kind.AUDIT))
        return entry
