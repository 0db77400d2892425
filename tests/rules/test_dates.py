from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.dates import add_months, parse_date

TODAY = date(2026, 3, 10)  # a Tuesday


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("t", TODAY),
        ("T", TODAY),
        (" today ", TODAY),
        ("tomorrow", date(2026, 3, 11)),
        ("t+3", date(2026, 3, 13)),
        ("t + 3", date(2026, 3, 13)),
        ("+3", date(2026, 3, 13)),
        ("t-1", date(2026, 3, 9)),
        ("+2w", date(2026, 3, 24)),
        ("m", date(2026, 3, 16)),
        ("tu", date(2026, 3, 17)),
        ("Fri", date(2026, 3, 13)),
        ("2w", date(2026, 3, 24)),
        ("6m", date(2026, 9, 10)),
        ("10d", date(2026, 3, 20)),
        ("1y", date(2027, 3, 10)),
        ("3/12", date(2026, 3, 12)),
        ("3/10", TODAY),
        ("3/9", date(2027, 3, 9)),
        ("3/9/26", date(2026, 3, 9)),
        ("03/09/2026", date(2026, 3, 9)),
        ("3-12", date(2026, 3, 12)),
        ("2026-03-12", date(2026, 3, 12)),
        ("mar 12", date(2026, 3, 12)),
        ("March 12, 2027", date(2027, 3, 12)),
        ("031226", date(2026, 3, 12)),
        ("3/12/99", date(1999, 3, 12)),
        ("2/29", date(2028, 2, 29)),
        ("2/30", None),
        ("13/1", None),
        ("99999y", None),
        ("", None),
        ("x", None),
        ("monsoon", None),
        ("²w", None),
    ],
)
def test_dates_as_typed(typed, meant):
    assert parse_date(typed, TODAY) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3/4/71", date(1971, 3, 4)),
        ("03041971", date(1971, 3, 4)),
        ("030471", date(1971, 3, 4)),
        ("1971-03-04", date(1971, 3, 4)),
        ("3.4.1971", date(1971, 3, 4)),
        ("3/4/26", date(2026, 3, 4)),
        ("3/11/26", date(1926, 3, 11)),
        ("3/4/27", date(1927, 3, 4)),
        ("2/29/28", date(1928, 2, 29)),
        ("3/9", date(2026, 3, 9)),
        ("3/12", date(2025, 3, 12)),
        ("2/29", date(2024, 2, 29)),
        ("2/30/2020", None),
        ("13/1/2020", None),
        ("1/2/3/4", None),
        ("abc", None),
        ("", None),
    ],
)
def test_birth_dates_as_typed(typed, meant):
    assert parse_date(typed, TODAY, past=True) == meant


def test_six_months_from_the_last_of_august_is_the_last_of_february():
    assert parse_date("6m", date(2026, 8, 31)) == date(2027, 2, 28)


@given(st.text(max_size=20), st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_nothing_typed_ever_breaks(typed, today):
    for past in (False, True):
        found = parse_date(typed, today, past=past)
        assert found is None or isinstance(found, date)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.sampled_from("mtuwthfsasu"))
def test_a_weekday_is_always_ahead_within_a_week(today, _):
    for name in ("m", "tu", "w", "th", "f", "sa", "su"):
        found = parse_date(name, today)
        assert found is not None
        assert timedelta(0) < found - today <= timedelta(7)


@given(st.dates(date(1990, 1, 1), date(2080, 12, 31)), st.integers(-120, 120))
def test_months_move_by_exactly_that_many_months(day, months):
    moved = add_months(day, months)
    assert moved.year * 12 + moved.month == day.year * 12 + day.month + months
    assert moved.day <= day.day
