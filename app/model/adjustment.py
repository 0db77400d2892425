"""CAS: what a payer took off a charge, and whose it is. Shared by remittances (835) and claims (837)."""

from __future__ import annotations

import msgspec

from app.model.money import Money


class Adjustment(msgspec.Struct, frozen=True):
    """One triplet of a CAS segment.

    ``group`` CO, PR, OA, PI or CR (table ``group``), ``reason`` a claim adjustment reason (table ``carc``), ``amount``
    taken off (negative gives back), ``quantity`` as written, often empty. ``segment`` tells CAS segments of the same
    group apart, counted from 0 within their claim or line, so that they are written as they were read.
    """

    group: str
    reason: str
    amount: Money
    quantity: str = ""
    segment: int = 0
