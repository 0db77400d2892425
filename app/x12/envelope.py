"""The envelope: interchanges, functional groups and transactions, streamed, with their counts and control numbers.

``read`` yields one ``Transaction`` at a time. Its segments are read from the file as they are asked for; what is
not asked for is passed over when the next transaction is wanted. Wrong counts and control numbers are reported on
``Reader.problems`` and never cost anyone the payment (point 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.model.problem import Place, Severity
from app.x12.controls import Acknowledged, Controls, Group, Interchange, same_number, same_text_or_number
from app.x12.problems import Problems, shown
from app.x12.wire import Source, blocks, decode

__all__ = ["Acknowledged", "Group", "Interchange", "Reader", "Transaction", "read"]

_ENVELOPE = frozenset(("ISA", "IEA", "GS", "GE", "ST", "SE", "TA1"))


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
        "encoding",
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
        self.encoding = "ascii"
        self.problems = Problems()
        self._body = reader.body(self)

    @property
    def version(self) -> str:
        """GS08, or ST03 where the group does not say (point 5)."""
        return self.group.version or self.convention

    def place(self, segment: str = "", segment_number: int = 0, loop: str = "", element: str = "") -> Place:
        """A place in this transaction; ``segment_number`` counts from ST = 1."""
        return Place(
            file=self.reader.file,
            interchange=self.interchange.control,
            group=self.group.control,
            transaction=self.control,
            segment=segment,
            segment_number=segment_number,
            position=self.position + segment_number - 1 if segment_number else 0,
            loop=loop,
            element=element,
        )

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """The body in runs of whole segments, ST and SE included: (number of its first segment, bytes)."""
        return self._body

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The body as runs of raw segment texts: (number of the first, texts without terminator)."""
        for number, piece in self._body:
            text = decode(piece)
            if self.encoding != "latin-1" and not piece.isascii():
                self.encoding = "utf-8" if text.encode() == piece else "latin-1"
            rows = text.split(self.delimiters.terminator)
            rows.pop()
            yield number, rows

    def segments(self) -> Iterator[tuple[int, list[str]]]:
        """Every segment: (number from ST = 1, [id, element 1, …])."""
        element = self.delimiters.element
        for first, rows in self.rows():
            yield from enumerate((row.split(element) for row in rows), first)

    def skip(self) -> None:
        """Read to the end without looking, so that counts are still checked."""
        for _ in self._body:
            pass


class Reader(Controls):
    """Walks a document. Iterate it for transactions; ``problems`` and ``acknowledgments`` (TA1) fill as it goes.

    ``problems`` holds what concerns the envelope; each transaction has its own list. ``interchanges`` and
    ``groups`` count what was opened. ``position`` is the number of the segment being read, from 1.
    """

    def __init__(self, source: Source, file: str = "") -> None:
        super().__init__(file)
        self.transactions = 0
        self.recognised = 0
        self.traces: set[tuple[str, str, str]] = set()
        self._blocks = blocks(source)
        self._text = b""
        self._at = 0

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
            what, next_step = next(
                (found for start, found in _OTHER_FILES.items() if self._begins.startswith(start)),
                ("This is not an X12 document", "Ask the sender for the original file."),
            )
            self._report("no-envelope", f"{what}: it has no ISA segment.", "ISA", next_step)
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
        bounds = _bounds(terminator, element)
        at, number = self._text.rfind(terminator, 0, self._at - 1) + 1, 1
        self.position -= 1
        while True:
            end, ended = _end_of_body(self._text, at, bounds, terminator, first=number == 1)
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
            if not self._refill() or self._delimiters != transaction.delimiters:
                piece = b""
                break
            at = 0
        se = piece.rsplit(terminator, 2)[-2].split(element) if piece else []
        self._check_se(transaction, [decode(part) for part in se])

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
        if not same_number(se[1], str(transaction.count)):
            transaction.problems.add(
                "envelope-count",
                f"SE01 says {shown(se[1]) or 'nothing'}, but there are {transaction.count} segments from ST to SE.",
                "Check with the sender that nothing was lost.",
                place=transaction.place(segment="SE", segment_number=transaction.count, element="01"),
            )
        if not same_text_or_number(se[2], transaction.control):
            transaction.problems.add(
                "envelope-control",
                f"SE02 is {shown(se[2]) or 'empty'}, but the transaction began with ST02 "
                f"{shown(transaction.control) or 'empty'}.",
                "Tell the sender; the content was read.",
                place=transaction.place(segment="SE", segment_number=transaction.count, element="02"),
            )


#: How files begin that people take for the document, and what to do then.
_OTHER_FILES = {
    b"PK\x03\x04": ("This is a ZIP archive", "Unpack it and take the file inside."),
    b"\x1f\x8b": ("This is a packed file (gzip)", "Unpack it and take the file inside."),
    b"%PDF": ("This is a PDF document", "Ask the sender for the EDI file that belongs to it."),
    b"<": ("This is a web page or XML", "Download the file again; look whether the portal asked to sign in."),
}

_all_bounds: dict[tuple[bytes, bytes], re.Pattern[bytes]] = {}


def _bounds(terminator: bytes, element: bytes) -> re.Pattern[bytes]:
    """What ends a body: SE, which belongs to it, and ST, GS, GE, ISA and IEA, which cannot."""
    found = _all_bounds.get((terminator, element))
    if found is None:
        if len(_all_bounds) > 50:
            _all_bounds.clear()
        pattern = re.escape(terminator) + rb"(SE|ST|G[ES]|ISA|IEA)" + re.escape(element)
        found = _all_bounds[terminator, element] = re.compile(pattern)
    return found


def _end_of_body(
    text: bytes, at: int, bounds: re.Pattern[bytes], terminator: bytes, *, first: bool
) -> tuple[int, bool]:
    """Where the body that began at or before ``at`` ends in ``text``, and whether it does end there.

    ``first`` is true where its own ST stands at ``at``.
    """
    found = None if first else bounds.match(terminator + text[at : at + 4])
    if found is not None:
        return (text.find(terminator, at) + 1 if found[1] == b"SE" else at), True
    found = bounds.search(text, at)
    if found is None:
        return len(text), False
    return (text.find(terminator, found.end()) if found[1] == b"SE" else found.start()) + 1, True


def read(source: Source, file: str = "") -> Reader:
    """Read a document: iterate the result for its transactions; ``file`` names it in places of problems."""
    return Reader(source, file)
