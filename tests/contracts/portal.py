"""What every system reached through web pages must do: signing in, reading, and each write broken in the middle.

A vendor's tests bring the fixture ``stage``: a simulator at its beginning, in a loop that lasts a module, so that one
browser serves all. The simulator speaks the kit's faults for pages.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

import msgspec
import pytest

from app.model.capabilities import Standing
from app.model.errors import AuthExpired, Drifted, OutcomeUnknown, Unreachable, VendorError, WrongCredentials
from app.model.portal import WritePlan
from app.model.portal_writes import Done, ReadBack, WriteWish, Written
from tests.contracts.any import AnyContract
from tests.vendors.stage import QUICK, Memory, Stage
from vendors import load
from vendors.contract import DrivesPortal, PlansWrites


class PortalContract(AnyContract):
    """``read_page`` is the page of ``read`` in the simulator; ``login_name`` its operation of giving a password."""

    read_page: ClassVar[str]
    login_name: ClassVar[str]
    #: One address of several, and so what cannot be done without it.
    spare_address: ClassVar[str]

    async def test_it_drives_a_portal(self, stage: Stage) -> None:
        assert load.manifest(self.vendor).portal
        async with stage.adapter() as adapter:
            assert isinstance(adapter, DrivesPortal)
            assert isinstance(adapter, PlansWrites)
            assert adapter.changed_pages() == ()
            assert adapter.uses() == ()
            assert adapter.planned_writes()

    # --- signing in --------------------------------------------------------------------------------------------------

    async def test_sign_in_says_how_it_stands(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            assert "Signed in" in (await adapter.sign_in()).words

    async def test_test_finds_every_offer_and_writes_nothing(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            assert await adapter.test() == list(load.manifest(self.vendor).offers)
        assert (await stage.ledger())["writes"] == []

    async def test_test_says_what_an_address_is_missed_for(self, stage: Stage) -> None:
        urls = {**stage.context().base_urls, self.spare_address: ""}
        async with stage.adapter(base_urls=urls) as adapter:
            missing = [offer for offer in await adapter.test() if offer.standing is Standing.NOT_SET_UP]
        assert missing
        assert all("address" in offer.words for offer in missing)

    async def test_a_wrong_password_is_given_once(self, stage: Stage) -> None:
        state = Memory()
        secrets = stage.context().secrets
        held = {**getattr(secrets, "held", {}), self.secret: "not-the-password"}
        for _ in range(3):
            async with stage.adapter(secrets=Memory(held), state=state) as adapter:
                with pytest.raises(WrongCredentials) as caught:
                    await self.read(adapter)
        assert await stage.requests(self.login_name) == 1
        assert "not-the-password" not in repr(caught.value.as_dict()) + repr(state.held)

    async def test_another_practice_is_never_read(self, stage: Stage) -> None:
        async with stage.adapter(tenant="No/Such?Office") as adapter:
            with pytest.raises(WrongCredentials, match="another account"):
                await self.read(adapter)

    async def test_one_session_serves_many(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await asyncio.gather(*(self.read(adapter) for _ in range(4)))
        assert await stage.requests(self.login_name) == 1

    async def test_an_ended_session_is_said_and_then_renewed(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await self.read(adapter)
            await stage.sandbox.actions["sign_out"]({})
            with pytest.raises(AuthExpired) as caught:
                await self.read(adapter)
            assert "password is not in question" in caught.value.means
            await self.read(adapter)

    # --- the way there -----------------------------------------------------------------------------------------------

    async def test_nobody_listens(self, stage: Stage) -> None:
        urls = {
            name: url if url.startswith("sftp") else "http://127.0.0.1:9"
            for name, url in stage.context().base_urls.items()
        }
        async with stage.adapter(base_urls=urls) as adapter:
            with pytest.raises(Unreachable) as caught:
                await self.read(adapter)
        assert "127.0.0.1" not in repr(caught.value.as_dict()) + caught.value.detail

    async def _said_and_passes(self, stage: Stage, adapter: Any, fault: str) -> VendorError:
        """What was said of a reading under ``fault``, after which reading goes on."""
        await stage.fail(f"{fault}@{self.read_page}")
        try:
            await self.read(adapter)
        except VendorError as error:
            await stage.sandbox.actions["faults"]({"clear": True})
            await self.read(adapter)
            return error
        raise AssertionError(f"{fault} was not noticed")

    async def test_trouble_is_said_and_passes(self, stage: Stage) -> None:
        timing = msgspec.structs.replace(QUICK, answer_s=4.0, whole_s=4.0)
        async with stage.adapter(timing=timing) as adapter:
            await adapter.sign_in()
            for fault in ("fail=500", "fail=503", "drop_before", "drop_after", "hang=9", "fail=429"):
                said = await self._said_and_passes(stage, adapter, fault)
                assert said.code in {"unreachable", "rate_limited"}, fault

    async def test_another_page_than_expected_is_not_read(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await adapter.sign_in()
            for fault in ("html", "relabel", "interstitial", "popup=Agree?", "redirect=/nowhere"):
                said = await self._said_and_passes(stage, adapter, fault)
                assert said.code in {"drifted", "not_found"}, fault
                assert said.next_steps, fault

    async def test_an_empty_page_is_no_changed_page(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await adapter.sign_in()
            said = await self._said_and_passes(stage, adapter, "empty")
            assert said.code == "unreachable"

    async def test_a_slow_page_is_awaited(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await stage.fail(f"latency=0.5@{self.read_page}")
            assert await self.read(adapter)

    async def test_logs_hold_no_secret_and_no_address(self, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        async with stage.adapter() as adapter:
            await self.read(adapter)
            await stage.fail(f"relabel@{self.read_page}")
            with pytest.raises(Drifted):
                await self.read(adapter)
        ours = [record for record in caplog.records if record.name.startswith(("daybook", "http"))]
        text = "\n".join(record.getMessage() for record in ours)
        assert "screen changed" in text
        for hidden in (stage.sandbox.announcement()["credentials"][self.secret], "http:", "127.0.0.1", "Cookie"):
            assert hidden not in text


# --- writes -----------------------------------------------------------------------------------------------------------


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way of writing: what is wished (and the file that goes along), its operation and page in the simulator."""

    wish: Callable[[Any], Awaitable[WriteWish]]
    operation: str
    page: str
    content: Callable[[Any], Awaitable[bytes]] | None = None


