"""The end of the audit chain, kept apart from the store so that a cut tail is found."""

from __future__ import annotations

import msgspec


class AuditHead(msgspec.Struct, frozen=True, kw_only=True):
    """The last line the log is known to have had: its ``sequence`` (0: none yet) and its ``digest``."""

    sequence: int = 0
    digest: str = ""
