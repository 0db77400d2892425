from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest

from app.model.accounts import AuditAction, AuditDraft
from app.model.changes import Change, Kind
from app.model.clock import FixedClock
from app.model.errors import StoreError
from app.model.outbox import Choice, Job, JobKind, JobResult, JobState, PersonReason
from app.store import audit, outbox
from app.store.outbox import JobMoved
from app.store.store import Store
from app.store.tx import Tx

from .conftest import NOW, job


async def test_a_job_and_its_audit_line_are_one_commit(store: Store) -> None:
    def promise(tx: Tx, fail: bool) -> None:
        outbox.add(tx, job("j1"))
        tx.audit(AuditDraft(action=AuditAction.CREATE, subject="j1"))
        if fail:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        await store.write(promise, True)
    assert await store.read(outbox.get, "j1") is None
    assert await store.read(audit.entries) == []
    await store.write(promise, False)
    kept = await store.read(outbox.get, "j1")
    assert kept is not None
    assert kept.payload == b"{}"
    assert [event.words for event in kept.history] == ["Book a visit"]
    assert len(await store.read(audit.entries)) == 1


async def test_the_same_intent_twice_is_one_job(store: Store) -> None:
    first = await store.write(outbox.add, job("j1"))
    second = await store.write(outbox.add, job("j2", idempotency_key="key-j1"))
    assert second == first
    assert [item.job_id for item in await store.read(outbox.listed)] == ["j1"]


async def test_moving_compares_before_it_sets(store: Store, clock: FixedClock) -> None:
    heard: list[Change] = []
    await store.write(outbox.add, job("j1", JobState.HELD))
    store.subscribe(heard.extend)
    clock.advance(5)
    moved = await store.write(
        lambda tx: outbox.move(tx, "j1", expect=JobState.HELD, to=JobState.QUEUED, words="Its time came.", attempts=1)
    )
    assert (moved.state, moved.attempts, moved.updated_at) == (JobState.QUEUED, 1, clock.now())
    assert heard == [Change(kind=Kind.JOBS, ids=frozenset({"j1"}), connection_id="c1")]
    with pytest.raises(JobMoved):
        await store.write(lambda tx: outbox.move(tx, "j1", expect=JobState.HELD, to=JobState.CANCELLED, words="Undo"))
    kept = await store.read(outbox.get, "j1")
    assert kept == moved
    assert [event.state for event in moved.history] == [JobState.HELD, JobState.QUEUED]


async def test_what_a_person_is_asked_comes_back(store: Store) -> None:
    await store.write(outbox.add, job("j1", JobState.SENDING))
    choices = (Choice(key="yes", label="It is hers"), Choice(key="no", label="Book again"))
    asked = await store.write(
        lambda tx: outbox.move(
            tx,
            "j1",
            expect=JobState.SENDING,
            to=JobState.NEEDS_PERSON,
            words="Visit 555 is probably hers.",
            person_reason=PersonReason.MAYBE_DONE,
            choices=choices,
            evidence=b"\x00\xff",
        )
    )
    assert (await store.read(outbox.get, "j1")) == asked
    assert (asked.choices, asked.evidence, asked.person_reason) == (choices, b"\x00\xff", PersonReason.MAYBE_DONE)


@pytest.mark.parametrize("final", [JobState.CONFIRMED, JobState.CANCELLED])
async def test_a_finished_job_stays_finished(store: Store, final: JobState) -> None:
    await store.write(outbox.add, job("j1"))
    await store.write(lambda tx: outbox.move(tx, "j1", expect=JobState.QUEUED, to=final, words="Done"))
    with pytest.raises(JobMoved):
        await store.write(lambda tx: outbox.move(tx, "j1", expect=final, to=JobState.QUEUED, words="Again"))
    with pytest.raises(StoreError):
        await store.write(lambda tx: tx.connection.execute("UPDATE jobs SET state = 'queued'"))
    assert await store.read(lambda conn: outbox.listed(conn, open_only=True)) == []
    assert await store.read(outbox.due, NOW + timedelta(days=1)) == []


async def test_due_knows_times_and_dependencies(store: Store) -> None:
    soon = NOW + timedelta(seconds=5)
    for item in (
        job("held", JobState.HELD, held_until=soon),
        job("queued"),
        job("waits", not_before=soon),
        job("unknown", JobState.UNKNOWN),
        job("sending", JobState.SENDING),
        job("asks", JobState.NEEDS_PERSON),
        job("second", depends_on="queued"),
    ):
        await store.write(outbox.add, item)

    async def due(at: datetime) -> list[str]:
        return [item.job_id for item in await store.read(outbox.due, at)]

    assert await due(NOW) == ["queued", "unknown", "sending"]
    assert await due(soon) == ["held", "queued", "waits", "unknown", "sending"]
    await store.write(
        lambda tx: outbox.move(
            tx, "queued", expect=JobState.QUEUED, to=JobState.CONFIRMED, words="Created", result=b"7"
        )
    )
    assert await due(NOW) == ["unknown", "sending", "second"]
    assert [item.job_id for item in await store.read(outbox.listed)] == [
        "second", "asks", "sending", "unknown", "waits", "queued", "held",
    ]  # fmt: skip
    assert len(await store.read(lambda conn: outbox.listed(conn, limit=2))) == 2


async def test_what_jobs_have_made_is_known_however_long_ago(store: Store) -> None:
    def confirmed(name: str, vendor_id: str, **fields: object) -> Job:
        return job(name, JobState.CONFIRMED, result=msgspec.json.encode(JobResult(vendor_id=vendor_id)), **fields)

    def promise(tx: Tx) -> None:
        outbox.add(tx, confirmed("old", "501"))
        for number in range(400):
            outbox.add(tx, confirmed(f"j{number}", str(1000 + number)))
        outbox.add(tx, confirmed("elsewhere", "7", connection_id="c2"))
        outbox.add(tx, confirmed("other kind", "8", kind=JobKind.CREATE_PATIENT))
        outbox.add(tx, confirmed("nobody knows", ""))
        outbox.add(tx, job("open"))

    await store.write(promise)
    made = await store.read(outbox.made, "c1", JobKind.BOOK_VISIT, "j0")
    assert made == {"501", *(str(1000 + number) for number in range(1, 400))}
    assert [item.job_id for item in await store.read(outbox.unfinished)] == ["open"]
