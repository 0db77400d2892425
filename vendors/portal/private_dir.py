"""The browser's own folder: only this user may look into it, and it is gone when the browser is.

A folder left behind by a killed program is removed at the next start. Whether its owner still lives is told by a lock
on a file beside it, which the system lifts however a program ends.
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
#: A socket's whole name may have so many characters, and browsers put one so deep below their temporary folder.
_SOCKET_NAME, _BELOW = 104, 46
_LOCK = ".lock"


class PrivateDir:
    """A folder with a lock. ``path`` is short: browsers put sockets below it, whose names may not be long."""

    def __init__(self, path: Path, lock: BinaryIO) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def make(cls) -> PrivateDir:
        """A new folder, mode 0700. Slow enough to be made off the loop. Raises OSError (disk full, no right)."""
        lock_handle, lock_name = tempfile.mkstemp(prefix=PREFIX, suffix=_LOCK)
        lock = os.fdopen(lock_handle, "r+b")
        try:
            _hold(lock)
            path = Path(lock_name).with_suffix("")
            path.mkdir(mode=0o700)
            for part in ("profile", "artifacts"):
                (path / part).mkdir(mode=0o700)
        except BaseException:
            lock.close()
            Path(lock_name).unlink(missing_ok=True)
            raise
        return cls(path, lock)

    def environment(self) -> dict[str, str]:
        """Makes a program keep its temporary files in here too, where a socket's name allows it."""
        if len(str(self.path)) + _BELOW > _SOCKET_NAME:
            return {}
        return dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(self.path))

    def remove(self) -> None:
        """Delete everything in it. A browser that is just ending may still write, so it is tried a few times."""
        for _ in range(20):
            shutil.rmtree(self.path, ignore_errors=True)
            if not self.path.exists():
                break
            time.sleep(0.05)
        self._lock.close()
        self.path.with_suffix(_LOCK).unlink(missing_ok=True)


def sweep() -> int:
    """Remove folders whose program has ended. Returns how many were found."""
    found = 0
    for lock_path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*{_LOCK}"):
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
