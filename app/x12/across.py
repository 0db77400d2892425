"""One large file over several processes, where the order of its transactions does not matter.

The file is cut at the beginning of transactions; each part is read in a process of its own with the ISA and GS it
stands under. Counts of groups and interchanges are not checked this way: pass over the file once with
``envelope.read`` for that, it costs little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

from app.x12 import collector
from app.x12.delimiters import Delimiters, from_header, is_header
from app.x12.envelope import Reader, Transaction
from app.x12.wire import CHUNK

T = TypeVar("T")
#: So many parts a process that one disturbed in its last part keeps nobody waiting long.
_PARTS_EACH = 16
_WINDOW = CHUNK * 8
#: No more stands between a GS and the end of the segment before it; no ISA or GS is longer.
_INDENT, _HEADER = 32, 500


class Part(NamedTuple):
    """A run of whole transactions: from ``start`` to before ``stop``, with the header segments to put in front.

    ``before`` counts the segments of the file that stand before it, so that places are those of the file.
    """

    path: Path
    start: int
    stop: int
    header: bytes
    before: int


class _Stream:
    """A part as a stream of bytes, its header first."""

    def __init__(self, part: Part) -> None:
        self._stream = part.path.open("rb")
        self._stream.seek(part.start)
        self._left = part.stop - part.start
        self._header = part.header

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        if self._header:
            header, self._header = self._header, b""
            return header
        piece = self._stream.read(min(size if size > 0 else CHUNK, self._left))
        self._left -= len(piece)
        if not piece:
            self._stream.close()
        return piece


def parts(path: Path, count: int) -> Iterator[Part]:
    """Cut a file into about ``count`` parts of like size; fewer where transactions are too long for that.

    Each is given out as soon as it is known, so that work on it begins while the segments before the next are counted.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        delimiters = from_header(stream.read(2_000).lstrip(b"\xef\xbb\xbf \r\n"))
        if delimiters is None:
            yield Part(path, 0, size, b"", 0)
            return
        passed = _Passed(stream, delimiters)
        start = 0
        for index in range(1, count + 1):
            stop = size
            if index < count:
                stop = _next_transaction(stream.read, stream.seek, size * index // count, size, delimiters)
            if stop <= start:
                continue  # This transaction reaches further.
            yield Part(path, start, stop, passed.header() if start else b"", passed.count)
            if stop < size:
                passed.go_on(start, stop)
            start = stop


def _next_transaction(
    read: Callable[[int], bytes], seek: Callable[[int], int], at: int, size: int, delimiters: Delimiters
) -> int:
    """Where the next ST begins at or after ``at``; 0 when there is none before the interchange ends."""
    mark = re.compile(
        re.escape(delimiters.terminator.encode("latin-1"))
        + rb"\s*((?:ST|ISA)"
        + re.escape(delimiters.element.encode("latin-1"))
        + rb")"
    )
    seek(at)
    buffer = b""
    while at < size:
        piece = read(CHUNK)
        if not piece:
            return 0
        buffer += piece
        if found := mark.search(buffer):
            return at + found.start(1) if found[1].startswith(b"ST") else 0
        keep = buffer[-100:]
        at += len(buffer) - len(keep)
        buffer = keep
    return 0


class _Passed:
    """One pass over a file: how many segments were passed, and where the last GS among them and its ISA begin."""

    def __init__(self, stream: BinaryIO, delimiters: Delimiters) -> None:
        self._stream = stream
        self._terminator = delimiters.terminator.encode("latin-1")
        self._element = delimiters.element.encode("latin-1")
        self._isa = self._gs = -1
        #: What may stand before a segment: the end of another, or the beginning of the file.
        self._ended = re.compile(rb"(?:\A[\xef\xbb\xbf\s]*|" + re.escape(self._terminator) + rb"\s*)\Z")
        self.count = 0

    def go_on(self, start: int, stop: int) -> None:
        """Pass over the bytes from ``start``, where a segment begins, to before ``stop``, where another does."""
        self._stream.seek(start)
        overlap, group = b"", -1
        while start < stop and (piece := self._stream.read(min(stop - start, _WINDOW))):
            self.count += piece.count(self._terminator)
            text, first = overlap + piece, len(overlap) and _INDENT
            found = text.rfind(b"GS" + self._element, first)
            while found >= 0 and not self._ended.search(text[max(0, found - _INDENT) : found]):
                found = text.rfind(b"GS" + self._element, first, found)
            if found >= 0:
                group = start - len(overlap) + found
            overlap, start = text[-_INDENT - 2 :], start + len(piece)
        if group >= 0:
            self._isa = max(self._isa, self._header_before(group, self._gs + 1))
            self._gs = group

    def _header_before(self, at: int, first: int) -> int:
        """Where the last ISA that begins from ``first`` to before ``at`` stands, however much is between; else -1."""
        while at > first:
            start = max(first, at - _WINDOW)
            self._stream.seek(start)
            text = self._stream.read(at - start + _HEADER)
            found = text.rfind(b"ISA", 0, at - start + 2)
            while found >= 0 and not is_header(text, found):
                found = text.rfind(b"ISA", 0, found)
            if found >= 0:
                return start + found
            at = start
        return -1

    def header(self) -> bytes:
        """The last GS with its ISA; nothing where one of them is missing."""
        if min(self._isa, self._gs) < 0:
            return b""
        return self._segment(self._isa, 16) + self._segment(self._gs, 0)

    def _segment(self, at: int, least: int) -> bytes:
        """The segment that begins ``at`` and has at least so many elements."""
        self._stream.seek(at)
        text = self._stream.read(_HEADER)
        before = len(self._element.join(text.split(self._element, least)[:least]))
        return text[: text.find(self._terminator, before) + 1]


def _work(work: Callable[[Transaction], T], part: Part) -> list[T]:
    reader = Reader(_Stream(part), part.path.name)
    if part.header:
        reader.position = part.before - 2
    with collector.held():
        return [work(transaction) for transaction in reader]


def across(
    path: Path, work: Callable[[Transaction], T], *, processes: int = 2, pool: Executor | None = None
) -> Iterator[T]:
    """What ``work`` (a function of a module) answers for every transaction, in the order of the file.

    Uses ``pool`` where the caller keeps one, else starts and ends its own. There are more parts than processes, so
    that none waits long for another at the end.
    """
    own = pool is None
    if pool is None:
        pool = ProcessPoolExecutor(max_workers=processes, mp_context=get_context("spawn"))
    with pool if own else nullcontext():
        begun = [pool.submit(_work, work, part) for part in parts(path, processes * _PARTS_EACH)]
        for answers in begun:
            yield from answers.result()
