"""Which browser is taken, and what it is started with; no browser is needed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import playwright
import pytest

from app.model.errors import SetupError
from vendors.portal import browsers
from vendors.portal.browsers import find_browser, launch_arguments, may_be_sandboxed, need_browser

ROOT = Path(__file__).parents[2]


def _program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x7fELF")
    path.chmod(0o755)
    return path


def test_the_bundle_s_browser_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = _program(tmp_path / "bundle" / "browser" / "chrome")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "bundle"), raising=False)
    found = find_browser()
    assert found is not None
    assert (found.path, found.channel) == (own, "")


@pytest.mark.skipif(sys.platform == "win32", reason="programs are found on the path")
def test_system_browsers_in_order_and_no_snap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "_CHANNELS", {})
    monkeypatch.setenv("PATH", str(tmp_path))
    stub = _program(tmp_path / "chromium-browser")
    stub.write_bytes(b"#!/bin/sh\nexec /snap/bin/chromium\n")
    assert all(found.path.parent != tmp_path for found in browsers._candidates())
    chromium = _program(tmp_path / "chromium")
    chrome = _program(tmp_path / "google-chrome")
    windowless = _program(tmp_path / "chromium-headless-shell")
    mine = [found.path for found in browsers._candidates() if found.path.parent == tmp_path]
    assert mine == [chrome, windowless, chromium]


def test_without_a_browser_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "_candidates", lambda: iter(()))
    assert find_browser() is None
    with pytest.raises(SetupError) as error:
        need_browser()
    assert error.value.next_steps


def test_no_sandbox_only_for_root() -> None:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    assert may_be_sandboxed() is not root
    assert "--no-sandbox" not in launch_arguments()
    assert "--disable-quic" in launch_arguments()


def test_what_playwright_turns_off_stays_off() -> None:
    """Its list is lost where another comes after it, so ours must hold all of it."""
    driver = Path(playwright.__file__).parent / "driver" / "package" / "lib" / "coreBundle.js"
    listed = re.search(r"disabledFeatures = \[(.*?)\]\.filter", driver.read_text("utf-8"), re.DOTALL)
    assert listed is not None
    theirs = set(re.findall(r'^\s*"(\w+)"', listed[1], re.MULTILINE))
    (ours,) = [one for one in launch_arguments() if one.startswith("--disable-features=")]
    assert theirs
    assert theirs <= set(ours.partition("=")[2].split(","))


def test_playwright_is_imported_by_the_first_browser_only() -> None:
    code = "import sys; import vendors.officeally.portal, vendors.portal.engine; sys.exit('playwright' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=120, check=False).returncode == 0
