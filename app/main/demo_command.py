"""``daybook demo``: simulators in a child process, a throw-away store with an invented practice, the window on it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.main import display
from app.main.demo_practice import PASSWORD, furnish
from app.main.home import data_dir, throw_away_dir
from app.main.house import House
from app.main.restoring import has_store
from app.main.sandbox_child import SandboxChild
from app.model.accounts import Actor
from app.model.clock import Clock, ShiftedClock, SystemClock
from app.model.errors import SetupError
from app.store.keys import MemoryKeyRing
from vendors.sandboxkit.plan import SCALES, moment

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


_NO_BROWSER = "No browser is installed: Office Ally’s web pages are left out."


class DemoPlan(argparse.Namespace):
    """What was asked for on the command line."""

    smoke: bool = False
    scale: str = "small"
    seed: int = 1
    now: datetime | None = None
    data_dir: str | None = None
    faults: str = ""


@asynccontextmanager
async def demo_house(plan: DemoPlan, clock: Clock) -> AsyncIterator[tuple[House, SandboxChild, Actor]]:
    """A furnished practice. Its key is random, lives in memory and ends with the process; so does its store, unless
    ``--data-dir`` keeps the (then unreadable) file."""
    with throw_away_dir() as temporary:
        folder = _empty(data_dir(plan.data_dir)) if plan.data_dir else Path(temporary)
        child = await SandboxChild.start(now=plan.now, scale=plan.scale, seed=plan.seed, faults=plan.faults)
        try:
            house = await House.open(folder, clock, MemoryKeyRing())
            try:
                await house.start()
                actor = await furnish(house, child)
                yield house, child, actor
            finally:
                await house.close()
        finally:
            await child.close()


def _empty(folder: Path) -> Path:
    if has_store(folder):
        raise SetupError(
            f"There is a store in {folder} already.",
            "A demo begins with an empty folder, and the key of an earlier demo ended with it. Nothing was touched.",
            ("Choose another folder.", "To open the store of a practice, start `daybook` without `demo`."),
        )
    return folder


def clock_of(plan: DemoPlan) -> Clock:
    """The clock of app and simulators alike."""
    return SystemClock() if plan.now is None else ShiftedClock(plan.now)


async def show_demo(app: QApplication, plan: DemoPlan) -> int:
    """The window on the sandbox practice, until it is closed."""
    from app.main.demo_clearing import find_a_browser, open_harbor_street, open_web_pages
    from app.main.program import OpenWindow

    async with demo_house(plan, clock_of(plan)) as (house, child, actor):
        opened = await OpenWindow.open(app, house, actor)
        if find_a_browser():
            # Seconds of work in a browser: the window is there before, and fills itself.
            opened.window.tasks.start_once("web pages", open_web_pages(house, child, actor))
            opened.window.tasks.start_once("second office", open_harbor_street(house, child, actor))
        else:
            opened.window.toast(_NO_BROWSER, icon="info")
        await opened.left
        await opened.close()
    return 0


def arguments(argv: list[str]) -> DemoPlan:
    """The command line of ``demo``."""
    parser = argparse.ArgumentParser(prog="daybook demo", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="do the main job through the real screens, offscreen")
    parser.add_argument("--scale", choices=SCALES, default="small", help="how much the practice has done")
    parser.add_argument("--seed", type=int, default=1, help="another number, another practice")
    parser.add_argument("--now", type=moment, help="the moment to begin at, such as 2026-03-10T09:43")
    parser.add_argument(
        "--faults", default="", type=_faults, help="let the simulators fail, see `daybook sandbox --help`"
    )
    parser.add_argument("--data-dir", help="keep the store here (a demo's key is never kept)")
    return parser.parse_args(argv, DemoPlan())


def _faults(spec: str) -> str:
    from vendors.sandboxkit import faults

    try:
        faults.parse(spec)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return spec


def run(argv: list[str]) -> int:
    """Open the demo, or run its smoke test."""
    plan = arguments(argv)
    if plan.smoke:
        from app.main.smoke import run_smoke

        return run_smoke(plan)
    display.must_be_named()
    from app.main.program import run_on_qt

    sys.stdout.write(f"Sandbox practice. After locking, sign in as rosa, desmond, ines or hollis: {PASSWORD}\n")
    sys.stdout.flush()
    return run_on_qt(lambda app: show_demo(app, plan))
