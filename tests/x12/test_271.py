"""Answers about coverage: the tricky points 33 to 38, what a front desk needs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.model.benefit import BenefitLine, Rejection
from app.model.claim import Procedure, QualifiedDate
from app.model.eligibility import EligibilityReport, Standing
from app.model.problem import Problem
from app.x12 import eligibility_271, envelope
from tests.x12 import coverage as made
from tests.x12.claims import change

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


def test_tricky_34_five_codes_say_active_and_three_say_not() -> None:
    told = {code: made.report(made.active(information=code)).verdict().standing for code in "12345678"}
    assert told == {**dict.fromkeys("12345", Standing.ACTIVE), **dict.fromkeys("678", Standing.INACTIVE)}


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
    family = one((FOLDER / "36-network.x12").read_bytes().replace(b"EB*B*IND*UC*", b"EB*B*FAM*UC*"))
    assert [line.benefit.coverage_level for line in family.costs("B", network="Y")] == ["IND", "FAM"]


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


@pytest.mark.parametrize(
    ("own", "member", "standing"),
    [
        ((("346", "D8", "20250601"),), (("346", "D8", "20260201"),), Standing.ACTIVE),
        ((), (("346", "D8", "20260201"),), Standing.INACTIVE),
        ((("347", "D8", "20251231"),), (("347", "D8", "20261231"),), Standing.INACTIVE),
        ((("291", "RD8", "20250101-20251231"),), (), Standing.INACTIVE),
        ((("291", "RD8", "20250101-20261231"),), (("347", "D8", "20251231"),), Standing.ACTIVE),
        ((("472", "RD8", "20250101-20251231"),), (), Standing.ACTIVE),  # a service date is no limit of coverage
    ],
)
def test_tricky_37_own_dates_stand_in_place_of_the_members(
    own: tuple[tuple[str, str, str], ...], member: tuple[tuple[str, str, str], ...], standing: Standing
) -> None:
    benefit = made.active(dates=tuple(QualifiedDate(*each) for each in own))
    dates = tuple(QualifiedDate(*each) for each in member)
    assert made.report(subscriber=made.answered(benefits=(benefit,), dates=dates)).verdict(VISIT).standing is standing


def test_tricky_37_other_payer_with_insured() -> None:
    (other,) = one("37-belongs-to-the-eb").other_payers
    assert other.insured is not None
    assert (other.order, other.member_id, other.group_number) == ("primary", "BCN900", "G77")
    assert other.insured.full_name == "NELL BRAMLEY"
    data = (FOLDER / "37-belongs-to-the-eb.x12").read_bytes()
    for said, member_id in ((b"REF*1W*OTHER1~", "OTHER1"), (b"", "BCN900")):
        (other,) = one(data.replace(b"REF*1W*BCN900~", said)).other_payers
        assert other.member_id == member_id


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


@pytest.mark.parametrize(
    ("reason", "follow_up", "loop", "told"),
    [
        ("73", "C", "2100C", ("subscriber", "subscriber_name", "corrected")),
        ("75", "S", "2100C", ("subscriber", "subscriber", "no")),
        ("65", "Y", "2100D", ("dependent", "patient_name", "no")),
        ("42", "W", "2100A", ("source", "", "in 30 days")),
        ("54", "R", "2110D", ("benefit", "service_type", "yes")),
    ],
)
def test_tricky_38_each_reason_and_follow_up_in_words(
    reason: str, follow_up: str, loop: str, told: tuple[str, str, str]
) -> None:
    found = Rejection(reason=reason, follow_up=follow_up, loop=loop)
    assert (found.level, found.field, found.resend) == told


def test_tricky_38_a_dependent_without_a_trace_of_its_own_answers_the_subscribers_question() -> None:
    found = made.report(subscriber=made.answered(), dependent=made.wren(traces=()))
    assert found.our_trace == "LK20260112001"


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
