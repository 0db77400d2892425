"""Where Daybook keeps its files, and the one process that may use them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from app.model.errors import SetupError

STORE_NAME = "daybook.store"


def data_dir(chosen: str | None = None) -> Path:
    """The folder of the store: ``--data-dir``, else ``DAYBOOK_HOME``, else where this system keeps such things.

    Made private to its owner where the system knows such a thing. Raises SetupError when it cannot be made.
    """
    if chosen or (chosen := os.environ.get("DAYBOOK_HOME")):
        folder = Path(chosen).expanduser()
    else:
        import platformdirs

        folder = Path(platformdirs.user_data_dir("Daybook", appauthor=False))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"Daybook cannot make its folder {folder}.",
            f"The system says: {error.strerror}.",
            ("Choose another folder with DAYBOOK_HOME, or free space and rights there.",),
        ) from error
    return folder


def throw_away_dir() -> tempfile.TemporaryDirectory[str]:
    """A folder for a store that ends with the process (its key is only ever in memory)."""
    return tempfile.TemporaryDirectory(prefix="daybook-", ignore_cleanup_errors=True)
