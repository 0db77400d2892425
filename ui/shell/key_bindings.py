"""Keys: one shortcut an action, from the registry; only Ctrl+L while a sheet is open; letters never while typing.

Qt itself leaves printable keys to a text field that has focus, so that a letter is an action only elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui.actions.action import Action, run
from ui.screens.registry import ScreenSpec
from ui.widgets.label import Label
from ui.widgets.panels import Ground, clear, column, row
from ui.widgets.status import KeyCaps

_GO_WAIT_MS = 1000


def is_letter_key(key: str) -> bool:
    """Whether ``key`` is a bare character (with or without Shift), which a person may switch off."""
    return len(key.removeprefix("Shift+")) == 1


class KeyBindings(QObject):
    """Shortcuts of one window. ``bind`` replaces those of the page; the window's own stay."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._fixed: list[tuple[QShortcut, str]] = []
        self._page: list[tuple[QShortcut, str]] = []
        self._open = True
        self._letters = True
        self._kept: frozenset[str] = frozenset()
        self._bound: tuple[tuple[Action, ...], object] | None = None

    def bind_window(self, actions: Sequence[Action], target: object, kept: frozenset[str] = frozenset()) -> None:
        """The actions that hold everywhere; the keys ``kept`` also while a sheet is open."""
        self._fixed = self._made(actions, target)
        self._kept = kept

    def add_fixed(self, key: str, act: Callable[[], None]) -> None:
        """One more key of the window."""
        shortcut = QShortcut(QKeySequence(key), self._window)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(act)
        self._fixed.append((shortcut, key))

    def bind_page(self, actions: Sequence[Action], target: object) -> None:
        """The actions of the page in front, in place of the last one's."""
        bound = (tuple(actions), target)
        if bound == self._bound:
            return
        self._bound = bound
        for shortcut, _ in self._page:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        taken = {key for _, key in self._fixed}
        self._page = self._made([action for action in actions if action.key not in taken], target)
        self._enable()

    def set_open(self, on: bool) -> None:
        """Off while a sheet, a popover or the lock is in front."""
        self._open = on
        self._enable()

    def set_letters(self, on: bool) -> None:
        """Whether bare letters are keys at all."""
        self._letters = on
        self._enable()

    def _made(self, actions: Sequence[Action], target: object) -> list[tuple[QShortcut, str]]:
        made = []
        for action in actions:
            for key in action.all_keys:
                shortcut = QShortcut(QKeySequence(key), self._window)
                shortcut.activated.connect(lambda action=action: run(target, action))
                made.append((shortcut, key))
        return made

    def _enable(self) -> None:
        for shortcut, key in (*self._fixed, *self._page):
            is_open = self._open or key in self._kept
            shortcut.setEnabled(is_open and (self._letters or not is_letter_key(key)))


class GoChooser(Ground):
    """After G: shows the letters and waits 1 s for one. ``chosen`` gives the screen's name."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__("raised", line="line", radius=10, parent=window)
        self.setAccessibleName("Go to: press a letter")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self._letters: dict[str, str] = {}
        self._lines = column(spacing=6, margins=(16, 12, 22, 14))
        self.setLayout(self._lines)
        self.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._leave)

    def ask(self, screens: Sequence[ScreenSpec]) -> None:
        """Show these screens' letters above the status bar and wait."""
        self._letters = {screen.go.upper(): screen.name for screen in screens if screen.go}
        clear(self._lines)
        self._lines.addWidget(Label("Go to", "small", "text-3"))
        for screen in screens:
            if screen.go:
                self._lines.addLayout(row(KeyCaps(screen.go), Label(screen.title), None, spacing=10))
        window = self.parentWidget()
        assert window is not None
        self.adjustSize()
        self.move(window.width() - self.width() - 24, window.height() - self.height() - 40)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._timer.start(_GO_WAIT_MS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The second key."""
        name = self._letters.get(event.text().upper())
        event.accept()
        self._leave()
        if name:
            self.chosen.emit(name)

    def _leave(self) -> None:
        if not self.isHidden():
            self._timer.stop()
            self.hide()
            self.left.emit()
