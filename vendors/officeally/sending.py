"""Files of claims on their way out, by SFTP or by the upload page: looked at, named, and remembered.

Whatever the way, the same bytes and the same control number leave once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from zoneinfo import ZoneInfo

import msgspec

from app.model.claim_news import SentFile
from app.model.connection import Environment
from app.model.errors import DaybookError, OutcomeUnknown, StoreError, VendorRejected
from vendors.contract import VendorContext
from vendors.officeally import names, outgoing
from vendors.officeally.memory import Memory

#: Says what stands against these ways of claims, one sentence each.
Obstacles = Callable[[str, Iterable[outgoing.Routed]], list[str]]
#: After an attempt without a clear answer: whether the file is known to be there, and words for where it is.
Look = Callable[[SentFile], Awaitable[tuple[bool, str]]]


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A file that may leave, with the name it leaves under."""

    found: outgoing.Outgoing
    file: SentFile


class Sending:
    """What may leave and what has left, for one account."""

    def __init__(self, context: VendorContext, memory: Memory) -> None:
        self._context = context
        self._memory = memory
        self.is_test = context.environment is not Environment.PRODUCTION
        #: One file at a time, so that none slips past the memory of another.
        self.turn = asyncio.Lock()

    async def ready(self, content: bytes, obstacles: Obstacles) -> Ready:
        """Look at all of it and name it. Raises BadDocument, VendorRejected where a way is closed."""
        found = await asyncio.to_thread(outgoing.inspect, content, is_test=self.is_test)
        closed = obstacles(found.kind, found.ways)
        if closed:
            raise VendorRejected(
                "This file was not sent: not every claim in it has a way to its payer.",
                " ".join(closed[:5]),
                ("Correct the payer id, or finish the enrollment, and make the file again.",),
                detail=f"{len(closed)} obstacles",
            )
        now = self._context.clock.now()
        local = now.astimezone(ZoneInfo(self._context.time_zone))
        name = names.claim_file(found.kind, local, found.interchange_control, is_test=self.is_test)
        file = SentFile(
            name=name,
            sha256=found.sha256,
            sent_at=now,
            interchange_control=found.interchange_control,
            group_control=found.group_control,
            batches=found.batches,
            accounts=found.accounts,
            sender=found.sender,
            made_at=found.made_at,
            tax_ids=found.tax_ids,
            is_test=self.is_test,
        )
        return Ready(found=found, file=file)

    async def refuse_again(self, file: SentFile, look: Look) -> None:
        """Raises VendorRejected for what left before, OutcomeUnknown for what may have."""
        sent = await self._memory.sent()
        before = sent.get(file.sha256)
        if before is None:
            again = [one for one in sent.values() if one.interchange_control == file.interchange_control]
            if any(one.is_test == file.is_test for one in again):
                raise VendorRejected(
                    f"The control number {file.interchange_control} was used for another file already.",
                    "Nothing was sent. Reports could not be told apart.",
                    ("Make the file again with the next number.",),
                    detail="submit: control number used",
                )
            return
        if before.is_sure:
            raise VendorRejected(
                "This very file was sent already.",
                f"It went out as {before.name}. It was not sent again.",
                ("Wait for its reports, or make a new file.",),
                detail="submit: sent before",
            )
        is_there, words = await look(before)
        if is_there:
            await self._memory.keep_sent(msgspec.structs.replace(before, is_sure=True))
        raise OutcomeUnknown(
            "This file was sent before, and no clear answer came.",
            f"It went out as {before.name} {words} It was not sent again.",
            ("Wait for its reports. If none comes within 24 hours, make a new file.",),
            detail="submit: unsure before",
        )

    @asynccontextmanager
    async def leaving(self, file: SentFile) -> AsyncIterator[None]:
        """Remember ``file`` before it leaves; forget it where it certainly did not."""
        await self._memory.keep_sent(msgspec.structs.replace(file, is_sure=False))
        try:
            yield
        except OutcomeUnknown:
            raise
        except DaybookError:
            await self._memory.forget_sent(file.sha256)
            raise
        # It has left, whatever the disk says now; what is kept calls it unsure, so it is looked for, not sent again.
        with suppress(StoreError):
            await self._memory.keep_sent(file)

    async def settle(self, sha256: str, *, is_there: bool) -> None:
        """Somebody looked after a lost answer: it is there, or it certainly is not."""
        file = (await self._memory.sent()).get(sha256)
        if file is None:
            return
        if is_there:
            await self._memory.keep_sent(msgspec.structs.replace(file, is_sure=True))
        elif not file.is_sure:
            await self._memory.forget_sent(sha256)

    def words(self, file: SentFile) -> str:
        """What leaving means, in words."""
        count = "1 claim" if len(file.accounts) == 1 else f"{len(file.accounts)} claims"
        if file.is_test:
            return f"{count} sent as a test (OATEST): nothing goes to any payer. Reports follow within 12 hours."
        return f"{count} sent. Taken is not accepted: reports follow within 12 hours, the payer's word within days."
