"""Reports in over SFTP: noticed once, left in place, never half, and files no one should trust."""

from __future__ import annotations

import asyncio
import gc
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from app.main.call_billing import OPERATIONS
from app.main.call_given import Given
from app.model.claim_news import ReportKind
from app.model.errors import BadDocument, StoreError, Unreachable, VendorRejected
from app.rules import timeline
from tests.vendors.officeally.desk import Desk, SmallDisk
from tests.vendors.stage import QUICK, Memory
from vendors.contract import DocumentKind
from vendors.officeally.sandbox import sftp
from vendors.officeally.sandbox.practice import SUBMITTER
from vendors.officeally.sandbox.remits import zipped


async def test_reports_are_noticed_once_and_left_in_place(office: Desk) -> None:
    state = Memory()
    before = await office.act("outbound")
    async with office.clearing(state=state) as clearing:
        first = await clearing.reports()
        money = await clearing.remittances()
    fetched = await office.requests("sftp_get")
    assert fetched == len(before) >= 300
    assert {entry.kind for entry in money} == {DocumentKind.REMITTANCE_835}
    names_seen = {entry.vendor_id.partition("!")[0] for entry in (*first, *money)}
    async with office.clearing(state=state) as clearing:
        assert await clearing.reports() == first
        since = office.clock.now()
        office.clock.advance(1)
        assert await clearing.reports(since=office.clock.now()) == []
        assert len(await clearing.reports(since=since)) == len(first)
    assert await office.requests("sftp_get") == fetched
    assert await office.act("outbound") == before
    assert names_seen <= set(before)


async def test_the_same_content_under_another_name_is_one_report(few: Desk) -> None:
    await few.act("switches", duplicates=True)
    async with few.production() as clearing:
        old = {entry.vendor_id for entry in await clearing.reports()}
        await clearing.submit_claims(await few.claims("DBK-1"))
        await few.pass_hours(13)
        new = [entry.vendor_id for entry in await clearing.reports() if entry.vendor_id not in old]
    told = [name for name in await few.act("outbound") if name not in old and not name.endswith(".zip")]
    assert len(told) >= 2 * len(new) > 0


async def test_half_a_report_is_not_taken(few: Desk) -> None:
    async with few.clearing() as clearing:
        old = {entry.vendor_id for entry in await clearing.reports()}
        await clearing.submit_claims(await few.claims("DBK-1"))
        await few.pass_hours(0.1)
        await few.fail("half=600*1@report")
        await few.pass_hours(3)
        growing = [name for name in await few.act("outbound") if name.endswith(".999") and name not in old]
        assert len(growing) == 1
        noticed = {entry.vendor_id for entry in await clearing.reports()}
        assert not set(growing) & noticed
        # Nor is it where somebody asks for it by its name.
        with pytest.raises(BadDocument, match="still being written"):
            await clearing.report(growing[0])
        few.finish_reports()
        noticed = {entry.vendor_id for entry in await clearing.reports()}
        assert set(growing) <= noticed
        report = await clearing.news(await clearing.report(growing[0]))
    assert report.kind is ReportKind.SYNTAX
    assert not report.doubts


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("zip_bomb", "more than any remittance"),
        ("traversal", "points outside"),
        ("deep", "zips inside zips"),
        ("rubbish", "promises an X12 document"),
        ("stranger", "another practice"),
        ("stranger_era", "another practice"),
        ("empty", "no remittance"),
        ("half", "ends in the middle"),
        ("bad_columns", "columns"),
    ],
)
async def test_files_no_one_should_trust(few: Desk, kind: str, words: str) -> None:
    name = (await few.act("plant", kind=kind))["name"]
    async with few.clearing() as clearing:
        entries = [*await clearing.reports(), *await clearing.remittances()]
        mine = [entry for entry in entries if entry.vendor_id.partition("!")[0] == name]
        assert mine
        told = [await clearing.news(await clearing.report(entry.vendor_id)) for entry in mine]
    assert any(words in doubt for report in told for doubt in report.doubts)
    assert not any(report.claims for report in told)
    assert name in await few.act("outbound")


async def test_a_report_of_two_gigabytes_is_not_fetched(few: Desk) -> None:
    name = (await few.act("plant", kind="huge"))["name"]
    async with few.clearing() as clearing:
        entries = {entry.vendor_id: entry for entry in await clearing.reports()}
        assert entries[name].kind is DocumentKind.OTHER
        assert len(entries) > 10
        with pytest.raises(VendorRejected, match="larger than any report"):
            await clearing.report(name)


