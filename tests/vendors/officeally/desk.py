"""The simulator running in this process, and clearing accounts to meet it with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.model.clock import FixedClock
from app.model.connection import Environment
from app.model.errors import StoreError
from tests.vendors.stage import NOW, Memory, Stage
from vendors.contract import Document, DocumentKind
from vendors.officeally.core import Clearing
from vendors.officeally.sandbox.shelf import OUTBOUND
from vendors.sandboxkit.plan import Plan
from vendors.sandboxkit.serve import open_sandbox


class Desk(Stage):
    """Office Ally's simulator, its control actions, and accounts for it."""

    async def act(self, action: str, **given: Any) -> Any:
        return await self.sandbox.actions[action](given)

    @asynccontextmanager
    async def clearing(self, **changes: Any) -> AsyncIterator[Clearing]:
        clearing = Clearing(self.context(**changes))
        try:
            yield clearing
        finally:
            await clearing.close()

    def production(self, **changes: Any) -> Any:
        return self.clearing(environment=Environment.PRODUCTION, **changes)

    def secrets(self, **changes: str) -> Memory:
        return Memory({**self.sandbox.announcement()["credentials"], **changes})

    async def claims(self, *accounts: str, control: int = 901, **changes: Any) -> Document:
        """A file of claims of a known patient; ``changes`` go to every claim (``patient_id`` another patient)."""
        patient = changes.pop("patient_id", 1001)
        made = await self.act("claim_file", accounts=accounts, control=control, changes=changes, patient_id=patient)
        return file_of(made["text"])

    def forget_old_reports(self) -> None:
        """Leave in ``outbound`` what came of the last weeks' files; to fetch 300 more proves nothing new."""
        sandbox: Any = self.sandbox
        sandbox.database.execute("DELETE FROM shelf WHERE name LIKE '4700%' OR name LIKE 'FS_HCFA_4700%'")

    def lay_out(self, name: str, content: bytes) -> None:
        """A report in ``outbound`` that no simulator made."""
        sandbox: Any = self.sandbox
        sandbox.house.shelf.put(OUTBOUND, name, content, self.clock.now())

    def finish_reports(self) -> None:
        """What is half written is whole now."""
        sandbox: Any = self.sandbox
        sandbox.database.execute("UPDATE shelf SET whole_at = 0")

    async def pass_hours(self, hours: float) -> None:
        """Time passes, for the clearinghouse and for us."""
        self.clock.advance(hours * 3600)
        await self.act("clock", advance_hours=hours)


class SmallDisk(Memory):
    """State on a disk that has room for so many more writes."""

    room = 10**9

    async def put(self, name: str, value: Any) -> None:
        if self.room <= 0:
            raise StoreError("The disk is full.")
        self.room -= 1
        await super().put(name, value)


def file_of(text: str) -> Document:
    return Document(kind=DocumentKind.CLAIM_FILE_837, name="claims.txt", content=text.encode("latin-1"))


@asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    sandbox = await open_sandbox("officeally", Plan(now=NOW))
    try:
        yield Desk(vendor="officeally", sandbox=sandbox, clock=FixedClock(NOW))
    finally:
        await sandbox.close()
