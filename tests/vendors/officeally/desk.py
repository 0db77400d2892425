"""The simulator running in this process, and clearing accounts to meet it with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.model.clock import FixedClock
from app.model.connection import Environment
from tests.vendors.stage import NOW, Memory, Stage
from vendors.contract import Document, DocumentKind
from vendors.officeally.core import Clearing
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

    async def pass_hours(self, hours: float) -> None:
        """Time passes, for the clearinghouse and for us."""
        self.clock.advance(hours * 3600)
        await self.act("clock", advance_hours=hours)


def file_of(text: str) -> Document:
    return Document(kind=DocumentKind.CLAIM_FILE_837, name="claims.txt", content=text.encode("latin-1"))


@asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    sandbox = await open_sandbox("officeally", Plan(now=NOW))
    try:
        yield Desk(vendor="officeally", sandbox=sandbox, clock=FixedClock(NOW))
    finally:
        await sandbox.close()
