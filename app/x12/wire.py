"""Bytes to segments: the only layer that knows about line ends, indents, wraps, BOMs and junk.

``blocks`` streams a file as cleaned runs of whole segments; ``segments`` takes them apart, each with its place.
Memory stays flat however long the file is: a block is about ``CHUNK`` bytes unless one segment alone is longer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import repeat
from pathlib import Path
from typing import NamedTuple, Protocol

from app.x12.delimiters import Delimiters, from_fragment, from_header, is_header


class Stream(Protocol):
    """An open binary file, or what reads like one."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most ``size``; none at the end."""


Source = bytes | str | Path | Stream

CHUNK = 1 << 17
LONGEST_SEGMENT = 1 << 25  # a segment of 32 MB is no segment: the terminator is wrong
_HEADER_REACH = 400  # no ISA, however badly padded, is longer
_FRAGMENT_REACH = 4_096  # a file without ISA shows its separators within this
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class Block(NamedTuple):
    """A run of whole segments of one interchange, each ended by the terminator, without line ends or indents.

    ``junk`` is true for bytes that belong to no interchange (before the first ISA, after the last IEA): the text
    is then as found. ``unended`` is true when the file ended inside the last segment; it was ended for it.
    """

    delimiters: Delimiters
    text: bytes
    junk: bool = False
    unended: bool = False


def chunks(source: Source) -> Iterator[bytes]:
    """Bytes of a file, path or open stream in pieces; a ``str`` is a path."""
    if isinstance(source, bytes):
        for at in range(0, len(source), CHUNK):
            yield source[at : at + CHUNK]
        return
    if isinstance(source, (str, Path)):
        with Path(source).open("rb") as stream:
            while piece := stream.read(CHUNK):
                yield piece
        return
    while piece := source.read(CHUNK):
        yield piece


def blocks(source: Source) -> Iterator[Block]:
    """Cleaned runs of segments, in order. Never raises for content."""
    pieces = _without_bom(chunks(source))
    buffer = b""
    delimiters: Delimiters | None = None
    opening = False
    for piece in _with_end(pieces):
        if piece is not None:
            buffer = buffer + piece if len(buffer) < CHUNK else _join(buffer, piece, pieces, delimiters)
        more = True
        while more:
            if delimiters is None:
                start, delimiters = _find_header(buffer, piece is None)
                if junk := buffer[:start].strip():
                    yield Block(Delimiters(), junk, junk=True)
                buffer = buffer[start:]
                if delimiters is None:
                    break
                opening = True
            cut, more, found = _take(buffer, delimiters, opening=opening, at_end=piece is None)
            yield from found
            buffer = buffer[cut:]
            if more:
                delimiters = None
            elif cut:
                opening = False
        if len(buffer) > LONGEST_SEGMENT:
            yield Block(Delimiters(), buffer[:80], junk=True)
            return


def _take(buffer: bytes, delimiters: Delimiters, *, opening: bool, at_end: bool) -> tuple[int, bool, Iterable[Block]]:
    """Whole segments from the front: how many bytes, whether another interchange follows, the blocks.

    ``opening`` is true while the buffer still begins with this interchange's own ISA.
    """
    lead = len(buffer) - len(buffer.lstrip())
    if not opening and b"ISA".startswith(buffer[lead : lead + 3]) and buffer[lead : lead + 1]:
        if is_header(buffer, lead):
            return lead, True, ()
        if not at_end and len(buffer) - lead < _HEADER_REACH:
            return 0, False, ()
    plain = _is_plain(buffer, delimiters)
    cut, more = _cut(buffer, delimiters, at_end, plain=plain)
    if not cut:
        return 0, more, ()
    if plain and not at_end:
        return cut, more, (Block(delimiters, buffer[:cut]),)
    return cut, more, _clean(buffer[:cut], delimiters, whole=more or not at_end)


