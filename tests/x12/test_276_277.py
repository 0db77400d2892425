"""Where claims stand: our questions (276) and the payers' answers (277)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.main.cli import main
from app.model.claim import Procedure
from app.model.claim_status import ClaimStage, ClaimStatus, ClaimStatusRequest, TracedClaim
from app.model.inquiry import Trace
from app.model.money import Money
from app.model.problem import Problem, Severity
from app.x12 import envelope, request_276, status_277
from app.x12.write import NotValid, build
from tests.x12 import judges
from tests.x12 import statuses as made
from tests.x12.through_model import ENVELOPE

ASKED = Path(__file__).parent / "samples" / "276"
ANSWERED = Path(__file__).parent / "samples" / "277"


def questions(source: bytes | Path) -> tuple[list[ClaimStatusRequest], list[Problem]]:
    found, problems = [], []
    for transaction in envelope.read(source):
        found += list(request_276.read(transaction))
        problems += transaction.problems.done()
    return found, problems


def answers(source: bytes | Path) -> tuple[list[ClaimStatus], list[Problem]]:
    found, problems = [], []
    for transaction in envelope.read(source):
        found += list(status_277.read(transaction))
        problems += transaction.problems.done()
    return found, problems


def asked(*requests: ClaimStatusRequest) -> bytes:
    return build([request_276.body(requests)], ENVELOPE).data


def answered(*claims: ClaimStatus) -> bytes:
    return build([status_277.body(claims)], ENVELOPE).data


def refused(*requests: ClaimStatusRequest) -> dict[str, str]:
    try:
        asked(*requests)
    except NotValid as error:
        return {problem.code: problem.message for problem in error.problems}
    return {}


def cents(found: TracedClaim) -> dict[str, Any]:
    """What a claim says, its money without the text and its places left out."""

    def plain(value: Any) -> Any:
        if isinstance(value, Money):
            return value.cents
        if isinstance(value, tuple):
            return tuple(map(plain, value))
        if hasattr(value, "__struct_fields__"):
            hidden = ("level", "start", "heading")
            return {name: plain(getattr(value, name)) for name in value.__struct_fields__ if name not in hidden}
        return value

    told: dict[str, Any] = plain(found)
    return told


# -- 276 ----------------------------------------------------------------------------------------------------------


def test_a_question_is_read_with_every_field() -> None:
    (pip, otis), problems = questions(ASKED / "39-five-levels-and-lines.x12")
    assert problems == []
    assert pip.patient is not None
    assert pip.subscriber is not None
    assert (pip.source.id, pip.receiver and pip.receiver.id, pip.provider and pip.provider.npi) == (
        "HLH01", "LARK01", "1234567893",
    )  # fmt: skip
    assert (pip.patient.first_name, pip.patient.birth_date, pip.subscriber.id) == ("PIP", "20170228", "HL00991200")
    assert (pip.trace, pip.reference("EJ"), pip.charge) == ("LKST0003", "PCN1003", None)
    assert [(line.procedure, line.control_number) for line in pip.lines] == [
        (Procedure("99213", ("25",)), "L1"), (Procedure("87880"), ""),
    ]  # fmt: skip
    assert (otis.provider and otis.provider.full_name, otis.patient, otis.charge and otis.charge.cents) == (
        "MARTA OSEI", None, 6000,
    )  # fmt: skip


@pytest.mark.parametrize(
    "request_",
    [
        made.asked(),
        made.asked(patient=made.wren(birth_date="20150611", sex="F"), subscriber=made.otis()),
        made.asked(amounts=(), dates=(), lines=(made.line(), made.line(procedure=Procedure("87880")))),
    ],
    ids=["claim", "dependent", "lines"],
)
def test_what_is_written_reads_as_the_same_question(request_: ClaimStatusRequest) -> None:
    (found,), problems = questions(asked(request_))
    assert problems == []
    assert cents(found) == cents(request_)


def test_tricky_39_276_uses_20_21_19_22_23() -> None:
    child = made.asked("LKST0002", patient=made.wren(birth_date="20150611", sex="F"))
    other = made.asked("LKST0003", provider=made.provider(id="1982736450"))
    again = made.asked("LKST0004")  # after a dependent the subscriber's own level is opened anew
    data = asked(made.asked(), child, again, other)
    assert [row.split("*")[1:] for row in data.decode().split("~") if row.startswith("HL*")] == [
        ["1", "", "20", "1"],
        ["2", "1", "21", "1"],
        ["3", "2", "19", "1"],
        ["4", "3", "22", "1"],
        ["5", "4", "23"],
        ["6", "3", "22", "0"],
        ["7", "2", "19", "1"],
        ["8", "7", "22", "0"],
    ]
    found, problems = questions(data)
    assert problems == []
    assert [one.trace for one in found] == ["LKST0001", "LKST0002", "LKST0004", "LKST0003"]


def test_tricky_39_wrong_levels_are_named_and_a_missing_charge() -> None:
    _, problems = questions(ASKED / "39-wrong-levels-and-no-charge.x12")
    severities = {one.code: one.severity for one in problems}
    assert severities == {
        "hl-number": Severity.ERROR, "hl-parent": Severity.ERROR, "request-amount": Severity.WARNING,
        "request-date": Severity.WARNING,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "code", "words"),
    [
        (made.asked(amounts=()), "request-amount", "Claim: total charge"),
        (made.asked(dates=()), "request-date", "date"),
        (made.asked(provider=made.provider(id="1234567890")), "npi", "Provider: number"),
        (made.asked(subscriber=made.otis(name="", birth_date="19710304")), "element-missing", "Subscriber: name"),
        (made.asked(receiver=None), "loop-missing", "2000B"),
    ],
)
def test_a_question_that_cannot_be_valid_is_not_built(request_: ClaimStatusRequest, code: str, words: str) -> None:
    assert words in refused(request_)[code]


@pytest.mark.parametrize("name", ["plain", "39-five-levels-and-lines"])
def test_json_and_back_by_the_command(name: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["x12", "json", str(ASKED / f"{name}.x12")]) == 0
    text = capsysbinary.readouterr().out
    (tmp_path / "asked.json").write_bytes(text)
    assert main(["x12", "write", "276", str(tmp_path / "asked.json"), "-o", str(tmp_path / "asked.x12")]) == 0
    assert main(["x12", "json", str(tmp_path / "asked.x12")]) == 0
    first, again = json.loads(text), json.loads(capsysbinary.readouterr().out)
    assert (first["heading"], first["claims"]) == (again["heading"], again["claims"])


# -- 277 ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_read_with_every_field() -> None:
    (paid, pending), problems = answers(ANSWERED / "plain.x12")
    assert problems == []
    assert (paid.stage, paid.patient_control_number, paid.payer_control_number) == (
        ClaimStage.PAID, "PCN1001", "HLH26001",
    )  # fmt: skip
    (status,) = paid.statuses
    assert (status.charge, status.paid) == (Money(12550, "125.5"), Money(8010, "80.1"))
    assert (status.decided, status.check_date, status.check_number) == ("20260110", "20260111", "CK77812")
    assert pending.stage is ClaimStage.PENDING
    assert [code.status for one in pending.statuses for code in one.codes] == ["20", "317", "21"]
    assert paid.source.contacts[0].numbers == (("TE", "8005550133"),)


def test_lines_and_levels_are_answered_too() -> None:
    (pip, provider, receiver), problems = answers(ANSWERED / "dependent-with-lines-and-levels-answered.x12")
    assert problems == []
    assert (pip.stage, pip.patient and pip.patient.first_name) == (ClaimStage.DENIED, "PIP")
    assert [(line.procedure.code, line.statuses[0].code.list) for line in pip.lines] == [
        ("99213", ""), ("00000000001", "RX"),
    ]  # fmt: skip
    assert (pip.is_claim, provider.is_claim, receiver.is_claim) == (True, False, False)
    assert provider.provider is not None
    assert provider.provider.statuses[0].code.category == "E0"
    assert receiver.receiver is not None
    assert (receiver.receiver.trace, receiver.receiver.statuses[0].code.category) == ("STQ0042", "E1")


@pytest.mark.parametrize(
    ("category", "stage"),
    [
        ("A1", ClaimStage.ACCEPTED), ("A4", ClaimStage.NOT_FOUND), ("A7", ClaimStage.REJECTED),
        ("D0", ClaimStage.NOT_FOUND), ("E1", ClaimStage.NO_ANSWER), ("F0", ClaimStage.FINISHED),
        ("F1", ClaimStage.PAID), ("F2", ClaimStage.DENIED), ("F3N", ClaimStage.FINISHED), ("P2", ClaimStage.PENDING),
        ("R4", ClaimStage.WANTED), ("X9", ClaimStage.UNKNOWN),
    ],
)  # fmt: skip
def test_the_category_says_how_far_a_claim_has_come(category: str, stage: ClaimStage) -> None:
    assert made.answered("T1", made.status(category)).stage is stage


@pytest.mark.parametrize(
    "claim",
    [
        made.answered(),
        made.answered("T2", made.status("F1", "65", charge=Money(12550), paid=Money(0), decided="20260110",
                                        check_date="20260111", check_number="CK1", third=None)),
        made.answered("T3", made.status("F2", "88", "QC"), patient=made.wren(), lines=(
            made.line(paid=Money(0), statuses=(made.status("F2", "88", "QC"),)),
        )),
    ],
    ids=["pending", "paid", "dependent"],
)  # fmt: skip
def test_what_is_written_reads_as_the_same_answer(claim: ClaimStatus) -> None:
    (found,), problems = answers(answered(claim))
    assert problems == []
    assert cents(found) == cents(claim)


def test_answers_without_a_claim_are_written() -> None:
    level = made.receiver(traces=(Trace("STQ0041", type="2"),), statuses=(made.status("E0", "0"),))
    claim = made.answered(receiver=level, provider=None, subscriber=None, is_claim=False)
    (found,), problems = answers(answered(claim))
    assert problems == []
    assert (found.is_claim, found.receiver and found.receiver.trace) == (False, "STQ0041")


def test_json_and_outline_of_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["x12", "json", str(ANSWERED / "plain.x12")]) == 0
    found = json.loads(capsys.readouterr().out)
    first = found["claims"][0]
    assert (found["source_name"], first["trace_number"], first["stage"]) == ("HARBORLIGHT HEALTH", "LKST0001", "paid")
    assert (first["statuses"][0]["category"], first["statuses"][0]["paid"]) == ("F1", "80.10")
    assert main(["x12", "show", "--no-color", str(ANSWERED / "plain.x12")]) == 0
    out = capsys.readouterr().out
    assert "Claim PCN1001 for OTIS BRAMLEY, member HL00427781, 01/02/2026 to 01/03/2026" in out
    assert "paid $80.10 on 01/11/2026, check CK77812" in out
    assert main(["x12", "show", "--no-color", str(ASKED / "plain.x12")]) == 0
    assert "LARKSPUR FAMILY MEDICINE, ID LARK01 asks HARBORLIGHT HEALTH" in capsys.readouterr().out


# -- what others say --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("276 claim", asked(made.asked(), made.asked("LKST0002"))),
        ("276 line of a dependent", asked(made.asked(
            amounts=(), dates=(), lines=(made.line(),), patient=made.wren(birth_date="20150611", sex="F"),
        ))),
        ("277 claims", answered(made.answered(), made.answered("LKST0002", made.status("F1", "65", paid=Money(8010))))),
        ("277 line of a dependent", answered(made.answered(
            "T3", made.status("F2", "88", "QC"), patient=made.wren(),
            lines=(made.line(paid=Money(0), statuses=(made.status("F2", "88", "QC"),)),),
        ))),
        ("277 receiver", answered(made.answered(
            receiver=made.receiver(traces=(Trace("STQ0041", type="2"),), statuses=(made.status("E0", "0"),)),
            provider=None, subscriber=None, is_claim=False,
        ))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_linuxforhealth_finds_no_fault(name: str, data: bytes, tmp_path: Path) -> None:
    """One line a claim: it loses the second."""
    judges.need("linuxforhealth")
    path = tmp_path / "document.x12"
    path.write_bytes(data)
    assert judges.linuxforhealth_errors(path) == []
