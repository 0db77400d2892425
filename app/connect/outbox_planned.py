"""Jobs through a system's web pages: planned, shown, typed once; after a lost answer looked up by their own plan."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from app.connect.offering import lacking, plans_writes
from app.connect.outbox_kinds import Answer, Known
from app.connect.source import Source
from app.model.errors import BadInput, StoreError
from app.model.outbox import ClaimFile, Job, JobKind, JobResult
from app.model.portal import WritePlan
from app.model.portal_writes import PortalOperation, WriteWish
from app.model.schedule import VisitStatus
from app.rules.outbox import Move
from app.rules.outbox_jobs import claim_file_of, evidence_of
from app.rules.outbox_plans import planned_found, wish_of
from app.store import accounts, documents, visits
from app.store.database import Reader
from app.store.tx import Tx
from vendors.contract import PlansWrites

T = TypeVar("T")


class Planned:
    """Any kind of job that wishes something of web pages."""

    def lane(self, job: Job) -> str:
        """One write on a record at a time; the login has its own queue beside."""
        wish = _wish(job)
        return f"{job.connection_id}/{wish.operation}/{wish.record}"

    async def before(self, source: Source, job: Job) -> Known:
        """What would be typed where now."""
        wish, who, content = _wish(job), *await source.store.read(_brought, job)
        plan = await _drive(source, job, lambda adapter: adapter.plan(wish, who=who, content=content))
        return Known(plan=plan)

    async def send(self, source: Source, job: Job, parent: Job | None) -> Answer:
        """Type it and press, once."""
        plan, (who, content) = _plan(job), await source.store.read(_brought, job)
        written = await _drive(
            source, job, lambda adapter: adapter.write(plan, who=who, content=content), is_write=True
        )
        return Answer(
            result=JobResult(vendor_id=written.record), words=f"{written.words} ({source.session.title})".strip()
        )

    async def look(self, source: Source, job: Job, ours: frozenset[str], age: float | None) -> Move:
        """Read its own plan back."""
        plan = _plan(job)
        found = await _drive(source, job, lambda adapter: adapter.read_back(plan))
        return planned_found(job, found, source.session.title)

    def keep(self, tx: Tx, job: Job, answer: Answer) -> None:
        """A check-in was seen on the visit itself; all else the next reading brings, nothing is guessed before."""
        wish = _wish(job)
        if wish.operation is PortalOperation.CHECK_IN:
            _arrived(tx, job.connection_id, wish.record)


def _arrived(tx: Tx, connection_id: str, vendor_id: str) -> None:
    row = visits.by_vendor(tx.connection, connection_id, vendor_id)
    visit = visits.whole(tx.connection, row.local_id) if row is not None else None
    if visit is not None:
        now = msgspec.structs.replace(visit.value, status=VisitStatus.ARRIVED)
        visits.save(tx, connection_id, msgspec.structs.replace(visit, value=now))


async def _drive(source: Source, job: Job, ask: Callable[[PlansWrites], Awaitable[T]], *, is_write: bool = False) -> T:
    return await source.session.drive(job.kind, lambda adapter: ask(plans_writes(adapter)), is_write=is_write)


def _wish(job: Job) -> WriteWish:
    wish = wish_of(job)
    if wish is None:
        raise lacking()
    return wish


def _plan(job: Job) -> WritePlan:
    evidence = evidence_of(job)
    if evidence is None or evidence.plan is None:
        raise BadInput("job", "It is not known what was about to be typed.", "", ("Look in the system itself.",))
    return evidence.plan


def _brought(conn: Reader, job: Job) -> tuple[str, bytes]:
    """Who asked for it, by name, and the file that goes along."""
    account = accounts.get(conn, job.actor_id)
    return (account.full_name if account is not None else "", file_content(conn, job))


def file_content(conn: Reader, job: Job) -> bytes:
    """The bytes of a job's file of claims; empty for other jobs. Raises StoreError where they are gone."""
    if job.kind is not JobKind.SEND_CLAIMS:
        return b""
    file: ClaimFile = claim_file_of(job)
    content = documents.content(conn, job.connection_id, file.sha256)
    if content is None:
        raise StoreError("The file of claims is not in the store any more.", "Nothing was sent.", ("Make it again.",))
    return content
