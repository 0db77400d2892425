"""Payers: found by name, by any of their ids, by alias; the list imported from a file or fetched."""

from __future__ import annotations

from app.desk.common import Systems, UseCase
from app.desk.ports import ClearingPort
from app.model.accounts import Actor, Permission
from app.model.clearing_views import PayerListState, PayerRow
from app.model.clock import Clock
from app.store import payers
from app.store.store import Reader, Store


class Payers(UseCase):
    """Looking for payers, and keeping the list fresh."""

    def __init__(self, store: Store, clock: Clock, clearing: ClearingPort) -> None:
        super().__init__(store, clock)
        self._clearing = clearing

    async def search(self, actor: Actor, text: str, transaction: str = "", limit: int = 200) -> list[PayerRow]:
        """By name, id or alias, best first; ``transaction`` keeps to payers that have it."""
        await self._allow(actor, Permission.VIEW_BILLING, "look for payers")
        return await self._store.read(payers.search, text, transaction, limit)

    async def state(self, actor: Actor) -> list[PayerListState]:
        """Which lists are here: how many rows, when and from where."""
        await self._allow(actor, Permission.VIEW_BILLING, "look for payers")
        return await self._store.read(_states)

    async def import_file(self, actor: Actor, connection_id: str, content: bytes, name: str) -> None:
        """Take a clearinghouse's export in place of the list that is here. Raises BadDocument; the old one stays."""
        await self._allow(actor, Permission.WORK_CLAIMS, "import a payer list")
        await self._clearing.import_payers(connection_id, content, name, actor)

    async def fetch(self, actor: Actor, connection_id: str) -> None:
        """Ask the clearinghouse for its list anew."""
        await self._allow(actor, Permission.WORK_CLAIMS, "fetch a payer list")
        await self._clearing.fetch_payers(connection_id, actor)


def _states(conn: Reader) -> list[PayerListState]:
    systems = Systems.read(conn)
    return [
        PayerListState(
            connection_id=each.connection_id,
            system=systems.name(each.connection_id),
            entries=each.entries,
            imported_at=each.imported_at,
            origin=each.origin,
            doubts=each.doubts,
        )
        for each in payers.states(conn)
    ]
