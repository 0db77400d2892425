"""Nothing readable reaches the disk: not the file, not its log, not a temporary file."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from app.model.accounts import AuditAction, AuditDraft
from app.model.clock import FixedClock
from app.model.errors import StoreError
from app.store import drafts, patients, sealed, visits
from app.store.store import Reader, Store
from app.store.tx import Tx

from .conftest import KEY, person, visit

MARKS = (b"Marigold", b"Fenwick", b"marigold", b"555-0199", b"5550199", b"knee pain", b"W778899", b"sealed-cookie")


def readable(folder: Path) -> list[tuple[str, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [(path.name, mark) for path in files for mark in MARKS if mark in path.read_bytes()]


async def test_nothing_readable_on_disk_while_open_and_after(
    tmp_path: Path, practice: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    people = [
        person(str(n), "Marigold", "Fenwick", phone="555-0199", member_ids=("W778899",), notes="knee pain" * 50)
        for n in range(2000)
    ]
    await practice.write(patients.save_all, "c1", people)
    await practice.write(visits.save, "c1", visit("a", reason="knee pain"))
    await practice.write(drafts.put, "a1", "patient", b"Marigold Fenwick")
    await practice.write(sealed.put, "c1", "browser", b"sealed-cookie")
    await practice.write(Tx.audit, AuditDraft(action=AuditAction.CHANGE, before="Marigold", after="Fenwick"))
    names = {path.name for path in tmp_path.iterdir()}
    assert "daybook.db-wal" in names
    assert readable(tmp_path) == []

    def sorts_much(connection: Reader) -> int:
        rows = connection.execute("SELECT value FROM patients ORDER BY value || local_id")
        rows.fetchone()
        assert readable(tmp_path) == []
        return len(rows.fetchall())

    assert await practice.read(sorts_much) == 1999
    await practice.close()
    assert readable(tmp_path) == []
    assert {path.name for path in tmp_path.iterdir()} == {"daybook.db"}
    if os.name == "posix":
        assert practice.path.stat().st_mode & 0o077 == 0


async def test_failures_name_no_patient(
    practice: Store, clock: FixedClock, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    await practice.maintain(
        lambda c: c.execute(f"PRAGMA max_page_count = {c.execute('PRAGMA page_count').fetchone()[0]}")
    )
    people = [person(str(n), "Marigold", "Fenwick", notes="knee pain" * 50) for n in range(500)]
    with pytest.raises(StoreError) as caught:
        await practice.write(patients.save_all, "c1", people)
    await practice.close()
    with pytest.raises(StoreError):
        await Store.open(practice.path, b"y" * len(KEY), clock=clock)
    said = f"{caught.value} {caught.value.as_dict()} {caught.value.detail} {caught.value.__cause__!r} {caplog.text}"
    out, err = capfd.readouterr()
    assert not [mark for mark in MARKS if mark.decode() in said + out + err]
