"""The grid as people feel it: frames of a very full day, and the next-day key with 200,000 visits in the store."""

from __future__ import annotations

import asyncio
import random
import secrets
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.main.bench.rows import BenchRow, median, p95

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from ui.grid.content import GridColumn
    from ui.grid.grid import ScheduleGrid
    from ui.screens.schedule.screen import ScheduleScreen

COLUMNS, VISITS_A_COLUMN = 40, 30
FIRST_PAINT_MS, FRAME_MS, DAY_MS = 20.0, 8.0, 60.0
_DAYS, _WARM = 60, 5
_STORE_ID = "00000000-0000-7000-8000-000000000000"


def grid() -> list[BenchRow]:
    """40 providers with 30 visits each at 1440×900: the first paint, then frames of scrolling, hovering, dragging."""
    from app.main.program import make_application
    from ui.grid.content import GridContent

    app = make_application(offscreen=True)
    content = GridContent(columns=_columns(), first=7 * 60, last=19 * 60, now=583)
    firsts: list[float] = []
    frames: dict[str, list[float]] = {"scroll": [], "hover": [], "drag": []}
    for turn in range(9):
        view = _shown(app)
        begun = time.perf_counter()
        view.set_content(content)
        view.viewport().repaint()
        if turn:
            # The first round also draws each shape once for the whole program, as a start does.
            firsts.append((time.perf_counter() - begun) * 1000)
        _frames(app, view, frames)
        view.close()
        view.deleteLater()
    app.processEvents()
    note = f"{COLUMNS} providers, {COLUMNS * VISITS_A_COLUMN:,} visits, 1440×900"
    rows = [_row("grid", "first full paint", median(firsts), FIRST_PAINT_MS, note)]
    return rows + [_row("grid", f"{name} frame, p95", p95(taken), FRAME_MS) for name, taken in frames.items()]


def _row(bench: str, name: str, value: float, reach: float, note: str = "") -> BenchRow:
    return BenchRow(bench=bench, name=name, value=value, unit="ms", reach=reach, note=note)


def _shown(app: QApplication) -> ScheduleGrid:
    from ui.grid.grid import ScheduleGrid

    view = ScheduleGrid()
    view.hover_cards = False
    view.resize(1440, 900)
    view.show()
    app.processEvents()
    return view


def _columns() -> tuple[GridColumn, ...]:
    from app.model.schedule import VisitStatus
    from ui.grid.content import GridColumn, GridItem, ItemKind

    chance = random.Random(7)  # noqa: S311 - chance that repeats
    statuses = list(VisitStatus)
    made = []
    for number in range(COLUMNS):
        items, at = [], 7 * 60
        for turn in range(VISITS_A_COLUMN):
            minutes = chance.choice((15, 20, 30))
            items.append(
                GridItem(
                    key=f"{number}-{turn}",
                    kind=ItemKind.VISIT,
                    start=at,
                    minutes=minutes,
                    title=f"Patient {chance.randrange(10_000)} Example",
                    subtitle="Follow-up",
                    status=chance.choice(statuses),
                )
            )
            at += minutes
        made.append(
            GridColumn(
                key=str(number),
                title=f"Provider {number}",
                tag="OP",
                detail="Family",
                right="3 free",
                load=0.7,
                open_hours=((420, 1140),),
                items=tuple(items),
            )
        )
    return tuple(made)


