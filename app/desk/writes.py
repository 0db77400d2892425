"""What goes through a system's web pages, and files of claims: shown first, then asked for as a job."""

from __future__ import annotations

import asyncio
import hashlib

from app.desk.claim_file import Glance, glance
from app.desk.common import UseCase, draft
from app.desk.ports import OutboxPort, PortalPort
from app.model.accounts import Actor, AuditAction, Permission
from app.model.clearing_views import ClaimFileView
from app.model.clock import Clock
from app.model.connection import Connection, Environment
from app.model.errors import NotFound, VendorRejected
from app.model.outbox import ClaimFile, Job, JobState, PatientUpdate
from app.model.people import Patient
from app.model.portal import WritePlan
from app.model.portal_writes import PortalOperation, WriteWish
from app.model.routing import obstacles
from app.rules.outbox_jobs import Payload, new_job
from app.rules.outbox_reading import changed
from app.store import connections, enrollments, outbox, payers, reports
from app.store.store import Reader, Store

#: Seconds a write waits in the outbox, where it may still be undone.
HOLD_SECONDS = 8.0

_NEEDS = {
    PortalOperation.SAVE_PATIENT: Permission.EDIT_PATIENTS,
    PortalOperation.SAVE_POLICY: Permission.EDIT_PATIENTS,
    PortalOperation.CHECK_IN: Permission.BOOK_VISIT,
    PortalOperation.POST_REMITTANCE: Permission.POST_PAYMENTS,
    PortalOperation.CORRECT_CLAIM: Permission.WORK_CLAIMS,
    PortalOperation.UPLOAD_CLAIMS: Permission.WORK_CLAIMS,
    PortalOperation.ENROLL: Permission.WORK_CLAIMS,
}
_ACTIONS = {PortalOperation.SAVE_PATIENT: AuditAction.CHANGE, PortalOperation.SAVE_POLICY: AuditAction.CHANGE}