class Job:
    """What an outbox does: plan once, write, read back."""

    def __init__(self, stage: Stage, adapter: PlansWrites, way: Way, plan: WritePlan, content: bytes) -> None:
        self._stage = stage
        self._way = way
        self.adapter = adapter
        self.plan = plan
        self.content = content

    @classmethod
    async def planned(cls, stage: Stage, adapter: PlansWrites, way: Way) -> Job:
        content = await way.content(stage) if way.content is not None else b""
        plan = await adapter.plan(await way.wish(stage), who="Rosa", content=content)
        # A job keeps its plan as JSON.
        return cls(stage, adapter, way, msgspec.json.decode(msgspec.json.encode(plan), type=WritePlan), content)

    async def write(self) -> Written:
        return await self.adapter.write(self.plan, who="Rosa", content=self.content)

    async def read_back(self) -> ReadBack:
        return await self.adapter.read_back(self.plan)

    async def written(self) -> int:
        """How often it took effect."""
        return sum(bool(one["effect"]) for one in await self._stage.writes(self._way.operation))


#: The session, the connection or the answer is lost: before anything was done, and after it was.
BEFORE = ("kill_before", "drop_before", "fail=500", "redirect=/home")
AFTER = ("kill_after", "drop_after", "fail_after=502", "html", "empty")
CHANGES = ("relabel", "require", "move", "interstitial")
#: The long run (``make crash``) breaks every write in every way. Else the session of each is killed before it and after
#: it (with a restart), each page is met changed, and every other way of breaking meets one write.
LONG = bool(os.environ.get("DAYBOOK_LONG"))


