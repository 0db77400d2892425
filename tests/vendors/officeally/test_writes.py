"""Every write through the web pages: the contract's, and what is Office Ally's own. The ledger is the judge."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import msgspec
import pytest

from app.model.connection import Environment
from app.model.errors import BadInput, Drifted, OutcomeUnknown, Unreachable, VendorRejected
from app.model.portal_writes import Done, PortalOperation, WriteWish
from tests.contracts.portal import Job, PortalWritesContract
from tests.vendors.officeally.web import WAYS, WebDesk
from tests.vendors.stage import QUICK
from vendors.officeally.sandbox import gate

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


#: Every adapter finds a session that holds; signing in is what ``test_contract`` is about.
SIGNED_IN = True


class TestWrites(PortalWritesContract):
    """Each of them."""

    ways = WAYS


@pytest.mark.parametrize(
    ("name", "fault"), [("new_patient", "hang=20"), ("posting", "hang_after=20"), ("upload", "hang_after=20")]
)
async def test_a_write_that_is_never_answered(stage: WebDesk, name: str, fault: str) -> None:
    timing = msgspec.structs.replace(QUICK, answer_s=2.5)
    async with stage.adapter(timing=timing) as office:
        one = await Job.planned(stage, office, WAYS[name])
        await stage.fail(f"{fault}*1@{WAYS[name].operation}")
        with pytest.raises(OutcomeUnknown):
            await one.write()
        done = fault.startswith("hang_after")
        assert (await one.read_back()).done is (Done.YES if done else Done.NO)
        assert await one.written() == done


async def test_a_write_that_takes_effect_late(stage: WebDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason why NO is believed only after a while."""
    timing = msgspec.structs.replace(QUICK, answer_s=2.5)
    late = asyncio.Event()
    async with stage.adapter(timing=timing) as office:
        one = await Job.planned(stage, office, WAYS["changed_policy"])
        monkeypatch.setattr(gate, "asyncio", SimpleNamespace(sleep=lambda seconds: late.wait()))
        await stage.fail("latency*1@save_policy")
        with pytest.raises(OutcomeUnknown):
            await one.write()
        assert (await one.read_back()).done is Done.NO
        late.set()
        async with asyncio.timeout(30):
            while not await one.written():
                await asyncio.sleep(0.01)
        assert (await one.read_back()).done is Done.YES
        assert await one.written() == 1


async def test_reading_goes_on_while_writing_is_stopped(stage: WebDesk) -> None:
    async with stage.adapter() as office:
        one = await Job.planned(stage, office, WAYS["changed_policy"])
        await stage.fail("relabel@policy_page")
        with pytest.raises(Drifted):
            await one.write()
        assert await office.coverage("1001")
        assert (await office.search_patients("fenn")).items
        await stage.act("faults", clear=True)
        # Testing the connection looks again, and lifts what is well.
        await office.test()
        assert office.changed_pages() == ()


async def test_what_comes_in_answer_to_a_write_stops_nothing(stage: WebDesk) -> None:
    async with stage.adapter() as office:
        one = await Job.planned(stage, office, WAYS["posting"])
        await stage.fail("html*1@auto_post_proceed")
        with pytest.raises(OutcomeUnknown):
            await one.write()
        assert office.changed_pages() == ()


@pytest.mark.parametrize("name", ["changed_policy", "new_patient", "enrollment"])
async def test_other_ids_and_names_change_nothing(stage: WebDesk, name: str) -> None:
    async with stage.adapter() as office:
        one = await Job.planned(stage, office, WAYS[name])
        await stage.fail(f"reid@{WAYS[name].page}")
        await one.write()
        assert await one.written() == 1


# --- uploads are files of claims like any other ----------------------------------------------------------------------


async def test_a_file_that_left_one_way_does_not_leave_the_other(stage: WebDesk) -> None:
    wish = WriteWish(operation=PortalOperation.UPLOAD_CLAIMS)
    batch, second = await stage.claims("DBK-1"), await stage.claims("DBK-2", control=902)
    async with stage.adapter() as office:
        await office.submit_claims(batch)
        with pytest.raises(VendorRejected, match="sent already"):
            await office.plan(wish, content=batch.content)
        plan = await office.plan(wish, content=second.content)
        await office.write(plan, content=second.content)
        with pytest.raises(VendorRejected, match="sent already"):
            await office.submit_claims(second)
        with pytest.raises(VendorRejected, match="sent already"):
            await office.write(plan, content=second.content)
        assert [one.is_sure for one in await office.sent_files()] == [True, True]
    assert len(await stage.writes("upload_claims")) == 1


