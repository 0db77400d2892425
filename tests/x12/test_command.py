"""``daybook x12``: what people and programs see, and the exit status."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.main.bench import x12_files
from app.main.x12_command import _SHAPES, run

SAMPLES = Path(__file__).parent / "samples"
PLAIN = SAMPLES / "835" / "plain.x12"


def test_show_is_an_outline_in_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", str(PLAIN)]) == 0
    shown = capsys.readouterr().out
    assert "Payer   LARKSPUR HEALTH PLAN   (1000A)" in shown
    assert "Payment $178.10 by electronic transfer, trace TRC0001, date 01/05/2026" in shown
    assert "    Claim PCN1001   JUNE ISAAC   Processed as primary   (2100)" in shown
    assert "CO-45 $34.90: " in shown
    assert "the payment balances" in shown
    assert "\x1b[" not in shown  # no colour where no terminal is


def test_show_says_where_a_remittance_does_not_balance(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", str(SAMPLES / "835" / "11-out-of-balance.x12")]) == 0
    shown = capsys.readouterr().out
    assert "does not balance: −$10.00 is not explained" in shown
    assert "error: A line of claim PCN2101 does not balance" in shown


def test_check_ends_with_what_it_found(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["check", str(PLAIN)]) == 0
    assert "nothing wrong in 1 transaction, 43 segments" in capsys.readouterr().out
    assert run(["check", str(PLAIN), str(SAMPLES / "835" / "11-out-of-balance.x12")]) == 1
    assert "(loop 2110, SVC03, segment 15 of 0001)" in capsys.readouterr().out
    (junk := tmp_path / "junk.x12").write_text("this is a letter")
    assert run(["check", str(junk)]) == 2
    assert "This is not an X12 document" in capsys.readouterr().out
    assert run(["check", str(SAMPLES / "wire" / "01-version-4010.x12")]) == 2
    assert "835 remittance advice of the older version 4010" in capsys.readouterr().out
    assert run(["check", str(tmp_path / "absent.x12")]) == 2
    assert "absent.x12: No such file" in capsys.readouterr().err
    assert run(["check", str(tmp_path / "absent.x12"), str(PLAIN)]) == 2  # one that is not there costs no other
    assert "nothing wrong" in capsys.readouterr().out


def test_what_stands_before_the_document_is_said_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (junk := tmp_path / "photo.jpg").write_bytes(bytes(range(1, 256)) * 4_000)
    assert run(["check", str(junk)]) == 2
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_check_finds_the_files_of_a_pattern_where_the_shell_does_not(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("b.x12", "a.x12", "[c].x12"):
        (tmp_path / name).write_bytes(PLAIN.read_bytes())
    assert run(["check", str(tmp_path / "?.x12"), str(tmp_path / "[c].x12")]) == 0
    checked = [line.split(": nothing wrong")[0] for line in capsys.readouterr().out.splitlines()]
    assert checked == [str(tmp_path / name) for name in ("a.x12", "b.x12", "[c].x12")]
    assert run(["check", str(tmp_path / "*.835")]) == 2
    assert "*.835: " in capsys.readouterr().err


def test_check_as_json_has_every_problem_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--json", str(SAMPLES / "wire" / "04-wrong-counts.x12")]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["transactions"], found["segments"]) == (1, 1, 43)
    first = found["problems"][0]
    assert (first["code"], first["severity"]) == ("envelope-count", "error")
    assert (first["place"]["segment"], first["place"]["element"], first["place"]["segment_number"]) == ("SE", "01", 39)
    assert first["message"] == "SE01 says 41, but there are 39 segments from ST to SE."


def test_json_has_the_documented_shape(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["json", str(SAMPLES / "835" / "10-plb-both-signs.x12")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["type"], found["interchange"]["control"], found["group"]["control"]) == ("835", "000000001", "1")
    assert found["transaction"]["control"] == "0001"
    assert (found["payer_name"], found["payee_npi"], found["trace_number"]) == (
        "LARKSPUR HEALTH PLAN",
        "1234567893",
        "TRC0001",
    )
    assert (found["payment_amount"], found["payment_date"], found["balanced"], found["difference"]) == (
        "85.00", "20260105", True, "0.00",
    )  # fmt: skip
    (claim,) = found["claims"]
    assert (claim["patient_control_number"], claim["payer_control_number"], claim["status"]) == ("PCN2001", "PAY1", "1")
    assert (claim["charge"], claim["paid"], claim["patient_responsibility"]) == ("150.00", "100.00", "20.00")
    assert claim["lines"][0]["adjustments"] == [
        {"group": "CO", "reason": "45", "amount": "30.00", "quantity": None},
        {"group": "PR", "reason": "2", "amount": "20.00", "quantity": None},
    ]
    assert [(one["reason"], one["reference"], one["amount"]) for one in found["provider_adjustments"]] == [
        ("WO", "PCN1900", "25.00"), ("L6", "", "-10.00"),
    ]  # fmt: skip


def test_json_is_one_object_a_line_and_names_what_is_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["json", str(SAMPLES / "wire" / "03-two-interchanges.x12")]) == 0
    assert [json.loads(line)["interchange"]["control"] for line in capsys.readouterr().out.splitlines()] == [
        "000000001", "000000002", "000000002",
    ]  # fmt: skip
    assert run(["json", str(SAMPLES / "wire" / "01-version-4010.x12")]) == 2
    found = json.loads(capsys.readouterr().out)
    assert found["read"] is False
    assert found["name"].startswith("835 remittance advice of the older version 4010")


def _objects(path: str, told: object) -> Iterator[tuple[str, frozenset[str]]]:
    """Every object in JSON by the path to it, with its keys; where keys are qualifiers they say nothing."""
    if isinstance(told, list):
        for one in told:
            yield from _objects(path, one)
    elif isinstance(told, dict):
        if not path.endswith(("/dates", "/amounts", "/quantities")):
            yield path, frozenset(told)
        for key, value in told.items():
            yield from _objects(f"{path}/{key}", value)


@pytest.mark.parametrize("kind", ["835", "271", "277", "277CA", "999"])
def test_a_reader_finds_every_key_whatever_the_document_says(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing accepted is 0, not a key that is missing."""
    shapes: dict[str, set[frozenset[str]]] = {}
    for path in sorted((SAMPLES / kind).glob("*.x12")):
        run(["json", str(path)])
        for line in capsys.readouterr().out.splitlines():
            if (found := json.loads(line)).get("type") == kind and "read" not in found:
                for place, keys in _objects("", found):
                    shapes.setdefault(place, set()).add(keys)
    assert len(shapes) > 4
    assert {place for place, keys in shapes.items() if len(keys) > 1} == set()


