"""Jumps through the calendar, times as typed, and what a person's schedule remembers."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.screens.find_slot.why import parse_clock
from ui.screens.schedule.actions import ACTIONS
from ui.screens.schedule.dates import JUMPS, jumped, week_title
from ui.screens.schedule.screen import ScheduleScreen
from ui.screens.schedule.settings import MOST_VIEWS, Look, ScheduleSettings, arranged, view_keys


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(sorted(JUMPS)))
def test_every_jump_keeps_the_weekday(day: date, jump: str) -> None:
    there = jumped(day, jump, 1)
    assert there.weekday() == day.weekday() and there > day
    assert jumped(day, jump, -1) < day


def test_six_months_is_one_stroke() -> None:
    assert jumped(date(2026, 3, 10), "6m", 1) == date(2026, 9, 8)
    assert jumped(date(2026, 3, 10), "3m", -1) == date(2025, 12, 9)
    assert jumped(date(2026, 3, 10), "4w", 1) == date(2026, 4, 7)


def test_week_titles_name_both_months_where_there_are_two() -> None:
    assert week_title((date(2026, 3, 9), date(2026, 3, 13))) == "March 9 – 13"
    assert week_title((date(2026, 3, 30), date(2026, 4, 3))) == "March 30 – April 3"
    assert week_title((date(2026, 12, 28), date(2027, 1, 1))) == "December 28 – January 1, 2027"


@pytest.mark.parametrize(
    ("typed", "minute"),
    [("9", 540), ("9:30", 570), ("930", 570), ("2p", 840), ("2:15 pm", 855), ("2", 840), ("12a", 0), ("13:00", 780),
     ("25", None), ("9:75", None), ("0p", None), ("soon", None), ("", None)],
)  # fmt: skip
def test_times_as_typed(typed: str, minute: int | None) -> None:
    assert parse_clock(typed) == minute


def test_order_and_hidden_columns_are_kept_and_new_providers_come_last() -> None:
    look = Look(order=("c", "a"), hidden=frozenset({"b"}))
    assert arranged(["a", "b", "c", "d"], look) == ["c", "a", "d"]
    kept = msgspec.json.decode(msgspec.json.encode(ScheduleSettings(look=look)), type=ScheduleSettings)
    assert kept.look == look


def test_every_named_view_has_its_keys() -> None:
    keys = [key for number in range(1, MOST_VIEWS + 1) for key in view_keys(number)]
    assert len(set(keys)) == len(keys) == 21
    bound = {key: action.method for action in ACTIONS for key in action.all_keys}
    assert all(bound[f"Ctrl+F{number}"] == f"open_view_{number}" for number in range(1, MOST_VIEWS + 1))
    assert all(callable(getattr(ScheduleScreen, bound[key])) for key in keys)


def test_named_views_replace_their_namesake_and_are_twelve_at_most() -> None:
    settings = ScheduleSettings(look=Look(zoom=2)).with_view("Mornings")
    settings = msgspec.structs.replace(settings, look=Look(zoom=3)).with_view("Mornings")
    assert [(view.name, view.look.zoom) for view in settings.views] == [("Mornings", 3)]
    for number in range(15):
        settings = settings.with_view(f"View {number}")
    assert len(settings.views) == MOST_VIEWS and settings.current == "View 14"
    assert "View 14" not in [view.name for view in settings.without_view("View 14").views]
    assert settings.without_view("View 14").current == ""
