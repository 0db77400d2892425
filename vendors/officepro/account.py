"""An OfficePro account: trying a connection before it is saved, and what the account may do."""

from __future__ import annotations

import msgspec

from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.errors import NotEntitled
from vendors.officepro.client import OfficeProClient
from vendors.officepro.manifest import MANIFEST

_SCOPES: tuple[tuple[str, str, dict[str, str], tuple[Capability, ...]], ...] = (
    (
        "Providers",
        "/availability/providers",
        {},
        (Capability.READ_PROVIDERS, Capability.READ_SCHEDULE, Capability.FIND_OPEN_SLOTS),
    ),
    ("Scheduling", "/visit-types", {}, (Capability.READ_VISIT_TYPES, Capability.BOOK_VISIT)),
    (
        "Prospects",
        "/prospects",
        {"page": "1", "limit": "1"},
        (Capability.SEARCH_PATIENTS, Capability.CREATE_PATIENT, Capability.UPDATE_PATIENT),
    ),
)


async def entitlements(client: OfficeProClient) -> list[CapabilityOffer]:
    """Sign in, ask once in each scope, and say what is missing. Reads only.

    A refused scope is NOT_LICENSED in words; any other failure is raised, because then the connection does not work.
    """
    await client.sign_in()
    missing: dict[Capability, str] = {}
    for scope, path, query, capabilities in _SCOPES:
        try:
            await client.read("test", path, query)
        except NotEntitled:
            words = f"The API key lacks the scope {scope}. Ask OfficePro for a key that has it."
            missing |= dict.fromkeys(capabilities, words)
    return [
        msgspec.structs.replace(offer, standing=Standing.NOT_LICENSED, words=missing[offer.capability])
        if offer.capability in missing
        else offer
        for offer in MANIFEST.offers
    ]
