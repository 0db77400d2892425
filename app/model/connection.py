"""A connection: one practice's account in one vendor system, and how it is doing."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from app.model.capabilities import CapabilityOffer


class ConnectionState(StrEnum):
    """How a connection is doing, apart and in words: an expired session is never a wrong password."""

    NEW = "new"
    HEALTHY = "healthy"
    EXPIRING = "expiring"
    REAUTHENTICATING = "reauthenticating"
    NEEDS_CODE = "needs_code"
    WRONG_CREDENTIALS = "wrong_credentials"
    LOCKED = "locked"
    SLOWED = "slowed"
    VENDOR_DOWN = "vendor_down"
    OFFLINE = "offline"
    DRIFTED = "drifted"
    NOT_ENTITLED = "not_entitled"
    PAUSED = "paused"


class Environment(StrEnum):
    """Production and practice never mix: a banner shows anything that is not production."""

    PRODUCTION = "production"
    PREVIEW = "preview"
    SANDBOX = "sandbox"


class Topic(StrEnum):
    """What a sync keeps fresh, each with its own time."""

    PROVIDERS = "providers"
    VISIT_TYPES = "visit_types"
    PATIENTS = "patients"
    VISITS = "visits"
    OPEN_SLOTS = "open_slots"
    REPORTS = "reports"
    ENROLLMENTS = "enrollments"


class Freshness(msgspec.Struct, frozen=True, kw_only=True):
    """When a topic was last read whole, and why not since, if it failed."""

    topic: Topic
    as_of: datetime | None = None
    failed_at: datetime | None = None
    failure: str = ""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """Requests spent out of those allowed in the window named in ``words`` (``"6,000 a day"``)."""

    used: int
    allowed: int
    words: str = ""


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """One account in one system. ``vendor`` is a folder name under ``vendors``; secrets are never in here."""

    connection_id: str
    vendor: str
    source: str
    name: str
    practice: str
    environment: Environment
    base_urls: dict[str, str]
    tenant: str
    location_id: str = ""
    state: ConnectionState = ConnectionState.NEW
    state_words: str = ""
    state_since: datetime | None = None
    session_words: str = ""
    last_sync: datetime | None = None
    next_sync: datetime | None = None
    budget: Budget | None = None
    offers: tuple[CapabilityOffer, ...] = ()
    freshness: tuple[Freshness, ...] = ()
