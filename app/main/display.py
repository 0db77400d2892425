"""Whether a window can open here.

Where Qt cannot reach the display that is named (or lacks what it needs to), it ends the whole process in words of its
own. It says so through its log first: there it is made to say ours, whatever the reason and whatever the system.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.model.errors import SetupError

_NAMES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
#: Platforms of Qt on which a window opens that nobody sees.
UNSEEN = frozenset({"offscreen", "minimal"})
_TRY = "Run `daybook demo --smoke`: it does the main job without one."


def is_named() -> bool:
    """Whether this session has a display at all, reachable or not."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in _NAMES)


def must_be_named() -> None:
    """Raises SetupError where there is none."""
    if not is_named():
        raise SetupError(
            "There is no display here.", "A window cannot open.", ("Start Daybook in a desktop session.", _TRY)
        )


def is_only_to_be_told_there() -> bool:
    """Started from an icon: no terminal in which words could be read, but a display on which a window is seen."""
    has_terminal = sys.stderr is not None and sys.stderr.isatty()
    return is_named() and not has_terminal and os.environ.get("QT_QPA_PLATFORM", "") not in UNSEEN


def unusable() -> SetupError:
    """There is one, and no window can open on it."""
    named = {name: os.environ.get(name, "") for name in _NAMES}
    where = ", ".join(f"{name}={value}" for name, value in named.items() if value)
    return SetupError(
        f"No window can open on this display ({where})." if where else "No window can open on this display.",
        "It does not answer, or a part of the system that windows need is missing.",
        ("Start Daybook in a desktop session.", "Run `daybook doctor`: it looks for what is missing.", _TRY),
    )


@contextmanager
def told_in_our_words() -> Iterator[None]:
    """While the application is made: where Qt would end the process, it ends with our words and status 1."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    heard: list[str] = []

    def hear(kind: QtMsgType, _where: object, words: str) -> None:
        heard.append(words)
        if kind is QtMsgType.QtFatalMsg:
            _leave()

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
    # It works all the same, so these are only remarks.
    for words in heard if sys.stderr is not None else ():
        sys.stderr.write(f"{words}\n")


def _leave() -> None:
    """Qt aborts as soon as it is back, so this does not go back."""
    from app.main.cli import say

    say(unusable())
    if sys.stderr is not None:
        sys.stderr.flush()
    os._exit(1)
