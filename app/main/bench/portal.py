"""Portal: what the engine's care costs beside a bare script, what contexts side by side bring, and the window's beat.

Claims are looked up one by one in the sandbox's Service Center, in a real browser, pace off. The bare script does the
same clicks; both take turns in small rounds, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

from app.main.bench.heartbeat import Beats
from app.main.bench.portal_memory import browser_mb
from app.main.bench.portal_script import Task, look_up, sign_in
from app.main.bench.rows import BenchRow
from app.main.call_command import Forgetful
from app.main.program import run_on_qt
from app.main.sandbox_child import SandboxChild, SandboxVendor, program
from app.model.clock import SystemClock
from app.model.connection import Environment
from vendors.contract import RateBudget, VendorContext
from vendors.officeally.portal import OfficeAllyPortal
from vendors.portal.browsers import need_browser
from vendors.portal.engine import Engine

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

VENDOR = "officeally"
LOOK_UPS = 200
ROUNDS = 10
BEAT_LOOK_UPS = 100
#: Logins of the simulator, each with a session of its own; the last is the script's.
USERS = ("larkspur.front", "larkspur.all", "larkspur.plain", "larkspur.special")


class _Secrets:
    """Secrets that live as long as the measurement."""

    def __init__(self, held: dict[str, str]) -> None:
        self._held = held

    async def get(self, name: str) -> str | None:
        return self._held.get(name)

    async def put(self, name: str, value: str) -> None:
        self._held[name] = value


class _Desk:
    """The simulator, and portals on it."""

    def __init__(self, told: SandboxVendor, engine: Engine) -> None:
        self._told = told
        self._engine = engine

    def portal(self, number: int) -> OfficeAllyPortal:
        """The portal of one login."""
        credentials = self._told.credentials
        user = USERS[number]
        password = credentials["special_password" if user == "larkspur.special" else "portal_password"]
        clock = SystemClock()
        context = VendorContext(
            connection_id=f"bench-{number}",
            base_urls=self._told.base_urls,
            tenant=self._told.tenant,
            environment=Environment.SANDBOX,
            secrets=_Secrets({**credentials, "portal_user": user, "portal_password": password}),
            state=Forgetful(),
            clock=clock,
            budget=RateBudget(clock, allowed=10**9, window_s=60.0),
            allow_plain_http=True,
        )
        return OfficeAllyPortal(context, engine=self._engine)

    def task(self, accounts: list[str]) -> Task:
        """The same for the script, under the login that is nobody else's."""
        return Task(
            portal=self._told.base_urls["portal"],
            user=USERS[-1],
            password=self._told.credentials["special_password"],
            browser=str(need_browser().path),
            accounts=accounts,
        )


def portal(look_ups: int = LOOK_UPS, beat_look_ups: int = BEAT_LOOK_UPS) -> list[BenchRow]:
    """Look-ups against the script, four contexts against one, and the beat with the browser busy."""
    rows: list[BenchRow] = []

    async def main(app: QApplication) -> int:
        async with await SandboxChild.start() as child:
            engine = Engine(SystemClock())
            async with engine.held():
                desk = _Desk(child.told.vendors[VENDOR], engine)
                rows.append(await _against_script(desk, look_ups))
                rows.extend(await _side_by_side(desk, look_ups))
                rows.append(await _beat(app, desk, beat_look_ups))
        return 0

    run_on_qt(main, offscreen=True)
    return rows


async def _accounts(one: OfficeAllyPortal, count: int) -> list[str]:
    known = [claim.account_number for claim in await one.center.claims()]
    return [known[place % len(known)] for place in range(count)]


async def _looked_up(one: OfficeAllyPortal, accounts: list[str]) -> float:
    begun = perf_counter()
    for account in accounts:
        assert len(await one.center.claims(find=account)) == 1
    return perf_counter() - begun