async def test_a_report_that_the_server_does_not_give_stops_no_other(few: Desk) -> None:
    async with few.clearing() as clearing:
        everything = {entry.vendor_id for entry in await clearing.reports()}
    await few.act("faults", spec="fail*1@sftp_read")
    async with few.clearing() as clearing:
        entries = {entry.vendor_id: entry for entry in await clearing.reports()}
        [refused] = [name for name, entry in entries.items() if not entry.bytes_long]
        assert (await clearing.news(await clearing.report(refused))).doubts == ()
        again = {entry.vendor_id: entry for entry in await clearing.reports()}
    assert set(entries) == set(again) == everything
    assert again[refused].bytes_long and again[refused].kind is not DocumentKind.OTHER


async def test_called_from_outside_one_bad_report_does_not_stop_the_others(few: Desk) -> None:
    huge, half = [(await few.act("plant", kind=kind))["name"] for kind in ("huge", "half")]
    async with few.clearing() as clearing:
        told = {one["report_id"]: one for one in await OPERATIONS["reports"][1](clearing, Given({}))}
        paid = {one["name"]: one for one in await OPERATIONS["remittances"][1](clearing, Given({}))}
    assert "larger than any report" in told.pop(huge)["doubts"][0]
    assert len(told) > 10
    assert paid[half]["doubts"] and paid[half]["payments"] == []
    assert any(one["payments"] for one in paid.values())


@pytest.mark.parametrize("which", [1, 2])
async def test_a_reading_that_is_broken_off_leaves_nothing_behind(
    few: Desk, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    """In its first request or in the one that finds the end of the file: no request ends later, unheard."""
    unheard: list[str] = []
    simulator: Any = few.sandbox
    late = asyncio.Event()

    async def hold(seconds: float) -> None:
        if not simulator.faults.active:  # The last of them.
            await late.wait()

    monkeypatch.setattr(sftp, "asyncio", SimpleNamespace(sleep=hold))
    asyncio.get_running_loop().set_exception_handler(lambda _, found: unheard.append(str(found["message"])))
    async with few.clearing() as clearing:
        name = (await clearing.reports())[-1].vendor_id
    async with few.clearing() as clearing:
        await clearing.sign_in()
        await few.fail(f"latency*{which}@sftp_read")
        reading = asyncio.create_task(clearing.report(name))
        async with asyncio.timeout(30):
            while simulator.faults.active:
                await asyncio.sleep(0.01)
        reading.cancel()
        asyncio.get_running_loop().call_later(0.3, late.set)
        with pytest.raises(asyncio.CancelledError):
            await reading
    await late.wait()
    await asyncio.sleep(0.1)
    gc.collect()
    assert unheard == []


@pytest.mark.parametrize("operation", ["sftp_read", "sftp_list"])
async def test_a_server_that_falls_silent_is_given_up(few: Desk, operation: str) -> None:
    async with few.clearing() as clearing:
        name = (await clearing.reports())[-1].vendor_id
    await few.fail(f"hang@{operation}")
    async with few.clearing(timing=msgspec.structs.replace(QUICK, whole_s=1.0)) as clearing, asyncio.timeout(30):
        with pytest.raises(Unreachable):
            await clearing.report(name)


async def test_a_full_disk_during_download_loses_no_report(few: Desk) -> None:
    state = SmallDisk()
    async with few.clearing(state=state) as clearing:
        await clearing.sign_in()
        state.room = 0
        with pytest.raises(StoreError):
            await clearing.reports()
    state.room = 10**9
    async with few.clearing(state=state) as clearing:
        there = {one.vendor_id.partition("!")[0] for one in (*await clearing.reports(), *await clearing.remittances())}
    assert there == set(await few.act("outbound"))


async def test_markup_in_a_name_stays_text(few: Desk) -> None:
    name = (await few.act("plant", kind="html_names"))["name"]
    async with few.clearing() as clearing:
        document = await clearing.report(name)
        report = await clearing.news(document)
    assert b"<" in document.content
    assert report.claims
    assert not report.doubts


async def test_news_of_claims_nobody_sent_are_kept_apart(few: Desk) -> None:
    name = (await few.act("plant", kind="other_ids"))["name"]
    async with few.clearing() as clearing:
        report = await clearing.news(await clearing.report(name))
    lines = timeline.merge(report.claims)
    assert timeline.unmatched(lines, ["DBK-1"]) == lines != ()


async def test_a_ta1_is_put_to_the_interchange_it_answers(few: Desk) -> None:
    """By number, sender and moment: another program of the practice may count as we do."""
    async with few.production() as clearing:
        await clearing.submit_claims(await few.claims("DBK-1", control=907))
        [sent] = await clearing.sent_files()
        for name, moment in (("mine.ta1", sent.made_at), ("other.ta1", "2001010101")):
            few.lay_out(name, ta1(sent.sender, "000000907", moment))
        told = {}
        for name in ("mine.ta1", "other.ta1"):
            [told[name]] = (await clearing.news(await clearing.report(name))).files
    assert (sent.sender, sent.interchange_control) == (SUBMITTER, "000000907")
    found = timeline.answers(told.values(), [sent])
    assert found.of_file[sent.sha256] == [told["mine.ta1"]]
    assert found.of_none == [told["other.ta1"]]


async def test_what_was_sent_tells_whose_reports_are_ours(few: Desk) -> None:
    """A summary names the tax id of the billing provider; the id that was entered may be another."""
    async with few.production(secrets=few.secrets(submitter_id="LARKSPUR1")) as clearing:
        old = set(await few.act("outbound"))
        await clearing.submit_claims(await few.claims("DBK-1"))
        [sent] = await clearing.sent_files()
        await few.pass_hours(13)
        names = [name for name in await few.act("outbound") if name not in old]
        told = [await clearing.news(await clearing.report(name)) for name in names]
        stranger = await few.act("plant", kind="stranger")
        assert (await clearing.news(await clearing.report(stranger["name"]))).of_another
    assert sent.tax_ids == (SUBMITTER,)
    assert {one.kind for one in told} >= {ReportKind.FILE_SUMMARY, ReportKind.SYNTAX}
    assert not any(one.of_another for one in told)


def ta1(receiver: str, control: str, moment: str) -> bytes:
    """A refusal of an interchange, as a clearinghouse sends it."""
    isa = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'OFFICEALLY':15}*ZZ*{receiver:15}*260310*1412*^*00501*000004711*0*P*:~"
    return f"{isa}TA1*{control}*{moment[:6]}*{moment[6:]}*R*024~IEA*0*000004711~".encode()


