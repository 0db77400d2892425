from __future__ import annotations

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.accounts import AuditAction, AuditDraft
from app.model.clock import FixedClock
from app.model.errors import SetupError, StoreError
from app.store import audit, chain
from app.store.audit import AuditVerdict
from app.store.audit_head import AuditHead, HeadKeeper
from app.store.database import Reader
from app.store.keys import MemoryKeyRing
from app.store.store import Store
from app.store.tx import Tx

from .conftest import NOW


async def written(store: Store, clock: FixedClock, lines: int = 10) -> None:
    for number in range(lines):
        clock.advance(60)
        draft = AuditDraft(
            action=AuditAction.VIEW if number % 2 else AuditAction.SEARCH,
            actor_id=f"a{number % 3}",
            actor_name="Rosa",
            patient_id="p1" if number % 5 == 0 else "",
            before="{}",
            after='{"x": "ü🩺"}',
        )
        await store.write(Tx.audit, draft)


def tampered(connection: Reader, sql: str) -> None:
    """What somebody with the key and a database tool could do."""
    for trigger in ("audit_is_not_changed", "audit_is_not_shortened", "audit_is_not_filled_in"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(sql)


async def test_lines_are_numbered_dated_and_filtered(store: Store, clock: FixedClock) -> None:
    await written(store, clock)
    lines = await store.read(audit.entries)
    assert [line.sequence for line in lines] == list(range(10, 0, -1))
    assert lines[-1].at == NOW + timedelta(minutes=1)

    async def numbers(**filters: Any) -> list[int]:
        found = await store.read(lambda conn: audit.entries(conn, **filters))
        return [line.sequence for line in found]

    assert await numbers(actor_id="a0") == [10, 7, 4, 1]
    assert await numbers(patient_id="p1") == [6, 1]
    assert await numbers(action=AuditAction.VIEW) == [10, 8, 6, 4, 2]
    assert await numbers(since=NOW + timedelta(minutes=3), until=NOW + timedelta(minutes=5)) == [4, 3]
    assert await numbers(limit=3, before_sequence=8) == [7, 6, 5]
    assert await numbers(action=AuditAction.VIEW, actor_id="a1", limit=1) == [8]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET after = ''",
        "DELETE FROM audit WHERE sequence = 10",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT 99, at, '', '', action, '', '', '', '', '', '', digest FROM audit WHERE sequence = 1",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE sequence = 1",
    ],
)
async def test_the_log_only_grows(store: Store, clock: FixedClock, sql: str) -> None:
    await written(store, clock)
    before = await store.read(audit.entries)
    with pytest.raises(StoreError):
        await store.write(lambda tx: tx.connection.execute(sql))
    assert await store.read(audit.entries) == before


async def verdict_after(store: Store, sql: str) -> AuditVerdict:
    head = await store.read(audit.head)
    await store.maintain(tampered, sql)
    return await store.read(audit.verify, head)


@pytest.mark.parametrize(
    ("sql", "broken_at"),
    [
        ("UPDATE audit SET after = '{}' WHERE sequence = 4", 4),
        ("UPDATE audit SET at = at + 1 WHERE sequence = 1", 1),
        ("UPDATE audit SET actor_id = 'rosa', actor_name = '' WHERE sequence = 7", 7),
        ("DELETE FROM audit WHERE sequence = 5", 5),
        ("DELETE FROM audit WHERE sequence <= 3", 1),
        ("DELETE FROM audit WHERE sequence > 7", 8),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET sequence = 100 WHERE sequence = 10", 10),
        ("UPDATE audit SET before = after, after = before WHERE sequence = 2", 2),
    ],
)
async def test_tampering_is_found_at_its_place(store: Store, clock: FixedClock, sql: str, broken_at: int) -> None:
    await written(store, clock)
    assert (await store.read(audit.verify, await store.read(audit.head))).whole
    verdict = await verdict_after(store, sql)
    assert (verdict.whole, verdict.broken_at) == (False, broken_at)


