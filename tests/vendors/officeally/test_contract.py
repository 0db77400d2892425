"""Office Ally keeps the contract of systems reached through web pages; a browser that dies, a disk that is full."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.model.errors import OutcomeUnknown, SetupError, Unreachable
from app.model.portal_writes import Done
from tests.contracts.portal import Job, PortalContract
from tests.portal.processes import browser_processes, kill_browser
from tests.vendors.officeally.web import WAYS, WebDesk
from vendors.officeally.portal import site
from vendors.officeally.sandbox import gate
from vendors.portal.engine import Engine
from vendors.portal.private_dir import PrivateDir

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


class TestPortal(PortalContract):
    vendor = "officeally"
    read_page = "patients_page"
    login_name = "login"
    secret = "portal_password"
    spare_address = "pm"

    @staticmethod
    def read(adapter: Any) -> Awaitable[Any]:
        found: Awaitable[Any] = adapter.search_patients("fenn")
        return found


# --- a browser that dies ---------------------------------------------------------------------------------------------


Killed = Callable[[WebDesk, str, Awaitable[Any]], Awaitable[Any]]


@pytest.fixture
def killed_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> Killed:
    """What becomes of some work, when the browser is killed while a page is being answered."""
    asked, dead = asyncio.Event(), asyncio.Event()

    async def hold(seconds: float) -> None:
        asked.set()
        await dead.wait()

    async def run(stage: WebDesk, page: str, work: Awaitable[Any]) -> Any:
        monkeypatch.setattr(gate, "asyncio", SimpleNamespace(sleep=hold))
        await stage.fail(f"latency*1@{page}")
        before = await stage.requests(page)
        task = asyncio.ensure_future(work)
        async with asyncio.timeout(60):
            await asked.wait()
        assert browser_processes()
        kill_browser()
        dead.set()
        outcome = (await asyncio.gather(task, return_exceptions=True))[0]
        async with asyncio.timeout(60):
            while await stage.requests(page) == before:
                await asyncio.sleep(0.01)
        return outcome

    return run


async def test_a_browser_killed_in_the_middle_of_a_read(stage: WebDesk, killed_in_the_middle: Killed) -> None:
    engine = Engine.shared(stage.clock)
    async with stage.adapter() as office:
        await office.search_patients("fenn")
        generation = engine.generation
        outcome = await killed_in_the_middle(stage, "search_patients", office.search_patients("fenn"))
        assert isinstance(outcome, Unreachable)
        assert (await office.search_patients("fenn")).items
        assert engine.generation == generation + 1
    assert await stage.requests("login") == 1


@pytest.mark.parametrize("name", ["new_patient", "upload"])
async def test_a_browser_killed_in_the_middle_of_a_write(
    stage: WebDesk, killed_in_the_middle: Killed, name: str
) -> None:
    way = WAYS[name]
    async with stage.adapter() as office:
        one = await Job.planned(stage, office, way)
        outcome = await killed_in_the_middle(stage, way.operation, one.write())
        assert isinstance(outcome, OutcomeUnknown)
        back = await one.read_back()
        assert back.done is (Done.YES if await one.written() else Done.NO)
        if back.done is Done.NO:
            await one.write()
        assert await one.written() == 1


async def test_a_browser_killed_before_a_write_was_pressed(stage: WebDesk, killed_in_the_middle: Killed) -> None:
    way = WAYS["changed_patient"]
    async with stage.adapter() as office:
        one = await Job.planned(stage, office, way)
        assert isinstance(await killed_in_the_middle(stage, way.page, one.write()), Unreachable)
        assert await one.written() == 0
        await one.write()
        assert await one.written() == 1


# --- a full disk -----------------------------------------------------------------------------------------------------


async def test_a_full_disk_when_the_browser_starts(stage: WebDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> PrivateDir:
        raise OSError(28, "No space left on device")

    lonely = Engine(stage.clock)
    monkeypatch.setattr(Engine, "shared", staticmethod(lambda clock: lonely))
    monkeypatch.setattr(PrivateDir, "make", staticmethod(full))
    async with stage.adapter() as office:
        with pytest.raises(SetupError) as caught:
            await office.search_patients("fenn")
    assert "Free space on the disk" in " ".join(caught.value.next_steps)


async def test_downloads_need_no_disk(stage: WebDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder for temporary files is gone while they are fetched: they are held in memory."""
    async with stage.adapter() as office:
        await office.search_patients("fenn")
        monkeypatch.setattr(tempfile, "tempdir", str(Path("no") / "such" / "folder"))
        monkeypatch.setenv("TMPDIR", "/dev/full")
        assert (await office.fetch_payer_list()).entries


async def test_a_sign_in_page_elsewhere_is_the_portal_s_only_where_the_connection_says_so(stage: WebDesk) -> None:
    told = stage.context().base_urls
    page = "https://login.bridge.example/u/login"
    assert site(stage.context()).foreign(page) == "login.bridge.example"
    named = site(stage.context(base_urls={**told, "sign_in": "https://login.bridge.example"}))
    assert named.foreign(page) == ""
    assert named.foreign("https://other.example/u/login") == "other.example"
