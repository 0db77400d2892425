"""The arguments of ``daybook call``, read as what they must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path

from app.model.errors import BadInput

Arguments = Mapping[str, str]

#: No file a practice hands over is larger.
LARGEST_FILE = 64 * 1024 * 1024


class Given:
    """The ``--arg`` values, read as what they must be. Every reader raises BadInput naming the argument."""

    def __init__(self, values: Arguments) -> None:
        self._values = dict(values)
        self._asked: set[str] = set()

    def text(self, name: str, usual: str | None = None) -> str:
        """The value as it was given; ``usual`` where it was not."""
        self._asked.add(name)
        value = self._values.get(name, usual)
        if value is None:
            raise BadInput(name, f"“{name}” is missing.", "Nothing was sent.", (f"Add --arg {name}=…",))
        return value

    def number(self, name: str, usual: int | None = None) -> int:
        """A whole number."""
        value = self.text(name, None if usual is None else str(usual))
        if not re.fullmatch(r"\d{1,9}", value):
            raise self._wrong(name, "a whole number")
        return int(value)

    def day(self, name: str) -> date:
        """``2026-03-09``."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            raise self._wrong(name, "a date such as 2026-03-09") from None

    def moment(self, name: str) -> time:
        """``10:15`` or ``10:15:00``."""
        try:
            moment = time.fromisoformat(self.text(name))
        except ValueError:
            moment = None
        # An offset or part of a second would be lost on the way, and another time than the one meant be booked.
        if moment is None or moment.tzinfo is not None or moment.microsecond:
            raise self._wrong(name, "a time such as 10:15")
        return moment

    def yes(self, name: str) -> bool:
        """``true`` or ``false``; false when absent."""
        value = self.text(name, "false").lower()
        if value not in {"true", "false", "1", "0", "yes", "no"}:
            raise self._wrong(name, "true or false")
        return value in {"true", "1", "yes"}

    def under(self, names: Mapping[str, str]) -> Given:
        """The same values under our names: ``names`` are those of others, without case and underscores → ours.

        Raises BadInput where one thing is given twice.
        """
        found: dict[str, str] = {}
        for given, value in self._values.items():
            name = names.get(given.replace("_", "").lower(), given)
            if name in found:
                raise BadInput(given, f"“{name}” is given twice.", "Nothing was sent.", ("Leave one of them out.",))
            found[name] = value
        return Given(found)

    def has(self, name: str) -> bool:
        """Whether it was given at all."""
        return name in self._values

    def rest(self) -> dict[str, str]:
        """Everything not asked for by name so far."""
        left = {name: value for name, value in self._values.items() if name not in self._asked}
        self._asked.update(left)
        return left

    def nothing_left(self) -> None:
        """Refuse what no operation asked for: a misspelled argument must not be lost."""
        for name in self.rest():
            raise BadInput(name, f"This operation takes no “{name[:40]}”.", "Nothing was sent.", ("Leave it out.",))

    @staticmethod
    def _wrong(name: str, wanted: str) -> BadInput:
        return BadInput(name, f"“{name}” is not {wanted}.", "Nothing was sent.", ("Correct it.",))

    def file(self, name: str) -> bytes:
        """The content of the file that was named. Raises BadInput where it cannot be read."""
        try:
            path = Path(self.text(name))
            if path.stat().st_size > LARGEST_FILE:
                raise self._wrong(name, "a file of at most 64 MB")
            return path.read_bytes()
        except OSError:
            raise self._wrong(name, "a file that can be read") from None
