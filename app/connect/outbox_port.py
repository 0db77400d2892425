"""The outbox as the desk and the Activity screen use it: hand in, undo, answer, try again, give up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from app.connect.outbox_kinds import Answer
from app.connect.outbox_steps import confirm_surely, ours_of, write_move
from app.connect.outbox_worker import OutboxWorker
from app.connect.permits import draft, must
from app.model.accounts import Actor, AuditAction, AuditDraft, Permission
from app.model.clock import Clock
from app.model.errors import BadInput
from app.model.outbox import Job, JobResult
from app.rules import outbox as rules
from app.rules.outbox import Move
from app.rules.outbox_order import reordered
from app.store import documents, outbox
from app.store.store import Store
from app.store.tx import Tx


class OutboxPortOnStore:
    """Implements ``app.desk.ports.OutboxPort``. Every act is one transaction with its audit line."""

    def __init__(self, store: Store, clock: Clock, worker: OutboxWorker, on_confirmed: Callable[[Job], None]) -> None:
        self._store = store
        self._clock = clock
        self._worker = worker
        self._on_confirmed = on_confirmed

    async def submit(self, jobs: Sequence[Job], audits: Sequence[AuditDraft], documents: Sequence[bytes] = ()) -> None:
        """Keep ``jobs`` durably, together with ``audits``; returns once they are safe, before anything is sent.

        Jobs whose idempotency key is known are the same jobs: nothing is added, and nothing is audited twice.
        """
        for job in await self._store.write(_add_all, tuple(jobs), tuple(audits), tuple(documents)):
            self._worker.ages.submitted(job)
        self._worker.wake()

    async def undo(self, job_id: str, actor: Actor) -> None:
        """Withdraw a job that has not left. Raises BadInput in words when it already has."""
        job = await self._mine(job_id, actor)
        await self._act(job, rules.undone(job), actor, "Undone")

    async def answer(self, job_id: str, choice_key: str, actor: Actor) -> None:
        """Give the answer a job waits for. Raises BadInput for one that is not (any more) among its choices."""
        job = await self._mine(job_id, actor)
        move = rules.answered(job, choice_key, self._clock.now())
        result = move.result
        if result is not None:
            await self._must_be_free(job, result)
            words = next(choice.label for choice in job.choices if choice.key == choice_key)
            move = msgspec.structs.replace(move, words=f"{move.words} Answered: {words}.")
            line = draft(AuditAction.ANSWERED, actor, f"{words}: {job.summary}", patient_id=job.patient_id)
            done = await confirm_surely(self._store, job, move, Answer(result=result, words=move.words), line)
            self._on_confirmed(done)
            return
        await self._act(job, move, actor, "Answered")

    async def retry(self, job_id: str, actor: Actor) -> None:
        """Try again a job that needs a person or waits, where trying again cannot double anything."""
        job = await self._mine(job_id, actor)
        await self._act(job, rules.retried(job, self._clock.now()), actor, "Tried again")

    async def cancel(self, job_id: str, actor: Actor) -> None:
        """Give up a job. Refused while it may have happened."""
        job = await self._mine(job_id, actor)
        await self._act(job, rules.cancelled(job), actor, "Given up")

    async def reorder(self, job_id: str, actor: Actor, *, first: bool) -> None:
        """Let a waiting job leave before (or after) all others. Raises BadInput for one that does not wait."""
        job = await self._mine(job_id, actor)
        words = "before" if first else "after"
        line = draft(AuditAction.CHANGE, actor, f"Put {words} the others: {job.summary}", patient_id=job.patient_id)
        await self._store.write(_reorder, job_id, first, line)
        self._worker.wake()

    async def _mine(self, job_id: str, actor: Actor) -> Job:
        job = await self._store.read(outbox.get, job_id)
        if job is None:
            raise BadInput("job", "This job is not here any more.", "Its connection was removed.")
        if job.actor_id != actor.account_id:
            await must(self._store, actor, Permission.ANSWER_JOBS)
        return job

    async def _must_be_free(self, job: Job, result: JobResult) -> None:
        """Two jobs cannot both be the same record."""
        ours = await self._store.read(ours_of, job)
        if result.vendor_id and result.vendor_id in ours:
            raise BadInput(
                "choice",
                f"Record {result.vendor_id} already belongs to another booking made here.",
                "It cannot be both. Nothing was changed.",
                ("Answer that it is not it.",),
            )

    async def _act(self, job: Job, move: Move, actor: Actor, what: str) -> None:
        line = draft(AuditAction.ANSWERED, actor, f"{what}: {job.summary}", patient_id=job.patient_id)
        await self._store.write(_move_and_audit, job, move, line)
        self._worker.wake()


def _add_all(tx: Tx, jobs: tuple[Job, ...], audits: tuple[AuditDraft, ...], files: tuple[bytes, ...]) -> list[Job]:
    summaries = {job.job_id: job.summary for job in jobs}
    new = []
    for job in jobs:
        waiting_for = f"Waits for: {summaries[job.depends_on]}" if job.depends_on in summaries else job.waiting_for
        kept = outbox.add(tx, msgspec.structs.replace(job, waiting_for=waiting_for))
        if kept.job_id == job.job_id:
            new.append(kept)
    if new:
        for file in files:
            documents.put(tx, jobs[0].connection_id, "claims", file)
        for audit in audits:
            tx.audit(audit)
    return new


def _reorder(tx: Tx, job_id: str, first: bool, line: AuditDraft) -> None:
    waiting = {job.job_id: job for job in outbox.unfinished(tx.connection)}
    if job_id not in waiting:
        raise BadInput("job", "This job has finished.", "Nothing was changed.")
    words = "Put before the others." if first else "Put after the others."
    for each, place in reordered(waiting[job_id], waiting.values(), first=first).items():
        state = waiting[each].state
        outbox.move(tx, each, expect=state, to=state, words=words, actor_id=line.actor_id, place=place)
    tx.audit(line)


def _move_and_audit(tx: Tx, job: Job, move: Move, line: AuditDraft) -> None:
    write_move(tx, job, move, line.actor_id)
    tx.audit(line)
