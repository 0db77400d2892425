"""The outbox table: jobs, their history, and moves that compare before they set."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.model.changes import Change, Kind
from app.model.errors import StoreError
from app.model.outbox import FINAL, Job, JobEvent, JobKind, JobResult, JobState
from app.store.database import Reader
from app.store.tx import Tx

_decode = msgspec.json.Decoder(Job).decode
_decode_event = msgspec.json.Decoder(JobEvent).decode
_decode_result = msgspec.json.Decoder(JobResult).decode

_OPEN = "INDEXED BY jobs_open WHERE state NOT IN ('confirmed', 'cancelled')"

#: The planner would walk all jobs to have them in order; the open ones are few, however many are finished.
_WANTING_WORK = """SELECT no, value FROM jobs j INDEXED BY jobs_open
    WHERE state NOT IN ('confirmed', 'cancelled') AND state <> 'needs_person' AND (depends_on = '' OR EXISTS (
        SELECT 1 FROM jobs d WHERE d.job_id = j.depends_on AND d.state IN ('confirmed', 'cancelled')))
    ORDER BY no"""


class _Outcome(msgspec.Struct):
    """Of a job no more than what came of it: there may be many to look through."""

    result: bytes = b""


_decode_outcome = msgspec.json.Decoder(_Outcome).decode


class JobMoved(StoreError):
    """The job is not (any more) in the state the caller took it to be in; nothing was changed."""

    code = "job_moved"


def add(tx: Tx, job: Job) -> Job:
    """Promise a job. The same idempotency key twice is the same job: the one already kept is returned."""
    conn = tx.connection
    known = conn.execute("SELECT job_id FROM jobs WHERE idempotency_key = ?", (job.idempotency_key,)).fetchone()
    if known:
        found = get(conn, known[0])
        assert found is not None
        return found
    job = msgspec.structs.replace(job, updated_at=job.updated_at or tx.now())
    history = job.history or (JobEvent(at=job.created_at, state=job.state, words=job.summary, actor_id=job.actor_id),)
    row = conn.execute(
        "INSERT INTO jobs (job_id, idempotency_key, connection_id, state, depends_on, value) VALUES (?,?,?,?,?,?)"
        " RETURNING no",
        (job.job_id, job.idempotency_key, job.connection_id, job.state.value, job.depends_on, _encode(job)),
    ).fetchone()
    conn.executemany(
        "INSERT INTO job_events (job_no, number, value) VALUES (?,?,?)",
        [(row[0], number, msgspec.json.encode(event)) for number, event in enumerate(history, start=1)],
    )
    tx.changed(Change(kind=Kind.JOBS, ids=frozenset({job.job_id}), connection_id=job.connection_id))
    return msgspec.structs.replace(job, history=history)


def _encode(job: Job) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(job, history=()))


def get(conn: Reader, job_id: str) -> Job | None:
    """One job with its history, or None."""
    row = conn.execute("SELECT no, value FROM jobs WHERE job_id = ?", (job_id,)).fetchone()
    return _with_history(conn, row) if row else None


def _with_history(conn: Reader, row: tuple[int, bytes]) -> Job:
    events = conn.execute("SELECT value FROM job_events WHERE job_no = ? ORDER BY number", (row[0],))
    return msgspec.structs.replace(_decode(row[1]), history=tuple(_decode_event(event[0]) for event in events))


def listed(conn: Reader, *, open_only: bool = False, limit: int = 200) -> list[Job]:
    """Jobs with their history, newest first."""
    which = _OPEN if open_only else ""
    rows = conn.execute(f"SELECT no, value FROM jobs {which} ORDER BY no DESC LIMIT ?", (limit,))  # noqa: S608 - names of ours, no values
    return [_with_history(conn, row) for row in rows.fetchall()]


def unfinished(conn: Reader) -> list[Job]:
    """Every job that is not finished, newest first."""
    return listed(conn, open_only=True, limit=-1)


def made(conn: Reader, connection_id: str, kind: JobKind, but: str = "") -> frozenset[str]:
    """The system's ids of all records that confirmed jobs of this kind have made there, the job ``but`` apart."""
    rows = conn.execute(
        "SELECT value FROM jobs INDEXED BY jobs_by_connection WHERE connection_id = ? AND state = 'confirmed'"
        " AND job_id <> ? AND json_extract(value, '$.kind') = ?",
        (connection_id, but, kind.value),
    )
    results = (_decode_outcome(row[0]).result for row in rows)
    return frozenset(_decode_result(result).vendor_id for result in results if result) - {""}


def due(conn: Reader, now: datetime) -> list[Job]:
    """Jobs that want work now, those of the smallest place first, then the oldest.

    Held ones whose time is up; queued and unknown ones whose ``not_before`` has come; those left in ``sending`` (only
    a crash leaves them so, or a worker at work: the worker knows which). A job that depends on another is due only
    once that one is finished, well or not.
    """
    rows = conn.execute(_WANTING_WORK).fetchall()
    ready = [(_decode(value).place, no, value) for no, value in rows if _is_due(_decode(value), now)]
    ready.sort(key=lambda row: row[:2])
    return [_with_history(conn, (no, value)) for _, no, value in ready]


def _is_due(job: Job, now: datetime) -> bool:
    if job.state is JobState.HELD:
        return job.held_until is None or job.held_until <= now
    return job.not_before is None or job.not_before <= now


def with_key(conn: Reader, key: str) -> list[Job]:
    """Jobs whose idempotency key is ``key`` or begins with it and a slash, oldest first."""
    rows = conn.execute(
        "SELECT no, value FROM jobs WHERE idempotency_key = ?1 OR (idempotency_key >= ?1 || '/'"
        " AND idempotency_key < ?1 || '0') ORDER BY no",
        (key,),
    ).fetchall()
    return [_with_history(conn, row) for row in rows]


def move(
    tx: Tx, job_id: str, *, expect: JobState, to: JobState, words: str, actor_id: str = "", **fields: object
) -> Job:
    """Take a job from ``expect`` to ``to`` (they may be the same) and write a line of its history.

    ``fields`` set other fields of the job. Raises JobMoved where the job is gone, finished or not in ``expect``.
    """
    conn = tx.connection
    row = conn.execute("SELECT no, value FROM jobs WHERE job_id = ?", (job_id,)).fetchone()
    before = _decode(row[1]) if row else None
    if before is None or before.state is not expect or expect in FINAL:
        raise JobMoved(
            "This job has moved on meanwhile.",
            "Somebody else, or Daybook itself, was quicker. Nothing was changed.",
            ("Look at the job again in Activity.",),
            detail=f"expected {expect.value}, found {before.state.value if before else 'none'}",
        )
    now = tx.now()
    after = msgspec.structs.replace(before, state=to, updated_at=now, **fields)
    conn.execute(
        "UPDATE jobs SET state = ?, depends_on = ?, value = ? WHERE no = ?",
        (to.value, after.depends_on, _encode(after), row[0]),
    )
    event = JobEvent(at=now, state=to, words=words, actor_id=actor_id)
    conn.execute(
        "INSERT INTO job_events (job_no, number, value)"
        " SELECT ?1, coalesce(max(number), 0) + 1, ?2 FROM job_events WHERE job_no = ?1",
        (row[0], msgspec.json.encode(event)),
    )
    tx.changed(Change(kind=Kind.JOBS, ids=frozenset({job_id}), connection_id=after.connection_id))
    return _with_history(conn, (row[0], _encode(after)))
