"""The outbox worker: carries jobs to the vendors, one step at a time, each step durable before and after the wire.

Between the commit of SENDING and the commit of what came of it lies the wire. Whatever ends the program there, the
next start finds the job in SENDING and takes it for UNKNOWN. Steps are decided by ``app/rules/outbox.py``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

import msgspec

from app.connect.ages import Ages
from app.connect.codes import on_behalf_of
from app.connect.outbox_kinds import Answer
from app.connect.outbox_steps import confirm_surely, open_jobs, ours_of, write_move
from app.connect.outbox_wire import KINDS, wire_of
from app.connect.source import Source
from app.connect.tasks import TaskOwner
from app.connect.timing import Timing
from app.model.clock import Clock
from app.model.errors import DaybookError, StoreError, Unreachable
from app.model.outbox import Job, JobResult, JobState
from app.rules import outbox as rules
from app.rules.outbox import Act, Move
from app.rules.outbox_jobs import evidence_of
from app.rules.outbox_plans import not_as_shown
from app.store.outbox import JobMoved
from app.store.store import Store

log = logging.getLogger("daybook.connect")

#: Waits between tries of what certainly did not leave, doubling from the first to the longest (seconds).
FIRST_DELAY = 2.0
LONGEST_DELAY = 60.0
#: How often an outcome is written again when the store cannot take it.
_WRITE_TRIES = 5


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """``answer_s`` is how long a request may live, ``margin_s`` what is waited beyond that before reading back."""

    answer_s: float = 45.0
    margin_s: float = 10.0


class OutboxWorker:
    """Looks at the open jobs whenever something happens, and carries those that can move."""

    def __init__(
        self,
        store: Store,
        sources: Mapping[str, Source],
        *,
        clock: Clock,
        timing: Timing,
        patience: Patience,
        owner: TaskOwner,
        on_confirmed: Callable[[Job], None],
    ) -> None:
        self.ages = Ages(clock)
        self._store = store
        self._sources = sources
        self._clock = clock
        self._timing = timing
        self._patience = patience
        self._owner = owner
        self._on_confirmed = on_confirmed
        self._alarm = asyncio.Event()
        self._lanes: dict[str, str] = {}
        self._failures: dict[str, int] = {}
        self._stopping = False

    def wake(self) -> None:
        """Something changed: look again."""
        self._alarm.set()

    def stop(self) -> None:
        """Begin no further step."""
        self._stopping = True
        self._alarm.set()

    async def run(self) -> None:
        """Work until stopped."""
        while not self._stopping:
            self._alarm.clear()
            try:
                seconds = await self._pass()
            except StoreError as error:
                log.error("outbox: the store failed: %s", error.code)
                seconds = FIRST_DELAY
            await self._timing.wait(self._alarm, seconds)

    async def _pass(self) -> float | None:
        """Start every step that can start; returns the seconds until the next one can."""
        pairs = await self._store.read(open_jobs)
        self.ages.forget({job.job_id for job, _ in pairs})
        soonest: float | None = None
        for job, parent in pairs:
            if self._stopping:
                break
            lane = self._lane(job)
            if lane in self._lanes:
                continue
            step = rules.next_step(
                job,
                now=self._clock.now(),
                waited=self.ages.waited(job),
                age=self.ages.age(job),
                parent=parent,
                system=self._title(job),
                settle=self._settle(job),
            )
            if step.act is Act.WAIT:
                soonest = step.seconds if soonest is None else min(soonest, step.seconds)
            elif step.act is not Act.REST:
                self._lanes[lane] = job.job_id
                self._owner.start(f"outbox {job.kind}", self._carry(lane, job, parent, step))
        return soonest

    def _lane(self, job: Job) -> str:
        try:
            return KINDS[job.kind].lane(job)
        except msgspec.MsgspecError:
            return job.job_id

    def _title(self, job: Job) -> str:
        source = self._sources.get(job.connection_id)
        return source.session.title if source is not None else "the system"

    def _settle(self, job: Job) -> float:
        """How long a write sent at the job's last step may still land, and a margin."""
        whole = self._patience.answer_s + self._patience.margin_s
        if job.state is not JobState.SENDING:
            return whole
        gone = (self._clock.now() - (job.updated_at or job.created_at)).total_seconds()
        return max(self._patience.margin_s, min(whole, whole - gone))

    async def _carry(self, lane: str, job: Job, parent: Job | None, step: rules.Step) -> None:
        try:
            with on_behalf_of(job.actor_id, job.summary):
                await self._step(job, parent, step)
        except JobMoved:
            pass  # Somebody else was quicker; the next look sees what is true.
        except StoreError as error:
            log.error("outbox: the store failed: %s", error.code)
            await self._timing.wait(asyncio.Event(), FIRST_DELAY)
        finally:
            del self._lanes[lane]
            self.wake()

    async def _step(self, job: Job, parent: Job | None, step: rules.Step) -> None:
        if step.act is Act.MOVE and step.move is not None:
            await self._apply(job, step.move)
        elif step.act is Act.READ_BACK:
            await self._apply(job, await self._look(job))
        else:
            await self._send(job, parent)

    async def _apply(self, job: Job, move: Move) -> Job:
        if move.to in {JobState.QUEUED, JobState.UNKNOWN} and move.not_before is not None:
            self._failures[job.job_id] = self._failures.get(job.job_id, 0) + 1
        else:
            self._failures.pop(job.job_id, None)
        if move.to is JobState.CONFIRMED:
            answer = Answer(result=move.result or JobResult(), words=move.words)
            return await self._confirm(job, move, answer)
        return await self._store.write(write_move, job, move)

    # -- one job on its way

    async def _look(self, job: Job) -> Move:
        """Read back, and decide."""
        title, now = self._title(job), self._clock.now()
        try:
            source = self._source(job)
            ours = await self._store.read(ours_of, job)
            return await wire_of(source, job).look(source, job, ours, self.ages.age(job))
        except StoreError:
            raise
        except Exception as error:
            self._tell_fault(error)
            return rules.read_back_failed(job, error, now, self._delay(job), title)

    async def _send(self, job: Job, parent: Job | None) -> None:
        title = self._title(job)
        try:
            source = self._source(job)
            evidence = evidence_of(job)
            if evidence is not None and evidence.unsure:
                looked = await self._look(job)
                if looked.to is not JobState.QUEUED or looked.not_before is not None:
                    await self._apply(job, looked)
                    return
            known = await wire_of(source, job).before(source, job)
            unseen = not_as_shown(job, known.plan, title) if known.plan is not None else None
            if unseen is not None:
                await self._apply(job, unseen)
                return
        except StoreError:
            raise
        except Exception as error:
            self._tell_fault(error)
            move = rules.before_failed(job, error, self._clock.now(), self._delay(job), title)
            await self._apply(job, move)
            return
        if self._stopping:
            return
        started = self._clock.monotonic()
        sent = await self._store.write(
            write_move, job, rules.sending(job, known.vendor_ids, self._clock.now(), title, known.plan)
        )
        try:
            answer = await wire_of(source, job).send(source, sent, parent)
        except Exception as error:
            self._tell_fault(error)
            gone = self._clock.monotonic() - started
            settle = max(self._patience.margin_s, self._patience.answer_s + self._patience.margin_s - gone)
            move = rules.send_failed(sent, error, self._clock.now(), self._delay(sent), settle, title)
            await self._surely(sent, move, None)
            return
        source.landed += 1
        move = Move(to=JobState.CONFIRMED, words=answer.words, result=answer.result)
        await self._surely(sent, move, answer)

    async def _surely(self, job: Job, move: Move, answer: Answer | None) -> None:
        """Write down what came of a send. Where the store will not, the job stays SENDING and is read back later."""
        for attempt in range(1, _WRITE_TRIES + 1):
            try:
                await (self._apply(job, move) if answer is None else self._confirm(job, move, answer))
                return
            except JobMoved:
                raise
            except StoreError as error:
                log.error("outbox: what came of a job could not be written: %s", error.code)
                if attempt == _WRITE_TRIES:
                    raise
                await self._timing.wait(asyncio.Event(), FIRST_DELAY)

    async def _confirm(self, job: Job, move: Move, answer: Answer) -> Job:
        done = await confirm_surely(self._store, job, move, answer)
        self._failures.pop(job.job_id, None)
        self._on_confirmed(done)
        return done

    def _source(self, job: Job) -> Source:
        source = self._sources.get(job.connection_id)
        if source is None:
            raise Unreachable("This system is not connected here.", "Nothing was sent.", ("Connect it again.",))
        return source

    def _delay(self, job: Job) -> float:
        tries = self._failures.get(job.job_id, 0)
        return self._timing.jitter(min(LONGEST_DELAY, FIRST_DELAY * 2**tries))

    def _tell_fault(self, error: Exception) -> None:
        if not isinstance(error, DaybookError):
            # Its text may hold a patient's data; its type does not.
            log.error("outbox: Daybook itself failed: %s", type(error).__name__)
