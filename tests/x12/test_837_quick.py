"""The quick ways of reading and writing say exactly what the generic ways say, on whatever comes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.main.bench import x12_files
from app.model.claim import (
    Claim,
    ClaimPatient,
    Diagnosis,
    Note,
    Party,
    Procedure,
    QualifiedAmount,
    QualifiedDate,
    Reference,
)
from app.model.claim_submission import ClaimSubmission
from app.model.money import Money
from app.model.problem import Problem
from app.x12 import claim_837, envelope
from app.x12.claim_837 import ClaimReader
from app.x12.claim_837_text import Level, LevelWriter
from app.x12.delimiters import STANDARD
from app.x12.kept import raw
from app.x12.write import NotValid, Row, Written, build
from tests.x12 import claims as made
from tests.x12.claims import change
from tests.x12.corpus import Sample, each

PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '-./&"
words = st.text(PLAIN, min_size=1, max_size=20).map(lambda text: " ".join(text.split()) or "X")


def both(data: bytes) -> tuple[tuple[list[Claim], list[Problem]], tuple[list[Claim], list[Problem]]]:
    """What is read at once and what the generic reader says alone."""
    answers = []
    for at_once in (True, False):
        claims: list[Claim] = []
        problems: list[Problem] = []
        for transaction in envelope.read(data):
            claims += ClaimReader(transaction, at_once=at_once).claims()
            problems += sorted(transaction.problems.done(), key=lambda one: (one.place.position, one.code, one.message))
        answers.append((claims, problems))
    return answers[0], answers[1]


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """A claim with most of what a small practice sends; some of it odd, some of it wrong."""
    count = draw(st.integers(1, 4))
    lines = tuple(
        made.line(
            number,
            draw(st.integers(1, 90_000)),
            draw(st.sampled_from(["99213", "99214", "36415", "J1550"])),
            procedure=Procedure(
                draw(st.sampled_from(["99213", "36415"])),
                tuple(draw(st.lists(st.sampled_from(["25", "59", "TC"]), max_size=2))),
            ),
            units=draw(st.sampled_from(["1", "2", "0.5"])),
            place_of_service=draw(st.sampled_from(["", "", "12"])),
            pointers=draw(st.sampled_from([(1,), (1, 2), (2,)])),
            dates=(
                draw(
                    st.sampled_from(
                        [QualifiedDate("472", "D8", "20260102"), QualifiedDate("472", "RD8", "20260102-20260104")]
                    )
                ),
            ),
            references=draw(
                st.sampled_from([(), (Reference("6R", "A1"),), (Reference("G1", "X"), Reference("6R", "B"))])
            ),
            notes=draw(st.sampled_from([(), (), (Note("ADD", "MORE TO SAY"),)])),
        )
        for number in range(1, count + 1)
    )
    diagnoses = draw(st.lists(st.sampled_from(["E119", "I10", "Z7984", "M545"]), min_size=2, max_size=4, unique=True))
    person = change(made.subscriber().party, name=draw(words), first_name=draw(words))
    patient = draw(st.sampled_from([None, None, made.child()]))
    providers = draw(
        st.lists(
            st.sampled_from(
                [
                    Party(role="82", is_person=True, name="OSEI", id_qualifier="XX", id=made.NPI_DOCTOR),
                    Party(role="DN", is_person=True, name="VALE", id_qualifier="XX", id=made.NPI_OTHER),
                    Party(role="77", name="NORTH CLINIC", id_qualifier="XX", id=made.NPI_PLACE, address=made.HOME),
                ]
            ),
            max_size=3,
            unique_by=lambda party: party.role,
        )
    )
    return made.claim(
        draw(st.text("ABC123-", min_size=1, max_size=21)),
        *lines,
        subscriber=made.subscriber(party=person, relationship="" if patient else "18"),
        patient=patient,
        frequency=draw(st.sampled_from(["1", "1", "7"])),
        diagnoses=tuple(Diagnosis("ABF" if at else "ABK", code) for at, code in enumerate(diagnoses)),
        references=draw(st.sampled_from([(), (Reference("D9", "77"),), (Reference("G1", "A"), Reference("F8", "B"))])),
        dates=draw(st.sampled_from([(), (QualifiedDate("431", "D8", "20251230"),)])),
        providers=tuple(providers),
    )


def document(*found: Claim) -> bytes:
    return build([claim_837.body(made.submission(*found))], made.ENVELOPE, check=False).data


@given(st.lists(claims(), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_reading_at_once_gives_what_the_generic_reader_gives(found: list[Claim]) -> None:
    at_once, generic = both(document(*found))
    assert at_once == generic


_CHANGES = st.sampled_from(
    [
        ("*", "**"),
        ("~", "*~"),
        ("HL*3", "HL*4"),
        ("*22*0", "*22*1"),
        ("D8*2026", "D8*2099"),
        ("ABK", "ABF"),
        ("LX*1", "LX*2"),
        ("*UN*", "*F2*"),
        ("*Y*", "*y*"),
        ("454010012", "45401"),
        ("BRAMLEY", "Bramley"),
        ("*XX*1", "*XX*2"),
        ("REF*6R", "REF*XX"),
        ("SV1*", "SV2*"),
        ("CLM*", "CLM*X"),
        ("DMG*D8", "DMG*D6"),
        ("*1:2", "*1:9"),
        ("~SE*", "~LX*9~SE*"),
        ("SBR*P", "SBR*S"),
        ("*CI", "*MB"),
        ("HC:", "HC"),
        ("NM1*PR", "NM1*85"),
        (" ", "  "),
        ("*1*", "*01*"),
        ("*11:B:1", "*11:B:8"),
        ("PRV*PE", "PRV*BI"),
    ]
)


@given(
    st.lists(claims(), min_size=1, max_size=3), st.lists(st.tuples(_CHANGES, st.integers(0, 9)), min_size=1, max_size=4)
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_on_damaged_documents_too(found: list[Claim], damage: list[tuple[tuple[str, str], int]]) -> None:
    text = document(*found).decode()
    for (before, after), which in damage:
        places = [match.start() for match in re.finditer(re.escape(before), text[107:])]
        if places:
            at = 107 + places[which % len(places)]
            text = text[:at] + after + text[at + len(before) :]
    at_once, generic = both(text.encode())
    assert at_once == generic


@each("837P")
def test_on_every_sample_too(sample: Sample) -> None:
    at_once, generic = both(sample.path.read_bytes())
    assert at_once == generic


def test_a_whole_batch_goes_the_quick_way() -> None:
    data = x12_files.claims(150_000)
    at_once, generic = both(data)
    assert at_once == generic
    assert at_once[1] == []
    reader = next(iter(envelope.read(data)))
    quick = ClaimReader(reader)
    list(quick.claims())
    assert quick.slowly_read == 0


def _generic(found: ClaimSubmission) -> list[Row | Written]:
    """The segments as the generic way gives them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LevelWriter, "level", lambda *_: None)
        return list(claim_837.body(found).rows)


