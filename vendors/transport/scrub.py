"""A vendor's own words, made safe to repeat: without what we sent, and without what looks like a person's data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 200

_PERSONAL = (
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    re.compile(r"\b\d{3}-\d{2}-\d{4}\b"),
    re.compile(r"\(?\b\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}\b"),
    re.compile(r"\b\d{3}[.-]\d{4}\b"),
    re.compile(r"\b\d{1,2}/\d{1,2}/\d{2,4}\b"),
    re.compile(r"\b\d{4}-\d{2}-\d{2}(?:T[\d:.]*\d)?(?!\d)"),
)


def reason(text: str, sent: Iterable[str] = ()) -> str:
    """One line of at most 200 characters. Values in ``sent`` (two characters and more) become ``…``."""
    line = "".join(" " if unicodedata.category(mark) in {"Cc", "Cf", "Zl", "Zp"} else mark for mark in text)
    line = re.sub(r"<[^>]{0,200}>", " ", line)
    for pattern in _PERSONAL:
        line = pattern.sub("…", line)
    for value in sorted({value.strip() for value in sent if len(value.strip()) > 1}, key=len, reverse=True):
        line = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "…", line, flags=re.IGNORECASE)
    line = " ".join(line.split()).strip(" .")
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
