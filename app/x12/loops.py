"""The generic reader: segments to loops, driven by a guide, checking as it goes.

``Walk(transaction, guide).units()`` streams the loops marked ``unit`` (a claim, a patient) as soon as each is complete;
``tree`` reads a whole transaction. Every segment is kept, also those the guide does not know: they stay in the loop
they were found in, at their place.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.model.problem import Severity
from app.x12.checks import check_segment
from app.x12.envelope import Transaction
from app.x12.guide import Guide, LoopSpec, Segment, SegmentSpec, Step
from app.x12.quick import compile_quick
from app.x12.tree import Loop, Report, in_order

__all__ = ["Loop", "Report", "Segment", "Walk", "in_order", "tree"]

_STRAY_WIDTH = 30  # a segment that fits nowhere may still be one that a mapping knows
_PAD = [[""] * n for n in range(40)]


class Walk:
    """Reads one transaction by its guide, once. ``root`` holds what belongs to no unit, complete at the end.

    With ``keep`` every loop stays attached to its parent; without it a unit is let go once it was handed out,
    so that memory stays flat. ``report`` collects the problems on ``transaction.problems``.
    """

    def __init__(self, transaction: Transaction, guide: Guide, *, keep: bool = False, ours: bool = False) -> None:
        self.transaction = transaction
        self.guide = guide
        self.keep = keep
        self.report = Report(transaction, ours=ours)
        self.root = Loop(guide.root, None, 1)
        self._loop = self.root
        first = guide.root.items[0]
        assert isinstance(first, SegmentSpec)  # a guide begins with ST
        self._here = first
        self._done: list[Loop] = []
        said = transaction.group.gs[1].strip()
        if said and said != guide.functional:
            place = transaction.place(segment="GS", element="01")
            transaction.problems.add(
                "group-kind",
                f"GS01 is {said}, but transactions {guide.kind} of this guide travel in groups {guide.functional}.",
                "It was read by GS08 and ST01; tell the sender.",
                place=place,
                severity=Severity.WARNING,
            )
        convention = transaction.convention[:10]
        if convention and transaction.group.version and transaction.group.version[:10] != convention:
            transaction.problems.add(
                "guide-mismatch",
                f"GS08 names the guide {transaction.group.version}, ST03 {transaction.convention}.",
                f"It was read as {guide.kind}; tell the sender.",
                place=transaction.place(segment="ST", segment_number=1, element="03"),
                severity=Severity.WARNING,
            )

    def units(self) -> Iterator[Loop]:
        """The loops marked ``unit``, each when it is complete with all loops inside it."""
        for number, rows in self.transaction.rows():
            yield from self.feed(number, rows)
        yield from self.finish()

    def feed(self, number: int, rows: list[str]) -> list[Loop]:
        """Place a run of segments by hand, the first with that number; the units that became complete."""
        self._feed(number, rows)
        return self._taken()

    def finish(self) -> list[Loop]:
        """Close everything; the units that became complete."""
        while self._loop is not self.root:
            self._close()
        self._finish(self.root)
        return self._taken()

    @property
    def loop(self) -> Loop:
        """The innermost loop that is open."""
        return self._loop

    def at_unit(self) -> bool:
        """Whether the loop that holds units is open, so that a unit may be read in another way than by ``feed``."""
        loop: Loop | None = self._loop
        while loop is not None:
            if any(isinstance(item, LoopSpec) and item.unit for item in loop.spec.items):
                return True
            loop = loop.parent
        return False

    def leave_unit(self) -> list[Loop]:
        """Close what is open of a unit and note that one follows which ``feed`` will not see."""
        while not any(isinstance(item, LoopSpec) and item.unit for item in self._loop.spec.items):
            self._close()
        spec = self._loop.spec
        self._here = spec.trigger or self._here
        for item in spec.items:
            if isinstance(item, LoopSpec) and item.unit:
                self._loop.mask |= item.bit
        return self._taken()

    def leave_to(self, name: str, follows: str) -> Loop | None:
        """Close what is open inside the loop ``name`` and note that a loop ``follows`` comes which ``feed`` will not
        see; the loop itself, or ``None`` when it is not open. Units that became complete wait for ``taken``.
        """
        outer: Loop | None = self._loop
        while outer is not None and outer.spec.id != name:
            outer = outer.parent
        if outer is None:
            return None
        while self._loop is not outer:
            self._close()
        self._here = outer.spec.trigger or self._here
        for item in outer.spec.items:
            if isinstance(item, LoopSpec) and item.id == follows:
                outer.mask |= item.bit
        return outer

    def taken(self) -> list[Loop]:
        """The units that became complete since the last call."""
        return self._taken()

    def _taken(self) -> list[Loop]:
        done = self._done
        if not done:
            return done
        self._done = []
        return done

    def _feed(self, number: int, rows: list[str]) -> None:
        """Place a run of segments. What followed the same one before, clean and in order, is not looked at twice."""
        here, loop = self._here, self._loop
        for row in rows:
            known = here.rows.get(row)
            step, segment = known or self._parse(here, row)
            target = step.target
            if target is None:
                self._stray(loop, number, segment)
                number += 1
                continue
            if step.pops:
                self._loop = loop
                for _ in range(step.pops):
                    self._close()
                loop = self._loop
            if step.special:
                loop = self._special(step, loop, number)
            bit = target.bit
            if loop.mask & bit and 0 < target.most <= len(loop.segments):
                loop.repeated = True
            loop.mask |= bit
            loop.segments.append(segment)
            if known is None:
                self._check(here, step, segment, row, number, loop)
            number += 1
            if not step.stays:
                here = target
        self._here, self._loop = here, loop

    def _parse(self, here: SegmentSpec, row: str) -> tuple[Step, Segment]:
        delimiters = self.transaction.delimiters
        segment = Segment(row.split(delimiters.element))
        name = segment[0]
        place = self.guide.keyed.get(name)
        key = name
        if place is not None and len(segment) > place:
            qualifier = segment[place]
            if name in self.guide.composite:
                qualifier = qualifier.split(delimiters.component, 1)[0]
            key = name + qualifier
        step = here.next.get(key) or self._find(here, name, key)
        missing = (step.target.width if step.target else _STRAY_WIDTH) - len(segment)
        if missing > 0:
            segment += _PAD[missing]
        return step, segment

    def _special(self, step: Step, loop: Loop, number: int) -> Loop:
        """Open loops, and note places, where a segment does more than follow the one before."""
        target = step.target
        assert target is not None
        if step.disorder:
            self.report.at(
                number,
                target.id,
                target.loop.id,
                "",
                "segment-order",
                f"Segment {target.id} ({target.title}) stands out of order.",
                "It was read; tell the sender.",
            )
        for spec in step.implied:
            loop = self._open(spec, loop, number)
        if target.opens is not None:
            return self._open(target.opens, loop, number)
        if loop.moved is None:
            loop.moved = {}
        loop.moved[len(loop.segments)] = number
        return loop

    def _find(self, here: SegmentSpec, name: str, key: str) -> Step:
        step = self.guide.step(here, name, key[len(name) :])
        if len(key) <= 12 and len(here.next) < 500:
            here.next[key] = step
        return step

    def _open(self, spec: LoopSpec, parent: Loop, number: int) -> Loop:
        loop = Loop(spec, parent, number)
        if parent.mask & spec.bit and spec.most:
            tally = parent.tally = parent.tally or {}
            tally[spec.id] = tally.get(spec.id, 1) + 1
            if tally[spec.id] == spec.most + 1:
                self.report.at(
                    number,
                    spec.trigger.id if spec.trigger else "",
                    spec.id,
                    "",
                    "loop-too-often",
                    f"Loop {spec.id} ({spec.title}) stands more than {spec.most} times.",
                    "Leave out or split what is too much.",
                )
        parent.mask |= spec.bit
        if self.keep or not spec.unit:
            parent.loops.append(loop)
        return loop

    def _close(self) -> None:
        loop = self._loop
        self._finish(loop)
        if loop.spec.unit:
            self._done.append(loop)
        if loop.parent is not None:
            self._loop = loop.parent

    def _finish(self, loop: Loop) -> None:
        spec = loop.spec
        missing = spec.required & ~loop.mask
        if missing:
            for item in spec.items:
                if item.bit & missing and item.id != "SE":  # the envelope speaks about SE
                    self._missing(loop, item)
        if loop.repeated:
            self._count(loop)
        if spec.rule is not None:
            spec.rule(loop, self.report)

    def _missing(self, loop: Loop, item: SegmentSpec | LoopSpec) -> None:
        trigger = item.trigger if isinstance(item, LoopSpec) else item
        name = trigger.id if trigger else ""
        inside = f"loop {loop.spec.id} ({loop.spec.title})" if loop.spec.id else "the transaction"
        number = loop.start + max(len(loop.segments) - 1, 0) if loop.spec.id else self.transaction.count
        if isinstance(item, LoopSpec):
            code, where, what = "loop-missing", item.id, f"Loop {item.id} ({item.title}, {name})"
        else:
            code, where, what = "segment-missing", loop.spec.id, f"Segment {item.id} ({item.title})"
        self.report.at(number, name, where, "", code, f"{what} is missing in {inside}.", "The sender must add it.")

    def _count(self, loop: Loop) -> None:
        """Look closer at a loop in which something stands more than once."""
        counts: dict[int, int] = {}
        specs = {item.bit: item for item in loop.spec.items if isinstance(item, SegmentSpec)}
        for segment in loop.segments:
            for bit, item in specs.items():
                if item.id == segment[0] and (not item.key or self._qualifier(segment, item) in item.key_part):
                    counts[bit] = counts.get(bit, 0) + 1
                    if item.most and counts[bit] == item.most + 1:
                        times = "once" if item.most == 1 else f"{item.most} times"
                        self.report(
                            loop,
                            segment,
                            "",
                            "segment-too-often",
                            f"Segment {item.id} ({item.title}) stands more than {times}.",
                            "Leave out what is too much.",
                        )
                    break

    def _qualifier(self, segment: Segment, item: SegmentSpec) -> str:
        component = self.transaction.delimiters.component
        return segment[item.key].split(component, 1)[0] if len(segment) > item.key else ""

    def _stray(self, loop: Loop, number: int, segment: Segment) -> None:
        if number != loop.start + len(loop.segments):
            loop.moved = loop.moved or {}
            loop.moved[len(loop.segments)] = number
        loop.segments.append(segment)
        name = segment[0]
        known = name in self.guide.segment_ids
        if known:
            message = f"Segment {name} is not expected here."
        else:
            message = f"Segment {name[:10] or '(without a name)'} does not exist in this transaction."
        self.report.at(
            number,
            name[:3],
            loop.spec.id,
            "",
            "segment-unexpected" if known else "segment-unknown",
            message,
            "It was kept as it is; tell the sender.",
        )

    def _check(self, here: SegmentSpec, step: Step, segment: Segment, row: str, number: int, loop: Loop) -> None:
        spec = step.target
        assert spec is not None
        delimiters = self.transaction.delimiters
        quick = spec.quick
        if quick is None:
            quick = spec.quick = compile_quick(spec, delimiters)
        if quick(row) or check_segment(spec, segment, number, loop.spec.id, self.report, delimiters):
            self.guide.remember(here, row, step, segment)


def tree(transaction: Transaction, guide: Guide, *, ours: bool = False) -> Loop:
    """Read a whole transaction into its root loop, everything attached."""
    walk = Walk(transaction, guide, keep=True, ours=ours)
    for _ in walk.units():
        pass
    return walk.root
