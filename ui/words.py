"""Tables of words people read, from ``resources/words``: states, capabilities, jobs, roles."""

from __future__ import annotations

from functools import cache

import msgspec

import resources
from app.model.accounts import AuditAction, Role
from app.model.capabilities import Capability, Standing
from app.model.connection import ConnectionState, Environment, Topic
from app.model.outbox import JobKind, JobState, PersonReason


class StateWords(msgspec.Struct, frozen=True):
    """A connection's state: word, colour family, shape, the one thing to do about it, and what it means."""

    label: str
    family: str
    icon: str
    button: str
    act: str
    means: str


class Shown(msgspec.Struct, frozen=True):
    """A word with its colour family, shape, text role and meaning."""

    label: str
    family: str
    icon: str
    role: str = "text"
    means: str = ""


class CapabilityGroup(msgspec.Struct, frozen=True):
    """A part of the capability table."""

    title: str
    capabilities: tuple[Capability, ...]


class CapabilityWords(msgspec.Struct, frozen=True):
    """Rows of the capability table and what may stand in its cells."""

    groups: tuple[CapabilityGroup, ...]
    labels: dict[Capability, str]
    standings: dict[Standing, Shown]


class JobWords(msgspec.Struct, frozen=True):
    """The outbox in words."""

    states: dict[JobState, Shown]
    kinds: dict[JobKind, str]
    reasons: dict[PersonReason, str]


class PeopleWords(msgspec.Struct, frozen=True):
    """Roles, audit actions and a few other names."""

    roles: dict[Role, str]
    audit_actions: dict[AuditAction, str]
    topics: dict[Topic, str]
    environments: dict[Environment, str]


@cache
def connection_states() -> dict[ConnectionState, StateWords]:
    """Every state of a connection."""
    return msgspec.json.decode(
        resources.read_bytes("words", "connection_states.json"), type=dict[ConnectionState, StateWords]
    )


@cache
def capabilities() -> CapabilityWords:
    """The capability table."""
    return msgspec.json.decode(resources.read_bytes("words", "capabilities.json"), type=CapabilityWords)


@cache
def jobs() -> JobWords:
    """The outbox."""
    return msgspec.json.decode(resources.read_bytes("words", "jobs.json"), type=JobWords)


@cache
def people() -> PeopleWords:
    """People and what they do."""
    return msgspec.json.decode(resources.read_bytes("words", "people.json"), type=PeopleWords)


@cache
def _portal_operations() -> dict[str, str]:
    return msgspec.json.decode(resources.read_bytes("words", "portal.json"), type=dict[str, str])


def portal_operation(name: str) -> str:
    """What is done on a portal's page, for after "Daybook is": ``"reading enrollments"``."""
    return _portal_operations().get(name, name.replace("_", " "))
