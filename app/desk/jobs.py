"""The outbox as people see it: every job, its history, what it waits for, and the answers it asks for."""

from __future__ import annotations

from app.desk.common import UseCase
from app.desk.ports import OutboxPort
from app.model.accounts import Actor, Permission
from app.model.clock import Clock
from app.model.errors import NotFound
from app.model.outbox import Job, JobKind
from app.store import outbox
from app.store.store import Store

#: Who asked for a job may also take it back.
_ASKED_WITH = {
    JobKind.BOOK_VISIT: Permission.BOOK_VISIT,
    JobKind.CREATE_PATIENT: Permission.EDIT_PATIENTS,
    JobKind.UPDATE_PATIENT: Permission.EDIT_PATIENTS,
    JobKind.CHANGE_VISIT_STATUS: Permission.BOOK_VISIT,
    JobKind.SAVE_POLICY: Permission.EDIT_PATIENTS,
    JobKind.CORRECT_CLAIM: Permission.WORK_CLAIMS,
    JobKind.POST_PAYMENT: Permission.POST_PAYMENTS,
    JobKind.ENROLL: Permission.WORK_CLAIMS,
    JobKind.SEND_CLAIMS: Permission.WORK_CLAIMS,
}


class Jobs(UseCase):
    """Activity: looking at jobs and deciding about them."""

    def __init__(self, store: Store, clock: Clock, port: OutboxPort) -> None:
        super().__init__(store, clock)
        self._port = port

    async def listed(self, actor: Actor, *, open_only: bool = False, limit: int = 200) -> list[Job]:
        """Jobs with their history, newest first."""
        await self._allow(actor, Permission.VIEW_SCHEDULE, "look at activity")
        return await self._store.read(outbox.listed, open_only=open_only, limit=limit)

    async def get(self, actor: Actor, job_id: str) -> Job:
        """One job with its history. Raises NotFound."""
        await self._allow(actor, Permission.VIEW_SCHEDULE, "look at activity")
        return await self._found(job_id)

    async def undo(self, actor: Actor, job_id: str) -> None:
        """Withdraw a job that is still held. Raises DaybookError in words when it has left."""
        await self._asked_with(actor, job_id, "undo")
        await self._port.undo(job_id, actor)

    async def cancel(self, actor: Actor, job_id: str) -> None:
        """Give up a job that has not left, or that needs a person."""
        await self._asked_with(actor, job_id, "give up")
        await self._port.cancel(job_id, actor)

    async def send_first(self, actor: Actor, job_id: str) -> None:
        """Let a waiting job, and what it depends on, leave before all others. Raises BadInput once it has left."""
        await self._asked_with(actor, job_id, "put first")
        await self._port.reorder(job_id, actor, first=True)

    async def send_last(self, actor: Actor, job_id: str) -> None:
        """Let it, and what depends on it, leave after all others."""
        await self._asked_with(actor, job_id, "put last")
        await self._port.reorder(job_id, actor, first=False)

    async def answer(self, actor: Actor, job_id: str, choice_key: str) -> None:
        """Give the answer a job waits for."""
        await self._allow(actor, Permission.ANSWER_JOBS, "answer a waiting change")
        await self._allow_old_job(actor, await self._found(job_id))
        await self._port.answer(job_id, choice_key, actor)

    async def retry(self, actor: Actor, job_id: str) -> None:
        """Try a job again."""
        await self._allow(actor, Permission.ANSWER_JOBS, "try a waiting change again")
        await self._allow_old_job(actor, await self._found(job_id))
        await self._port.retry(job_id, actor)

    async def _asked_with(self, actor: Actor, job_id: str, doing: str) -> None:
        job = await self._found(job_id)
        await self._allow(actor, _ASKED_WITH[job.kind], f"{doing}: {job.summary}", job.patient_id)
        await self._allow_old_job(actor, job)

    async def _allow_old_job(self, actor: Actor, job: Job) -> None:
        asked_on = await self._day(job.created_at, job.connection_id)
        await self._allow_old(actor, asked_on, job.summary, job.patient_id)

    async def _found(self, job_id: str) -> Job:
        job = await self._store.read(outbox.get, job_id)
        if job is None:
            raise NotFound("This job is not in the outbox.", "", ("Look at Activity for what was sent.",))
        return job
