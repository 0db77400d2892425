"""Where ``daybook x12`` writes: a person's terminal, or a file or program that takes its output."""

from __future__ import annotations

import io
import os
import sys

_WINDOWS_OUTPUT, _UNDERSTANDS_ESCAPES = -11, 7  # GetStdHandle's standard output; processed, wrapped, virtual terminal


def settle() -> None:
    """A file or program gets UTF-8 on every system; a terminal that cannot show a sign still shows the rest."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if not stream.isatty():
                stream.reconfigure(encoding="utf-8", newline="\n")
            stream.reconfigure(errors="replace")


def in_colour() -> bool:
    """Whether standard output is a terminal that shows colours, and nobody asked for none (``NO_COLOR``)."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return False
    if sys.platform == "win32":  # its older consoles print escapes as they are unless told
        import ctypes

        console = ctypes.windll.kernel32
        shows = bool(console.SetConsoleMode(console.GetStdHandle(_WINDOWS_OUTPUT), _UNDERSTANDS_ESCAPES))
    else:
        shows = True
    return shows


def harmless(text: str) -> str:
    """Text for a terminal: what is not printable (an escape sequence in a name) is shown as a mark."""
    return (
        text
        if text.isprintable()
        else "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    )


def warn(text: str) -> None:
    """A line beside the output."""
    sys.stderr.write(harmless(text) + "\n")
