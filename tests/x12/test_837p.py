"""Professional claims: read, checked, written, refused; the tricky points by their numbers."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from app.model.adjustment import Adjustment
from app.model.claim import Claim, Diagnosis, Drug, Party, QualifiedDate, Raw, Reference
from app.model.claim_submission import ClaimSubmission
from app.model.money import Money
from app.model.people import Address
from app.model.problem import Problem, Severity
from app.x12 import claim_837, envelope
from app.x12.kept import raw
from app.x12.write import Written
from tests.x12 import claims as made
from tests.x12 import judges
from tests.x12.claims import change
from tests.x12.corpus import Sample, each


def read(data: bytes) -> tuple[ClaimSubmission, list[Problem]]:
    (found,) = [
        (claim_837.read_submission(transaction), transaction.problems.done()) for transaction in envelope.read(data)
    ]
    return found


def codes(data: bytes) -> dict[str, Problem]:
    return {problem.code: problem for problem in read(data)[1]}


def without_levels(claim: Claim) -> Claim:
    """As it was before it was read: levels not numbered, money without its text."""

    def plain(value: object) -> object:
        if isinstance(value, Money):
            return Money(value.cents)
        if isinstance(value, tuple):
            return tuple(map(plain, value))
        if isinstance(value, msgspec.Struct):
            fields = {name: plain(getattr(value, name)) for name in value.__struct_fields__}
            if "level" in fields:
                fields["level"] = 0
            if "health_information" in fields:
                fields["health_information"] = ()
            return type(value)(**fields)
        return value

    found = plain(claim)
    assert isinstance(found, Claim)
    return found


# -- reading and writing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", [made.claim(), made.secondary()], ids=["plain", "secondary"])
def test_what_is_written_reads_as_the_same_claim(claim: Claim) -> None:
    found, problems = read(made.built(claim).data)
    assert problems == []
    assert without_levels(found.claims[0]) == claim


@each("837P", "837I")
def test_a_claim_that_is_read_is_written_the_same(sample: Sample) -> None:
    """Nothing lost: every segment of a valid sample comes back through the model, at its place."""
    if sample.valid != "yes":
        return
    for transaction in envelope.read(sample.path):
        found = claim_837.read_submission(transaction)
        assert _written(found) == _segments(sample.path, transaction.control)
        again = claim_837.submission_from_json({**claim_837.submission_to_json(found), "type": found.kind})
        assert _exact(_written(again)) == _exact(_written(found))


def _written(found: ClaimSubmission) -> list[Raw]:
    rows = claim_837.body(found).rows
    return [raw(row) for one in rows for row in (one.rows() if isinstance(one, Written) else [one])]


def _segments(path: Path, control: str) -> list[Raw]:
    for transaction in envelope.read(path):
        if transaction.control == control:
            found = [raw(row, transaction.delimiters.component) for _, row in transaction.segments()]
            return [row for row in found if row[0] not in ("ST", "SE")]
    return []


def _exact(rows: list[Raw]) -> list[Raw]:
    """Amounts without needless zeros: ``766.50`` and ``766.5`` are the same money."""
    return [
        tuple(
            part.rstrip("0").rstrip(".") if isinstance(part, str) and re.fullmatch(r"-?\d*\.\d+", part) else part
            for part in row
        )
        for row in rows
    ]


@each("837P", "837I")
def test_every_claim_of_a_sample_is_read_however_wrong_the_sample(sample: Sample) -> None:
    numbers = [
        row[1] for transaction in envelope.read(sample.path) for _, row in transaction.segments() if row[0] == "CLM"
    ]
    found = [claim for transaction in envelope.read(sample.path) for claim in claim_837.read(transaction)]
    assert [claim.patient_control_number for claim in found] == numbers


def test_what_no_field_takes_is_kept_at_its_place() -> None:
    text = made.built().data.decode()
    odd = text.replace("REF*6R*L1~", "REF*6R*L1~XYZ*1*2~").replace("*GRP100******CI", "*GRP100****AC**CI")
    odd = odd.replace("SE*28", "SE*29")
    found, problems = read(odd.encode())
    assert {problem.code for problem in problems} >= {"segment-unknown", "element-not-used"}
    assert ("XYZ", "1", "2") in _written(found)
    assert any(row[:1] == ("SBR",) and row[7] == "AC" for row in _written(found))


def test_other_separators_and_wrapped_lines_read_the_same() -> None:
    usual = made.built(made.secondary()).data
    turned = usual.decode().replace("^", "!").replace(":", ">").replace("*", "|").replace("~", "~\r\n").encode()
    assert read(turned)[0] == read(usual)[0]


# -- tricky points ----------------------------------------------------------------------------------------------


def test_tricky_39_levels_are_numbered_without_gaps_and_name_their_parent() -> None:
    own, kid = made.claim("A1"), made.claim("A2", subscriber=made.subscriber(relationship=""), patient=made.child())
    levels = [text.split("*")[1:] for text in made.segments(made.built(own, kid).data) if text.startswith("HL*")]
    assert levels == [["1", "", "20", "1"], ["2", "1", "22", "0"], ["3", "1", "22", "1"], ["4", "3", "23", "0"]]
    found, problems = read(made.built(own, kid).data)
    assert problems == []
    assert [claim.patient_party.first_name for claim in found.claims] == ["OTIS", "WREN"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("HL*2*1*22*0", "HL*3*1*22*0", "hl-number"),
        ("HL*2*1*22*0", "HL*2*7*22*0", "hl-parent"),
        ("HL*2*1*22*0", "HL*2*1*22*1", "hl-child"),
    ],
)
def test_tricky_39_wrong_levels_are_named(before: str, after: str, code: str) -> None:
    found = codes(made.built().data.replace(before.encode(), after.encode()))
    assert found[code].place.segment == "HL"
    assert found[code].severity is Severity.ERROR


def test_tricky_39_a_patient_who_is_the_subscriber_needs_address_and_birth_date() -> None:
    bare = change(made.subscriber(), party=change(made.subscriber().party, address=None, birth_date="", sex=""))
    assert "must be given" in made.refused(made.claim(subscriber=bare))["patient-data"]
    both = made.claim(patient=made.child())
    assert "patient-level" in made.refused(both)


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_tricky_40_replacing_or_voiding_needs_the_payers_claim_number(frequency: str) -> None:
    again = made.claim(frequency=frequency)
    assert "REF*F8" in made.refused(again)["frequency-reference"]
    whole = change(again, references=(Reference("F8", "2025123456789"),))
    found, problems = read(made.built(whole).data)
    assert problems == []
    assert found.claims[0].payer_claim_number == "2025123456789"
    assert "frequency-medicare" in {
        problem.code for problem in made.built(change(whole, subscriber=made.subscriber(claim_filing="MB"))).problems
    }


def test_tricky_41_the_total_is_the_exact_sum_of_the_lines() -> None:
    wrong = made.claim("A1", made.line(1, 1005), made.line(2, 2010))
    assert made.refused(wrong) == {}
    message = made.refused(change(wrong, charge=Money(3016)))["charge-sum"]
    assert message.startswith("Claim total: ")
    assert "30.15" in message


def test_tricky_41_claim_numbers_are_unique_and_short() -> None:
    assert "claim-number-repeated" in made.refused(made.claim("A1"), made.claim("A1"))
    assert "claim-number-long" in made.refused(made.claim("A" * 21))


def test_tricky_41_diagnoses_have_no_points_and_the_principal_comes_first() -> None:
    assert "diagnosis-point" in made.refused(made.claim(diagnoses=(Diagnosis("ABK", "E11.9"),)))
    assert made.refused(made.claim(diagnoses=(Diagnosis("ABF", "I10"), Diagnosis("ABK", "E119"))))
    twelve = tuple(Diagnosis("ABF" if at else "ABK", f"E11{at}") for at in range(12))
    assert made.refused(made.claim(diagnoses=twelve)) == {}
    mixed = (Diagnosis("ABK", "E119"), Diagnosis("BF", "25000"))
    assert "diagnosis-mixed" in made.refused(made.claim(diagnoses=mixed))


@pytest.mark.parametrize("pointers", [(3,), (1, 1), (0,)])
def test_tricky_41_a_line_points_to_diagnoses_of_its_claim(pointers: tuple[int, ...]) -> None:
    refused = made.refused(made.claim("A1", made.line(1, 100, pointers=pointers)))
    assert {"pointer", "pointer-twice"} & set(refused)


def test_tricky_41_minutes_are_minutes() -> None:
    minutes = made.claim("A1", made.line(1, 100, "00142", unit="MJ", units="45"))
    assert "SV1*HC:00142*1*MJ*45***1" in made.segments(made.built(minutes).data)


def test_tricky_42_the_first_payers_result_goes_through_unchanged() -> None:
    data = made.built(made.secondary()).data
    texts = made.segments(data)
    assert "SVD*MEDB1*64*HC:99213**1" in texts
    assert texts[texts.index("SVD*MEDB1*64*HC:99213**1") + 1 :][:3] == [
        "CAS*CO*45*20",
        "CAS*PR*2*16",
        "DTP*573*D8*20260120",
    ]
    (claim,) = read(data)[0].claims
    assert claim.other_subscribers[0].paid == Money(6400, "64")
    assert [(one.group, one.reason, one.amount.cents) for one in claim.lines[0].adjudications[0].adjustments] == [
        ("CO", "45", 2000),
        ("PR", "2", 1600),
    ]


def test_tricky_42_paid_and_adjusted_add_up_to_the_line_and_to_the_claim() -> None:
    good = made.secondary()
    decision = good.lines[0].adjudications[0]
    wrong = change(decision, paid=Money(6401))
    off = change(good, lines=(change(good.lines[0], adjudications=(wrong,)), good.lines[1]))
    assert "line-sum" in made.refused(off)
    other = change(good.other_subscribers[0], amounts=(change(good.other_subscribers[0].amounts[0], amount=Money(1)),))
    assert "other-payer-sum" in made.refused(change(good, other_subscribers=(other,)))


def test_tricky_42_seven_triplets_make_two_cas_segments() -> None:
    good = made.secondary()
    many = tuple(Adjustment("CO", str(reason), Money(100)) for reason in (45, 59, 94, 97, 104, 105, 144))
    decision = change(good.lines[0].adjudications[0], paid=Money(9300), adjustments=many)
    other = change(
        good.other_subscribers[0], amounts=(change(good.other_subscribers[0].amounts[0], amount=Money(9300)),)
    )
    claim = change(
        good, lines=(change(good.lines[0], adjudications=(decision,)), good.lines[1]), other_subscribers=(other,)
    )
    cas = [text for text in made.segments(made.built(claim).data) if text.startswith("CAS*CO*45")]
    assert cas == ["CAS*CO*45*1**59*1**94*1**97*1**104*1**105*1"]


def test_tricky_42_payers_keep_their_order_and_medicare_says_why_it_is_second() -> None:
    good = made.secondary()
    assert "payer-order" in made.refused(change(good, subscriber=made.subscriber(payer_order="P")))
    medicare = made.subscriber(payer_order="S", claim_filing="MB")
    assert "msp-type" in made.refused(change(good, subscriber=medicare))
    assert "msp-type" not in made.refused(change(good, subscriber=change(medicare, insurance_type="12")))


def test_tricky_43_the_billing_provider_has_a_street_and_a_full_zip() -> None:
    def with_address(address: Address) -> Claim:
        one = made.billing()
        return made.claim(billing=change(one, party=change(one.party, address=address)))

    boxed = made.refused(
        with_address(Address(street="P.O. BOX 12", city="DAYTON", state="OH", postal_code="454010012"))
    )
    assert boxed["po-box"].startswith("Billing provider: street")
    short = made.refused(with_address(Address(street="1 A ST", city="DAYTON", state="OH", postal_code="45401")))
    assert short["zip-nine"].startswith("Billing provider: ZIP code")
    letters = made.refused(with_address(Address(street="1 A ST", city="DAYTON", state="OH", postal_code="4540A")))
    assert "zip" in letters


def test_tricky_43_a_wrong_npi_is_a_warning_in_what_comes_and_an_error_in_what_goes() -> None:
    one = made.billing()
    wrong = made.claim(billing=change(one, party=change(one.party, id="1234567890")))
    assert made.refused(wrong)["npi"].startswith("Billing provider: NPI")
    received = made.built().data.replace(made.NPI_GROUP.encode(), b"1234567890")
    assert codes(received)["npi"].severity is Severity.WARNING


def test_tricky_43_rendering_is_left_out_when_it_is_the_billing_provider() -> None:
    same = made.claim(providers=(Party(role="82", name="LARKSPUR", id_qualifier="XX", id=made.NPI_GROUP),))
    assert [problem.code for problem in made.built(same).problems] == ["rendering-same"]


def test_tricky_43_numbers_have_their_shapes() -> None:
    one = made.billing()
    dashed = change(one.party, references=(Reference("EI", "12-3456789"),))
    assert "tax-number" in made.refused(made.claim(billing=change(one, party=dashed)))
    assert "clia" in made.refused(made.claim(references=(Reference("X4", "12345"),)))
    assert "taxonomy" in made.refused(made.claim(billing=change(one, taxonomy="FAMILY")))
    drug = made.line(1, 100, "J1550", drugs=(Drug(code="0002606351", quantity="10", unit="ML"),))
    assert "ndc" in made.refused(made.claim("A1", drug))
    whole = change(drug, drugs=(Drug(code="00026063512", quantity="10", unit="ML"),))
    texts = made.segments(made.built(made.claim("A1", whole)).data)
    assert texts[texts.index("LIN**N4*00026063512") + 1] == "CTP****10*ML"


def test_tricky_43_referring_ordering_and_supervising_providers_stand_where_they_belong() -> None:
    def person(role: str) -> Party:
        return Party(role=role, is_person=True, name="VALE", first_name="IRIS", id_qualifier="XX", id=made.NPI_OTHER)

    whole = made.claim(
        "A1",
        made.line(1, 100, providers=(person("DK"),)),
        providers=(person("DN"), person("DQ")),
        references=(Reference("G1", "AUTH77"),),
    )
    found, problems = read(made.built(whole).data)
    assert problems == []
    (claim,) = found.claims
    assert [party.role for party in claim.providers] == ["DN", "DQ"]
    assert [party.role for party in claim.lines[0].providers] == ["DK"]
    assert claim.reference("G1") == "AUTH77"


# -- further rules ----------------------------------------------------------------------------------------------


def test_an_accident_needs_its_date_and_an_auto_accident_its_state() -> None:
    hurt = made.claim(related_causes=("AA",))
    assert {"accident-date", "accident-state"} <= set(made.refused(hurt))
    whole = change(hurt, accident_state="OH", dates=(QualifiedDate("439", "D8", "20260101"),))
    assert made.refused(whole) == {}


def test_lines_are_numbered_from_one() -> None:
    assert "line-number" in made.refused(made.claim("A1", made.line(2, 100)))


def test_a_refusal_names_the_field_of_the_form() -> None:
    nameless = change(made.subscriber(), party=change(made.subscriber().party, name=""))
    assert made.refused(made.claim(subscriber=nameless))["element-missing"].startswith("Subscriber: name")
    undated = made.claim("A1", made.line(1, 100, dates=()))
    assert made.refused(undated)["segment-missing"].startswith("Service date")


def test_letters_with_marks_are_repaired_and_listed() -> None:
    marked = change(made.subscriber(), party=change(made.subscriber().party, name="Brämley", first_name="Otís"))
    done = made.built(made.claim(subscriber=marked))
    assert b"*BRAMLEY*OTIS*" in done.data
    assert [(repair.before, repair.after) for repair in done.repairs] == [("Brämley", "BRAMLEY"), ("Otís", "OTIS")]


@pytest.mark.parametrize("sign", ["*", "~", ":", "^"])
def test_a_separator_inside_data_is_refused_and_never_sent(sign: str) -> None:
    loud = change(made.subscriber(), party=change(made.subscriber().party, name=f"BRAM{sign}LEY"))
    assert "separator-in-data" in made.refused(made.claim(subscriber=loud))


def test_an_outline_says_it_in_words() -> None:
    transaction = next(iter(envelope.read(made.built(made.secondary()).data)))
    text = "\n".join(line for _, line in claim_837.outline(transaction))
    assert "Claim PCN2002: $130.00 for OTIS BRAMLEY" in text
    assert "Payer MEDB1 paid $64.00" in text
    assert "11 (Office)" in text


# -- others -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["plain", "dependent", "secondary", "replacement"])
def test_outside_validators_accept_what_we_write(tmp_path: Path, name: str) -> None:
    judges.need("pyx12")
    claim = {
        "plain": made.claim(),
        "dependent": made.claim(subscriber=made.subscriber(relationship=""), patient=made.child()),
        "secondary": made.secondary(),
        "replacement": made.claim(frequency="7", references=(Reference("F8", "2025123456789"),)),
    }[name]
    path = tmp_path / "claim.x12"
    path.write_bytes(made.built(claim).data)
    assert judges.pyx12_errors(path) == []
    if judges.available("linuxforhealth"):
        assert judges.linuxforhealth_errors(path) == []


def test_tricky_45_the_envelope_is_ours_to_set() -> None:
    texts = made.segments(made.built(made.claim("A1"), made.claim("A2")).data)
    isa, gs, st = texts[0], texts[1].split("*"), texts[2].split("*")
    assert len(isa) == 105
    assert isa.split("*")[13] == "000000027"
    assert isa.split("*")[15] == "T"
    assert (gs[6], gs[8], st[2], st[3]) == ("27", "005010X222A1", "0001", "005010X222A1")
    assert texts[-3:] == [f"SE*{len(texts) - 4}*0001", "GE*1*27", "IEA*1*000000027"]


def test_tricky_45_at_most_five_thousand_claims_in_a_transaction() -> None:
    many = [made.claim(f"A{number}") for number in range(5001)]
    assert "claims-too-many" in made.refused(*many)
