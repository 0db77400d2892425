"""What a vendor says of itself before anybody signs in: plain data, read without importing its adapter."""

from __future__ import annotations

import msgspec

from app.model.capabilities import Capability, CapabilityOffer, Standing


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the sign-in form. A ``secret`` goes to the keyring and is never shown again.

    ``side`` is the part of the system it belongs to, where a system is signed in to in parts.
    """

    name: str
    label: str
    secret: bool = False
    help: str = ""
    required: bool = True
    side: str = ""


class AddressField(msgspec.Struct, frozen=True, kw_only=True):
    """One address the adapter calls, as ``name`` in ``VendorContext.base_urls``.

    ``default`` is the vendor's usual production address, or empty where each practice has its own.
    ``scheme`` is ``https`` or ``sftp``. ``side`` as in a ``FormField``.
    """

    name: str
    label: str
    required: bool = True
    default: str = ""
    scheme: str = "https"
    help: str = ""
    side: str = ""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How hard a system may be asked.

    ``requests`` per ``window_s`` seconds; ``words`` say so to people and whether the vendor or we chose it.
    ``poll_floor_s`` is the shortest time between two polls of one topic; ``page_size`` the largest useful page;
    ``window_days`` the longest span of days to ask for at once; ``parallel`` requests at the same time. ``days_back``
    and ``days_ahead`` are how much of the schedule is kept without anybody looking at it. ``thin_lists``: a list of
    patients tells less than a record, so what it leaves empty says nothing. ``whole_days``: the visits of all providers
    come in one request, by an empty provider id.
    """

    requests: int
    window_s: float
    words: str
    parallel: int = 4
    poll_floor_s: float = 60.0
    page_size: int = 100
    window_days: int = 31
    days_back: int = 14
    days_ahead: int = 90
    thin_lists: bool = False
    whole_days: bool = False


class Furthermore(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the vendor's system that Daybook does not use yet, so that nobody looks for it in vain."""

    name: str
    words: str


class SideOfSystem(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a system that is signed in to apart, so that trouble there leaves the other parts alone.

    ``name`` is handed to ``SignsInApart.sign_in_to``; ``title`` is for people. ``pages``: here web pages are driven, so
    planned writes go here. ``help`` says what this part is for, and where its user comes from.
    """

    name: str
    title: str
    capabilities: tuple[Capability, ...]
    pages: bool = False
    help: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor in data: ``name`` is its folder, ``source`` the two letters people see (``OP``).

    ``offers`` speaks of every capability, in words where it is not offered. What a tenant is entitled to beyond that
    is found at sign-in (``Adapter.test``). ``tenant_label`` is what the vendor calls a practice's account.
    ``words`` are the vendor's own names for our terms, such as ``{"patient": "prospect"}``.
    ``portal`` marks a system reached through a browser. ``sides`` are its parts that are signed in to apart, none
    where one sign-in holds for all.
    """

    name: str
    title: str
    source: str
    addresses: tuple[AddressField, ...]
    tenant_label: str
    sign_in: tuple[FormField, ...]
    offers: tuple[CapabilityOffer, ...]
    limits: Limits
    tenant_help: str = ""
    words: dict[str, str] = msgspec.field(default_factory=dict)
    further: tuple[Furthermore, ...] = ()
    portal: bool = False
    sides: tuple[SideOfSystem, ...] = ()

    def offer(self, capability: Capability) -> CapabilityOffer:
        """What this system says of ``capability``; NOT_OFFERED where its manifest forgot to speak."""
        for offer in self.offers:
            if offer.capability is capability:
                return offer
        return CapabilityOffer(
            capability=capability, standing=Standing.NOT_OFFERED, words=f"{self.title} does not offer this."
        )
