"""Payers, enrollments and reports on request: fetched now, kept in the store, and handed to whoever stops claims."""

from __future__ import annotations

from app.connect.codes import on_behalf_of
from app.connect.fetch_clearing import hand_over
from app.connect.links import Links
from app.connect.offering import lacking
from app.connect.permits import draft, must
from app.model.accounts import Actor, AuditAction, AuditDraft, Permission
from app.model.clock import Clock
from app.model.connection import Topic
from app.model.enrollment import Enrollment
from app.model.payer_list import PayerList
from app.store import enrollments, payers
from app.store.store import Store
from app.store.tx import Tx
from vendors.contract import FetchesPayers, KnowsPayers


class ClearingOnLinks:
    """Implements ``app.desk.ports.ClearingPort``."""

    def __init__(self, store: Store, clock: Clock, links: Links) -> None:
        self._store = store
        self._clock = clock
        self._links = links

    async def import_payers(self, connection_id: str, content: bytes, name: str, actor: Actor) -> None:
        """Take an export of the payer list in place of what is here. Raises BadDocument; the old list then stays."""
        await must(self._store, actor, Permission.WORK_CLAIMS)
        session = self._links.get(connection_id).session
        if not isinstance(session.adapter, KnowsPayers):
            raise lacking()
        found = await session.adapter.import_payer_list(content)
        line = draft(AuditAction.CHANGE, actor, f"Payer list of {session.title} imported: {len(found.entries)} rows")
        await self._store.write(_keep_payers, connection_id, found, name, line)

    async def fetch_payers(self, connection_id: str, actor: Actor) -> None:
        """Ask the system for its payer list anew."""
        await must(self._store, actor, Permission.WORK_CLAIMS)
        session = self._links.get(connection_id).session
        if not isinstance(session.adapter, FetchesPayers):
            raise lacking()
        asked = session.adapter
        with on_behalf_of(actor.account_id, f"The payer list of {session.title}", actor.full_name):
            found = await session.drive("payer list", lambda _: asked.fetch_payer_list())
        line = draft(AuditAction.CHANGE, actor, f"Payer list of {session.title} fetched: {len(found.entries)} rows")
        await self._store.write(_keep_payers, connection_id, found, f"fetched from {session.title}", line)

    async def fetch_enrollments(self, connection_id: str, actor: Actor) -> None:
        """Ask the system how far its enrollments are."""
        await self._read(connection_id, Topic.ENROLLMENTS, actor, "The enrollments")

    async def keep_enrollment(self, connection_id: str, row: Enrollment, actor: Actor) -> None:
        """Take a person's word about one enrollment."""
        await must(self._store, actor, Permission.WORK_CLAIMS)
        source = self._links.get(connection_id).source
        what = f"Enrollment {row.transaction}, payer {row.payer_id}, provider {row.provider_npi}: {row.state.value}"
        await self._store.write(_keep_enrollment, connection_id, row, draft(AuditAction.CHANGE, actor, what))
        await hand_over(source)

    async def read_reports(self, connection_id: str, actor: Actor) -> None:
        """Look for reports and remittances now."""
        await self._read(connection_id, Topic.REPORTS, actor, "The reports")

    async def _read(self, connection_id: str, topic: Topic, actor: Actor, what: str) -> None:
        await must(self._store, actor, Permission.VIEW_BILLING)
        link = self._links.get(connection_id)
        if topic not in link.sync.refreshers:
            raise lacking()
        link.session.ask_again()
        with on_behalf_of(actor.account_id, f"{what} of {link.session.title}", actor.full_name):
            await link.sync.read_now((topic,))


def _keep_payers(tx: Tx, connection_id: str, found: PayerList, origin: str, line: AuditDraft) -> None:
    payers.save_list(tx, connection_id, found, origin)
    tx.audit(line)


def _keep_enrollment(tx: Tx, connection_id: str, row: Enrollment, line: AuditDraft) -> None:
    enrollments.save_all(tx, connection_id, [row])
    tx.audit(line)
