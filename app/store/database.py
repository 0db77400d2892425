"""One keyed connection: how the file is opened, what is asserted, and what its failures mean in words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlcipher3 import dbapi2

from app.model.errors import StoreError

if TYPE_CHECKING:
    # sqlcipher3 carries no types; its connection has the shape of the standard library's.
    from sqlite3 import Connection as Reader
else:
    from sqlcipher3.dbapi2 import Connection as Reader

__all__ = ["DatabaseFailure", "Reader", "as_list", "connect", "failure_in_words", "keep_out_of_others_sight"]

#: Every failure the database itself reports.
DatabaseFailure: type[Exception] = dbapi2.Error

_KEY_BYTES = 32
_BUSY_MS = 5_000
# The window's memory is budgeted; more than this made nothing quicker.
_WRITER_CACHE_KB = 16_000
_READER_CACHE_KB = 8_000

_RESTORE = "Restore the latest backup (Settings, Backup)."
_DOCTOR = "Run the check-up (daybook doctor) and keep its report for support."


def as_list(values: Iterable[str | int]) -> str:
    """For ``json_each``: one parameter, however many values."""
    return msgspec.json.encode(list(values)).decode()


def connect(path: Path, key: bytes, *, writer: bool, create: bool = False) -> Reader:
    """Open the file at ``path`` with the raw 32-byte ``key``; only with ``create`` is it made if it is not there.

    Asserts WAL and ``synchronous=FULL`` (a commit that was answered survives a power cut) and keeps temporary
    data in memory. Raises StoreError in words.
    """
    if len(key) != _KEY_BYTES:
        raise StoreError("The store's key has the wrong length.", "The data cannot be opened with it.", (_DOCTOR,))
    if not create and not path.exists():
        raise StoreError(
            "There is no store here.",
            "The data folder holds no Daybook file.",
            ("Check that the data folder is the right one.", "Or restore the latest backup."),
        )
    try:
        # Our threads hand a connection over only to be closed.
        connection: Reader = dbapi2.connect(
            str(path), timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False
        )
    except dbapi2.Error as failure:
        raise failure_in_words(failure) from None
    try:
        _prepare(connection, key, writer=writer)
    except dbapi2.Error as failure:
        connection.close()
        raise failure_in_words(failure) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: Reader, key: bytes, *, writer: bool) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")  # it writes to standard error otherwise
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # the first real read proves the key
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KB if writer else _READER_CACHE_KB}")
    connection.execute("PRAGMA trusted_schema = OFF")
    if not writer:
        connection.execute("PRAGMA query_only = ON")
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    level = connection.execute("PRAGMA synchronous").fetchone()[0]
    if mode != "wal" or level != 2:
        raise StoreError(
            "This disk cannot keep the store safely.",
            "Without a write-ahead log on this disk a power cut could lose work, so Daybook does not open it.",
            ("Move the data folder to a local disk (not a network share).",),
            detail=f"journal_mode={mode} synchronous={level}",
        )


_LAST_CHANGE = "The last change was not kept; everything before it is safe."

#: What the database's error names begin with → what happened, what it means, what to do.
_FAILURES: tuple[tuple[tuple[str, ...], str, str, tuple[str, ...]], ...] = (
    (
        ("SQLITE_NOTADB",),
        "The store did not open with this key.",
        "Either the key belongs to another store or the beginning of the file is damaged. Nothing was changed.",
        ("Check that the data folder is the right one.", _RESTORE),
    ),
    (("SQLITE_FULL",), "The disk is full.", _LAST_CHANGE, ("Free some space on the disk, then try again.",)),
    (
        ("SQLITE_BUSY", "SQLITE_LOCKED"),
        "Another program is using the store.",
        _LAST_CHANGE,
        ("Close the other program (a second Daybook, a backup tool) and try again.",),
    ),
    (
        ("SQLITE_CORRUPT",),
        "The store is damaged.",
        "Part of the file cannot be read any more. What was sent to the vendors' systems is safe there.",
        (_RESTORE, _DOCTOR),
    ),
    (
        ("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH"),
        "The store's file could not be read or written.",
        _LAST_CHANGE,
        ("Check that the disk is connected, has space and lets you write.", _DOCTOR),
    ),
    (("",), "The store could not do what was asked.", _LAST_CHANGE, ("Try again.", _DOCTOR)),
)


def not_a_text() -> StoreError:
    """A text holds half a character (half of an emoji, cut in two): no file can hold it, and its words are not told."""
    return StoreError(
        "A text holds a broken character.",
        "Nothing of this change was kept.",
        ("Type that text anew, then try again.",),
    )


def is_damage(failure: Exception) -> bool:
    """Whether a connection that was open met a page it cannot read."""
    return str(getattr(failure, "sqlite_errorname", "")).startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))


def failure_in_words(failure: Exception, *, opened: bool = False) -> StoreError:
    """What a database failure means to the person at the desk; ``opened``: the key has proven right before. Neither
    SQL nor values get into the words."""
    name = str(getattr(failure, "sqlite_errorname", "") or type(failure).__name__)
    if opened and is_damage(failure):
        name = "SQLITE_CORRUPT"
    _, happened, means, next_steps = next(row for row in _FAILURES if name.startswith(row[0]))
    return StoreError(happened, means, next_steps, detail=name)


def keep_out_of_others_sight(path: Path) -> None:
    """Let only this user read ``path`` where the system knows such rights (elsewhere the profile folder does it)."""
    path.chmod(0o700 if path.is_dir() else 0o600)
