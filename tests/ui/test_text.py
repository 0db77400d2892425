"""Words: made safe, dates and hours as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.actions.keys import caps_of
from ui.hours import parse_windows, windows_text
from ui.notices import notice_of
from ui.text import age, clean, clock_time, moment_words, span_words, tip

TODAY = date(2026, 3, 10)


@given(st.text(max_size=700))
def test_a_name_from_outside_stays_on_its_line_and_turns_nothing(name: str) -> None:
    shown = clean(name)
    assert len(shown) <= 300
    assert not any(
        mark in shown
        for mark in "\n\r\t\x00\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    )
    assert clean(shown) == shown


def test_markup_and_emoji_stay_what_was_typed() -> None:
    assert clean("<b>x</b>") == "<b>x</b>"
    assert clean("Zoë 🦊 Fox") == "Zoë 🦊 Fox"
    assert clean("evil\u202etxt.exe") == "eviltxt.exe"
    assert "&lt;b&gt;" in tip("<b>x</b>") and tip("plain") == "plain"


@given(st.text(max_size=30))
def test_no_text_breaks_the_hours(typed: str) -> None:
    parse_windows(typed)


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True))
def test_hours_written_out_read_back_the_same(minutes: list[int]) -> None:
    ordered = sorted(minutes)
    windows = list(zip(ordered[::2], ordered[1::2], strict=False))
    assert parse_windows(windows_text([w for w in windows if w[1] < 1440])) == [w for w in windows if w[1] < 1440]


def test_hours_as_typed() -> None:
    assert parse_windows("8-12, 1-5") == [(480, 720), (780, 1020)]
    assert parse_windows("830-12") == [(510, 720)]
    assert parse_windows("7a-7p") == [(420, 1140)]
    assert parse_windows("12-1") == [(720, 780)]
    assert parse_windows("8-12,11-1") is None
    assert parse_windows("noon") is None


def test_moments_and_ages() -> None:
    now = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)
    assert moment_words(now, now, "America/Chicago") == "9:43 AM"
    assert moment_words(now - timedelta(2), now, "America/Chicago") == "Mar 8, 9:43 AM"
    assert moment_words(now - timedelta(400), now, "America/Chicago").startswith("Feb 3, 2025")
    assert clock_time(0) == "12:00 AM" and clock_time(12 * 60) == "12:00 PM" and clock_time(1439) == "11:59 PM"
    assert span_words(timedelta(seconds=6)) == "6 s" and span_words(timedelta(days=3)) == "3 days"
    assert age(date(1984, 3, 14), TODAY) == "41" and age(date(1984, 3, 10), TODAY) == "42"
    assert age(date(2026, 2, 17), TODAY) == "3 wk" and age(date(2025, 8, 1), TODAY) == "7 mo"
    assert age(None, TODAY) == "" and age(date(2027, 1, 1), TODAY) == ""


def test_keys_as_caps() -> None:
    assert caps_of("G, S") == ("G", "S")
    assert caps_of("Ctrl+,")[-1] == ","
    assert caps_of("+") == ("+",)
    assert caps_of("1 2 3") == ("1", "2", "3")


def test_an_unforeseen_error_tells_nothing_of_what_it_was_about(caplog: pytest.LogCaptureFixture) -> None:
    notice = notice_of(ValueError("Marigold Fennimore"), {})
    assert "Marigold" not in " ".join((notice.happened, notice.means, notice.code, *(s[0] for s in notice.steps)))
    assert "Marigold" not in caplog.text and "ValueError" in caplog.text
