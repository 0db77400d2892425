"""Building: counts, control numbers, padding are ours; what cannot be valid is refused; others accept what we write."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from app.model.adjustment import Adjustment
from app.model.claim import Contact, Party, Procedure, QualifiedDate, Reference
from app.model.money import Money
from app.model.people import Address
from app.model.remittance import ClaimPayment, ProviderAdjustment, Remittance, ServicePayment
from app.x12 import envelope, wire
from app.x12.delimiters import Delimiters
from app.x12.remittance_835 import remittance
from app.x12.remittance_write import body
from app.x12.write import Body, Envelope, NotValid, build
from tests.x12 import judges
from tests.x12.corpus import Sample, each

FOLDER = Path(__file__).parent / "samples" / "835"
SAMPLES = [path for path in sorted(FOLDER.glob("*.x12")) if not path.stem.startswith("11")]
HEADER = Envelope(
    sender="LARKSPURPLAN", receiver="LARKSPURFM", when=datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
    interchange_control=905, group_control=77,
)  # fmt: skip


def _read(data: bytes | Path) -> Remittance:
    return remittance(next(iter(envelope.read(data))))


def _rows(data: bytes) -> list[list[str]]:
    """The first transaction without ST and SE, with standard separators and without empty ends."""
    transaction = next(iter(envelope.read(data)))
    component = transaction.delimiters.component
    found = []
    for _, segment in transaction.segments():
        row = [part.replace(component, ":").rstrip(":") for part in segment]
        while len(row) > 1 and not row[-1]:
            row.pop()
        found.append(row)
    return found[1:-1]


def _new() -> Remittance:
    """A remittance as a sandbox would make one, nothing of it read."""
    line = ServicePayment(
        Procedure("99213", ("25",)), Money(13500), Money(8010), units="1",
        dates=(QualifiedDate("472", "D8", "20251202"),),
        adjustments=(Adjustment("CO", "45", Money(3490)), Adjustment("PR", "3", Money(2000), segment=1)),
        references=(Reference("6R", "L1"),),
    )  # fmt: skip
    patient = Party(role="QC", is_person=True, name="Núñez", first_name="José", id_qualifier="MI", id="W1")
    claim = ClaimPayment(
        "PCN1", "1", Money(13500), Money(8010), Money(2000), "12", "PAY1", "11", "1", parties=(patient,), lines=(line,)
    )
    return Remittance(
        control_number="", handling="I", payment=Money(7510), credit_debit="C", method="CHK",
        payment_date_text="20260105", trace_number="CHECK1", payer_id="1512345678",
        payer=Party(
            role="PR", name="LARKSPUR HEALTH PLAN",
            address=Address(street="1 PAYER WAY", city="SPRINGFIELD", state="IL", postal_code="62701"),
            contacts=(Contact(name="EDI DESK", numbers=(("TE", "8005550100"),), function="BL"),),
        ),
        payee=Party(role="PE", name="LARKSPUR FAMILY MEDICINE", id_qualifier="XX", id="1234567893",
                    references=(Reference("TJ", "123456789"),)),
        claims=(claim,),
        provider_adjustments=(
            ProviderAdjustment(provider_id="1234567893", fiscal_period_end="20261231", reason="WO", reference="PCN0",
                               amount=Money(500)),
        ),
    )  # fmt: skip


def test_a_remittance_of_our_own_is_built_and_reads_the_same() -> None:
    built = build([body(_new())], HEADER)
    found = _read(built.data)
    assert built.problems == ()
    assert found.difference == 0
    assert found.claims[0].lines[0].adjustments[1].amount == Money(2000, "20")
    assert found.claims[0].patient is not None
    assert found.claims[0].patient.full_name == "JOSE NUNEZ"
    assert [(repair.segment, repair.before, repair.after) for repair in built.repairs] == [
        ("NM1", "Núñez", "NUNEZ"), ("NM1", "José", "JOSE"),
    ]  # fmt: skip


def test_tricky_45_build_sets_padding_counts_and_control_numbers() -> None:
    built = build([body(_new()), body(_new())], HEADER._replace(first_control=42)).data
    assert built[:106].decode().count("*") == 16
    assert built[105:106] == b"~"
    rows = [[part.decode() for part in row] for _, row in wire.segments(built)]
    by_id = {row[0]: row for row in rows}
    assert by_id["ISA"][13] == "000000905"
    assert (by_id["GS"][1], by_id["GS"][6], by_id["GS"][8]) == ("HP", "77", "005010X221A1")
    assert [row[2] for row in rows if row[0] == "ST"] == ["0042", "0043"]
    assert [len(row) for row in rows if row[0] == "ST"] == [3, 3]  # ST03 is not used in an 835 (point 5)
    assert (by_id["GE"][1:], by_id["IEA"][1:]) == (["2", "77"], ["1", "000000905"])
    reader = envelope.read(built)
    assert [transaction.problems.done() for transaction in list(reader)] == [[], []]
    assert reader.problems.done() == []


def test_tricky_06_separators_in_data_are_refused_with_the_field() -> None:
    claim = msgspec.structs.replace(_new().claims[0], patient_control_number="A*B")
    with pytest.raises(NotValid) as refused:
        build([body(msgspec.structs.replace(_new(), claims=(claim,)))], HEADER)
    (problem,) = refused.value.problems
    assert (problem.code, problem.place.segment, problem.place.element) == ("separator-in-data", "CLP", "01")
    other = Delimiters("|", ">", "^", "~")
    data = build([body(msgspec.structs.replace(_new(), claims=(claim,)))], HEADER, delimiters=other).data
    assert _read(data).claims[0].patient_control_number == "A*B"


def test_tricky_06_the_basic_character_set_has_no_small_letters_nor_signs() -> None:
    rows = body(_new()).rows
    extended = Body("835", [*rows[:2], ["REF", "EV", "user@plan_x"], *rows[2:]])
    assert b"user@plan_x~" in build([extended], HEADER).data
    basic = build([extended], HEADER, charset="basic")
    assert b"REF*EV*USERPLANX~" in basic.data
    assert ("user@plan_x", "USERPLANX") in [(repair.before, repair.after) for repair in basic.repairs]


def test_a_field_of_which_nothing_can_be_written_is_refused_not_left_out() -> None:
    rows = body(_new()).rows
    with pytest.raises(NotValid) as refused:
        build([Body("835", [*rows[:2], ["REF", "EV", "日本"], *rows[2:]])], HEADER)
    (problem,) = refused.value.problems
    assert (problem.code, problem.place.segment, problem.place.element) == ("no-letters-left", "REF", "02")
    made = build([Body("835", [*rows[:2], ["REF", "EV", "日本 Smith"], *rows[2:]])], HEADER)
    assert ("日本 Smith", "SMITH") in [(repair.before, repair.after) for repair in made.repairs]


def test_a_letter_that_becomes_two_is_listed_like_every_other_repair() -> None:
    rows = body(_new()).rows
    made = build([Body("835", [*rows[:2], ["REF", "EV", "Weiß"], *rows[2:]])], HEADER)
    assert b"REF*EV*WEISS~" in made.data
    assert ("Weiß", "WEISS") in [(repair.before, repair.after) for repair in made.repairs]


def test_tricky_07_and_08_empty_ends_are_dropped_and_numbers_are_plain() -> None:
    data = build([body(_new())], HEADER).data
    assert b"SVC*HC:99213:25*135*80.1**1~" in data
    assert b"REF*6R*L1~" in data
    assert b":~" not in data[106:]
    assert b"*~" not in data


@pytest.mark.parametrize(
    ("header", "element"),
    [
        (HEADER._replace(sender=""), "06"), (HEADER._replace(receiver="X" * 16), "08"),
        (HEADER._replace(interchange_control=10**9), "13"), (HEADER._replace(usage="X"), "15"),
        (HEADER._replace(group_control=0), "06"), (HEADER._replace(sender_qualifier="Z"), "05"),
        (HEADER._replace(receiver_qualifier="\u00e9Z"), "07"), (HEADER._replace(group_sender="A*B"), "02"),
        (HEADER._replace(group_receiver="X"), "03"), (HEADER._replace(acknowledge="2"), "14"),
    ],
)  # fmt: skip
def test_an_envelope_that_cannot_be_valid_is_refused(header: Envelope, element: str) -> None:
    with pytest.raises(NotValid) as refused:
        build([body(_new())], header)
    assert [problem.place.element for problem in refused.value.problems] == [element]


def test_separators_must_be_four_different_signs() -> None:
    for wrong in (Delimiters("*", "*", "^", "~"), Delimiters("A", ":", "^", "~")):
        with pytest.raises(NotValid):
            build([body(_new())], HEADER, delimiters=wrong)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("payment", Money(7511), "835-balance"),
        ("payment_date_text", "20260230", "element-type"),
        ("payment_date_text", "", "element-missing"),
        ("handling", "Q", "code-unknown"),
        ("trace_number", "X" * 51, "element-too-long"),
        ("payee", Party(role="PE", name="CLINIC", id_qualifier="XX", id="1234567890"), "npi"),
    ],
)
def test_what_is_a_warning_or_an_error_to_a_reader_is_refused_when_we_build(
    field: str, value: object, code: str
) -> None:
    with pytest.raises(NotValid) as refused:
        build([body(msgspec.structs.replace(_new(), **{field: value}))], HEADER)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_remittance_that_was_read_is_written_the_same(path: Path) -> None:
    """Nothing lost through the model: segment by segment, after counts and control numbers."""
    data = path.read_bytes()
    assert _rows(build([body(_read(data))], HEADER).data) == _rows(data)


@each("835")
def test_valid_samples_go_through_the_model_unharmed(sample: Sample) -> None:
    if sample.valid != "yes":
        return
    data = sample.path.read_bytes()
    built = build([body(_read(data))], HEADER, check=False).data
    assert _plain(_rows(built)) == _plain(_rows(data))


def _plain(rows: list[list[str]]) -> list[list[str]]:
    """Numbers without the zeros that mean nothing, letters in upper case."""
    return [[_number(part.upper().strip()) for part in row] for row in rows]


def _number(text: str) -> str:
    whole, point, rest = text.partition(".")
    if point and whole.lstrip("-").isdigit() and rest.isdigit():
        text = f"{whole}.{rest}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


@pytest.mark.slow
def test_pyx12_accepts_the_remittances_we_write(tmp_path: Path) -> None:
    judges.need("pyx12")
    for name, data in _written():
        (path := tmp_path / f"{name}.x12").write_bytes(data)
        assert judges.pyx12_errors(path) == [], name


@pytest.mark.slow
def test_oxedi_accepts_the_remittances_we_write_and_their_balances(tmp_path: Path) -> None:
    judges.need("oxedi")
    for name, data in _written():
        (path := tmp_path / f"{name}.x12").write_bytes(data)
        assert judges.oxedi_errors(path) == [], name


def _written() -> list[tuple[str, bytes]]:
    samples = [path for path in SAMPLES if not path.stem.startswith("16")]  # pyx12 allows one PLB only
    return [
        ("new", build([body(_new())], HEADER).data),
        *((path.stem, build([body(_read(path))], HEADER).data) for path in samples),
    ]
