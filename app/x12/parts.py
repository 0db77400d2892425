"""What 270, 271, 276, 277 and 277CA have in common: small segments both ways, levels (HL), and what no field takes.

Reading uses the functions of ``claim_837_loops`` for names, dates and numbers; writing has the rows here. ``Levels``
numbers the tree of levels; ``kept_of`` and ``restored`` see to it that nothing is lost (``app.x12.kept``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from app.model.claim import Kept, Party, Raw
from app.model.inquiry import Heading, Trace
from app.model.money import Money
from app.x12.claim_837_loops import parts
from app.x12.claim_837_segments import written
from app.x12.delimiters import STANDARD, Delimiters
from app.x12.guide import Segment
from app.x12.kept import missing, put_back, raw
from app.x12.loops import Loop
from app.x12.values import cents, day, is_time, money
from app.x12.write import Envelope, Row, Value

Rows = list[Row]

# -- reading ----------------------------------------------------------------------------------------------------


def money_of(text: str) -> Money | None:
    """An amount, or ``None`` where nothing is said: zero is an amount (point 34)."""
    return Money(cents(text), text) if text else None


def repeats(text: str, delimiters: Delimiters) -> tuple[str, ...]:
    """A repeated element taken apart (point 33); nothing for an empty one."""
    found = parts(text, delimiters.repetition or delimiters.component)
    return tuple(part for part in found if part)


def trace_of(segment: Segment) -> Trace:
    """TRN."""
    return Trace(segment[2], segment[3], segment[4], segment[1])


def heading_of(root: Loop) -> Heading:
    """BHT."""
    bht = root.first("BHT") or [""] * 7
    return Heading(reference=bht[3], purpose=bht[2], date=bht[4], time=bht[5], kind=bht[6])


def own_rows(loop: Loop, *below: str) -> list[Segment]:
    """The segments of a loop and of those loops inside it whose names begin so, in order, without its HL."""
    numbered = [(number, segment) for number, segment in loop.own_numbered() if segment[0] != "HL"]
    for child in loop.loops:
        if child.id.startswith(below):
            numbered += child.numbered()
    return [segment for _, segment in sorted(numbered, key=lambda pair: pair[0])]


def kept_of(read: Iterable[Segment], would_write: Iterable[Row], delimiters: Delimiters) -> tuple[Kept, ...]:
    """What of the segments read would be lost if only those rows were written; repeats are kept with ``^``."""
    segments = list(read)
    written = [raw(row) for row in would_write]
    if [_apart(segment, delimiters) for segment in segments] == written:
        return ()
    found = [
        raw([value.replace(delimiters.repetition or "^", "^") for value in segment], delimiters.component)
        for segment in segments
    ]
    return missing(found, written)


def _apart(segment: Segment, delimiters: Delimiters) -> Raw:
    repetition = delimiters.repetition
    row: Row = [[*value.split(repetition)] if repetition and repetition in value else value for value in segment]
    return raw(row, delimiters.component)


# -- writing ----------------------------------------------------------------------------------------------------


def restored(rows: Rows, kept: Sequence[Kept]) -> Rows:
    """The rows with everything kept at its place."""
    if not kept:
        return rows
    return [[_again(value) for value in row] for row in put_back(rows, kept)]


def _again(value: Value) -> Value:
    return list(value.split(STANDARD.repetition)) if isinstance(value, str) and STANDARD.repetition in value else value


def heading_row(structure: str, heading: Heading, purpose: str, kind: str = "") -> Row:
    """BHT, with the guide's own purpose and kind where the heading says none."""
    return ["BHT", structure, heading.purpose or purpose, heading.reference, heading.date, heading.time,
            heading.kind or kind]  # fmt: skip


def birth_rows(party: Party) -> Rows:
    """DMG, where there is one."""
    given = party.birth_date or party.sex
    return [["DMG", "D8" if party.birth_date else "", party.birth_date, party.sex]] if given else []


def trace_row(trace: Trace) -> Row:
    """TRN."""
    return ["TRN", trace.type, trace.number, trace.originator, trace.reference]


def optional(amount: Money | None) -> str:
    """An amount as it was written, or as X12 writes it; empty where nothing is said."""
    return "" if amount is None else written(amount)


