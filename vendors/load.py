"""Names of vendors → manifest, factory and simulator, found by looking into the package.

``vendors.NAME`` gives ``MANIFEST`` and ``connect(context)``; ``vendors.NAME.sandbox`` is its simulator. The table is
made in one place, so that nothing else in the house needs a vendor's name.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import vendors
from app.model.errors import BadInput
from vendors.contract import Adapter, Manifest, VendorContext

Factory = Callable[[VendorContext], Adapter]


def names() -> tuple[str, ...]:
    """Every vendor folder, in alphabetical order: a package with an ``adapter`` module."""
    found = []
    for module in pkgutil.iter_modules(vendors.__path__):
        if module.ispkg and find_spec(f"vendors.{module.name}.adapter") is not None:
            found.append(module.name)
    return tuple(sorted(found))


def manifest(name: str) -> Manifest:
    """What a vendor says of itself. Cheap: no adapter is imported. Raises BadInput for a name that is none."""
    value = _package(name).MANIFEST
    if not isinstance(value, Manifest):
        raise TypeError(f"vendors.{name}.MANIFEST is not a Manifest")
    return value


def factory(name: str) -> Factory:
    """The vendor's ``connect``: a context in, an adapter out."""
    connect: Factory = _package(name).connect
    return connect


def sandbox(name: str) -> ModuleType | None:
    """The vendor's simulator package, or None where it has none (yet)."""
    _package(name)
    if find_spec(f"vendors.{name}.sandbox") is None:
        return None
    return import_module(f"vendors.{name}.sandbox")


def _package(name: str) -> ModuleType:
    known = names()
    if name not in known:
        raise BadInput(
            "vendor",
            f"Daybook knows no system called “{name[:40]}”.",
            "Nothing was sent.",
            (f"Use one of: {', '.join(known)}.",),
        )
    return import_module(f"vendors.{name}")
