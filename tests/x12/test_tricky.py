"""Every point of the corpus's list of tricky ones has a test that cites its number."""

from __future__ import annotations

import re
from pathlib import Path

POINTS = 45


def test_every_point_has_a_test_that_cites_it() -> None:
    found: set[int] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        found.update(int(number) for number in re.findall(r"def test_tricky_(\d+)_", path.read_text("utf-8")))
    assert found == set(range(1, POINTS + 1))
