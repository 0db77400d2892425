"""What a vendor told us, with who said it and when."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Sourced(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A ``value`` as ``connection_id`` knew it under ``vendor_id`` at ``as_of`` (aware, UTC).

    ``local_id`` is our own id once the store has kept it, empty before.
    """

    value: T
    connection_id: str
    vendor_id: str
    as_of: datetime
    local_id: str = ""
