"""What the first paint waits for, and what it does not."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

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


_QT_IN_WORDS = """
import sys
from app.main.qt_import import _PutOff, import_qt
import_qt()
from PySide6.QtCore import QObject
put_off = {one for one in sys.modules.values() if isinstance(one, _PutOff)}
print(len(put_off), any("__file__" in vars(one) for one in put_off))
try:
    QObject().setObjectName(5)
except TypeError as error:
    print("setObjectName(name: str" in str(error))
from shibokensupport.signature import parser
print("__file__" in vars(parser), hasattr(parser, "nothing"))
"""


def test_what_puts_qt_in_words_is_there_when_it_is_asked_for() -> None:
    assert _said(_QT_IN_WORDS).split() == ["5", "False", "True", "True", "False"]


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
    yield
    gc.unfreeze()
    gc.enable()
    collecting._State.rested, collecting._State.looking = False, True


def test_the_collector_rests_until_the_window_stands(collector: None) -> None:
    looks: list[dict[str, int]] = []

    def seen(phase: str, told: dict[str, int]) -> None:
        if phase == "start":
            looks.append(told)

    gc.callbacks.append(seen)
    try:
        collecting.rest()
        kept = [[number] for number in range(20_000)]
        collecting.look()
        assert looks == [], "while starting nothing is looked for"
        collecting.settle()
        assert gc.get_freeze_count() > 0
        collecting.look()
        kept += [[number] for number in range(20_000)]
        collecting.look()
        assert [told["generation"] for told in looks][:1] == [0]
        assert not gc.isenabled(), "Python by itself never looks"
    finally:
        gc.callbacks.remove(seen)


def test_a_second_window_is_not_set_apart(collector: None) -> None:
    gc.unfreeze()
    collecting.settle()
    assert gc.get_freeze_count() == 0


class Knot:
    """Garbage only the collector finds; it tells in which thread it was found."""

    found: ClassVar[list[int]] = []

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Knot.found.append(threading.get_ident())


def test_garbage_of_every_thread_is_found_in_the_windows_own(collector: None, qapp: QApplication, qtbot: QtBot) -> None:
    """What Qt owns must not be destroyed in a thread of the store: Qt crashes."""
    Knot.found.clear()
    gc.collect()
    timer = collecting.keep_to_this_thread(qapp)

    def make() -> None:
        for _ in range(20_000):
            Knot()

    workers = [threading.Thread(target=make) for _ in range(3)]
    for worker in workers:
        worker.start()
    qtbot.waitUntil(lambda: len(Knot.found) >= 50_000, timeout=60_000)
    for worker in workers:
        worker.join()
    timer.stop()
    timer.deleteLater()
    assert set(Knot.found) == {threading.get_ident()}
