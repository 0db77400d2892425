from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.model.clock import FixedClock
from app.model.errors import StoreError
from app.model.outbox import JobState
from app.store import accounts, audit, coverage, integrity, migrations, outbox, patients, settings, visits
from app.store.audit_head import AuditHead
from app.store.database import Reader, connect
from app.store.store import Store

from .conftest import DAY, KEY
from .freeze import FOLDER

FROZEN = sorted(FOLDER.glob("*.db"))


def schema_of(connection: Reader) -> dict[str, str]:
    rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE '_sqlite_migrations%'")
    return dict(rows.fetchall())


def test_each_release_left_a_frozen_store() -> None:
    assert [path.stem for path in FROZEN] == [name for name, _ in migrations.STEPS]


@pytest.mark.parametrize("frozen", FROZEN, ids=lambda path: path.stem)
async def test_a_released_store_opens_with_all_that_was_promised(
    frozen: Path, tmp_path: Path, clock: FixedClock
) -> None:
    path = tmp_path / "daybook.db"
    shutil.copy(frozen, path)
    store = await Store.open(path, KEY, clock=clock, create=False)
    job = await store.read(outbox.get, "j1")
    assert job is not None
    assert (job.state, job.evidence, len(job.history)) == (JobState.UNKNOWN, b"[1]", 1)
    (jane,) = await store.read(patients.search, "smi j 4567")
    (row,) = await store.read(visits.on_day, DAY)
    assert (row.patient_id, row.patient_name) == (jane.local_id, "Jane Smith")
    copy = await store.read(coverage.of_patient, "c1", "1")
    assert [each.value.member_id for each in copy.policies] == ["HL-77"] if copy else frozen.stem < "m0003"
    assert await store.read(accounts.password_hash, "a1") == "$argon2id$frozen"
    assert await store.read(settings.get, "practice", "theme") == b'"dark"'
    assert (await store.read(audit.verify, AuditHead())).whole
    assert await store.read(lambda conn: integrity.problems(conn, deep=True)) == ()
    upgraded = await store.read(schema_of)
    await store.close()
    fresh = await Store.open(tmp_path / "fresh.db", KEY, clock=clock)
    assert await fresh.read(schema_of) == upgraded
    await fresh.close()


@pytest.fixture
def two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    later = ("m9999_later", ("CREATE TABLE later (x)", "INSERT INTO later VALUES (1)"))
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, later))
    monkeypatch.setattr(migrations, "VERSION", migrations.VERSION + 1)


async def test_a_copy_is_made_before_the_first_step_of_a_start(
    practice: Store, clock: FixedClock, two_steps: None
) -> None:
    await practice.write(settings.put, "practice", "x", b"1")
    await practice.close()
    old = migrations.VERSION - 1
    store = await Store.open(practice.path, KEY, clock=clock)
    assert await store.read(lambda conn: conn.execute("SELECT x FROM later").fetchall()) == [(1,)]
    await store.close()
    copy = practice.path.with_name(f"daybook.db.before-{migrations.VERSION}")
    assert copy.read_bytes()[:15] != b"SQLite format 3"
    kept = connect(copy, KEY, writer=False)
    assert kept.execute("PRAGMA user_version").fetchone()[0] == old
    assert settings.get(kept, "practice", "x") == b"1"
    kept.close()


async def test_a_failing_step_leaves_the_store_as_it_was(
    practice: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await practice.close()
    broken = ("m9999_broken", ("CREATE TABLE half (x)", "INSERT INTO nowhere VALUES (1)"))
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", (*migrations.STEPS, broken))
        patch.setattr(migrations, "VERSION", migrations.VERSION + 1)
        with pytest.raises(StoreError):
            await Store.open(practice.path, KEY, clock=clock)
    again = await Store.open(practice.path, KEY, clock=clock)
    assert "half" not in await again.read(schema_of)
    assert await again.read(integrity.problems) == ()
    await again.close()


async def test_steps_can_be_stopped_between(tmp_path: Path, clock: FixedClock, two_steps: None) -> None:
    path = tmp_path / "daybook.db"
    connection = connect(path, KEY, writer=True, create=True)
    migrations.bring_up_to_date(connection, path, stop_before="m9999_later")
    assert connection.execute("PRAGMA user_version").fetchone()[0] == migrations.VERSION - 1
    assert "later" not in schema_of(connection)
    connection.close()
    store = await Store.open(path, KEY, clock=clock)
    assert "later" in await store.read(schema_of)
    await store.close()


async def test_opening_a_current_store_loads_no_tool_it_does_not_need(practice: Store) -> None:
    """Migration tool, keyring and sealing cost a quarter of a second together: none is on the way to the window."""
    await practice.close()
    code = (
        "import asyncio, sys; from pathlib import Path; from app.model.clock import SystemClock\n"
        "from app.store import patients, visits; from app.store.store import Store\n"
        "async def main():\n"
        "    store = await Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), clock=SystemClock())\n"
        "    await store.read(patients.newest)\n"
        "    await store.close()\n"
        "asyncio.run(main())\n"
        "print(sorted({'sqlite_utils', 'keyring', 'cryptography', 'argon2'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(practice.path), KEY.hex()], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
