"""Power cuts and failing disks: what was answered is kept, what was not is gone whole, and the file stays sound."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.model.clock import FixedClock
from app.model.errors import StoreError
from app.store import audit, integrity, outbox, patients, visits
from app.store.audit_head import AuditHead
from app.store.database import connect
from app.store.store import Reader, Store
from app.store.tx import Tx

from .conftest import DAY, KEY, NOW, person, visit

CHILD = Path(__file__).with_name("crash_child.py")
ROOT = Path(__file__).parents[2]


def promised(process: subprocess.Popen[str], seconds: float) -> int:
    """Kill the child after some work; the last job number it said was on disk."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    first = int(process.stdout.readline())
    time.sleep(seconds)
    process.kill()
    out, _ = process.communicate()
    lines = [line for line in out.split("\n")[:-1] if line]
    return int(lines[-1]) if lines else first


@pytest.mark.parametrize("seconds", [0.02, 0.05, 0.11, 0.17])
async def test_killed_in_a_write_loses_nothing_that_was_answered(
    practice: Store, clock: FixedClock, seconds: float
) -> None:
    await practice.close()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.crash_child", str(practice.path), KEY.hex()],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    number = promised(process, seconds)
    assert number > 0
    store = await Store.open(practice.path, KEY, clock=clock, create=False)
    jobs = await store.read(lambda conn: outbox.listed(conn, limit=100_000))
    lines = await store.read(lambda conn: audit.entries(conn, limit=100_000))
    assert number <= len(jobs) <= number + 1
    assert len(lines) == len(jobs)
    assert await store.read(patients.count) == 10 * len(jobs)
    assert (await store.read(audit.verify, AuditHead())).whole
    assert await store.read(lambda conn: integrity.problems(conn, deep=True)) == ()
    await store.close()


def work(tx: Tx) -> None:
    """A write that touches every kind of structure: tables, indexes, the search index, triggers."""
    patients.save_all(tx, "c1", [person(str(n), f"First{n}", "Changed", phone=f"555{n:07d}") for n in range(60)])
    visits.replace_window(tx, "c1", "1", DAY, DAY, [visit(f"v{n}", 8 + n % 10) for n in range(20)], NOW)


def contents(conn: Reader) -> list[object]:
    tables = ("patients", "visits", "schedule_days", "patient_index_docsize")
    return [conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]


async def test_whichever_step_of_a_write_fails_nothing_of_it_is_kept(practice: Store) -> None:
    """The Nth piece of work inside the database fails, for a spread of N up to the one that does not."""
    await practice.write(patients.save_all, "c1", [person(str(n), "First", f"Last{n}") for n in range(30)])
    before = await practice.read(contents)
    failures = 0
    for steps in range(1, 400, 3):
        budget = [steps]

        def spend(budget: list[int] = budget) -> int:
            budget[0] -= 1
            return int(budget[0] < 0)

        await practice.maintain(lambda conn, spend=spend: conn.set_progress_handler(spend, 200))
        try:
            await practice.write(work)
            break
        except StoreError:
            failures += 1
        finally:
            await practice.maintain(lambda conn: conn.set_progress_handler(None, 0))
        assert await practice.read(contents) == before
        assert await practice.read(integrity.problems) == ()
    assert failures > 10
    await practice.write(work)
    assert await practice.read(contents) != before


async def test_whichever_page_the_disk_refuses_nothing_of_the_write_is_kept(practice: Store) -> None:
    await practice.write(patients.save_all, "c1", [person(str(n), "First", f"Last{n}") for n in range(30)])
    before = await practice.read(contents)
    pages = await practice.maintain(lambda conn: conn.execute("PRAGMA page_count").fetchone()[0])
    failures = 0
    for more in range(40):
        await practice.maintain(lambda conn, n=pages + more: conn.execute(f"PRAGMA max_page_count = {n}"))
        with contextlib.suppress(StoreError):
            await practice.write(work)
            break
        failures += 1
        assert await practice.read(contents) == before
        assert await practice.read(integrity.problems) == ()
    assert 0 < failures < 40
    assert await practice.read(contents) != before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_disk_that_refuses_bytes_in_the_middle(tmp_path: Path) -> None:
    """A real write(2) fails: the operating system refuses to let the log grow."""
    code = """
import resource, signal, sys
from pathlib import Path
from app.store.database import connect, DatabaseFailure, failure_in_words
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
c = connect(Path(sys.argv[1]), bytes(32), writer=True, create=True)
c.execute("CREATE TABLE t (x)")
c.execute("INSERT INTO t VALUES (1)")
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    c.execute("BEGIN IMMEDIATE")
    for _ in range(1000):
        c.execute("INSERT INTO t VALUES (randomblob(4000))")
    c.execute("COMMIT")
except DatabaseFailure as failure:
    print(failure_in_words(failure).happened)
"""
    path = tmp_path / "small.db"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() in {"The disk is full.", "The store's file could not be read or written."}
    assert done.stderr == ""
    again = connect(path, bytes(32), writer=True)
    assert again.execute("SELECT count(*) FROM t").fetchone()[0] == 1
    assert again.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    again.close()
