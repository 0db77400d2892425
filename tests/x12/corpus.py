"""The corpus of published samples beside the clone, read in place; tests say so where it is not there."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from app.x12.envelope import Reader, Transaction

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "x12"


class Sample(NamedTuple):
    """One row of MANIFEST.csv."""

    name: str
    transaction: str
    valid: str
    why: str
    envelope: str
    reader: str

    @property
    def path(self) -> Path:
        return FOLDER / self.name


def samples(*folders: str) -> list[Sample]:
    """All samples, or those of the named folders; none where the corpus is not there."""
    manifest = FOLDER / "MANIFEST.csv"
    if not manifest.exists():
        return []
    with manifest.open(newline="", encoding="utf-8") as stream:
        rows = [
            Sample(row["file"], row["transaction"], row["expected_valid"], row["why"], row["envelope"], row["reader"])
            for row in csv.DictReader(stream)
        ]
    return [row for row in rows if not folders or row.name.split("/")[0] in folders]


def each(*folders: str) -> pytest.MarkDecorator:
    """Parametrize a test over the samples; one skipped case with the reason where there is no corpus."""
    found = samples(*folders)
    cases = [pytest.param(sample, id=sample.name) for sample in found]
    if not cases:
        skip = pytest.mark.skip(reason="the corpus of EDI samples does not stand beside the clone (../shared/x12)")
        cases = [pytest.param(None, id="no-corpus", marks=skip)]
    return pytest.mark.parametrize("sample", cases)


def skipped(reader: Reader) -> Iterator[Transaction]:
    """Every transaction of a document, its content passed over."""
    for transaction in reader:
        transaction.skip()
        yield transaction
