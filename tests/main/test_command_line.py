"""What the command line does with what cannot be: words, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.main.cli import main


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bogus"], "There is no command"),
        (["demo", "--faults", "zzz"], "not a fault"),
        (["demo", "--now", "yesterday"], "invalid moment"),
        (["sandbox", "--port", "99999"], "a port lies between"),
        (["sandbox", "--faults", "zzz"], "not a fault"),
        (["shots", "pictures", "--scale", "40"], "a scale lies between"),
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
