"""``daybook`` on a store that does not open, through the real program: what is said, and what a person can do."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget

from app.main import window_command
from app.main.house import House
from app.main.upkeep import Upkeep
from app.model.accounts import AuditAction
from app.model.clock import SystemClock
from app.store import accounts, audit
from app.store.keyring_os import OsKeyRing
from app.store.keys import KeyRing
from tests.ui.conftest import seen
from ui.shell.start import _StartWindow, _Trouble
from ui.shell.window import DaybookWindow
from ui.widgets.fields import TextField

PASSWORD = "a quiet morning"
START = "copper willow anthem frost"
RECOVERY = "orbit lantern gravel mint"
W = TypeVar("W", bound=QWidget)


class Program:
    """The program in its folder, as the person before it sees and uses it."""

    def __init__(self, app: QApplication, folder: Path, ring: KeyRing | None) -> None:
        self.app, self.folder, self.ring = app, folder, ring
        self.file = folder / "daybook.store"
        self.running: asyncio.Future[int] | None = None

    async def house(self) -> House:
        return await House.open(self.folder, SystemClock(), self.ring, passphrase="" if self.ring else START)

    async def set_up(self, backup: Path) -> None:
        house = await self.house()
        admin = await house.accounts.first_admin("Rosa Mallow", "rosa", PASSWORD)
        await Upkeep(house, lambda _outcome: None).back_up(backup, RECOVERY, admin)
        await house.close()

    def start(self) -> None:
        self.running = asyncio.ensure_future(window_command._until_left(self.app, self.folder, "daybook-test"))

    async def window(self, kind: type[W], says: str = "") -> W:
        async with asyncio.timeout(60):
            while True:
                if self.running is not None and self.running.done():
                    self.running.result()
                for found in QApplication.topLevelWidgets():
                    if isinstance(found, kind) and found.isVisible() and says in seen(found):
                        return found
                await asyncio.sleep(0.02)

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not true():
                await asyncio.sleep(0.02)

    async def give_passphrase(self, words: str) -> None:
        window = await self.window(_StartWindow, "passphrase for the data")
        for field in window.findChildren(TextField):
            field.set_text(words)
        await press(window, "Open Daybook")

    async def sign_in(self) -> DaybookWindow:
        window = await self.window(DaybookWindow, "Sign in")
        await type_in(window, "User name", "rosa")
        await type_in(window, "Passphrase", PASSWORD)
        await press(window, "Sign in")
        try:
            await self.until(lambda: not window.session.is_locked())
        except TimeoutError:
            pytest.fail(seen(window))
        return window

    async def leave(self, window: QWidget) -> int:
        window.close()
        return await self.left()

    async def left(self) -> int:
        assert self.running is not None
        return await asyncio.wait_for(self.running, 60)


async def type_in(window: QWidget, label: str, words: str) -> None:
    async with asyncio.timeout(60):
        while True:
            for field in window.findChildren(TextField):
                if field.edit.accessibleName() == label and field.isVisible():
                    field.set_text(words)
                    return
            await asyncio.sleep(0.01)


async def press(window: QWidget, words: str) -> None:
    async with asyncio.timeout(60):
        while True:
            for button in window.findChildren(QAbstractButton):
                if button.text() == words and button.isVisible() and button.isEnabled():
                    button.click()
                    return
            await asyncio.sleep(0.01)


def choose_file(window: QWidget, path: Path) -> None:
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def _newer(file: Path, house: House) -> None:
    from app.store.database import connect

    connection = connect(file, house.keys.key, writer=True)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()


def _spoil(page: int, file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[(page - 1) * 4096 : page * 4096] = bytes(4096)
    file.write_bytes(bytes(raw))


def _first_page(file: Path, house: House) -> None:
    _spoil(1, file)


def _table(name: str, file: Path, house: House) -> None:
    from app.store.database import connect

    connection = connect(file, house.keys.key, writer=False)
    page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
    connection.close()
    _spoil(page, file)


def _visits(file: Path, house: House) -> None:
    """Where the visits stand; people can still sign in."""
    _table("visits", file, house)


def _audit(file: Path, house: House) -> None:
    """Where the audit log stands, which is read before everything else."""
    _table("audit", file, house)


def _gone(file: Path, house: House) -> None:
    file.unlink()


def _key_gone(file: Path, house: House) -> None:
    file.with_suffix(".key").write_bytes(b"{")


SPOILT: dict[str, tuple[Callable[[Path, House], None], str]] = {
    "newer": (_newer, "written by a newer Daybook"),
    "first page": (_first_page, "did not open with this key"),
    "a page in the middle": (_visits, "damaged"),
    "a page of the audit log": (_audit, "damaged"),
    "store gone": (_gone, "There is no store here."),
    "key file spoilt": (_key_gone, "key file beside the store cannot be read"),
}


async def _no_keyring() -> None:
    """A computer without one."""


@pytest.fixture
async def program(
    request: Any, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Program]:
    ring: KeyRing | None = None
    if getattr(request, "param", "keyring") == "keyring":
        assert os.environ.get("DAYBOOK_TEST_KEYRING"), "run through tests/with-keyring.sh"
        ring = OsKeyRing.find()
    else:
        monkeypatch.setattr(window_command, "_keyring", _no_keyring)
    folder = tmp_path / "desk"
    folder.mkdir()
    # As the program does: one window closes before the next one opens.
    qapp.setQuitOnLastWindowClosed(False)
    made = Program(qapp, folder, ring)
    yield made
    if made.running is not None and not made.running.done():
        for window in QApplication.topLevelWidgets():
            window.close()
        await asyncio.wait({made.running}, timeout=60)
    qapp.setQuitOnLastWindowClosed(True)


BOTH = [("keyring", what) for what in SPOILT] + [("passphrase", "first page")]


@pytest.mark.parametrize(("program", "what"), BOTH, indirect=["program"])
async def test_a_backup_is_brought_back_without_an_open_house(what: str, program: Program, tmp_path: Path) -> None:
    spoil, words = SPOILT[what]
    backup = tmp_path / "larkspur.backup"
    await program.set_up(backup)
    house = await program.house()
    await house.close()
    spoil(program.file, house)
    before = program.file.read_bytes() if program.file.exists() else b""

    program.start()
    if program.ring is None:
        await program.give_passphrase(START)
    trouble = await program.window(_StartWindow, words)
    assert "Traceback" not in seen(trouble)
    await press(trouble, "Restore from backup…")
    choose_file(trouble, backup)
    await type_in(trouble, "Recovery passphrase", "another passphrase altogether")
    await press(trouble, "Restore")
    assert isinstance(trouble, _Trouble)
    await program.until(lambda: trouble.message is not None and "passphrase" in trouble.message.words())
    assert (program.file.read_bytes() if program.file.exists() else b"") == before, (
        "a wrong passphrase touched the file"
    )
    await type_in(trouble, "Recovery passphrase", RECOVERY)
    await press(trouble, "Restore")
    window = await program.sign_in()
    await program.until(lambda: "is back in place" in seen(window))
    (aside,) = program.folder.glob("set-aside-*")
    if before:
        assert (aside / "daybook.store").read_bytes() == before, "what did not open is kept as it was"
    lines = await window.services.store.read(audit.entries, action=AuditAction.RESTORE)
    assert [aside.name in line.subject for line in lines] == [True]
    assert await program.leave(window) == 0


@pytest.mark.parametrize("program", ["keyring", "passphrase"], indirect=True)
async def test_the_file_is_set_aside_and_daybook_begins_new(program: Program, tmp_path: Path) -> None:
    await program.set_up(tmp_path / "unused.backup")
    _first_page(program.file, await _closed(program))
    spoilt = program.file.read_bytes()
    program.start()
    if program.ring is None:
        await program.give_passphrase(START)
    trouble = await program.window(_StartWindow, "did not open with this key")
    await press(trouble, "Set this file aside and begin new…")
    await program.until(lambda: "Daybook starts empty" in seen(trouble))
    await press(trouble, "Back")
    await press(trouble, "Set this file aside and begin new…")
    await press(trouble, "Set it aside and begin new")
    if program.ring is None:
        await program.give_passphrase("meadow plank violin stone")
    window = await program.window(DaybookWindow, "Protect this computer")
    assert await window.services.store.read(accounts.listed) == []
    (aside,) = program.folder.glob("set-aside-*")
    assert (aside / "daybook.store").read_bytes() == spoilt
    assert await program.leave(window) == 0


async def test_a_keyring_that_comes_late_is_found_by_trying_again(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await program.set_up(tmp_path / "unused.backup")
    runs: list[KeyRing] = []

    async def found() -> KeyRing | None:
        return runs[0] if runs else None

    monkeypatch.setattr(window_command, "_keyring", found)
    program.start()
    trouble = await program.window(_StartWindow, "there is none now")
    assert program.ring is not None
    runs.append(program.ring)
    await press(trouble, "Try again")
    assert await program.leave(await program.sign_in()) == 0


async def test_a_damaged_file_may_be_looked_at_all_the_same(program: Program, tmp_path: Path) -> None:
    await program.set_up(tmp_path / "unused.backup")
    _visits(program.file, await _closed(program))
    program.start()
    trouble = await program.window(_StartWindow, "damaged")
    await press(trouble, "Open it all the same")
    window = await program.sign_in()
    await program.until(lambda: "What to do…" in seen(window))
    await press(window, "What to do…")
    trouble = await program.window(_StartWindow, "damaged")
    await press(trouble, "Close Daybook")
    assert await program.left() == 1


async def _closed(program: Program) -> House:
    house = await program.house()
    await house.close()
    return house
