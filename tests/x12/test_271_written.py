"""Answers about coverage as we write them, and what others say of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.main.cli import main
from app.model.benefit import Benefit, Condition
from app.model.claim import Party, Procedure, QualifiedDate, Reference
from app.model.eligibility import EligibilityReport, Standing
from app.model.inquiry import Trace
from app.x12 import eligibility_271
from app.x12.write import NotValid, build
from tests.x12 import coverage as made
from tests.x12 import judges
from tests.x12.claims import change
from tests.x12.test_271 import FOLDER, read
from tests.x12.through_model import ENVELOPE


def written(*reports: EligibilityReport) -> bytes:
    return build([eligibility_271.body(reports)], ENVELOPE).data


# -- writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "report",
    [
        made.full_report(),
        made.refused(),
        made.report(subscriber=made.otis(traces=()), dependent=made.wren(benefits=(made.active(),))),
        made.report(
            Benefit(
                information="F",
                services=("PT",),
                quantity_qualifier="VS",
                quantity="20",
                procedure=Procedure("97110"),
                references=(Reference("G1", "AUTH9"),),
                conditions=(Condition(list="ZZ", code="11"),),
                messages=("ONE", "TWO"),
                entities=(Party(role="X3", name="CAREPATH REVIEW"),),
            )
        ),
    ],
    ids=["full", "refused", "dependent", "limit"],
)
def test_what_is_written_reads_as_the_same_answer(report: EligibilityReport) -> None:
    (found,), problems = read(written(report))
    assert problems == []
    assert found.patient is not None
    assert report.patient is not None
    assert [change(b, start=0, amount=None) for b in found.benefits] == [
        change(b, amount=None) for b in report.benefits
    ]
    assert [b.amount and b.amount.cents for b in found.benefits] == [
        b.amount and b.amount.cents for b in report.benefits
    ]
    assert (found.rejections, found.traces, found.dependent is None) == (
        report.rejections, report.traces, report.dependent is None,
    )  # fmt: skip
    assert found.patient.full_name == report.patient.full_name


def test_a_report_without_a_person_is_written() -> None:
    (found,), problems = read(written(change(made.refused(), subscriber=None, receiver=change(
        made.practice(), rejections=(change(made.refused().rejections[0], reason="51", loop="2100B"),)
    ))))  # fmt: skip
    assert problems == []
    assert [(one.level, one.reason) for one in found.rejections] == [("receiver", "51")]


def test_subscriber_and_dependent_of_one_family_share_a_level() -> None:
    mother = made.report()
    child = change(mother, dependent=made.wren(benefits=(made.active(),)))
    found, problems = read(written(mother, child))
    assert problems == []
    assert [report.dependent is not None for report in found] == [False, True]
    assert [report.verdict().standing for report in found] == [Standing.ACTIVE, Standing.ACTIVE]


def test_what_cannot_be_valid_is_refused_by_the_fields_name() -> None:
    with pytest.raises(NotValid) as refused:
        written(made.report(made.share("A", None, percent="20")))
    assert refused.value.problems[0].message.startswith("Benefit: percentage")
    with pytest.raises(NotValid):
        written(made.report(made.active(information="ZZ")))


def test_what_no_field_takes_is_written_back_at_its_place() -> None:
    (found,), problems = read("unknown-segments-and-separators")
    assert [one.code for one in problems] == ["segment-unknown", "segment-unknown"]
    text = build([eligibility_271.body([found])], ENVELOPE, check=False).data.decode()
    assert "ZZZ*A*B:C*D^E~EB*1*IND*30^98~QQQ*1~MSG*STILL READ~" in text


# -- for people and machines ------------------------------------------------------------------------------------------


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["x12", "json", str(FOLDER / "plain.x12")]) == 0
    found = json.loads(capsys.readouterr().out)
    (report,) = found["reports"]
    assert (report["source_name"], report["trace_number"], report["standing"]) == (
        "HARBORLIGHT HEALTH", "LK20260112001", "active",
    )  # fmt: skip
    assert report["subscriber"]["member_id"] == "HL00427781"
    deductible = next(one for one in report["benefits"] if one["information"] == "C")
    assert (deductible["amount"], deductible["remaining"], deductible["used"]) == ("500.00", "180.25", None)
    assert report["other_payers"] == [
        {"name": "BEACON MUTUAL", "id": "BCN22", "order": "secondary", "member_id": "", "group_number": "OTHER77"}
    ]
    assert main(["x12", "json", str(FOLDER / "38-rejected-at-every-level.x12")]) == 0
    refused = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert refused[2]["reports"][0]["rejections"][0] == {
        "level": "subscriber", "reason": "72", "text": "The member number is missing or invalid", "field": "member_id",
        "follow_up": "C", "resend": "corrected",
    }  # fmt: skip


def test_the_outline_says_it_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["x12", "show", "--no-color", str(FOLDER / "plain.x12")]) == 0
    out = capsys.readouterr().out
    for words in (
        "Coverage ACTIVE", "$500.00, $180.25 left, calendar year, individual, in network", "20 %",
        "Primary care: MARTA OSEI", "Secondary payer: BEACON MUTUAL", "answers our question LK20260112001",
    ):  # fmt: skip
        assert words in out
    assert main(["x12", "show", "--no-color", str(FOLDER / "37-belongs-to-the-eb.x12")]) == 0
    out = capsys.readouterr().out
    assert "20 visits" in out
    assert "2 visits a week, 3 month" in out
    assert main(["x12", "show", "--no-color", str(FOLDER / "38-rejected-at-every-level.x12")]) == 0
    assert "Rejected at the subscriber, 72" in capsys.readouterr().out


# -- what others say --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "report",
    [
        made.full_report(),
        made.refused("15"),
        made.report(subscriber=made.otis(traces=()), dependent=made.wren(
            traces=(Trace("LK2", "9123456789", type="2"),), benefits=(made.active(), made.share("B", 2500, "98")),
        )),
        made.report(made.active(), made.share(
            "C", 50000, period="23", dates=(QualifiedDate("292", "RD8", "20260101-20261231"),), authorization="Y",
            messages=("ONE", "TWO"),
        )),
    ],
    ids=["full", "refused", "dependent", "dates"],
)  # fmt: skip
def test_linuxforhealth_finds_no_fault(report: EligibilityReport, tmp_path: Path) -> None:
    """It has no place for the payer's PER, takes EB09 for a number, wants III to have an LS of its own
    and knows for a subscriber only the rejections of a provider."""
    judges.need("linuxforhealth")
    path = tmp_path / "answer.x12"
    path.write_bytes(written(report))
    assert judges.linuxforhealth_errors(path) == []
