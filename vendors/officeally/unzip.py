"""Zips as they come in a remittance bundle, opened in memory and with limits. No name in them becomes a path."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import NamedTuple

from app.model.errors import BadDocument

MOST_FILES = 200
MOST_BYTES = 64 * 1024 * 1024
DEEPEST = 2


class Member(NamedTuple):
    """One file of a zip; ``name`` is its last part only, with the inner zip's before it: ``inner.zip/one.835``."""

    name: str
    content: bytes


def is_zip(content: bytes) -> bool:
    """Whether it begins like one, also an empty one."""
    return content[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def members(content: bytes) -> list[Member]:
    """All files, also those of zips inside. Raises BadDocument in words: broken, too large, too deep, a bad name."""
    found: dict[str, Member] = {}
    for one in _opened(content, "", 1, _Budget()):
        name, number = one.name, 2
        while name in found:  # Two files of one name must both be kept.
            name, number = f"{one.name} ({number})", number + 1
        found[name] = Member(name, one.content)
    return list(found.values())


class _Budget:
    """What may still be unpacked, over all levels."""

    def __init__(self) -> None:
        self.files = MOST_FILES
        self.bytes = MOST_BYTES

    def take_file(self) -> None:
        self.files -= 1
        if self.files < 0:
            raise _refused("It holds more files than any remittance bundle.", "too many files")

    def read(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
        """The content, as far as the budget goes: what the directory says of sizes is not believed."""
        if info.file_size > self.bytes:
            raise _refused("It would unpack to more than any remittance bundle.", "too large")
        with archive.open(info) as stream:
            data = stream.read(self.bytes + 1)
        self.bytes -= len(data)
        if self.bytes < 0:
            raise _refused("It would unpack to more than any remittance bundle.", "too large")
        return data


def _opened(content: bytes, above: str, depth: int, budget: _Budget) -> list[Member]:
    if depth > DEEPEST:
        raise _refused("It holds zips inside zips inside zips.", "too deep")
    found: list[Member] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                budget.take_file()
                name = _safe(info.filename)
                data = budget.read(archive, info)
                if is_zip(data):
                    found += _opened(data, f"{above}{name}/", depth + 1, budget)
                else:
                    found.append(Member(above + name, data))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError):
        # RuntimeError: a password is wanted; NotImplementedError: a way of packing nobody uses.
        raise _refused("It is broken or packed in a way that cannot be read.", "broken") from None
    return found


def _safe(name: str) -> str:
    """A plain file name. Names that lead out of the folder are refused, not mended."""
    text = name.replace("\\", "/")
    parts = text.split("/")
    if text.startswith("/") or ".." in parts or (len(parts[0]) == 2 and parts[0][1] == ":") or "\0" in name:
        raise _refused("A name in it points outside of it, which no honest bundle does.", "unsafe name")
    last = "".join(mark for mark in parts[-1] if mark.isprintable())[:150]
    if not last:
        raise _refused("A file in it has no name.", "no name")
    return last


def _refused(why: str, detail: str) -> BadDocument:
    return BadDocument(
        "This zip was not opened.",
        f"{why} Nothing of it was used; it stays where it is.",
        ("Download the remittance again in Office Ally, or ask its support.",),
        detail=f"zip: {detail}",
    )
