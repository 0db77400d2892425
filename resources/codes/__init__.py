"""What the field's codes mean, in plain words of our own, with what to do next.

One file a table, ``TABLE.psv``: ``code|meaning|next step`` (the last may be missing). A table is read when it is
first asked for. Nothing is copied from an official list; who holds a licence loads the official words over ours with
``load_official``. A code that no table knows is said to be unknown: no meaning is ever made up for it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from resources import names, read_text

UNKNOWN_NEXT_STEP = "Look the code up with the payer."


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """The words for one ``code`` of one ``table``.

    ``text`` says what it means and ``next_step`` what to do (may be empty). ``known`` is false where no table has the
    code: ``text`` then says so. ``official`` is true where ``text`` was loaded from an official list.
    """

    table: str
    code: str
    text: str
    next_step: str = ""
    known: bool = True
    official: bool = False


_official: dict[str, dict[str, str]] = {}


def tables() -> tuple[str, ...]:
    """Names of the tables that ship with the program, in order."""
    return tuple(name.removesuffix(".psv") for name in names("codes", suffix=".psv"))


@cache
def _own(table: str) -> dict[str, tuple[str, str]]:
    if table not in tables():
        raise KeyError(f"no code table is called {table!r}")
    rows = (line.split("|") for line in read_text("codes", f"{table}.psv").splitlines() if line)
    return {row[0]: (row[1], row[2] if len(row) > 2 else "") for row in rows}


def codes(table: str) -> tuple[str, ...]:
    """Every code of ``table`` that has words, ours or official. Raises KeyError for an unknown table."""
    return tuple({**_own(table), **_official.get(table, {})})


def meaning(table: str, code: str) -> Meaning:
    """The words for ``code``, as written or with its leading zeros left out or added.

    Raises KeyError for an unknown table, never for an unknown code.
    """
    own, official = _own(table), _official.get(table, {})
    for spelling in (code, code.lstrip("0"), code.zfill(2)):
        if spelling in official or spelling in own:
            text, next_step = own.get(spelling, ("", ""))
            return Meaning(
                table=table,
                code=code,
                text=official.get(spelling, text),
                next_step=next_step,
                official=spelling in official,
            )
    text = f"unknown code {code}" if code else "no code given"
    return Meaning(table=table, code=code, text=text, next_step=UNKNOWN_NEXT_STEP, known=False)


def load_official(table: str, path: Path) -> int:
    """Put the words of an official list over ours and return how many codes it has.

    ``path`` is a JSON object ``{"code": "text"}``, a JSON list of objects, or a CSV file; lists and CSV need a column
    ``code`` and one of ``description``, ``text``, ``meaning``. Next steps stay ours. Raises ValueError for a file
    without such columns, KeyError for an unknown table, OSError when the file cannot be read.
    """
    _own(table)
    raw = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() == ".json":
        loaded = json.loads(raw)
        words = _texts(loaded) if isinstance(loaded, list) else _pairs(loaded)
    else:
        words = _texts(csv.DictReader(raw.splitlines()))
    if not words:
        raise ValueError(f"{path.name} holds no codes")
    _official[table] = words
    return len(words)


def forget_official(table: str) -> None:
    """Go back to our own words for ``table``."""
    _official.pop(table, None)


def _pairs(loaded: object) -> dict[str, str]:
    if not isinstance(loaded, dict):
        raise ValueError("neither a list nor an object of codes")
    return {str(code).strip(): str(text).strip() for code, text in loaded.items()}


def _texts(rows: Iterable[object]) -> dict[str, str]:
    words: dict[str, str] = {}
    for row in rows:
        if not isinstance(row, dict):
            raise ValueError("each row needs a code and a description")
        named = {str(key).strip().lower(): str(value or "").strip() for key, value in row.items()}
        text = next((named[column] for column in ("description", "text", "meaning") if named.get(column)), "")
        if not named.get("code") or not text:
            raise ValueError("each row needs a code and a description")
        words[named["code"]] = text
    return words
