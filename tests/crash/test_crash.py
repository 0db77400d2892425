"""Twenty kills; ``make crash`` does two hundred."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.trial import Trial


@pytest.mark.slow
def test_no_booking_is_lost_or_doubled_when_the_program_is_killed(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    report = Trial(tmp_path, kills=20, seed=20260310).run()
    record_property("crash test", report.words())
    assert report.problems == []
    assert report.kills == 20
    assert report.intents == 40
    assert report.confirmed >= report.intents * 0.9, report.words()
