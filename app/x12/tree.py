"""A loop as found in a document, and how checks speak about it."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.problem import Severity
from app.x12.envelope import Transaction
from app.x12.guide import LoopSpec, Segment


class Loop:
    """One loop as found: ``segments`` (each ``[id, element 1, …]``, padded to the guide's width) and ``loops``.

    ``start`` is the number of its first segment, counted from ST = 1. ``parent`` leads outwards.
    """

    __slots__ = ("loops", "mask", "moved", "parent", "repeated", "segments", "spec", "start", "tally")

    def __init__(self, spec: LoopSpec, parent: Loop | None, start: int) -> None:
        self.spec = spec
        self.parent = parent
        self.start = start
        self.segments: list[Segment] = []
        self.loops: list[Loop] = []
        self.mask = 0
        self.repeated = False
        self.moved: dict[int, int] | None = None
        self.tally: dict[str, int] | None = None

    @property
    def id(self) -> str:
        """The loop's name in the guide: ``2100``."""
        return self.spec.id

    def first(self, segment_id: str, *qualifiers: str) -> Segment | None:
        """The first segment of that id, and of those codes in element 1 if any are given."""
        for segment in self.segments:
            if segment[0] == segment_id and (not qualifiers or (len(segment) > 1 and segment[1] in qualifiers)):
                return segment
        return None

    def all(self, segment_id: str, *qualifiers: str) -> list[Segment]:
        """All segments of that id, and of those codes in element 1 if any are given."""
        return [
            segment
            for segment in self.segments
            if segment[0] == segment_id and (not qualifiers or (len(segment) > 1 and segment[1] in qualifiers))
        ]

    def value(self, segment_id: str, element: int, *qualifiers: str) -> str:
        """An element of the first such segment; empty when there is none."""
        segment = self.first(segment_id, *qualifiers)
        return segment[element] if segment and len(segment) > element else ""

    def ref(self, qualifier: str) -> str:
        """REF02 of that qualifier."""
        return self.value("REF", 2, qualifier)

    def child(self, *names: str) -> Loop | None:
        """The first loop inside this one of that name."""
        return next((loop for loop in self.loops if loop.spec.id in names), None)

    def children(self, *names: str) -> list[Loop]:
        """The loops inside this one of those names (all of them without names)."""
        return [loop for loop in self.loops if not names or loop.spec.id in names]

    def number_of(self, segment: Segment | None) -> int:
        """The segment's number from ST = 1; the loop's first when it is not (or no longer) in it."""
        for index in range(len(self.segments) - 1, -1, -1):  # what is asked for is most often what came last
            if self.segments[index] is segment:
                return (self.moved or {}).get(index, self.start + index)
        return self.start

    def own_numbered(self) -> Iterator[tuple[int, Segment]]:
        """This loop's own segments in order: (number, segment)."""
        moved = self.moved or {}
        for index, segment in enumerate(self.segments):
            yield moved.get(index, self.start + index), segment

    def numbered(self) -> Iterator[tuple[int, Segment]]:
        """Everything in this loop and the loops inside it, in no order: (number, segment)."""
        yield from self.own_numbered()
        for loop in self.loops:
            yield from loop.numbered()


class Report:
    """How checks and rules speak: ``report(loop, segment, "03", code, message, next_step, severity)``.

    ``ours`` is true for a document we build: what is a warning in a document we receive is then an error.
    """

    __slots__ = ("ours", "transaction")

    def __init__(self, transaction: Transaction, *, ours: bool = False) -> None:
        self.transaction = transaction
        self.ours = ours

    def __call__(
        self,
        loop: Loop,
        segment: Segment | None,
        element: str,
        code: str,
        message: str,
        next_step: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a problem at an element of a segment in a loop (``segment`` ``None``: the loop's first)."""
        shown = segment or (loop.segments[0] if loop.segments else [""])
        number = 0 if self.transaction.problems.is_full(code) else loop.number_of(segment)
        self.at(number, shown[0], loop.spec.id, element, code, message, next_step, severity)

    def at(
        self,
        number: int,
        segment_id: str,
        loop_id: str,
        element: str,
        code: str,
        message: str,
        next_step: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a problem at a segment by its number."""
        place = self.transaction.place(segment=segment_id, segment_number=number, loop=loop_id, element=element)
        self.transaction.problems.add(code, message, next_step, place=place, severity=severity)


def in_order(loop: Loop) -> list[Segment]:
    """The segments of a loop and all loops inside it, as they stood in the file."""
    return [segment for _, segment in sorted(loop.numbered(), key=lambda pair: pair[0])]