def test_a_dash_is_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def given(command: list[str], path: Path) -> str:
        with path.open(encoding="utf-8") as stream:
            monkeypatch.setattr(sys, "stdin", stream)
            assert run([*command, "-"]) == 0
        return capsys.readouterr().out

    claim = SAMPLES / "837P" / "plain.x12"
    assert given(["show"], claim).startswith("837P professional claim, transaction 0001")
    assert given(["check"], claim).startswith("-: nothing wrong in 1 transaction")
    (path := tmp_path / "from.json").write_text(given(["json"], claim), "utf-8")
    assert given(["write", "837P"], path).startswith("ISA*")
    monkeypatch.setattr(sys, "stdin", None)  # a program started without one
    assert run(["check", "-"]) == 2


def test_a_ta1_is_shown_and_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "ta1.x12"
    path.write_bytes(PLAIN.read_bytes()[:106] + b"TA1*000000007*260105*0930*R*024~IEA*0*000000001~")
    assert run(["show", str(path)]) == 0
    assert "TA1: interchange 000000007 was refused: " in capsys.readouterr().out
    assert run(["json", str(path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["type"], found["control_number"], found["accepted"], found["note"]) == (
        "TA1",
        "000000007",
        False,
        "024",
    )


def test_write_says_what_is_wrong_with_the_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "from.json"
    path.write_text("[1, 2")
    assert run(["write", "837P", str(path)]) == 1
    assert "the JSON does not fit" in capsys.readouterr().err
    path.write_text("[" * 200_000)
    assert run(["write", "837P", str(path)]) == 1
    assert "nested too deep" in capsys.readouterr().err
    path.write_text('{"claims": [{"charge": 5}]}')
    assert run(["write", "837P", str(path)]) == 1
    assert "the JSON does not fit" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_write_reads_what_a_shell_made_of_the_json(
    encoding: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A shell of Windows writes ``json > FILE`` in an encoding of its own."""
    assert run(["json", str(SAMPLES / "837P" / "plain.x12")]) == 0
    (path := tmp_path / "from.json").write_text(capsys.readouterr().out, encoding)
    assert run(["write", "837P", str(path), "-o", str(tmp_path / "made.x12")]) == 0
    assert run(["check", str(tmp_path / "made.x12")]) == 0
    path.write_bytes(b"\x80\x81")
    assert run(["write", "837P", str(path)]) == 1
    assert "the JSON does not fit: 'utf-8' codec" in capsys.readouterr().err


def test_the_readme_documents_the_same_shapes_as_the_help() -> None:
    assert _SHAPES in (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_help_documents_the_shapes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for word in ("provider_adjustments", "accepted_count", "rejected_count", "balanced", "277CA"):
        assert word in shown


class Terminal(io.StringIO):
    """What says of itself that someone is looking."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_colour_and_nothing_that_could_take_it_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path := tmp_path / "odd.x12").write_bytes(PLAIN.read_bytes().replace(b"HEALTH PLAN", b"\x1b[2J\x07PLAN"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    assert run(["show", str(path)]) == 0
    assert terminal.getvalue().startswith("\x1b[1m835 claim payment")
    assert "LARKSPUR \ufffd[2J\ufffdPLAN" in terminal.getvalue()
    monkeypatch.setattr(sys, "stdout", plain := Terminal())
    assert run(["show", "--no-color", str(path)]) == 0
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(["show", str(path)]) == 0
    assert "\x1b" not in plain.getvalue()


def test_a_file_gets_utf_8_whatever_the_system_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path := tmp_path / "odd.x12").write_bytes(PLAIN.read_bytes().replace(b"HEALTH PLAN", "\u0141\xd3D\u0179".encode()))
    into = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", taken := io.TextIOWrapper(into, encoding="cp1252", newline="\r\n"))
    assert run(["json", str(path)]) == 0
    taken.flush()
    (line,) = into.getvalue().splitlines(keepends=True)
    assert json.loads(line.decode("utf-8"))["payer_name"] == "LARKSPUR \u0141\xd3D\u0179"
    assert not line.endswith(b"\r\n")


def test_a_big_file_says_how_far_it_is_read_when_someone_is_looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path := tmp_path / "big.x12").write_bytes(x12_files.remittances(5_500_000))
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert run(["check", str(path), str(PLAIN)]) == 0
    assert len(re.findall(r"\rbig\.x12: \d+ %", terminal.getvalue())) > 30
    assert re.search(r"\rbig\.x12: 100 %\r {14}\r\Z", terminal.getvalue())
    assert "plain.x12" not in terminal.getvalue()


def test_check_as_json_says_of_every_file_what_became_of_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["check", "--json", str(tmp_path / "absent.x12"), str(PLAIN)]) == 2
    absent, plain = map(json.loads, capsys.readouterr().out.splitlines())
    assert (absent["status"], absent["problems"][0]["code"]) == (2, "unreadable")
    assert (plain["status"], plain["problems"]) == (0, [])


@pytest.mark.parametrize("kind", ["837P", "837I", "270", "276"])
def test_write_says_which_letters_it_changed(kind: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sample = next(path for path in sorted((SAMPLES / kind).glob("*.x12")) if b"*OTIS*" in path.read_bytes())
    assert run(["json", str(sample)]) == 0
    (path := tmp_path / "from.json").write_text(capsys.readouterr().out.replace("OTIS", "\u0141ukasz"), "utf-8")
    assert run(["write", kind, str(path), "--output", str(tmp_path / "made.x12")]) == 0
    assert b"*LUKASZ*" in (tmp_path / "made.x12").read_bytes()
    said = capsys.readouterr()
    assert said.out == ""
    assert "repaired: NM104 was '\u0141ukasz' and is written 'LUKASZ'." in said.err.splitlines()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "837I"}, "Expected 837P - at `$.type`"),
        ({"interchange": "A"}, "Expected `object`, got `str` - at `$.interchange`"),
        ({"group": {"control": []}}, "`$.group[...]`"),
        ({"interchange": {"sender": "S\u00e9"}}, "ISA06: the sender id has 1 to 15 plain characters"),
        ({"interchange": {"sender_qualifier": "\u00e9\u4e2d"}}, "ISA05: the qualifier has two letters or digits"),
    ],
)
def test_write_refuses_a_header_that_cannot_be(
    change: dict[str, object], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["json", str(SAMPLES / "837P" / "plain.x12")]) == 0
    given = json.loads(capsys.readouterr().out)
    (path := tmp_path / "from.json").write_text(json.dumps({**given, **change}))
    assert run(["write", "837P", str(path)]) == 1
    assert words in capsys.readouterr().err
