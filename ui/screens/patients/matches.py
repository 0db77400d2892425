"""Which letters of a name were typed: marked in type-ahead, so that a wrong person is seen before being chosen."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\s,]+")


def _plain(text: str) -> str:
    """Lower case without accents, letter for letter as long as the text."""
    folded = []
    for mark in text:
        base = unicodedata.normalize("NFD", mark)[:1].casefold()
        folded.append(base if len(base) == 1 else mark)
    return "".join(folded)


def marked(name: str, typed: str) -> list[tuple[str, bool]]:
    """``name`` in pieces, each with whether it was typed: ``[("Marigold ", False), ("Fenn", True), ("imore", False)]``.

    Each word typed marks the start of a word of the name that begins with it, each word at most once.
    """
    plain = _plain(name)
    starts = [found.start() for found in re.finditer(r"(?:^|(?<=[\s\-']))\S", plain)]
    marks: list[tuple[int, int]] = []
    for word in _WORD.findall(_plain(typed)):
        taken = {start for start, _ in marks}
        at = next((start for start in starts if start not in taken and plain.startswith(word, start)), None)
        if at is not None and not word[:1].isdigit():
            marks.append((at, at + len(word)))
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(marks):
        if start < at:
            continue
        pieces += [(name[at:start], False), (name[start:end], True)]
        at = end
    pieces.append((name[at:], False))
    return [piece for piece in pieces if piece[0]]
