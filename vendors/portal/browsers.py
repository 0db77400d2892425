"""Which browser is driven, and how: one in the bundle, then Edge or Chrome by channel, then the system's Chromium."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from app.model.errors import SetupError

#: What Playwright turns off itself: of several lists a browser takes the last, and that is ours.
_OFF_BY_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying",
    "AimEnabled", "PreconnectToSearch", "msForceBrowserSignIn", "msEdgeUpdateLaunchServicesPreferredVersion",
)  # fmt: skip
#: What nobody sees and the processor pays for (of 295 ms a look-up 195 are left, measured), and one that tells.
_OFF = (
    # A frame, a compositor and its surfaces made anew for each page: 45 ms a look-up, most of it beside the work.
    "RenderDocument",
    # Asks Google about the fields of each form that is seen.
    "AutofillServerCommunication",
    # The window's own parts as web pages, each with a process, for a window that stands on no screen.
    "PreloadTopChromeWebUI", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxPopup", "WebUIReloadButton",
    # A process in stock for each site.
    "SpareRendererForSitePerProcess",
)  # fmt: skip
#: Nothing is filled in, remembered or translated: what a form is made of is looked at for each of these.
PREFERENCES = {
    "autofill": {"enabled": False, "profile_enabled": False, "credit_card_enabled": False},
    "credentials_enable_service": False,
    "profile": {"password_manager_enabled": False},
    "translate": {"enabled": False},
}


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
    """Switches for every start: no traffic of its own, a bounded heap, nothing made for eyes that are not there."""
    return [
        "--disable-quic",
        "--disable-background-networking",
        "--disable-crash-reporter",
        "--disk-cache-size=1",
        "--js-flags=--max-old-space-size=512",
        "--renderer-process-limit=8",
        f"--disable-features={','.join((*_OFF_BY_PLAYWRIGHT, *_OFF))}",
    ]


def may_be_sandboxed() -> bool:
    """Whether pages may be kept in the browser's sandbox: root's never start in one."""
    return not (hasattr(os, "geteuid") and os.geteuid() == 0)


def prefer(profile: Path) -> None:
    """Write ``PREFERENCES`` into a profile that no browser has used yet."""
    folder = profile / "Default"
    folder.mkdir(mode=0o700)
    (folder / "Preferences").write_bytes(msgspec.json.encode(PREFERENCES))


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
    # The system's Chromium without a window's parts first: nobody sees them here, and a look-up costs a tenth less.
    for command in ("microsoft-edge", "google-chrome", "chromium-headless-shell", "chromium", "chromium-browser"):
        found = shutil.which(command)
        # A snap may not use a folder of ours as its profile, and its launcher is a stub where it is not installed.
        if found and "snap" not in Path(found).resolve().parts and not _is_stub(Path(found)):
            yield Browser(name=command.replace("-", " ").title(), path=Path(found))


def _is_stub(path: Path) -> bool:
    with path.open("rb") as file:
        return b"/snap/bin/chromium" in file.read(4096)
