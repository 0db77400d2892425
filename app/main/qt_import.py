"""PySide6 is imported here first, and Python's own import function is kept.

PySide6 puts one of its own in its place, which reads the source text of every module imported from then on, to see
whether it might use the switches of ``__feature__`` (0.2 ms a module, and the text stays in memory). No module here
uses them.
"""

from __future__ import annotations

import builtins
import sys
from importlib import import_module


def import_qt() -> None:
    """Import PySide6, if nobody did yet."""
    if "PySide6.QtCore" in sys.modules:
        return
    pythons_own = builtins.__import__
    import_module("PySide6.QtCore")
    builtins.__import__ = pythons_own
