"""Every connection that is switched on: its session, its sources, its sync."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.connect.codes import CodeLine, Codes, now_working
from app.connect.session import Session
from app.connect.source import Source
from app.connect.sync import Sync
from app.connect.timing import Timing
from app.connect.vault import StateBox, TrialBox, TrialVault, Vault
from app.connect.vendor_table import VendorTable
from app.connect.watching import Watches
from app.model.changes import Change, Kind
from app.model.clock import Clock
from app.model.connection import Connection, ConnectionState, Environment, Topic
from app.model.errors import BadInput
from app.store import connections
from app.store.database import Reader
from app.store.keys import KeyRing
from app.store.store import Store
from app.store.tx import Tx
from vendors.contract import Adapter, Manifest, RateBudget, VendorContext
from vendors.contract.context import AskCode, SealedState, Secrets
from vendors.contract.context import Timing as VendorTiming

log = logging.getLogger("daybook.connect")

_USUAL_ZONE = "America/New_York"


@dataclass
class Link:
    """One connection, switched on."""

    session: Session
    source: Source
    sync: Sync


class Links:
    """Makes links, starts and stops them; ``sources`` is what the outbox worker sends through."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        vendors: VendorTable,
        ring: KeyRing | None,
        store_id: str,
        *,
        timing: Timing,
        vendor_timing: VendorTiming,
        on_signed_in: Callable[[str], Awaitable[None]],
    ) -> None:
        self._on_signed_in = on_signed_in
        self.by_id: dict[str, Link] = {}
        self.sources: dict[str, Source] = {}
        self.watches = Watches(self._looked)
        self.codes = Codes(store, clock)
        self._store = store
        self._clock = clock
        self._vendors = vendors
        self._ring = ring
        self._store_id = store_id
        self._timing = timing
        self._vendor_timing = vendor_timing
        self._resting = False
        self._one_at_a_time = asyncio.Lock()

    def get(self, connection_id: str) -> Link:
        """A link that is on. Raises BadInput, in words, where there is none."""
        link = self.by_id.get(connection_id)
        if link is None:
            raise BadInput(
                "connection",
                "This system is not connected here.",
                "Nothing was asked or sent.",
                ("Open Connections and connect it.",),
            )
        return link

    async def open_all(self) -> None:
        """Switch on every connection of the store whose vendor is known to this program."""
        for connection in await self._store.read(connections.listed):
            if connection.vendor in self._vendors.names():
                await self.open(connection)
            else:
                words = "This Daybook has no part for this system. Update Daybook."
                await self._store.write(_note, connection.connection_id, ConnectionState.OFFLINE, words, {})

    async def open(self, connection: Connection) -> Link:
        """Switch one on; the same connection before is switched off."""
        await self.close(connection.connection_id)
        manifest = self._vendors.manifest(connection.vendor)
        budget = self._budget(manifest)
        connection_id = connection.connection_id

        async def note(state: ConnectionState, words: str, **fields: object) -> None:
            await self._store.write(_note, connection_id, state, words, fields)

        async def signed_in() -> None:
            await self._on_signed_in(connection_id)

        line = self.codes.line(connection_id, manifest.title, connection.practice)
        session = Session(
            connection,
            manifest,
            budget,
            clock=self._clock,
            timing=self._timing,
            note=note,
            line=line,
            on_signed_in=signed_in,
        )
        zone = await self._store.read(zone_of, connection)
        secrets = self.vault(connection)
        box = StateBox(self._store, connection_id)
        context = self._context(connection, budget, secrets, box, zone, session.ask_code)
        session.attach(await self._adapter(connection.vendor, context))
        source = Source(connection_id, session, self._store, self._clock, zone, self._timing)
        link = Link(session, source, Sync(source, self.watches, _tell))
        self.by_id[connection_id] = link
        self.sources[connection_id] = source
        if not self._resting and not session.paused:
            link.sync.start()
        return link

    def vault(self, connection: Connection) -> Vault:
        """Where a connection's secrets are kept."""
        names: tuple[str, ...] = ()
        if connection.vendor in self._vendors.names():
            names = tuple(field.name for field in self._vendors.manifest(connection.vendor).sign_in)
        return Vault(self._store, self._ring, self._store_id, connection.connection_id, names)

    async def trial(
        self, connection: Connection, zone: str, secrets: TrialVault, box: TrialBox, line: CodeLine
    ) -> Adapter:
        """An adapter for details that are only being tried; whoever asks closes it. ``line`` leads to a person."""
        manifest = self._vendors.manifest(connection.vendor)
        context = self._context(connection, self._budget(manifest), secrets, box, zone, line.ask)
        return await self._adapter(connection.vendor, context)

    async def _adapter(self, vendor: str, context: VendorContext) -> Adapter:
        # The first use imports the adapter and its transport: some 100 ms that must not be the loop's.
        return await asyncio.to_thread(lambda: self._vendors.factory(vendor)(context))

    def _budget(self, manifest: Manifest) -> RateBudget:
        limits = manifest.limits
        return RateBudget(self._clock, allowed=limits.requests, window_s=limits.window_s, words=limits.words)

    def _context(
        self,
        connection: Connection,
        budget: RateBudget,
        secrets: Secrets,
        box: SealedState,
        zone: str,
        ask_code: AskCode,
    ) -> VendorContext:
        return VendorContext(
            connection_id=connection.connection_id,
            base_urls=connection.base_urls,
            tenant=connection.tenant,
            environment=connection.environment,
            secrets=secrets,
            state=box,
            clock=self._clock,
            budget=budget,
            time_zone=zone,
            allow_plain_http=connection.environment is Environment.SANDBOX,
            timing=self._vendor_timing,
            ask_code=ask_code,
            asked_by=lambda: now_working().who,
        )

    async def close(self, connection_id: str) -> None:
        """Switch one off."""
        link = self.by_id.pop(connection_id, None)
        self.sources.pop(connection_id, None)
        if link is not None:
            await link.sync.stop()
            await link.session.close()

    async def close_all(self) -> None:
        """Switch all off."""
        for connection_id in tuple(self.by_id):
            await self.close(connection_id)

    async def rest(self, resting: bool) -> None:
        """Syncing rests (the window is locked), or goes on. The outbox is not touched."""
        self._resting = resting
        async with self._one_at_a_time:
            for link in tuple(self.by_id.values()):
                if self._resting:
                    await link.sync.stop()
                elif not link.session.paused:
                    link.sync.start()

    def _looked(self, topic: Topic) -> None:
        for link in self.by_id.values():
            link.sync.poke(topic)


def zone_of(conn: Reader, connection: Connection) -> str:
    """The IANA zone of a connection's location."""
    for location in connections.locations(conn):
        if location.location_id == connection.location_id:
            return location.time_zone
    return _USUAL_ZONE


def _note(tx: Tx, connection_id: str, state: ConnectionState, words: str, fields: dict[str, object]) -> None:
    connections.set_state(tx, connection_id, state, words, **fields)
    if state is ConnectionState.DRIFTED:
        tx.changed(Change(kind=Kind.PORTALS, connection_id=connection_id))


def _tell(name: str, error: BaseException) -> None:
    # Its text may hold a patient's data; its type does not.
    log.error("%s failed: %s", name, type(error).__name__)
