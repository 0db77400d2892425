"""Claims and acknowledgments of our own making that stand in the clone: each with its oddity, none of a real person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.main.cli import main
from app.model.problem import Problem
from app.x12 import claim_837, envelope, kinds
from app.x12.rewrite import rewrite
from tests.x12 import judges

FOLDER = Path(__file__).parent / "samples"
FOLDERS = ("837P", "837I", "999", "TA1")
SAMPLES = sorted(path for name in FOLDERS for path in (FOLDER / name).glob("*.x12"))
WRONG = {
    "wrong-in-many-ways": {
        "charge-sum", "envelope-count", "frequency-reference", "hl-child", "hl-number", "npi", "po-box", "pointer",
        "segment-unknown", "zip-nine",
    },
    "wrong-secondary-sums": {"line-sum", "other-payer-sum"},
    "odd-unpadded-header": {"isa-width"},
}  # fmt: skip


def each(*folders: str) -> pytest.MarkDecorator:
    found = [path for path in SAMPLES if not folders or path.parent.name in folders]
    return pytest.mark.parametrize("path", found, ids=[f"{path.parent.name}/{path.stem}" for path in found])


def read(path: Path) -> tuple[list[Problem], list[dict[str, Any]]]:
    reader = envelope.read(path)
    problems: list[Problem] = []
    found: list[dict[str, Any]] = []
    for transaction in reader:
        kind = kinds.kind_of(transaction)
        assert kind is not None
        found.append(kinds.mapping(kind).to_json(transaction))
        problems += transaction.problems.done()
    return problems + reader.problems.done(), found


def test_they_are_all_there() -> None:
    assert len(SAMPLES) >= 19


@each()
def test_a_sample_has_just_the_problems_it_was_made_for(path: Path) -> None:
    problems, _ = read(path)
    assert {problem.code for problem in problems} == WRONG.get(path.stem, set())


@each()
def test_a_sample_is_written_back_as_it_came(path: Path) -> None:
    again = b"".join(rewrite(envelope.read(path)))
    before, after = ([list(one.segments()) for one in _transactions(source)] for source in (path.read_bytes(), again))
    assert [one[:-1] for one in after] == [one[:-1] for one in before]


def _transactions(source: bytes) -> Any:
    yield from envelope.read(source)


@each("837P")
def test_however_it_is_wrapped_the_claims_are_the_same(path: Path) -> None:
    if path.stem.startswith("odd-"):
        (odd,), (plain,) = read(path)[1], read(path.with_name("plain.x12"))[1]
        assert odd == plain


@each("837P", "837I")
def test_json_and_back_is_the_same_document(path: Path) -> None:
    if path.stem in WRONG:
        return
    for transaction in envelope.read(path):
        found = claim_837.read_submission(transaction)
        told = json.loads(json.dumps(claim_837.submission_to_json(found)))
        data = claim_837.from_json({"type": found.kind, **told, "interchange": {"usage": "T", "control": "5"}}).data
        again = claim_837.read_submission(next(iter(envelope.read(data))))
        assert claim_837.submission_to_json(again) == claim_837.submission_to_json(found)


@each("837P", "837I", "999")
def test_outside_validators_accept_the_good_ones(path: Path) -> None:
    judges.need("pyx12")
    if path.stem in WRONG or path.stem.startswith("odd-"):
        return
    assert judges.pyx12_errors(path) == []
    if path.parent.name != "999" and judges.available("linuxforhealth"):
        assert judges.linuxforhealth_errors(path) == []


# -- the command line -------------------------------------------------------------------------------------------


def test_the_command_line_writes_what_its_json_said(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = FOLDER / "837P" / "secondary.x12"
    assert main(["x12", "json", str(path)]) == 0
    told = capsysbinary.readouterr().out
    assert json.loads(told)["claims"][0]["charge"] == "130.00"
    (tmp_path / "claim.json").write_bytes(told)
    assert main(["x12", "write", "837P", str(tmp_path / "claim.json")]) == 0
    assert capsysbinary.readouterr().out == path.read_bytes().replace(b"~\n", b"~")


def test_the_command_line_says_which_field_is_at_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = FOLDER / "837P" / "secondary.x12"
    assert main(["x12", "json", str(path)]) == 0
    told = json.loads(capsys.readouterr().out)
    told["claims"][0]["charge"] = "131.00"
    (tmp_path / "claim.json").write_text(json.dumps(told), encoding="utf-8")
    assert main(["x12", "write", "837P", str(tmp_path / "claim.json")]) == 1
    assert "Claim total: The claim charges 131, but its lines add up to 130.00." in capsys.readouterr().err
    told["claims"][0]["charge"] = {"dollars": 1}
    (tmp_path / "claim.json").write_text(json.dumps(told), encoding="utf-8")
    assert main(["x12", "write", "837P", str(tmp_path / "claim.json")]) == 1
    assert "the JSON does not fit" in capsys.readouterr().err


@each()
def test_show_says_it_in_words(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if path.parent.name == "TA1":
        return
    assert main(["x12", "show", str(path)]) == 0
    said = capsys.readouterr().out
    assert {"837P": "Claim ", "837I": "Claim ", "999": "Answer to our group"}[path.parent.name] in said
    assert "unknown code" not in said
