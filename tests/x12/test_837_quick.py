"""The quick ways of reading and writing say exactly what the generic ways say, on whatever comes."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.main import bench_x12_files
from app.model.claim import Claim, Diagnosis, Note, Party, Procedure, QualifiedDate, Reference
from app.model.problem import Problem
from app.x12 import claim_837, envelope
from app.x12.claim_837 import ClaimReader
from app.x12.claim_837_rows import claim_rows, patient_rows, subscriber_rows
from app.x12.claim_837_text import claim_text, level_text
from app.x12.delimiters import STANDARD
from app.x12.kept import raw
from app.x12.write import Written, build
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
    data = bench_x12_files.claims(150_000)
    at_once, generic = both(data)
    assert at_once == generic
    assert at_once[1] == []
    reader = next(iter(envelope.read(data)))
    quick = ClaimReader(reader)
    list(quick.claims())
    assert quick.slowly_read == 0


@given(claims())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_text_says_what_the_rows_say(found: Claim) -> None:
    text = claim_text(found)
    assert text is None or _rows(text) == [raw(row) for row in claim_rows(found, "837P")]
    level = found.subscriber
    sbr = ["SBR", level.payer_order, level.relationship, level.group_number, "", "", "", "", "", level.claim_filing]
    text = level_text((["HL", "2", "1", "22", "0"], sbr), level.party, level.payer)
    assert text is None or _rows(text) == [raw(row) for row in subscriber_rows(level, 2, 1, children=False)]
    if found.patient:
        text = level_text((["HL", "3", "2", "23", "0"], ["PAT", found.patient.relationship]), found.patient.party)
        assert text is not None
        assert _rows(text) == [raw(row) for row in patient_rows(found.patient, 3, 2)]


def _rows(text: str) -> list[object]:
    return [raw(row) for row in Written(text).rows()]


def test_a_usual_claim_has_a_text_and_an_odd_one_has_none() -> None:
    assert claim_text(made.claim()) is not None
    assert claim_text(made.secondary()) is None
    for sign in "*~:^é\u20ac" + "\n":
        loud = made.claim(notes=(Note("ADD", f"A{sign}B"),))
        assert claim_text(loud) is None
    assert claim_text(made.claim(notes=(Note("ADD", "lower"),))) is None
    assert claim_text(made.claim(notes=(Note("ADD", "ENDS "),))) is None


def test_a_batch_is_written_as_it_was_read_byte_for_byte() -> None:
    data = bench_x12_files.claims(60_000)
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
    plain = bench_x12_files.claims(20_000)
    for old, new in ((b"*", b"{"), (b"*", b"}"), (b":", b"{"), (b":", b"}"), (b"~", b"}")):
        quick, slow = both(plain.replace(old, new))
        assert quick == slow
        assert quick[0]
