from __future__ import annotations

import asyncio
import threading
from datetime import date
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from app.model.accounts import AuditAction, AuditDraft
from app.model.changes import Change, Kind
from app.model.clock import FixedClock
from app.model.errors import DaybookError, StoreError
from app.store import audit, patients, settings
from app.store.changes import merged
from app.store.database import Reader, connect
from app.store.store import Store
from app.store.tx import Tx

from .conftest import KEY, person


async def test_a_commit_is_durable_and_told_on_the_loop(store: Store) -> None:
    loop_thread = threading.get_ident()
    heard: list[tuple[int, tuple[Change, ...]]] = []
    store.subscribe(lambda changes: heard.append((threading.get_ident(), changes)))
    await store.write(settings.put, "practice", "theme", b'"dark"')
    assert heard == [(loop_thread, (Change(kind=Kind.SETTINGS, ids=frozenset({"practice/theme"})),))]
    assert await store.read(settings.get, "practice", "theme") == b'"dark"'


async def test_the_writer_runs_with_a_log_and_full_synchronisation(store: Store) -> None:
    def pragmas(connection: Reader) -> tuple[str, int, int, int]:
        one = lambda name: connection.execute(f"PRAGMA {name}").fetchone()[0]  # noqa: E731
        return one("journal_mode"), one("synchronous"), one("temp_store"), one("query_only")

    assert await store.maintain(pragmas) == ("wal", 2, 2, 0)
    mode, _, temp_store, query_only = await store.read(pragmas)
    assert (mode, temp_store, query_only) == ("wal", 2, 1)


async def test_a_failing_write_leaves_nothing_and_tells_nothing(store: Store) -> None:
    heard: list[object] = []
    store.subscribe(heard.append)

    def fails(tx: Tx) -> None:
        settings.put(tx, "practice", "half", b"1")
        tx.audit(AuditDraft(action=AuditAction.SETTING))
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        await store.write(fails)
    assert await store.read(settings.get, "practice", "half") is None
    assert await store.read(audit.entries) == []
    assert heard == []
    await store.write(settings.put, "practice", "after", b"1")


async def test_reads_see_one_snapshot_however_long_they_take(store: Store) -> None:
    await store.write(settings.put, "practice", "n", b"1")
    reading, written = threading.Event(), threading.Event()

    def slow(connection: Reader) -> tuple[bytes | None, bytes | None]:
        first = settings.get(connection, "practice", "n")
        reading.set()
        written.wait(60)
        return first, settings.get(connection, "practice", "n")

    pending = asyncio.create_task(store.read(slow))
    await asyncio.to_thread(reading.wait, 60)
    await store.write(settings.put, "practice", "n", b"2")
    written.set()
    assert await pending == (b"1", b"1")
    assert await store.read(settings.get, "practice", "n") == b"2"


async def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError):
        await store.read(lambda connection: connection.execute("DELETE FROM settings"))


async def test_close_finishes_what_was_handed_over_and_then_refuses(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "daybook.db"
    store = await Store.open(path, KEY, clock=clock)
    writes = [asyncio.create_task(store.write(settings.put, "practice", str(n), b"1")) for n in range(50)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*writes)
    with pytest.raises(StoreError):
        await store.write(settings.put, "practice", "late", b"1")
    with pytest.raises(StoreError):
        await store.read(settings.get, "practice", "1")
    assert not path.with_name("daybook.db-wal").exists()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("store-")]
    again = await Store.open(path, KEY, clock=clock)
    assert [await again.read(settings.get, "practice", str(n)) for n in range(50)] == [b"1"] * 50
    await again.close()


async def test_a_cancelled_caller_does_not_undo_its_write(store: Store) -> None:
    gate = threading.Event()
    busy = asyncio.create_task(store.write(lambda tx: gate.wait(60)))
    write = asyncio.create_task(store.write(settings.put, "practice", "kept", b"1"))
    await asyncio.sleep(0.01)
    write.cancel()
    gate.set()
    await busy
    with pytest.raises(asyncio.CancelledError):
        await write
    await store.write(lambda tx: None)
    assert await store.read(settings.get, "practice", "kept") == b"1"


