"""What is open in a document, and whether its counts and control numbers are right (points 1, 3 and 4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from app.model.problem import Place, Severity
from app.x12.delimiters import Delimiters
from app.x12.problems import Problems, shown
from app.x12.values import day, is_time
from app.x12.wire import Block

_WIDTHS = (0, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)


class Interchange(NamedTuple):
    """One ISA…IEA: its 16 elements as written (index 1 is ISA01) and its delimiters."""

    isa: tuple[str, ...] = ("",) * 17
    delimiters: Delimiters = Delimiters()
    number: int = 0

    @property
    def control(self) -> str:
        """ISA13, as written without padding."""
        return self.isa[13].strip()


class Group(NamedTuple):
    """One GS…GE: its 8 elements as written (index 1 is GS01)."""

    gs: tuple[str, ...] = ("",) * 9
    number: int = 0

    @property
    def control(self) -> str:
        """GS06."""
        return self.gs[6].strip()

    @property
    def version(self) -> str:
        """GS08, which decides how a transaction is read (point 5)."""
        return self.gs[8].strip()


class Acknowledged(NamedTuple):
    """A TA1 as found: its elements (index 1 is TA101), the interchange it came in, its place."""

    ta1: tuple[str, ...]
    interchange: Interchange
    place: Place


class Controls:
    """The bookkeeping of a ``Reader``: interchanges and groups opened and closed, with what is wrong in them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems = Problems()
        self.acknowledgments: list[Acknowledged] = []
        self.position = 0
        self.interchanges = 0
        self.groups = 0
        self._delimiters = Delimiters()
        self._interchange = Interchange()
        self._group = Group()
        self._open: list[str] = []
        self._group_count = self._set_count = 0
        self._seen: dict[str, set[str]] = {"ISA": set(), "GS": set(), "ST": set()}
        self._stray = ""
        self._junk_before = False
        self._begins = b""

    def _step(self, row: list[str]) -> None:
        getattr(self, "_on_" + row[0].lower())(row)

    def _on_isa(self, row: list[str]) -> None:
        self._close_through("ISA")
        self.interchanges += 1
        if len(row) > 17:
            row[16:] = [self._delimiters.element.join(row[16:])]
        row += [""] * (17 - len(row))
        self._interchange = Interchange(tuple(row), self._delimiters, self.interchanges)
        self._open.append("ISA")
        self._group, self._group_count = Group(), 0
        self._stray = ""
        self._unique("ISA", self._interchange.control)
        self._seen["GS"].clear()
        self._check_isa(row)

    def _check_isa(self, row: list[str]) -> None:
        if not re.fullmatch(r"\d{9}", row[13]):
            self._report(
                "isa-control",
                f"ISA13, the control number, is {shown(row[13])!r}; it has nine digits.",
                "ISA",
                "Tell the sender.",
                Severity.WARNING,
                "13",
            )
        if row[15] not in ("P", "T"):
            self._report(
                "isa-usage",
                f"ISA15 is {shown(row[15])!r}; it is P for production or T for test.",
                "ISA",
                "Ask the sender whether this is a test.",
                Severity.WARNING,
                "15",
            )
        short = [n for n in range(1, 16) if len(row[n]) != _WIDTHS[n]]
        if short:
            self._report(
                "isa-width",
                f"ISA{short[0]:02d} has {len(row[short[0]])} characters, not {_WIDTHS[short[0]]}: "
                "the header is not padded.",
                "ISA",
                "It was read all the same.",
                Severity.WARNING,
                f"{short[0]:02d}",
            )

    def _on_gs(self, row: list[str]) -> None:
        self._close_through("GS")
        if not self._open:
            self._interchange = Interchange(delimiters=self._delimiters)
            self._report(
                "no-envelope",
                "The group stands alone, without the ISA around it.",
                "GS",
                "It was read; ask the sender for the original file.",
                Severity.WARNING,
            )
        self.groups += 1
        self._group_count += 1
        row += [""] * (9 - len(row))
        self._group = Group(tuple(row), self.groups)
        self._open.append("GS")
        self._set_count = 0
        self._stray = ""
        self._unique("GS", self._group.control)
        self._seen["ST"].clear()

    def _on_ge(self, row: list[str]) -> None:
        if "GS" not in self._open:
            self._report("envelope-unopened", "GE closes a group that was never opened.", "GE")
            return
        row += [""] * 3
        self._count("GE01", row[1], self._set_count, "transactions")
        self._control("GE02", row[2], "GS06", self._group.control)
        self._open.remove("GS")
        self._group = Group()

    def _on_iea(self, row: list[str]) -> None:
        if "GS" in self._open:
            self._close_through("GS")
        if "ISA" not in self._open:
            self._report("envelope-unopened", "IEA closes an interchange that was never opened.", "IEA")
            return
        row += [""] * 3
        self._count("IEA01", row[1], self._group_count, "groups")
        self._control("IEA02", row[2], "ISA13", self._interchange.control)
        self._open.remove("ISA")
        self._stray = "after"

    def _on_ta1(self, row: list[str]) -> None:
        row += [""] * (6 - len(row))
        self.acknowledgments.append(Acknowledged(tuple(row), self._interchange, self._place("TA1")))
        wrong = next((place for place, good in _TA1 if not good(row[place])), 0)
        if wrong:
            self._report(
                "ta1-shape",
                f"TA1{wrong:02d} has {shown(row[wrong]) or 'nothing'}, which is not what belongs there.",
                "TA1",
                "Ask the sender what became of the interchange.",
                element=f"{wrong:02d}",
            )

    def _on_se(self, row: list[str]) -> None:
        self._report("envelope-unopened", "SE closes a transaction that was never opened.", "SE")

    def _close_through(self, what: str) -> None:
        """Report groups and interchanges that the file left open."""
        for opened, closes in (("GS", "GE"), ("ISA", "IEA")):
            if opened in self._open:
                self._report(
                    f"envelope-{closes.lower()}-missing",
                    f"{opened} is not closed: {closes} is missing.",
                    closes,
                    "The file may have been cut off: compare it with the sender's copy.",
                )
                self._open.remove(opened)
            if opened == what:
                return

    def _unique(self, what: str, control: str) -> None:
        if control in self._seen[what]:
            field = {"ISA": "ISA13", "GS": "GS06", "ST": "ST02"}[what]
            self._report(
                "envelope-repeated",
                f"The control number {shown(control)} in {field} was used before in this file.",
                what,
                "Check that the same document is not in the file twice.",
                Severity.WARNING,
                field[-2:],
            )
        elif len(self._seen[what]) < 100_000:
            self._seen[what].add(control)

    def _count(self, field: str, said: str, found: int, what: str) -> None:
        if not same_number(said, str(found)):
            self._report(
                "envelope-count",
                f"{field} says {shown(said) or 'nothing'} {what}, but there are {found}.",
                field[:-2],
                "Check with the sender that nothing was lost.",
                element=field[-2:],
            )

    def _control(self, field: str, said: str, other: str, expected: str) -> None:
        if not same_text_or_number(said, expected):
            self._report(
                "envelope-control",
                f"{field} is {shown(said) or 'empty'}, but {other} was {shown(expected) or 'empty'}.",
                field[:-2],
                "Tell the sender; the content was read.",
                element=field[-2:],
            )

    def _outside(self, segment: str) -> None:
        if self._stray != "after":
            self._report(
                "envelope-stray",
                f"Segment {segment[:3]} stands outside any transaction and was not read.",
                segment[:3],
                "Ask the sender what it belongs to.",
            )

    def _junk(self, block: Block) -> None:
        if not self.position and not self._open:
            if self._junk_before:
                return
            self._junk_before = True
            self._begins = block.text[:4]
            self._report(
                "junk-before",
                "The file does not begin with an ISA segment.",
                "",
                "What stands before the first ISA was passed over.",
                Severity.WARNING,
            )
        else:
            self._report(
                "junk-after",
                "After the last segment stands text that is not X12; it was passed over.",
                "",
                "Nothing to do, unless the file was put together by hand.",
                Severity.WARNING,
            )

    def _place(self, segment: str, element: str = "") -> Place:
        return Place(
            file=self.file,
            interchange=self._interchange.control,
            group=self._group.control,
            segment=segment,
            position=self.position,
            element=element,
        )

    def _report(
        self,
        code: str,
        message: str,
        segment: str,
        next_step: str = "Tell the sender.",
        severity: Severity = Severity.ERROR,
        element: str = "",
    ) -> None:
        self.problems.add(code, message, next_step, place=self._place(segment, element), severity=severity)


_TA1: tuple[tuple[int, Callable[[str], object]], ...] = (
    (1, re.compile(r"[0-9]{9}").fullmatch),
    (2, lambda text: len(text) == 6 and day(text)),
    (3, lambda text: len(text) == 4 and is_time(text)),
    (4, re.compile("[AER]").fullmatch),
    (5, re.compile(r"0[0-3][0-9]").fullmatch),
)


def same_number(said: str, found: str) -> bool:
    """Whether a count as written is the one that was found."""
    return said.strip().isdecimal() and int(said.strip()[:18]) == int(found)


def same_text_or_number(said: str, expected: str) -> bool:
    """Whether two control numbers are the same, as text or else as numbers."""
    said, expected = said.strip(), expected.strip()
    return said == expected or (said.isdecimal() and expected.isdecimal() and said.lstrip("0") == expected.lstrip("0"))
