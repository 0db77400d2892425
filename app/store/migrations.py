"""The schema, step by numbered step: forward only, each in a transaction with the record that it ran.

``PRAGMA user_version`` counts the steps a file has seen, so that an up-to-date store opens without loading the
migration tool. A copy is made before the first step of a start; a store from a newer Daybook is refused in words.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.model.errors import StoreError
from app.store import schema
from app.store.database import Reader, keep_out_of_others_sight

if TYPE_CHECKING:
    from sqlite_utils import Database

_SET = "daybook"

#: Name and statements of every step, oldest first. Never edit one that was released: add another.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("m0001_first_store", schema.FIRST),
    ("m0002_clearinghouses", schema.SECOND),
    ("m0003_practice", schema.THIRD),
)

#: What this program writes.
VERSION = len(STEPS)


def bring_up_to_date(connection: Reader, path: Path, *, stop_before: str | None = None) -> None:
    """Run the steps that the file at ``path`` has not seen; ``stop_before`` names one not to run (for tests).

    The copy made first is ``<name>.before-<version>``, encrypted with the same key. Raises StoreError for a
    newer store, and (through the caller) for a failing step, which leaves the file as it was.
    """
    have = known_version(connection)
    if have == VERSION:
        return
    if have:
        copy_aside(connection, path.with_name(f"{path.name}.before-{VERSION}"))
    _apply(connection, stop_before)
    if path.exists():
        keep_out_of_others_sight(path)


def known_version(connection: Reader) -> int:
    """How many steps the file has seen. Raises StoreError for more than there are: a newer Daybook wrote it."""
    have = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if have > VERSION:
        raise StoreError(
            "This store was written by a newer Daybook.",
            "Opening it with this version could lose what the newer one added, so nothing was touched.",
            ("Install the newest Daybook on this computer.", "Or restore a backup made by this version."),
            detail=f"store version {have}, program version {VERSION}",
        )
    return have


def copy_aside(connection: Reader, target: Path) -> None:
    """Write a consistent copy of the open store to ``target``, encrypted with the same key; replaces an older copy."""
    partial = target.with_name(f"{target.name}.part")
    partial.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (str(partial),))
    keep_out_of_others_sight(partial)
    partial.replace(target)


def _apply(connection: Reader, stop_before: str | None) -> None:
    from sqlite_utils import Database, Migrations  # 60 ms: only when there is something to do

    migrations = Migrations(_SET)
    for number, (name, statements) in enumerate(STEPS, start=1):
        migrations(name=name)(_step(number, statements))
    migrations.apply(Database(connection), stop_before=stop_before)


class _step:  # noqa: N801 - used as a function
    """A migration function: runs ``statements`` and counts the step."""

    def __init__(self, number: int, statements: tuple[str, ...]) -> None:
        self.__name__ = f"step_{number}"
        self._number = number
        self._statements = statements

    def __call__(self, db: Database, /) -> None:
        for statement in self._statements:
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {self._number}")
