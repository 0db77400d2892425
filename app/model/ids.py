"""Local identity: UUID version 7 (RFC 9562), so that ids sort by the time they were made."""

from __future__ import annotations

import secrets
import time


def new_id(wall_ms: int | None = None) -> str:
    """A fresh local id as 36 characters; ``wall_ms`` is milliseconds since the epoch (now, when absent)."""
    ms = int(time.time() * 1000) if wall_ms is None else wall_ms
    value = (ms & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
