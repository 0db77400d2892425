"""Findings about a document: what is wrong, where, and what to do about it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """How much a problem matters: an error stops use, a warning wants a look, info explains."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where in an EDI document something stands.

    ``segment_number`` counts from ST = 1 inside a transaction (as 999 IK302 does); ``position`` counts segments
    of the whole file from 1. ``element`` is ``"03"`` or ``"03-2"`` for a component. Empty means not applicable.
    """

    file: str = ""
    interchange: str = ""
    group: str = ""
    transaction: str = ""
    segment: str = ""
    segment_number: int = 0
    position: int = 0
    loop: str = ""
    element: str = ""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One finding: a stable ``code``, a plain sentence, the next step, a place and a severity."""

    code: str
    message: str
    next_step: str = ""
    severity: Severity = Severity.ERROR
    place: Place = Place()
