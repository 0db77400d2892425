"""Letters marked in type-ahead: those typed, nothing else, and the name stays whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.screens.patients.matches import marked


@pytest.mark.parametrize(
    ("name", "typed", "hits"),
    [
        ("Marigold Fennimore", "fenn", ["Fenn"]),
        ("John Smith", "smi j", ["J", "Smi"]),
        ("José Núñez", "jose nun", ["José", "Núñ"]),
        ("Anna-Maria Lee", "maria", ["Maria"]),
        ("Fern Abernathy", "3/4/71", []),
        ("Lee Leeds", "lee lee", ["Lee", "Lee"]),
        ("<b>x</b>", "b", []),
    ],
)
def test_words_typed_mark_the_beginnings_of_names(name: str, typed: str, hits: list[str]) -> None:
    pieces = marked(name, typed)
    assert [text for text, hit in pieces if hit] == hits
    assert "".join(text for text, _ in pieces) == name


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_name_is_changed_whatever_is_typed(name: str, typed: str) -> None:
    assert "".join(text for text, _ in marked(name, typed)) == name
