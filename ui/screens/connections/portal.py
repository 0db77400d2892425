"""The web pages of a connection: watched, taken over, looked after."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from app.model.accounts import Permission
from app.model.connection import Connection
from app.model.errors import DaybookError
from ui import words
from ui.screens.base import Shell
from ui.screens.connections.portal_sheet import PortalSheet
from ui.screens.connections.take_over import TakeOverSheet
from ui.screens.plan_sheet import typed_on_pages
from ui.services import Services
from ui.tasks import TaskOwner
from ui.text import clean


class PortalPages:
    """Opens the sheets of one screen, and does what is asked in them."""

    def __init__(self, services: Services, shell: Shell, tasks: TaskOwner) -> None:
        self._services, self._shell, self._tasks = services, shell, tasks

    def has_pages(self, connection: Connection) -> bool:
        """Whether this system is reached through web pages."""
        return typed_on_pages(self._services, connection.vendor)

    def may_watch(self) -> bool:
        """Whether this person may see a system's own pages."""
        return Permission.TAKE_OVER_PORTAL in self._shell.actor().permissions

    def open(self, connection: Connection) -> None:
        """Stopped pages, what failed, who used the sign-in."""
        self._tasks.start_once("web pages", self._open(connection))

    async def _open(self, connection: Connection) -> None:
        actor = self._shell.actor()
        sheet = PortalSheet(
            connection,
            self._services.clock.now(),
            self._services.practice.time_zone,
            self._start,
            may_manage=Permission.TAKE_OVER_PORTAL in actor.permissions,
        )
        sheet.lifted.connect(lambda page: self._tasks.start_once(f"lift {page}", self._lift(sheet, connection, page)))
        await self._fill(sheet, connection)
        self._shell.show_sheet(sheet)
        if await sheet.answer() == "watch":
            self.watch(connection)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(work)

    async def _fill(self, sheet: PortalSheet, connection: Connection) -> None:
        portals, actor = self._services.desk.portals, self._shell.actor()
        which = connection.connection_id
        evidence = await portals.evidence(actor, which)
        sheet.show_all(portals.changed_pages(actor, which), evidence, portals.uses(actor, which))

    async def _lift(self, sheet: PortalSheet, connection: Connection, page: str) -> None:
        await self._services.desk.portals.lift(self._shell.actor(), connection.connection_id, page)
        self._shell.toast(f"Writing goes on on {clean(page)}.", icon="play")
        await self._fill(sheet, connection)

    def watch(self, connection: Connection) -> None:
        """The page itself."""
        self._tasks.start_once("watch", self._watch(connection))

    async def _watch(self, connection: Connection) -> None:
        portals, actor = self._services.desk.portals, self._shell.actor()
        which = connection.connection_id

        def doing() -> str:
            try:
                running = [use for use in portals.uses(actor, which) if use.ended_at is None]
            except DaybookError:
                return ""  # It was just disconnected; the page closes by itself.
            told = words.portal_operation(running[-1].operation) if running else ""
            return f"{told[:1].upper()}{told[1:]}"

        self._shell.toast(f"Opening {clean(connection.name)}'s page.", icon="eye")
        view = await portals.watch(actor, which)
        try:
            sheet = TakeOverSheet(connection, view, doing)
            self._shell.show_sheet(sheet)
            await sheet.run()
        finally:
            await view.close()