class PortalWritesContract:
    """Each test meets each of ``ways``; those with a ``fault`` as said above."""

    ways: ClassVar[dict[str, Way]]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Which ways, broken how."""
        if metafunc.function is PortalWritesContract.test_broken_in_the_middle:
            cells = self._cells(BEFORE + AFTER, {"kill_before": list(self.ways)})
        elif metafunc.function is PortalWritesContract.test_a_changed_page_is_not_written_on:
            pages = {way.page: name for name, way in self.ways.items()}
            cells = self._cells(CHANGES, {"relabel": list(pages.values())})
        else:
            metafunc.parametrize("way", self.ways.values(), ids=list(self.ways))
            return
        cases = [pytest.param(self.ways[name], fault, id=f"{name}-{fault}") for name, fault in cells]
        metafunc.parametrize(("way", "fault"), cases)

    def _cells(self, faults: Sequence[str], everywhere: dict[str, list[str]]) -> list[tuple[str, str]]:
        """(way, fault); short of the long run a fault that is not to meet more meets one way, each another."""
        names = list(self.ways)
        if LONG:
            return [(name, fault) for fault in faults for name in names]
        turns = {fault: [names[turn % len(names)]] for turn, fault in enumerate(faults)}
        return [(name, fault) for fault in faults for name in {**turns, **everywhere}[fault]]

    async def test_shown_done_once_and_found_again(self, stage: Stage, way: Way) -> None:
        async with stage.adapter() as adapter:
            one = await Job.planned(stage, adapter, way)
            assert one.plan.operation in adapter.planned_writes()
            assert one.plan.sentences()[-1].endswith(f"page “{one.plan.page}”.")
            assert (await one.read_back()).done is Done.NO
            assert await one.written() == 0
            written = await one.write()
            assert written.record
            back = await one.read_back()
            assert (back.done, back.record) == (Done.YES, written.record)
            assert await one.written() == 1
            assert one.plan.operation in {use.operation for use in adapter.uses() if use.who == "Rosa"}

    async def test_broken_in_the_middle(self, stage: Stage, way: Way, fault: str) -> None:
        """Never doubled, never lost: the outcome is unknown, and reading back knows."""
        async with stage.adapter() as adapter:
            one = await Job.planned(stage, adapter, way)
            kind, _, value = fault.partition("=")
            await stage.fail(f"{kind}{'=' + value if value else ''}*1@{way.operation}")
            with pytest.raises(OutcomeUnknown):
                await one.write()
            await stage.sandbox.actions["faults"]({"clear": True})
            assert await one.written() == (fault in AFTER)
            back = await one.read_back()
            assert back.done is (Done.YES if fault in AFTER else Done.NO)
            if back.done is Done.NO:
                await one.write()
            assert await one.written() == 1
            assert (await one.read_back()).done is Done.YES

    async def test_a_restart_between_write_and_read_back(self, stage: Stage, way: Way) -> None:
        state = stage.context().state
        async with stage.adapter(state=state) as adapter:
            one = await Job.planned(stage, adapter, way)
            await stage.fail(f"kill_after*1@{way.operation}")
            with pytest.raises(OutcomeUnknown):
                await one.write()
        async with stage.adapter(state=state) as one.adapter:
            assert (await one.read_back()).done is Done.YES
        assert await one.written() == 1

    async def test_a_changed_page_is_not_written_on(self, stage: Stage, way: Way, fault: str) -> None:
        """By no connection, until somebody has looked."""
        async with stage.adapter() as adapter, stage.adapter(connection_id="connection-2") as other:
            one = await Job.planned(stage, adapter, way)
            await stage.fail(f"{fault}@{way.page}")
            with pytest.raises(Drifted) as error:
                await one.write()
            assert error.value.next_steps
            await stage.sandbox.actions["faults"]({"clear": True})
            assert [change.page for change in adapter.changed_pages()] == [one.plan.page]
            with pytest.raises(Drifted, match="is stopped"):
                await other.write(one.plan, content=one.content)
            assert await one.written() == 0
            assert (await one.read_back()).done is Done.NO
            await adapter.lift(one.plan.page)
            await one.write()
            assert await one.written() == 1

    async def test_slow_pages_are_awaited(self, stage: Stage, way: Way) -> None:
        async with stage.adapter() as adapter:
            one = await Job.planned(stage, adapter, way)
            await stage.fail(f"latency=0.3@{way.page},latency=0.3@{way.operation}")
            await one.write()
            assert await one.written() == 1