def _frames(app: QApplication, view: ScheduleGrid, frames: dict[str, list[float]]) -> None:
    """What a hand does: scroll through all columns and down, run over the visits, carry one across the day."""
    from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
    from PySide6.QtGui import QMouseEvent

    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton

    def mouse(kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        spot = QPointF(view.viewport().mapToGlobal(at))
        event = QMouseEvent(kind, QPointF(at), spot, button, held, Qt.KeyboardModifier.NoModifier)
        app.sendEvent(view.viewport(), event)

    across, down = view.horizontalScrollBar(), view.verticalScrollBar()
    for value in range(0, across.maximum(), 48):
        _frame(app, partial(across.setValue, value), frames["scroll"])
    for value in range(0, down.maximum(), 24):
        _frame(app, partial(down.setValue, value), frames["scroll"])
    down.setValue(0)
    across.setValue(0)
    app.processEvents()
    path = [QPoint(60 + 9 * step % 1300, 80 + 7 * step % 760) for step in range(150)]
    for spot in path:
        _frame(app, partial(mouse, QEvent.Type.MouseMove, spot, none, none), frames["hover"])
    begin = view.place_rect((0, 3)).center()
    mouse(QEvent.Type.MouseButtonPress, begin, left, left)
    for step in range(1, 150):
        spot = begin + QPoint(7 * step % 1100, 5 * step % 560)
        _frame(app, partial(mouse, QEvent.Type.MouseMove, spot, none, left), frames["drag"])
    view.cancel_carry()


def _frame(app: QApplication, act: Callable[[], object], taken: list[float]) -> None:
    begun = time.perf_counter()
    act()
    app.processEvents()
    taken.append((time.perf_counter() - begun) * 1000)


def day() -> list[BenchRow]:
    """From the next-day key to the painted grid, in the real window over a real store."""
    from app.main.program import run_on_qt

    rows: list[BenchRow] = []

    async def main(app: QApplication) -> int:
        with tempfile.TemporaryDirectory(prefix="daybook-bench-") as folder:
            rows.append(await _day(app, Path(folder)))
        return 0

    run_on_qt(main, offscreen=True)
    return rows


async def _day(app: QApplication, folder: Path) -> BenchRow:
    from app.main.bench.people import FIRST_DAY, NOW, fill_schedule
    from app.main.house import House
    from app.main.program import OpenWindow
    from app.model.accounts import Actor, Permission, Role
    from app.model.clock import FixedClock
    from app.store.keys import Keys, MemoryKeyRing
    from ui.screens.schedule.screen import ScheduleScreen

    actor = Actor(account_id=_STORE_ID, full_name="Rosa Mallow", role=Role.ADMIN, permissions=frozenset(Permission))
    keys = Keys(store_id=_STORE_ID, key=secrets.token_bytes(32))
    house = await House.with_keys(folder, keys, FixedClock(NOW), MemoryKeyRing())
    count = await fill_schedule(house.store, columns=COLUMNS, visits_a_day=VISITS_A_COLUMN)
    opened = await OpenWindow.open(app, house, actor)
    screen = opened.window.current_screen()
    assert isinstance(screen, ScheduleScreen)
    await _until(lambda: screen.day_view is not None)
    screen.go_to(FIRST_DAY + timedelta(days=1))
    await _until(lambda: _shows(screen))
    taken = [await _next_day(screen) for _ in range(_DAYS + _WARM)][_WARM:]
    await opened.close()
    await house.close()
    note = f"{count:,} visits in the store, {COLUMNS * VISITS_A_COLUMN:,} on each day"
    return _row("day", "next-day key to painted grid, p95", p95(taken), DAY_MS, note)


def _shows(screen: ScheduleScreen) -> bool:
    """Whether the day asked for is the one read."""
    return screen.day_view is not None and screen.day_view.day == screen.day


async def _next_day(screen: ScheduleScreen) -> float:
    """Milliseconds from the key until the grid of that day is on the window."""
    from PySide6.QtCore import QEvent, QObject

    class Watch(QObject):
        """Sees the first paint that has the day."""

        def __init__(self) -> None:
            super().__init__()
            self.painted: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint and _shows(screen) and not self.painted.done():
                self.painted.set_result(None)
            return False

    watch, viewport = Watch(), screen.grid.viewport()
    await asyncio.sleep(0.05)
    viewport.installEventFilter(watch)
    begun = time.perf_counter()
    screen.next_day()
    await watch.painted
    taken = (time.perf_counter() - begun) * 1000
    viewport.removeEventFilter(watch)
    return taken


async def _until(true: Callable[[], bool]) -> None:
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise RuntimeError("the schedule did not come")