@pytest.mark.parametrize("bundle", ["two_835", "nested", "no_text", "broken_zip", "upper"])
async def test_bundles_of_every_kind(few: Desk, bundle: str) -> None:
    await few.act("odd", bundle=bundle)
    async with few.production() as clearing:
        before: set[Any] = {entry.vendor_id for entry in await clearing.remittances()}
        await clearing.submit_claims(await few.claims("DBK-1"))
        for hours in (13, 24 * 6, 24 * 43):
            await few.pass_hours(hours)
        new = [entry for entry in await clearing.remittances() if entry.vendor_id not in before]
        if bundle == "broken_zip":
            others = [entry for entry in await clearing.reports() if entry.name.endswith(".zip")]
            told = [await clearing.news(await clearing.report(entry.vendor_id)) for entry in others]
            assert any("not opened" in doubt for report in told for doubt in report.doubts)
            return
        told = [await clearing.news(await clearing.remittance(entry.vendor_id)) for entry in new]
    assert any(news.account == "DBK-1" for report in told for news in report.claims)


async def test_what_only_calls_itself_a_remittance_is_told_beside_the_others(few: Desk) -> None:
    async with few.production() as clearing:
        whole = await clearing.remittance((await clearing.remittances())[0].vendor_id)
        parts = [("one.835", whole.content), ("two.835", b"\x00\x01 nothing"), ("read me.txt", b"Hello.")]
        few.lay_out("470199999_ERA_STATUS_5010_20260310.zip", zipped(parts))
        new = [one for one in await clearing.remittances() if one.vendor_id.startswith("470199999")]
        told = {one.name: await clearing.news(await clearing.remittance(one.vendor_id)) for one in new}
    assert list(told) == ["one.835", "two.835"]
    assert told["one.835"].claims
    assert told["two.835"].doubts == ("The name promises an X12 document, but the content is none.",)
