"""Local identity: UUID version 7 (RFC 9562), so that ids sort by the time they were made."""

from __future__ import annotations

import secrets
import time

_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def new_id(wall_ms: int | None = None) -> str:
    """A fresh local id as 36 characters; ``wall_ms`` is milliseconds since the epoch (now, when absent)."""
    return new_ids(1, wall_ms)[0]


def new_ids(count: int, wall_ms: int | None = None) -> list[str]:
    """``count`` fresh local ids of one moment, for bulk work."""
    ms = f"{int(time.time() * 1000) if wall_ms is None else wall_ms:012x}"
    stem = f"{ms[:8]}-{ms[8:12]}-7"
    noise = secrets.token_hex(10 * count)
    return [
        f"{stem}{noise[at : at + 3]}-{_VARIANT[noise[at + 3]]}{noise[at + 4 : at + 7]}-{noise[at + 7 : at + 19]}"
        for at in range(0, 20 * count, 20)
    ]
