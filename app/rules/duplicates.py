"""Is this the same person? Which fields agree, which differ, and when that is likely enough to ask (FEATURES B3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import msgspec

from app.model.booking import DuplicateMatch
from app.model.people import Patient, PatientRow
from app.rules.words import listed

#: What agreement in a field speaks for; a disagreement takes away the same field's second number.
_WEIGHTS: dict[str, tuple[int, int]] = {
    "last_name": (30, 35),
    "first_name": (20, 20),
    "birth_date": (35, 40),
    "phone": (25, 5),
    "email": (20, 5),
    "member_ids": (40, 0),
}
LIKELY, POSSIBLE = 65, 45
_FIELD_WORDS = {
    "last_name": "last name",
    "first_name": "first name",
    "birth_date": "birth date",
    "phone": "phone",
    "email": "email",
    "member_ids": "member ID",
    "address": "address",
}


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A patient already there: the row a list shows and the whole record to compare."""

    row: PatientRow
    patient: Patient


def likely_duplicates(new: Patient, known: Iterable[Known], limit: int = 5) -> tuple[DuplicateMatch, ...]:
    """Patients that may be ``new``, the likeliest first; ``agree`` and ``differ`` name the fields to mark."""
    scored = []
    for other in known:
        agree, differ = compared(new, other.patient)
        score = sum(_WEIGHTS[field][0] for field in agree if field in _WEIGHTS)
        score -= sum(_WEIGHTS[field][1] for field in differ if field in _WEIGHTS)
        if score >= POSSIBLE:
            words = f"Same {listed([_FIELD_WORDS[field] for field in agree])}."
            if differ:
                words += f" Different {listed([_FIELD_WORDS[field] for field in differ])}."
            match = DuplicateMatch(row=other.row, agree=agree, differ=differ, likely=score >= LIKELY, words=words)
            scored.append((-score, other.row.full_name(), other.row.local_id, match))
    return tuple(match for *_, match in sorted(scored, key=lambda entry: entry[:3])[:limit])


def compared(one: Patient, other: Patient) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Field names that agree, and that differ; a field empty on either side is in neither."""
    agree: list[str] = []
    differ: list[str] = []
    for field, same in _comparisons(one, other):
        if same is not None:
            (agree if same else differ).append(field)
    return tuple(agree), tuple(differ)


def field_words(field: str) -> str:
    """``"birth date"`` for ``birth_date``."""
    return _FIELD_WORDS.get(field, field.replace("_", " "))


def _comparisons(one: Patient, other: Patient) -> Iterable[tuple[str, bool | None]]:
    yield "last_name", _same_name(one.last_name, other.last_name)
    yield "first_name", _same_first(one, other)
    yield "birth_date", one.birth_date == other.birth_date if one.birth_date and other.birth_date else None
    yield "phone", _share(_phones(one), _phones(other))
    yield "email", _share({_plain(one.email)} - {""}, {_plain(other.email)} - {""})
    yield "member_ids", _share({_plain(i) for i in one.member_ids}, {_plain(i) for i in other.member_ids})
    street = (_plain(one.address.street), _plain(other.address.street))
    yield "address", street[0] == street[1] if all(street) else None


def _same_name(one: str, other: str) -> bool | None:
    first, second = _plain(one), _plain(other)
    return first == second if first and second else None


def _same_first(one: Patient, other: Patient) -> bool | None:
    """First names agree when equal, when one is the other's nickname, or when one is just an initial of it."""
    mine = {_plain(name) for name in (one.first_name, one.nick_name)} - {""}
    theirs = {_plain(name) for name in (other.first_name, other.nick_name)} - {""}
    if not mine or not theirs:
        return None
    return any(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a in mine for b in theirs)


def _share(one: set[str], other: set[str]) -> bool | None:
    return bool(one & other) if one and other else None


def _phones(patient: Patient) -> set[str]:
    digits = (re.sub(r"\D", "", number) for number in (patient.phone, patient.cell_phone, patient.sms_phone))
    return {number[-10:] for number in digits if len(number) >= 7}


def _plain(text: str) -> str:
    """Lower case, no accents, letters, digits and @ only: ``O'Neil-Ruíz`` is ``oneilruiz``."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in spread if char.isalnum() or char == "@")
