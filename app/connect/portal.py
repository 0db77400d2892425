"""Web pages of connected systems, for people: watch, take over, look at what changed, see a plan before it is asked."""

from __future__ import annotations

from app.connect.codes import on_behalf_of
from app.connect.links import Links
from app.connect.offering import drives_portal, plans_writes
from app.connect.permits import draft, must
from app.connect.watched import Watched
from app.model.accounts import Actor, AuditAction, AuditDraft, Permission
from app.model.changes import Change, Kind
from app.model.portal import Evidence, PortalUse, PortalView, ScreenChange, WritePlan
from app.model.portal_writes import WriteWish
from app.store.store import Store
from app.store.tx import Tx


class PortalOnLinks:
    """Implements ``app.desk.ports.PortalPort``."""

    def __init__(self, store: Store, links: Links) -> None:
        self._store = store
        self._links = links

    async def watch(self, connection_id: str, actor: Actor) -> PortalView:
        """Watch the connection's page, and take it over. Close the view when done."""
        await must(self._store, actor, Permission.TAKE_OVER_PORTAL)
        session = self._links.get(connection_id).session
        view = await drives_portal(session.adapter).view()
        await self._store.write(_told, draft(AuditAction.VIEW, actor, f"Watched {session.title}'s pages"), "")

        async def tell(what: str) -> None:
            line = draft(AuditAction.CHANGE, actor, f"{what} {session.title}'s page")
            await self._store.write(_told, line, "")

        return Watched(view, tell)

    async def evidence(self, connection_id: str, actor: Actor) -> tuple[Evidence, ...]:
        """What failed steps left behind lately, blanked."""
        await must(self._store, actor, Permission.ANSWER_JOBS)
        return await drives_portal(self._links.get(connection_id).session.adapter).evidence()

    def changed_pages(self, connection_id: str) -> tuple[ScreenChange, ...]:
        """Pages of this connection's system on which writing is stopped."""
        return drives_portal(self._links.get(connection_id).session.adapter).changed_pages()

    async def lift(self, connection_id: str, page: str, actor: Actor) -> None:
        """Somebody has looked at a changed page: writing on it may go on, for every connection of that system."""
        await must(self._store, actor, Permission.TAKE_OVER_PORTAL)
        session = self._links.get(connection_id).session
        await drives_portal(session.adapter).lift(page)
        for link in self._links.by_id.values():
            if link.session.manifest.name == session.manifest.name:
                await link.session.pages_looked_at()
        line = draft(AuditAction.CHANGE, actor, f"Writing on {session.title}'s page “{page}” allowed again")
        await self._store.write(_told, line, connection_id)

    def uses(self, connection_id: str) -> tuple[PortalUse, ...]:
        """Who used the connection's login lately, from whichever connection, the latest last."""
        return drives_portal(self._links.get(connection_id).session.adapter).uses()

    async def plan(self, connection_id: str, wish: WriteWish, content: bytes, actor: Actor) -> WritePlan:
        """What would be typed where to fulfil ``wish``, from the page as it is now; nothing is written."""
        session = self._links.get(connection_id).session
        with on_behalf_of(actor.account_id, f"Looking at {session.title}'s page", actor.full_name):
            return await session.drive(
                f"plan {wish.operation}",
                lambda adapter: plans_writes(adapter).plan(wish, who=actor.full_name, content=content),
            )


def _told(tx: Tx, line: AuditDraft, connection_id: str) -> None:
    tx.audit(line)
    if connection_id:
        tx.changed(Change(kind=Kind.PORTALS))
