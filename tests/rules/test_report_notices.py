"""What in reports needs a person: told once, the same in any order, gone when it is settled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from app.model.claim_news import ClaimNews, FileNews, Outcome, Report, ReportKind, SentFile, Speaker
from app.model.clearing_views import NoticeKind, ReportNotice
from app.rules.report_notices import notices

NOW = datetime(2026, 3, 20, 15, tzinfo=UTC)
SENT = SentFile(
    name="a.txt", sha256="aa", sent_at=NOW - timedelta(hours=30), interchange_control="1", group_control="1",
    accounts=("A1", "A2"),
)  # fmt: skip


def found(**given: Any) -> dict[NoticeKind, list[ReportNotice]]:
    values: dict[str, Any] = {"sent": [SENT], "files": [], "news": [], "fresh": [], "fresh_news": [], "now": NOW}
    by_kind: dict[NoticeKind, list[ReportNotice]] = {}
    for each in notices("c1", "Office Ally", **{**values, **given}):
        by_kind.setdefault(each.kind, []).append(each)
    return by_kind


def news(account: str, **fields: Any) -> ClaimNews:
    values: dict[str, Any] = {
        "speaker": Speaker.CLEARINGHOUSE, "outcome": Outcome.ACCEPTED, "kind": ReportKind.FILE_SUMMARY,
        "account": account, "said_on": NOW.date(), "report": "r",
    }  # fmt: skip
    return ClaimNews(**{**values, **fields})


def test_a_file_without_a_report() -> None:
    [one] = found()[NoticeKind.NO_REPORT]
    assert one.happened == "No report on a.txt after 30 hours."
    assert (one.file_name, one.accounts, one.since) == ("a.txt", ("A1", "A2"), SENT.sent_at)
    assert one.next_steps
    [later] = found(now=NOW + timedelta(hours=5))[NoticeKind.NO_REPORT]
    assert later.notice_id == one.notice_id
    assert found(now=SENT.sent_at + timedelta(hours=23)) == {}


def test_a_file_refused_as_a_whole_names_the_cause() -> None:
    said = FileNews(outcome=Outcome.REJECTED, kind=ReportKind.FILE_SUMMARY, file_name="a.txt", words="Two ISA.")
    kinds = found(files=[said, said])
    [one] = kinds[NoticeKind.FILE_REFUSED]
    assert "Two ISA." in one.means
    assert NoticeKind.NO_REPORT not in kinds


@pytest.mark.parametrize("kind", [ReportKind.SYNTAX, ReportKind.INTERCHANGE])
def test_a_refusal_that_names_no_file_is_known_by_its_control_number(kind: ReportKind) -> None:
    said = FileNews(outcome=Outcome.REJECTED, kind=kind, control="000000001", words="Nothing of it was read.")
    [one] = found(files=[said])[NoticeKind.FILE_REFUSED]
    assert (one.file_name, one.accounts) == ("a.txt", ("A1", "A2"))
    assert NoticeKind.FILE_REFUSED not in found(files=[msgspec.structs.replace(said, control="2")])


@pytest.mark.parametrize(
    "other", [{"made_at": "2603191001"}, {"sender": "990000777"}, {"control": "2"}], ids=["moment", "sender", "number"]
)
def test_a_ta1_for_another_programs_file_is_shown_and_refuses_none_of_ours(other: dict[str, str]) -> None:
    """Two programs of a practice count alike: a file told by mistake that it was refused would be sent twice."""
    mine = msgspec.structs.replace(SENT, sender="990000001", made_at="2603190900")
    said = FileNews(
        outcome=Outcome.REJECTED, kind=ReportKind.INTERCHANGE, control="000000001", sender="990000001",
        made_at="2603190900", words="Nothing of it was read.", report="x.ta1",
    )  # fmt: skip

    def about(one: FileNews) -> dict[NoticeKind, list[ReportNotice]]:
        report = Report(kind=ReportKind.INTERCHANGE, name="x.ta1", files=(one,))
        return found(sent=[mine], files=[one], fresh=[(NOW, report)])

    assert set(about(said)) == {NoticeKind.FILE_REFUSED}
    kinds = about(msgspec.structs.replace(said, **other))
    assert set(kinds) == {NoticeKind.UNKNOWN_FILE, NoticeKind.NO_REPORT}
    [strange] = kinds[NoticeKind.UNKNOWN_FILE]
    assert "x.ta1" in strange.happened
    assert "Nothing of it was read." in strange.means


def test_a_refusal_that_two_files_could_mean_is_put_to_neither() -> None:
    twin = msgspec.structs.replace(SENT, sha256="bb", name="b.txt", accounts=("B1",))
    said = FileNews(outcome=Outcome.REJECTED, kind=ReportKind.INTERCHANGE, control="1", report="x.ta1")
    report = Report(kind=ReportKind.INTERCHANGE, name="x.ta1", files=(said,))
    kinds = found(sent=[SENT, twin], files=[said], fresh=[(NOW, report)])
    assert NoticeKind.FILE_REFUSED not in kinds
    assert len(kinds[NoticeKind.UNKNOWN_FILE]) == 1
    assert {one.file_name for one in kinds[NoticeKind.NO_REPORT]} == {"a.txt", "b.txt"}


def test_claims_left_out_and_claims_of_others() -> None:
    kinds = found(news=[news("A1")], fresh=[(NOW, Report(kind=ReportKind.FILE_SUMMARY, name="r"))],
                  fresh_news=[news("A1"), news("B7"), news("B8")])  # fmt: skip
    assert kinds[NoticeKind.NOT_MENTIONED][0].accounts == ("A2",)
    [strangers] = kinds[NoticeKind.UNKNOWN_CLAIM]
    assert strangers.accounts == ("B7", "B8")
    assert "2 claims that were not sent from here" in strangers.happened


def test_reports_that_were_put_aside() -> None:
    aside = [
        (NOW + timedelta(minutes=at), Report(kind=ReportKind.UNKNOWN, name=f"r{at}", doubts=("Too short.",)))
        for at in range(13)
    ]
    kinds = found(sent=[], fresh=aside)
    assert [one.file_name for one in kinds[NoticeKind.NOT_BELIEVED][:-1]] == [f"r{at}" for at in range(3, 13)]
    assert kinds[NoticeKind.NOT_BELIEVED][-1].happened == "3 more reports could not be read whole."
    other = Report(kind=ReportKind.SYNTAX, name="x", of_another=True, doubts=("Another tax id.",))
    [one] = found(sent=[], fresh=[(NOW, other)])[NoticeKind.ANOTHER_PRACTICE]
    assert "another practice" in one.happened
