"""``daybook shots``: a picture of every screen on the sandbox practice, clock fixed, named like the design's own."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.main.demo_command import DemoPlan, demo_house
from app.main.qt_import import import_qt
from app.model.clock import FixedClock
from app.model.errors import SetupError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

#: Tuesday 10 March 2026, 9:43 in the morning at the practice.
MORNING = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)


def run(argv: list[str]) -> int:
    """Write the pictures into a folder, one line each."""
    parser = argparse.ArgumentParser(prog="daybook shots", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--only", default="", help="only screens whose name contains this")
    parser.add_argument("--scale", type=_scale, default=1.0, help="device pixels a logical pixel, 1.0 to 2.0")
    chosen = parser.parse_args(argv)
    import_qt()
    from ui.shots import SCENES

    if not any(chosen.only in name for name in SCENES):
        parser.error(f"no picture's name contains {chosen.only!r}; they are {', '.join(SCENES)}")
    os.environ["QT_SCALE_FACTOR"] = str(chosen.scale)
    from app.main.program import run_on_qt

    make_folder(chosen.directory)
    return run_on_qt(lambda app: _take(app, chosen.directory, chosen.theme, chosen.only), offscreen=True)


def make_folder(folder: Path) -> None:
    """Raises SetupError, in words, where the folder cannot be made or written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        words = f"The system says: {error.strerror}."
        raise SetupError(f"Daybook cannot make the folder {folder}.", words, ("Choose another folder.",)) from None
    if not os.access(folder, os.W_OK):
        raise SetupError(f"Daybook may not write into {folder}.", "", ("Choose another folder.",))


def _scale(text: str) -> float:
    scale = float(text)
    if not 1.0 <= scale <= 2.0:
        raise argparse.ArgumentTypeError("a scale lies between 1.0 and 2.0")
    return scale


async def _take(app: QApplication, directory: Path, theme: str, only: str) -> int:
    from app.main.demo_clearing import find_a_browser, open_web_pages
    from app.main.program import OpenWindow
    from ui.shots import shots, want_web_pages

    plan = DemoPlan()
    plan.now = MORNING
    async with demo_house(plan, FixedClock(MORNING)) as (house, child, actor):
        if want_web_pages(only) and find_a_browser():
            # Without a second factor: a code of the fixed hour would not be one for long.
            await open_web_pages(house, child, actor, "larkspur.plain")
        opened = await OpenWindow.open(app, house, actor)
        try:
            for path in await shots(opened.window, directory, theme, only):
                sys.stdout.write(f"{path}\n")
        except OSError as error:
            raise SetupError(
                f"Daybook {error}.", "The disk may be full.", ("Free some space, or choose another folder.",)
            ) from None
        finally:
            await opened.close()
    return 0
