"""The one expression a segment: what it calls clean, the close look calls clean too."""

from __future__ import annotations

import random

import pytest

from app.x12 import envelope, kinds
from app.x12.checks import check_segment
from app.x12.delimiters import STANDARD, Delimiters
from app.x12.guide import Guide, SegmentSpec
from app.x12.quick import compile_quick
from app.x12.tree import Report
from tests.x12 import fuzz

KINDS = [kind.name for kind in kinds.KINDS]


def _specs(guide: Guide) -> list[SegmentSpec]:
    return [item for loop in guide.loops.values() for item in loop.items if isinstance(item, SegmentSpec)]


def _report() -> Report:
    data = fuzz.SAMPLES.joinpath("835", "plain.x12").read_bytes()
    return Report(next(iter(envelope.read(data))), ours=True)


@pytest.mark.parametrize("name", KINDS)
def test_quick_is_never_more_lenient_than_the_close_look(name: str) -> None:
    chance = random.Random(name)
    guide = kinds.guide_for(kinds.named(name))
    report = _report()
    matched = 0
    for spec in _specs(guide):
        quick = compile_quick(spec, STANDARD)
        for _ in range(300):
            row = fuzz._row(spec, chance)
            if chance.random() < 0.5:
                row = fuzz._element(row.encode("latin-1"), chance).decode("latin-1")
            if chance.random() < 0.2:
                row = row.rsplit("*", chance.randint(1, 3))[0]  # an end that is missing
            if quick(row):
                matched += 1
                segment = row.split("*")
                segment += [""] * (spec.width - len(segment))
                clean = check_segment(spec, segment, 1, spec.loop.id, report, STANDARD)
                assert clean, (row, report.transaction.problems.done()[-1])
    assert matched > 500


def test_quick_knows_the_separators_of_its_document() -> None:
    spec = next(spec for spec in _specs(kinds.guide_for(kinds.named("835"))) if spec.id == "SVC")
    other = compile_quick(spec, Delimiters("|", ">", "^", "\n"))
    assert other("SVC|HC>99213>25|135|80.1||1")
    assert not other("SVC*HC:99213:25*135*80.1**1")
    assert not other("SVC|HC:99213:25|135|80.1||1")


@pytest.mark.parametrize(
    "row",
    [
        "CAS*CO*45*20*1*96", "CAS*CO*45*20**96", "CAS*XX*45*20", "CAS*CO*45*1e3", "CAS*CO**20", "CAS*CO*45*20*",
        "CAS*CO*45*020", "CAS*CO*45*20.123", "CAS*CO*45*.",
    ],
)  # fmt: skip
def test_quick_leaves_what_is_odd_to_the_close_look(row: str) -> None:
    spec = next(spec for spec in _specs(kinds.guide_for(kinds.named("835"))) if spec.id == "CAS")
    quick = compile_quick(spec, STANDARD)
    assert quick("CAS*CO*45*-20.5*1")
    assert not quick(row) or row == "CAS*CO*45*20*"
