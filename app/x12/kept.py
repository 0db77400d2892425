"""What a model value does not name: found by comparing what was read with what would be written, and put back.

Used for values that stand for a whole run of segments (a claim, a subscriber). Valid documents of a small practice
have nothing here; odd ones keep everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from app.model.claim import Kept, Raw
from app.x12.write import Row, Value


def raw(row: Row, component: str = "") -> Raw:
    """A row with its ends trimmed, lists and composites as tuples; ``component`` takes composites apart."""
    values = [_value(value, component) for value in row]
    while values and not values[-1]:
        values.pop()
    return tuple(values)


def _value(value: Value, component: str) -> str | tuple[str, ...]:
    if isinstance(value, str):
        if not component or component not in value:
            return value
        value = tuple(value.split(component))
    trimmed = [part if isinstance(part, str) else "" for part in value]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    if len(trimmed) < 2:
        return trimmed[0] if trimmed else ""
    return tuple(trimmed)


def missing(read: Sequence[Raw], would_write: Sequence[Raw]) -> tuple[Kept, ...]:
    """What of ``read`` would be lost if only ``would_write`` were written."""
    if list(read) == list(would_write):
        return ()
    found: list[Kept] = []
    written = Counter(would_write)
    matcher = SequenceMatcher(None, [row[:2] for row in read], [row[:2] for row in would_write], autojunk=False)
    for tag, first, last, other, _ in matcher.get_opcodes():
        if tag == "equal":
            for at in range(first, last):
                found += _elements(at, read[at], would_write[other + at - first])
        elif tag in ("delete", "replace"):
            found += [Kept(at, read[at]) for at in range(first, last) if not written[read[at]]]
    return tuple(found)


def _elements(at: int, read: Raw, written: Raw) -> list[Kept]:
    return [
        Kept(at, (value,), element)
        for element, value in enumerate(read)
        if value and (element >= len(written) or not written[element])
    ]


def put_back(rows: list[Row], kept: Sequence[Kept]) -> list[Row]:
    """The rows with everything kept at its place: segments first, in order, then elements that nothing else took."""
    if not kept:
        return rows
    out: list[Row] = list(rows)
    for one in kept:
        if not one.element:
            out.insert(min(one.at, len(out)), list(one.row))
    for one in kept:
        if one.element and one.at < len(out):
            row = list(out[one.at])
            row += [""] * (one.element + 1 - len(row))
            if not _value(row[one.element], ""):
                row[one.element] = one.row[0]
            out[one.at] = row
    return out
