"""Questions about coverage: read, written, refused; HL rules; what others say of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.main.cli import main
from app.model.benefit import Condition
from app.model.claim import Diagnosis, Procedure, QualifiedAmount, QualifiedDate, Reference
from app.model.eligibility import EligibilityRequest, Question
from app.model.money import Money
from app.model.problem import Problem, Severity
from app.x12 import envelope, inquiry_270
from app.x12.write import NotValid, build
from tests.x12 import coverage as made
from tests.x12 import judges
from tests.x12.claims import change
from tests.x12.through_model import ENVELOPE

FOLDER = Path(__file__).parent / "samples" / "270"


def read(source: bytes | Path) -> tuple[list[EligibilityRequest], list[Problem]]:
    found, problems = [], []
    for transaction in envelope.read(source):
        found += list(inquiry_270.read(transaction))
        problems += transaction.problems.done()
    return found, problems


def written(*requests: EligibilityRequest) -> bytes:
    return build([inquiry_270.body(requests)], ENVELOPE).data


def refused(*requests: EligibilityRequest) -> dict[str, str]:
    try:
        written(*requests)
    except NotValid as error:
        return {problem.code: problem.message for problem in error.problems}
    return {}


def levels(data: bytes) -> list[list[str]]:
    return [row.split("*")[1:] for row in data.decode().split("~") if row.startswith("HL*")]


def without_places(found: EligibilityRequest) -> EligibilityRequest:
    """As it was before it was read: levels not numbered."""
    fields = {name: change(getattr(found, name), level=0) for name in ("source", "receiver", "subscriber")}
    if found.dependent:
        fields["dependent"] = change(found.dependent, level=0)
    return change(found, **fields)


def test_a_question_is_read_with_every_field() -> None:
    (first, pip, roo), problems = read(FOLDER / "39-subscribers-and-dependents.x12")
    assert problems == []
    assert (first.source.name, first.source.id) == ("HARBORLIGHT HEALTH", "HLH01")
    assert (first.receiver.npi, first.receiver.taxonomy, first.receiver.reference("TJ")) == (
        "1234567893", "207Q00000X", "123456789",
    )  # fmt: skip
    patient = first.patient
    assert (patient.full_name, patient.id, patient.birth_date, patient.sex) == (
        "OTIS BRAMLEY",
        "HL00427781",
        "19710304",
        "M",
    )
    assert [one.code for one in patient.diagnoses] == ["E119", "I10"]
    (question,) = patient.questions
    assert question.procedure == Procedure("99213", ("25",))
    assert (question.amounts[0].amount.cents, question.conditions[0].code) == (12550, "11")
    assert pip.dependent is not None
    assert roo.dependent is not None
    assert (pip.patient.first_name, pip.subscriber.id, pip.patient.relationship) == ("PIP", "HL00991200", "19")
    assert roo.dependent.birth_order == "2"
    assert [one.services for one in roo.patient.questions] == [("98",), ("AL",)]
    assert roo.patient.traces[0].number == "LK20260112003"


@pytest.mark.parametrize(
    "request_",
    [
        made.request(),
        made.about_a_dependent(),
        made.request(
            subscriber=made.otis(
                diagnoses=(Diagnosis("ABK", "E119"),),
                provider_role="PC",
                provider_qualifier="HPI",
                taxonomy="1982736450",
                dates=(QualifiedDate("291", "RD8", "20260112-20260119"),),
                questions=(
                    made.question("1", "33", coverage_level="FAM"),
                    Question(
                        procedure=Procedure("99213"),
                        amounts=(QualifiedAmount("PB", Money(12550)),),
                        conditions=(Condition(list="ZZ", code="11"),),
                        references=(Reference("G1", "AUTH7"),),
                    ),
                ),
            )
        ),
    ],
    ids=["subscriber", "dependent", "everything"],
)
def test_what_is_written_reads_as_the_same_question(request_: EligibilityRequest) -> None:
    found, problems = read(written(request_))
    assert problems == []
    plain = without_places(found[0])
    assert change(plain, heading=made.HEADING) == _sourced(request_)
    assert plain.heading == change(made.HEADING, purpose="13")


def _sourced(request_: EligibilityRequest) -> EligibilityRequest:
    """Money carries its text once it was read."""
    if request_.subscriber.questions and request_.subscriber.questions[-1].amounts:
        first, second = request_.subscriber.questions
        second = change(second, amounts=(QualifiedAmount("PB", Money(12550, "125.5")),))
        return change(request_, subscriber=change(request_.subscriber, questions=(first, second)))
    return request_


def test_tricky_39_levels_are_numbered_and_shared() -> None:
    own, kid = made.request(), made.about_a_dependent()
    other = change(kid, dependent=made.wren(first_name="PIP", questions=(made.question(),)))
    data = written(own, kid, other)
    assert levels(data) == [
        ["1", "", "20", "1"],
        ["2", "1", "21", "1"],
        ["3", "2", "22", "0"],
        ["4", "2", "22", "1"],
        ["5", "4", "23", "0"],
        ["6", "4", "23", "0"],
    ]
    assert read(data)[1] == []


def test_tricky_39_wrong_levels_are_named() -> None:
    _, problems = read(FOLDER / "39-wrong-levels.x12")
    assert {"hl-number", "hl-parent", "hl-child", "question-missing"} <= {one.code for one in problems}


def test_the_same_patient_asked_about_twice_stays_two_questions() -> None:
    found, _ = read(written(made.request(), made.request()))
    assert len(found) == 2


@pytest.mark.parametrize(
    ("request_", "code", "words"),
    [
        (made.request(subscriber=made.otis()), "question-missing", "EQ"),
        (made.request(receiver=made.practice(id="1234567890")), "npi", "Provider: NPI"),
        (made.request(subscriber=made.otis(birth_date="20231332", questions=(made.question(),))), "element-type",
         "Subscriber: birth date"),
        (made.request(subscriber=made.otis(birth_date="", first_name="", questions=(made.question(),))),
         "search-fields", "Subscriber: member number"),
        (made.about_a_dependent(dependent=made.wren(birth_date="", sex="", questions=(made.question(),))),
         "search-fields", "Patient: first name"),
        (made.request(subscriber=made.otis(questions=(made.question("ZZ"),))), "service-type", "Service type"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_valid_is_not_built(request_: EligibilityRequest, code: str, words: str) -> None:
    assert words in refused(request_)[code]


def test_received_questions_get_warnings_for_what_would_stop_ours() -> None:
    data = written(made.request()).replace(b"1234567893", b"1234567890").replace(b"*19710304*M", b"")
    _, problems = read(data.replace(b"DMG*D8~", b"").replace(b"SE*17", b"SE*16").replace(b"*MI*HL00427781", b""))
    assert {one.code: one.severity for one in problems} == {"npi": Severity.WARNING, "search-fields": Severity.WARNING}


# -- the command --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["plain", "39-subscribers-and-dependents"])
def test_json_and_back_by_the_command(name: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["x12", "json", str(FOLDER / f"{name}.x12")]) == 0
    text = capsysbinary.readouterr().out
    (tmp_path / "asked.json").write_bytes(text)
    assert main(["x12", "write", "270", str(tmp_path / "asked.json"), "-o", str(tmp_path / "asked.x12")]) == 0
    assert main(["x12", "json", str(tmp_path / "asked.x12")]) == 0
    assert _told(json.loads(capsysbinary.readouterr().out)) == _told(json.loads(text))


def _told(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in ("type", "heading", "requests")}


def test_json_that_does_not_fit_names_the_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "asked.json"
    path.write_text('{"requests": [{"source": {"name": 5}}]}')
    assert main(["x12", "write", "270", str(path)]) == 1
    assert "requests[0].source.name" in capsys.readouterr().err
    path.write_text('{"requests": []}')
    assert main(["x12", "write", "270", str(path)]) == 1
    assert "requests" in capsys.readouterr().err


def test_the_outline_says_who_asks_whom_about_what(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["x12", "show", "--no-color", str(FOLDER / "39-subscribers-and-dependents.x12")]) == 0
    out = capsys.readouterr().out
    assert "LARKSPUR FAMILY MEDICINE, NPI 1234567893 asks HARBORLIGHT HEALTH, payer ID HLH01" in out
    assert "through the subscriber IDA TARN, member HL00991200" in out
    assert "asks about procedure 99213 25" in out


# -- what others say ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "requests",
    [
        (made.request(),),
        (made.about_a_dependent(),),
        (made.request(subscriber=made.otis(
            diagnoses=(Diagnosis("ABK", "E119"),), provider_role="PC", taxonomy="207Q00000X",
            insured="Y", relationship="18", address=made.HOME,
            questions=(Question(services=("30",), conditions=(Condition(list="ZZ", code="11"),),
                                     references=(Reference("G1", "AUTH7"),)),),
        )),),
    ],
    ids=["subscriber", "dependent", "much"],
)  # fmt: skip
def test_linuxforhealth_finds_no_fault(requests: tuple[EligibilityRequest, ...], tmp_path: Path) -> None:
    """One patient at a time: it calls a second subscriber's parent wrong, and a second EQ of a dependent stops it."""
    judges.need("linuxforhealth")
    path = tmp_path / "asked.x12"
    path.write_bytes(written(*requests))
    assert judges.linuxforhealth_errors(path) == []
