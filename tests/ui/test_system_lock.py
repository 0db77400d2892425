"""The computer's own lock is heard over a real bus."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtWidgets import QApplication

from tests.ui.loop import until
from ui.shell.system_lock import SystemLock

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("dbus-daemon") is None, reason="there is no D-Bus here"
)


@pytest.fixture
def bus() -> Iterator[str]:
    """The session bus of this test run, or one of our own."""
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        yield os.environ["DBUS_SESSION_BUS_ADDRESS"]
        return
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait(60)
    daemon.stdout.close()


async def test_the_screen_saver_locks(bus: str, qapp: QApplication) -> None:
    owner = QObject()
    lock = SystemLock(owner)
    heard: list[bool] = []
    lock.locked.connect(lambda: heard.append(True))
    mine = QDBusConnection.connectToBus(bus, "listener")
    lock.listen_on(mine, QDBusConnection("nobody"))
    teller = QDBusConnection.connectToBus(bus, "teller")
    assert teller.isConnected()
    for active in (False, True):
        told = QDBusMessage.createSignal("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged")
        told.setArguments([active])
        assert teller.send(told)
    await until(lambda: heard)
    assert heard == [True]
    # Qt takes a connection down in a thread of its own and looks there at who still listens: nobody must be going then.
    gone: list[bool] = []
    owner.destroyed.connect(lambda: gone.append(True))
    owner.deleteLater()
    await until(lambda: gone)
    QDBusConnection.disconnectFromBus("teller")
    QDBusConnection.disconnectFromBus("listener")
