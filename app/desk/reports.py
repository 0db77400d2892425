"""What clearinghouses and payers say of claims, in one line of time a claim; and what needs a person."""

from __future__ import annotations

from datetime import datetime

from app.desk.common import Systems, UseCase, draft
from app.desk.ports import ClearingPort
from app.model.accounts import Actor, AuditAction, Permission
from app.model.clearing_views import ClaimTimeline, ReportNotice, TimelineEvent
from app.model.clock import Clock
from app.model.errors import NotFound
from app.rules import timeline
from app.rules.permissions import refusal
from app.store import reports
from app.store.store import Reader, Store, Tx


class Reports(UseCase):
    """Notices and timelines."""

    def __init__(self, store: Store, clock: Clock, clearing: ClearingPort) -> None:
        super().__init__(store, clock)
        self._clearing = clearing

    async def notices(self, actor: Actor) -> list[ReportNotice]:
        """What needs a person, oldest first; nothing for somebody who does not look at billing."""
        if refusal(actor, Permission.VIEW_BILLING):
            return []
        return await self._store.read(reports.notices)

    async def dismiss(self, actor: Actor, notice_id: str) -> None:
        """A person has dealt with it. Raises NotFound where it has gone away by itself."""
        await self._allow(actor, Permission.WORK_CLAIMS, "settle a notice")
        await self._store.write(_dismiss, actor, notice_id)

    async def timeline(self, actor: Actor, account: str) -> tuple[ClaimTimeline, ...]:
        """All that was said about the claim with this number of ours: one timeline a clearinghouse (and test)."""
        await self._allow(actor, Permission.VIEW_BILLING, f"look at claim {account}")
        found = await self._store.read(_timelines, account, self._clock.now())
        await self._remember(draft(actor, AuditAction.VIEW, f"Claim {account}"))
        return found

    async def refresh(self, actor: Actor, connection_id: str) -> None:
        """Look for reports and remittances now."""
        await self._allow(actor, Permission.VIEW_BILLING, "read reports")
        await self._clearing.read_reports(connection_id, actor)


def _dismiss(tx: Tx, actor: Actor, notice_id: str) -> None:
    notice = reports.notice(tx.connection, notice_id)
    if notice is None:
        raise NotFound("This notice has gone away by itself.", "What was missing has come.", ("Look at the reports.",))
    reports.dismiss(tx, notice_id)
    tx.audit(draft(actor, AuditAction.ANSWERED, f"Dealt with: {notice.happened}"))


def _timelines(conn: Reader, account: str, now: datetime) -> tuple[ClaimTimeline, ...]:
    systems = Systems.read(conn)
    wanted = account.strip().upper()
    found = []
    for connection_id in systems.connections:
        today = systems.day(now, connection_id)
        for line in timeline.merge(reports.claim_news(conn, connection_id, [account])):
            if wanted not in {each.upper() for each in line.accounts}:
                continue
            said = line.standing.said_on
            found.append(
                ClaimTimeline(
                    account=account,
                    connection_id=connection_id,
                    events=tuple(TimelineEvent(news=event.news, told_by=event.told_by) for event in line.events),
                    standing=line.standing,
                    by_payer=line.by_payer,
                    age_days=(today - said).days if said is not None else None,
                    is_test=line.standing.is_test,
                    clearinghouse_numbers=line.clearinghouse_numbers,
                    payer_numbers=line.payer_numbers,
                )
            )
    return tuple(found)
