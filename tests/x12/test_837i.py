"""Institutional claims: type of bill, admission, sets of codes, attending provider."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.model.claim import Diagnosis, QualifiedDate
from app.model.money import Money
from app.x12 import claim_837, envelope
from tests.x12 import claims as made
from tests.x12 import judges
from tests.x12.claims import change


def test_tricky_44_an_institutional_claim_has_its_own_shape() -> None:
    data = made.built(made.institutional(), kind="837I").data
    texts = made.segments(data)
    assert "CLM*PCN3003*293***13:A:1**A*Y*Y" in texts  # CLM06 is not used
    for wanted in (
        "DTP*434*RD8*20260102-20260102",
        "CL1*3*1*01",
        "HI*ABK:E119",
        "HI*APR:R079",
        "HI*ABF:I10",
        "HI*BH:11:D8:20260101",
        "HI*BE:A2:::15.31",
        "HI*BG:09",
        "NM1*71*1*OSEI*MARTA****XX*1982736450",
        "SV2*0301*HC:80053*83*UN*1",
    ):
        assert wanted in texts
    order = [text[3:6] for text in texts if text.startswith("HI*")]
    assert order == ["ABK", "APR", "ABF", "BH:", "BE:", "BG:"]


def test_tricky_44_it_reads_back() -> None:
    data = made.built(made.institutional(), kind="837I").data
    transaction = next(iter(envelope.read(data)))
    (claim,) = claim_837.read(transaction)
    assert transaction.problems.done() == []
    assert (claim.facility_code, claim.frequency, claim.admission) == ("13", "1", ("3", "1", "01"))
    assert [line.revenue_code for line in claim.lines] == ["0301", "0730"]
    assert claim.diagnoses[4] == Diagnosis("BE", "A2", amount=Money(1531, "15.31"))
    attending = claim.provider("71")
    assert attending is not None
    assert attending.npi == made.NPI_DOCTOR


def test_tricky_44_an_inpatient_stay_needs_its_admission_date() -> None:
    stay = made.institutional()
    stay = change(stay, facility_code="11")
    assert "admission-date" in made.refused(stay, kind="837I")
    dated = change(stay, dates=(*stay.dates, QualifiedDate("435", "DT", "202601020800")))
    assert made.refused(dated, kind="837I") == {}


def test_tricky_44_the_attending_provider_is_missed() -> None:
    done = made.built(change(made.institutional(), providers=()), kind="837I")
    assert [problem.code for problem in done.problems] == ["attending"]


def test_statement_dates_are_a_range() -> None:
    single = change(made.institutional(), dates=(QualifiedDate("434", "D8", "20260102"),))
    assert "code-unknown" in made.refused(single, kind="837I")


def test_the_signature_mark_of_the_professional_claim_is_refused() -> None:
    assert "element-not-used" in made.refused(change(made.institutional(), signature_on_file="Y"), kind="837I")


def test_more_than_twelve_other_diagnoses_make_a_second_set() -> None:
    many = (Diagnosis("ABK", "E119"), *(Diagnosis("ABF", f"I1{at:02d}") for at in range(14)))
    texts = made.segments(made.built(change(made.institutional(), diagnoses=many), kind="837I").data)
    assert [text.count("ABF") for text in texts if text.startswith("HI*ABF")] == [12, 2]


@pytest.mark.parametrize("kind", ["outpatient", "inpatient"])
def test_outside_validators_accept_what_we_write(tmp_path: Path, kind: str) -> None:
    judges.need("pyx12")
    claim = made.institutional()
    if kind == "inpatient":
        claim = change(claim, facility_code="11", dates=(*claim.dates, QualifiedDate("435", "DT", "202601020800")))
        claim = change(claim, diagnoses=(*claim.diagnoses[:1], Diagnosis("ABJ", "R079"), *claim.diagnoses[2:]))
    path = tmp_path / "claim.x12"
    path.write_bytes(made.built(claim, kind="837I").data)
    assert judges.pyx12_errors(path) == []
    if judges.available("linuxforhealth"):
        assert judges.linuxforhealth_errors(path) == []