def _plain(rows: Sequence[Row | Written]) -> list[object]:
    return [raw(row) for one in rows for row in (one.rows() if isinstance(one, Written) else [one])]


@given(st.lists(claims(), min_size=1, max_size=4))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_text_says_what_the_rows_say(found: list[Claim]) -> None:
    submission = made.submission(*found)
    assert _plain(claim_837.body(submission).rows) == _plain(_generic(submission))


def _of_line(claim: Claim, **fields: object) -> Claim:
    return change(claim, lines=(change(claim.lines[0], **fields), *claim.lines[1:]))


def _of_member(claim: Claim, **fields: object) -> Claim:
    return change(claim, subscriber=change(claim.subscriber, party=change(claim.subscriber.party, **fields)))


_SPOILED: dict[str, Callable[[Claim], Claim]] = {
    "element separator in a name": lambda one: _of_member(one, name="A*B"),
    "component separator in a name": lambda one: _of_member(one, first_name="A:B"),
    "terminator in a name": lambda one: _of_member(one, name="A~B"),
    "repeat separator in a name": lambda one: _of_member(one, name="A^B"),
    "line end in a name": lambda one: _of_member(one, name="A\nB"),
    "letter outside the set": lambda one: _of_member(one, name="É"),
    "lower case": lambda one: _of_member(one, name="Bramley"),
    "blank at the end": lambda one: _of_member(one, name="BRAMLEY "),
    "no name": lambda one: _of_member(one, name=""),
    "no address": lambda one: _of_member(one, address=None),
    "no birth date": lambda one: _of_member(one, birth_date="", sex=""),
    "impossible birth date": lambda one: _of_member(one, birth_date="19710230"),
    "unknown sex": lambda one: _of_member(one, sex="X"),
    "unknown state": lambda one: _of_member(one, address=change(made.HOME, state="ZZ")),
    "short ZIP": lambda one: _of_member(one, address=change(made.HOME, postal_code="4540")),
    "long member number": lambda one: _of_member(one, id="1" * 81),
    "separator in the group": lambda one: change(one, subscriber=change(one.subscriber, group_number="A*B")),
    "unknown filing": lambda one: change(one, subscriber=change(one.subscriber, claim_filing="??")),
    "unknown order": lambda one: change(one, subscriber=change(one.subscriber, payer_order="X")),
    "payer without number": lambda one: change(one, subscriber=change(one.subscriber, payer=made.payer(number=""))),
    "long claim number": lambda one: change(one, patient_control_number="A" * 21),
    "separator in the claim number": lambda one: change(one, patient_control_number="A:1"),
    "no claim number": lambda one: change(one, patient_control_number=""),
    "total is not the sum": lambda one: change(one, charge=Money(one.charge.cents + 1)),
    "negative total": lambda one: change(one, charge=Money(-1)),
    "source says another amount": lambda one: change(one, charge=Money(one.charge.cents, "1")),
    "source is no amount": lambda one: change(one, charge=Money(one.charge.cents, "1E3")),
    "three decimals": lambda one: _of_line(one, charge=Money(one.lines[0].charge.cents, "1.234")),
    "unknown frequency": lambda one: change(one, frequency="0"),
    "void without a number": lambda one: change(one, frequency="8", references=()),
    "unknown signature": lambda one: change(one, signature_on_file="?"),
    "point in a diagnosis": lambda one: change(one, diagnoses=(Diagnosis("ABK", "E11.9"), *one.diagnoses[1:])),
    "separator in a diagnosis": lambda one: change(one, diagnoses=(Diagnosis("ABK", "E11:9"), *one.diagnoses[1:])),
    "the same diagnosis twice": lambda one: change(one, diagnoses=(one.diagnoses[0], *one.diagnoses)),
    "two code sets": lambda one: change(one, diagnoses=(*one.diagnoses, Diagnosis("BF", "25000"))),
    "no diagnosis": lambda one: change(one, diagnoses=()),
    "thirteen diagnoses": lambda one: change(
        one, diagnoses=(one.diagnoses[0], *(Diagnosis("ABF", f"Z{number}") for number in range(100, 112)))
    ),
    "wrong check digit": lambda one: change(
        one, providers=(Party(role="82", is_person=True, name="OSEI", id_qualifier="XX", id="1234567890"),)
    ),
    "rendering is billing": lambda one: change(
        one, providers=(Party(role="82", is_person=True, name="OSEI", id_qualifier="XX", id=made.NPI_GROUP),)
    ),
    "unknown role": lambda one: change(one, providers=(Party(role="ZZ", is_person=True, name="OSEI"),)),
    "one role twice": lambda one: change(one, providers=(Party(role="82", is_person=True, name="OSEI"),) * 2),
    "impossible date of the claim": lambda one: change(one, dates=(QualifiedDate("431", "D8", "20260230"),)),
    "date of an unknown kind": lambda one: change(one, dates=(QualifiedDate("999", "D8", "20260220"),)),
    "reference of an unknown kind": lambda one: change(one, references=(Reference("ZZ", "1"),)),
    "reference twice": lambda one: change(one, references=(Reference("D9", "1"), Reference("D9", "2"))),
    "separator in a reference": lambda one: change(one, references=(Reference("D9", "1*2"),)),
    "long reference": lambda one: change(one, references=(Reference("D9", "1" * 51),)),
    "amount of an unknown kind": lambda one: change(one, amounts=(QualifiedAmount("ZZ", Money(5)),)),
    "amount of a line at the claim": lambda one: change(one, amounts=(QualifiedAmount("T", Money(5)),)),
    "separator in a note": lambda one: change(one, notes=(Note("ADD", "A*B"),)),
    "note of an unknown kind": lambda one: change(one, notes=(Note("XXX", "A"),)),
    "long note": lambda one: change(one, notes=(Note("ADD", "A" * 81),)),
    "pointer to nothing": lambda one: _of_line(one, pointers=(9,)),
    "no pointer": lambda one: _of_line(one, pointers=()),
    "pointer twice": lambda one: _of_line(one, pointers=(1, 1)),
    "five pointers": lambda one: _of_line(one, pointers=(1, 2, 1, 2, 1)),
    "wrong line number": lambda one: _of_line(one, number=2),
    "no units": lambda one: _of_line(one, units="0"),
    "unknown unit": lambda one: _of_line(one, unit="XX"),
    "separator in a procedure": lambda one: _of_line(one, procedure=Procedure("99:13")),
    "no procedure": lambda one: _of_line(one, procedure=None),
    "five modifiers": lambda one: _of_line(one, procedure=Procedure("99213", ("25",) * 5)),
    "no service date": lambda one: _of_line(one, dates=()),
    "impossible service date": lambda one: _of_line(one, dates=(QualifiedDate("472", "D8", "20261301"),)),
    "range that ends before it begins": lambda one: _of_line(
        one, dates=(QualifiedDate("472", "RD8", "20260105-20260101"),)
    ),
    "blank in a line reference": lambda one: _of_line(one, references=(Reference("6R", " 1"),)),
    "long line reference": lambda one: _of_line(one, references=(Reference("6R", "1" * 51),)),
    "no lines": lambda one: change(one, lines=()),
    "relationship of a patient who is the subscriber": lambda one: change(
        one, patient=change(made.child(), relationship="18"), subscriber=made.subscriber(relationship="")
    ),
    "patient without an address": lambda one: change(
        one, patient=change(made.child(), party=change(made.child().party, address=None)),
        subscriber=made.subscriber(relationship=""),
    ),
    "patient under a subscriber who is the patient": lambda one: change(
        one, patient=made.child(), subscriber=made.subscriber(relationship="18")
    ),
    "nothing": lambda one: one,
}  # fmt: skip