async def _against_script(desk: _Desk, look_ups: int) -> BenchRow:
    from playwright.async_api import async_playwright

    one = desk.portal(2)
    accounts = await _accounts(one, look_ups)
    task = desk.task(accounts)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    ours = bare = 0.0
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=task.browser, args=["--no-sandbox"] if root else [])
        page = await (await browser.new_context()).new_page()
        await sign_in(page, task)
        size = max(1, look_ups // ROUNDS)
        for start in range(0, look_ups, size):
            part = accounts[start : start + size]
            begun = perf_counter()
            for account in part:
                assert len(await look_up(page, task.portal, account)) == 1
            bare += perf_counter() - begun
            ours += await _looked_up(one, part)
        await browser.close()
    await one.close()
    return BenchRow(
        bench="portal",
        name=f"{look_ups} look-ups ÷ a bare script",
        value=ours / bare,
        unit="ratio",
        reach=1.25,
        floor=f"{bare / look_ups * 1000:.0f} ms a look-up by the script",
        note=f"{ours / look_ups * 1000:.0f} ms by the engine",
    )


async def _side_by_side(desk: _Desk, look_ups: int) -> list[BenchRow]:
    desks = [desk.portal(number) for number in range(len(USERS))]
    try:
        for one in desks:
            await one.sign_in()
        accounts = await _accounts(desks[0], look_ups // 4)
        alone = together = memory_first = 0.0
        size = max(1, len(accounts) // 5)
        for start in range(0, len(accounts), size):
            part = accounts[start : start + size]
            alone += await _looked_up(desks[0], part)
            begun = perf_counter()
            await asyncio.gather(*(_looked_up(one, part) for one in desks))
            together += perf_counter() - begun
            memory_first = memory_first or await asyncio.to_thread(browser_mb)
        memory_last = await asyncio.to_thread(browser_mb)
    finally:
        for one in desks:
            await one.close()
    rate = len(accounts) / alone
    rows = [
        BenchRow(
            bench="portal",
            name="rate of four contexts ÷ that of one",
            value=4 * len(accounts) / together / rate,
            unit="ratio",
            reach=1.6,
            at_least=True,
            floor=f"{rate:.1f} look-ups a second by one",
            note=f"separate logins, {os.cpu_count()} cores",
        )
    ]
    if memory_first:
        rows.append(
            BenchRow(
                bench="portal",
                name="browser's memory at the end ÷ after a fifth",
                value=memory_last / memory_first,
                unit="ratio",
                reach=1.25,
                floor=f"{memory_first:.0f} MB with four contexts, shared pages counted once",
                note=f"{memory_last:.0f} MB after {5 * len(accounts)} look-ups",
            )
        )
    return rows


async def _beat(app: QApplication, desk: _Desk, look_ups: int) -> BenchRow:
    from PySide6.QtWidgets import QMainWindow

    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    one = desk.portal(2)
    accounts = await _accounts(one, look_ups)

    async def ours() -> None:
        await _looked_up(one, accounts)

    async def elsewhere() -> None:
        await asyncio.to_thread(_script, desk.task(accounts))

    empty, busy = await _gaps(elsewhere), await _gaps(ours)
    await one.close()
    window.close()
    return BenchRow(
        bench="portal",
        name="p99.9 gap of a 5 ms timer, browser busy",
        value=busy / empty,
        unit="ratio",
        reach=1.5,
        floor=f"{empty:.1f} ms in an empty window beside the script in another process",
        note=f"{busy:.1f} ms",
    )


async def _gaps(work: Callable[[], Awaitable[None]]) -> float:
    beats = Beats()
    beats.start()
    await work()
    gaps = sorted(gap for _, gap in beats.stop())
    return gaps[int(len(gaps) * 0.999)]


def _script(task: Task) -> None:
    command = [*program()[:-1], "app.main.bench.portal_script"]
    subprocess.run(command, input=msgspec.json.encode(task) + b"\n", stdout=subprocess.DEVNULL, check=True, timeout=600)
