from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.errors import BadInput
from app.rules import timezones

CHICAGO = "America/Chicago"
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)


def test_the_locations_clock_rules_not_the_workstations():
    nine_in_chicago = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
    assert timezones.local(nine_in_chicago, CHICAGO) == (date(2026, 3, 10), 9 * 60)
    assert timezones.local(nine_in_chicago, "Asia/Kolkata") == (date(2026, 3, 10), 19 * 60 + 30)
    assert timezones.instant(date(2026, 3, 10), 9 * 60, CHICAGO) == nine_in_chicago


def test_spring_day_has_an_hour_that_does_not_exist():
    assert not timezones.exists(SPRING, 2 * 60 + 30, CHICAGO)
    assert timezones.exists(SPRING, 119, CHICAGO)
    assert timezones.exists(SPRING, 180, CHICAGO)
    assert timezones.clock_changes(SPRING, CHICAGO)
    # A visit of two real hours from 1:00 AM ends at 4:00 AM by the wall.
    start, end = timezones.span(SPRING, 60, 120, CHICAGO)
    assert end - start == timedelta(hours=2)
    assert timezones.local(end, CHICAGO) == (SPRING, 4 * 60)


def test_autumn_hour_comes_twice_and_the_first_is_meant():
    assert timezones.exists(AUTUMN, 90, CHICAGO)
    assert timezones.instant(AUTUMN, 90, CHICAGO) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    start, end = timezones.span(AUTUMN, 60, 120, CHICAGO)
    assert end - start == timedelta(hours=2)
    assert timezones.local(end, CHICAGO) == (AUTUMN, 2 * 60)


def test_a_day_without_change_and_a_zone_without_summer_time():
    assert not timezones.clock_changes(date(2026, 3, 9), CHICAGO)
    assert not timezones.clock_changes(SPRING, "America/Phoenix")


def test_minutes_until_counts_real_minutes_over_the_change():
    midnight = timezones.instant(SPRING, 0, CHICAGO)
    assert timezones.minutes_until(midnight, SPRING, 4 * 60, CHICAGO) == 180


def test_an_unknown_zone_is_refused_in_words():
    for name in ("Mars/Olympus", "", "../etc/passwd", "\0"):
        with pytest.raises(BadInput) as refused:
            timezones.zone(name)
        assert refused.value.field == "time_zone"
        assert refused.value.next_steps


@given(
    st.dates(date(2000, 1, 1), date(2035, 12, 31)),
    st.integers(0, 1439),
    st.sampled_from([CHICAGO, "America/New_York", "America/Phoenix", "Pacific/Honolulu", "America/St_Johns", "UTC"]),
)
def test_a_wall_time_that_exists_comes_back_from_its_instant(day, minute, zone):
    back = timezones.local(timezones.instant(day, minute, zone), zone)
    assert (back == (day, minute)) == timezones.exists(day, minute, zone)
    if not timezones.clock_changes(day, zone):
        assert timezones.exists(day, minute, zone)