def _judged(submission: ClaimSubmission) -> list[tuple[str, str, int, str]]:
    """What the generic reader, as strict as on documents of our own, says about what is written."""
    data = build([claim_837.body(submission)], made.ENVELOPE, check=False).data
    found = []
    for transaction in envelope.read(data):
        for _ in ClaimReader(transaction, ours=True, at_once=False).claims():
            pass
        found += transaction.problems.done()
    return sorted((one.code, one.severity, one.place.segment_number, one.place.element) for one in found)


def _said(submission: ClaimSubmission) -> list[tuple[str, str, int, str]]:
    """What ``build`` says about it: errors when it refuses, else what it warns of."""
    try:
        found = build([claim_837.body(submission)], made.ENVELOPE).problems
    except NotValid as error:
        found = error.problems
    return sorted((one.code, one.severity, one.place.segment_number, one.place.element) for one in found)


@pytest.mark.parametrize("fault", _SPOILED)
@pytest.mark.parametrize("patient", [None, made.child()], ids=["subscriber", "child"])
def test_what_is_proved_while_writing_is_what_the_generic_reader_would_refuse(
    fault: str, patient: ClaimPatient | None
) -> None:
    usual = made.claim(patient=patient, subscriber=made.subscriber(relationship="" if patient else "18"))
    spoiled = _SPOILED[fault](change(usual, patient_control_number="PCN2"))
    submission = made.submission(usual, spoiled, change(usual, patient_control_number="PCN3"))
    said = _said(submission)
    if any(code == "separator-in-data" for code, *_ in said):
        return
    judged = _judged(submission)
    errors = [one for one in judged if one[1] == "error"]
    assert said == (errors or judged)


