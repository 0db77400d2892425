"""The four separators of an interchange, found from its first segment."""

from __future__ import annotations

import re
from typing import NamedTuple


class Delimiters(NamedTuple):
    """Element, component, repetition and segment separators; an empty repetition means that there is none."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"


STANDARD = Delimiters()

_HEADER_REACH = 400  # no ISA, however badly padded, is longer


def is_header(data: bytes, at: int = 0) -> bool:
    """Whether an interchange header starts at ``at``: ``ISA``, a separator, sixteen elements.

    A patient called ISAAC is none: the byte after ISA must be a separator and the version must look like one.
    """
    head = data[at : at + _HEADER_REACH]
    if head[:3] != b"ISA" or len(head) < 4 or head[3:4].isalnum() or head[3:4] in b" \r\n":
        return False
    fields = head.split(head[3:4], 16)
    return len(fields) == 17 and fields[12].strip().isdigit() and len(fields[1].strip()) <= 2


def from_header(data: bytes, at: int = 0) -> Delimiters | None:
    """Read the delimiters of the ISA at ``at``; ``None`` when the header is cut off or is not one.

    A padded ISA is 106 bytes, so its last two bytes are the component separator and the terminator. Real files
    are also unpadded: then sixteen separators are counted instead (point 1).
    """
    if not is_header(data, at):
        return None
    head = data[at : at + _HEADER_REACH]
    fields = head.split(head[3:4], 16)
    tail = fields[16].lstrip(b"\r\n")
    component, rest = tail[:1], tail[1:]
    if not component:
        return None
    if rest[:1].isalnum():  # ISA16 left empty: what stands there is the terminator
        component, terminator = b":", component
    else:
        terminator = _terminator(rest)
    if not terminator or terminator.isalnum() or terminator == b" " or terminator in (head[3:4], component):
        return None
    version = fields[12].strip()
    repetition = fields[11].strip()[:1]
    taken = repetition in (head[3:4], component, terminator)
    if taken or repetition.isalnum() or version < b"00402":  # 4010 has the letter U there: no repetition
        repetition = b""
    return Delimiters(*(part.decode("latin-1") for part in (head[3:4], component, repetition, terminator)))


def _terminator(rest: bytes) -> bytes:
    """What stands after ISA16: a character, a line end, or a character with a line end before it (point 2)."""
    beyond = rest.lstrip(b"\r\n")
    if rest[:1] not in (b"\r", b"\n"):
        return rest[:1]
    if beyond and not beyond[:1].isalnum() and not beyond[:1].isspace():
        return beyond[:1]
    return b"\r" if rest[:1] == b"\r" and rest[:2] != b"\r\n" else b"\n"


def from_fragment(data: bytes) -> Delimiters | None:
    """Guess the delimiters of a file that begins at GS or ST, without an ISA."""
    found = re.match(
        rb"(?:ST([^\w\s])\d{3}\1[\w ]{1,9}(?:\1[\w ]*)?|GS([^\w\s])(?:(?:(?!\2).){0,20}\2){7}[\w ]*)([^\w ]|[\r\n])",
        data[:_HEADER_REACH],
        re.DOTALL,
    )
    if not found:
        return None
    element = (found.group(1) or found.group(2)).decode("latin-1")
    terminator = found.group(3).decode("latin-1")
    if terminator == element:
        return None
    if data[found.end() - 1 : found.end() + 1] == b"\r\n":
        terminator = "\n"
    used = re.search(rb"(?:SVC|SV1|SV2|HI)" + re.escape(element.encode("latin-1")) + rb"\w{2,3}([^\w\s])", data)
    component = used.group(1).decode("latin-1") if used else ":"
    if component in (element, terminator):
        component = ":" if element != ":" else ">"
    repetition = "^" if "^" not in (element, component, terminator) else ""
    return Delimiters(element, component, repetition, terminator)
