"""Enrollments in words, from ``resources/words``: apart from ``ui.words``, which the first screen waits for."""

from __future__ import annotations

from functools import cache

import msgspec

import resources
from app.model.enrollment import EnrollmentState
from ui.words import Shown


class EnrollmentWords(msgspec.Struct, frozen=True):
    """States and the transactions they are for; ``silent`` is where nobody has told anything yet."""

    states: dict[EnrollmentState, Shown]
    transactions: dict[str, str]
    silent: Shown


@cache
def enrollments() -> EnrollmentWords:
    """Enrollments and the transactions they are for."""
    return msgspec.json.decode(resources.read_bytes("words", "enrollments.json"), type=EnrollmentWords)
