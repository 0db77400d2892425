"""Keys and mouse buttons of Qt, as a browser's page names them."""

from __future__ import annotations

import sys
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QSinglePointEvent

from app.model.portal import KeyInput, MouseInput

_ALT, _CTRL, _META, _SHIFT = 1, 2, 4, 8
_MAC = sys.platform == "darwin"

#: Qt's key → (the browser's name, Windows' virtual key).
_NAMED: dict[int, tuple[str, int]] = {
    Qt.Key.Key_Return: ("Enter", 13),
    Qt.Key.Key_Enter: ("Enter", 13),
    Qt.Key.Key_Tab: ("Tab", 9),
    Qt.Key.Key_Backtab: ("Tab", 9),
    Qt.Key.Key_Backspace: ("Backspace", 8),
    Qt.Key.Key_Delete: ("Delete", 46),
    Qt.Key.Key_Escape: ("Escape", 27),
    Qt.Key.Key_Insert: ("Insert", 45),
    Qt.Key.Key_Home: ("Home", 36),
    Qt.Key.Key_End: ("End", 35),
    Qt.Key.Key_PageUp: ("PageUp", 33),
    Qt.Key.Key_PageDown: ("PageDown", 34),
    Qt.Key.Key_Left: ("ArrowLeft", 37),
    Qt.Key.Key_Up: ("ArrowUp", 38),
    Qt.Key.Key_Right: ("ArrowRight", 39),
    Qt.Key.Key_Down: ("ArrowDown", 40),
    Qt.Key.Key_Shift: ("Shift", 16),
    Qt.Key.Key_Alt: ("Alt", 18),
    Qt.Key.Key_Control: ("Meta", 91) if _MAC else ("Control", 17),
    Qt.Key.Key_Meta: ("Control", 17) if _MAC else ("Meta", 91),
    **{Qt.Key.Key_F1 + at: (f"F{at + 1}", 112 + at) for at in range(12)},
}

_BUTTONS: dict[Qt.MouseButton, Literal["left", "middle", "right"]] = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
}

#: What types something although it has a name.
_TEXTS = {"Enter": "\r"}


def modifiers_of(held: Qt.KeyboardModifier) -> int:
    """What is held down, as the page counts it: 1 Alt, 2 Ctrl, 4 Meta, 8 Shift."""
    # Qt calls the Command key Control on a Mac.
    control, meta = (_META, _CTRL) if _MAC else (_CTRL, _META)
    bits = (
        (Qt.KeyboardModifier.AltModifier, _ALT),
        (Qt.KeyboardModifier.ControlModifier, control),
        (Qt.KeyboardModifier.MetaModifier, meta),
        (Qt.KeyboardModifier.ShiftModifier, _SHIFT),
    )
    return sum(bit for modifier, bit in bits if held & modifier)


def key_input(event: QKeyEvent, *, release: bool = False) -> KeyInput:
    """A key for the page."""
    held = modifiers_of(event.modifiers())
    name, number = _NAMED.get(event.key(), ("", 0))
    if name:
        text = _TEXTS.get(name, "")
        return _made(release, name, name, text, number, held)
    typed = event.text() if event.text().isprintable() else ""
    if typed and _types(held):
        # What a third level made (@ on many keyboards) is that sign alone, not a shortcut.
        held &= _SHIFT
    else:
        typed = ""
    letter = chr(event.key()) if 32 <= event.key() < 127 else ""
    shown = event.text() if event.text().isprintable() and event.text() else letter.lower()
    return _made(release, shown, _code(letter), typed, ord(letter) if letter.isalnum() or letter == " " else 0, held)


def typed_inputs(text: str) -> tuple[KeyInput, ...]:
    """Text that came from an input method: it has no keys."""
    return tuple(KeyInput(kind="press", key=sign, text=sign) for sign in text)


def mouse_input(event: QSinglePointEvent, x: float, y: float, *, release: bool = False, clicks: int = 1) -> MouseInput:
    """A button pressed or let go at the page's (x, y)."""
    return MouseInput(
        kind="release" if release else "press",
        x=x,
        y=y,
        button=_BUTTONS.get(event.button(), "none"),
        clicks=clicks,
        modifiers=modifiers_of(event.modifiers()),
    )


def _types(held: int) -> bool:
    """Whether a key with these held types its text: plain and shifted ones do, shortcuts do not."""
    third_level = (_ALT,) if _MAC else (_ALT | _CTRL,)
    rest = held & ~_SHIFT
    return rest == 0 or rest in third_level


def _code(letter: str) -> str:
    if letter.isalpha():
        return f"Key{letter.upper()}"
    if letter.isdigit():
        return f"Digit{letter}"
    return "Space" if letter == " " else ""


def _made(release: bool, key: str, code: str, text: str, number: int, held: int) -> KeyInput:
    return KeyInput(
        kind="release" if release else "press",
        key=key,
        code=code,
        text="" if release else text,
        windows_code=number,
        modifiers=held,
    )
