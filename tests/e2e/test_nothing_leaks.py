"""A booking by the real program: the patient's name is nowhere but in the window and the encrypted store."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_booking_leaves_no_readable_trace(tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("data", "temp", "home", "cache")}
    for folder in folders.values():
        folder.mkdir()
    places = {
        "DAYBOOK_HOME": folders["data"],
        "TMPDIR": folders["temp"],
        "TEMP": folders["temp"],
        "TMP": folders["temp"],
        "SQLITE_TMPDIR": folders["temp"],
        "HOME": folders["home"],
        "XDG_CACHE_HOME": folders["cache"],
        "XDG_CONFIG_HOME": folders["home"],
        "XDG_DATA_HOME": folders["home"],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.canary_child"],
        cwd=ROOT,
        env={**os.environ, **{name: str(path) for name, path in places.items()}, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    marks = [line.removeprefix("canary ").encode() for line in done.stdout.decode().splitlines()]
    marks = [mark for mark in marks if mark]
    assert len(marks) == 5, "the run did not come to its end"
    looked = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"daybook.log", "daybook.store"} <= {path.name for path in looked}
    assert any(b"unexpected error" in path.read_bytes() for path in looked if path.name == "daybook.log")
    forms = [form for mark in marks for form in (mark, mark.lower(), mark.decode().encode("utf-16-le"))]
    found = [(path.name, form) for path in looked for form in forms if form in path.read_bytes()]
    assert found == []
    named = [path.name for path in tmp_path.rglob("*") if any(mark.decode() in path.name for mark in marks)]
    assert named == []
    assert not [form for form in forms if form in done.stderr]
