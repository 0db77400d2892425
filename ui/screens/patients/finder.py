"""Finding people through the desk, ready to be shown: one place for type-ahead, booking and linking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from app.model.people import PatientRow
from app.store import connections
from app.store.database import Reader
from ui.screens.base import Shell
from ui.screens.patients.people import Person, person
from ui.services import Services


class PeopleFinder:
    """Searches the local copy for ``shell``'s person; ``today`` is asked for ages."""

    def __init__(self, services: Services, shell: Shell, today: Callable[[], date]) -> None:
        self._services, self._shell, self._today = services, shell, today
        self._sources: dict[str, tuple[str, str]] = {}

    async def __call__(self, text: str) -> Sequence[Person]:
        """People that fit ``text``; the last ones opened where it is empty (FEATURES B4)."""
        actor, patients = self._shell.actor(), self._services.desk.patients
        found = await (patients.search(actor, text) if text else patients.recent(actor))
        return await self.shown(found)

    async def shown(self, rows: Sequence[PatientRow]) -> list[Person]:
        """``rows`` with tags, ages and safe names."""
        sources = await self.sources()
        if any(row.connection_id not in sources for row in rows):
            self._sources = {}
            sources = await self.sources()
        private = self._shell.privacy()
        return [person(row, sources, self._today(), private=private) for row in rows]

    async def sources(self) -> dict[str, tuple[str, str]]:
        """Tag and name of each connection."""
        if not self._sources:
            self._sources = await self._services.store.read(_sources)
        return self._sources


def _sources(conn: Reader) -> dict[str, tuple[str, str]]:
    return {each.connection_id: (each.source, each.name) for each in connections.listed(conn)}
