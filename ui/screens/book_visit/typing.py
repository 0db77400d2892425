"""Letters typed into a drop-down choose from it; they are not the page's single-letter keys (FEATURES L3)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class LetterKeeper(QObject):
    """Keeps bare characters for the widgets it watches; keys with Ctrl, Alt or ⌘ stay the page's."""

    def __init__(self, parent: QObject, *watched: QWidget) -> None:
        super().__init__(parent)
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the key before a shortcut does."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return False
        bare = event.text().isprintable() and bool(event.text().strip()) and not event.modifiers() & _COMMANDS
        if bare:
            event.accept()
        return bare
