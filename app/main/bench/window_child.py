"""What ``window`` measures, each part in a process of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_STORE_ID = "00000000-0000-7000-8000-000000000000"


def _say(milliseconds: float = 0.0) -> None:
    sys.stdout.write(f'{{"milliseconds":{milliseconds:.3f},"resident_mb":{_resident_mb():.3f}}}\n')
    sys.stdout.flush()


def _resident_mb() -> float:
    """This process's resident memory; 0 where the system does not tell it in this way."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _bare() -> None:
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    app.processEvents()
    window.grab()
    _say()


def _fill(folder: Path, key: bytes) -> None:
    import asyncio

    from app.main.bench.people import NOW, fill_schedule
    from app.main.home import STORE_NAME
    from app.model.clock import FixedClock
    from app.store.store import Store

    async def fill() -> None:
        store = await Store.open(folder / STORE_NAME, key, clock=FixedClock(NOW))
        await fill_schedule(store)
        await store.close()

    asyncio.run(fill())
    _say()


def _window(folder: Path, key: bytes, *, every_screen: bool) -> None:
    from app.main import collecting
    from app.main.qt_import import import_qt

    collecting.rest()
    import_qt()

    import asyncio

    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    from app.main.house import House
    from app.main.program import OpenWindow, run_on_qt
    from app.model.accounts import Actor, Permission, Role
    from app.model.clock import SystemClock
    from app.store.keys import Keys, MemoryKeyRing
    from ui.screens.schedule.screen import ScheduleScreen

    actor = Actor(account_id=_STORE_ID, full_name="Rosa Mallow", role=Role.ADMIN, permissions=frozenset(Permission))

    class Watch(QObject):
        """Sees the first paint of the grid that has the day."""

        def __init__(self, screen: ScheduleScreen) -> None:
            super().__init__()
            self.painted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._screen = screen
            screen.grid.viewport().installEventFilter(self)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint and self._screen.day_view is not None and not self.painted.done():
                self.painted.set_result(None)
            return False

    async def main(app: QApplication) -> int:
        house = await House.with_keys(
            folder, Keys(store_id=_STORE_ID, key=key), SystemClock(), MemoryKeyRing(), create=False
        )
        opened = await OpenWindow.open(app, house, actor)
        screen = opened.window.current_screen()
        assert isinstance(screen, ScheduleScreen)
        watch = Watch(screen)
        # Answered on the loop's next turn: by then the whole window, painted with the grid, is done.
        await watch.painted
        if every_screen:
            for found in opened.window.screens():
                opened.window.open(found.name)
                await asyncio.sleep(0.7)
        _say()
        await opened.close()
        await house.close()
        return 0

    run_on_qt(main, offscreen=True)


def _unlock(folder: Path) -> None:
    import asyncio
    import time

    from app.desk.accounts import Accounts
    from app.main.home import STORE_NAME
    from app.main.house import key_path_of
    from app.model.clock import SystemClock
    from app.store.keyring_os import OsKeyRing
    from app.store.keys import KeyRing, MemoryKeyRing, fetch, make
    from app.store.store import Store

    async def measure() -> float:
        ring: KeyRing = OsKeyRing.find() if os.environ.get("DBUS_SESSION_BUS_ADDRESS") else MemoryKeyRing()
        keys = await asyncio.to_thread(make, key_path_of(folder), ring)
        store = await Store.open(folder / STORE_NAME, keys.key, clock=SystemClock())
        accounts = Accounts(store, SystemClock())
        await accounts.first_admin("Rosa Mallow", "rosa", "larkspur 2026")
        begun = time.perf_counter()
        await asyncio.to_thread(fetch, key_path_of(folder), ring)
        await accounts.sign_in("rosa", "larkspur 2026")
        taken = (time.perf_counter() - begun) * 1000
        await store.close()
        return taken

    folder.mkdir()
    _say(asyncio.run(measure()))


if __name__ == "__main__":
    part, place, secret = sys.argv[1], Path(sys.argv[2]), sys.stdin.buffer.read(32)
    if part == "bare":
        _bare()
    elif part == "fill":
        _fill(place, secret)
    elif part == "unlock":
        _unlock(place)
    else:
        _window(place, secret, every_screen=part == "screens")
