"""The adapter on the loop the window runs on: Qt's, through qasync."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from PySide6.QtWidgets import QApplication

from app.model.clock import FixedClock
from app.model.connection import Environment
from tests.qt import qt_loop
from tests.vendors.stage import IMPATIENT, NOW, Memory
from tests.vendors.test_kit import end_of_input, start
from vendors import load
from vendors.contract import RateBudget, VendorContext


def test_reads_and_failures_on_qt_s_loop(qapp: QApplication) -> None:
    process, said = start("--now", "2026-03-10T09:43", "--faults", "drop_after*1@providers,hang=1*1@visit_types")
    office = said["vendors"]["officepro"]
    clock = FixedClock(NOW)
    # More tries than it takes: what comes late on a busy machine is not the trouble meant here.
    timing = msgspec.structs.replace(IMPATIENT, tries=9)
    context = VendorContext(
        connection_id="c", base_urls=office["base_urls"], tenant=office["tenant"], environment=Environment.SANDBOX,
        secrets=Memory(office["credentials"]), state=Memory(), clock=clock,
        budget=RateBudget(clock, allowed=999, window_s=1), allow_plain_http=True, timing=timing,
    )  # fmt: skip

    async def work() -> list[Any]:
        adapter: Any = load.factory("officepro")(context)
        try:
            many = await asyncio.gather(*(adapter.providers() for _ in range(20)))
            return [len(found) for found in many] + [len(await adapter.visit_types())]
        finally:
            await adapter.close()

    try:
        with qt_loop(qapp) as loop:
            counts = loop.run_until_complete(work())
    finally:
        end_of_input(process)
    assert counts[:20] == [6] * 20
    assert counts[20] > 10
