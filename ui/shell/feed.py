"""What the frame itself shows of the store: connections, open jobs, counts. Read again when changes say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from app.model.changes import Change, Kind
from app.model.connection import Connection, ConnectionState
from app.model.outbox import Job, JobState
from app.store import connections as connections_store
from app.store import outbox as outbox_store
from app.store.database import Reader
from ui.services import Services
from ui.tasks import TaskOwner

#: States in which a connection waits for a person.
WAITING = frozenset(
    {
        ConnectionState.NEEDS_CODE,
        ConnectionState.WRONG_CREDENTIALS,
        ConnectionState.LOCKED,
        ConnectionState.DRIFTED,
        ConnectionState.NOT_ENTITLED,
    }
)


class FrameFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What header, menu, tray and status bar show."""

    connections: tuple[Connection, ...] = ()
    jobs: tuple[Job, ...] = ()

    def sources(self) -> dict[str, str]:
        """The two letters by connection id."""
        return {connection.connection_id: connection.source for connection in self.connections}

    def waiting_connections(self) -> int:
        """How many need a person."""
        return sum(connection.state in WAITING for connection in self.connections)

    def asking_jobs(self) -> int:
        """How many jobs need a person."""
        return sum(job.state is JobState.NEEDS_PERSON for job in self.jobs)


def _read(conn: Reader) -> FrameFacts:
    return FrameFacts(
        connections=tuple(connections_store.listed(conn)),
        jobs=tuple(outbox_store.listed(conn, open_only=True, limit=200)),
    )


class FrameFeed:
    """Keeps ``facts`` new and tells ``listener``."""

    def __init__(self, services: Services, tasks: TaskOwner, listener: Callable[[FrameFacts], None]) -> None:
        self.facts = FrameFacts()
        self._services = services
        self._tasks = tasks
        self._listener = listener

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Read again where connections or jobs changed."""
        if any(change.kind in {Kind.CONNECTIONS, Kind.JOBS} for change in changes):
            self.renew()

    def renew(self) -> None:
        """Read again; the newest asking wins."""
        self._tasks.restart("frame facts", self._refresh())

    async def _refresh(self) -> None:
        self.facts = await self._services.store.read(_read)
        self._listener(self.facts)
