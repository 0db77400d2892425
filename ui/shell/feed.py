"""What the frame itself shows of the store: connections, open jobs, counts. Read again when changes say so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from app.model.accounts import Actor, Permission
from app.model.changes import Change, Kind
from app.model.connection import Connection, ConnectionState
from app.model.outbox import Job, JobState
from app.store import connections as connections_store
from app.store import outbox as outbox_store
from app.store.database import Reader
from ui.practice import practice_of
from ui.services import Practice, Services
from ui.tasks import TaskOwner
from ui.text import moment_words

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
#: Seconds that what is not seen at once waits at the start, so that the window is painted first.
_AFTER_PAINT = 0.1


class FrameFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What header, menu, tray and status bar show."""

    practice: Practice
    connections: tuple[Connection, ...] = ()
    jobs: tuple[Job, ...] = ()
    notices: int = 0

    def sources(self) -> dict[str, str]:
        """The two letters by connection id."""
        return {connection.connection_id: connection.source for connection in self.connections}

    def waiting_connections(self) -> int:
        """How many need a person."""
        return sum(connection.state in WAITING for connection in self.connections)

    def asking(self, person: Actor | None) -> int:
        """How many jobs, and notices about reports that ``person`` may see, need a person."""
        sees_reports = person is not None and Permission.VIEW_BILLING in person.permissions
        asking = sum(job.state is JobState.NEEDS_PERSON for job in self.jobs)
        return asking + (self.notices if sees_reports else 0)


def _read(conn: Reader, workstation: str) -> FrameFacts:
    return FrameFacts(
        practice=practice_of(conn, workstation),
        connections=tuple(connections_store.listed(conn)),
        jobs=tuple(outbox_store.listed(conn, open_only=True, limit=200)),
    )


def _notices(conn: Reader) -> int:
    from app.store import reports

    return len(reports.notices(conn))


class FrameFeed:
    """Keeps ``facts`` new and tells ``listener``."""

    def __init__(self, services: Services, tasks: TaskOwner, listener: Callable[[FrameFacts], None]) -> None:
        self.facts = FrameFacts(practice=services.practice)
        self._services = services
        self._tasks = tasks
        self._listener = listener
        self._whole = False

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Read again where connections, jobs or notices changed."""
        if any(change.kind in {Kind.CONNECTIONS, Kind.JOBS, Kind.REPORTS} for change in changes):
            self.renew()

    def renew(self) -> None:
        """Read again; the newest asking wins."""
        self._tasks.restart("frame facts", self._refresh())

    async def _refresh(self) -> None:
        facts = await self._services.store.read(_read, self._services.practice.workstation)
        self._services.practice = facts.practice
        self._tell(msgspec.structs.replace(facts, notices=self.facts.notices))
        if not self._whole:
            # At the start the window is painted before anything else is read.
            await asyncio.sleep(_AFTER_PAINT)
            self._whole = True
        notices = await self._services.store.read(_notices)
        if notices != self.facts.notices:
            self._tell(msgspec.structs.replace(facts, notices=notices))

    def _tell(self, facts: FrameFacts) -> None:
        self.facts = facts
        self._listener(facts)


def outbox_words(jobs: Sequence[Job]) -> tuple[str, str]:
    """The outbox for the status bar: words and a colour family."""
    asking = sum(job.state is JobState.NEEDS_PERSON for job in jobs)
    if asking:
        return ("1 change needs you" if asking == 1 else f"{asking} changes need you"), "amber"
    if not jobs:
        return "Outbox empty", ""
    return ("1 change under way" if len(jobs) == 1 else f"{len(jobs)} changes under way"), ""


def sync_words(connections: Sequence[Connection], now: datetime, zone: str) -> str:
    """``"as of 9:41 AM"``: the oldest of the last reads."""
    times = [connection.last_sync for connection in connections if connection.last_sync is not None]
    if not connections:
        return "nothing connected"
    return f"as of {moment_words(min(times), now, zone)}" if times else "not read yet"
