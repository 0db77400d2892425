"""From when on an entry is old, so that only some may still change it (FEATURES J7)."""

from __future__ import annotations

from datetime import date

import msgspec

from app.model.accounts import Actor, Permission
from app.model.errors import NotPermitted
from app.rules.permissions import role_words, roles_with

#: What a manager can choose from; 0 is no limit.
CHOICES = (7, 14, 30, 60, 90, 180, 365, 0)


class OldEntries(msgspec.Struct, frozen=True, kw_only=True):
    """The practice's limit: entries about a day more than ``days`` ago are old; 0: none ever is."""

    days: int = 90


def refusal(actor: Actor, limit: OldEntries, day: date, today: date) -> NotPermitted | None:
    """None if ``actor`` may still change an entry about ``day``; else the error to raise, in words."""
    age = (today - day).days
    if not limit.days or age <= limit.days or Permission.CHANGE_OLD in actor.permissions:
        return None
    able = [role_words(role) for role in roles_with(Permission.CHANGE_OLD)]
    return NotPermitted(
        f"This is {age} days old. Your role, {role_words(actor.role)}, may change what is up to {limit.days} days old.",
        "Nothing was changed. The attempt is in the audit log.",
        (f"Ask somebody with one of these roles: {', '.join(able)}.",),
    )