def _without_bom(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Leave out a byte order mark; UTF-16 is read as what it means."""
    first = next(pieces, b"")
    while len(first) < _HEADER_REACH and (more := next(pieces, b"")):
        first += more
    for bom in _BOMS:
        first = first.removeprefix(bom)
    wide = b"\x00\x00" in (first[0:4:2], first[1:5:2])
    yield first.replace(b"\x00", b"") if wide else first
    for piece in pieces:
        yield piece.replace(b"\x00", b"") if wide else piece


def _with_end(pieces: Iterator[bytes]) -> Iterator[bytes | None]:
    yield from pieces
    yield None


def _join(buffer: bytes, piece: bytes, pieces: Iterator[bytes], delimiters: Delimiters | None) -> bytes:
    """Gather pieces until the long segment ends, so that a 10 MB element costs one copy and not forty."""
    gathered, size = [buffer, piece], len(buffer) + len(piece)
    terminator = delimiters.terminator.encode("latin-1") if delimiters else b"~"
    while terminator not in gathered[-1] and size <= LONGEST_SEGMENT:
        following = next(pieces, b"")
        if not following:
            break
        gathered.append(following)
        size += len(following)
    return b"".join(gathered)


def _find_header(buffer: bytes, at_end: bool) -> tuple[int, Delimiters | None]:
    """Where the next interchange begins, and its delimiters; what stands before is junk."""
    lead = len(buffer) - len(buffer.lstrip())
    if buffer[lead : lead + 2] in (b"ST", b"GS"):
        if not at_end and len(buffer) < _FRAGMENT_REACH:
            return 0, None
        if found := from_fragment(buffer[lead:]):
            return lead, found
    at = buffer.find(b"ISA", lead)
    while at >= 0:
        if not at_end and len(buffer) - at < _HEADER_REACH:
            return 0, None
        if is_header(buffer, at):
            return at, from_header(buffer, at)
        at = buffer.find(b"ISA", at + 3)
    if not at_end and len(buffer) < _FRAGMENT_REACH:
        return 0, None
    return (len(buffer) if at_end else len(buffer) - 2), None


_odd: dict[str, re.Pattern[bytes]] = {}


def _is_plain(buffer: bytes, delimiters: Delimiters) -> bool:
    """Whether nothing needs tidying here: no line end, indent, empty segment or second header. One quick search."""
    pattern = _odd.get(delimiters.terminator)
    if pattern is None:
        terminator = re.escape(delimiters.terminator.encode("latin-1"))
        pattern = _odd[delimiters.terminator] = re.compile(
            terminator + rb"(?:[ \t" + terminator + rb"]|I[\r\n]*S[\r\n]*A)"
        )
    return not (
        buffer[:1].isspace()
        or b"\r" in buffer
        or (b"\n" in buffer and delimiters.terminator != "\n")
        or pattern.search(buffer)
    )


def _cut(buffer: bytes, delimiters: Delimiters, at_end: bool, *, plain: bool) -> tuple[int, bool]:
    """How far whole segments of this interchange reach, and whether another interchange begins there."""
    terminator = delimiters.terminator.encode("latin-1")
    at = -1 if plain else buffer.find(b"ISA", 4)
    while at >= 0:
        before = buffer[max(0, at - 200) : at].rstrip(b" \t\r\n" if delimiters.terminator not in "\r\n" else b" \t")
        if before.endswith(terminator):
            if is_header(buffer, at):
                return at, True
            if not at_end and len(buffer) - at < _HEADER_REACH:
                return at, False
        at = buffer.find(b"ISA", at + 3)
    if at_end:
        return len(buffer), False
    return buffer.rfind(terminator) + 1, False


def _clean(text: bytes, delimiters: Delimiters, *, whole: bool) -> Iterator[Block]:
    terminator = delimiters.terminator.encode("latin-1")
    drop = {b"\n": b"\r", b"\r": b"\n"}.get(terminator, b"\r\n")
    if any(bytes((byte,)) in text for byte in drop):
        text = text.translate(None, drop)
    if terminator + b" " in text or terminator + b"\t" in text or text[:1].isspace():
        text = re.sub(re.escape(terminator) + rb"[ \t]+", lambda _: terminator, text).lstrip(b" \t\r\n")
    while terminator * 2 in text:
        text = text.replace(terminator * 2, terminator)
    text = text.removeprefix(terminator)
    if not text.strip():
        return
    if text.endswith(terminator):
        yield Block(delimiters, text)
        return
    done, tail = text[: text.rfind(terminator) + 1], text[text.rfind(terminator) + 1 :]
    if re.match(rb"[A-Z][A-Z0-9]{1,2}" + re.escape(delimiters.element.encode("latin-1")), tail):
        yield Block(delimiters, text + terminator, unended=not whole)
        return
    if done:
        yield Block(delimiters, done)
    if tail.strip(b" \t\r\n\x00\x1a"):
        yield Block(delimiters, tail, junk=True)


def segments(source: Source) -> Iterator[tuple[int, list[bytes]]]:
    """Every segment with its place: ``(number in the file from 1, [id, element 1, …])``, as bytes, streamed."""
    number = 1
    for block in blocks(source):
        if block.junk:
            continue
        element = block.delimiters.element.encode("latin-1")
        rows = block.text.split(block.delimiters.terminator.encode("latin-1"))
        rows.pop()
        yield from zip(range(number, number + len(rows)), map(bytes.split, rows, repeat(element)), strict=False)
        number += len(rows)


def decode(text: bytes) -> str:
    """Text of a document: UTF-8 where it is that, else Latin-1, so that every byte has a reading."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")
