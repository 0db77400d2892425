"""One opened store with everything wired on it: the only place where rooms are put together."""

from __future__ import annotations

import asyncio
import socket
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from app.desk.desk import Desk
from app.main.home import STORE_NAME
from app.main.later import later
from app.model.clock import Clock
from app.store.audit_head import AuditHead, HeadKeeper
from app.store.keyring_file import FileKeyRing
from app.store.keys import KeyRing, Keys, fetch, make
from app.store.store import Store

if TYPE_CHECKING:
    from app.connect.connect import Connect
    from app.desk.accounts import Accounts
    from app.store.audit import AuditVerdict
    from ui.services import Services, UpkeepPort


def key_path_of(folder: Path) -> Path:
    """The key file beside the store."""
    return (folder / STORE_NAME).with_suffix(".key")


def head_path_of(folder: Path) -> Path:
    """Where the audit chain's end is kept, sealed, on a computer without a keyring."""
    return (folder / STORE_NAME).with_suffix(".head")


def head_keeper(folder: Path, keys: Keys, ring: KeyRing | None) -> HeadKeeper:
    """Keeps the audit chain's end in the keyring, or in a sealed file where there is none."""
    return HeadKeeper(ring or FileKeyRing(head_path_of(folder), keys.key), keys.store_id)


class House:
    """A store, what speaks with vendors, and the use cases on both. ``known_head`` is the audit chain's end as the
    keyring knew it before this start wrote anything.

    What no screen needs before it is painted (speaking with vendors, accounts) is imported when first asked for."""

    def __init__(
        self,
        *,
        folder: Path,
        keys: Keys,
        ring: KeyRing | None,
        clock: Clock,
        store: Store,
        heads: HeadKeeper,
        known_head: AuditHead | None,
    ) -> None:
        self.folder = folder
        self.keys = keys
        self.ring = ring
        self.clock = clock
        self.store = store
        self.heads = heads
        self.known_head = known_head
        self.desk = Desk(
            store,
            clock,
            later(lambda: self.connect.live),
            later(lambda: self.connect.outbox),
            connections=later(lambda: self.connect.connections),
            portal=later(lambda: self.connect.portal),
            clearing=later(lambda: self.connect.clearing),
        )
        self._closed = False

    @cached_property
    def connect(self) -> Connect:
        """What speaks with vendors."""
        from app.connect.connect import Connect
        from vendors import load

        return Connect(self.store, self.clock, load, self.ring, store_id=self.keys.store_id)

    @cached_property
    def accounts(self) -> Accounts:
        """Signing in, and looking after accounts."""
        from app.desk.accounts import Accounts

        return Accounts(self.store, self.clock)

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
        store = await Store.open(folder / STORE_NAME, keys.key, clock=clock, create=create, workstation=_workstation())
        if new:
            await asyncio.to_thread(heads.keep_now, AuditHead())
        known = await asyncio.to_thread(heads.load)
        store.keep_audit_head(heads.keep)
        return cls(folder=folder, keys=keys, ring=ring, clock=clock, store=store, heads=heads, known_head=known)

    async def start(self) -> None:
        """Begin to sync and to send; done after the first window is painted."""
        # Off the loop: importing takes longer than a frame.
        await asyncio.to_thread(import_module, "app.connect.connect")
        if not self._closed:
            await self.connect.start()

    async def prove_audit(self) -> AuditVerdict:
        """Whether the audit log is whole; a log that is not is written down and told to whoever signs in."""
        from app.store import audit

        verdict = await self.store.read(audit.verify, self.known_head)
        if not verdict.whole:
            await self.store.write(audit.record_finding, verdict)
        return verdict

    async def problems(self) -> tuple[str, ...]:
        """What is wrong with the file, in words; nothing if it is whole. Reads all of it: seconds for a large one."""
        return await asyncio.to_thread(_problems, self.folder / STORE_NAME, self.keys.key)

    async def close(self) -> None:
        """Let what is on its way end, then close everything in order."""
        self._closed = True
        if "connect" in self.__dict__:
            await self.connect.stop()
        await self.store.close()
        await asyncio.to_thread(self.heads.close)

    async def services(self, upkeep: UpkeepPort) -> Services:
        """What the window is given."""
        from ui.practice import practice_of
        from ui.services import Services

        return Services(
            store=self.store,
            clock=self.clock,
            desk=self.desk,
            accounts=later(lambda: self.accounts),
            live=later(lambda: self.connect.live),
            connections=later(lambda: self.connect.connections),
            upkeep=upkeep,
            practice=await self.store.read(practice_of, _workstation()),
        )


def _workstation() -> str:
    return socket.gethostname()[:60]


def _problems(path: Path, key: bytes) -> tuple[str, ...]:
    """On a connection of its own: one that met a damaged page is good for nothing more."""
    from app.store import integrity
    from app.store.database import connect

    connection = connect(path, key, writer=False)
    try:
        return integrity.problems(connection)
    finally:
        connection.close()