class Writes(UseCase):
    """Planning and asking for writes."""

    def __init__(self, store: Store, clock: Clock, outbox: OutboxPort, portal: PortalPort) -> None:
        super().__init__(store, clock)
        self._outbox = outbox
        self._portal = portal

    async def plan(self, actor: Actor, connection_id: str, wish: WriteWish, content: bytes = b"") -> WritePlan:
        """What would be typed where (``plan.sentences()``), from the page as it is now. Nothing is written.

        Takes as long as the pages take. Raises what looking at them fails with, in words, and VendorRejected for a
        payment whose remittance does not add up.
        """
        await self._allow(actor, _NEEDS[wish.operation], wish.operation.replace("_", " "))
        await self._refuse_held(connection_id, wish)
        return await self._portal.plan(connection_id, wish, content, actor)

    async def _refuse_held(self, connection_id: str, wish: WriteWish) -> None:
        if wish.operation is not PortalOperation.POST_REMITTANCE:
            return
        why = await self._store.read(reports.why_held, connection_id, wish.record)
        if why:
            raise VendorRejected(
                "This payment is held and was not posted.",
                why,
                ("Ask the payer for a corrected remittance.",),
                detail="post_remittance: out of balance",
            )

    async def submit(
        self,
        actor: Actor,
        connection_id: str,
        wish: WriteWish,
        plan: WritePlan,
        *,
        patient_id: str = "",
        hold_seconds: float | None = None,
        key: str = "",
    ) -> str:
        """Ask for what was shown; returns the job's id. Handed in twice with one ``key`` (a press of a button), it is
        one job.

        Where the page has changed when its turn comes, nothing is typed and a person sees the new plan. A check-in
        leaves at once, the rest waits ``hold_seconds`` to be undone. Files of claims go by ``send_claims``.

        Raises VendorRejected as ``plan`` does: the remittance may have come since.
        """
        await self._allow(actor, _NEEDS[wish.operation], plan.summary, patient_id)
        await self._refuse_held(connection_id, wish)
        connection = await self._store.read(_connection, connection_id)
        if hold_seconds is None:
            hold_seconds = 0.0 if wish.operation is PortalOperation.CHECK_IN else HOLD_SECONDS
        job = new_job(
            _payload(wish),
            connection_id=connection_id,
            summary=f"{plan.summary} in {connection.name}",
            actor_id=actor.account_id,
            now=self._clock.now(),
            patient_id=patient_id,
            hold_seconds=hold_seconds,
            idempotency_key=f"write/{key}" if key else "",
            plan=plan,
        )
        return await self._ask(actor, connection, job, _ACTIONS.get(wish.operation, AuditAction.CREATE))

    async def look_at_claims(self, actor: Actor, connection_id: str, content: bytes) -> ClaimFileView:
        """What sending this file would mean. Raises BadDocument for one without a claim."""
        await self._allow(actor, Permission.WORK_CLAIMS, "look at a file of claims")
        seen = await asyncio.to_thread(glance, content)
        return await self._store.read(_view, connection_id, seen)

    async def send_claims(
        self,
        actor: Actor,
        connection_id: str,
        content: bytes,
        name: str,
        *,
        plan: WritePlan | None = None,
        hold_seconds: float = HOLD_SECONDS,
    ) -> str:
        """Send a file of claims, once; returns the job's id: of the same file, the same job unless that was given up.

        With a ``plan`` it is uploaded on the web page.

        Raises BadDocument, and VendorRejected naming what is missing where a claim in it has no way to its payer (G5).
        """
        await self._allow(actor, Permission.WORK_CLAIMS, "send claims")
        seen = await asyncio.to_thread(glance, content)
        view = await self._store.read(_view, connection_id, seen)
        connection = await self._store.read(_connection, connection_id)
        if view.obstacles:
            raise VendorRejected(
                "This file was not sent: not every claim in it has a way to its payer.",
                " ".join(view.obstacles[:5]),
                ("Correct the payer id, or finish the enrollment, and make the file again.",),
                detail=f"{len(view.obstacles)} obstacles",
            )
        sha256 = hashlib.sha256(content).hexdigest()
        key = f"claims/{connection_id}/{sha256}"
        before = await self._store.read(outbox.with_key, key)
        known = next((job for job in before if job.state is not JobState.CANCELLED), None)
        if known is not None:
            return known.job_id
        count = "1 claim" if view.claims == 1 else f"{view.claims} claims"
        job = new_job(
            ClaimFile(sha256=sha256, name=name, claims=view.claims, is_test=view.is_test, by_portal=plan is not None),
            connection_id=connection_id,
            summary=f"Sends {count} to {connection.name} {view.mode}",
            actor_id=actor.account_id,
            now=self._clock.now(),
            hold_seconds=hold_seconds,
            idempotency_key=f"{key}/{len(before)}",
            plan=plan,
        )
        return await self._ask(actor, connection, job, AuditAction.CREATE, content)

    async def _ask(
        self, actor: Actor, connection: Connection, job: Job, action: AuditAction, content: bytes = b""
    ) -> str:
        line = draft(actor, action, job.summary, patient_id=job.patient_id, practice=connection.practice)
        await self._outbox.submit([job], [line], [content] if content else [])
        [kept] = await self._store.read(outbox.with_key, job.idempotency_key)
        return kept.job_id


def _payload(wish: WriteWish) -> Payload:
    if wish.operation is not PortalOperation.SAVE_PATIENT:
        return wish
    if wish.record:
        return PatientUpdate(vendor_id=wish.record, changes=wish.values)
    return changed(Patient(), wish.values)


def _connection(conn: Reader, connection_id: str) -> Connection:
    connection = connections.get(conn, connection_id)
    if connection is None:
        raise NotFound("This system is not connected any more.", "Nothing was sent.", ("Choose another system.",))
    return connection


def _view(conn: Reader, connection_id: str, seen: Glance) -> ClaimFileView:
    is_test = _connection(conn, connection_id).environment is not Environment.PRODUCTION
    routes = payers.routes(conn, connection_id, (payer_id for _, payer_id in seen.ways))
    board = enrollments.board(conn, connection_id)
    found: dict[str, None] = {}
    for npi, payer_id in seen.ways:
        said = obstacles(routes, board, payer_id=payer_id, provider_npi=npi, transaction=seen.kind)
        found |= dict.fromkeys(said)
    return ClaimFileView(
        kind=seen.kind,
        claims=seen.claims,
        is_test=is_test,
        mode="as a test: nothing goes to any payer" if is_test else "for real: they go to the payers",
        obstacles=tuple(found),
    )
