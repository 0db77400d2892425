"""From bytes to checked values: size, kind, JSON, shape. What drifted is named by its field, never by its content."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, TypeVar

import msgspec

from app.model.errors import Drifted

T = TypeVar("T")

#: Documents above this are decoded off the loop (ARCHITECTURE, Processes).
OFF_LOOP_BYTES = 256 * 1024
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


async def json_value(body: bytes, *, title: str, operation: str) -> Any:
    """The body as plain JSON values. Raises Drifted for an empty body, a web page, or anything that is not JSON.

    The content decides, not its label: some servers send JSON as ``text/html``, and with a byte order mark.
    """
    body = body.removeprefix(b"\xef\xbb\xbf")
    start = body[:512].lstrip()
    if not start:
        raise drifted(title, operation, "nothing at all")
    if start.startswith(b"<"):
        raise drifted(title, operation, "a web page instead of data")
    try:
        if len(body) > OFF_LOOP_BYTES:
            return await asyncio.to_thread(_decoded, body)
        return _decoded(body)
    except (ValueError, RecursionError):
        raise drifted(title, operation, "data that is broken or cut off") from None


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        if not _SURROGATE.search(body):
            raise
    # Half a character (an emoji cut in two by some field's length) is no reason to lose a whole page of records.
    return _mended(json.loads(body, parse_constant=_no_number))


def _mended(value: Any) -> Any:
    """``value`` with every half of a character replaced by U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_mended(each) for each in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(each) for name, each in value.items()}
    return value


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def shaped(value: Any, shape: type[T], *, title: str, operation: str, where: str = "") -> T:
    """``value`` as ``shape``: numbers and booleans may come as text, unknown fields are let through.

    ``where`` is the path that led to ``value`` (``data``). Raises Drifted naming the field.
    """
    try:
        return msgspec.convert(value, type=shape, strict=False)
    except msgspec.ValidationError as error:
        raise drifted(title, operation, f"“{_field(str(error), where)}” in another shape") from None


def drifted(title: str, operation: str, what: str) -> Drifted:
    """A Drifted error in words: ``title`` answered ``operation`` with ``what``."""
    return Drifted(
        f"{title} answered with {what}.",
        "Daybook does not guess what it means, so it was not used.",
        ("Try again later.", "If it stays, tell support; nothing at the desk can mend it."),
        detail=f"{operation}: {what}",
    )


def _field(message: str, where: str) -> str:
    """``Object missing required field `VisitID` - at `$.data` `` → ``data.VisitID``. Values are never in it."""
    said, _, place = message.partition(" - at `")
    path = place.rstrip("`").removeprefix("key in ").removeprefix("$").lstrip(".")
    missing = said.split("`")[1] if "missing required field" in said else ""
    return ".".join(part for part in (where, path, missing) if part) or "the answer"
