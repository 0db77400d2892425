"""Typed change events: what the store says after a commit, so that screens know what to draw again."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What sort of record changed."""

    PROVIDERS = "providers"
    VISIT_TYPES = "visit_types"
    VISITS = "visits"
    OPEN_SLOTS = "open_slots"
    PATIENTS = "patients"
    COVERAGE = "coverage"
    CONNECTIONS = "connections"
    JOBS = "jobs"
    ACCOUNTS = "accounts"
    AUDIT = "audit"
    SETTINGS = "settings"
    DRAFTS = "drafts"
    RULES = "rules"
    CODES = "codes"
    PORTALS = "portals"
    ENROLLMENTS = "enrollments"
    PAYERS = "payers"
    REPORTS = "reports"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something changed. Empty ``ids`` and ``days`` mean: look at all of this kind."""

    kind: Kind
    ids: frozenset[str] = frozenset()
    days: frozenset[date] = frozenset()
    connection_id: str = ""
