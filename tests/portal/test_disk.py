"""Nothing readable on disk: the profile and the temporary folder are searched for what passed through the browser."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from app.model.clock import FixedClock
from tests.portal.conftest import NOW, context
from tests.portal.little import PASSWORD, Little, Person, site
from tests.portal.test_session import look_up
from tests.portal.test_writes import _download, rename
from vendors.portal import private_dir
from vendors.portal.engine import Engine
from vendors.portal.private_dir import PREFIX, PrivateDir, sweep
from vendors.portal.session import PortalSession
from vendors.portal.tab import Tab

CANARY = "Quillfeather-canary-8842"


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder whose name leaves room for a socket's below it, however long that of the usual one is."""
    with tempfile.TemporaryDirectory(prefix="t", dir=min(private_dir._places(), key=len)) as made:
        yield Path(made)


def _files_with(folder: Path, words: list[bytes]) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            # Chromium's own texts may be UTF-16.
            found += [path.name for word in words if word in content or word.decode().encode("utf-16-le") in content]
    return found


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_readable_is_left_anywhere(
    little: Little, short_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path = short_path
    for name in ("TMPDIR", "TMP", "TEMP"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    little.names["7"] = f"{CANARY} Fennimore 7"
    little.file = f"PK {CANARY}".encode() * 1000
    little.extra = f"<script>localStorage.setItem('kept', '{CANARY}'); sessionStorage.setItem('k', '{CANARY}')</script>"
    words = [CANARY.encode(), PASSWORD.encode()]

    async def page_through(tab: Tab) -> None:
        for key in little.names:
            await Person.open(tab, f"/people/{key}")

    engine = Engine(FixedClock(NOW))
    desk = PortalSession(context(little.url), site(little.url), engine=engine)
    await desk.run("look_up", look_up)
    await desk.run("page_through", page_through)
    await desk.run("download", _download)
    await desk.run("rename", rename, is_write=True)
    own = [path for path in tmp_path.iterdir() if path.name.startswith(PREFIX)]
    assert any((path / "profile").exists() for path in own)
    if sys.platform != "win32":
        assert all(path.stat().st_mode & 0o077 == 0 for path in own)
    assert _files_with(tmp_path, words) == []
    await desk.close()
    assert not engine.is_running
    assert list(tmp_path.iterdir()) == []


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
async def test_a_browser_starts_below_a_folder_with_a_long_name(
    little: Little, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A socket's name has some hundred bytes; without room for it no browser would start."""
    long = tmp_path / ("a folder for temporary files with a long name, " * 4)
    long.mkdir()
    for name in ("TMPDIR", "TMP", "TEMP"):
        monkeypatch.setenv(name, str(long))
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    engine = Engine(FixedClock(NOW))
    desk = PortalSession(context(little.url), site(little.url), engine=engine)
    assert await desk.run("look_up", look_up)
    assert engine._private is not None
    own = engine._private.path
    if sys.platform != "win32":
        assert own.parent != long
        assert own.stat().st_mode & 0o777 == 0o700
    await desk.close()
    assert not own.exists()
    assert not own.with_suffix(".lock").exists()
    assert list(long.iterdir()) == []


def _left_by_a_killed_program(temporary: Path) -> Path:
    script = (
        "import os, tempfile; tempfile.tempdir = r'" + str(temporary) + "';"
        "from vendors.portal.private_dir import PrivateDir; made = PrivateDir.make(); print(made.path, flush=True);"
        "(made.path / 'profile' / 'Cookies').write_text('x'); os._exit(9)"
    )
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, cwd=root, timeout=120, capture_output=True, text=True, check=False)
    return Path(ran.stdout.strip())


def test_what_a_killed_program_left_is_swept(short_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(short_path))
    living = PrivateDir.make()
    assert _left_by_a_killed_program(short_path).parent == short_path
    assert len(list(short_path.glob(f"{PREFIX}*.lock"))) == 2
    assert sweep() >= 1
    assert living.path.exists()
    living.remove()
    assert list(short_path.iterdir()) == []


def test_another_program_s_sweep_comes_between(short_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds the new lock for a moment, or has just taken it away: another one is made."""
    monkeypatch.setattr(tempfile, "tempdir", str(short_path))
    tries, hold = 0, private_dir._hold

    def disturbed(lock: BinaryIO) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise OSError
        hold(lock)
        if tries == 2 and sys.platform != "win32":
            next(short_path.iterdir()).unlink()

    monkeypatch.setattr(private_dir, "_hold", disturbed)
    made = PrivateDir.make()
    assert {path.suffix for path in short_path.iterdir()} == {"", ".lock"}
    made.remove()
    assert list(short_path.iterdir()) == []


def test_what_was_left_in_a_place_of_a_short_name_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("long " * 30)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    left = _left_by_a_killed_program(long)
    assert (left / "profile" / "Cookies").exists()
    sweep()
    assert not left.exists()
    assert not left.with_suffix(".lock").exists()
