"""Patient search: what is indexed of a patient, and how the one search box is understood.

The index is an FTS5 table without content whose rowids are ``patients.id``, the order of last activity, so reading it
backwards gives the newest first and may stop after twenty. Its terms carry a mark for what they are:

- ``n…`` the first one to four letters of each part of the name, ``w…`` the whole part;
- ``c…`` the first one to three characters of chart number and member ids, ``k…`` the whole of it, and the
  same without leading letters (people leave a payer's prefix out);
- ``b…`` birth date as month, day, year (``b03041971``), and its month (``b03``);
- ``p…`` each run of four digits in the phone numbers, so that any fragment is found.

Words are folded (case, accents) and cut here, the same way for both sides; FTS5 only keeps the terms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import msgspec

from app.model.people import Patient

#: Longest prefix kept as a term of its own; a longer one is asked of FTS5 as a prefix of whole words.
_LONGEST = {"n": 4, "c": 3}
_WHOLE = {"n": "w", "c": "k"}
_GRAM = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_DATE = re.compile(r"(\d{1,2})[/.\-](?:(\d{1,2})(?:[/.\-](\d{1,4})?)?)?")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NOT_A_DIGIT = re.compile(r"[^0-9]+")
_PHONE_PART = re.compile(r"\+?[\d().\-]+")


class Word(msgspec.Struct, frozen=True):
    """One word of the box: the FTS expression that finds it; ``fragment`` digits must also be in one phone number.

    ``without_phone`` is the expression for everything but phones (empty: phones only).
    """

    match: str
    fragment: str = ""
    without_phone: str = ""


def fold(text: str) -> tuple[str, ...]:
    """The words of a name: case and accents away, cut at what is neither letter nor digit.

    An apostrophe or hyphen also leaves the joined word, last of its parts: O'Neil gives ``o``, ``neil``, ``oneil``.
    """
    plain = _plain(text)
    if plain.isalnum():
        return (plain,)
    words: list[str] = []
    for chunk in plain.split():
        parts = "".join(char if char.isalnum() else " " for char in chunk).split()
        words += parts
        if len(parts) > 1:
            words.append("".join(parts))
    return tuple(dict.fromkeys(words))


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    wide = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in unicodedata.normalize("NFKD", wide) if not unicodedata.combining(char))


def digits_of(*phones: str) -> str:
    """The digits of phone numbers, each once, with a space between two numbers."""
    runs = [_NOT_A_DIGIT.sub("", phone) for phone in phones if phone]
    return runs[0] if len(runs) == 1 else " ".join(dict.fromkeys(run for run in runs if run))


def code_of(text: str) -> str:
    """A chart number or member id as it is compared: letters and digits only, folded."""
    plain = _plain(text)
    return plain if plain.isalnum() else "".join(char for char in plain if char.isalnum())


def terms_of(patient: Patient, digits: str) -> str:
    """The terms a patient is found by, separated by spaces; ``digits`` come from ``digits_of``.

    A term may come twice: the index keeps it once, and looking would take longer.
    """
    terms = [_name_terms(patient.last_name), _name_terms(patient.first_name)]
    if patient.middle_name or patient.nick_name:
        terms += [_name_terms(patient.middle_name), _name_terms(patient.nick_name)]
    if patient.chart_number:
        terms.append(_code_terms(patient.chart_number))
    if patient.member_ids:
        terms += [_code_terms(code) for code in patient.member_ids]
    if patient.birth_date is not None:
        iso = patient.birth_date.isoformat()
        terms.append(f"b{iso[5:7]} b{iso[5:7]}{iso[8:]}{iso[:4]}")
    for run in digits.split(" "):
        terms += ["p" + run[at : at + _GRAM] for at in range(len(run) - _GRAM + 1)]
    return " ".join(terms)


@lru_cache(maxsize=8192)
def _name_terms(name: str) -> str:
    return " ".join(f"n{word[:1]} n{word[:2]} n{word[:3]} n{word[:4]} w{word}" for word in fold(name))


def _code_terms(code: str) -> str:
    plain = code_of(code)
    terms = f"c{plain[:1]} c{plain[:2]} c{plain[:3]} k{plain}" if plain else ""
    bare = plain.lstrip(_LETTERS)
    return f"{terms} c{bare[:1]} c{bare[:2]} c{bare[:3]} k{bare}" if bare and bare != plain else terms


def understand(text: str, today: date) -> list[Word]:
    """The words of the search box; all must fit. An empty list: nothing was asked.

    Dates may be begun (``3/4/7``); a year of two digits is one that is not after ``today``. Digits in a row of four or
    more are a phone fragment, a chart number or member id, or a birth date without separators.
    """
    words: list[Word] = []
    for raw in _raw_words(text):
        word = _date_word(raw, today) or _digit_word(raw)
        if word is not None:
            words.append(word)
            continue
        folded = fold(raw)
        if folded:
            words.append(_name_word(folded[-1]))  # of O'Neil the joined word: its parts would find every O
    return words


def _raw_words(text: str) -> Iterator[str]:
    """The words as typed, a phone number with spaces in it put together again."""
    pending = ""
    for word in text.split():
        phone_like = bool(_PHONE_PART.fullmatch(word)) and any(char.isdigit() for char in word)
        if phone_like and _continues(pending, word):
            pending += word
            continue
        if pending:
            yield pending
        pending = word if phone_like else ""
        if not phone_like:
            yield word
    if pending:
        yield pending


def _continues(pending: str, word: str) -> bool:
    before = len(digits_of(pending))
    return before in {1, 3, 4, 6, 7} and before + len(digits_of(word)) <= 11 and not _DATE.fullmatch(pending)


def _date_word(raw: str, today: date) -> Word | None:
    iso = _ISO_DATE.fullmatch(raw)
    if iso:
        return Word(f'"B{int(iso[2]):02d}{int(iso[3]):02d}{iso[1]}"'.lower())
    typed = _DATE.fullmatch(raw)
    if typed is None or int(typed[1]) > 12:
        return None
    month, day, year = f"{int(typed[1]):02d}", typed[2], typed[3]
    if not day:
        return Word(f'"b{month}"')
    if not year:
        tail = [f"{int(day):02d}"] if len(day) == 2 or int(day) > 3 else [f"{int(day):02d}", day]
        return Word(_any(f'"b{month}{part}" *' for part in tail))
    stem = f"b{month}{int(day):02d}"
    if len(year) == 4:
        return Word(f'"{stem}{year}"')
    return Word(_any([*(f'"{stem}{whole}"' for whole in _years(year, today)), f'"{stem}{year}" *']))


def _years(short: str, today: date) -> list[str]:
    """Years a short one may mean: ``71`` is 1971, ``7`` any year of a seventies decade, never one to come."""
    if len(short) > 2:
        return []
    century = today.year // 100
    return [str(year) for year in range((century - 1) * 100, today.year + 1) if f"{year % 100:02d}".startswith(short)]


def _digit_word(raw: str) -> Word | None:
    if not _PHONE_PART.fullmatch(raw):
        return None
    digits = digits_of(raw)
    if not digits:
        return None
    others = [_prefix("n", digits), _prefix("c", digits)]
    if len(digits) == 8:
        others.append(f'"b{digits}"')
    if len(digits) < _GRAM:
        return Word(_any(others))
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    grams = " AND ".join(f'"p{digits[at : at + _GRAM]}"' for at in range(len(digits) - _GRAM + 1))
    return Word(_any([*others, f"({grams})"]), digits if len(digits) > _GRAM else "", _any(others))


def _name_word(word: str) -> Word:
    expression = _prefix("n", word)
    if any(char.isdigit() for char in word):
        expression = _any([expression, _prefix("c", word)])
    return Word(expression)


def _prefix(mark: str, word: str) -> str:
    return f'"{mark}{word}"' if len(word) <= _LONGEST[mark] else f'"{_WHOLE[mark]}{word}" *'


def _any(expressions: Iterator[str] | list[str]) -> str:
    found = list(expressions)
    return found[0] if len(found) == 1 else "(" + " OR ".join(found) + ")"
