"""``daybook``: the window on this computer's own store. A second start raises the first window."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from app.main import collecting, upkeep
from app.main.demo_command import DemoPlan, has_display, show_demo
from app.main.home import data_dir
from app.main.house import House, key_path_of
from app.main.logs import keep_logs
from app.main.upkeep import Outcome
from app.model.clock import SystemClock
from app.model.errors import DaybookError, SetupError
from app.store.keyring_os import OsKeyRing
from app.store.keys import KeyRing, needs_passphrase
from app.store.lockfile import StoreLock

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer
    from PySide6.QtWidgets import QApplication

    from app.main.program import OpenWindow

_RAISE_WAIT_MS = 2_000


def run(argv: list[str]) -> int:
    """Open the window and stay until it is closed."""
    parser = argparse.ArgumentParser(prog="daybook", description=__doc__)
    parser.add_argument("--data-dir", help="the store's folder, if not the usual one")
    chosen = parser.parse_args(argv)
    if not has_display():
        raise SetupError(
            "There is no display here.",
            "A window cannot open.",
            ("Start Daybook in a desktop session.", "Run `daybook demo --smoke` to try it without one."),
        )
    folder = data_dir(chosen.data_dir)
    lock = StoreLock(folder / "daybook.lock")
    name = f"daybook-{abs(hash(str(folder.resolve()))):x}-{id(lock):x}"
    if not lock.acquire(name):
        return _raise_first(lock.holders_note())
    with lock:
        collecting.rest()
        keep_logs(folder)
        from app.main.program import run_on_qt

        return run_on_qt(lambda app: _until_left(app, folder, name))


def _raise_first(name: str) -> int:
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_RAISE_WAIT_MS):
        raise SetupError(
            "Daybook is running already, but does not answer.",
            "Only one Daybook may use a store at a time.",
            ("Wait a moment and start it again.", "Or end the other Daybook and start it again."),
        )
    socket.write(b"raise")
    socket.waitForBytesWritten(_RAISE_WAIT_MS)
    socket.disconnectFromServer()
    return 0


class _Front:
    """The window that a second start brings to the front."""

    def __init__(self, app: QApplication, name: str) -> None:
        from PySide6.QtNetwork import QLocalServer

        self.opened: OpenWindow | None = None
        self.server: QLocalServer = QLocalServer(app)
        self.server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self.server.newConnection.connect(self._asked)
        self.server.listen(name)

    def _asked(self) -> None:
        socket = self.server.nextPendingConnection()
        socket.disconnected.connect(socket.deleteLater)
        if self.opened is not None:
            window = self.opened.window
            window.showNormal() if window.isMinimized() else window.show()
            window.raise_()
            window.activateWindow()


async def _until_left(app: QApplication, folder: Path, name: str) -> int:
    front = _Front(app, name)
    words = ""
    while True:
        opened = await _open(app, folder, words)
        if opened is None:
            return 1
        front.opened = opened
        outcome = await opened.left
        front.opened = None
        secrets = await upkeep.secret_fields(opened.house) if outcome in {Outcome.WIPE, Outcome.RESTORE} else []
        await opened.close()
        await opened.house.close()
        if outcome is Outcome.QUIT:
            return 0
        words = await _act(app, opened, outcome, secrets)


async def _act(app: QApplication, opened: OpenWindow, outcome: Outcome, secrets: list[tuple[str, str]]) -> str:
    """Do, with the store closed, what the window was left for. Returns what the next window must say, if anything."""
    try:
        if outcome is Outcome.DEMO:
            await show_demo(app, DemoPlan())
        elif outcome is Outcome.WIPE:
            await asyncio.to_thread(upkeep.wipe_now, opened.house, secrets)
        elif outcome is Outcome.RESTORE and opened.upkeep.restore_from is not None:
            source, passphrase = opened.upkeep.restore_from
            await asyncio.to_thread(upkeep.restore_now, opened.house, source, passphrase, secrets)
    except DaybookError as error:
        return f"{error.happened} {error.means}".strip()
    return ""


async def _open(app: QApplication, folder: Path, words: str) -> OpenWindow | None:
    """Open the store and a window on it; a store that does not open is explained in a window of its own."""
    from app.main.program import OpenWindow
    from ui.shell.start import ask_passphrase, explain

    ring: KeyRing | None
    try:
        ring = await asyncio.to_thread(OsKeyRing.find)
    except SetupError:
        ring = None
    passphrase, wrong = "", ""
    while True:
        try:
            if (ring is None and not key_path_of(folder).exists()) or (
                key_path_of(folder).exists() and needs_passphrase(key_path_of(folder))
            ):
                new = not key_path_of(folder).exists()
                given = await ask_passphrase(new=new, wrong=wrong)
                if given is None:
                    return None
                passphrase = given
            house = await House.open(folder, SystemClock(), ring, passphrase=passphrase)
            break
        except DaybookError as error:
            if error.code == "bad_input":
                wrong = error.happened
                continue
            if not await explain(error):
                return None
    opened = await OpenWindow.open(app, house)
    await opened.settled()
    await house.start()
    if words:
        opened.window.toast(words, icon="alert")
    verdict = await house.prove_audit()
    if not verdict.whole:
        opened.window.toast(f"{verdict.words} Tell who answers for privacy here.", icon="alert")
    return opened
