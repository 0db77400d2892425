"""What the command line does with what cannot be: words, and never a traceback."""

from __future__ import annotations

import errno
import os
from importlib import import_module
from pathlib import Path

import pytest

from app.main.bench.command import BENCHMARKS
from app.main.cli import COMMANDS, main
from app.main.demo_command import DemoPlan, demo_house
from app.model.clock import SystemClock
from app.model.errors import SetupError


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bogus"], "There is no command"),
        (["demo", "--faults", "zzz"], "not a fault"),
        (["demo", "--now", "yesterday"], "invalid moment"),
        (["sandbox", "--port", "99999"], "a port lies between"),
        (["sandbox", "--faults", "zzz"], "not a fault"),
        (["shots", "pictures", "--scale", "40"], "a scale lies between"),
        (["shots", "pictures", "--only", "nothing"], "no picture's name contains"),
    ],
)
def test_what_is_not_understood(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status: object = main(arguments)
    except SystemExit as left:
        status = left.code
    assert status == 2
    assert words in capsys.readouterr().err


def test_pictures_where_no_folder_can_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["shots", str(tmp_path / "file" / "pictures")]) == 1
    assert "cannot make the folder" in capsys.readouterr().err


async def test_a_demo_does_not_begin_on_a_store(tmp_path: Path) -> None:
    (tmp_path / "daybook.store").touch()
    plan = DemoPlan(data_dir=str(tmp_path))
    with pytest.raises(SetupError, match="There is a store"):
        async with demo_house(plan, SystemClock()):
            pass


def test_a_full_disk_is_told_whatever_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(argv: list[str]) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("app.main.doctor_command.run", full)
    assert main(["doctor"]) == 1
    assert "A file could not be read or written." in capsys.readouterr().err


def test_every_command_and_benchmark_is_where_it_is_looked_for() -> None:
    named = [(module, "run") for module, _ in COMMANDS.values()] + [*BENCHMARKS.values(), ("app.main.bench.x12", "run")]
    assert [name for name, function in named if not callable(getattr(import_module(name), function, None))] == []
