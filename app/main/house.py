"""One opened store with everything wired on it: the only place where rooms are put together."""

from __future__ import annotations

import asyncio
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from app.connect.connect import Connect
from app.desk.accounts import Accounts
from app.desk.desk import Desk
from app.main.home import STORE_NAME
from app.model.clock import Clock
from app.model.connection import Environment
from app.store import audit, connections
from app.store.audit import AuditVerdict
from app.store.audit_head import AuditHead, HeadKeeper
from app.store.keyring_file import FileKeyRing
from app.store.keys import KeyRing, Keys, fetch, make
from app.store.store import Reader, Store

if TYPE_CHECKING:
    from ui.services import Practice, Services, UpkeepPort


def key_path_of(folder: Path) -> Path:
    """The key file beside the store."""
    return (folder / STORE_NAME).with_suffix(".key")


def head_path_of(folder: Path) -> Path:
    """Where the audit chain's end is kept, sealed, on a computer without a keyring."""
    return (folder / STORE_NAME).with_suffix(".head")


def head_keeper(folder: Path, keys: Keys, ring: KeyRing | None) -> HeadKeeper:
    """Keeps the audit chain's end in the keyring, or in a sealed file where there is none."""
    return HeadKeeper(ring or FileKeyRing(head_path_of(folder), keys.key), keys.store_id)


def program_version() -> str:
    """Daybook's version, as it was installed."""
    try:
        return version("daybook")
    except PackageNotFoundError:
        return ""


@dataclass(frozen=True, kw_only=True)
class House:
    """A store, what speaks with vendors, and the use cases on both. ``known_head`` is the audit chain's end as the
    keyring knew it before this start wrote anything."""

    folder: Path
    keys: Keys
    ring: KeyRing | None
    clock: Clock
    store: Store
    connect: Connect
    desk: Desk
    accounts: Accounts
    heads: HeadKeeper
    known_head: AuditHead | None

    @classmethod
    async def open(cls, folder: Path, clock: Clock, ring: KeyRing | None, *, passphrase: str = "") -> House:
        """Open the store in ``folder``, making it (and its key) where there is none yet. Raises StoreError, SetupError
        or BadInput in words. Nothing speaks with a vendor before ``start``."""
        path, key_path = folder / STORE_NAME, key_path_of(folder)
        new = not path.exists() and not key_path.exists()
        get = make if new else fetch
        keys = await asyncio.to_thread(get, key_path, ring, passphrase=passphrase)
        return await cls.with_keys(folder, keys, clock, ring, create=new)

    @classmethod
    async def with_keys(
        cls, folder: Path, keys: Keys, clock: Clock, ring: KeyRing | None, *, create: bool = True
    ) -> House:
        """The same with the key in hand."""
        heads = head_keeper(folder, keys, ring)
        new = not (folder / STORE_NAME).exists()
        store = await Store.open(folder / STORE_NAME, keys.key, clock=clock, create=create)
        if new:
            await asyncio.to_thread(heads.keep_now, AuditHead())
        known = await asyncio.to_thread(heads.load)
        store.keep_audit_head(heads.keep)
        from vendors import load

        connect = Connect(store, clock, load, ring, store_id=keys.store_id)
        return cls(
            folder=folder,
            keys=keys,
            ring=ring,
            clock=clock,
            store=store,
            connect=connect,
            desk=Desk(store, clock, connect.live, connect.outbox),
            accounts=Accounts(store, clock),
            heads=heads,
            known_head=known,
        )

    async def start(self) -> None:
        """Begin to sync and to send."""
        await self.connect.start()

    async def prove_audit(self) -> AuditVerdict:
        """Whether the audit log is whole; a log that is not is written down and told to whoever signs in."""
        verdict = await self.store.read(audit.verify, self.known_head)
        if not verdict.whole:
            await self.store.write(audit.record_finding, verdict)
        return verdict

    async def close(self) -> None:
        """Let what is on its way end, then close everything in order."""
        await self.connect.stop()
        await self.store.close()
        await asyncio.to_thread(self.heads.close)

    async def services(self, upkeep: UpkeepPort) -> Services:
        """What the window is given."""
        from ui.services import Services

        return Services(
            store=self.store,
            clock=self.clock,
            desk=self.desk,
            accounts=self.accounts,
            live=self.connect.live,
            connections=self.connect.connections,
            upkeep=upkeep,
            practice=await self.store.read(_practice),
        )


def _practice(conn: Reader) -> Practice:
    from ui.services import Practice

    known = connections.listed(conn)
    places = {place.location_id: place for place in connections.locations(conn)}
    first = known[0] if known else None
    place = places.get(first.location_id) if first else None
    least = Environment.PRODUCTION
    for one in known:
        if one.environment is not Environment.PRODUCTION:
            least = one.environment
    return Practice(
        name=first.practice if first else "",
        location=place.name if place else "",
        time_zone=place.time_zone if place else "America/Chicago",
        environment=least,
        workstation=platform.node()[:60],
        version=program_version(),
    )
