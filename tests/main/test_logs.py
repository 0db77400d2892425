"""Nothing about a person reaches the log, however it was logged."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from app.main.logs import RedactingFormatter, outline
from app.model.ids import new_id
from app.model.outbox import JobState

ROOT = Path(__file__).parents[2]
PERSON = ("Marigold Fennimore", "fennimore", "(312) 555-0147", "marigold@mail.example", "HL00427781", 3125550147)


@pytest.fixture
def log(tmp_path: Path) -> tuple[logging.Logger, Path]:
    path = tmp_path / "daybook.log"
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(RedactingFormatter())
    logger = logging.Logger("daybook.test")
    logger.addHandler(handler)
    yield logger, path
    handler.close()


def _choke(value: object) -> None:
    raise ValueError(f"cannot use {value}")


@pytest.mark.parametrize("value", PERSON)
def test_a_person_in_an_argument_or_an_error_is_hidden(log: tuple[logging.Logger, Path], value: object) -> None:
    logger, path = log
    logger.warning("cannot read %s", value)
    logger.warning("cannot read %(who)s", {"who": value})
    try:
        _choke(value)
    except ValueError:
        logger.exception("unexpected")
    kept = path.read_text("utf-8")
    assert str(value) not in kept
    assert "cannot read …" in kept
    assert "builtins.ValueError" in kept and "in _choke" in kept


def test_a_line_that_cannot_be_written_is_not_told_elsewhere(tmp_path: Path) -> None:
    program = """
import logging, os, pathlib, sys
from app.main.logs import keep_logs
folder = pathlib.Path(sys.argv[1])
(folder / "daybook.log").mkdir()
keep_logs(folder)
logging.getLogger("daybook").warning("cannot read %s", sys.argv[2])
"""
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), PERSON[0]], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout + told.stderr == ""


def test_our_own_words_and_ids_stay(log: tuple[logging.Logger, Path]) -> None:
    logger, path = log
    job = new_id()
    logger.warning("job %s is %s after %d tries", job, JobState.UNKNOWN, 3)
    assert f"job {job} is unknown after 3 tries" in path.read_text("utf-8")


def test_a_cause_is_outlined_without_its_words() -> None:
    try:
        try:
            _choke(PERSON[0])
        except ValueError as error:
            raise RuntimeError(PERSON[2]) from error
    except RuntimeError as error:
        text = outline(error)
    assert "ValueError" in text and "RuntimeError" in text
    assert not any(str(part) in text for part in PERSON)
