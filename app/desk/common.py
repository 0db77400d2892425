"""What every use case shares: who may, what is remembered, how a connection stands, where its clock is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from app.model.accounts import Actor, AuditAction, AuditDraft, Permission
from app.model.capabilities import Capability, CapabilityOffer, Standing
from app.model.clock import Clock
from app.model.connection import Connection, ConnectionState
from app.model.schedule import Location, ProviderRow
from app.rules import old_entries, timezones
from app.rules.old_entries import OldEntries
from app.rules.permissions import doing, refusal
from app.store import connections, settings
from app.store.store import Reader, Store, Tx

#: A schedule older than this is shown, labelled, and not offered as bookable (DESIGN.md, freshness badge).
SCHEDULE_LIMIT: Final = timedelta(minutes=15)

#: In these states the system can be asked now.
ASKABLE: Final = frozenset(
    {
        ConnectionState.HEALTHY,
        ConnectionState.EXPIRING,
        ConnectionState.REAUTHENTICATING,
        ConnectionState.SLOWED,
    }
)

#: The practice's setting of how old an entry may be that anybody changes.
OLD_ENTRIES: Final = "old-entries"

_DEFAULT_ZONE: Final = "America/Chicago"


class UseCase:
    """Base of use cases: the store, the clock, and the question "may this person?" before anything else."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def _allow(self, actor: Actor, permission: Permission, subject: str = "", patient_id: str = "") -> None:
        """Raise NotPermitted, and remember the attempt, unless ``actor`` has ``permission``."""
        refused = refusal(actor, permission)
        if refused is None:
            return
        what = f"{doing(permission)}: {subject}" if subject else doing(permission)
        await self._remember(draft(actor, AuditAction.DENIED, what, patient_id=patient_id))
        raise refused

    async def _allow_old(self, actor: Actor, day: date, doing: str, patient_id: str = "") -> None:
        """Raise NotPermitted, and remember the attempt, where an entry about ``day`` is too old for this person."""
        if Permission.CHANGE_OLD in actor.permissions:
            return
        limit, zone = await self._store.read(_old_entries)
        today, _ = timezones.local(self._clock.now(), zone)
        refused = old_entries.refusal(actor, limit, day, today)
        if refused is not None:
            what = f"Change an old entry of {day.isoformat()}: {doing}"
            await self._remember(draft(actor, AuditAction.DENIED, what, patient_id=patient_id))
            raise refused

    async def _day(self, moment: datetime, connection_id: str = "") -> date:
        """The date that a connection's location (or else the practice's first one) has at ``moment``."""
        return await self._store.read(_day_there, moment, connection_id)

    async def _remember(self, *drafts: AuditDraft) -> None:
        """Write audit lines that belong to no other transaction."""
        await self._store.write(_write_audit, drafts)


def _old_entries(conn: Reader) -> tuple[OldEntries, str]:
    """The practice's limit, and the zone that says what today is."""
    kept = settings.get(conn, settings.PRACTICE, OLD_ENTRIES)
    limit = msgspec.json.decode(kept, type=OldEntries) if kept else OldEntries()
    return limit, Systems.read(conn).zone("")


def _day_there(conn: Reader, moment: datetime, connection_id: str) -> date:
    return Systems.read(conn).day(moment, connection_id)


def _write_audit(tx: Tx, drafts: tuple[AuditDraft, ...]) -> None:
    for each in drafts:
        tx.audit(each)


def draft(
    actor: Actor,
    action: AuditAction,
    subject: str,
    *,
    patient_id: str = "",
    practice: str = "",
    before: str = "",
    after: str = "",
) -> AuditDraft:
    """An audit line in the name of ``actor``."""
    return AuditDraft(
        action=action,
        actor_id=actor.account_id,
        actor_name=actor.full_name,
        subject=subject,
        patient_id=patient_id,
        practice=practice,
        workstation=actor.workstation,
        before=before,
        after=after,
    )


class Systems(msgspec.Struct, frozen=True, kw_only=True):
    """The connections and locations as one read found them."""

    connections: Mapping[str, Connection]
    locations: Mapping[str, Location]

    @classmethod
    def read(cls, conn: Reader) -> Systems:
        """All connections and locations."""
        return cls(
            connections={each.connection_id: each for each in connections.listed(conn)},
            locations={each.location_id: each for each in connections.locations(conn)},
        )

    def zone(self, connection_id: str, location_id: str = "") -> str:
        """The IANA zone that rules a provider or connection; the practice's first location where none is said."""
        connection = self.connections.get(connection_id)
        for wanted in (location_id, connection.location_id if connection else ""):
            if wanted in self.locations:
                return self.locations[wanted].time_zone
        return next((each.time_zone for each in self.locations.values()), _DEFAULT_ZONE)

    def day(self, moment: datetime, connection_id: str = "") -> date:
        """The date that a connection's location has at ``moment``."""
        return timezones.local(moment, self.zone(connection_id))[0]

    def zone_of(self, provider: ProviderRow) -> str:
        """The zone of a provider's location."""
        return self.zone(provider.connection_id, provider.location_id)

    def name(self, connection_id: str) -> str:
        """What people call the system: ``"OfficePro"``."""
        connection = self.connections.get(connection_id)
        return connection.name if connection else "The system"


def offer(connection: Connection, capability: Capability) -> CapabilityOffer:
    """What ``connection`` says of ``capability``; saying nothing is not offering."""
    for each in connection.offers:
        if each.capability is capability:
            return each
    return CapabilityOffer(capability=capability, standing=Standing.NOT_OFFERED)


def can(connection: Connection, capability: Capability) -> bool:
    """True where the system does this, wholly or in part."""
    return offer(connection, capability).standing in {Standing.YES, Standing.PARTLY}


def askable(connection: Connection) -> bool:
    """True where the system can be asked now."""
    return connection.state in ASKABLE


def too_old(as_of: datetime | None, now: datetime) -> bool:
    """True for a schedule past its limit, or never read. A time ahead of ours (clock set back) counts as fresh."""
    return as_of is None or now - as_of > SCHEDULE_LIMIT
