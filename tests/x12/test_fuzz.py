"""A short run of the fuzzer, and hypothesis on the layers; the long run is ``python -m tests.x12.fuzz``."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.x12 import envelope, kinds, wire
from app.x12.delimiters import Delimiters
from app.x12.loops import in_order, tree
from app.x12.values import amount, cents, money
from tests.x12 import fuzz

SEPARATORS = st.builds(
    lambda marks, newline: Delimiters(marks[0], marks[1], marks[2], "\n" if newline else marks[3]),
    st.permutations("*:~^|>+!"),
    st.booleans(),
)
TEXT = st.text(alphabet="ABCDEFGHIJ 0123456789.-", min_size=0, max_size=12).map(str.strip)


def test_a_thousand_documents_do_no_harm() -> None:
    assert fuzz.run(1_000, seed=2026) == 1_000


@pytest.mark.parametrize(("name", "make"), [pytest.param(*one, id=one[0]) for one in fuzz.long_ones(10_000)])
def test_long_loops_and_long_elements_do_no_harm(name: str, make: Callable[[], bytes]) -> None:
    """The long run makes loops ten times as long."""
    fuzz._one(make(), name)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=2_000))
def test_no_bytes_whatever_raise(data: bytes) -> None:
    fuzz.exercise(data)


@settings(deadline=None)
@given(delimiters=SEPARATORS, rows=st.lists(st.lists(TEXT, min_size=1, max_size=9), min_size=1, max_size=20))
def test_segments_come_back_as_they_were_written_with_any_separators(
    delimiters: Delimiters, rows: list[list[str]]
) -> None:
    isa = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", "S".ljust(15), "ZZ", "R".ljust(15), "260105", "0930",
           delimiters.repetition, "00501", "000000001", "0", "T", delimiters.component]  # fmt: skip
    segments = [isa, *(["REF", *row] for row in rows)]
    data = "".join(delimiters.element.join(row) + delimiters.terminator for row in segments).encode()
    read = [[part.decode() for part in row] for _, row in wire.segments(data)]
    assert read == segments


@settings(deadline=None)
@given(value=st.integers(min_value=-(10**12), max_value=10**12))
def test_money_is_exact_both_ways(value: int) -> None:
    assert cents(amount(value)) == value
    assert cents(money(value)) == value


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_a_document_of_a_guide_is_kept_segment_by_segment(seed: int) -> None:
    data = fuzz.made(random.Random(seed))
    for plain, read in zip(envelope.read(data), envelope.read(data), strict=True):
        kind = kinds.kind_of(read)
        assert kind is not None
        root = tree(read, kinds.guide_for(kind, read.delimiters))
        rows = [row.rstrip("*") for _, run in plain.rows() for row in run]
        assert ["*".join(segment).rstrip("*") for segment in in_order(root)] == rows
