"""Sign-in codes, and systems reached through their web pages: who is asked, who watches, what changed on screen."""

from __future__ import annotations

from app.desk.common import UseCase
from app.desk.ports import ConnectionsPort, PortalPort
from app.model.accounts import Account, Actor, Permission
from app.model.clock import Clock
from app.model.portal import CodeAnswerInput, CodeRequest, Evidence, PortalUse, PortalView, ScreenChange
from app.rules.permissions import refusal
from app.store import accounts
from app.store.store import Store


class Portals(UseCase):
    """Codes and pages. The ports ask again who may, and write the audit lines."""

    def __init__(self, store: Store, clock: Clock, connections: ConnectionsPort, portal: PortalPort) -> None:
        super().__init__(store, clock)
        self._connections = connections
        self._portal = portal

    def codes(self, actor: Actor) -> tuple[CodeRequest, ...]:
        """The codes that systems ask for now, oldest first; nothing for somebody who may not answer."""
        return () if refusal(actor, Permission.ANSWER_JOBS) else self._connections.codes()

    async def colleagues(self, actor: Actor) -> tuple[Account, ...]:
        """The others who can sign in at this workstation, to pass a question on to."""
        await self._allow(actor, Permission.ANSWER_JOBS, "pass a question on")
        known = await self._store.read(accounts.listed)
        return tuple(each for each in known if each.active and each.account_id != actor.account_id)

    async def give_code(self, actor: Actor, connection_id: str, answer: CodeAnswerInput) -> None:
        """Answer a question; see ``ConnectionsPort.give_code`` for what is raised."""
        await self._allow(actor, Permission.ANSWER_JOBS, "give a sign-in code")
        await self._connections.give_code(connection_id, answer, actor)

    async def pass_code(self, actor: Actor, connection_id: str, account_id: str) -> None:
        """Let the question be another person's; an empty ``account_id`` is anybody's."""
        await self._allow(actor, Permission.ANSWER_JOBS, "pass a question on")
        await self._connections.pass_code(connection_id, account_id, actor)

    async def decline_code(self, actor: Actor, connection_id: str) -> None:
        """Nobody can give the code now."""
        await self._allow(actor, Permission.ANSWER_JOBS, "decline a sign-in code")
        await self._connections.decline_code(connection_id, actor)

    async def watch(self, actor: Actor, connection_id: str) -> PortalView:
        """Watch a system's page, and take it over. Close the view when done."""
        await self._allow(actor, Permission.TAKE_OVER_PORTAL, "watch a system's pages")
        return await self._portal.watch(connection_id, actor)

    def changed_pages(self, actor: Actor, connection_id: str) -> tuple[ScreenChange, ...]:
        """Pages on which writing is stopped."""
        return self._portal.changed_pages(connection_id)

    async def lift(self, actor: Actor, connection_id: str, page: str) -> None:
        """Somebody has looked at a changed page: writing on it may go on."""
        await self._allow(actor, Permission.TAKE_OVER_PORTAL, "let writing on a changed page go on")
        await self._portal.lift(connection_id, page, actor)

    async def evidence(self, actor: Actor, connection_id: str) -> tuple[Evidence, ...]:
        """What failed steps left behind lately, blanked."""
        await self._allow(actor, Permission.ANSWER_JOBS, "look at what a failed step left")
        return await self._portal.evidence(connection_id, actor)

    def uses(self, actor: Actor, connection_id: str) -> tuple[PortalUse, ...]:
        """Who used the connection's login lately, from whichever connection, the latest last."""
        return self._portal.uses(connection_id)
