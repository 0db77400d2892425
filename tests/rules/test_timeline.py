"""Timelines do not depend on the order in which reports arrive; what should have come and did not is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.claim_news import ClaimNews, FileNews, Outcome, ReportKind, SentFile, Speaker
from app.rules.timeline import Lack, merge, missing, unmatched

SENT_AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
FILE = SentFile(
    name="DBK_837P_20260302_0900_000000202.txt",
    sha256="x",
    sent_at=SENT_AT,
    interchange_control="000000202",
    group_control="202",
    batches=("000202",),
    accounts=("A1", "A2"),
)
PLAIN = msgspec.structs.replace


def said(account: str, outcome: Outcome, day: int, **changes: object) -> ClaimNews:
    news = ClaimNews(
        speaker=Speaker.CLEARINGHOUSE,
        outcome=outcome,
        kind=ReportKind.FILE_SUMMARY,
        account=account,
        clearinghouse_number=f"9{account}",
        said_on=date(2026, 3, day),
        file_id="481",
        report=f"{account}-{outcome}-{day}",
    )
    return PLAIN(news, **changes)


PAYER = {"speaker": Speaker.PAYER, "kind": ReportKind.PAYER_STATUS, "file_id": ""}
STORY = [
    said("A1", Outcome.ACCEPTED, 2),
    said("A1", Outcome.ACCEPTED, 2, kind=ReportKind.CLAIM_ACKNOWLEDGMENT, report="277CA"),
    said("A1", Outcome.ACCEPTED, 4, payer_number="P1", payer_id="X", **PAYER),
    said("A1", Outcome.PAID, 20, clearinghouse_number="", payer_number="P1", **PAYER),
    said("A2", Outcome.REJECTED, 2, words="17 - SUBSCRIBER ID"),
    said("", Outcome.ACCEPTED, 5, clearinghouse_number="9A2", **PAYER),
]


@settings(max_examples=60, deadline=None)
@given(st.permutations([*STORY, *STORY[:2]]))
def test_the_order_of_arrival_changes_nothing(order: list[ClaimNews]) -> None:
    lines = merge(order)
    assert lines == merge(STORY)
    first, second = lines
    assert first.standing.outcome is Outcome.PAID
    assert first.events[0].told_by == ("277CA", "A1-accepted-2")
    assert second.accounts == ("A2",)
    assert second.standing.outcome is Outcome.ACCEPTED


def test_a_payers_word_beats_a_later_one_of_the_clearinghouse() -> None:
    [line] = merge([said("A1", Outcome.REJECTED, 3, **PAYER), said("A1", Outcome.ACCEPTED, 4)])
    assert line.standing.outcome is Outcome.REJECTED
    assert line.by_payer


def test_a_corrected_claim_begins_a_new_round() -> None:
    story = [
        said("A1", Outcome.ACCEPTED, 2),
        said("A1", Outcome.REJECTED, 4, **PAYER),
        said("A1", Outcome.ACCEPTED, 6, file_id="482"),
    ]
    [line] = merge(story)
    assert line.standing.file_id == "482"
    [line] = merge([*story, said("A1", Outcome.DENIED, 9, **PAYER)])
    assert line.standing.outcome is Outcome.DENIED


def test_a_test_never_meets_a_real_claim() -> None:
    lines = merge([said("A1", Outcome.ACCEPTED, 2), said("A1", Outcome.REJECTED, 2, is_test=True)])
    assert len(lines) == 2


def test_what_nobody_sent_is_shown() -> None:
    lines = merge([said("A1", Outcome.ACCEPTED, 2), said("ZZ", Outcome.ACCEPTED, 2)])
    assert [line.accounts for line in unmatched(lines, ["A1"])] == [("ZZ",)]


def test_no_report_within_a_day() -> None:
    assert missing([FILE], [], [], SENT_AT + timedelta(hours=23, minutes=59)) == ()
    [lack] = missing([FILE], [], [], SENT_AT + timedelta(hours=25))
    assert lack.lack is Lack.NO_REPORT
    assert lack.accounts == FILE.accounts
    assert "25 hours" in lack.words
    unsure = PLAIN(FILE, is_sure=False)
    [lack] = missing([unsure], [], [], SENT_AT + timedelta(hours=25))
    assert "not certain" in lack.next_step


def test_a_late_report_makes_it_go_away() -> None:
    now = SENT_AT + timedelta(hours=30)
    for news in (
        FileNews(outcome=Outcome.RECEIVED, kind=ReportKind.SYNTAX, control="0202"),
        FileNews(outcome=Outcome.ACCEPTED, kind=ReportKind.CLAIM_ACKNOWLEDGMENT, control="202"),
        FileNews(outcome=Outcome.RECEIVED, kind=ReportKind.INTERCHANGE, control="000000202"),
    ):
        assert missing([FILE], [news], [], now) == ()
    strangers = FileNews(outcome=Outcome.RECEIVED, kind=ReportKind.SYNTAX, control="777")
    assert len(missing([FILE], [strangers], [], now)) == 1


def test_a_claim_that_its_summary_leaves_out() -> None:
    summary = FileNews(outcome=Outcome.ACCEPTED, kind=ReportKind.FILE_SUMMARY, file_name=FILE.name)
    now = SENT_AT + timedelta(hours=30)
    [lack] = missing([FILE], [summary], merge([said("A1", Outcome.ACCEPTED, 2)]), now)
    assert (lack.lack, lack.accounts) == (Lack.NOT_MENTIONED, ("A2",))
    failed = PLAIN(summary, outcome=Outcome.REJECTED)
    assert missing([FILE], [failed], [], now) == ()


def test_a_payer_that_says_nothing() -> None:
    lines = merge([said("A1", Outcome.ACCEPTED, 2), said("A2", Outcome.REJECTED, 2)])
    assert missing([FILE], [], lines, SENT_AT + timedelta(days=6)) == ()
    [lack] = missing([FILE], [], lines, SENT_AT + timedelta(days=8))
    assert (lack.lack, lack.accounts) == (Lack.PAYER_SILENT, ("A1",))
    test = PLAIN(FILE, is_test=True)
    marked = merge([said(name, Outcome.ACCEPTED, 2, is_test=True) for name in FILE.accounts])
    assert missing([test], [], marked, SENT_AT + timedelta(days=8)) == ()
