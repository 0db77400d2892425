"""Answers about coverage: the tricky points 33 to 38, what a front desk needs, writing, what others say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from app.main.cli import main
from app.model.benefit import Benefit, BenefitLine, Condition
from app.model.claim import Party, Procedure, QualifiedDate, Reference
from app.model.eligibility import EligibilityReport, Standing
from app.model.inquiry import Trace
from app.model.problem import Problem
from app.x12 import eligibility_271, envelope
from app.x12.write import NotValid, build
from tests.x12 import coverage as made
from tests.x12 import judges
from tests.x12.claims import change
from tests.x12.through_model import ENVELOPE

FOLDER = Path(__file__).parent / "samples" / "271"
VISIT = date(2026, 1, 12)


def read(source: bytes | str) -> tuple[list[EligibilityReport], list[Problem]]:
    found, problems = [], []
    for transaction in envelope.read(source if isinstance(source, bytes) else FOLDER / f"{source}.x12"):
        found += list(eligibility_271.read(transaction))
        problems += transaction.problems.done()
    return found, problems


def one(source: bytes | str) -> EligibilityReport:
    (found,), _ = read(source)
    return found


def written(*reports: EligibilityReport) -> bytes:
    return build([eligibility_271.body(reports)], ENVELOPE).data


def shown(lines: tuple[BenefitLine, ...]) -> list[tuple[str, str, str, int | None, int | None, int | None]]:
    """(service, level, network, total, remaining, used) in cents."""
    return [
        (
            line.service,
            line.benefit.coverage_level,
            line.benefit.network,
            line.total.cents if line.total else None,
            line.remaining.cents if line.remaining else None,
            line.used.cents if line.used else None,
        )
        for line in lines
    ]


# -- what a front desk needs ----------------------------------------------------------------------------------------


def test_an_answer_is_read_with_every_field() -> None:
    found = one("plain")
    assert read("plain")[1] == []
    assert (found.source.name, found.source.contacts[0].numbers[0]) == ("HARBORLIGHT HEALTH", ("TE", "8005550133"))
    assert found.receiver is not None
    assert (found.receiver.npi, found.our_trace) == ("1234567893", "LK20260112001")
    patient = found.patient
    assert patient is not None
    assert (patient.id, patient.reference("6P"), patient.identity_changed) == ("HL00427781", "GRP100", True)
    verdict = found.verdict(VISIT)
    assert (verdict.standing, verdict.benefit and verdict.benefit.plan) == (Standing.ACTIVE, "HARBOR PPO 500")
    assert shown(found.costs("C")) == [("30", "IND", "Y", 50000, 18025, None)]
    assert shown(found.costs("G", network="Y")) == [("30", "FAM", "Y", 600000, 441000, None)]
    assert shown(found.costs("B", service="98", network="Y")) == [("98", "IND", "Y", 2500, None, None)]
    assert [line.benefit.percent_shown for line in found.costs("A", network="N")] == ["20 %"]
    assert found.primary_care is not None
    assert (found.primary_care.full_name, found.primary_care.npi) == ("MARTA OSEI", "1982736450")
    (other,) = found.other_payers
    assert other.payer is not None
    assert (other.payer.name, other.order, other.group_number) == ("BEACON MUTUAL", "secondary", "OTHER77")


def test_what_is_said_of_the_plan_holds_where_nothing_is_said_of_the_service() -> None:
    found = made.report(made.active(), made.share("C", 50000), made.share("B", 4000, "UC"))
    assert shown(found.costs("C", service="98"))[0][:4] == ("30", "IND", "Y", 50000)
    assert found.costs("B", service="98") == ()


def test_the_day_of_the_visit_decides_where_the_payer_gives_dates() -> None:
    ends = made.report(subscriber=made.answered(
        benefits=(made.active(),),
        dates=(QualifiedDate("346", "D8", "20250101"), QualifiedDate("347", "D8", "20251231")),
    ))  # fmt: skip
    assert ends.verdict().standing is Standing.ACTIVE
    assert ends.verdict(VISIT).standing is Standing.INACTIVE
    assert "dates" in ends.verdict(VISIT).reason
    assert ends.verdict(date(2025, 6, 1)).standing is Standing.ACTIVE
    ranged = made.report(subscriber=made.answered(
        benefits=(made.active(),), dates=(QualifiedDate("291", "RD8", "20260201-20261231"),),
    ))  # fmt: skip
    assert ranged.verdict(VISIT).standing is Standing.INACTIVE
    impossible = made.report(subscriber=made.answered(
        benefits=(made.active(),), dates=(QualifiedDate("346", "D8", "20260230"),),
    ))  # fmt: skip
    assert impossible.verdict(VISIT).standing is Standing.ACTIVE


# -- tricky points ----------------------------------------------------------------------------------------------------


def test_tricky_33_eb03_repeats() -> None:
    found = one("33-eb03-repeats")
    assert found.benefits[0].services == ("30", "1", "35")
    assert [(line.benefit.information, line.service) for line in found.lines] == [
        ("1", "30"), ("1", "1"), ("1", "35"), ("B", "98"), ("B", "BY"), ("1", ""), ("B", ""),
    ]  # fmt: skip
    plan, procedure = found.benefits[2:]
    assert (plan.speaks_of_plan, plan.insurance_type, plan.plan) == (True, "HM", "GOLD PLAN")
    assert procedure.procedure == Procedure("99213", ("25",))


def test_tricky_33_the_separator_may_be_the_one_of_components() -> None:
    data = (FOLDER / "33-eb03-repeats.x12").read_bytes().replace(b"^*00501", b":*00501").replace(b"^", b":")
    assert one(data).benefits[0].services == ("30", "1", "35")


def test_tricky_34_kinds_of_benefit() -> None:
    found = one("34-kinds-of-benefit")
    by_service = {(b.information, b.services[0]): b for b in found.benefits}
    assert by_service["A", "98"].percent_shown == "20 %"
    assert by_service["A", "UC"].percent_shown == "20 %"  # written as 20, and flagged
    zero, empty = by_service["B", "98"].amount, by_service["B", "86"].amount
    assert zero is not None
    assert (zero.cents, empty) == (0, None)
    assert (by_service["F", "33"].quantity, by_service["F", "33"].quantity_qualifier) == ("12", "VS")
    assert by_service["Y", "30"].amount is not None
    assert {problem.code for problem in read("34-kinds-of-benefit")[1]} == {"percent", "amount-missing"}


@pytest.mark.parametrize(
    ("name", "standing", "words"),
    [
        ("34-inactive", Standing.INACTIVE, "not active"),
        ("34-under-investigation", Standing.ACTIVE, "under investigation"),
        ("34-contact-the-payer", Standing.UNKNOWN, "called"),
        ("34-cannot-process", Standing.UNKNOWN, "could not process"),
    ],
)
def test_tricky_34_active_inactive_or_not_to_be_told(name: str, standing: Standing, words: str) -> None:
    verdict = one(name).verdict(VISIT)
    assert verdict.standing is standing
    assert words in verdict.reason


def test_tricky_35_total_and_remaining_are_joined() -> None:
    found = one("35-remaining")
    assert shown(found.costs("C", service="30")) == [
        ("30", "IND", "Y", 100000, 60000, 40000),
        ("30", "FAM", "Y", 300000, 260000, None),
        ("30", "IND", "N", 200000, 200000, None),
    ]
    assert shown(found.costs("G")) == [("30", "IND", "Y", None, 0, None)]  # nothing left, and no total said
    assert shown(found.costs("F", service="AL")) == [  # a lifetime's rest belongs to the lifetime's total
        ("AL", "IND", "", 90000, 15000, None), ("AL", "IND", "", 30000, 30000, None),
    ]  # fmt: skip
    assert shown(found.costs("C", service="UC"))[0][3:] == (15000, None, None)
    assert shown(found.costs("C", service="86"))[0][3:] == (15000, 5000, None)


def test_tricky_35_year_to_date_alone_stays_what_it_was_called() -> None:
    (dental,) = one("35-remaining").costs("C", service="35")
    assert (dental.benefit.period, dental.used) == ("24", None)


def test_tricky_35_tiers_of_one_service_keep_their_own_rest() -> None:
    tiers = [
        made.share("C", total, period=period, messages=(tier,))
        for total, period, tier in ((90000, "23", "TIER 1"), (10000, "23", "TIER 2"), (500, "29", "TIER 2"),
                                    (80000, "29", "TIER 1"))
    ]  # fmt: skip
    found = made.report(*tiers)
    assert [line[3:5] for line in shown(found.costs("C"))] == [(90000, 80000), (10000, 500)]


def test_tricky_36_network_absent_is_not_yes() -> None:
    found = one("36-network")
    assert [line.service for line in found.costs("B", network="Y")] == ["98", "UC"]
    assert [line.service for line in found.costs("B", network="N")] == ["98", "UC"]
    assert [line.service for line in found.costs("B")] == ["98", "98", "UC", "86", "33"]
    assert [b.authorization for b in found.benefits[1:4]] == ["N", "Y", "U"]


def test_tricky_37_what_follows_belongs_to_the_eb_above() -> None:
    found = one("37-belongs-to-the-eb")
    therapy = found.benefits[1]
    assert therapy.messages == ("FIRST LINE", "SECOND LINE")
    assert [condition.code for condition in therapy.conditions] == ["11", "22"]
    assert (therapy.deliveries[0].quantity, therapy.deliveries[0].unit, therapy.reference("G1")) == ("2", "WK", "AUTH9")
    entity = therapy.entity("X3")
    assert entity is not None
    assert entity.contacts[0].numbers == (("TE", "8005550177"),)
    assert found.benefits[2].messages == ("SPECIALIST COPAY 50",)  # the only place of the amount
    assert found.benefits[2].entities == ()


def test_tricky_37_dates_of_the_eb_override_the_members() -> None:
    found = one("37-belongs-to-the-eb")
    assert found.verdict(VISIT).standing is Standing.INACTIVE  # the EB begins in February
    assert found.verdict(date(2026, 2, 2)).standing is Standing.ACTIVE


def test_tricky_37_other_payer_with_insured() -> None:
    (other,) = one("37-belongs-to-the-eb").other_payers
    assert other.insured is not None
    assert (other.order, other.member_id, other.group_number) == ("primary", "BCN900", "G77")
    assert other.insured.full_name == "NELL BRAMLEY"


def test_tricky_38_rejections_say_level_field_and_whether_to_ask_again() -> None:
    found, problems = read("38-rejected-at-every-level")
    assert problems == []
    said = [
        [(one.level, one.reason, one.field, one.resend) for one in report.rejections] for report in found
    ]  # fmt: skip
    assert said == [
        [("source", "42", "", "yes")],
        [("receiver", "50", "provider_id", "no")],
        [("subscriber", "72", "member_id", "corrected"), ("subscriber", "71", "birth_date", "corrected")],
        [("dependent", "58", "birth_date", "corrected"), ("dependent", "77", "patient", "in 10 days")],
        [("benefit", "54", "service_type", "no")],
        [("source", "80", "", "yes")],
    ]
    assert [report.verdict().standing for report in found] == [Standing.UNKNOWN] * 6
    assert found[0].receiver is None
    assert found[1].subscriber is None
    assert found[2].our_trace == "LK3"


def test_tricky_38_the_answer_may_move_our_dependent() -> None:
    moved, mother, daughter = read("38-dependent-as-subscriber")[0]
    assert moved.dependent is None
    assert (moved.our_trace, moved.patient and moved.patient.first_name) == ("LK20260112002", "PIP")
    assert (mother.verdict().standing, daughter.verdict().standing) == (Standing.ACTIVE, Standing.INACTIVE)
    assert (daughter.our_trace, daughter.patient and daughter.patient.relationship) == ("LK20260112003", "19")


def test_an_answer_about_the_subscriber_only_does_not_speak_for_the_dependent() -> None:
    found = made.report(subscriber=made.answered(benefits=(made.active(),)), dependent=made.wren())
    assert found.verdict().standing is Standing.UNKNOWN
    assert "subscriber only" in found.verdict().reason


def test_a_refusal_leaves_the_question_open_whatever_else_is_said() -> None:
    found = made.refused("42", "R", source=made.payer())
    assert change(found, subscriber=change(found.subscriber, benefits=(made.active(),))).verdict().standing is (
        Standing.UNKNOWN
    )


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