async def test_a_superseded_read_is_not_made(store: Store) -> None:
    gate = threading.Event()
    busy = [asyncio.create_task(store.read(lambda connection: gate.wait(60))) for _ in range(3)]
    await asyncio.sleep(0.01)
    made: list[int] = []
    superseded = asyncio.create_task(store.read(lambda connection: made.append(1)))
    await asyncio.sleep(0.01)
    superseded.cancel()
    gate.set()
    await asyncio.gather(*busy)
    with pytest.raises(asyncio.CancelledError):
        await superseded
    await store.read(lambda connection: None)
    assert made == []


async def test_changes_close_together_are_told_together(tmp_path: Path, clock: FixedClock) -> None:
    store = await Store.open(tmp_path / "daybook.db", KEY, clock=clock, gather_seconds=3600.0)
    heard: list[tuple[Change, ...]] = []
    unsubscribe = store.subscribe(heard.append)
    for number in range(20):
        await store.write(settings.put, "practice", str(number), b"1")
    await store.read(settings.get, "practice", "0")
    assert [names(changes) for changes in heard] == [{"practice/0"}]
    await store.close()
    assert [names(changes) for changes in heard[1:]] == [{f"practice/{number}" for number in range(1, 20)}]
    unsubscribe()


async def test_what_was_gathered_is_told_by_itself(tmp_path: Path, clock: FixedClock) -> None:
    store = await Store.open(tmp_path / "daybook.db", KEY, clock=clock, gather_seconds=0.01)
    told: set[str] = set()
    complete = asyncio.Event()

    def listen(changes: tuple[Change, ...]) -> None:
        told.update(names(changes))
        if len(told) == 20:
            complete.set()

    store.subscribe(listen)
    for number in range(20):
        await store.write(settings.put, "practice", str(number), b"1")
    async with asyncio.timeout(60):
        await complete.wait()
    await store.close()


def names(changes: tuple[Change, ...]) -> set[str]:
    return {name for change in changes for name in change.ids}


def test_merging_widens_and_never_narrows() -> None:
    one, two = date(2026, 3, 10), date(2026, 3, 11)
    day = [Change(kind=Kind.VISITS, days=frozenset({one})), Change(kind=Kind.VISITS, days=frozenset({two}))]
    assert merged(day) == (Change(kind=Kind.VISITS, days=frozenset({one, two})),)
    assert merged([*day, Change(kind=Kind.VISITS)]) == (Change(kind=Kind.VISITS),)
    apart = [Change(kind=Kind.VISITS, connection_id="a"), Change(kind=Kind.VISITS, connection_id="b")]
    assert merged(apart) == tuple(apart)
    many = [Change(kind=Kind.PATIENTS, ids=frozenset({str(n)})) for n in range(1000)]
    assert merged(many) == (Change(kind=Kind.PATIENTS),)


async def test_the_loop_goes_on_while_the_store_works(store: Store) -> None:
    gate = threading.Event()
    working = asyncio.create_task(store.write(lambda tx: gate.wait(60)))
    for _ in range(10):
        await asyncio.sleep(0.001)
    assert not working.done()
    gate.set()
    assert await working


# -- bad input -----------------------------------------------------------------------------------------------------


def words(error: DaybookError) -> str:
    assert error.happened
    assert error.means
    assert error.next_steps
    return error.happened


async def opening_fails(path: Path, key: bytes, clock: FixedClock, *, create: bool = True) -> StoreError:
    with pytest.raises(StoreError) as caught:
        await Store.open(path, key, clock=clock, create=create)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("store-")]
    return caught.value


async def test_a_wrong_key_is_said_and_changes_nothing(
    store: Store, clock: FixedClock, capfd: pytest.CaptureFixture[str]
) -> None:
    await store.close()
    before = store.path.read_bytes()
    error = await opening_fails(store.path, b"x" * 32, clock)
    assert words(error) == "The store did not open with this key."
    assert "length" in words(await opening_fails(store.path, b"short", clock))
    assert store.path.read_bytes() == before
    assert capfd.readouterr() == ("", "")


async def test_a_store_from_a_newer_version_is_refused(store: Store, clock: FixedClock) -> None:
    await store.maintain(lambda connection: connection.execute("PRAGMA user_version = 9999"))
    await store.close()
    before = store.path.read_bytes()
    error = await opening_fails(store.path, KEY, clock)
    assert words(error) == "This store was written by a newer Daybook."
    assert store.path.read_bytes() == before


