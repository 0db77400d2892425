"""Claim acknowledgments: the tricky points 26 to 29, writing, what others say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.main.cli import main
from app.model.claim import Reference
from app.model.claim_status import ClaimHistory, ClaimStatus, StatusCode
from app.model.inquiry import Trace
from app.model.money import Money
from app.model.problem import Problem, Severity
from app.model.remittance import Quantity
from app.x12 import claim_ack_277ca, envelope
from app.x12.write import NotValid, build
from tests.x12 import judges
from tests.x12 import statuses as made
from tests.x12.claims import change
from tests.x12.test_276_277 import cents
from tests.x12.through_model import ENVELOPE

FOLDER = Path(__file__).parent / "samples" / "277CA"


def read(source: bytes | str) -> tuple[list[ClaimStatus], list[Problem]]:
    found, problems = [], []
    for transaction in envelope.read(source if isinstance(source, bytes) else FOLDER / f"{source}.x12"):
        found += list(claim_ack_277ca.read(transaction))
        problems += transaction.problems.done()
    return found, problems


def written(*claims: ClaimStatus) -> bytes:
    return build([claim_ack_277ca.body(claim_ack_277ca.counted(claims))], ENVELOPE).data


def told(found: list[ClaimStatus]) -> list[tuple[str, bool | None]]:
    return [(one.patient_control_number, one.accepted) for one in found if one.is_claim]


def test_an_acknowledgment_is_read_with_every_field() -> None:
    found, problems = read("plain")
    assert problems == []
    assert told(found) == [("PCN1001", True), ("PCN1002", False)]
    first, second = found
    assert (first.source.name, first.source.trace, first.source.dates[0].text) == (
        "HARBORLIGHT HEALTH", "HLHFILE77", "20260111",
    )  # fmt: skip
    assert first.receiver is not None
    assert first.provider is not None
    assert (first.receiver.trace, first.receiver.quantity("90"), first.receiver.quantity("AA")) == ("B0001", 1, 1)
    assert (first.provider.reference("TJ"), first.provider.amount("YY")) == ("123456789", Money(6000, "60"))
    assert (first.payer_control_number, first.reference("D9"), first.charge) == (
        "HLH26001",
        "CH778",
        Money(12550, "125.5"),
    )
    assert second.patient is not None
    assert (second.patient.full_name, second.patient.id) == ("IDA TARN", "HL00991200")


def test_tricky_26_every_composite_of_every_stc_is_kept() -> None:
    (claim,), problems = read("26-composites")
    assert problems == []
    codes = [(code.category, code.status, code.entity) for status in claim.statuses for code in status.codes]
    assert codes == [("A7", "562", "82"), ("A7", "153", "85"), ("A6", "21", ""), ("A8", "187", "")]
    assert claim.statuses[0].message == "RENDERING NPI IS NOT ENROLLED"
    assert claim.accepted is False
    pharmacy = (FOLDER / "26-composites.x12").read_bytes().replace(b"*A6:21*", b"*A6:70:PR:RX*")
    third = read(pharmacy)[0][0].statuses[0].third
    assert third == StatusCode(category="A6", status="70", entity="PR", list="RX")


def test_tricky_27_the_category_wins_over_the_action_and_says_so() -> None:
    found, problems = read("27-action-against-category")
    assert told(found) == [("PCN1001", False), ("PCN1002", False), ("PCN1003", True)]
    assert [one.contradicts_itself for one in found] == [True, False, True]
    assert [(one.code, one.severity) for one in problems] == [("action-contradicts", Severity.WARNING)] * 2


@pytest.mark.parametrize(
    ("category", "accepted"),
    [("A0", True), ("A1", True), ("A2", True), ("A5", True), ("A3", False), ("A4", False), ("A6", False), ("A7", False),
     ("A8", False)],
)  # fmt: skip
def test_tricky_27_accepted_and_rejected(category: str, accepted: bool) -> None:
    assert made.acknowledged(category=category, action="none").accepted is accepted


def test_tricky_27_with_a_masked_category_the_action_decides() -> None:
    assert made.acknowledged(category="XX", action="U").accepted is False
    assert made.acknowledged(category="XX", action="WQ").accepted is True
    assert made.acknowledged(category="XX", action="?").accepted is None
    data = build([claim_ack_277ca.body([made.acknowledged(category="XX")])], ENVELOPE, check=False).data
    assert "category-unknown" in {one.code for one in read(data)[1]}


def test_tricky_28_a_rejection_at_the_receiver_rejects_all_that_was_sent() -> None:
    (file,), problems = read("28-rejected-at-receiver")
    assert problems == []
    assert (file.is_claim, file.accepted, file.receiver and file.receiver.trace) == (False, False, "B0001")


def test_tricky_28_a_rejection_at_the_provider_rejects_what_is_under_it_alone() -> None:
    found, problems = read("28-rejected-at-provider")
    assert problems == []
    assert [(one.is_claim, one.accepted) for one in found] == [(False, False), (True, True)]


def test_tricky_28_a_claim_called_accepted_under_a_rejection_is_rejected() -> None:
    (claim,), problems = read("28-rejected-above-an-accepted-claim")
    assert claim.accepted is False
    assert claim.rejected_above is claim.provider
    assert [one.code for one in problems] == ["rejected-above"]


def test_tricky_28_counts_and_amounts_are_checked_at_both_levels() -> None:
    _, problems = read("28-counts-wrong")
    found = {(one.place.loop, one.place.segment, one.code) for one in problems}
    assert found == {
        ("2200B", "QTY", "claim-count"), ("2200B", "AMT", "claim-amount"),
        ("2200C", "QTY", "claim-count"), ("2200C", "AMT", "claim-amount"),
    }  # fmt: skip
    assert "3 claims are said to be accepted; 1 are listed." in {one.message for one in problems}


def test_tricky_29_the_payers_number_is_kept_for_a_replacement() -> None:
    clearinghouse, payer = read("29-clearinghouse-then-payer")[0]
    assert (clearinghouse.patient_control_number, payer.patient_control_number) == ("PCN1001", "PCN1001")
    assert (payer.payer_control_number, payer.reference("D9"), payer.reference("BLT")) == ("HLH26001", "CH778", "131")
    (line,) = payer.lines
    assert (line.control_number, line.statuses[0].accepted) == ("L1", False)


def test_tricky_29_the_latest_does_not_erase_what_was_said_before() -> None:
    clearinghouse, payer = read("29-clearinghouse-then-payer")[0]
    history = ClaimHistory(patient_control_number="PCN1001").add(payer).add(clearinghouse).add(payer)
    assert history.said == (clearinghouse, payer)
    assert history.latest is payer
    assert (payer.accepted, history.was_accepted) == (False, True)


# -- writing ----------------------------------------------------------------------------------------------------------


def test_what_is_written_reads_as_the_same_with_its_counts() -> None:
    claims = [
        made.acknowledged("PCN1001", references=(Reference("1K", "HLH26001"),)),
        made.acknowledged("PCN1002", "A7", 6000, lines=(
            made.line(statuses=(made.status("A7", "454", action="U"),)),
        )),
        made.acknowledged("PCN1003", "A3", 100, provider=made.provider(
            role="85", id="1982736450", traces=(Trace("0"),), statuses=(made.status("A1", date="", action="WQ"),),
        )),
    ]  # fmt: skip
    found, problems = read(written(*claims))
    assert problems == []
    assert [cents(one)["trace"] for one in found] == ["PCN1001", "PCN1002", "PCN1003"]
    assert [cents(one)["statuses"] for one in found] == [cents(one)["statuses"] for one in claims]
    receiver, first, last = found[0].receiver, found[0].provider, found[2].provider
    assert receiver is not None
    assert first is not None
    assert last is not None
    assert (receiver.quantity("90"), receiver.quantity("AA"), receiver.amount("YY")) == (1, 2, Money(6100, "61"))
    assert (first.quantity("QA"), first.quantity("QC"), last.quantity("QC")) == (1, 1, 1)


def test_counts_that_do_not_fit_are_not_built() -> None:
    good = claim_ack_277ca.counted([made.acknowledged()])[0]
    wrong = change(good, receiver=change(good.receiver, quantities=(Quantity("90", "2"),)))
    with pytest.raises(NotValid) as refused:
        build([claim_ack_277ca.body([wrong])], ENVELOPE)
    assert refused.value.problems[0].message.startswith("Receiver: counted claims")


# -- for people and machines ------------------------------------------------------------------------------------------


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["x12", "json", str(FOLDER / "plain.x12")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["accepted_count"], found["rejected_count"]) == (1, 1)
    first, second = found["claims"]
    assert {name: first[name] for name in ("patient_control_number", "payer_control_number", "accepted", "amount")} == {
        "patient_control_number": "PCN1001", "payer_control_number": "HLH26001", "accepted": True, "amount": "125.50",
    }  # fmt: skip
    short = [{name: one[name] for name in ("category", "status", "entity", "action")} for one in second["statuses"]]
    assert short == [
        {"category": "A7", "status": "562", "entity": "82", "action": "U"},
        {"category": "A7", "status": "21", "entity": "", "action": "U"},
    ]
    levels = {one["level"]: one for one in found["levels"]}
    assert levels["receiver"]["quantities"] == {"90": "1", "AA": "1"}
    assert levels["provider"]["amounts"] == {"YU": "125.50", "YY": "60.00"}
    assert main(["x12", "json", str(FOLDER / "28-rejected-at-receiver.x12")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["claims"] == []
    assert [one["accepted"] for one in found["levels"]] == [None, False]


def test_the_outline_says_it_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["x12", "show", "--no-color", str(FOLDER / "26-composites.x12")]) == 0
    out = capsys.readouterr().out
    assert "A7:562:82: Rejected: information is invalid." in out
    assert "“RENDERING NPI IS NOT ENROLLED”" in out
    assert "0 claims accepted, 1 rejected" in out
    assert main(["x12", "show", "--no-color", str(FOLDER / "28-rejected-at-receiver.x12")]) == 0
    assert "everything sent at this level is rejected" in capsys.readouterr().out


# -- what others say --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["plain", "26-composites", "27-action-against-category", "29-clearinghouse-then-payer"]
)
def test_pyx12_finds_no_fault_in_what_we_write(name: str, tmp_path: Path) -> None:
    """Where a whole file or provider is rejected it still demands claims; such documents are not shown to it."""
    judges.need("pyx12")
    found, _ = read(name)
    path = tmp_path / "ack.x12"
    path.write_bytes(written(*found[-1:] if name.startswith("29") else found))
    assert judges.pyx12_errors(path) == []
