"""Counts and control numbers: reported, and never at the cost of the payment."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from app.model.problem import Severity
from app.x12 import envelope, kinds
from app.x12.remittance_835 import remittance
from app.x12.rewrite import rewrite
from tests.x12.corpus import skipped

SAMPLES = Path(__file__).parent / "samples"
WIRE = SAMPLES / "wire"
PLAIN = (SAMPLES / "835" / "plain.x12").read_bytes()


def _codes(data: bytes | Path) -> list[tuple[str, str]]:
    reader = envelope.read(data)
    found = []
    for transaction in reader:
        transaction.skip()
        found += transaction.problems.done()
    found += reader.problems.done()
    return [(problem.code, problem.place.segment + problem.place.element) for problem in found]


def test_tricky_04_every_wrong_count_and_control_number_is_reported() -> None:
    assert _codes(WIRE / "04-wrong-counts.x12") == [
        ("envelope-count", "SE01"), ("envelope-control", "SE02"), ("envelope-count", "GE01"),
        ("envelope-control", "GE02"), ("envelope-count", "IEA01"), ("envelope-control", "IEA02"),
    ]  # fmt: skip


def test_tricky_04_the_payment_is_read_all_the_same() -> None:
    for name in ("04-wrong-counts", "04-not-closed"):
        found = remittance(next(iter(envelope.read(WIRE / f"{name}.x12"))))
        assert (found.payment.cents, len(found.claims), found.difference) == (17810, 2, 0)


def test_tricky_04_numbers_are_compared_as_text_then_as_numbers() -> None:
    assert _codes(WIRE / "04-numbers-unpadded.x12") == []


def test_tricky_04_what_is_not_closed_is_said() -> None:
    assert [code for code, _ in _codes(WIRE / "04-not-closed.x12")] == [
        "envelope-se-missing", "envelope-ge-missing", "envelope-iea-missing",
    ]  # fmt: skip


def test_tricky_04_a_ta1_alone_has_no_group_to_count() -> None:
    alone = PLAIN[:106] + b"TA1*000000007*260105*0930*A*000~IEA*0*000000001~"
    reader = envelope.read(alone)
    assert list(reader) == []
    assert reader.problems.done() == []
    assert reader.acknowledgments[0].ta1[1:] == ("000000007", "260105", "0930", "A", "000")


def test_a_missing_se_does_not_swallow_the_next_transaction() -> None:
    second = PLAIN[PLAIN.index(b"ST*835*0001") : PLAIN.index(b"GE*")].replace(b"*0001~", b"*0002~")
    cut = PLAIN.replace(b"SE*39*0001~GE*1", second + b"GE*2")
    reader = envelope.read(cut)
    assert [(found.control, found.count) for found in skipped(reader)] == [("0001", 38), ("0002", 39)]


def test_a_group_without_isa_keeps_the_separators_it_was_found_with() -> None:
    cut = PLAIN[PLAIN.index(b"GS*") : PLAIN.index(b"IEA*")].replace(b"~", b">")
    reader = envelope.read(cut)
    assert [(found.delimiters.terminator, found.count) for found in skipped(reader)] == [(">", 39)]
    assert [found.code for found in reader.problems.done()] == ["no-envelope"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (gzip.compress(PLAIN), "This is a packed file (gzip): it has no ISA segment. Unpack it"),
        (b"PK\x03\x04" + bytes(60), "This is a ZIP archive: it has no ISA segment. Unpack it"),
        (b"%PDF-1.7\nremittance", "This is a PDF document: it has no ISA segment. Ask the sender"),
        (b"\n<!doctype html><title>Sign in</title>", "This is a web page or XML: it has no ISA segment. Download"),
        (b"Dear provider", "This is not an X12 document: it has no ISA segment. Ask the sender"),
        (b"", "This is not an X12 document: it has no ISA segment. Ask the sender"),
    ],
)
def test_what_is_no_document_is_called_by_its_name(data: bytes, words: str) -> None:
    reader = envelope.read(data)
    assert list(skipped(reader)) == []
    last = reader.problems.done()[-1]
    assert f"{last.message} {last.next_step}".startswith(words)


def test_a_segment_without_a_name_is_written_back_too() -> None:
    for kind in (b"835", b"834"):
        odd = PLAIN.replace(b"ST*835", b"ST*" + kind).replace(b"~LX*1", b"~*~LX*1", 1).replace(b"SE*39", b"SE*40")
        (before,), (after,) = (
            [list(one.segments()) for one in envelope.read(data)]
            for data in (odd, b"".join(rewrite(envelope.read(odd))))
        )
        assert ["", ""] in [row for _, row in before]
        assert after == before


def test_a_place_counts_from_st_and_in_the_file() -> None:
    transaction = next(iter(envelope.read(WIRE / "09-impossible-date.x12", "era.x12")))
    remittance(transaction)
    place = transaction.problems.done()[0].place
    assert (place.file, place.interchange, place.group, place.transaction) == ("era.x12", "000000001", "1", "0001")
    assert (place.segment, place.element, place.loop) == ("DTM", "02", "2100")
    assert (place.segment_number, place.position) == (34, 36)


def test_tricky_05_gs08_decides_and_errata_are_one() -> None:
    for name in ("05-st03-given", "05-first-errata"):
        transaction = next(iter(envelope.read(WIRE / f"{name}.x12")))
        kind = kinds.kind_of(transaction)
        assert kind is not None
        assert kind.name == "835"
        assert remittance(transaction).difference == 0
        assert transaction.problems.done() == []


def test_tricky_05_st03_tells_two_of_ours_apart() -> None:
    data = (SAMPLES / "837I" / "outpatient.x12").read_bytes()
    transaction = next(iter(envelope.read(data.replace(b"X*005010X223A2", b"X*005010X222A1"))))
    kind = kinds.kind_of(transaction)
    assert kind is not None
    assert kind.name == "837I"


@pytest.mark.parametrize(
    ("version", "st01", "name"),
    [
        (b"005010X220A1", b"834", "834 enrollment (005010X220A1)"),
        (b"004010X091A1", b"835", "835 remittance advice of the older version 4010 (004010X091A1)"),
        (b"005010X217", b"278", "278 services review (005010X217)"),
        (b"005010X224A2", b"837", "837D dental claim (005010X224A2)"),
        (b"007050X999", b"835", "835 remittance advice (007050X999)"),
    ],
)
def test_tricky_05_what_we_do_not_read_is_named(version: bytes, st01: bytes, name: str) -> None:
    data = PLAIN.replace(b"005010X221A1", version).replace(b"ST*835", b"ST*" + st01)
    transaction = next(iter(envelope.read(data)))
    assert kinds.kind_of(transaction) is None
    assert kinds.polite_name(transaction) == name


def test_a_transaction_without_envelope_is_read_with_a_warning() -> None:
    reader = envelope.read(WIRE / "no-envelope.x12")
    assert [remittance(found).payment.cents for found in reader] == [17810]
    assert [(found.code, found.severity) for found in reader.problems.done()] == [("no-envelope", Severity.WARNING)]


def test_skipping_reads_on_and_still_checks() -> None:
    reader = envelope.read(WIRE / "04-wrong-counts.x12")
    transactions = list(reader)  # nothing of them was asked for
    assert len(transactions[0].problems) == 2


def test_the_wrong_group_kind_is_said() -> None:
    transaction = next(iter(envelope.read(PLAIN.replace(b"GS*HP", b"GS*HC"))))
    remittance(transaction)
    assert [(found.code, found.place.segment) for found in transaction.problems.done()] == [("group-kind", "GS")]
