"""Systems that may be connected: the form a person fills in, what is sent of it, and what a test found."""

from __future__ import annotations

import msgspec

from app.model.capabilities import CapabilityOffer
from app.model.connection import Environment


class SystemField(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a sign-in form; a ``secret`` goes to the keyring and is never shown again.

    ``group`` is the name of the ``FieldGroup`` it stands in, empty for the system as a whole.
    """

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    default: str = ""
    group: str = ""


class FieldGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Fields of one part of a system; ``help`` says what the part is for, and where its user comes from."""

    name: str
    title: str
    help: str = ""


class SystemForm(msgspec.Struct, frozen=True, kw_only=True):
    """A system as "Connect a system" offers it: ``addresses`` and ``fields`` are what its manifest asks for.

    ``further`` names parts of the system that Daybook does not use yet, in words. ``portal``: it has web pages that
    Daybook drives, which can be watched and taken over.
    """

    vendor: str
    title: str
    source: str
    tenant_label: str
    tenant_help: str = ""
    addresses: tuple[SystemField, ...] = ()
    fields: tuple[SystemField, ...] = ()
    offers: tuple[CapabilityOffer, ...] = ()
    limit_words: str = ""
    further: tuple[str, ...] = ()
    portal: bool = False
    groups: tuple[FieldGroup, ...] = ()


class ConnectionForm(msgspec.Struct, frozen=True, kw_only=True):
    """A filled-in form. ``secrets`` are by field name; they leave this value only for the keyring.

    ``connection_id`` is empty for a new connection, set when an existing one gets new sign-in details.
    """

    vendor: str
    name: str
    practice: str
    environment: Environment
    base_urls: dict[str, str]
    tenant: str
    location_name: str
    time_zone: str
    secrets: dict[str, str]
    connection_id: str = ""

    def __repr__(self) -> str:
        return f"ConnectionForm(vendor={self.vendor!r}, environment={self.environment.value!r})"


class TrialReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a read-only test of a connection found: each capability with its standing, and the session in words."""

    offers: tuple[CapabilityOffer, ...]
    session_words: str = ""
