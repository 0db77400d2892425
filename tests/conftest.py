"""What every test may rely on: a clock that stands still and the practice's fixed morning."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.model.clock import FixedClock

#: Tuesday 10 March 2026, 9:43 in Chicago: the morning of every screenshot.
MORNING = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MORNING)
