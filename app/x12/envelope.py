"""The envelope: interchanges, functional groups and transactions, streamed, with their counts and control numbers.

``read`` yields one ``Transaction`` at a time. Its segments are read from the file as they are asked for; what is
not asked for is passed over when the next transaction is wanted. Wrong counts and control numbers are reported on
``Reader.problems`` and never cost anyone the payment (point 4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from app.model.problem import Place, Problem, Severity
from app.x12.delimiters import Delimiters
from app.x12.problems import Problems
from app.x12.values import day, is_time
from app.x12.wire import Block, Source, blocks, decode

_ENVELOPE = frozenset(("ISA", "IEA", "GS", "GE", "ST", "SE", "TA1"))


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


class Transaction:
    """One ST…SE. ``pieces`` and ``segments`` stream it once; ``problems`` is complete when they have run out.

    ``kind`` is ST01 as written (``835``), ``control`` ST02, ``convention`` ST03; ``position`` is the number of
    its ST in the file. ``delimiters`` are those of its interchange.
    """

    __slots__ = (
        "_body",
        "control",
        "convention",
        "count",
        "delimiters",
        "group",
        "interchange",
        "kind",
        "position",
        "problems",
        "reader",
    )

    def __init__(self, reader: Reader, interchange: Interchange, group: Group, st: list[str]) -> None:
        self.reader = reader
        self.interchange = interchange
        self.group = group
        self.delimiters = interchange.delimiters
        self.kind = st[1].strip() if len(st) > 1 else ""
        self.control = st[2].strip() if len(st) > 2 else ""
        self.convention = st[3].strip() if len(st) > 3 else ""
        self.position = reader.position
        self.count = 0
        self.problems = Problems()
        self._body = reader.body(self)

    @property
    def version(self) -> str:
        """GS08, or ST03 where the group does not say (point 5)."""
        return self.group.version or self.convention

    def place(self, **where: str | int) -> Place:
        """A place in this transaction."""
        if number := where.get("segment_number"):
            where["position"] = self.position + int(number) - 1
        return Place(
            file=self.reader.file,
            interchange=self.interchange.control,
            group=self.group.control,
            transaction=self.control,
            **where,  # type: ignore[arg-type]
        )

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """The body in runs of whole segments, ST and SE included: (number of its first segment, bytes)."""
        return self._body

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The body as runs of raw segment texts: (number of the first, texts without terminator)."""
        for number, piece in self._body:
            rows = decode(piece).split(self.delimiters.terminator)
            rows.pop()
            yield number, rows

    def segments(self) -> Iterator[tuple[int, list[str]]]:
        """Every segment: (number from ST = 1, [id, element 1, …])."""
        element = self.delimiters.element
        for number, rows in self.rows():
            for row in rows:
                yield number, row.split(element)
                number += 1

    def skip(self) -> None:
        """Read to the end without looking, so that counts are still checked."""
        for _ in self._body:
            pass


