"""Reading the audit log with filters (FEATURES J8, J9), and noting what only a screen can see: copies and prints."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from app.desk.common import UseCase, draft
from app.model.accounts import Actor, AuditAction, AuditEntry, Permission
from app.model.people import PatientRow
from app.store import audit, patients
from app.store.store import Reader

#: What a screen may note by itself; everything else is written by the use case that does it.
_FROM_SCREENS = frozenset({AuditAction.COPY, AuditAction.PRINT, AuditAction.EXPORT})


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines: None means any. ``since`` is included, ``until`` is not (both aware)."""

    actor_id: str | None = None
    patient_id: str | None = None
    action: AuditAction | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditView(UseCase):
    """The audit log as managers and admins read it."""

    async def entries(
        self, actor: Actor, wanted: AuditFilter, limit: int = 200, before_sequence: int | None = None
    ) -> list[AuditEntry]:
        """Lines that fit, newest first; for the next page give the last line's ``sequence``."""
        await self._allow(actor, Permission.VIEW_AUDIT, "read the audit log")
        return await self._store.read(
            audit.entries,
            actor_id=wanted.actor_id,
            patient_id=wanted.patient_id,
            action=wanted.action,
            since=wanted.since,
            until=wanted.until,
            limit=limit,
            before_sequence=before_sequence,
        )

    async def patients(self, actor: Actor, patient_ids: Collection[str]) -> dict[str, PatientRow]:
        """Who the patients in lines are, for those still on file: a line itself holds an id only."""
        await self._allow(actor, Permission.VIEW_AUDIT, "read the audit log")
        return await self._store.read(_patients, frozenset(patient_ids))

    async def note(self, actor: Actor, action: AuditAction, subject: str, patient_id: str = "") -> None:
        """Remember a copy, print or export. Raises ValueError for anything a screen does not do by itself, and
        NotPermitted for an export by somebody who may not."""
        if action not in _FROM_SCREENS:
            raise ValueError(f"not noted by screens: {action}")
        if action is AuditAction.EXPORT:
            await self._allow(actor, Permission.EXPORT, subject, patient_id)
        await self._remember(draft(actor, action, subject, patient_id=patient_id))


def _patients(conn: Reader, patient_ids: frozenset[str]) -> dict[str, PatientRow]:
    found = ((each, patients.row_of(conn, each)) for each in patient_ids)
    return {each: row for each, row in found if row is not None}
