"""270, 271, 276, 277 and 277CA as documents: nothing is lost on the way through the model, whatever stands in them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.x12 import envelope, kinds
from app.x12.rewrite import rewrite
from tests.x12 import fuzz
from tests.x12.corpus import Sample, each
from tests.x12.through_model import segments, written

FOLDER = Path(__file__).parent / "samples"
KINDS = ("270", "271", "276", "277", "277CA")
SAMPLES = sorted(path for kind in KINDS for path in (FOLDER / kind).glob("*.x12"))
WRONG = {
    "270/39-wrong-levels": {"code-unknown", "hl-child", "hl-number", "hl-parent", "question-missing"},
    "271/34-kinds-of-benefit": {"amount-missing", "percent"},
    "271/unknown-segments-and-separators": {"segment-unknown"},
    "276/39-wrong-levels-and-no-charge": {"hl-number", "hl-parent", "request-amount", "request-date"},
    "277CA/27-action-against-category": {"action-contradicts"},
    "277CA/28-counts-wrong": {"claim-amount", "claim-count"},
    "277CA/28-rejected-above-an-accepted-claim": {"rejected-above"},
}


def each_of_ours() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", SAMPLES, ids=[f"{path.parent.name}/{path.stem}" for path in SAMPLES])


def test_every_kind_has_samples_of_ours() -> None:
    assert {path.parent.name for path in SAMPLES} == set(KINDS)
    assert set(WRONG) <= {f"{path.parent.name}/{path.stem}" for path in SAMPLES}


@each_of_ours()
def test_a_sample_has_just_the_problems_it_was_made_for(path: Path) -> None:
    reader = envelope.read(path)
    codes: set[str] = set()
    for transaction in reader:
        kind = kinds.kind_of(transaction)
        assert kind is not None
        assert kind.name == path.parent.name
        kinds.mapping(kind).check(transaction)
        codes |= {problem.code for problem in transaction.problems.done()}
    codes |= {problem.code for problem in reader.problems.done()}
    assert codes == WRONG.get(f"{path.parent.name}/{path.stem}", set())


@each_of_ours()
def test_a_sample_survives_the_model(path: Path) -> None:
    data = path.read_bytes()
    assert segments(written(data)) == segments(data)
    assert segments(b"".join(rewrite(envelope.read(data)))) == segments(data)


@each(*KINDS)
def test_a_published_sample_survives_the_model(sample: Sample) -> None:
    """Segment by segment, levels numbered anew; invalid ones may lack whole levels, which are then put in."""
    if sample.valid != "no":
        data = sample.path.read_bytes()
        assert segments(written(data)) == segments(data)


def _document(seed: int, kind: str) -> bytes:
    """A document that follows a guide's table; parties to a benefit stand between LS and LE."""
    rows: list[str] = []
    benefit = enclosed = False
    for row in fuzz.made(random.Random(seed), kinds.named(kind)).decode().split("~"):
        name = row.partition("*")[0]
        if enclosed and name in ("EB", "HL", "SE"):
            rows.append("LE*2120")
            enclosed = False
        benefit = name == "EB" or (benefit and name != "HL")
        if benefit and not enclosed and name == "NM1":
            rows.append("LS*2120")
            enclosed = True
        if name not in ("LS", "LE"):
            rows.append(row)
    return "~".join(rows).encode()


@given(seed=st.integers(0, 2**32), kind=st.sampled_from(KINDS))
@settings(max_examples=150, deadline=None)
def test_a_document_made_from_a_guide_survives_the_model(seed: int, kind: str) -> None:
    data = _document(seed, kind)
    assert segments(written(data)) == segments(data)


@given(seed=st.integers(0, 2**32), kind=st.sampled_from(KINDS))
@settings(max_examples=100, deadline=None)
def test_a_damaged_document_is_read_all_the_same(seed: int, kind: str) -> None:
    chance = random.Random(seed)
    fuzz.exercise(fuzz.mutated(_document(seed, kind), chance))