class Reader:
    """Walks a document. Iterate it for transactions; ``problems`` and ``acknowledgments`` (TA1) fill as it goes.

    ``problems`` holds what concerns the envelope; each transaction has its own list. ``interchanges`` and
    ``groups`` count what was opened. ``position`` is the number of the segment being read, from 1.
    """

    def __init__(self, source: Source, file: str = "") -> None:
        self.file = file
        self.problems = Problems()
        self.acknowledgments: list[Acknowledged] = []
        self.position = 0
        self.interchanges = 0
        self.groups = 0
        self.transactions = 0
        self.recognised = 0
        self.traces: set[tuple[str, str, str]] = set()
        self._blocks = blocks(source)
        self._delimiters = Delimiters()
        self._text = b""
        self._at = 0
        self._interchange = Interchange()
        self._group = Group()
        self._open: list[str] = []
        self._group_count = self._set_count = 0
        self._seen: dict[str, set[str]] = {"ISA": set(), "GS": set(), "ST": set()}
        self._stray = ""

    def __iter__(self) -> Iterator[Transaction]:
        """Transactions in the order of the file."""
        while (raw := self._next()) is not None:
            row = decode(raw).split(self._delimiters.element)
            row[0] = row[0].strip()
            if row[0] == "ST":
                yield from self._transaction(row)
            elif row[0] in _ENVELOPE:
                self._step(row)
            else:
                self._outside(row[0])
        self._close_through("ISA")
        if not self.position:
            self._report(
                "no-envelope",
                "This is not an X12 document: it has no ISA segment.",
                "ISA",
                "Ask the sender for the original file.",
            )
        elif not (self.transactions or self.acknowledgments):
            self._report(
                "empty",
                "The document holds no transaction.",
                "ISA",
                "It may have been cut off: ask for the whole file.",
            )

    def _transaction(self, row: list[str]) -> Iterator[Transaction]:
        if not self._open:
            self._interchange = Interchange(delimiters=self._delimiters)
            self._report(
                "no-envelope",
                "The transaction stands alone, without the ISA and GS around it.",
                "ST",
                "It was read; ask the sender for the original file if you must answer it.",
                Severity.WARNING,
            )
        elif self._open[-1] != "GS":
            self._report("no-group", "A transaction stands outside any group: GS is missing.", "GS")
        self.transactions += 1
        self._set_count += 1
        transaction = Transaction(self, self._interchange, self._group, row)
        self._unique("ST", transaction.control)
        yield transaction
        transaction.skip()

    # -- moving through the bytes --------------------------------------------------------------------------

    def _refill(self) -> bool:
        """Take the next block; junk is reported on the way."""
        for block in self._blocks:
            if block.junk:
                self._junk(block)
                continue
            if block.unended and block.delimiters.terminator not in "\r\n":
                self._report(
                    "cut-off",
                    "The last segment is not ended: the file may have been cut off.",
                    "",
                    "Compare it with the sender's copy.",
                    Severity.WARNING,
                )
            self._delimiters = block.delimiters
            self._text, self._at = block.text, 0
            return True
        return False

    def _next(self) -> bytes | None:
        """The next segment, without its terminator."""
        if self._at >= len(self._text) and not self._refill():
            return None
        terminator = self._delimiters.terminator.encode("latin-1")
        end = self._text.find(terminator, self._at)
        raw = self._text[self._at : end]
        self._at = end + 1
        self.position += 1
        return raw

    def body(self, transaction: Transaction) -> Iterator[tuple[int, bytes]]:
        """The segments of a transaction whose ST was just read; stops after SE or before what cannot be in it."""
        terminator = transaction.delimiters.terminator.encode("latin-1")
        element = transaction.delimiters.element.encode("latin-1")
        at, number = self._text.rfind(terminator, 0, self._at - 1) + 1, 1
        self.position -= 1
        while True:
            piece = self._closed(transaction, at, number, terminator, element)
            ended, end = piece is not None, at + len(piece or b"")
            if piece is None:
                end, ended = _end_of_body(self._text, at, terminator, element, first=number == 1)
                piece = self._text[at:end]
            count = piece.count(terminator)
            self._at = end
            self.position += count
            transaction.count += count
            if piece:
                yield number, piece
            number += count
            if ended:
                break
            if not self._refill():
                break
            at = 0
        se = piece.rsplit(terminator, 2)[-2].split(element) if piece else []
        self._check_se(transaction, [part.decode("latin-1") for part in se])

    def _closed(
        self, transaction: Transaction, at: int, number: int, terminator: bytes, element: bytes
    ) -> bytes | None:
        """The rest of the body when a SE follows that has the right count and number: no need to look further."""
        close = self._text.find(terminator + b"SE" + element, at)
        if close < 0:
            return None
        end = self._text.find(terminator, close + 1) + 1
        piece = self._text[at:end]
        count = str(number - 1 + piece.count(terminator)).encode()
        expected = element.join((b"SE", count, transaction.control.encode("latin-1", "replace"))) + terminator
        return piece if piece.endswith(terminator + expected) else None

    # -- checking -----------------------------------------------------------------------------------------

    def _check_se(self, transaction: Transaction, se: list[str]) -> None:
        place = transaction.place(segment="SE", segment_number=transaction.count)
        if not se or se[0] != "SE":
            transaction.problems.add(
                "envelope-se-missing",
                "The transaction is not closed: SE is missing.",
                "It may have been cut off: compare it with the sender's copy.",
                place=place,
            )
            return
        se += [""] * 3
        if not _same_number(se[1], str(transaction.count)):
            transaction.problems.add(
                "envelope-count",
                f"SE01 says {se[1] or 'nothing'}, but there are {transaction.count} segments from ST to SE.",
                "Check with the sender that nothing was lost.",
                place=transaction.place(segment="SE", segment_number=transaction.count, element="01"),
            )
        if not _same_text_or_number(se[2], transaction.control):
            transaction.problems.add(
                "envelope-control",
                f"SE02 is {se[2] or 'empty'}, but the transaction began with ST02 {transaction.control or 'empty'}.",
                "Tell the sender; the content was read.",
                place=transaction.place(segment="SE", segment_number=transaction.count, element="02"),
            )

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
                f"ISA13, the control number, is {row[13]!r}; it has nine digits.",
                "ISA",
                "Tell the sender.",
                Severity.WARNING,
                "13",
            )
        if row[15] not in ("P", "T"):
            self._report(
                "isa-usage",
                f"ISA15 is {row[15]!r}; it is P for production or T for test.",
                "ISA",
                "Ask the sender whether this is a test.",
                Severity.WARNING,
                "15",
            )
        widths = (0, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)
        short = [n for n in range(1, 16) if len(row[n]) != widths[n]]
        if short:
            self._report(
                "isa-width",
                f"ISA{short[0]:02d} has {len(row[short[0]])} characters, not {widths[short[0]]}: "
                "the header is not padded.",
                "ISA",
                "It was read all the same.",
                Severity.WARNING,
                f"{short[0]:02d}",
            )

    def _on_gs(self, row: list[str]) -> None:
        self._close_through("GS")
        if not self._open:
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
                f"TA1{wrong:02d} has {row[wrong] or 'nothing'}, which is not what belongs there.",
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
                f"The control number {control} in {field} was used before in this file.",
                what,
                "Check that the same document is not in the file twice.",
                Severity.WARNING,
                field[-2:],
            )
        elif len(self._seen[what]) < 100_000:
            self._seen[what].add(control)

    def _count(self, field: str, said: str, found: int, what: str) -> None:
        if not _same_number(said, str(found)):
            self._report(
                "envelope-count",
                f"{field} says {said or 'nothing'} {what}, but there are {found}.",
                field[:-2],
                "Check with the sender that nothing was lost.",
                element=field[-2:],
            )

    def _control(self, field: str, said: str, other: str, expected: str) -> None:
        if not _same_text_or_number(said, expected):
            self._report(
                "envelope-control",
                f"{field} is {said or 'empty'}, but {other} was {expected or 'empty'}.",
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


def _end_of_body(text: bytes, at: int, terminator: bytes, element: bytes, *, first: bool) -> tuple[int, bool]:
    """Where the body that began at or before ``at`` ends in ``text``, and whether it does end there.

    A closing SE belongs to the body; ST, GS, GE, ISA and IEA cannot, so they end it without a closing.
    """
    if text.startswith(b"SE" + element, at):
        return text.find(terminator, at) + 1, True
    close = text.find(terminator + b"SE" + element, at)
    limit = close if close >= 0 else len(text)
    best = len(text) + 1
    for mark in (b"ST", b"GE", b"GS", b"IEA", b"ISA"):
        if text.startswith(mark + element, at) and not (first and mark == b"ST"):
            return at, True
        found = text.find(terminator + mark + element, at, limit)
        if 0 <= found < best:
            best = found
            limit = found + len(terminator + mark + element)
    if best <= len(text):
        return best + 1, True
    if close >= 0:
        return text.find(terminator, close + 1) + 1, True
    return len(text), False


def _same_number(said: str, found: str) -> bool:
    return said.strip().isdigit() and int(said.strip()[:18]) == int(found)


def _same_text_or_number(said: str, expected: str) -> bool:
    said, expected = said.strip(), expected.strip()
    return said == expected or (said.isdigit() and expected.isdigit() and said.lstrip("0") == expected.lstrip("0"))


def read(source: Source, file: str = "") -> Reader:
    """Read a document: iterate the result for its transactions; ``file`` names it in places of problems."""
    return Reader(source, file)


def problems_of(reader: Reader) -> list[Problem]:
    """The envelope's own problems, once the reader has run out."""
    return reader.problems.done()
