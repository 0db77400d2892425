"""What each role may do. Use cases ask here first; a screen that shows a button decides nothing."""

from __future__ import annotations

from app.model.accounts import Actor, Permission, Role
from app.model.errors import NotPermitted

_DESK = frozenset(
    {Permission.VIEW_SCHEDULE, Permission.BOOK_VISIT, Permission.VIEW_PATIENTS, Permission.EDIT_PATIENTS,
     Permission.ANSWER_JOBS}
)  # fmt: skip
_BILLER = frozenset(
    {Permission.VIEW_SCHEDULE, Permission.VIEW_PATIENTS, Permission.VIEW_BILLING, Permission.WORK_CLAIMS,
     Permission.POST_PAYMENTS, Permission.ANSWER_JOBS, Permission.TAKE_OVER_PORTAL}
)  # fmt: skip
_MANAGER = _DESK | _BILLER | {Permission.MANAGE_RULES, Permission.VIEW_AUDIT, Permission.EXPORT, Permission.CHANGE_OLD}

_BY_ROLE: dict[Role, frozenset[Permission]] = {
    Role.FRONT_DESK: _DESK,
    Role.BILLER: _BILLER,
    Role.MANAGER: _MANAGER,
    Role.ADMIN: frozenset(Permission),
}

_DOING: dict[Permission, str] = {
    Permission.VIEW_SCHEDULE: "look at the schedule",
    Permission.BOOK_VISIT: "book visits",
    Permission.VIEW_PATIENTS: "look at patients",
    Permission.EDIT_PATIENTS: "create or change patients",
    Permission.VIEW_BILLING: "look at billing",
    Permission.WORK_CLAIMS: "work on claims",
    Permission.POST_PAYMENTS: "post payments",
    Permission.MANAGE_CONNECTIONS: "set up connections",
    Permission.MANAGE_RULES: "change schedule rules",
    Permission.ANSWER_JOBS: "decide about waiting changes",
    Permission.CHANGE_OLD: "change old entries",
    Permission.VIEW_AUDIT: "read the audit log",
    Permission.MANAGE_ACCOUNTS: "manage people's accounts",
    Permission.EXPORT: "export records",
    Permission.BACK_UP: "make or restore backups",
    Permission.WIPE: "wipe data",
    Permission.TAKE_OVER_PORTAL: "take over a portal session",
}


def permissions_of(role: Role) -> frozenset[Permission]:
    """All that ``role`` allows."""
    return _BY_ROLE[role]


def role_words(role: Role) -> str:
    """``"front desk"``."""
    return role.value.replace("_", " ")


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """Who may."""
    return tuple(role for role in Role if permission in _BY_ROLE[role])


def refusal(actor: Actor, permission: Permission) -> NotPermitted | None:
    """None if ``actor`` may; else the error to raise, in words."""
    if permission in actor.permissions:
        return None
    able = [role_words(role) for role in roles_with(permission)]
    return NotPermitted(
        f"Your role, {role_words(actor.role)}, may not {_DOING[permission]}.",
        "Nothing was shown or changed. The attempt is in the audit log.",
        (f"Ask somebody with one of these roles: {', '.join(able)}.",),
    )


def doing(permission: Permission) -> str:
    """``"book visits"``: what a permission is about, for lists of roles."""
    return _DOING[permission]
