"""Locks after minutes without activity, with a warning 30 s ahead."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.model.clock import Clock

WARN_SECONDS = 30
_LONGEST_NAP_S = 20.0


class IdleWatch(QObject):
    """Counts from the last ``touch``. ``warned`` gives the seconds left, ``calmed`` takes a warning back."""

    warned = Signal(int)
    calmed = Signal()
    expired = Signal()

    def __init__(self, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = clock
        self._minutes = 10
        self._last = clock.monotonic()
        self._warning = False
        self._running = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.check)

    def set_minutes(self, minutes: int) -> None:
        """The practice's limit."""
        self._minutes = max(1, minutes)
        self.check()

    def start(self) -> None:
        """Begin to count."""
        self._running = True
        self._warning = False
        self._last = self._clock.monotonic()
        self.check()

    def stop(self) -> None:
        """The window is locked."""
        self._running = False
        self._timer.stop()

    def touch(self) -> None:
        """Somebody is here."""
        self._last = self._clock.monotonic()
        if self._warning:
            self._warning = False
            self.calmed.emit()
            self.check()

    def check(self) -> None:
        """Look at the clock; warn or lock when it is time, and look again when it will be."""
        if not self._running:
            return
        left = self._minutes * 60 - (self._clock.monotonic() - self._last)
        if left <= 0:
            self.stop()
            self.expired.emit()
            return
        if left <= WARN_SECONDS:
            self._warning = True
            self.warned.emit(round(left))
            self._timer.start(1000)
            return
        # A nap, not the whole wait: a laptop's sleep must not postpone the lock.
        self._timer.start(round(min(left - WARN_SECONDS, _LONGEST_NAP_S) * 1000) + 10)
