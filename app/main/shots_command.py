"""``daybook shots``: a picture of every screen on the sandbox practice, clock fixed, named like the design's own."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.main.demo_command import DemoPlan, demo_house
from app.model.clock import FixedClock

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
    parser.add_argument("--scale", type=float, default=1.0, help="device pixels a logical pixel, 1.0 to 2.0")
    chosen = parser.parse_args(argv)
    os.environ["QT_SCALE_FACTOR"] = str(chosen.scale)
    from app.main.program import run_on_qt

    chosen.directory.mkdir(parents=True, exist_ok=True)
    return run_on_qt(lambda app: _take(app, chosen.directory, chosen.theme, chosen.only), offscreen=True)


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
        for path in await shots(opened.window, directory, theme, only):
            sys.stdout.write(f"{path}\n")
        await opened.close()
    return 0