async def test_no_store_is_said_where_none_may_be_made(tmp_path: Path, clock: FixedClock) -> None:
    error = await opening_fails(tmp_path / "none.db", KEY, clock, create=False)
    assert words(error) == "There is no store here."
    assert not (tmp_path / "none.db").exists()


async def test_a_folder_that_is_not_there_is_said(tmp_path: Path, clock: FixedClock) -> None:
    error = await opening_fails(tmp_path / "gone" / "daybook.db", KEY, clock)
    assert words(error) == "The store's file could not be read or written."


async def test_a_damaged_page_is_said(store: Store, clock: FixedClock, capfd: pytest.CaptureFixture[str]) -> None:
    for number in range(200):
        await store.write(settings.put, "practice", str(number), b"x" * 1000)
    await store.close()
    raw = bytearray(store.path.read_bytes())
    for at in range(len(raw) - 4096 * 30 + 100, len(raw), 4096):
        raw[at] ^= 0xFF
    store.path.write_bytes(bytes(raw))
    again = await Store.open(store.path, KEY, clock=clock)
    with pytest.raises(StoreError) as caught:
        for number in range(200):
            await again.read(settings.get, "practice", str(number))
    assert words(caught.value) in {"The store is damaged.", "The store's file could not be read or written."}
    await again.close()
    assert capfd.readouterr() == ("", "")


async def test_a_full_disk_loses_only_the_write_that_did_not_fit(store: Store) -> None:
    await store.write(settings.put, "practice", "before", b"1")
    await store.maintain(lambda c: c.execute(f"PRAGMA max_page_count = {c.execute('PRAGMA page_count').fetchone()[0]}"))
    with pytest.raises(StoreError) as caught:
        await store.write(settings.put, "practice", "big", b"x" * 1_000_000)
    assert words(caught.value) == "The disk is full."
    assert await store.read(settings.get, "practice", "before") == b"1"
    assert await store.read(settings.get, "practice", "big") is None
    await store.maintain(lambda c: c.execute("PRAGMA max_page_count = 4294967294"))
    await store.write(settings.put, "practice", "big", b"x" * 1_000_000)


async def test_another_program_in_the_store_is_said(store: Store) -> None:
    other = connect(store.path, KEY, writer=True)
    other.execute("BEGIN IMMEDIATE")
    await store.maintain(lambda connection: connection.execute("PRAGMA busy_timeout = 50"))
    with pytest.raises(StoreError) as caught:
        await store.write(settings.put, "practice", "x", b"1")
    assert words(caught.value) == "Another program is using the store."
    other.execute("ROLLBACK")
    other.close()
    await store.write(settings.put, "practice", "x", b"1")


async def test_a_write_holds_the_store_from_its_first_read_on(store: Store) -> None:
    other = connect(store.path, KEY, writer=True)
    other.execute("PRAGMA busy_timeout = 0")

    def reads_first(tx: Tx) -> bytes | None:
        before = settings.get(tx.connection, "practice", "n")
        with pytest.raises(dbapi2.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        settings.put(tx, "practice", "n", b"1")
        return before

    assert await store.write(reads_first) is None
    other.close()


async def test_no_words_carry_what_was_written(store: Store) -> None:
    def collides(tx: Tx) -> None:
        for _ in range(2):
            tx.connection.execute("INSERT INTO settings VALUES ('practice', 'Marigold Fenwick', x'00')")

    with pytest.raises(StoreError) as caught:
        await store.write(collides)
    error = caught.value
    assert "Marigold" not in f"{error} {error.as_dict()} {error.detail} {error.__cause__}"
    assert isinstance(error.__cause__, dbapi2.IntegrityError)


async def test_half_a_character_is_told_in_words_and_changes_nothing(practice: Store) -> None:
    """What was written before stays, a page of records is kept whole or not at all, and the store goes on."""
    await practice.write(patients.save, "c1", person("1", "Ana", "Lee"))
    with pytest.raises(StoreError, match="broken character") as told:
        await practice.write(patients.save_all, "c1", [person("2", "Bo", "Lee"), person("3", "C\ud83d", "Lee")])
    assert told.value.means and told.value.next_steps
    assert "Lee" not in str(told.value) and told.value.__cause__ is None
    assert [row.full_name() for row in await practice.read(patients.search, "lee")] == ["Ana Lee"]
