"""Which browser is driven: one in the bundle, then Edge or Chrome by channel, then the system's Chromium."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.model.errors import SetupError


class Browser(msgspec.Struct, frozen=True, kw_only=True):
    """A browser on this machine. ``channel`` is Playwright's name for an Edge or Chrome in its usual place."""

    name: str
    path: Path
    channel: str = ""


#: channel → (name, its place below a programs folder of Windows, on a Mac, on Linux)
_CHANNELS = {
    "msedge": (
        "Edge",
        "Microsoft/Edge/Application/msedge.exe",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "/opt/microsoft/msedge/msedge",
    ),
    "chrome": (
        "Chrome",
        "Google/Chrome/Application/chrome.exe",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/opt/google/chrome/chrome",
    ),
}


def find_browser() -> Browser | None:
    """The first browser there is, in the order they are taken."""
    return next((found for found in _candidates() if found.path.is_file()), None)


def need_browser() -> Browser:
    """The browser to drive. Raises SetupError in words when there is none."""
    found = find_browser()
    if found is None:
        raise SetupError(
            "No browser was found on this computer.",
            "This system is reached through its web pages, so Daybook needs Edge, Chrome or Chromium.",
            ("Install one of them.", "Then run “daybook doctor” or test the connection again."),
        )
    return found


def launch_arguments() -> list[str]:
    """Switches for every start: no traffic of its own, a bounded heap, no sandbox only where root may not have one."""
    arguments = [
        "--disable-quic",
        "--disable-background-networking",
        "--disable-crash-reporter",
        "--disk-cache-size=1",
        "--js-flags=--max-old-space-size=512",
        "--renderer-process-limit=8",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return arguments


def _candidates() -> Iterator[Browser]:
    bundle = Path(getattr(sys, "_MEIPASS", "")) / "browser"
    if getattr(sys, "_MEIPASS", ""):
        for name in ("chrome.exe", "chrome", "Chromium.app/Contents/MacOS/Chromium"):
            yield Browser(name="the bundle's Chromium", path=bundle / name)
    for channel, (name, windows, mac, linux) in _CHANNELS.items():
        if sys.platform == "win32":
            for root in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
                if os.environ.get(root):
                    yield Browser(name=name, path=Path(os.environ[root]) / windows, channel=channel)
        else:
            yield Browser(name=name, path=Path(mac if sys.platform == "darwin" else linux), channel=channel)
    if sys.platform == "darwin":
        yield Browser(name="Chromium", path=Path("/Applications/Chromium.app/Contents/MacOS/Chromium"))
    for command in ("microsoft-edge", "google-chrome", "chromium", "chromium-browser"):
        found = shutil.which(command)
        # A snap may not use a folder of ours as its profile, and its launcher is a stub where it is not installed.
        if found and "snap" not in Path(found).resolve().parts and not _is_stub(Path(found)):
            yield Browser(name=command.replace("-", " ").title(), path=Path(found))


def _is_stub(path: Path) -> bool:
    with path.open("rb") as file:
        return b"/snap/bin/chromium" in file.read(4096)
