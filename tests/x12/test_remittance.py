"""835: the tricky points 8 to 25, each on a sample of our own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from app.model.adjustment import Adjustment
from app.model.money import Money
from app.model.problem import Problem, Severity
from app.model.remittance import ClaimPayment, Remittance
from app.x12 import envelope
from app.x12.remittance_835 import Advice, remittance
from app.x12.remittance_glance import Glance
from app.x12.remittance_pairs import pair_reversals
from app.x12.values import amount, cents, money

FOLDER = Path(__file__).parent / "samples" / "835"
PLAIN = (FOLDER / "plain.x12").read_bytes()
SAMPLES = sorted(FOLDER.glob("*.x12"))


def _all(source: bytes | str) -> list[tuple[Remittance, list[Problem]]]:
    data = source if isinstance(source, bytes) else (FOLDER / f"{source}.x12").read_bytes()
    found = []
    for transaction in envelope.read(data):
        value = remittance(transaction)
        found.append((value, transaction.problems.done()))
    return found


def _one(source: bytes | str) -> tuple[Remittance, list[Problem]]:
    return _all(source)[0]


def _codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def test_a_plain_remittance_is_read_with_every_field() -> None:
    found, problems = _one("plain")
    assert problems == []
    assert (found.payment.cents, found.method, found.trace_number, found.payer_id) == (
        17810,
        "ACH",
        "TRC0001",
        "1512345678",
    )
    assert (found.payer.name, found.payer.contacts[0].numbers) == ("LARKSPUR HEALTH PLAN", (("TE", "8005550100"),))
    assert (found.payee.name, found.payee_npi, found.payee_tax_id) == (
        "LARKSPUR FAMILY MEDICINE",
        "1234567893",
        "123456789",
    )
    first, second = found.claims
    assert (first.patient_control_number, first.payer_control_number, first.status) == ("PCN1001", "PAY2601050001", "1")
    assert (first.charge.cents, first.paid.cents, first.responsibility.cents) == (18000, 9810, 3000)
    assert [line.control_number for line in first.lines] == ["PCN1001L1", "PCN1001L2"]
    assert first.lines[0].procedure.modifiers == ("25",)
    assert [(one.group, one.reason, one.amount.cents) for one in first.lines[0].adjustments] == [
        ("CO", "45", 3490), ("PR", "3", 2000),
    ]  # fmt: skip
    assert first.lines[1].remarks[0].code == "N130"
    assert second.lines[0].service_date == date(2025, 12, 3)


def test_tricky_08_numbers_as_the_standard_writes_them() -> None:
    read = [cents(text) for text in (".5", "-.5", "94", "-94", "219.65", "0", "", "1.", "007", "12.345", "-12.345")]
    assert read == [50, -50, 9400, -9400, 21965, 0, 0, 100, 700, 1235, -1235]
    assert [cents(text) for text in ("+5", "1e3", "1,000", "--5", "٣", "1 0", "9" * 40)] == [0] * 7
    assert [amount(value) for value in (50, -350, 9400, 21965, 0)] == [".5", "-3.5", "94", "219.65", "0"]
    assert [money(value) for value in (50, -5, 9400)] == ["0.50", "-0.05", "94.00"]


def test_tricky_08_what_is_no_number_is_an_error_and_odd_shapes_are_warnings() -> None:
    data = PLAIN.replace(b"*135*80.1*", b"*135.00*080.10*").replace(b"AU*128.1~", b"AU*.5~")
    found, problems = _one(data)
    assert [(problem.code, problem.severity) for problem in problems] == [("number-shape", Severity.WARNING)]
    assert found.claims[0].lines[0].paid.cents == 8010
    assert found.claims[0].lines[0].paid.source == "080.10"
    _, wrong = _one(PLAIN.replace(b"CAS*CO*45*20~", b"CAS*CO*45*+20~"))
    assert wrong[0].code == "element-type"
    assert "835-claim-balance" in _codes(wrong)


def test_tricky_09_impossible_dates_are_shown_raw_and_flagged() -> None:
    for text in (b"20230229", b"20992316", b"2025120"):
        found, problems = _one(PLAIN.replace(b"DTM*232*20251203", b"DTM*232*" + text))
        assert problems[0].place.segment + problems[0].place.element == "DTM02"
        assert found.claims[1].dates[0].text == text.decode()
        assert found.claims[1].dates[0].start is None


def test_tricky_10_transaction_balance_and_the_sign_of_plb() -> None:
    found, problems = _one("10-plb-both-signs")
    assert problems == []
    assert [(one.reason, one.amount.cents) for one in found.provider_adjustments] == [("WO", 2500), ("L6", -1000)]
    assert (found.claim_paid.cents, found.provider_adjustment_total, found.payment.cents) == (10000, 1500, 8500)
    assert found.difference == 0


def test_tricky_10_a_payment_that_does_not_add_up_is_an_error_at_bpr02() -> None:
    found, problems = _one(PLAIN.replace(b"BPR*I*178.1*", b"BPR*I*178.2*"))
    assert found.difference == 10
    assert [(problem.code, problem.place.element) for problem in problems] == [("835-balance", "02")]


def test_tricky_11_line_claim_and_charges_out_of_balance() -> None:
    found, problems = _one("11-out-of-balance")
    assert [(problem.code, problem.severity) for problem in problems] == [
        ("835-line-balance", Severity.ERROR), ("835-charges", Severity.WARNING),
    ]  # fmt: skip
    assert problems[0].place.segment == "SVC"
    claim = found.claims[0]
    assert (claim.charge.cents, claim.lines[0].charge.cents) == (15000, 14000)  # both kept


def test_tricky_12_cas_triplets_step_by_three_and_negative_amounts_are_normal() -> None:
    found, problems = _one("12-cas-triplets")
    assert problems == []
    own = [(one.group, one.reason, one.amount.cents, one.quantity) for one in found.claims[0].adjustments]
    assert own == [("CO", "137", -350, ""), ("CO", "94", -1000, "2"), ("CO", "45", 12000, "")]
    line = found.claims[0].lines[0]
    assert [(one.reason, one.quantity) for one in line.adjustments] == [("1", ""), ("2", "1"), ("3", "")]


def test_tricky_13_responsibility_and_the_sum_of_pr_stand_side_by_side() -> None:
    claim = _one("13-responsibility-differs")[0].claims[0]
    assert (claim.responsibility.cents, claim.patient_adjustments) == (3500, 2000)
    written_off = Adjustment(group="CO", reason="45", amount=Money(700))
    borne = Adjustment(group="PR", reason="1", amount=Money(100))
    more = msgspec.structs.replace(claim, adjustments=(*claim.adjustments, written_off, borne))
    assert (more.responsibility.cents, more.patient_adjustments) == (3500, 2100)


def test_tricky_14_forwarded_denied_and_predetermined_claims() -> None:
    forwarded, denied, predetermined = _one("14-forwarded")[0].claims
    assert forwarded.is_forwarded
    assert forwarded.forwarded_to == "SECOND PLAN"
    assert (denied.status, denied.is_forwarded, denied.forwarded_to) == ("4", False, "")
    assert predetermined.status == "25"


def test_tricky_15_reversal_is_paired_with_its_correction() -> None:
    found, problems = _one("15-reversal-and-correction")
    assert problems == []
    reversal, correction = found.claims
    assert reversal.is_reversal
    assert reversal.paid.cents + correction.paid.cents == found.payment.cents
    (pair,) = pair_reversals(found.claims)
    assert (pair.reversal, pair.correction, pair.original) == (reversal, correction, None)
    turned = (correction, reversal)  # order in the file is not guaranteed
    assert pair_reversals(turned)[0].correction is correction


def test_tricky_15_the_original_is_found_by_its_payer_number() -> None:
    reversal, correction = _one("15-reversal-and-correction")[0].claims
    original = msgspec.structs.replace(correction, payer_control_number="PAYOLD", paid=reversal.paid)
    other = msgspec.structs.replace(original, payer_control_number="ELSE")
    (pair,) = pair_reversals([reversal], earlier=[other, original])
    assert pair.original is original
    assert pair.correction is None


def test_tricky_15_a_reversal_that_gives_money_is_a_warning() -> None:
    data = (FOLDER / "15-reversal-and-correction.x12").read_bytes().replace(b"*22*-100*-60*", b"*22*100*60*")
    assert "835-reversal-sign" in _codes(_one(data)[1])


def test_tricky_15_group_cr_belongs_to_4010() -> None:
    _, problems = _one((FOLDER / "20-no-lines.x12").read_bytes().replace(b"CAS*CO*253*10", b"CAS*CR*253*10"))
    assert [(problem.code, problem.severity) for problem in problems] == [("835-group-cr", Severity.WARNING)]


def test_tricky_16_plb_pairs_composites_and_several_segments() -> None:
    found, problems = _one("16-plb-six-pairs")
    assert problems == []
    pairs = [(one.reason, one.reference, one.amount.cents, one.fiscal_period_end) for one in found.provider_adjustments]
    assert pairs[:3] == [
        ("WO", "OLDCLAIM1", 5000, "20261231"),
        ("FB", "CARRY", 4000, "20261231"),
        ("L6", "", -500, "20261231"),
    ]
    assert pairs[6:] == [("WO", "OLDCLAIM2", 700, "20251231"), ("AP", "NEXT", -700, "20251231")]
    assert found.provider_adjustment_total == 7000


def test_tricky_17_a_negative_total_is_carried_forward_and_moves_no_money() -> None:
    found, problems = _one("17-negative-carried-forward")
    assert problems == []
    assert (found.payment.cents, found.claim_paid.cents, found.provider_adjustment_total) == (0, -6000, -6000)
    assert not found.moves_money
    _, negative = _one(PLAIN.replace(b"BPR*I*178.1*", b"BPR*I*-178.1*"))
    assert "835-negative-payment" in _codes(negative)
    promised, unpaid = _one(PLAIN.replace(b"*C*ACH*CCP*", b"*C*NON*CCP*"))
    assert _codes(unpaid) == ["835-no-payment-method"]
    assert not promised.moves_money
    assert not _one(PLAIN.replace(b"BPR*I*", b"BPR*H*"))[0].moves_money
    assert _one(PLAIN)[0].moves_money


def test_tricky_18_trace_and_payer_identify_a_payment() -> None:
    first, second = _all("18-same-trace-twice")
    assert first[0].key == second[0].key
    assert _codes(first[1]) == []
    assert [(problem.code, problem.severity) for problem in second[1]] == [("835-trace-repeated", Severity.WARNING)]
    assert _one("plain")[0].key != first[0].key


def test_tricky_19_lines_keep_what_was_sent_beside_what_was_paid() -> None:
    panel, bundled, visit, reported = _one("19-submitted-procedure")[0].claims[0].lines
    assert panel.submitted is not None
    assert (panel.procedure.code, panel.submitted.code, panel.units, panel.original_units) == (
        "80053",
        "80048",
        "1",
        "2",
    )
    assert bundled.submitted is not None
    assert (bundled.procedure.code, bundled.submitted.code, bundled.units) == ("80053", "82040", "0")
    assert (visit.service_date, visit.service_end, visit.control_number) == (date(2025, 12, 1), date(2025, 12, 3), "")
    assert (reported.charge.cents, reported.paid.cents) == (0, 0)


def test_tricky_20_claims_without_lines_and_with_cas_at_both_levels() -> None:
    found, problems = _one("20-no-lines")
    assert problems == []
    inpatient, both = found.claims
    assert (inpatient.lines, inpatient.difference, inpatient.drg, inpatient.drg_weight) == ((), 0, "291", "1.4523")
    assert inpatient.inpatient[3] == "3900"
    assert (both.difference, both.lines[0].difference) == (0, 0)


def test_tricky_21_remarks_at_line_and_claim() -> None:
    claim = _one("21-remarks")[0].claims[0]
    assert claim.remarks == ("MA01", "MA18")
    assert [remark.code for remark in claim.lines[0].remarks] == ["N115", "M15"]
    assert [(one.qualifier, one.value) for one in claim.lines[0].references] == [("6R", "L1"), ("0K", "L34567")]
    assert claim.reference("CE") == "BASIC PLAN"
    stay = msgspec.structs.replace(claim, inpatient=tuple(f"M{number}" for number in range(1, 25)), outpatient=())
    assert stay.remarks == ("M5", "M20", "M21", "M22", "M23")


def test_tricky_22_secondary_payment_keeps_what_each_figure_is() -> None:
    claim = _one("22-secondary")[0].claims[0]
    assert [(one.group, one.reason) for one in claim.lines[0].adjustments] == [("OA", "23"), ("PR", "2")]
    covered, interest = claim.amount("AU"), claim.amount("I")
    assert covered is not None
    assert interest is not None
    assert (covered.cents, interest.cents) == (3000, 125)
    assert claim.lines[0].allowed is not None
    assert claim.difference == 0  # interest is information only


def test_tricky_23_every_party_is_kept_by_its_role() -> None:
    claim = _one("23-names")[0].claims[0]
    assert [party.role for party in claim.parties] == ["QC", "IL", "74", "82", "PR", "GB"]
    assert claim.corrected_member_id == "W1X"
    assert [party.full_name for party in claim.parties] == [
        "ADA BIRCH", "KOFI BIRCH", "", "MARTA OSEI", "FIRST PLAN", "LENA BIRCH",
    ]  # fmt: skip
    corrected = claim.party("74")
    assert corrected is not None
    assert (corrected.name, corrected.first_name) == ("", "")  # single fields only
    assert claim.party("XX") is None


def test_tricky_24_provider_summaries_hold_for_the_claims_that_follow() -> None:
    found = _one("24-provider-summaries")[0]
    assert [(claim.header, claim.summary_provider) for claim in found.claims] == [
        ("1", "1234567893"),
        ("2", "1669864324"),
    ]
    assert [one.provider_id for one in found.summaries] == ["1234567893", "1669864324"]
    assert found.payee.reference("PQ") == "PROV55"
    assert _one(PLAIN.replace(b"XX*1234567893~REF*TJ*123456789~", b"FI*987654321~"))[0].payee_tax_id == "987654321"


def test_tricky_25_dates_by_their_qualifier_and_the_posting_date() -> None:
    found = _one("25-dates")[0]
    claim = found.claims[0]
    assert [claim.day(qualifier) for qualifier in ("036", "050", "232", "233")] == [
        date(2025, 12, 31), date(2025, 12, 5), date(2025, 12, 1), date(2025, 12, 3),
    ]  # fmt: skip
    assert (claim.lines[0].service_date, claim.lines[0].service_end) == (date(2025, 12, 1), date(2025, 12, 3))
    assert (found.payment_date, found.production_date) == (date(2026, 1, 5), date(2026, 1, 4))


# -- both ways of reading say the same ---------------------------------------------------------------------------


class Generic(Advice):
    """Reads as if no claim were written the usual way."""

    def _usual(self, text: str, at: int, number: int) -> None:
        return None


def _generic(data: bytes) -> list[tuple[ClaimPayment, ...]]:
    """All claims by the generic reader."""
    return [tuple(Generic(transaction).claims()) for transaction in envelope.read(data)]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_quick_way_and_the_generic_way_agree(path: Path) -> None:
    data = path.read_bytes()
    assert [value.claims for value, _ in _all(data)] == _generic(data)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_glance_finds_the_same_sums(path: Path) -> None:
    data = path.read_bytes()
    for transaction, (found, _) in zip(envelope.read(data), _all(data), strict=True):
        glance = Glance(transaction)
        claims = list(glance)
        assert (glance.payment, glance.paid, glance.withheld, glance.difference) == (
            found.payment.cents, found.claim_paid.cents, found.provider_adjustment_total, found.difference,
        )  # fmt: skip
        assert glance.lines == sum(len(claim.lines) for claim in found.claims)
        for one, claim in zip(claims, found.claims, strict=True):
            whole = not claim.difference and not any(line.difference for line in claim.lines)
            assert (one.patient_control_number, one.status, one.balanced) == (
                claim.patient_control_number, claim.status, whole,
            )  # fmt: skip
            assert one.open().adjustments == claim.adjustments
            assert [line.paid for line in one.open().lines] == [line.paid for line in claim.lines]


def test_a_claim_split_over_pieces_is_one_claim() -> None:
    claim = PLAIN[PLAIN.index(b"CLP*PCN1002") : PLAIN.index(b"SE*39")]
    line = claim[claim.index(b"SVC") :]
    long = claim.replace(line, line * 900).replace(b"*1*100*80**", b"*1*90000*72000**")
    data = PLAIN.replace(claim, long * 7).replace(b"BPR*I*178.1*", b"BPR*I*504098.1*")
    data = data.replace(b"SE*39*", b"SE*%d*" % (39 - 8 + 7 * (4 + 900 * 4) - 0))
    transaction = next(iter(envelope.read(data)))
    found = remittance(transaction)
    assert [len(one.lines) for one in found.claims] == [2] + [900] * 7
    assert found.difference == 0
    assert [problem for problem in transaction.problems.done() if problem.code != "envelope-count"] == []
