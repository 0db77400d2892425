import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.rules.names import elided, initials, masked, monogram, shown


def test_markup_stays_text_and_direction_controls_go():
    assert shown("<b>x</b>") == "<b>x</b>"
    assert shown("Ann\u202egnp.exe") == "Anngnp.exe"
    assert shown("Ann\u2066\u2069\u200f Lee\u061c") == "Ann Lee"


def test_a_right_to_left_name_is_isolated():
    assert shown("דנה לוי") == "\u2068דנה לוי\u2069"


def test_line_breaks_tabs_and_nulls_become_one_line():
    assert shown("  Ann\r\n\tLee\0\x1b[31m ") == "Ann Lee[31m"


def test_long_names_are_cut_and_stacked_marks_tamed():
    assert shown("x" * 300, 10) == "xxxxxxxxx…"
    assert len(shown("Z" + "\u0336" * 200)) == 5
    assert elided("Zoe\u0308 Lee", 4) == "Zo…"
    assert elided("Zoë", 3) == "Zoë"


def test_emoji_families_keep_their_joiners():
    assert shown("👩‍👧") == "👩‍👧"


def test_privacy_mode_shows_initials_and_masked_ids():
    assert initials("Marigold Fennimore") == "M. F."
    assert initials("Marigold  van der  Fennimore") == "M. F."
    assert initials("Cher") == "C."
    assert initials("<b>x</b>") == "B."
    assert initials("1234") == "–"
    assert initials("") == "–"
    assert monogram("Marigold Fennimore") == "MF"
    assert masked("HL00427781") == "••••••••81"
    assert masked("(312) 555-0147", 4) == "(•••) •••-0147"


@given(st.text(max_size=400), st.integers(1, 120))
def test_shown_is_one_short_line_without_controls(name, limit):
    line = shown(name, limit)
    bare = line.strip("\u2068\u2069")
    assert len(bare) <= limit
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in line)
    assert not any(char in bare for char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert (line == bare) == (not any(unicodedata.bidirectional(char) in {"R", "AL"} for char in bare))


@given(st.text(max_size=60))
def test_initials_never_tell_more_than_two_letters(name):
    assert sum(char.isalpha() for char in initials(name)) <= 4  # ß becomes SS
