"""A display that is named and does not answer is told in our words, by the window and by the check-up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.main import display
from app.model.errors import SetupError

ROOT = Path(__file__).parents[2]
DEAD = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": "127.0.0.1:9", "WAYLAND_DISPLAY": ""}

needs_x = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="no X display there")


def daybook(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.main", *arguments], cwd=ROOT, env={**os.environ, **DEAD},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@needs_x
def test_a_dead_display_is_told_in_our_words(tmp_path: Path) -> None:
    ended = daybook("--data-dir", str(tmp_path))
    assert ended.returncode == 1
    happened, *rest = ended.stderr.splitlines()
    assert happened == "No window can open on this display (DISPLAY=127.0.0.1:9, QT_QPA_PLATFORM=xcb)."
    assert not [line for line in rest if "Qt" in line or "xcb" in line]
    assert "- Start Daybook in a desktop session." in rest


@needs_x
def test_the_check_up_tries_a_window_and_goes_on_where_there_can_be_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = daybook("doctor", "--json", "--data-dir", str(tmp_path / "file" / "folder"))
    found = {one["name"]: one for one in map(json.loads, ended.stdout.splitlines())}
    assert (ended.returncode, found["Qt"]["health"], found["Window"]["health"]) == (1, "good", "bad")
    assert "No window can open on this display" in found["Window"]["words"]
    assert "cannot make its folder" in found["Folder"]["words"]


def test_where_there_is_no_display_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in DEAD:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(SetupError, match="There is no display here"):
        display.must_be_named()
    monkeypatch.setattr(sys, "platform", "darwin")
    display.must_be_named()
