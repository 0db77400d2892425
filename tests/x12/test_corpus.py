"""Every published sample: what the manifest says a good reader does with it, we do."""

from __future__ import annotations

import json
import re

from app.model.problem import Problem, Severity
from app.x12 import envelope, kinds, wire
from app.x12.rewrite import rewrite
from tests.x12.corpus import Sample, each
from tests.x12.expected import COMPARE

_SEGMENT = re.compile(r"\b(?:SE|GE|IEA|ST|GS|ISA)\d\d\b")


def _read(sample: Sample) -> tuple[envelope.Reader, list[Problem], list[str]]:
    reader = envelope.read(sample.path, sample.name)
    problems: list[Problem] = []
    names: list[str] = []
    for transaction in reader:
        kind = kinds.kind_of(transaction)
        names.append(kind.name if kind else kinds.polite_name(transaction))
        if kind is None:
            transaction.skip()
        else:
            kinds.mapping(kind).check(transaction)
        problems += transaction.problems.done()
    return reader, problems + reader.problems.done(), names


@each()
def test_a_sample_is_read_reported_named_or_refused(sample: Sample) -> None:
    reader, problems, names = _read(sample)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if sample.reader == "refuse":
        assert not names and errors
    elif sample.reader == "name":
        assert names and not reader.recognised
        assert all(name.startswith(sample.transaction[:3]) or "(" in name for name in names)
    else:
        assert reader.recognised or reader.acknowledgments
    if sample.valid == "yes":
        assert errors == []
    if sample.valid == "no":
        assert problems


@each()
def test_wrong_counts_and_control_numbers_are_reported_where_they_stand(sample: Sample) -> None:
    _, problems, _ = _read(sample)
    said = {problem.place.segment + problem.place.element for problem in problems}
    named = set(_SEGMENT.findall(sample.envelope))
    assert named <= said, (named - said, sample.envelope)
    for missing in re.findall(r"no (SE|GE|IEA)", sample.envelope):
        assert any(problem.code.endswith("-missing") and problem.place.segment == missing for problem in problems)
    counts = {segment for segment, _, _ in re.findall(r"((?:SE|GE|IEA)01) (\S+) is (\d+)", sample.envelope)}
    assert counts <= {problem.place.segment + problem.place.element for problem in problems if "count" in problem.code}


@each()
def test_an_invalid_sample_has_a_problem_in_the_segment_that_the_manifest_names(sample: Sample) -> None:
    if sample.valid != "no" or not (wanted := _named_in(sample.why)):
        return
    _, problems, _ = _read(sample)
    said = {problem.place.segment for problem in problems}
    assert wanted & said, (wanted, said, sample.why)


def _named_in(why: str) -> set[str]:
    """Segments that the manifest's words name: ``(BPR16)``, ``Segment NM1*85``; not the rule ``(P0607)``."""
    elements = re.findall(r"\(([A-Z][A-Z0-9]{1,2})\d\d(?:-\d\d)?\)", why)
    segments = re.findall(r"[Ss]egment ([A-Z][A-Z0-9]{1,2})\b", why)
    mandatory = re.findall(r'Mandatory segment ".*" \(([A-Z0-9]{2,3})\)', why)
    return {found for found in (*elements, *segments, *mandatory) if not re.fullmatch(r"[PRECL]\d\d", found)}


@each()
def test_writing_what_was_read_means_the_same(sample: Sample) -> None:
    """Segment by segment, trailing separators dropped and counts set anew; point 7 and "nothing lost"."""
    before = _segments(sample.path.read_bytes())
    after = _segments(b"".join(rewrite(envelope.read(sample.path))))
    assert after == before


def _segments(data: bytes) -> list[list[str]]:
    """ST to the segment before SE of every transaction, without empty ends."""
    found = []
    for transaction in envelope.read(data):
        for _, written in transaction.segments():
            segment = [part.strip() if written[0] == "ST" else part for part in written]
            while len(segment) > 1 and not segment[-1]:
                segment.pop()
            if segment[0] != "SE":
                found.append(segment)
    return found


@each("835", "271", "277CA", "999")
def test_the_expected_values_are_ours(sample: Sample) -> None:
    path = sample.path.with_suffix(".expected.json")
    if not path.exists() or sample.transaction not in COMPARE:
        return
    expected = json.loads(path.read_text(encoding="utf-8"))
    reader = envelope.read(sample.path)
    assert COMPARE[sample.transaction](reader) == expected["transactions"]
    assert (reader.interchanges, reader.groups) == (expected["interchanges"], expected["groups"])
    if "segments" in expected:
        assert sum(1 for _ in wire.segments(sample.path)) == expected["segments"]
