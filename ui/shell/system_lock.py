"""Hears when the computer itself locks or goes to sleep, so that Daybook locks with it.

Linux tells it over D-Bus (the screen saver, and logind before sleep), Windows with a session message. macOS tells only
its own frameworks, which are not at hand; there the idle limit stands alone.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

_SAVERS = (
    ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"),
    ("/ScreenSaver", "org.freedesktop.ScreenSaver"),
    ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver"),
)
#: Qt takes these as text, whatever its type hints say.
_SAVER: Any = SLOT("saver_changed(bool)")
_ASKED: Any = SLOT("asked_to_lock()")
_AFTER_FIRST_PAINT_MS = 1000
_SESSION_CHANGE, _SESSION_LOCKED = 0x02B1, 0x7


class SystemLock(QObject):
    """``locked`` when the computer locks. Windows sends its message to a window, Linux to whoever listens."""

    locked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._filter: _SessionMessages | None = None
        self._listening = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)

    def listen_soon(self, window: QWidget) -> None:
        """Begin once the first paint is over, which must not wait for it."""
        if not self._listening:
            self._listening = True
            self._timer.timeout.connect(lambda: self.listen(int(window.winId())))
            self._timer.start(_AFTER_FIRST_PAINT_MS)

    def stop(self) -> None:
        """The window closes."""
        self._timer.stop()

    def listen(self, window_id: int) -> None:
        """Begin to listen. Where nothing can be heard, nothing happens."""
        if sys.platform == "win32":
            self._filter = self._filter or _SessionMessages(self, window_id)
        elif sys.platform.startswith("linux"):
            from PySide6.QtDBus import QDBusConnection

            self.listen_on(QDBusConnection.sessionBus(), QDBusConnection.systemBus())

    def listen_on(self, session: QDBusConnection, system: QDBusConnection) -> None:
        """Hear the screen saver on the session's bus and logind on the system's, where they are connected."""
        if session.isConnected():
            for path, interface in _SAVERS:
                session.connect("", path, interface, "ActiveChanged", self, _SAVER)
        if system.isConnected():
            manager = "org.freedesktop.login1"
            system.connect(manager, "", f"{manager}.Session", "Lock", self, _ASKED)
            system.connect(manager, "", f"{manager}.Manager", "PrepareForSleep", self, _SAVER)

    @Slot(bool)
    def saver_changed(self, active: bool) -> None:
        """The screen saver came or went; the computer goes to sleep or woke."""
        if active:
            self.locked.emit()

    @Slot()
    def asked_to_lock(self) -> None:
        """The session was locked."""
        self.locked.emit()


class _SessionMessages(QAbstractNativeEventFilter):
    """Windows' own message for a locked session."""

    def __init__(self, owner: SystemLock, window_id: int) -> None:
        super().__init__()
        self._owner = owner
        self._register(window_id)
        app = QCoreApplication.instance()
        if app is not None:
            app.installNativeEventFilter(self)

    @staticmethod
    def _register(window_id: int) -> None:
        import ctypes

        library = getattr(ctypes, "windll").wtsapi32  # noqa: B009 - exists on Windows only
        library.WTSRegisterSessionNotification(window_id, 0)

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        """Look at every message, keep none."""
        if (kind.data() if isinstance(kind, QByteArray) else bytes(kind)) == b"windows_generic_MSG":
            from ctypes import wintypes

            told = wintypes.MSG.from_address(int(message))
            if told.message == _SESSION_CHANGE and told.wParam == _SESSION_LOCKED:
                self._owner.locked.emit()
        return False, 0
