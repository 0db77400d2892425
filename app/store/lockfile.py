"""One process for a store: a lock that the system lets go by itself when its holder dies."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import IO

from app.model.errors import SetupError

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        file.seek(_FAR)  # the locked byte cannot be read by others, so it is not one of the note's
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _give(file: IO[bytes]) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


_FAR = 1 << 30


class StoreLock:
    """The lock beside a store. ``note`` tells a second process how to reach the first (its local socket's name)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def acquire(self, note: str = "") -> bool:
        """Take the lock and leave ``note``; False where another process holds it.

        Raises SetupError where the folder lets nothing be written.
        """
        if self._file is not None:
            return True
        try:
            self._path.touch()
            file = self._path.open("r+b", buffering=0)
        except OSError as failure:
            raise self._not_written(failure) from failure
        try:
            _take(file)
        except OSError:
            file.close()
            return False
        try:
            file.truncate(0)
            file.seek(0)
            file.write(note.encode())
        except OSError as failure:
            file.close()
            raise self._not_written(failure) from failure
        self._file = file
        return True

    def _not_written(self, failure: OSError) -> SetupError:
        return SetupError(
            f"Daybook cannot write into its folder {self._path.parent}.",
            f"The system says: {failure.strerror}.",
            ("Free some space there, or see that you may write there.", "Or choose another folder with DAYBOOK_HOME."),
        )

    def holders_note(self) -> str:
        """What the holder left for others; empty where there is nothing."""
        try:
            return self._path.read_bytes().decode(errors="replace")
        except OSError:
            return ""

    def release(self) -> None:
        """Let go. The file stays: taking it away would let two processes lock two files of one name."""
        if self._file is None:
            return
        self._file.truncate(0)
        _give(self._file)
        self._file.close()
        self._file = None

    def __enter__(self) -> StoreLock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()
