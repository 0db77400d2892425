"""A simulator running in this process, and contexts to meet it with."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from app.model.clock import FixedClock
from app.model.connection import Environment
from vendors import load
from vendors.contract import Adapter, RateBudget, Timing, VendorContext
from vendors.sandboxkit.plan import Plan, Sandbox
from vendors.sandboxkit.serve import open_sandbox

NOW = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)

#: Little pause between tries; long enough for a busy machine.
QUICK = Timing(connect_s=30.0, answer_s=30.0, whole_s=60.0, tries=3, back_off_s=0.01, patience_s=0.3)
#: For answers that never come.
IMPATIENT = msgspec.structs.replace(QUICK, answer_s=0.6)


def timing_for(fault: str) -> Timing:
    """How long to wait under ``fault``."""
    return IMPATIENT if fault.startswith("hang") else QUICK


@dataclass
class Memory:
    """Secrets and state in memory."""

    held: dict[str, Any] = field(default_factory=dict)

    async def get(self, name: str) -> Any:
        return self.held.get(name)

    async def put(self, name: str, value: Any) -> None:
        self.held[name] = value


@dataclass
class Stage:
    """One vendor's simulator and the contexts for it."""

    vendor: str
    sandbox: Sandbox
    clock: FixedClock
    ca: str = ""

    def context(self, **changes: Any) -> VendorContext:
        told = self.sandbox.announcement()
        values: dict[str, Any] = {
            "connection_id": "connection-1",
            "base_urls": told["base_urls"],
            "tenant": told["tenant"],
            "environment": Environment.SANDBOX,
            "secrets": Memory(dict(told["credentials"])),
            "state": Memory(),
            "clock": self.clock,
            "budget": RateBudget(self.clock, allowed=10_000, window_s=60.0, words="10,000 a minute"),
            "time_zone": "America/Chicago",
            "allow_plain_http": True,
            "trusted_ca": self.ca,
            "timing": QUICK,
        }
        return VendorContext(**{**values, **changes})

    @asynccontextmanager
    async def adapter(self, **changes: Any) -> AsyncIterator[Any]:
        adapter: Adapter = load.factory(self.vendor)(self.context(**changes))
        try:
            yield adapter
        finally:
            await adapter.close()

    async def fail(self, spec: str) -> None:
        await self.sandbox.actions["faults"]({"spec": spec})

    async def ledger(self) -> dict[str, Any]:
        told: dict[str, Any] = await self.sandbox.actions["ledger"]({})
        return told

    async def writes(self, operation: str) -> list[dict[str, Any]]:
        return [entry for entry in (await self.ledger())["writes"] if entry["operation"] == operation]

    async def requests(self, operation: str) -> int:
        return int((await self.ledger())["requests"].get(operation, 0))


@asynccontextmanager
async def stage(vendor: str, *, tls: ssl.SSLContext | None = None, ca: str = "") -> AsyncIterator[Stage]:
    """A fresh simulator on the practice's Tuesday morning."""
    sandbox = await open_sandbox(vendor, Plan(now=NOW, tls=tls))
    try:
        yield Stage(vendor=vendor, sandbox=sandbox, clock=FixedClock(NOW), ca=ca)
    finally:
        await sandbox.close()
