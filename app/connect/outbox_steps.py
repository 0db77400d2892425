"""The outbox's steps as transactions: what they read and write together."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import msgspec

from app.connect.outbox_kinds import Answer
from app.connect.outbox_wire import KINDS
from app.model.accounts import AuditAction, AuditDraft
from app.model.errors import StoreError
from app.model.outbox import Job, JobKind, JobState
from app.model.portal_writes import Done, ReadBack
from app.rules.outbox import Move, signed_in
from app.rules.outbox_jobs import claim_file_of, evidence_of
from app.rules.outbox_plans import planned_found
from app.store import outbox, reports
from app.store.database import Reader
from app.store.store import Store
from app.store.tx import Tx

log = logging.getLogger("daybook.connect")

#: Later than any job's time: with it every job that may move is due, and ``app/rules`` decides when.
_FAR = datetime.max.replace(tzinfo=UTC)


def open_jobs(conn: Reader) -> list[tuple[Job, Job | None]]:
    """Every job that may move, oldest first, with the one it depends on."""
    return [(job, outbox.get(conn, job.depends_on) if job.depends_on else None) for job in outbox.due(conn, _FAR)]


def ours_of(conn: Reader, job: Job) -> frozenset[str]:
    """The vendor's ids of records that other jobs of this connection and kind have confirmed."""
    return outbox.made(conn, job.connection_id, job.kind, but=job.job_id)


def write_move(tx: Tx, job: Job, move: Move, actor_id: str = "") -> Job:
    """Take ``move`` if the job still stands where it was seen. Raises outbox.JobMoved where it does not."""
    fields: dict[str, object] = {
        "person_reason": move.person_reason,
        "question": move.question,
        "choices": move.choices,
        "waiting_for": move.waiting_for,
        "not_before": move.not_before,
    }
    if move.evidence is not None:
        fields["evidence"] = msgspec.json.encode(move.evidence)
    if move.result is not None:
        fields["result"] = msgspec.json.encode(move.result)
    if move.expires_at is not None:
        fields["expires_at"] = move.expires_at
    if move.plan is not None:
        fields["plan"] = move.plan
    if move.attempt:
        fields["attempts"] = job.attempts + 1
    return outbox.move(tx, job.job_id, expect=job.state, to=move.to, words=move.words, actor_id=actor_id, **fields)


def confirm(tx: Tx, job: Job, move: Move, answer: Answer | None, line: AuditDraft | None = None) -> Job:
    """Confirm a job, keep what is now true (where there is an ``answer``) and an audit line, all together.

    The ``line`` is a person's answer; without one the vendor's own yes is noted as SENT.
    """
    sent = AuditDraft(
        action=AuditAction.SENT,
        actor_id=job.actor_id,
        subject=f"{job.summary} · {move.words}",
        patient_id=job.patient_id,
    )
    line = line or sent
    done = write_move(tx, job, move, line.actor_id)
    if answer is not None:
        KINDS[job.kind].keep(tx, done, answer)
    tx.audit(line)
    return done


def go_on(tx: Tx, connection_id: str) -> int:
    """Somebody is signed in again: let the jobs go on that waited for just that; returns how many."""
    count = 0
    for job in outbox.unfinished(tx.connection):
        move = signed_in(job, tx.now()) if job.connection_id == connection_id else None
        if move is not None:
            write_move(tx, job, move)
            count += 1
    return count


def told_by_reports(tx: Tx, connection_id: str, system: str) -> None:
    """A report names a file of claims whose sending had no clear end: it arrived, and nobody need look any more."""
    for job in outbox.unfinished(tx.connection):
        evidence = evidence_of(job) if job.kind is JobKind.SEND_CLAIMS and job.connection_id == connection_id else None
        if evidence is None or not evidence.open or job.state not in {JobState.UNKNOWN, JobState.NEEDS_PERSON}:
            continue
        name, report = reports.about_file(tx.connection, connection_id, claim_file_of(job).sha256)
        if report:
            found = ReadBack(done=Done.YES, record=name, words=f"The report {report} speaks of it.")
            confirm(tx, job, planned_found(job, found, system), None)


async def confirm_surely(store: Store, job: Job, move: Move, answer: Answer, line: AuditDraft | None = None) -> Job:
    """Confirm; that it was done is kept even where the record itself cannot be (a patient removed meanwhile)."""
    try:
        return await store.write(confirm, job, move, answer, line)
    except outbox.JobMoved:
        raise
    except (StoreError, ValueError) as error:
        log.warning("outbox: a confirmed job's record was not kept: %s", type(error).__name__)
        return await store.write(confirm, job, move, None, line)
