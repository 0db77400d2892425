"""Errors in words: what happened, what it means, and next steps as buttons."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

import msgspec

from app.model.errors import BadInput, DaybookError

_log = logging.getLogger(__name__)

Steps = Mapping[str, Callable[[], None]]


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """An error made ready to show. ``code`` is small type for support; ``steps`` are (words, what the button does)."""

    happened: str
    means: str
    steps: tuple[tuple[str, Callable[[], None] | None], ...]
    code: str
    decides: bool


def notice_of(error: BaseException, known: Steps) -> Notice:
    """``error`` in words. A programming error is told as such, without its text: that may hold a patient's data."""
    if isinstance(error, DaybookError):
        steps = tuple((step, _doer(step, known)) for step in error.next_steps)
        return Notice(
            happened=error.happened,
            means=error.means,
            steps=steps,
            code=error.code,
            decides=bool(steps) and not isinstance(error, BadInput),
        )
    # The type alone: messages of unforeseen errors may quote what was being worked on.
    _log.error("unforeseen %s", type(error).__name__)
    return Notice(
        happened="Daybook stumbled over its own mistake.",
        means="Nothing was sent because of it. What you typed is still here.",
        steps=(("Try again. If it happens twice, tell support the code below.", None),),
        code=f"bug-{type(error).__name__}",
        decides=True,
    )


def _doer(step: str, known: Steps) -> Callable[[], None] | None:
    """What a step's words ask for, where the window can do it: ``known`` is keyed by how the words begin."""
    lowered = step.lower()
    for words, act in known.items():
        if lowered.startswith(words.lower()):
            return act
    return None