@pytest.mark.parametrize("environment", list(Environment))
async def test_an_upload_is_a_test_unless_the_connection_is_production(
    stage: WebDesk, environment: Environment
) -> None:
    async with stage.adapter(environment=environment) as office:
        one = await Job.planned(stage, office, WAYS["upload"])
        is_real = environment is Environment.PRODUCTION
        assert ("OATEST" in one.plan.marks["name"]) is not is_real
        assert ("to payers" in one.plan.summary) == is_real or "nothing goes to payers" in one.plan.summary
        written = await one.write()
    assert written.words.startswith("Production file" if is_real else "Test file")
    await stage.pass_hours(24)
    assert [one["account"] for one in await stage.act("sent")].count("DBK-1") == is_real


async def test_another_file_than_planned_does_not_leave(stage: WebDesk) -> None:
    other = await stage.claims("DBK-9", control=909)
    async with stage.adapter() as office:
        one = await Job.planned(stage, office, WAYS["upload"])
        with pytest.raises(BadInput):
            await office.write(one.plan, content=other.content)
        assert await one.written() == 0
        assert await office.sent_files() == ()


# --- what is not sent ------------------------------------------------------------------------------------------------

_WRONG: list[tuple[PortalOperation, str, dict[str, str]]] = [
    (PortalOperation.SAVE_PATIENT, "", {"last_name": "A"}),
    (PortalOperation.SAVE_PATIENT, "1001", {}),
    (PortalOperation.SAVE_PATIENT, "1001", {"birth_date": "yesterday"}),
    (PortalOperation.SAVE_PATIENT, "1001", {"gender": "x"}),
    (PortalOperation.SAVE_PATIENT, "1001", {"shoe_size": "44"}),
    (PortalOperation.SAVE_POLICY, "1001", {"member_id": "1"}),
    (PortalOperation.SAVE_POLICY, "1001/4", {"member_id": "1"}),
    (PortalOperation.CHECK_IN, "1", {"day": "today"}),
    (PortalOperation.CHECK_IN, "1", {"hour": "9"}),
    (PortalOperation.POST_REMITTANCE, "1", {"amount": "much"}),
    (PortalOperation.CORRECT_CLAIM, "4812300001", {}),
    (PortalOperation.CORRECT_CLAIM, "4812300001", {"box_99": "1"}),
    (PortalOperation.ENROLL, "", {"payer_id": "BHH01"}),
    (PortalOperation.UPLOAD_CLAIMS, "", {"name": "mine.txt"}),
]


async def test_a_wish_that_cannot_be_is_refused_before_a_page_is_opened(stage: WebDesk) -> None:
    async with stage.adapter() as office:
        for operation, record, values in _WRONG:
            with pytest.raises(BadInput):
                await office.plan(WriteWish(operation=operation, record=record, values=values))
    assert (await stage.ledger())["requests"] == {}


async def test_nobody_listens(stage: WebDesk) -> None:
    urls = {**stage.context().base_urls, "pm": "http://127.0.0.1:9", "portal": "http://127.0.0.1:9"}
    async with stage.adapter() as office, stage.adapter(base_urls=urls) as elsewhere:
        one = await Job.planned(stage, office, WAYS["changed_policy"])
        with pytest.raises(Unreachable):
            await elsewhere.write(one.plan)


async def test_what_stands_there_already_is_not_typed_again(stage: WebDesk) -> None:
    wish = WriteWish(operation=PortalOperation.SAVE_PATIENT, record="1001", values={"last_name": "Fennimore"})
    async with stage.adapter() as office:
        plan = await office.plan(wish)
        assert plan.entries == ()
        assert (await office.write(plan)).record == "1001"
        assert (await office.read_back(plan)).done is Done.YES
    assert await stage.writes("save_patient") == []
