"""``daybook doctor``: what this machine has and lacks, in words, each with its remedy."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import msgspec

from app.main import display
from app.main.home import STORE_NAME, data_dir
from app.main.sandbox_child import program
from app.model.clock import SystemClock
from app.model.errors import DaybookError

#: This version was made after this moment: an earlier clock is wrong.
_MADE_AFTER = datetime(2026, 11, 1, tzinfo=UTC)
_LEAST_FREE = 2_000_000_000


class Health(StrEnum):
    """How a finding is to be taken."""

    GOOD = "good"
    WARN = "look"
    BAD = "bad"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing looked at: how it is, in words, and what to do about it."""

    name: str
    health: Health
    words: str
    remedy: str = ""


#: What is looked at, and how.
_Look = tuple[str, Callable[[], Finding | list[Finding]]]


def _qt() -> Finding:
    probe = (
        "import os; os.environ['QT_QPA_PLATFORM'] = 'offscreen';"
        "from PySide6.QtWidgets import QApplication; from PySide6.QtCore import qVersion;"
        "from PySide6.QtGui import QFontDatabase; app = QApplication([]);"
        "print(qVersion(), 'Inter' in QFontDatabase.families())"
    )
    bundled = getattr(sys, "frozen", False)
    if bundled:
        return Finding(name="Qt", health=Health.GOOD, words="Qt came with this bundle.")
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, timeout=60, check=False)
    if answer.returncode:
        reason = answer.stderr.strip().splitlines()[-1:] or ["no reason given"]
        return Finding(
            name="Qt",
            health=Health.BAD,
            words=f"The window system does not start: {reason[0][:200]}",
            remedy="Install the system packages: run installer/system-packages.sh, or `make setup`.",
        )
    version, _, inter = answer.stdout.strip().partition(" ")
    if inter != "True":
        return Finding(
            name="Qt",
            health=Health.WARN,
            words=f"Qt {version} works; the font Inter is missing.",
            remedy="Nothing must be done: a system font stands in. For the intended look install fonts-inter.",
        )
    return Finding(name="Qt", health=Health.GOOD, words=f"Qt {version} and its fonts work.")


def _window() -> Finding:
    if not display.is_named():
        return Finding(
            name="Window",
            health=Health.WARN,
            words="There is no display here, so no window can open.",
            remedy="Start Daybook in a desktop session. `daybook demo --smoke` does the main job without one.",
        )
    command = [*program(), "doctor", "--window"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if answer.returncode:
        return Finding(
            name="Window",
            health=Health.BAD,
            words=display.unusable().happened,
            remedy="Start Daybook in a desktop session, with the display's own user. Where the display is there, "
            "install the system packages: run installer/system-packages.sh, or `make setup`.",
        )
    platform = answer.stdout.strip()
    if platform in display.UNSEEN:
        return Finding(
            name="Window",
            health=Health.WARN,
            words=f"A window opens, but nobody sees it: QT_QPA_PLATFORM says {platform}.",
            remedy="Take QT_QPA_PLATFORM out of the environment.",
        )
    return Finding(name="Window", health=Health.GOOD, words=f"A window can open on this display ({platform}).")


def _try_window() -> int:
    """In a process of its own: ends with our words and status 1 where no window can open, else names how it can."""
    from app.main.program import make_application

    sys.stdout.write(f"{make_application().platformName()}\n")
    return 0


def _browser() -> Finding:
    from vendors.portal.browsers import find_browser

    found = find_browser()
    if found is None:
        return Finding(
            name="Browser",
            health=Health.WARN,
            words="No Chromium, Chrome or Edge was found.",
            remedy="Only systems without an interface of their own need one. Install Chromium, Chrome or Edge.",
        )
    return Finding(name="Browser", health=Health.GOOD, words=f"{found.name} at {found.path}.")


def _keyring() -> Finding:
    from app.store.keyring_os import OsKeyRing

    try:
        ring = OsKeyRing.find()
    except DaybookError as error:
        return Finding(
            name="Keyring",
            health=Health.WARN,
            words=f"{error.happened} {error.means}".strip(),
            remedy="Daybook then asks for a passphrase at each start. " + " ".join(error.next_steps),
        )
    return Finding(name="Keyring", health=Health.GOOD, words=f"Secrets are kept by {ring.name}.")


def _store(folder: Path) -> list[Finding]:
    path = folder / STORE_NAME
    if not path.exists():
        return [Finding(name="Store", health=Health.GOOD, words=f"There is no store in {folder} yet.")]
    from app.store import audit, integrity
    from app.store.audit_head import HeadKeeper
    from app.store.database import DatabaseFailure, connect, failure_in_words
    from app.store.keyring_os import OsKeyRing
    from app.store.keys import fetch, needs_passphrase
    from app.store.migrations import known_version

    key_path = path.with_suffix(".key")
    if needs_passphrase(key_path):
        return [
            Finding(
                name="Store",
                health=Health.WARN,
                words="The store opens with a passphrase, so it was not looked into.",
                remedy="Settings, Backup, Check the store does it from the window.",
            )
        ]
    ring = OsKeyRing.find()
    keys = fetch(key_path, ring)
    connection = connect(path, keys.key, writer=False)
    try:
        known_version(connection)
        if problems := integrity.problems(connection, deep=True):
            remedy = "Restore the latest backup (Settings, Backup). Keep this report for support."
            return [Finding(name="Store", health=Health.BAD, words=" ".join(problems), remedy=remedy)]
        report = integrity.report(connection)
        verdict = audit.verify(connection, HeadKeeper(ring, keys.store_id).load())
    except DatabaseFailure as failure:
        raise failure_in_words(failure, opened=True) from failure
    finally:
        connection.close()
    size = f"{report.bytes_used / 1e6:,.0f} MB, {report.patients:,} patients, {report.visits:,} visits"
    whole = Finding(name="Store", health=Health.GOOD, words=f"Whole: {size}, {report.open_jobs} jobs open.")
    log = Finding(
        name="Audit log",
        health=Health.GOOD if verdict.whole else Health.BAD,
        words=verdict.words,
        remedy="" if verdict.whole else "Keep this computer as it is and tell who answers for privacy at the practice.",
    )
    return [whole, log]


def _clock(folder: Path) -> Finding:
    now = SystemClock().now()
    if now < _MADE_AFTER:
        return Finding(
            name="Clock",
            health=Health.BAD,
            words=f"The clock says {now:%d %B %Y}, which is in the past.",
            remedy="Set the computer's date and time; let it be set by the network.",
        )
    newest = max((entry.stat().st_mtime for entry in folder.iterdir()), default=0.0)
    if datetime.fromtimestamp(newest, UTC) > now + timedelta(minutes=5):
        return Finding(
            name="Clock",
            health=Health.WARN,
            words="The clock was set back: Daybook's files are from the future.",
            remedy="Check the computer's date and time.",
        )
    return Finding(name="Clock", health=Health.GOOD, words=f"{now:%d %B %Y, %H:%M} UTC.")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:,.1f} GB free where the store is."
    if not os.access(folder, os.W_OK):
        remedy = "Let this user write there, or choose another folder with DAYBOOK_HOME."
        return Finding(name="Disk", health=Health.BAD, words=f"Daybook may not write into {folder}.", remedy=remedy)
    if free < _LEAST_FREE:
        return Finding(name="Disk", health=Health.BAD, words=words, remedy="Free some space; 2 GB is little.")
    return Finding(name="Disk", health=Health.GOOD, words=words)


