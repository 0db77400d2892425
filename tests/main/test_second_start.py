"""A second start raises the first window, whatever way the first one was hidden."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.main import window_command
from app.model.errors import SetupError
from app.store.lockfile import StoreLock

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0


def start(folder: Path) -> subprocess.Popen[str]:
    """``daybook`` as a person starts it, without a display."""
    return subprocess.Popen(
        [sys.executable, "-m", "app.main", "--data-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.qt_log_ignore("does not support")
def test_another_process_brings_the_window_back(qapp: QApplication, tmp_path: Path) -> None:
    name = window_command._server_name()
    window = QWidget()
    window.showMinimized()
    front = window_command._Front(qapp, name)
    front.opened = cast(Any, SimpleNamespace(window=window))
    lock = StoreLock(tmp_path / "daybook.lock")
    assert lock.acquire(name)
    with lock:
        second = start(tmp_path)
        end = time.monotonic() + PATIENCE_S
        while (second.poll() is None or window.isMinimized()) and time.monotonic() < end:
            qapp.processEvents()
            time.sleep(0.01)
        said, errors = second.communicate(timeout=PATIENCE_S)
    assert (second.returncode, said, errors) == (0, "", "")
    assert window.isVisible() and not window.isMinimized()
    front.server.close()
    front.server.deleteLater()
    window.close()
    window.deleteLater()
    qapp.processEvents()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["daybook.lock"], "the second one opened no store"


def test_a_first_one_that_hangs_is_told(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_command, "_ANSWER_WAIT_MS", 100)
    front = window_command._Front(qapp, window_command._server_name())
    with pytest.raises(SetupError, match="does not answer"):
        window_command._raise_first(front.server.serverName())
    front.server.close()
    front.server.deleteLater()
    qapp.processEvents()


def test_a_second_start_of_the_real_program_leaves_the_first_one_running(tmp_path: Path) -> None:
    first = start(tmp_path)
    try:
        end = time.monotonic() + PATIENCE_S
        while not StoreLock(tmp_path / "daybook.lock").holders_note() and time.monotonic() < end:
            assert first.poll() is None, first.communicate()
            time.sleep(0.05)
        while True:
            # Until the first one listens, a second one is told in words to wait a moment.
            second = start(tmp_path)
            said, errors = second.communicate(timeout=PATIENCE_S)
            if second.returncode == 0 or time.monotonic() > end:
                break
            assert "does not answer" in errors
        assert (second.returncode, said, errors) == (0, "", "")
        assert first.poll() is None
    finally:
        first.terminate()
        first.communicate(timeout=PATIENCE_S)
