"""Keys as people read them: ``"Ctrl+Shift+R"`` becomes the caps Ctrl, Shift, R (⌘ on a Mac)."""

from __future__ import annotations

import sys
from functools import cache

_MAC = {"Ctrl": "⌘", "Alt": "⌥", "Shift": "⇧", "Meta": "⌃"}
_NAMES = {
    "Return": "↵",
    "Enter": "↵",
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
    "Delete": "Del",
    "Escape": "Esc",
    "PageUp": "PgUp",
    "PageDown": "PgDn",
    "Minus": "−",
    "Plus": "+",
    "Space": "Space",
}


@cache
def caps_of(keys: str) -> tuple[str, ...]:
    """The caps of ``"Ctrl+K"``, of a sequence ``"G, S"`` and of choices ``"1 2 3"``; none for an empty text."""
    caps: list[str] = []
    for press in keys.replace(",", " , ").split():
        if press == "," and caps and len(keys) > 1 and ", " in keys:
            continue
        parts = press.split("+") if len(press) > 1 and not press.endswith("++") else [press]
        caps += [_named(part) for part in parts if part]
    return tuple(caps)


def _named(part: str) -> str:
    if sys.platform == "darwin" and part in _MAC:
        return _MAC[part]
    return _NAMES.get(part, part)


def words_of(keys: str) -> str:
    """The same for reading aloud: ``"Ctrl+K"``."""
    return "+".join(caps_of(keys))
