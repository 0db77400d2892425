"""What the first paint waits for, and what it does not."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from app.main import collecting
from app.main.later import later

_FIRST = "app.main.house, app.main.program, ui.shell.window, ui.screens.schedule.screen, app.desk.schedule"
_AFTER = (
    "httpx", "argon2", "keyring", "cryptography", "importlib.metadata", "app.connect", "vendors", "app.desk.booking",
    "app.desk.accounts", "ui.screens.book_visit.panel", "ui.screens.patients", "ui.shell.palette", "ui.shell.lock",
)  # fmt: skip


def _said(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()


def test_the_first_screen_brings_nothing_of_what_comes_later() -> None:
    program = f"import sys, {_FIRST}; print(*(name for name in {_AFTER!r} if name in sys.modules))"
    assert _said(program) == ""


def test_python_keeps_its_own_import_function() -> None:
    program = (
        "import builtins; own = builtins.__import__; from app.main.qt_import import import_qt; import_qt(); "
        "from PySide6.QtCore import QObject; print(builtins.__import__ is own, QObject().objectName() == '')"
    )
    assert _said(program) == "True True"


def test_later_makes_it_once_and_not_before_it_is_asked() -> None:
    made: list[list[int]] = []

    def make() -> list[int]:
        made.append([3, 1, 2])
        return made[-1]

    numbers = later(make)
    assert made == []
    numbers.sort()
    numbers.append(4)
    assert made == [[1, 2, 3, 4]]


@pytest.fixture
def collector() -> Iterator[None]:
    """The collector as it was, afterwards."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)
    gc.enable()


def test_the_collector_rests_until_the_window_stands(collector: None) -> None:
    collecting.rest()
    assert not gc.isenabled()
    collecting.settle()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_a_second_window_is_not_set_apart(collector: None) -> None:
    gc.unfreeze()
    collecting.settle()
    assert gc.get_freeze_count() == 0
