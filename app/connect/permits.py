"""Who may: asked first in everything a person can start here; a refusal is remembered."""

from __future__ import annotations

from app.model.accounts import Actor, AuditAction, AuditDraft, Permission
from app.rules.permissions import doing, refusal
from app.store.store import Store
from app.store.tx import Tx


async def must(store: Store, actor: Actor, permission: Permission) -> None:
    """Raise NotPermitted, and write it to the audit log, unless ``actor`` may."""
    error = refusal(actor, permission)
    if error is not None:
        await store.write(_denied, actor, permission)
        raise error


def draft(action: AuditAction, actor: Actor, subject: str, *, patient_id: str = "") -> AuditDraft:
    """An audit line of ``actor``."""
    return AuditDraft(
        action=action,
        actor_id=actor.account_id,
        actor_name=actor.full_name,
        workstation=actor.workstation,
        subject=subject,
        patient_id=patient_id,
    )


def _denied(tx: Tx, actor: Actor, permission: Permission) -> None:
    tx.audit(draft(AuditAction.DENIED, actor, doing(permission)))
