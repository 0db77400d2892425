"""Trouble before there is a store, told in a window to somebody who has no terminal to read it in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.main import cli, display

ROOT = Path(__file__).parents[2]

#: The real program, with a hand that presses the button named, once the window says what is wrong.
_HAND = """
import sys
from pathlib import Path
from app.main import display, window_command
from app.main.program import make_application
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

folder, press = Path(sys.argv[1]), sys.argv[2]
display.is_only_to_be_told_there = lambda: True
app = make_application(offscreen=True)

def look():
    for window in QApplication.topLevelWidgets():
        words = " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisibleTo(window))
        if window.isVisible() and folder.is_file() and "cannot make its folder" in words:
            print("told", flush=True)
            folder.unlink()
            next(each for each in window.findChildren(QAbstractButton) if press in each.accessibleName()).click()
        elif window.isVisible() and "Choose a passphrase" in words:
            print("open", flush=True)
            window.close()

timer = QTimer(interval=20, timeout=look)
timer.start()
sys.exit(window_command.run(["--data-dir", str(folder)]))
"""


@pytest.mark.parametrize(("press", "said"), [("Close Daybook", "told"), ("Try again", "told open")])
def test_a_folder_that_cannot_be_made_is_told_in_a_window(tmp_path: Path, press: str, said: str) -> None:
    folder = tmp_path / "daybook"
    folder.write_text("in the way")
    ended = subprocess.run(
        [sys.executable, "-c", _HAND, str(folder), press],
        cwd=ROOT,
        env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.stdout.split(), ended.returncode) == (said.split(), 1)
    assert "Traceback" not in ended.stderr


def test_a_desktop_program_without_standard_error_still_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setattr(sys, "stderr", None)
    assert display.is_only_to_be_told_there()
    cli.say(display.unusable())
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert not display.is_only_to_be_told_there()
