"""A guide as data: the table's grammar, and what the generic reader makes of it.

A guide is text, one line a loop or a segment, in the order of the implementation guide::

    guide 835 005010X221A1 HP | Claim payment and remittance advice
    ST  R 1 | 1R=835 2R | Transaction set header        segments before the first loop belong to the root
    loop 1000A - R 1 | Payer identification              loop NAME PARENT USAGE MOST; the root is "-"
    N1  R 1 | 1R=PR 2R 3S=XV 4S | Payer                  the first segment of a loop opens it
    loop 2100 2000 R >1 unit | Claim payment             "unit": handed out one at a time while streaming
    in -                                                 go on with the segments of that loop (PLB, SE)

A segment line is id, usage (R required, S situational), most repeats (``>1`` is no limit), element notes, title.
An element note is its number, its usage (R, S, or N for not used), then the codes it may have after ``=``:
``1R=PR,PE``; ``{1-20}`` before the ``=`` narrows the dictionary's length; a composite's components stand in
parentheses: ``1R(1R=HC,ER 2R)``; ``12R(...)`` may be repeated by ``5-8S`` for a range of elements. What has no note
is situational. ``=@name`` is a code list kept elsewhere, not checked by the table. Types, lengths and element names
come from ``app.x12.dictionary``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.x12.dictionary import segment_line

if TYPE_CHECKING:
    from app.x12.loops import Loop, Report

Rule = Callable[["Loop", "Report"], None]

_MOST_REMEMBERED = 20_000
_NOTE = re.compile(r"(\d+)(?:-(\d+))?([RSN])(?:\{(\d+)-(\d+)\})?(?:=([^\s()]+))?(?:\(([^()]*)\))?")
_ELEMENT = re.compile(r"(AN|ID|N0|R|DT|TM|PD)(\d+)-(\d+) (.+)")


class ElementSpec:
    """What one element (or component) may be."""

    __slots__ = ("codes", "least", "most", "name", "number", "parts", "type", "usage")

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.usage = "S"
        self.name: str
        self.codes: frozenset[str] | None = None
        self.parts: tuple[ElementSpec, ...] = ()
        if text.startswith("C("):
            self.parts = tuple(ElementSpec(n, part) for n, part in enumerate(text[2:-1].split(";"), 1))
            self.type, self.least, self.most, self.name = "C", 1, 0, self.parts[0].name
        else:
            found = _ELEMENT.fullmatch(text)
            if not found:
                raise ValueError(f"element {number} is not understood: {text}")
            self.type, self.name = found.group(1), found.group(4)
            self.least, self.most = int(found.group(2)), int(found.group(3))

    def note(self, found: re.Match[str]) -> None:
        """Take over what the guide's table says about this element."""
        _, _, self.usage, least, most, codes, parts = found.groups()
        if least:
            self.least, self.most = int(least), int(most)
        if codes and not codes.startswith("@"):
            self.codes = frozenset(codes.split(","))
        for note in _NOTE.finditer(parts or ""):
            for number in _numbers(note):
                self.parts[number - 1].note(note)


class SegmentSpec:
    """A segment's place in a guide."""

    __slots__ = (
        "bit",
        "elements",
        "id",
        "key",
        "key_part",
        "late",
        "loop",
        "most",
        "next",
        "opens",
        "quick",
        "rows",
        "rules",
        "slot",
        "title",
        "usage",
        "width",
    )

    def __init__(self, loop: LoopSpec, line: str) -> None:
        head, _, rest = line.partition("|")
        notes, _, title = rest.rpartition("|") if "|" in rest else (rest, "", "")
        self.id, self.usage, most = head.split()
        self.most = 0 if most.startswith(">") else int(most)
        self.loop = loop
        self.title = title.strip() or self.id
        text, _, rules = segment_line(self.id).partition("!")
        if not text:
            raise ValueError(f"segment {self.id} is not in the dictionary")
        self.elements = tuple(ElementSpec(n, part.strip()) for n, part in enumerate(text.split("|"), 1))
        self.rules = tuple((rule[0], tuple(map(int, re.findall("..", rule[1:])))) for rule in rules.split())
        for note in _NOTE.finditer(notes):
            for number in _numbers(note):
                self.elements[number - 1].note(note)
        self.width = len(self.elements) + 1
        self.key, self.key_part = self._find_key()
        self.bit = self.slot = 0
        self.late = False
        self.opens: LoopSpec | None = None
        self.next: dict[str, Step] = {}
        self.quick: Callable[[str], object] | None = None
        self.rows: dict[str, tuple[Step, Segment]] = {}

    def _find_key(self) -> tuple[int, frozenset[str]]:
        """The element whose codes tell this segment from its namesakes (NM1*85 from NM1*87, HL*..*20 from 22)."""
        for element in self.elements[:3]:
            for coded in (element, *element.parts[:1]):
                if coded.codes and element.usage == "R":
                    return element.number, coded.codes
        return 0, frozenset()


