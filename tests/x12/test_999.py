"""999 and TA1: read, written, and made as the answer to an 837."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.acknowledgment import (
    Acknowledgment,
    Context,
    ElementError,
    InterchangeAcknowledgment,
    SegmentError,
    SetAcknowledgment,
)
from app.model.claim import QualifiedDate
from app.x12 import ack_999, claim_837, envelope
from app.x12.answer_999 import Answer, answer
from app.x12.write import Built, Envelope, build
from tests.x12 import claims as made
from tests.x12 import judges
from tests.x12.corpus import Sample, each

NOW = datetime(2026, 1, 5, 10, 0)


def answered(data: bytes, *, ta1: bool = False) -> Answer:
    (found,) = answer(data, when=NOW, control=71, ta1=ta1)
    return found


def read(data: bytes) -> Acknowledgment:
    (found,) = [one for transaction in envelope.read(data) for one in ack_999.read(transaction)]
    return found


def spoiled(before: str, after: str) -> bytes:
    text = made.built(made.claim("PCN1"), made.claim("PCN2")).data.decode()
    assert before in text
    return text.replace(before, after).encode()


# -- reading ----------------------------------------------------------------------------------------------------

SAID = Acknowledgment(
    group_kind="HC",
    group_control="27",
    version="005010X222A1",
    sets=(
        SetAcknowledgment(kind="837", control_number="0001", version="005010X222A1", code="A"),
        SetAcknowledgment(
            kind="837",
            control_number="0002",
            version="005010X222A1",
            code="R",
            codes=("5",),
            errors=(
                SegmentError(
                    segment="CLM",
                    number=22,
                    loop="2300",
                    code="8",
                    contexts=(
                        Context(name="SITUATIONAL TRIGGER", segment="CLM", number=22, element=5, component=3),
                        Context(name="CLM01", value="PCN1"),
                    ),
                    elements=(
                        ElementError(element=5, component=3, reference="1325", code="7", bad_value="X"),
                        ElementError(element=2, code="1"),
                    ),
                ),
            ),
        ),
    ),
    code="P",
    included=2,
    received=2,
    accepted_count=1,
)


def written(found: Acknowledgment, *ta1: InterchangeAcknowledgment) -> Built:
    return build(
        [ack_999.body(found)],
        Envelope("CLEAR1", "LARK01", NOW, 9, 9),
        acknowledgments=[ack_999.ta1_row(one) for one in ta1],
    )


def test_tricky_30_positions_count_from_st_and_contexts_name_the_claim() -> None:
    """``HL`` is segment 7 of this transaction, ST being 1, and the answer says 7."""
    texts = made.segments(made.built().data)
    inside = texts[2:-2]
    found = answered(spoiled("*11:B:1*", "*11:X:1*"))
    (error, second) = found.groups[0].sets[0].errors
    assert inside[error.number - 1].startswith("CLM*")
    assert (error.segment, error.loop, error.code) == ("CLM", "2300", "8")
    assert error.contexts == (Context(name="CLM01", value="PCN1"),)
    assert second.contexts == (Context(name="CLM01", value="PCN2"),)
    assert error.elements == (ElementError(element=5, component=2, code="7", bad_value="X"),)


def test_tricky_30_everything_of_an_ik3_and_ik4_is_read() -> None:
    assert read(written(SAID).data) == SAID


def test_tricky_31_part_accepted_means_that_only_the_refused_go_again() -> None:
    found = read(written(SAID).data)
    assert not found.accepted
    assert [one.control_number for one in found.sets if not one.accepted] == ["0002"]
    for code, accepted in (("A", True), ("E", True), ("R", False), ("M", False), ("W", False), ("X", False)):
        # E is accepted with errors: not sent again.
        assert SetAcknowledgment(kind="837", control_number="1", code=code).accepted is accepted


def test_tricky_31_each_count_is_read_from_its_own_place() -> None:
    found = read(written(SAID).data.replace(b"AK9*P*2*2*1", b"AK9*P*5*4*3"))
    assert (found.included, found.received, found.accepted_count) == (5, 4, 3)


@pytest.mark.parametrize(
    ("ak9", "code"), [("AK9*A*2*2*1", "acknowledgment-counts"), ("AK9*P*3*2*1", "acknowledgment-received")]
)
def test_tricky_31_the_three_counts_are_checked(ak9: str, code: str) -> None:
    data = written(SAID).data.replace(b"AK9*P*2*2*1", ak9.encode())
    transaction = next(iter(envelope.read(data)))
    ack_999.check(transaction)
    assert code in {problem.code for problem in transaction.problems.done()}


def test_tricky_32_a_ta1_names_the_interchange_and_stands_before_the_group() -> None:
    said = InterchangeAcknowledgment(
        control_number="000000027", date_text="260105", time_text="0930", code="R", note="025"
    )
    texts = made.segments(written(SAID, said).data)
    assert texts[1] == "TA1*000000027*260105*0930*R*025"
    assert texts[2].startswith("GS*FA")
    reader = envelope.read(written(SAID, said).data)
    for transaction in reader:
        transaction.skip()
    (found,) = map(ack_999.interchange_acknowledgment, reader.acknowledgments)
    assert found == said
    assert not found.accepted


def test_tricky_32_a_ta1_may_stand_alone() -> None:
    said = InterchangeAcknowledgment(
        control_number="000000027", date_text="260105", time_text="0930", code="A", note="000"
    )
    alone = build([], Envelope("CLEAR1", "LARK01", NOW, 9, 9), acknowledgments=[ack_999.ta1_row(said)]).data
    assert made.segments(alone)[-1] == "IEA*0*000000009"
    reader = envelope.read(alone)
    assert list(reader) == []
    assert [ack_999.interchange_acknowledgment(one) for one in reader.acknowledgments] == [said]
    assert reader.problems.done() == []


def test_a_999_is_outlined_in_words() -> None:
    transaction = next(iter(envelope.read(written(SAID).data)))
    text = "\n".join(line for _, line in ack_999.outline(transaction))
    assert "Send only the rejected ones again" in text
    assert "CLM05-3: Invalid code: X" in text
    assert "(claim PCN1)" in text


def test_the_json_of_a_999_says_what_was_accepted() -> None:
    transaction = next(iter(envelope.read(written(SAID).data)))
    found = ack_999.to_json(transaction)
    assert (found["accepted"], [one["accepted"] for one in found["sets"]]) == (False, [True, False])


# -- answering --------------------------------------------------------------------------------------------------


def test_a_clean_document_is_accepted() -> None:
    found = answered(made.built().data)
    assert (found.interchange.code, found.groups[0].code) == ("A", "A")
    assert found.groups[0].group_control == "27"
    assert found.groups[0].sets[0].control_number == "0001"
    assert read(found.data) == found.groups[0]
    assert b"TA1" not in found.data
    asked = answered(made.built().data, ta1=True)
    assert b"TA1*000000027*260105*0930*A*000~GS*FA*CLEAR1*LARK01*" in asked.data


@pytest.mark.parametrize(
    ("before", "after", "segment", "code", "element"),
    [
        ("DMG*D8*19710304*M~", "DMG*D8*19711399*M~", "DMG", "8", (2, "8")),
        ("NM1*IL*1*BRAMLEY", "NM1*IL*1*", "NM1", "8", (3, "1")),
        ("DTP*472*D8*20260102~", "", "DTP", "3", None),
        ("LX*1~", "LX*1~ZZZ*9~", "ZZZ", "1", None),
        ("HI*ABK:E119", "HI*ABK:E119*ABF:I11~HI*ABK:E119", "HI", "5", None),
        ("SV1*HC:99213*125.5*", "SV1*HC:99213*125.5.5*", "SV1", "8", (2, "6")),
        ("*11:B:1*", "*11:B:7*", "REF", "I6", None),
        ("CLM*PCN1*125.5*", "CLM*PCN1*999*", "CLM", "8", (2, "I12")),
    ],
)
def test_the_answer_names_the_rule_that_was_broken(
    before: str, after: str, segment: str, code: str, element: tuple[int, str] | None
) -> None:
    found = answered(spoiled(before, after))
    verdict = found.groups[0].sets[0]
    assert (verdict.code, found.groups[0].code) == ("R", "R")
    assert "5" in verdict.codes
    error = next(one for one in verdict.errors if one.segment == segment and one.code == code)
    if element:
        assert (error.elements[0].element, error.elements[0].code) == element
    assert read(found.data).sets[0].errors == verdict.errors


def test_a_rule_that_was_set_off_names_its_trigger() -> None:
    found = answered(spoiled("*11:B:1*", "*11:B:8*"))
    trigger = found.groups[0].sets[0].errors[0].contexts[0]
    assert (trigger.name, trigger.segment, trigger.element, trigger.component) == ("SITUATIONAL TRIGGER", "CLM", 5, 3)


def test_only_the_faulty_transaction_of_a_group_is_refused() -> None:
    twice = build(
        [claim_837.body(made.submission(made.claim("A"))), claim_837.body(made.submission(made.claim("B")))],
        made.ENVELOPE,
    ).data
    found = answered(twice.replace(b"CLM*B*125.5*", b"CLM*B*126*"))
    group = found.groups[0]
    assert (group.code, group.received, group.accepted_count) == ("P", 2, 1)
    assert [one.code for one in group.sets] == ["A", "R"]


def test_wrong_counts_are_answered_where_they_belong() -> None:
    data = made.built().data.decode()
    se = next(text for text in data.split("~") if text.startswith("SE*"))
    assert answered(data.replace(se, "SE*99*0001").encode()).groups[0].sets[0].codes == ("4",)
    assert answered(data.replace("GE*1*27", "GE*3*27").encode()).groups[0].codes == ("5",)
    assert answered(data.replace("GE*1*27", "GE*3*27").encode()).groups[0].included == 3
    broken = answered(data.replace("IEA*1*000000027", "IEA*1*000000028").encode())
    assert (broken.interchange.code, broken.interchange.note, broken.groups) == ("R", "001", ())
    assert made.segments(broken.data)[-1].startswith("IEA*0*")


def test_warnings_do_not_refuse_a_claim() -> None:
    found = answered(made.built().data.replace(made.NPI_GROUP.encode(), b"1234567890"))
    assert found.groups[0].code == "A"
    assert {problem.code for problem in found.problems} == {"npi"}


def test_a_transaction_of_another_guide_is_refused_politely() -> None:
    found = answered(made.built().data.replace(b"005010X222A1", b"005010X224A2"))
    assert found.groups[0].sets[0].codes == ("I6",)


@each("837P", "837I", "mixed")
def test_every_sample_is_answered_and_the_answer_reads_back(sample: Sample) -> None:
    for found in answer(sample.path, when=NOW, control=1):
        reader = envelope.read(found.data)
        again = [one for transaction in reader for one in ack_999.read(transaction)]
        assert tuple(again) == found.groups
        assert reader.problems.done() == []
        if sample.valid == "yes":
            assert all(group.accepted for group in found.groups)


def test_an_outside_validator_accepts_our_answers(tmp_path: Path) -> None:
    judges.need("pyx12")
    many = spoiled("*11:B:1*", "*11:X:7*").replace(b"DMG*D8*19710304*M", b"DMG*D8*19711399*M")
    for number, data in enumerate((made.built().data, many, spoiled("LX*1~", "LX*1~ZZZ*9~"))):
        path = tmp_path / f"{number}.x12"
        path.write_bytes(answered(data).data)
        assert judges.pyx12_errors(path) == []


def test_the_date_of_a_claim_is_read_as_a_date() -> None:
    assert QualifiedDate("472", "D8", "20230229").start is None
    span = QualifiedDate("472", "RD8", "20260102-20260104")
    assert (span.start, span.end) == (datetime(2026, 1, 2).date(), datetime(2026, 1, 4).date())


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 9), st.sampled_from("*~:^ AZz09\n\xe9")), min_size=1, max_size=8
    )
)
@settings(max_examples=150, deadline=None)
def test_whatever_comes_is_answered(damage: list[tuple[int, int, str]]) -> None:
    """Nothing that is sent to us keeps us from answering it: what cannot be echoed is left out."""
    text = made.built(made.claim("PCN1"), made.claim("PCN2")).data.decode()
    for at, cut, char in damage:
        text = text[: at % len(text)] + char + text[at % len(text) + cut :]
    for found in answer(text.encode("latin-1"), when=NOW, control=1):
        reader = envelope.read(found.data)
        assert len([one for transaction in reader for one in ack_999.read(transaction)]) == len(found.groups)
        assert reader.problems.done() == []
