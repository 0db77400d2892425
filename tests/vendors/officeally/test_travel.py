"""A claim travels: from Daybook to the clearinghouse and back as 999, 277CA, EDI status and remittance."""

from __future__ import annotations

from app.model.claim_news import Outcome, Report, ReportKind, Speaker
from app.rules import timeline
from tests.vendors.officeally.desk import Desk, file_of
from vendors.officeally.core import Clearing


async def everything(clearing: Clearing) -> list[Report]:
    """Every report and remittance there is, read."""
    found = []
    for entry in await clearing.reports():
        found.append(await clearing.news(await clearing.report(entry.vendor_id)))
    for entry in await clearing.remittances():
        found.append(await clearing.news(await clearing.remittance(entry.vendor_id)))
    return found


async def test_a_claim_there_and_back(few: Desk) -> None:
    good, bad = "DBK-77001", "DBK-77002"
    made = (await few.claims(good, bad)).content.decode("latin-1")
    head, _, tail = made.partition(f"CLM*{bad}")
    member = "NM1*IL*1*"
    before, _, rest = head.rpartition(member)
    spoiled = rest.replace("*MI*BHH", "*MI*XXX", 1)
    batch = file_of(before + member + spoiled + f"CLM*{bad}" + tail)
    await few.act("decide", account=good, outcome="paid")
    async with few.production() as clearing:
        receipt = await clearing.submit_claims(batch)
        assert receipt.vendor_reference.startswith("DBK_837P_2026")
        assert "OATEST" not in receipt.vendor_reference
        for hours in (1, 23, 24 * 6, 24 * 43):
            await few.pass_hours(hours)
        reports = await everything(clearing)
        [sent] = await clearing.sent_files()
    mine = [report for report in reports if any(news.account in {good, bad} for news in report.claims)]
    assert {report.kind for report in mine} == {
        ReportKind.FILE_SUMMARY, ReportKind.CLAIM_ACKNOWLEDGMENT, ReportKind.PAYER_STATUS, ReportKind.REMITTANCE,
    }  # fmt: skip
    files = [file for report in reports for file in report.files]
    assert any(one.kind is ReportKind.SYNTAX and one.file_name == sent.name for one in files)
    lines = timeline.merge(news for report in reports for news in report.claims)
    by_account = {line.accounts[0]: line for line in lines if line.accounts}
    paid, refused = by_account[good], by_account[bad]
    assert paid.standing.outcome is Outcome.PAID
    assert paid.by_payer
    told = [(event.news.speaker, event.news.outcome, len(event.told_by)) for event in paid.events]
    assert told == [
        (Speaker.CLEARINGHOUSE, Outcome.ACCEPTED, 2),
        (Speaker.PAYER, Outcome.ACCEPTED, 2),
        (Speaker.PAYER, Outcome.PAID, 1),
    ]
    assert refused.standing.outcome is Outcome.REJECTED
    assert refused.standing.words == "17 - SUBSCRIBER ID IS INVALID FOR PAYER"
    assert [event.news.speaker for event in refused.events] == [Speaker.CLEARINGHOUSE]
    assert len(refused.events[0].told_by) == 2
    assert timeline.missing([sent], files, lines, few.clock.now()) == ()
    assert [one["account"] for one in await few.act("sent") if one["account"] in {good, bad}] == [good]
