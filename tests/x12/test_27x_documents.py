"""270, 271, 276, 277 and 277CA as documents: nothing is lost on the way through the model, whatever stands in them."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.claim import Raw
from app.model.problem import Severity
from app.x12 import envelope, kinds
from app.x12.kept import missing, put_back, raw
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


# -- envelopes and levels that do not say what they should ------------------------------------------------------------


def _read(data: bytes) -> tuple[list[str], dict[str, Severity]]:
    names: list[str] = []
    codes: dict[str, Severity] = {}
    for transaction in envelope.read(data):
        kind = kinds.kind_of(transaction)
        assert kind is not None
        names.append(kind.name)
        kinds.mapping(kind).check(transaction)
        codes |= {problem.code: problem.severity for problem in transaction.problems.done()}
    return names, codes


def test_tricky_05_a_276_whose_gs08_is_that_of_the_270_is_read_by_its_st03() -> None:
    data = (FOLDER / "276/plain.x12").read_bytes().replace(b"*X*005010X212", b"*X*005010X279A1")
    assert _read(data) == (["276"], {"guide-mismatch": Severity.WARNING})


def test_tricky_05_a_277_of_another_guide_is_not_read_as_ours() -> None:
    data = (FOLDER / "277CA/plain.x12").read_bytes().replace(b"005010X214", b"005010X364")
    (transaction,) = envelope.read(data)
    assert kinds.kind_of(transaction) is None


def test_a_group_of_the_wrong_kind_is_read_and_named() -> None:
    data = (FOLDER / "271/plain.x12").read_bytes().replace(b"GS*HB", b"GS*XX")
    assert _read(data) == (["271"], {"group-kind": Severity.WARNING})


@pytest.mark.parametrize(
    ("name", "lost", "left"),
    [
        ("270/plain", b"HL*1**20*1~NM1*PR*2*HARBORLIGHT HEALTH*****PI*HLH01~HL*2*1*21*1~", 1),
        ("277CA/plain", b"HL*3*2*19*1~NM1*85*2*LARKSPUR FAMILY MEDICINE*****XX*1234567893~", 2),
    ],
)
def test_what_stands_under_a_level_that_was_left_out_is_read_all_the_same(name: str, lost: bytes, left: int) -> None:
    data = (FOLDER / f"{name}.x12").read_bytes()
    assert lost in data
    for transaction in envelope.read(data.replace(lost, b"")):
        kind = kinds.kind_of(transaction)
        assert kind is not None
        assert len(list(kinds.mapping(kind).read(transaction))) == left
        assert "hl-number" in {problem.code for problem in transaction.problems.done()}


# -- what no field takes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "would_write"),
    [
        ("A1 B1 C1", "A1 B1 C1"),
        ("A1 X1 B1 X2 C1", "A1 B1 C1"),
        ("A1 B1-2 C1", "A1 B1 C1"),
        ("A1 B1-2 B1 C1", "A1 B1 C1"),
        ("A1 B1-2 C1", "A1 L1 B1 M1 C1"),
        ("X1 A1 X1", "A1"),
        ("C1 A1 B1", "A1 B1 C1"),
        ("X1 X1 X2", "A1"),
    ],
)
def test_what_would_be_lost_is_kept_and_put_back(read: str, would_write: str) -> None:
    before, written_rows = ([_row(text) for text in texts.split()] for texts in (read, would_write))
    after = put_back([list(row) for row in written_rows], missing(before, written_rows))
    found = [raw(row) for row in after]
    assert not Counter(before) - Counter(found)  # nothing lost
    assert not Counter(found) - Counter(before) - Counter(written_rows)  # nothing made up


def _row(text: str) -> Raw:
    first, _, more = text.partition("-")
    return (first[0], first[1], more) if more else (first[0], first[1])


def test_a_long_run_of_changed_rows_takes_no_longer_than_its_length() -> None:
    read: list[Raw] = [("EB", "1", str(number), "X") for number in range(60_000)]
    would_write: list[Raw] = [row[:3] for row in read]
    begun = time.process_time()
    assert len(missing(read, would_write)) == len(read)
    assert time.process_time() - begun < 5
