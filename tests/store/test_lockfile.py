from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.model.errors import SetupError
from app.store.lockfile import StoreLock

CHILD = """
import sys
from pathlib import Path
from app.store.lockfile import StoreLock
lock = StoreLock(Path(sys.argv[1]))
print("got" if lock.acquire("socket-7") else "held by " + lock.holders_note(), flush=True)
sys.stdin.read()
"""


def child(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_one_process_holds_a_store_and_leaves_it_when_it_dies(tmp_path: Path) -> None:
    path = tmp_path / "daybook.lock"
    holder = child(path)
    try:
        assert first_line(holder) == "got"
        mine = StoreLock(path)
        assert not mine.acquire("me")
        assert mine.holders_note() == "socket-7"
    finally:
        holder.kill()
        holder.communicate()
    with StoreLock(path) as lock:
        assert lock.acquire("me")
        assert lock.acquire("me")
        second = child(path)
        assert first_line(second) == "held by me"
        second.communicate()
    third = child(path)
    assert first_line(third) == "got"
    third.communicate()


def test_a_folder_that_lets_nothing_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot write into its folder"):
        StoreLock(tmp_path / "no such folder" / "daybook.lock").acquire("me")
