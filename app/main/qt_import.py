"""PySide6 is imported here first, without two things that cost a start much and give this program nothing.

What writes Qt's functions down in words (for ``help``, for the words of a TypeError, for stub files) is compiled from
source text at each start, 16 ms; here it is put off until it is asked for. And Python's own import function is kept:
PySide6 puts one of its own in its place, which reads the source text of every module imported from then on, to see
whether it might use the switches of ``__feature__`` (0.2 ms a module, and the text stays in memory). No module here
uses them.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from threading import RLock
from types import ModuleType
from typing import Any

_PACKAGE = "shibokensupport.signature"
#: Package → modules in it. A PySide6 that calls them otherwise, or keeps them elsewhere than in its own archive,
#: imports them as it always did.
_IN_WORDS: dict[object, frozenset[str]] = {
    _PACKAGE: frozenset({"layout", "parser"}),
    f"{_PACKAGE}.lib": frozenset({"enum_sig", "pyi_generator", "tool"}),
}
_one_at_a_time = RLock()


class _PutOff(ModuleType):
    """Stands for a module that is not loaded yet, and becomes it when something in it is asked for."""

    def __init__(self, package: ModuleType, name: str) -> None:
        super().__init__(f"{package.__name__}.{name}")
        loader: Any = package.__loader__
        self.__loader__ = loader
        self.__spec__ = ModuleSpec(self.__name__, loader)
        sys.modules[self.__name__] = self
        setattr(package, name, self)

    def __getattr__(self, name: str) -> Any:
        with _one_at_a_time:
            loader: Any = self.__loader__
            if name not in self.__dict__ and not name.startswith("__") and loader is not None:
                self.__loader__ = None
                self.__spec__ = ModuleSpec(self.__name__, loader)
                loader.exec_module(self)
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None


def _can_wait(package: ModuleType, name: str) -> bool:
    """Whether the package's loader is one that loads its modules too, as an archive's is, and none is there yet."""
    whole = f"{package.__name__}.{name}"
    find = getattr(package.__loader__, "find_spec", None)
    return whole not in sys.modules and find is not None and find(whole, None) is not None


def import_qt() -> None:
    """Import PySide6, if nobody did yet."""
    if "PySide6.QtCore" in sys.modules:
        return
    pythons_own = builtins.__import__

    def putting_off(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if globals is None or globals.get("__name__") != f"{_PACKAGE}.loader" or name not in _IN_WORDS:
            return pythons_own(name, globals, locals, fromlist, level)
        package = import_module(name)
        for part in _IN_WORDS[name].intersection(fromlist or ()):
            if _can_wait(package, part):
                _PutOff(package, part)
        return pythons_own(name, globals, locals, fromlist, level)

    builtins.__import__ = putting_off
    try:
        import_module("PySide6.QtCore")
    finally:
        builtins.__import__ = pythons_own
