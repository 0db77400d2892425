"""Signing in, entitlements, renewal, limits, and bad answers: the part every vendor on HTTP shares."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest

from app.model.capabilities import Standing
from app.model.errors import (
    BadInput,
    Drifted,
    NotFound,
    RateLimited,
    Unreachable,
    VendorError,
    WrongCredentials,
)
from tests.contracts.any import AnyContract
from tests.vendors import certificates
from tests.vendors.stage import Memory, Stage, stage, timing_for
from vendors import load
from vendors.contract import RateBudget


class ConnectionContract(AnyContract):
    """``vendor`` is its folder; ``read`` any harmless read and ``read_name`` its operation in the simulator."""

    read_name: ClassVar[str]
    #: One whose account may not do everything.
    limited_secret: ClassVar[str]

    @pytest.fixture
    async def stage(self) -> AsyncIterator[Stage]:
        async with stage(self.vendor) as running:
            yield running

    # --- signing in --------------------------------------------------------------------------------------------------

    async def test_sign_in_says_how_long(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            session = await adapter.sign_in()
        assert session.words
        assert session.expires_at > stage.clock.now()

    async def test_test_finds_every_offer(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            assert await adapter.test() == list(load.manifest(self.vendor).offers)
        assert (await stage.ledger())["writes"] == []

    async def test_test_says_what_is_not_licensed(self, stage: Stage) -> None:
        credentials = stage.sandbox.announcement()["credentials"]
        secrets = Memory({self.secret: credentials[self.limited_secret]})
        async with stage.adapter(secrets=secrets) as adapter:
            offers = await adapter.test()
        missing = [offer for offer in offers if offer.standing is Standing.NOT_LICENSED]
        assert missing
        assert all("scope" in offer.words or "right" in offer.words for offer in missing)

    async def test_wrong_secret(self, stage: Stage) -> None:
        async with stage.adapter(secrets=Memory({self.secret: "not-the-key"})) as adapter:
            with pytest.raises(WrongCredentials) as caught:
                await adapter.sign_in()
        assert "not-the-key" not in repr(caught.value.as_dict())

    async def test_a_wrong_secret_is_tried_once_however_many_ask(self, stage: Stage) -> None:
        async with stage.adapter(secrets=Memory({self.secret: "not-the-key"})) as adapter:
            results = await asyncio.gather(*(self.read(adapter) for _ in range(20)), return_exceptions=True)
        assert {type(result) for result in results} == {WrongCredentials}
        assert await stage.requests("token") == 1

    async def test_wrong_tenant(self, stage: Stage) -> None:
        async with stage.adapter(tenant="No/Such?Office") as adapter:
            with pytest.raises(NotFound):
                await adapter.sign_in()

    async def test_no_tenant(self, stage: Stage) -> None:
        with pytest.raises(BadInput):
            load.factory(self.vendor)(stage.context(tenant=" "))

    async def test_one_session_serves_many(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await asyncio.gather(*(self.read(adapter) for _ in range(20)))
        assert await stage.requests("token") == 1

    async def test_renews_once_when_refused(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await self.read(adapter)
            await stage.fail(f"expire*1@{self.read_name}")
            await asyncio.gather(*(self.read(adapter) for _ in range(20)))
        assert await stage.requests("token") == 2

    async def test_renews_before_the_end(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            session = await adapter.sign_in()
            lifetime = (session.expires_at - stage.clock.now()).total_seconds()
            stage.clock.advance(lifetime - 301)
            await self.read(adapter)
            assert await stage.requests("token") == 1
            stage.clock.advance(2)
            await asyncio.gather(*(self.read(adapter) for _ in range(20)))
        assert await stage.requests("token") == 2

    async def test_refused_again_and_again_ends(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await stage.fail(f"expire@{self.read_name}")
            with pytest.raises(VendorError) as caught:
                await self.read(adapter)
        assert caught.value.code == "auth_expired"
        assert await stage.requests("token") == 2

    # --- the way there -----------------------------------------------------------------------------------------------

    async def test_nobody_listens(self, stage: Stage) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            nowhere = {name: f"http://127.0.0.1:{free.getsockname()[1]}" for name in stage.context().base_urls}
        async with stage.adapter(base_urls=nowhere) as adapter:
            with pytest.raises(Unreachable) as caught:
                await self.read(adapter)
        assert "Nothing was sent" in caught.value.means

    async def test_no_address(self, stage: Stage) -> None:
        with pytest.raises(BadInput):
            load.factory(self.vendor)(stage.context(base_urls=dict.fromkeys(stage.context().base_urls, "")))

    async def test_tls_with_an_authority_the_practice_trusts(self, tmp_path: Path) -> None:
        authority = certificates.make(tmp_path)
        async with (
            stage(self.vendor, tls=authority.server, ca=authority.ca_pem) as running,
            running.adapter(allow_plain_http=False) as adapter,
        ):
            assert await self.read(adapter)

    async def test_tls_with_an_unknown_authority(self, tmp_path: Path) -> None:
        authority = certificates.make(tmp_path)
        async with stage(self.vendor, tls=authority.server) as running, running.adapter() as adapter:
            with pytest.raises(Unreachable) as caught:
                await self.read(adapter)
            assert "verify" in caught.value.happened
            assert (await running.ledger())["requests"] == {}

    async def test_tls_for_another_name(self, tmp_path: Path) -> None:
        authority = certificates.make(tmp_path)
        async with stage(self.vendor, tls=authority.server, ca=authority.ca_pem) as running:
            urls = {name: url.replace("127.0.0.1", "127.0.0.2") for name, url in running.context().base_urls.items()}
            async with running.adapter(base_urls=urls) as adapter:
                with pytest.raises(Unreachable):
                    await self.read(adapter)

    # --- limits ------------------------------------------------------------------------------------------------------

    async def test_a_short_pause_is_sat_out(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await stage.fail(f"rate_limit=0.1*1@{self.read_name}")
            assert await self.read(adapter)
        assert await stage.requests(self.read_name) == 2

    async def test_a_long_pause_is_said_and_kept(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await stage.fail(f"rate_limit=120*1@{self.read_name}")
            for _ in range(2):
                with pytest.raises(RateLimited) as caught:
                    await self.read(adapter)
                assert caught.value.retry_after == pytest.approx(120, abs=1)
        assert await stage.requests(self.read_name) == 1

    async def test_the_budget_can_be_seen_and_is_kept(self, stage: Stage) -> None:
        budget = RateBudget(stage.clock, allowed=3, window_s=0.2, words="3 in a while")
        async with stage.adapter(budget=budget) as adapter:
            await self.read(adapter)
            seen = budget.visible()
            assert (seen.used, seen.allowed, seen.words) == (2, 3, "3 in a while")
            started = asyncio.get_running_loop().time()
            await self.read(adapter)
            await self.read(adapter)
            assert asyncio.get_running_loop().time() - started >= 0.19

    # --- bad answers -------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("fault", ["fail=500", "fail=502", "fail=503", "drop_before", "drop_after", "hang=1"])
    async def test_passing_trouble_is_tried_again(self, stage: Stage, fault: str) -> None:
        # More tries than it takes: what comes late on a busy machine is not the trouble meant here.
        async with stage.adapter(timing=msgspec.structs.replace(timing_for(fault), tries=9)) as adapter:
            await adapter.sign_in()
            kind, _, value = fault.partition("=")
            await stage.fail(f"{kind}{'=' + value if value else ''}*2@{self.read_name}")
            assert await self.read(adapter)
        assert await stage.requests(self.read_name) >= 3 - (fault == "hang=1")

    @pytest.mark.parametrize("fault", ["fail=500", "drop_before", "drop_after", "hang=2"])
    async def test_lasting_trouble_is_said(self, stage: Stage, fault: str) -> None:
        async with stage.adapter(timing=timing_for(fault)) as adapter:
            await adapter.sign_in()
            await stage.fail(f"{fault}@{self.read_name}")
            with pytest.raises(Unreachable):
                await self.read(adapter)

    @pytest.mark.parametrize("fault", ["html", "malformed", "empty", "huge=50", "redirect=https://elsewhere.example/"])
    async def test_answers_that_are_none(self, stage: Stage, fault: str) -> None:
        async with stage.adapter() as adapter:
            await adapter.sign_in()
            await stage.fail(f"{fault}@{self.read_name}")
            with pytest.raises(Drifted) as caught:
                await self.read(adapter)
        assert caught.value.next_steps

    async def test_a_slow_answer_is_awaited(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await stage.fail(f"latency=0.2@{self.read_name}")
            assert await self.read(adapter)

    async def test_a_skewed_clock_there_does_no_harm(self, stage: Stage) -> None:
        await stage.fail("skew=-7200")
        async with stage.adapter() as adapter:
            assert await self.read(adapter)

    async def test_logs_hold_no_secret_and_no_address(self, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        logging.getLogger("httpx").debug("kept out by its level")
        async with stage.adapter() as adapter:
            await stage.fail(f"fail=500*1@{self.read_name}")
            await self.read(adapter)
        ours = [record for record in caplog.records if record.name.startswith(("daybook", "http"))]
        text = "\n".join(record.getMessage() for record in ours)
        assert load.manifest(self.vendor).title in text
        for hidden in (stage.sandbox.announcement()["credentials"][self.secret], "Bearer", "eyJ", "http:", "127.0.0.1"):
            assert hidden not in text
