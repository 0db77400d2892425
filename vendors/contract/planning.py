"""Beside the capabilities: writes through web pages, shown before they are done, looked up when an answer is lost."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from app.model.portal import WritePlan
from app.model.portal_writes import PortalOperation, ReadBack, WriteWish, Written


@runtime_checkable
class PlansWrites(Protocol):
    """Plan, write, read back. The capability methods (``create_patient`` …) do the first two in one step."""

    def planned_writes(self) -> frozenset[PortalOperation]:
        """What can be written with the addresses that were given. Nothing is asked."""
        ...

    async def plan(self, wish: WriteWish, *, who: str = "", content: bytes = b"") -> WritePlan:
        """What will be typed where. Changes nothing there.

        Raises BadInput, BadDocument, NotFound, VendorRejected where it cannot be done, Drifted where the page changed.
        """
        ...

    async def write(self, plan: WritePlan, *, who: str = "", content: bytes = b"") -> Written:
        """Do what was planned, once; ``content`` is the file of an upload, the same as planned.

        Raises OutcomeUnknown where it may have happened, VendorRejected where it was refused or the page holds
        something else than planned by now, Drifted, AuthExpired and Unreachable where nothing was sent.
        """
        ...

    async def read_back(self, plan: WritePlan) -> ReadBack:
        """Whether a write whose answer was lost has happened. Changes nothing there."""
        ...