class LoopSpec:
    """A loop's place in a guide: its items are segments and loops, in order."""

    __slots__ = (
        "bit",
        "id",
        "items",
        "most",
        "parent",
        "required",
        "rule",
        "slot",
        "title",
        "trigger",
        "unit",
        "usage",
    )

    def __init__(self, name: str, parent: LoopSpec | None, usage: str, most: int, title: str, unit: bool) -> None:
        self.id = name
        self.parent = parent
        self.usage = usage
        self.most = most
        self.title = title
        self.unit = unit
        self.items: list[SegmentSpec | LoopSpec] = []
        self.trigger: SegmentSpec | None = None
        self.slot = self.bit = self.required = 0
        self.rule: Rule | None = None

    def path(self) -> list[LoopSpec]:
        """From the root to here."""
        return [*(self.parent.path() if self.parent else []), self]


class Segment(list[str]):
    """A segment taken apart: ``[id, element 1, …]``. The same text gives the same object: never change one.

    ``value`` is room for a mapping to keep what it made of this text.
    """

    __slots__ = ("value",)
    value: object


class Step:
    """Where one more segment leads: how many loops to close, what it is, whether it is out of order.

    ``implied`` are loops to open on the way whose own first segment was left out (a CLP without its LX).
    """

    __slots__ = ("disorder", "implied", "pops", "special", "stays", "target")

    def __init__(
        self, target: SegmentSpec | None, pops: int, *, disorder: bool = False, implied: tuple[LoopSpec, ...] = ()
    ) -> None:
        self.target = target
        self.pops = pops
        self.disorder = disorder
        self.implied = implied
        opens = target is not None and target.opens is not None
        self.stays = disorder and not opens
        self.special = disorder or opens or bool(implied) or (target is not None and target.late)


