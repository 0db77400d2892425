"""Beside the capabilities of a clearinghouse: what its reports mean, what was sent, which payers it knows."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from app.model.claim_news import Report, SentFile
from app.model.payer_list import PayerList
from vendors.contract.billing import Document


@runtime_checkable
class TellsNews(Protocol):
    """Reads its own reports, and remembers what was sent to it."""

    async def news(self, document: Document) -> Report:
        """What a report or remittance says. Never raises for content: what is not understood is among its doubts."""
        ...

    async def sent_files(self) -> tuple[SentFile, ...]:
        """Files of claims that left, oldest first."""
        ...


@runtime_checkable
class KnowsPayers(Protocol):
    """Has a list of payers with their ids by transaction."""

    async def payer_list(self) -> PayerList:
        """The list as it was last imported; empty where it never was."""
        ...

    async def import_payer_list(self, content: bytes) -> PayerList:
        """Take the clearinghouse's export in place of what was known. Raises BadDocument."""
        ...
