"""The store: one writer thread, a few readers, change events on the loop.

``await store.write(fn, …)`` runs ``fn(tx, …)`` inside BEGIN IMMEDIATE … COMMIT on the writer thread; what the
function declared with ``tx.changed`` reaches every listener on the loop once the commit is on disk. ``await
store.read(fn, …)`` runs ``fn(connection, …)`` on a reader thread inside one snapshot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from app.model.changes import Change
from app.model.clock import Clock
from app.model.errors import StoreError
from app.store.audit_head import AuditHead
from app.store.changes import ChangeFeed
from app.store.database import Reader, connect
from app.store.migrations import bring_up_to_date
from app.store.threads import Lane
from app.store.tx import Tx

__all__ = ["Reader", "Store", "Tx"]

P = ParamSpec("P")
T = TypeVar("T")

_READERS = 3


class Store:
    """An open store. Made by ``open``; every method is called on the loop that opened it."""

    def __init__(
        self, path: Path, key: bytes, clock: Clock, *, create: bool, gather_seconds: float, workstation: str
    ) -> None:
        self.path = path
        self._clock = clock
        self._workstation = workstation
        self._feed = ChangeFeed(gather_seconds)
        self._on_audit: Callable[[AuditHead], None] | None = None
        self._writer = Lane("store-writer", 1, lambda: connect(path, key, writer=True, create=create), droppable=False)
        self._readers = Lane("store-reader", _READERS, lambda: connect(path, key, writer=False), droppable=True)
        self._closed = False

    @classmethod
    async def open(
        cls,
        path: Path,
        key: bytes,
        *,
        clock: Clock,
        create: bool = True,
        gather_seconds: float = 0.05,
        workstation: str = "",
    ) -> Store:
        """Open (and with ``create`` make) the file at ``path``, bring its schema up to date, start the threads.

        ``key`` is 32 raw bytes. Changes of commits closer together than ``gather_seconds`` reach listeners in one
        call; the first of them at once. ``workstation`` names this computer in the audit log.

        Raises StoreError in words: wrong key, damaged, too new, disk full.
        """
        store = cls(path, key, clock, create=create, gather_seconds=gather_seconds, workstation=workstation)
        try:
            await store._writer.run(bring_up_to_date, path)
        except BaseException:
            await store._writer.close()
            raise
        return store

    async def read(self, fn: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``fn(connection, …)`` in one snapshot on a reader thread and give back what it returns.

        A read whose caller is cancelled while it still waits is not made (a superseded search).
        """
        self._must_be_open()

        def job(connection: Reader) -> T:
            connection.execute("BEGIN")
            try:
                return fn(connection, *args, **kwargs)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

        return await self._readers.run(job)

    async def write(self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``fn(tx, …)`` in a transaction on the writer thread; all of it is kept, or none.

        When this returns the commit is on disk. A write that was handed over is done even if the caller is
        cancelled meanwhile. Raises StoreError in words, or whatever ``fn`` raised, after rolling back.
        """
        self._must_be_open()
        loop = asyncio.get_running_loop()

        def job(connection: Reader) -> T:
            tx = Tx(connection, self._clock, self._workstation)
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = fn(tx, *args, **kwargs)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            if tx.changes:
                loop.call_soon_threadsafe(self._feed.add, tuple(tx.changes))
            if tx.audit_head is not None and self._on_audit is not None:
                self._on_audit(tx.audit_head)
            return result

        return await self._writer.run(job)

    async def maintain(self, fn: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``fn(connection, …)`` on the writer's connection outside a transaction (copies, check-points)."""
        self._must_be_open()
        return await self._writer.run(fn, *args, **kwargs)

    def subscribe(self, listener: Callable[[tuple[Change, ...]], None]) -> Callable[[], None]:
        """Call ``listener(changes)`` on the loop after commits. Returns what ends the subscription."""
        return self._feed.subscribe(listener)

    def keep_audit_head(self, keep: Callable[[AuditHead], None] | None) -> None:
        """Call ``keep(head)`` on the writer thread after each commit that added to the audit log; it must be quick."""
        self._on_audit = keep

    async def close(self) -> None:
        """Finish every write that was handed over, tell the last changes, end the threads; then refuse."""
        if self._closed:
            return
        self._closed = True
        await self._readers.close()
        await self._writer.close()
        self._feed.flush()

    def _must_be_open(self) -> None:
        if self._closed:
            raise StoreError("The store is closed.", "Daybook is shutting down.", ("Start Daybook again to go on.",))