class Guide:
    """One transaction's table, ready for the generic reader. ``functional`` is GS01, ``version`` GS08."""

    def __init__(self, table: str, rules: dict[str, Rule] | None = None) -> None:
        lines = [line.strip() for line in table.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        head, _, self.title = lines[0].partition(" | ")
        _, self.kind, self.version, self.functional = head.split()
        self.root = LoopSpec("", None, "R", 1, self.title, False)
        self.loops = {"-": self.root}
        self.keyed: dict[str, int] = {}
        self.composite: set[str] = set()
        self._remembered = 0
        current = self.root
        for line in lines[1:]:
            current = self._read_line(line, current)
        self.segment_ids = frozenset(
            item.id for loop in self.loops.values() for item in loop.items if isinstance(item, SegmentSpec)
        )
        self._number(self.root)
        self._find_keyed()
        for name, rule in (rules or {}).items():
            for loop in self._named(self.root, name):  # a claim's loops stand under subscriber and patient alike
                loop.rule = rule

    def _read_line(self, line: str, current: LoopSpec) -> LoopSpec:
        if line.startswith("in "):
            return self.loops[line[3:].strip()]
        if not line.startswith("loop "):
            segment = SegmentSpec(current, line)
            if current.trigger is None and current is not self.root:
                current.trigger = segment
                segment.opens = current
            segment.late = any(isinstance(item, LoopSpec) for item in current.items)
            current.items.append(segment)
            return current
        head, _, title = line.partition(" | ")
        _, name, parent, usage, most, *rest = head.split()
        loop = LoopSpec(
            name, self.loops[parent], usage, 0 if most.startswith(">") else int(most), title, "unit" in rest
        )
        self.loops[parent].items.append(loop)
        self.loops[name] = loop
        return loop

    def _number(self, loop: LoopSpec) -> None:
        """Give items their slot (namesakes side by side share one, their order is free) and their bit."""
        slot, before = 0, ""
        for bit, item in enumerate(loop.items):
            name = item.id if isinstance(item, SegmentSpec) else "loop " + (item.trigger.id if item.trigger else "")
            if name != before:
                slot += 1
            before = name
            item.slot = slot
            item.bit = 1 << bit
            if item.usage == "R":
                loop.required |= item.bit
            if isinstance(item, LoopSpec):
                self._number(item)

    def _named(self, loop: LoopSpec, name: str) -> Iterator[LoopSpec]:
        if loop is self.loops[name] or loop.id == name:
            yield loop
        for item in loop.items:
            if isinstance(item, LoopSpec):
                yield from self._named(item, name)

    def segments(self, loop: LoopSpec | None = None) -> Iterator[SegmentSpec]:
        """Every segment of the table, also of loops that stand in it twice."""
        for item in (loop or self.root).items:
            if isinstance(item, SegmentSpec):
                yield item
            else:
                yield from self.segments(item)

    def _find_keyed(self) -> None:
        """Which segments need a look at a qualifier to be told apart, and at which element."""
        seen: dict[str, set[tuple[int, frozenset[str]]]] = {}
        for item in self.segments():
            seen.setdefault(item.id, set()).add((item.key, item.key_part))
            if item.key and item.elements[item.key - 1].parts:
                self.composite.add(item.id)
        for name, keys in seen.items():
            if len(keys) > 1:
                self.keyed[name] = max(key for key, _ in keys)
        for item in self.segments():
            if item.id not in self.keyed:
                item.key = 0

    def remember(self, here: SegmentSpec, row: str, step: Step, segment: Segment) -> None:
        """Keep what a clean text after ``here`` means; all is forgotten when it becomes too much."""
        if not step.disorder and len(row) <= 200:
            self._remembered += 1
            if self._remembered > _MOST_REMEMBERED:
                self._remembered = 0
                for item in self.segments():
                    item.rows.clear()
            here.rows[row] = (step, segment)

    def step(self, here: SegmentSpec, segment_id: str, qualifier: str) -> Step:
        """Find where a segment belongs when ``here`` was the last one placed.

        In order and by its qualifier first, from the innermost loop outwards; then inside a loop whose first
        segment was left out; then in order with a qualifier the guide does not know; then out of order.
        ``target`` is ``None`` for a segment that fits nowhere.
        """
        path = _outwards(here)
        for pops, (outer, least) in enumerate(path):
            if target := _find_item(outer, least, segment_id, qualifier):
                return Step(target, pops)
        if implied := _find_implied(path, segment_id, qualifier):
            return implied
        for pops, (outer, least) in enumerate(path):
            if target := _find_item(outer, least, segment_id, None):
                return Step(target, pops)
        if target := _find_item(here.loop, 0, segment_id, qualifier) or _find_item(here.loop, 0, segment_id, None):
            return Step(target, 0, disorder=True)
        for pops, (outer, _) in enumerate(path):
            target = _find_item(outer, 0, segment_id, qualifier)
            if target and target.opens:
                return Step(target, pops, disorder=True)
        return Step(None, 0)


def _outwards(here: SegmentSpec) -> list[tuple[LoopSpec, int]]:
    """The loops around a segment from the innermost, each with the slot that was reached in it."""
    loop: LoopSpec | None = here.loop
    path = []
    slot = here.slot
    while loop is not None:
        path.append((loop, slot))
        slot, loop = loop.slot, loop.parent
    return path


def _find_implied(path: list[tuple[LoopSpec, int]], segment_id: str, qualifier: str) -> Step | None:
    """A loop inside a loop whose own first segment was left out: a CLP without its LX."""
    for pops, (outer, least) in enumerate(path):
        for item in outer.items:
            if isinstance(item, LoopSpec) and item.slot >= least and len(item.items) > 1:
                target = _find_item(item, 0, segment_id, qualifier)
                if target and target.opens:
                    return Step(target, pops, implied=(item,))
                if segment_id == "HL" and (deeper := _find_level(item, qualifier)):
                    target, above = deeper
                    return Step(target, pops, implied=(item, *above))
    return None


def _find_level(loop: LoopSpec, code: str) -> tuple[SegmentSpec, tuple[LoopSpec, ...]] | None:
    """A level further down, where several above it were left out; with the loops in between."""
    for item in loop.items:
        if isinstance(item, LoopSpec) and item.trigger is not None and item.trigger.id == "HL":
            target = _find_item(item, 0, "HL", code)
            if target and target.opens:
                return target, (item,)
            if deeper := _find_level(item, code):
                return deeper[0], (item, *deeper[1])
    return None


def _find_item(loop: LoopSpec, least: int, segment_id: str, qualifier: str | None) -> SegmentSpec | None:
    """The first segment, or first segment of a loop, that fits in a loop from a slot on; ``None`` fits all codes."""
    for item in loop.items:
        if item.slot < least:
            continue
        segment = item.trigger if isinstance(item, LoopSpec) else item
        if segment is None or segment.id != segment_id or segment.opens is loop:
            continue
        if not segment.key or qualifier is None or qualifier in segment.key_part:
            return segment
    return None


def _numbers(note: re.Match[str]) -> range:
    first = int(note.group(1))
    return range(first, int(note.group(2) or first) + 1)
