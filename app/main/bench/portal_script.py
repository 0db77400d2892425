"""The measure of ``bench portal``: the same look-ups by a bare Playwright script, with none of the engine's care.

Run as a module it does so in a process of its own: one line of JSON on standard input says where and how often.
"""

from __future__ import annotations

import asyncio
import os
import sys
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from playwright.async_api import Page

_TABLE = """(table) => [...table.querySelectorAll('tbody tr')].map(
  (row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText.trim()))"""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Where to look up what: the portal's address, a login without a second factor, the accounts one after another."""

    portal: str
    user: str
    password: str
    browser: str
    accounts: list[str]


async def sign_in(page: Page, task: Task) -> None:
    """Log in and close the guide."""
    await page.goto(f"{task.portal}/home")
    await page.get_by_label("Username", exact=True).fill(task.user)
    await page.get_by_label("Password", exact=True).fill(task.password)
    async with page.expect_navigation():
        await page.get_by_role("button", name="Continue", exact=True).click()
    guide = page.get_by_role("button", name="Close guide", exact=True)
    if await guide.count():
        await guide.click()


async def look_up(page: Page, portal: str, account: str) -> list[list[str]]:
    """One claim by its account number: the page, the field, the button, the table."""
    await page.goto(f"{portal}/claims/manage", wait_until="domcontentloaded")
    await page.get_by_label("Patient or Account", exact=True).fill(account)
    async with page.expect_navigation(wait_until="domcontentloaded"):
        await page.get_by_role("button", name="Search", exact=True).click(no_wait_after=True)
    rows: list[list[str]] = await page.locator("#ctl00_Main_gvClaims").evaluate(_TABLE)
    return rows


async def run(task: Task) -> float:
    """All look-ups of ``task`` in a browser of their own; how many seconds they took without start and log-in."""
    from playwright.async_api import async_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=task.browser, args=["--no-sandbox"] if root else [])
        page = await (await browser.new_context()).new_page()
        await sign_in(page, task)
        begun = perf_counter()
        for account in task.accounts:
            assert len(await look_up(page, task.portal, account)) == 1
        taken = perf_counter() - begun
        await browser.close()
    return taken


if __name__ == "__main__":
    told = asyncio.run(run(msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)))
    sys.stdout.write(f"{told:.3f}\n")
