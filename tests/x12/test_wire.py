"""Bytes to segments: every oddity of real files gives the same segments as the plain file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from app.model.problem import Severity
from app.x12 import envelope, kinds, wire
from app.x12.delimiters import Delimiters, from_header, is_header
from app.x12.remittance_835 import remittance
from tests.x12.corpus import skipped

SAMPLES = Path(__file__).parent / "samples"
WIRE = SAMPLES / "wire"
PLAIN = SAMPLES / "835" / "plain.x12"


def _texts(path: Path | bytes) -> list[list[bytes]]:
    return [segment for _, segment in wire.segments(path)]


def _body(path: Path) -> list[list[str]]:
    """The first transaction with standard component separators."""
    transaction = next(iter(envelope.read(path)))
    component = transaction.delimiters.component
    return [[part.replace(component, ":") for part in segment] for _, segment in transaction.segments()]


def test_tricky_01_isa_is_106_bytes_and_names_the_four_separators() -> None:
    assert from_header(PLAIN.read_bytes()) == Delimiters("*", ":", "^", "~")
    assert from_header((WIRE / "01-other-delimiters.x12").read_bytes()) == Delimiters("|", ">", "!", "'")
    assert _body(WIRE / "01-other-delimiters.x12") == _body(PLAIN)


def test_tricky_01_an_unpadded_isa_is_read_by_counting_separators() -> None:
    path = WIRE / "01-isa-not-padded.x12"
    assert from_header(path.read_bytes()) == Delimiters("*", ":", "^", "~")
    assert _body(path) == _body(PLAIN)
    reader = envelope.read(path)
    next(iter(reader)).skip()
    assert [(found.code, found.severity) for found in reader.problems.found] == [("isa-width", Severity.WARNING)]


def test_tricky_01_the_u_of_4010_means_no_repetition() -> None:
    data = (WIRE / "01-version-4010.x12").read_bytes()
    assert from_header(data) == Delimiters("*", ":", "", "~")
    assert from_header(data.replace(b"*U*00401", b"*^*00401")) == Delimiters("*", ":", "", "~")


def test_tricky_01_an_empty_isa16_leaves_the_terminator_to_be_found() -> None:
    data = PLAIN.read_bytes().replace(b"*T*:~GS", b"*T*~GS")
    assert from_header(data) == Delimiters("*", ":", "^", "~")


@pytest.mark.parametrize(
    "name",
    [
        "02-crlf-after", "02-crlf-before", "02-newline-terminator", "02-cr-terminator", "02-crlf-terminator",
        "02-indented", "02-bom", "02-wrapped-80", "02-utf16",
    ],
)  # fmt: skip
def test_tricky_02_line_ends_indents_boms_and_wraps_change_nothing(name: str) -> None:
    path = WIRE / f"{name}.x12"
    assert _body(path) == _body(PLAIN)
    reader = envelope.read(path)
    for transaction in reader:
        transaction.skip()
        assert transaction.problems.done() == []
    assert reader.problems.done() == []


@pytest.mark.parametrize("size", [1, 7, 64, 107, 1000])
@pytest.mark.parametrize("path", sorted(WIRE.glob("*.x12")), ids=lambda path: path.stem)
def test_where_the_stream_is_cut_changes_nothing(path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(wire.segments(path))
    monkeypatch.setattr(wire, "CHUNK", size)
    assert list(wire.segments(path)) == whole
    assert list(wire.segments(io.BytesIO(path.read_bytes()))) == whole


def test_tricky_03_each_interchange_has_its_own_delimiters() -> None:
    reader = envelope.read(WIRE / "03-two-interchanges.x12")
    found = [(t.interchange.control, t.delimiters.terminator, t.control, t.count) for t in skipped(reader)]
    assert found == [("000000001", "~", "0001", 39), ("000000002", "\n", "0001", 39), ("000000002", "\n", "0002", 17)]
    assert (reader.interchanges, reader.groups, reader.transactions) == (2, 2, 3)
    assert [problem.code for problem in reader.problems.done()] == []


def test_tricky_03_isaac_is_no_header() -> None:
    assert any(segment[3:4] == [b"ISAAC"] for segment in _texts(PLAIN))
    named = PLAIN.read_bytes().replace(b"ISAAC*JUNE", b"ISA*JUNE")
    reader = envelope.read(named)
    assert sum(1 for _ in reader) == reader.interchanges == 1
    assert not is_header(b"ISAAC*JUNE****MI*W100200301~NM1*82*1*A*B****XX*1~NM1*82*1*A*B****XX*1~A*B*C*D*E*F*G*H~")


def test_tricky_03_several_kinds_in_one_file_are_told_apart() -> None:
    reader = envelope.read(WIRE / "03-two-kinds.x12")
    names = []
    for transaction in reader:
        kind = kinds.kind_of(transaction)
        names.append(kind.name if kind else "")
    assert names == ["835", "999"]
    assert reader.groups == 2


def test_tricky_03_junk_around_the_interchange_is_passed_over_and_said() -> None:
    reader = envelope.read(WIRE / "03-junk-before.x12")
    assert [transaction.control for transaction in skipped(reader)] == ["0001"]
    assert [(found.code, found.severity) for found in reader.problems.done()] == [("junk-before", Severity.WARNING)]
    after = envelope.read(PLAIN.read_bytes() + b"\r\nEnd of report\x1a")
    assert sum(1 for _ in after) == 1
    assert [(found.code, found.severity) for found in after.problems.done()] == [("junk-after", Severity.WARNING)]


def test_tricky_06_every_byte_has_a_reading() -> None:
    names = []
    for name in ("06-latin1", "06-utf8"):
        transaction = next(iter(envelope.read(WIRE / f"{name}.x12")))
        claim = remittance(transaction).claims[1]
        assert claim.patient is not None
        names.append(claim.patient.full_name)
        assert {(found.code, found.severity) for found in transaction.problems.done()} == {
            ("character", Severity.WARNING)
        }
    assert names == ["RENÉ ÅLUND", "RENÉ ÅLUND"]


def test_tricky_07_trailing_empty_elements_and_components_are_accepted() -> None:
    transaction = next(iter(envelope.read(WIRE / "07-trailing-empties.x12")))
    found = remittance(transaction)
    assert transaction.problems.done() == []
    assert found.claims[0].lines[1].procedure.code == "36415"
    assert found.claims[1].responsibility.source == ""  # empty is not zero
    assert found.claims[0].responsibility.source == "30"


def test_a_segment_without_end_does_not_fill_memory() -> None:
    header = PLAIN.read_bytes()[:106]
    endless = io.BytesIO(header + b"X" * (wire.LONGEST_SEGMENT + (1 << 20)))
    found = list(wire.blocks(endless))
    assert len(found[-1].text) <= 80
    assert found[-1].junk


def test_a_file_that_is_no_x12_is_junk_from_end_to_end() -> None:
    found = list(wire.blocks(b"%PDF-1.7 and so on" * 100))
    assert [block.junk for block in found] == [True]
    assert list(wire.segments(b"")) == []
