"""``daybook``: the window on this computer's own store. A second start raises the first window."""

from __future__ import annotations

import argparse
import asyncio
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from app.main import cli, collecting, display, restoring, upkeep
from app.main.home import data_dir
from app.main.house import House
from app.main.logs import keep_logs
from app.main.opening import DAMAGED, Opening
from app.main.upkeep import Outcome
from app.model.accounts import Actor, AuditAction
from app.model.clock import SystemClock
from app.model.errors import DaybookError, SetupError, StoreError
from app.store.keyring_os import OsKeyRing
from app.store.keys import KeyRing
from app.store.lockfile import StoreLock

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer
    from PySide6.QtWidgets import QApplication

    from app.main.program import OpenWindow

_RAISE_WAIT_MS = 2_000
#: A busy first window may take a while; one that hangs never answers.
_ANSWER_WAIT_MS = 10_000


def run(argv: list[str]) -> int:
    """Open the window and stay until it is closed."""
    parser = argparse.ArgumentParser(prog="daybook", description=__doc__)
    parser.add_argument("--data-dir", help="the store's folder, if not the usual one")
    chosen = parser.parse_args(argv)
    display.must_be_named()
    while True:
        try:
            return _run(chosen.data_dir)
        except (DaybookError, OSError) as error:
            trouble = cli.in_words(error)
            if trouble is None or not display.is_only_to_be_told_there():
                raise
            if not _told(trouble):
                return 1


def _told(trouble: DaybookError) -> bool:
    """In a window of its own, to a person who started Daybook from its icon; whether to try again."""
    from app.main.program import run_on_qt

    async def tell(app: QApplication) -> int:
        from ui.shell.start import explain

        return 1 if await explain(trouble) is None else 0

    return run_on_qt(tell) == 0


def _run(chosen_dir: str | None) -> int:
    folder = data_dir(chosen_dir)
    lock = StoreLock(folder / "daybook.lock")
    name = _server_name()
    if not lock.acquire(name):
        return _raise_first(lock.holders_note())
    with lock:
        collecting.rest()
        keep_logs(folder)
        from app.main.program import run_on_qt

        return run_on_qt(lambda app: _until_left(app, folder, name))


def _server_name() -> str:
    """Nobody else's, and short: behind the temporary folder's name it is a socket's path, of some 100 bytes at most."""
    return f"daybook-{secrets.token_hex(6)}"


def _raise_first(name: str) -> int:
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name)
    answered = socket.waitForConnected(_RAISE_WAIT_MS) and socket.waitForReadyRead(_ANSWER_WAIT_MS)
    socket.abort()
    if not answered:
        raise SetupError(
            "Daybook is running already, but does not answer.",
            "Only one Daybook may use a store at a time.",
            ("Wait a moment and start it again.", "Or end the other Daybook and start it again."),
        )
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
        socket.write(b"here")
        socket.flush()
        if self.opened is not None:
            window = self.opened.window
            window.showNormal() if window.isMinimized() else window.show()
            window.raise_()
            window.activateWindow()


async def _until_left(app: QApplication, folder: Path, name: str) -> int:
    front = _Front(app, name)
    opening = Opening(folder, SystemClock(), _keyring)
    trouble: DaybookError | None = None
    while True:
        house = await opening.house(trouble)
        if house is None:
            return 1
        try:
            opened = await _open(app, house, opening)
        except DaybookError as error:
            # The file opened, but what the first window needs cannot be read from it.
            await house.close()
            trouble = error
            continue
        front.opened = opened
        outcome = await opened.left
        front.opened = None
        person = opened.window.session.person()
        secrets = await upkeep.secret_fields(house) if outcome in {Outcome.WIPE, Outcome.RESTORE} else []
        await opened.close()
        await house.close()
        if outcome is Outcome.QUIT:
            return 0
        trouble = DAMAGED if outcome is Outcome.DAMAGED else None
        await _act(app, opened, outcome, secrets, opening, person)


async def _keyring() -> KeyRing | None:
    try:
        return await asyncio.to_thread(OsKeyRing.find)
    except SetupError:
        return None


async def _act(
    app: QApplication,
    opened: OpenWindow,
    outcome: Outcome,
    secrets: list[tuple[str, str]],
    opening: Opening,
    person: Actor | None,
) -> None:
    """Do, with the store closed, what the window was left for; ``opening`` gets what the next window must say."""
    try:
        if outcome is Outcome.DEMO:
            from app.main.demo_command import DemoPlan, show_demo

            await show_demo(app, DemoPlan())
        elif outcome is Outcome.WIPE:
            await asyncio.to_thread(upkeep.wipe_now, opened.house, secrets)
        elif outcome is Outcome.RESTORE and opened.upkeep.restored is not None:
            ready, passphrase = opened.upkeep.restored
            await asyncio.to_thread(restoring.restore_now, opened.house, ready, secrets)
            made_at = ready.restored.made_at
            opening.remember(AuditAction.RESTORE, f"Restored from the backup of {made_at:%B} {made_at.day}", person)
            opening.opens_with(passphrase)
    except DaybookError as error:
        opening.words = f"{error.happened} {error.means}".strip()


async def _open(app: QApplication, house: House, opening: Opening) -> OpenWindow:
    """A window on an open house, and behind its back the proof that nothing was cut from it or damaged."""
    from app.main.program import OpenWindow
    from ui.shell.banners import tell

    opened = await OpenWindow.open(app, house)
    await opened.settled()
    await house.start()
    if opening.words:
        tell(opened.window.frame, "start", "amber", opening.words)
        opening.words = ""
    opened.window.tasks.start(_prove(opened, known=opening.damage_is_known), "prove")
    return opened


async def _prove(opened: OpenWindow, *, known: bool) -> None:
    """Read everything once: the chain of the audit log, the seals of all pages. What is wrong is told until the
    window closes; a damaged file, while nobody works with it yet, is asked about at once."""
    from ui.shell.banners import tell

    house, window = opened.house, opened.window
    unread: StoreError | None = None
    try:
        verdict = await house.prove_audit()
        if not verdict.whole:
            tell(window.frame, "audit", "red", verdict.words, "Tell who answers for privacy here.")
    except StoreError as error:
        unread = error  # Most likely a damaged page, for which there is help.
    problems = await house.problems()
    if not problems:
        if unread is not None:
            raise unread
        return
    if window.session.person() is None and not known:
        opened.upkeep.mend()
        return
    what_to_do = ("What to do…", opened.upkeep.mend)
    tell(window.frame, "damaged", "red", DAMAGED.happened, " ".join(problems), act=what_to_do)
