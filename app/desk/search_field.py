"""Who is asked in a slot search: each provider with the length wanted and what the rules allow; who is left out, and
the words why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from app.desk.common import Systems, askable, can, offer
from app.model.capabilities import Capability
from app.model.connection import Connection
from app.model.rules import ProviderRules
from app.model.schedule import ProviderRow, VisitType
from app.model.views import Excluded, SlotSearch
from app.rules import slots as slot_rules
from app.rules.names import shown
from app.rules.slots import Asked, Offer, Place
from app.rules.words import as_of as as_of_words
from app.store import providers, rules
from app.store.store import Reader


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """One provider in a search: the length asked for, what the rules allow, whether the system answers now."""

    provider: ProviderRow
    connection: Connection
    asked: Asked
    offer: Offer
    live: bool


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """Who can be asked in this search, and who is left out with words."""

    systems: Systems
    asking: Mapping[str, Asking]
    excluded: tuple[Excluded, ...]
    chosen: int
    cannot_book: int
    no_type: int
    known: Mapping[str, ProviderRules]


def field_of(conn: Reader, wanted: SlotSearch, now: datetime) -> Field:
    """Everybody the search is about."""
    systems, known = Systems.read(conn), rules.all(conn)
    types = {(row.connection_id, row.visit_type.name): row.visit_type for row in providers.visit_types(conn)}
    knows_types = {connection_id for connection_id, _ in types}
    asking: dict[str, Asking] = {}
    excluded: list[Excluded] = []
    chosen = cannot_book = no_type = 0
    for provider in providers.listed(conn):
        if not _wanted(wanted, provider):
            continue
        chosen += 1
        connection = systems.connections[provider.connection_id]
        if not can(connection, Capability.BOOK_VISIT) or not can(connection, Capability.FIND_OPEN_SLOTS):
            cannot_book += 1
            excluded.append(_left_out(connection, _view_only(connection), provider))
            continue
        kind = types.get((provider.connection_id, wanted.visit_type))
        if wanted.visit_type and not _does(provider, kind, provider.connection_id in knows_types):
            no_type += 1
            words = f"{shown(provider.shown_name())} does not do {shown(wanted.visit_type)} visits."
            excluded.append(_left_out(connection, words, provider))
            continue
        own = known.get(provider.provider_id)
        asked = Asked(minutes=_minutes(wanted, own, kind), visit_type=wanted.visit_type)
        place = Place(time_zone=systems.zone_of(provider), now=now)
        asking[provider.provider_id] = Asking(
            provider=provider,
            connection=connection,
            asked=asked,
            offer=Offer(own, asked, place),
            live=askable(connection),
        )
    asked_now = {each.connection.connection_id: each.connection for each in asking.values() if not each.live}
    excluded += [_left_out(each, _not_now(each, systems, now), None) for each in asked_now.values()]
    return Field(
        systems=systems,
        asking=asking,
        excluded=tuple(excluded),
        chosen=chosen,
        cannot_book=cannot_book,
        no_type=no_type,
        known=known,
    )


def _wanted(wanted: SlotSearch, provider: ProviderRow) -> bool:
    if wanted.provider_ids and provider.provider_id not in wanted.provider_ids:
        return False
    return not wanted.location_ids or provider.location_id in wanted.location_ids


def _does(provider: ProviderRow, kind: VisitType | None, system_knows_types: bool) -> bool:
    if kind is None:
        return not system_knows_types
    return kind.active and (not kind.provider_vendor_ids or provider.vendor_id in kind.provider_vendor_ids)


def _minutes(wanted: SlotSearch, own: ProviderRules | None, kind: VisitType | None) -> int:
    rule = own.for_type(wanted.visit_type) if own else None
    return wanted.minutes or (rule.minutes if rule else 0) or (kind.minutes if kind else 0) or slot_rules.USUAL_MINUTES


def _left_out(connection: Connection, words: str, provider: ProviderRow | None) -> Excluded:
    return Excluded(
        connection_id=connection.connection_id,
        source=connection.source,
        words=words,
        provider=provider,
        state=connection.state,
    )


def _view_only(connection: Connection) -> str:
    for capability in (Capability.BOOK_VISIT, Capability.FIND_OPEN_SLOTS):
        if not can(connection, capability) and (words := offer(connection, capability).words):
            return words
    return f"{connection.name} takes no bookings from here."


def _not_now(connection: Connection, systems: Systems, now: datetime) -> str:
    read = [each.as_of for each in connection.freshness if each.as_of]
    seen = f" Times are as of {as_of_words(max(read), now, systems.zone(connection.connection_id))}." if read else ""
    why_not = connection.state_words or f"{connection.name} cannot be asked just now."
    return f"{why_not}{seen}"


def main_zone(field: Field) -> str:
    """The zone in which the search's days are counted."""
    first = next(iter(field.asking.values()), None)
    return field.systems.zone_of(first.provider) if first else field.systems.zone("")
