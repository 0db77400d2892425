"""The browser's own folder: only this user may look into it, and it is gone when the browser is.

It lies below the folder for temporary files; where that has so long a name that no socket fits below it, and a browser
would not start, it lies in one of the system's that has a short name. A folder left behind by a killed program is
removed at the next start. Whether its owner still lives is told by a lock on a file beside it, which the system lifts
however a program ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

PREFIX = "dbk-"
_LOCK = ".lock"
_TRIES = 10
#: A socket's whole name may have so many bytes (104 on a Mac, 108 on Linux, the last one 0) ...
_SOCKET_NAME = 103
#: ... and so many of them are our folder's own part (eight letters made by ``tempfile``) and Chromium's below it.
_BELOW = len(f"/{PREFIX}12345678/.org.chromium.Chromium.123456/SingletonSocket")
#: Everybody may put folders here, and nobody may touch another's.
_SHORT = () if sys.platform == "win32" else ("/tmp", "/var/tmp")  # noqa: S108 - only made by ``mkstemp``, mode 0700


class PrivateDir:
    """A folder with a lock beside it."""

    def __init__(self, path: Path, lock: BinaryIO) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def make(cls) -> PrivateDir:
        """A new folder, mode 0700. Slow enough to be made off the loop. Raises OSError (disk full, no right)."""
        lock_path, lock = _new_lock()
        path = lock_path.with_suffix("")
        try:
            path.mkdir(mode=0o700)
            for part in ("profile", "artifacts"):
                (path / part).mkdir(mode=0o700)
        except BaseException:
            lock.close()
            lock_path.unlink(missing_ok=True)
            raise
        return cls(path, lock)

    def environment(self) -> dict[str, str]:
        """Makes a program keep its temporary files in here too. Chromium has a name of its own for it on a Mac."""
        return dict.fromkeys(("TMPDIR", "TMP", "TEMP", "MAC_CHROMIUM_TMPDIR"), str(self.path))

    def remove(self) -> None:
        """Delete everything in it. A browser that is just ending may still write, so it is tried a few times."""
        for _ in range(20):
            shutil.rmtree(self.path, ignore_errors=True)
            if not self.path.exists():
                break
            time.sleep(0.05)
        self._lock.close()
        self.path.with_suffix(_LOCK).unlink(missing_ok=True)


def _places() -> list[str]:
    """Where the folder may lie, best first."""
    return list(dict.fromkeys((tempfile.gettempdir(), *_SHORT)))


def _place() -> str:
    """The first of them that lets a browser have its socket; where there is none, the browser must do without."""
    room = _SOCKET_NAME - _BELOW
    fitting = (place for place in _places() if len(os.fsencode(place)) <= room and os.access(place, os.W_OK | os.X_OK))
    return tempfile.gettempdir() if sys.platform == "win32" else next(fitting, tempfile.gettempdir())


def _new_lock() -> tuple[Path, BinaryIO]:
    """A new lock file, held. One that another program's sweep takes first is left to it. Raises OSError."""
    for _ in range(_TRIES):
        handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=_LOCK, dir=_place())
        lock, path = os.fdopen(handle, "r+b"), Path(name)
        with contextlib.suppress(OSError):
            _hold(lock)
            if path.exists():
                return path, lock
        lock.close()
        path.unlink(missing_ok=True)
    raise OSError("no lock could be held")


def sweep() -> int:
    """Remove folders whose program has ended. Returns how many were found."""
    found = 0
    for lock_path in (path for place in _places() for path in Path(place).glob(f"{PREFIX}*{_LOCK}")):
        with contextlib.suppress(OSError):
            with lock_path.open("r+b") as lock:
                _hold(lock)
                shutil.rmtree(lock_path.with_suffix(""), ignore_errors=True)
                found += 1
            lock_path.unlink(missing_ok=True)
    return found


if sys.platform == "win32":
    import msvcrt

    def _hold(lock: BinaryIO) -> None:
        """Raises OSError while another program holds it."""
        lock.seek(0)
        msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _hold(lock: BinaryIO) -> None:
        """Raises OSError while another program holds it."""
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
