"""Which browser the portal engine would drive: one in the bundle, then Edge or Chrome, then the system's Chromium."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import msgspec


class Browser(msgspec.Struct, frozen=True, kw_only=True):
    """A browser on this machine."""

    name: str
    path: Path


def _candidates() -> list[tuple[str, Path]]:
    bundle = Path(getattr(sys, "_MEIPASS", "")) / "browser"
    found = [("the bundle's Chromium", bundle / name) for name in ("chrome", "chrome.exe")]
    if sys.platform == "win32":
        roots = [
            Path(os.environ[name])
            for name in ("PROGRAMFILES(X86)", "PROGRAMFILES", "LOCALAPPDATA")
            if name in os.environ
        ]
        found += [("Edge", root / "Microsoft/Edge/Application/msedge.exe") for root in roots]
        found += [("Chrome", root / "Google/Chrome/Application/chrome.exe") for root in roots]
        return found
    if sys.platform == "darwin":
        for name in ("Microsoft Edge", "Google Chrome", "Chromium"):
            found.append((name, Path(f"/Applications/{name}.app/Contents/MacOS/{name}")))
        return found
    for name, command in (("Edge", "microsoft-edge"), ("Chrome", "google-chrome"), ("Chromium", "chromium")):
        path = shutil.which(command)
        if path:
            found.append((name, Path(path)))
    return found


def find_browser() -> Browser | None:
    """The first browser there is, in the order the portal engine would take them."""
    for name, path in _candidates():
        if path.is_file():
            return Browser(name=name, path=path)
    return None
