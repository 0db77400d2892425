"""Payers, enrollments, reports, documents: kept, found by any number, wiped with their connection."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.model.claim_news import ClaimNews, Outcome, Report, ReportKind, SentFile, Speaker
from app.model.clearing_views import NoticeKind, ReportNotice
from app.model.enrollment import Enrollment, EnrollmentState
from app.model.payer_list import PayerEntry, PayerList
from app.store import connections, documents, enrollments, payers, reports
from app.store.database import Reader
from app.store.store import Store

from .conftest import NOW

TABLES = ("documents", "reports", "claim_news", "sent_files", "notices", "payer_lists", "payers", "enrollments")


def news(**fields: Any) -> ClaimNews:
    values: dict[str, Any] = {"speaker": Speaker.PAYER, "outcome": Outcome.PAID, "kind": ReportKind.REMITTANCE}
    return ClaimNews(**{**values, **fields})


def entry(name: str, payer_id: str, transaction: str = "837P", **fields: Any) -> PayerEntry:
    return PayerEntry(name=name, payer_id=payer_id, transaction=transaction, **fields)


async def test_a_claim_is_found_by_any_number_it_goes_by(practice: Store) -> None:
    summary = Report(
        kind=ReportKind.FILE_SUMMARY, name="s", claims=(news(account="dbk-1", clearinghouse_number="77", report="s"),)
    )
    payer = Report(
        kind=ReportKind.PAYER_STATUS,
        name="p",
        claims=(news(clearinghouse_number="77", payer_number="X9", payer_id="BHH", report="p"),),
    )
    money = Report(kind=ReportKind.REMITTANCE, name="m", claims=(news(payer_number="X9", payer_id="BHH", report="m"),))
    for report in (money, payer, summary):
        assert await practice.write(reports.save, "c1", report.name, report.name.encode(), report)
    found = await practice.read(reports.claim_news, "c1", ["DBK-1"])
    assert {one.report for one in found} == {"s", "p", "m"}
    assert await practice.read(reports.claim_news, "c1", ["", "DBK-2"]) == []
    assert await practice.read(reports.claim_news, "other", ["DBK-1"]) == []
    assert set(await practice.read(reports.known, "c1")) == {"s", "p", "m"}


async def test_the_same_content_under_another_name_says_nothing_new(practice: Store) -> None:
    report = Report(kind=ReportKind.REMITTANCE, name="a", claims=(news(account="A1"),))
    assert await practice.write(reports.save, "c1", "a", b"same", report)
    assert not await practice.write(reports.save, "c1", "b", b"same", report)
    assert await practice.write(reports.save, "c1", "a", b"same", report)
    assert len(await practice.read(reports.claim_news, "c1", ["A1"])) == 1
    for name in ("u", "v"):
        gone = Report(kind=ReportKind.UNKNOWN, name=name, doubts=("Too large.",))
        assert await practice.write(reports.save, "c1", name, b"", gone)
    kept = [each for _, each in await practice.read(reports.since, "c1", NOW)]
    assert [each.name for each in kept if each.doubts] == ["u", "v"]
    other = Report(kind=ReportKind.REMITTANCE, name="o", claims=(news(account="A1"),), of_another=True)
    await practice.write(reports.save, "c1", "o", b"other", other)
    assert len(await practice.read(reports.claim_news, "c1", ["A1"])) == 1


async def test_what_was_dismissed_stays_so_and_what_is_settled_goes(practice: Store) -> None:
    one, two = (
        ReportNotice(
            notice_id=key, connection_id="c1", system="S", kind=NoticeKind.NO_REPORT, happened=key, means="",
            next_steps=(), since=NOW,
        )
        for key in "ab"
    )  # fmt: skip
    await practice.write(reports.replace_notices, "c1", [one, two])
    await practice.write(reports.dismiss, "a")
    await practice.write(reports.replace_notices, "c1", [one, two])
    assert [each.notice_id for each in await practice.read(reports.notices)] == ["b"]
    await practice.write(reports.replace_notices, "c1", [one])
    assert await practice.read(reports.notices) == []
    assert await practice.read(reports.notice, "b") is None


async def test_enrollments_keep_their_history(practice: Store) -> None:
    row = Enrollment(
        provider_npi="1", payer_id="P", transaction="835", state=EnrollmentState.SENT, since=date(2026, 3, 1)
    )
    await practice.write(enrollments.save_all, "c1", [row])
    later = Enrollment(
        provider_npi="1", payer_id="p", transaction="835", state=EnrollmentState.APPROVED, since=date(2026, 3, 9)
    )
    await practice.write(enrollments.save_all, "c1", [later])
    [(key, kept)] = await practice.read(enrollments.listed)
    assert (key, kept.state, [step.on for step in kept.history]) == ("c1", EnrollmentState.APPROVED, [date(2026, 3, 9)])


async def test_of_a_long_list_of_payers_the_one_asked_for_is_found(practice: Store) -> None:
    entries = tuple(
        entry(f"Payer {number:05d} Health of {('Ohio', 'Utah', 'Iowa')[number % 3]}", f"P{number:05d}", transaction)
        for number in range(2_400)
        for transaction in ("837P", "837I", "270", "276", "835")
    )
    await practice.write(payers.save_list, "c1", PayerList(entries=entries), "list.csv")
    await practice.write(payers.save_list, "c1", PayerList(entries=entries, doubts=("Row 3.",)), "list.csv")
    [state] = await practice.read(payers.states)
    assert (state.entries, state.doubts) == (12_000, ("Row 3.",))
    [exact] = await practice.read(payers.search, "p01234")
    broad = await practice.read(payers.search, "health utah", "270", 50)
    assert exact.ids["835"] == ("P01234",)
    assert len(broad) == 50
    assert all("Utah" in each.name for each in broad)
    assert await practice.read(payers.search, 'x" OR "y') == []
    assert len((await practice.read(payers.routes, "c1", ["P00001"])).entries) == 5
    assert len((await practice.read(payers.routes, "c1", ["nobody"])).entries) == 1
    assert (await practice.read(payers.routes, "c2", ["P00001"])).entries == ()


async def test_a_removed_connection_takes_everything_along(practice: Store) -> None:
    report = Report(kind=ReportKind.REMITTANCE, name="a", claims=(news(account="A1"),))
    await practice.write(reports.save, "c1", "a", b"content", report)
    sent = SentFile(name="f", sha256="aa", sent_at=NOW, interchange_control="1", group_control="1")
    await practice.write(reports.save_sent, "c1", [sent])
    assert await practice.read(reports.sent_since, "c1", NOW - timedelta(days=1)) == [sent]
    await practice.write(payers.save_list, "c1", PayerList(entries=(entry("A", "1"),)), "x")
    row = Enrollment(provider_npi="1", payer_id="P", transaction="835", state=EnrollmentState.SENT)
    await practice.write(enrollments.save_all, "c1", [row])
    notice = ReportNotice(
        notice_id="n", connection_id="c1", system="S", kind=NoticeKind.NO_REPORT, happened="", means="", next_steps=(),
        since=NOW,
    )  # fmt: skip
    await practice.write(reports.replace_notices, "c1", [notice])
    sha256 = await practice.write(documents.put, "c1", "claims", b"bytes")
    assert await practice.read(documents.content, "c1", sha256) == b"bytes"
    await practice.write(connections.remove, "c1")

    def left(conn: Reader) -> list[int]:
        return [conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]

    assert await practice.read(left) == [0] * len(TABLES)
    assert await practice.read(payers.search, "a") == []