def in_folder(chosen: str | None) -> list[Finding]:
    """What lies in the store's folder, and where it lies. Raises SetupError where there can be none."""
    folder = data_dir(chosen)
    looks: list[_Look] = [
        ("Store", lambda: _store(folder)),
        ("Clock", lambda: _clock(folder)),
        ("Disk", lambda: _disk(folder)),
    ]
    return _found(looks)


def examine(chosen: str | None) -> list[Finding]:
    """Look at everything, the store's folder (``chosen``, or the usual one) last."""
    looks: list[_Look] = [
        ("Qt", _qt),
        ("Window", _window),
        ("Browser", _browser),
        ("Keyring", _keyring),
        ("Folder", lambda: in_folder(chosen)),
    ]
    return _found(looks)


def _found(looks: Sequence[_Look]) -> list[Finding]:
    """The findings of all looks; a look that fails is itself one."""
    found: list[Finding] = []
    for name, look in looks:
        try:
            answer = look()
        except DaybookError as error:
            words = f"{error.happened} {error.means}".strip()
            answer = Finding(name=name, health=Health.BAD, words=words, remedy=" ".join(error.next_steps))
        except (OSError, subprocess.SubprocessError) as error:
            answer = Finding(name=name, health=Health.BAD, words=f"Could not be looked at ({type(error).__name__}).")
        found += answer if isinstance(answer, list) else [answer]
    return found


def run(argv: list[str]) -> int:
    """Print the findings; exit 1 if any is bad."""
    parser = argparse.ArgumentParser(prog="daybook doctor", description=__doc__)
    parser.add_argument("--data-dir", help="the store's folder, if not the usual one")
    parser.add_argument("--json", action="store_true", help="one JSON line a finding")
    parser.add_argument("--window", action="store_true", help="only try whether a window can open here")
    chosen = parser.parse_args(argv)
    if chosen.window:
        return _try_window()
    found = examine(chosen.data_dir)
    for finding in found:
        if chosen.json:
            sys.stdout.write(msgspec.json.encode(finding).decode() + "\n")
            continue
        sys.stdout.write(f"{finding.health.value:<5} {finding.name:<10} {finding.words}\n")
        if finding.remedy:
            sys.stdout.write(f"{'':<17}{finding.remedy}\n")
    return int(any(finding.health is Health.BAD for finding in found))
