"""People who use Daybook, what their roles allow, and what the audit remembers of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What somebody is at the practice."""

    FRONT_DESK = "front_desk"
    BILLER = "biller"
    MANAGER = "manager"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing a role may do; use cases ask, screens only show."""

    VIEW_SCHEDULE = "view_schedule"
    BOOK_VISIT = "book_visit"
    VIEW_PATIENTS = "view_patients"
    EDIT_PATIENTS = "edit_patients"
    VIEW_BILLING = "view_billing"
    WORK_CLAIMS = "work_claims"
    POST_PAYMENTS = "post_payments"
    MANAGE_CONNECTIONS = "manage_connections"
    MANAGE_RULES = "manage_rules"
    ANSWER_JOBS = "answer_jobs"
    CHANGE_OLD = "change_old"
    VIEW_AUDIT = "view_audit"
    MANAGE_ACCOUNTS = "manage_accounts"
    EXPORT = "export"
    BACK_UP = "back_up"
    WIPE = "wipe"
    TAKE_OVER_PORTAL = "take_over_portal"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person's own account. The password's argon2id hash stays in the store and is not part of this value."""

    account_id: str
    user_name: str
    full_name: str
    role: Role
    active: bool = True
    failures: int = 0
    locked_until: datetime | None = None
    last_sign_in: datetime | None = None
    last_seen: datetime | None = None

    def initials(self) -> str:
        """``"RM"`` for Rosa Mallow."""
        parts = self.full_name.split()
        return (parts[0][:1] + parts[-1][:1]).upper() if len(parts) > 1 else self.full_name[:2].upper()


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who does something: passed to every use case. ``permissions`` are those of the role at sign-in."""

    account_id: str
    full_name: str
    role: Role
    permissions: frozenset[Permission]
    workstation: str = ""


class AuditAction(StrEnum):
    """What happened, for the audit log (FEATURES J8)."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    LOCK = "lock"
    UNLOCK = "unlock"
    FAILED_SIGN_IN = "failed_sign_in"
    LOCKED_OUT = "locked_out"
    LIFTED_LOCK_OUT = "lifted_lock_out"
    DENIED = "denied"
    VIEW = "view"
    SEARCH = "search"
    CREATE = "create"
    CHANGE = "change"
    EXPORT = "export"
    PRINT = "print"
    COPY = "copy"
    SENT = "sent"
    ANSWERED = "answered"
    BACK_UP = "back_up"
    RESTORE = "restore"
    WIPE = "wipe"
    SETTING = "setting"
    CHECK = "check"


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log. ``sequence`` has no gaps; ``digest`` chains it to the line before (hex SHA-256)."""

    sequence: int
    at: datetime
    actor_id: str
    actor_name: str
    action: AuditAction
    subject: str = ""
    patient_id: str = ""
    practice: str = ""
    workstation: str = ""
    before: str = ""
    after: str = ""
    digest: str = ""


class AuditDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a use case asks to be remembered; the store numbers, dates and chains it."""

    action: AuditAction
    actor_id: str = ""
    actor_name: str = ""
    subject: str = ""
    patient_id: str = ""
    practice: str = ""
    workstation: str = ""
    before: str = ""
    after: str = ""
