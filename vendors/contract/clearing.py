"""Beside the capabilities of a clearinghouse: what its reports mean, what was sent, which payers it knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from app.model.claim_news import Report, SentFile
from app.model.enrollment import Enrollment, EnrollmentBoard
from app.model.payer_list import PayerList
from app.model.portal_writes import ReadBack
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


@runtime_checkable
class FetchesPayers(Protocol):
    """Hands its list of payers out by itself."""

    async def fetch_payer_list(self) -> PayerList:
        """The list as the system has it now, in place of what was known."""
        ...


@runtime_checkable
class HoldsEnrollments(Protocol):
    """Stops claims for which an enrollment is known and not live."""

    async def keep_enrollments(self, rows: Iterable[Enrollment]) -> EnrollmentBoard:
        """Put these in place of what was known of them; claims are sent and stopped by it from now on."""
        ...


@runtime_checkable
class LooksForSent(Protocol):
    """Can tell what became of a file of claims whose sending had no clear end."""

    async def look_for_sent(self, content: bytes) -> ReadBack:
        """YES: it is there. NO: it certainly never came to be, and may be sent again. UNCLEAR: it was taken or lost."""
        ...
