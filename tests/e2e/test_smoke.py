"""``daybook demo --smoke`` from source: every step ok, in its time, with nothing on standard error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_main_job_through_the_real_screens(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "demo", "--smoke"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    failed = [step for step in steps if not step["ok"]]
    assert failed == [], done.stderr
    assert done.returncode == 0
    names = {step["step"] for step in steps}
    assert {"find a slot", "book it", "see it on the grid", "slot taken meanwhile", "lock and unlock"} <= names
    clearing = {
        "claims go out and come back as reports",
        "a report that needs a person",
        "sign-in code by text message",
    }
    assert clearing | {"enrollments are read", "payer list is fetched", "a page is taken over"} <= names
    assert {"a visit is checked in on its page", "insurance is read when a patient is opened"} <= names


def test_an_unknown_command_is_told_in_words() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "dance"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "There is no command 'dance'." in done.stderr
    assert "daybook [command]" in done.stderr


def test_help_names_every_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    for command in ("demo", "sandbox", "call", "x12", "shots", "bench", "doctor"):
        assert f"  {command}" in done.stdout