async def test_a_tail_cut_and_grown_again_is_found(store: Store, clock: FixedClock) -> None:
    await written(store, clock)
    known = await store.read(audit.head)
    await store.maintain(tampered, "DELETE FROM audit WHERE sequence > 6")
    await written(store, clock, 8)
    verdict = await store.read(audit.verify, known)
    assert (verdict.whole, verdict.broken_at) == (False, 10)


async def test_a_store_ahead_of_its_head_is_what_a_crash_leaves(store: Store, clock: FixedClock) -> None:
    await written(store, clock, 3)
    known = await store.read(audit.head)
    await written(store, clock, 4)
    verdict = await store.read(audit.verify, known)
    assert (verdict.whole, verdict.entries, verdict.head.sequence) == (True, 7, 7)
    assert (await store.read(audit.verify, AuditHead())).whole


async def test_a_head_that_is_gone_is_said(store: Store, clock: FixedClock) -> None:
    assert (await store.read(audit.verify, None)).whole
    await written(store, clock, 2)
    verdict = await store.read(audit.verify, None)
    assert not verdict.whole
    assert "end is not known" in verdict.words


async def test_a_finding_is_written_down(store: Store, clock: FixedClock) -> None:
    await written(store, clock)
    verdict = await verdict_after(store, "DELETE FROM audit WHERE sequence > 7")
    await store.write(audit.record_finding, verdict)
    (line,) = await store.read(lambda conn: audit.entries(conn, limit=1))
    assert (line.sequence, line.action, line.after) == (8, AuditAction.CHECK, verdict.words)


texts = st.text(max_size=8)


@given(st.tuples(texts, texts), st.tuples(texts, texts))
def test_digests_keep_fields_apart(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (chain.digest_of("", one) == chain.digest_of("", other)) == (one == other)
    assert chain.digest_of("", one) != chain.digest_of("a" * 64, one)


class CountingRing(MemoryKeyRing):
    def __init__(self) -> None:
        super().__init__()
        self.puts = 0
        self.broken = False

    def put(self, name: str, value: str) -> None:
        if self.broken:
            raise SetupError("This computer's keyring is locked.")
        self.puts += 1
        super().put(name, value)


async def test_heads_are_kept_off_the_loop_and_gathered(store: Store, clock: FixedClock) -> None:
    ring = CountingRing()
    keeper = HeadKeeper(ring, "s1", gather_seconds=0.1)
    assert keeper.load() is None
    store.keep_audit_head(keeper.keep)
    await written(store, clock, 50)
    await asyncio.to_thread(keeper.close)
    assert 1 <= ring.puts < 50
    assert HeadKeeper(ring, "s1").load() == await store.read(audit.head)
    assert HeadKeeper(ring, "s2").load() is None
    ring.put("daybook:s1:audit-head", "rubbish")
    unreadable = HeadKeeper(ring, "s1")
    assert (unreadable.load(), bool(unreadable.trouble)) == (None, True)


async def test_a_locked_keyring_is_remembered_and_tried_again(store: Store, clock: FixedClock) -> None:
    ring = CountingRing()
    keeper = HeadKeeper(ring, "s1", gather_seconds=0)
    store.keep_audit_head(keeper.keep)
    ring.broken = True
    await written(store, clock, 1)
    async with asyncio.timeout(60):
        while not keeper.trouble:
            await asyncio.sleep(0.005)
    ring.broken = False
    await written(store, clock, 1)
    await asyncio.to_thread(keeper.close)
    assert keeper.trouble == ""
    assert HeadKeeper(ring, "s1").load() == await store.read(audit.head)


def test_the_file_is_not_plain_sqlite(tmp_path: Path, store: Store) -> None:
    with pytest.raises(sqlite3.DatabaseError), sqlite3.connect(store.path) as plain:
        plain.execute("SELECT count(*) FROM audit")
    plain.close()
