"""What a model value does not name: found by comparing what was read with what would be written, and put back.

Used for values that stand for a whole run of segments (a claim, a subscriber). Valid documents of a small practice
have nothing here; odd ones keep everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

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
    """What of ``read`` would be lost if only ``would_write`` were written; places are those in what ``put_back`` gives.

    Both are walked once, side by side, however long they are. A row that is written elsewhere is not kept; a row with
    the same id and first element as the one that would be written in its place keeps the elements that lacks.
    """
    if list(read) == list(would_write):
        return ()
    found: list[Kept] = []
    unread, unwritten, moved = Counter(read), Counter(would_write), Counter[Raw]()
    at = other = kept = 0
    while at < len(read):
        row = read[at]
        write = would_write[other] if other < len(would_write) else None
        if write is not None and (moved[write] or (write != row and unwritten[row] and not unread[write])):
            moved[write] -= bool(moved[write])  # else a row of its own, that was not read
            other += 1
            continue
        if write == row:
            other += 1
            unwritten[row] -= 1
        elif unwritten[row]:
            unwritten[row] -= 1
            moved[row] += 1
        elif (ahead := _like(row, would_write[other : other + 3], unread)) is not None:
            other += ahead + 1
            found += _elements(other - 1 + kept, row, would_write[other - 1])
        else:
            found.append(Kept(other + kept, row))
            kept += 1
        unread[row] -= 1
        at += 1
    return tuple(found)


def _like(row: Raw, next_written: Sequence[Raw], unread: Counter[Raw]) -> int | None:
    """Which of the rows to be written next, none of which was read as it is, stands for this one."""
    for ahead, write in enumerate(next_written):
        if unread[write]:
            return None
        if write[:2] == row[:2]:
            return ahead
    return None


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
    whole = {one.at: list(one.row) for one in kept if not one.element}
    rest = iter(rows)
    out: list[Row] = []
    for at in range(len(rows) + len(whole)):
        row = whole.pop(at, None) or next(rest, None)
        if row is None:
            break
        out.append(row)
    out += whole.values()
    for one in kept:
        if one.element and one.at < len(out):
            row = list(out[one.at])
            row += [""] * (one.element + 1 - len(row))
            if not _value(row[one.element], ""):
                row[one.element] = one.row[0]
            out[one.at] = row
    return out
