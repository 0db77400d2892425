"""Names as they may be shown: without control characters, short enough, or as initials (FEATURES J14, B31).

A name comes from outside and may hold anything: right-to-left overrides that turn the words beside it around, line
breaks, 300 characters, markup. Showing it as plain text is the screens' duty; making it harmless text is done here.
The stored name is never changed.
"""

from __future__ import annotations

import unicodedata

#: Marks that reorder text around them: embeddings, overrides, isolates and the implicit marks.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Joiners are part of real names in some scripts and of emoji: they stay.
_JOINERS = frozenset("\u200c\u200d")
_MAX_MARKS = 4
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


def shown(name: str, limit: int = 80) -> str:
    """``name`` as one harmless line of at most ``limit`` characters, with an ellipsis where it was cut.

    Direction controls and other control characters are dropped, white space of any kind becomes one space, stacks of
    more than four combining marks are cut. A name that holds right-to-left letters is isolated, so that it cannot
    turn what stands beside it.
    """
    kept: list[str] = []
    marks = 0
    for char in (" " if char.isspace() else char for char in name):
        category = unicodedata.category(char)
        if char in _BIDI or (category in {"Cc", "Cf", "Cs", "Co", "Cn"} and char not in _JOINERS):
            continue
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks <= _MAX_MARKS:
            kept.append(char)
    line = elided(" ".join("".join(kept).split()), limit)
    if any(unicodedata.bidirectional(char) in {"R", "AL"} for char in line):
        return f"{FIRST_STRONG_ISOLATE}{line}{POP_ISOLATE}"
    return line


def elided(text: str, limit: int) -> str:
    """``text`` cut to ``limit`` characters, the last one an ellipsis, never ending in half a letter."""
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    while cut and (unicodedata.category(text[len(cut)]) in {"Mn", "Me"} or cut[-1] in _JOINERS):
        cut = cut[:-1]
    return f"{cut.rstrip()}…"


def initials(name: str) -> str:
    """``"M. F."`` for Marigold Fennimore: what privacy mode shows; ``"–"`` when there is no letter."""
    letters = [part[0] for part in _letters(name).split()]
    if not letters:
        return "–"
    chosen = letters if len(letters) == 1 else [letters[0], letters[-1]]
    return " ".join(f"{letter.upper()}." for letter in chosen)


def monogram(name: str) -> str:
    """``"MF"`` for the round badge beside a name."""
    return initials(name).replace(". ", "").replace(".", "")


def masked(value: str, keep: int = 2) -> str:
    """``"••••••81"``: an id or phone number with all but its last ``keep`` letters and digits hidden."""
    places = [at for at, char in enumerate(value) if char.isalnum()]
    hidden = set(places[: max(len(places) - keep, 0)])
    return "".join("•" if at in hidden else char for at, char in enumerate(value))


def _letters(name: str) -> str:
    return "".join(char if char.isalpha() else " " if char.isspace() or char == "-" else "" for char in shown(name))
