"""One log, without anything about a person in it.

A record's text is kept only where it was written as a constant in the program; what was put into it (``%s``) is kept
when it is a small number, a word of our own (an enum) or a local id, and becomes ``…`` otherwise. Tracebacks keep
files, lines and the error's type, and lose the error's text: an exception may quote what it choked on.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
import threading
import traceback
from enum import Enum
from pathlib import Path
from types import TracebackType

#: Our own local ids may stand in a log as they are: they lead to a person only through the encrypted store.
_LOCAL_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Larger whole numbers may be phones, member ids or birth dates.
_SMALL = 100_000
_MAX_BYTES = 2_000_000


def _shown(value: object) -> object:
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < _SMALL):
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, str) and _LOCAL_ID.fullmatch(value) else "…"


class RedactingFormatter(logging.Formatter):
    """Lets a record's constant text through and hides every value that could be about a person."""

    def format(self, record: logging.LogRecord) -> str:
        """The line to keep."""
        arguments = record.args
        safe: object
        if isinstance(arguments, dict):
            safe = {name: _shown(value) for name, value in arguments.items()}
        else:
            safe = tuple(_shown(value) for value in arguments or ())
        try:
            words = str(record.msg) % safe if arguments else str(record.msg)
        except (TypeError, ValueError):
            words = re.sub(r"%[^%a-z]*[a-z]", "…", str(record.msg))
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {words}"
        if record.exc_info and record.exc_info[1] is not None:
            line += "\n" + outline(record.exc_info[1])
        return line


def outline(error: BaseException) -> str:
    """A traceback without what the error says: where it came from and of what kind it is."""
    lines = []
    for part in (error, error.__cause__):
        if part is None:
            continue
        frames = traceback.extract_tb(part.__traceback__)
        lines += [f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
        lines.append(f"  {type(part).__module__}.{type(part).__qualname__}")
    return "\n".join(lines)


def keep_logs(folder: Path) -> Path:
    """Write the log to ``folder``, two files of 2 MB at most, and let nothing else write one. Returns its path."""
    path = folder / "daybook.log"
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=_MAX_BYTES, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setFormatter(RedactingFormatter())
    # A line that cannot be written (a full disk) would else be told on standard error, with all that was put into it.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("daybook").setLevel(logging.INFO)
    sys.excepthook = _say_outline
    threading.excepthook = lambda told: _log_unexpected(told.exc_value)
    return path


def _say_outline(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log_unexpected(error)


def _log_unexpected(error: BaseException | None) -> None:
    if error is not None:
        logging.getLogger("daybook").error("unexpected error", exc_info=(type(error), error, error.__traceback__))