@given(st.lists(st.tuples(claims(), st.sampled_from(sorted(_SPOILED))), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_and_so_with_several_claims(found: list[tuple[Claim, str]]) -> None:
    submission = made.submission(*(_SPOILED[fault](claim) for claim, fault in found))
    said = _said(submission)
    if all(code != "separator-in-data" for code, *_ in said):
        judged = _judged(submission)
        assert said == ([one for one in judged if one[1] == "error"] or judged)


def _levels(*found: Claim) -> int:
    return sum(isinstance(row, Level) for row in claim_837.body(made.submission(*found)).rows)


def test_a_usual_claim_has_a_text_and_an_odd_one_has_none() -> None:
    assert _levels(made.claim()) == 1
    assert _levels(made.secondary()) == 0
    for sign in "*~:^é\u20ac" + "\n":
        assert _levels(made.claim(notes=(Note("ADD", f"A{sign}B"),))) == 0
    assert _levels(made.claim(notes=(Note("ADD", "lower"),))) == 0
    assert _levels(made.claim(notes=(Note("ADD", "ENDS "),))) == 0


def test_a_claim_number_used_twice_is_refused_though_each_level_was_proved() -> None:
    twice = made.submission(made.claim(), made.claim(subscriber=made.subscriber(group_number="OTHER")))
    assert sum(isinstance(row, Level) for row in claim_837.body(twice).rows) == 2
    assert _said(twice) == [one for one in _judged(twice) if one[1] == "error"] != []


def test_a_batch_is_written_as_it_was_read_byte_for_byte() -> None:
    data = x12_files.claims(60_000)
    found = [claim_837.read_submission(transaction) for transaction in envelope.read(data)]
    assert _body(build([claim_837.body(one) for one in found], made.ENVELOPE).data) == _body(data)


def _body(data: bytes) -> bytes:
    return data[data.index(b"ST*") : data.index(b"GE*")]


def test_other_separators_take_the_text_apart() -> None:
    other = STANDARD._replace(element="|", component=">")
    usual = made.built().data
    turned = build([claim_837.body(made.submission(made.claim()))], made.ENVELOPE, delimiters=other).data
    assert turned == usual.replace(b"*", b"|").replace(b":", b">")


def test_braces_may_separate_as_well() -> None:
    """A brace is a legal separator, and the quick reader's patterns must not take it for their own."""
    plain = x12_files.claims(20_000)
    for old, new in ((b"*", b"{"), (b"*", b"}"), (b":", b"{"), (b":", b"}"), (b"~", b"}")):
        quick, slow = both(plain.replace(old, new))
        assert quick == slow
        assert quick[0]
