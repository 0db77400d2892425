"""What every test may rely on: a clock that stands still, the practice's fixed morning, and time for any example."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings

from app.model.clock import FixedClock

# Left alone, a property fails where one of its examples takes 200 ms: on a busy machine any may.
settings.register_profile("daybook", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("daybook")

#: Tuesday 10 March 2026, 9:43 in Chicago: the morning of every screenshot.
MORNING = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MORNING)