class Step(NamedTuple):
    """One level on the way down to a value: HL03, what is there, the rows that follow its HL."""

    code: str
    value: object
    rows: Callable[[], Rows]


class Levels:
    """Numbers levels from 1 without gaps, names the one above, and says where others follow (point 39).

    ``last`` gives HL04 for levels under which no other may stand: ``{"23": "0"}``; others have 0 or 1 as it comes.
    """

    def __init__(self, rows: Rows, last: Mapping[str, str]) -> None:
        self.rows = rows
        self._last = last
        self._open: list[tuple[Step, int, list[Value]]] = []
        self._count = 0

    def enter(self, path: Sequence[Step], *, anew: bool) -> None:
        """Go to a level: what is open and the same stays open; ``anew`` opens the last one in any case."""
        shared = 0
        for (step, _, _), wanted in zip(self._open, path, strict=False):
            if step.code != wanted.code or (step.value is not wanted.value and step.value != wanted.value):
                break
            shared += 1
        if shared == len(path) and (anew or len(self._open) > shared):
            shared -= 1
        del self._open[shared:]
        for step in path[shared:]:
            self._count += 1
            parent = ""
            if self._open:
                _, number, above = self._open[-1]
                parent, above[4] = str(number), "1"
            row: list[Value] = ["HL", str(self._count), parent, step.code, self._last.get(step.code, "0")]
            self.rows.append(row)
            self.rows += step.rows()
            self._open.append((step, self._count, row))


# -- JSON -------------------------------------------------------------------------------------------------------


def plain(node: Any, hidden: frozenset[str] = frozenset()) -> Any:
    """Built-in values for JSON: money as ``"12.50"``, fields of the ``hidden`` names left out."""
    if isinstance(node, dict):
        if "cents" in node:
            return money(node["cents"])
        return {key: plain(value, hidden) for key, value in node.items() if key not in hidden}
    if isinstance(node, list | tuple):
        return [plain(value, hidden) for value in node]
    return node


def priced(node: Any, names: frozenset[str]) -> Any:
    """The reverse: amounts under those names as ``Money`` reads them."""
    if isinstance(node, dict):
        return {
            key: {"cents": cents(str(value))} if key in names and isinstance(value, str | int) else priced(value, names)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [priced(value, names) for value in node]
    return node


def moment(date: str, time: str) -> datetime | None:
    """When a document was made, as BHT04 and BHT05 say; None where they do not say it."""
    on, at = day(date), time if is_time(time) else "0000"
    return datetime(on.year, on.month, on.day, int(at[:2]), int(at[2:4])) if on else None


def envelope_of(data: Mapping[str, Any], when: datetime | None, field: str, sender: str, receiver: str) -> Envelope:
    """The envelope that JSON asks for (``interchange``, ``group``); ``sender`` and ``receiver`` where it says none.

    Raises ``msgspec.ValidationError`` naming ``field`` where no day is given.
    """
    if when is None:
        raise msgspec.ValidationError(f"Expected the day the document was made, eight digits - at `$.{field}`")
    asked = msgspec.convert({name: data.get(name) or {} for name in ("interchange", "group")}, _Headers)
    given, group = asked.interchange, asked.group
    control = str(given.get("control", "1"))
    return Envelope(
        sender=str(given.get("sender") or sender).strip(),
        receiver=str(given.get("receiver") or receiver).strip(),
        when=when,
        interchange_control=_control(control),
        group_control=_control(str(group.get("control", control))),
        sender_qualifier=str(given.get("sender_qualifier") or "ZZ"),
        receiver_qualifier=str(given.get("receiver_qualifier") or "ZZ"),
        group_sender=str(group.get("sender") or ""),
        group_receiver=str(group.get("receiver") or ""),
        usage=str(given.get("usage") or "T"),
    )


class _Headers(msgspec.Struct):
    """What JSON may say of the envelope: plain texts and numbers by name."""

    interchange: dict[str, str | int | None]
    group: dict[str, str | int | None]


def _control(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


# -- for people -------------------------------------------------------------------------------------------------


def shown_day(text: str) -> str:
    """``01/05/2026`` for 8 digits; as written where that is no real day."""
    on = day(text)
    return f"{on:%m/%d/%Y}" if on else text
