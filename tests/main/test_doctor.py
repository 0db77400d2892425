"""What ``daybook doctor`` says of a store in the real keyring, whole and spoilt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.main.doctor_command import Finding, Health, in_folder
from app.main.house import House
from app.store.database import connect
from app.store.keyring_os import OsKeyRing
from tests.main.computer import Computer

pytestmark = pytest.mark.skipif(not os.environ.get("DAYBOOK_TEST_KEYRING"), reason="run through tests/with-keyring.sh")


def _nothing(file: Path, key: bytes) -> None:
    """It stays whole."""


def _cut(file: Path, key: bytes) -> None:
    """As somebody would who has the key and knows how the log guards itself."""
    connection = connect(file, key, writer=True)
    for (trigger,) in list(
        connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'")
    ):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)")
    connection.close()


def _newer(file: Path, key: bytes) -> None:
    connection = connect(file, key, writer=True)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()


def _middle(file: Path, key: bytes) -> None:
    raw = bytearray(file.read_bytes())
    half = len(raw) // 2
    raw[half : half + 4096] = bytes(4096)
    file.write_bytes(raw)


@pytest.mark.parametrize(
    ("spoil", "name", "health", "words"),
    [
        (_nothing, "Store", Health.GOOD, "Whole"),
        (_cut, "Audit log", Health.BAD, "The end of the audit log was cut"),
        (_newer, "Store", Health.BAD, "newer Daybook"),
        (_middle, "Store", Health.BAD, "Damaged pages"),
    ],
    ids=["whole", "cut", "newer", "damaged"],
)
async def test_the_store_is_looked_into(
    spoil: Callable[[Path, bytes], None], name: str, health: Health, words: str, tmp_path: Path
) -> None:
    house = await _practice(tmp_path)
    spoil(tmp_path / "daybook.store", house.keys.key)
    found: dict[str, Finding] = {one.name: one for one in in_folder(str(tmp_path))}
    assert (found[name].health, words in found[name].words) == (health, True), found[name]
    assert bool(found[name].remedy) == (health is Health.BAD)


def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    (disk,) = (one for one in in_folder(str(tmp_path)) if one.name == "Disk")
    assert (disk.health, disk.words) == (Health.BAD, f"Daybook may not write into {tmp_path}.")


async def _practice(folder: Path) -> House:
    house, _ = await Computer(folder, OsKeyRing.find()).open()
    await house.accounts.first_admin("Rosa Mallow", "rosa", "a quiet morning")
    await house.close()
    return house
