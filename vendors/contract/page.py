"""Lists that come in parts."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One part of a list.

    ``next_page`` is handed back to get the next part and is empty on the last one. It is opaque: page numbers, record
    offsets and "start after" keys all travel in it. ``total`` is the vendor's count of the whole, where it says one.
    """

    items: tuple[T, ...]
    next_page: str = ""
    total: int | None = None


class ChangePage(msgspec.Struct, frozen=True, kw_only=True):
    """What changed since a mark: vendor ids by topic, and the mark to ask from next time.

    ``complete`` is false when the vendor may have left changes out (its feed was cut or reset): read everything again.
    """

    visit_vendor_ids: tuple[str, ...] = ()
    patient_vendor_ids: tuple[str, ...] = ()
    claim_vendor_ids: tuple[str, ...] = ()
    mark: str = ""
    complete: bool = True
