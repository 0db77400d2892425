"""Elements to values and back: money in exact cents, dates, times, NPI check digits, character sets."""

from __future__ import annotations

import re
from datetime import date

_DECIMAL = re.compile(r"-?(?:\d+\.?\d*|\.\d+)", re.ASCII)


def cents(text: str) -> int:
    """An amount as written (``.5``, ``-94``, ``219.65``) in exact cents; 0 when empty or not a number.

    More than two decimals are rounded half up, away from zero: the check names them as a fault, the sum goes on.
    """
    whole, _, decimals = text.partition(".")
    digits = whole + decimals
    places = len(decimals)
    if places < 3 and digits.isdecimal() and len(digits) < 19 and digits.isascii():
        return int(digits) if places == 2 else int(digits) * (10 if places else 100)
    if text[:1] == "-" and text[1:2] != "-":
        return -cents(text[1:])
    if places > 2 and digits.isdecimal() and len(digits) < 19 and digits.isascii():
        return int(digits[: 2 - places]) + (decimals[2] >= "5")
    return 0


def is_decimal(text: str) -> bool:
    """Whether an element of type R is a number as the standard writes it."""
    return _DECIMAL.fullmatch(text) is not None


def amount(value: int) -> str:
    """Cents as X12 writes money: a decimal point only where needed (``94``, ``219.65``, ``-3.5``)."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    whole, rest = divmod(value, 100)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest:02d}".rstrip("0")


def money(value: int) -> str:
    """Cents with two decimals for people and JSON: ``-3.50``."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{value // 100}.{value % 100:02d}"


_dates: dict[str, date | None] = {}


def day(text: str) -> date | None:
    """A date of 8 (or, as in ISA09, 6) digits; ``None`` when empty or no real day (20230229, point 9)."""
    try:
        return _dates[text]
    except KeyError:
        if len(_dates) > 20_000:
            _dates.clear()
        found = _dates[text] = _day(text)
        return found


def _day(text: str) -> date | None:
    digits = text
    if len(text) == 12 and text.isdecimal():  # DT: date and time
        digits = text[:8]
    if len(text) == 6 and text.isdecimal():
        digits = ("19" if text[:2] > "69" else "20") + text
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def days(text: str) -> tuple[date | None, date | None]:
    """First and last day of a D8 or RD8 element; a single date is both."""
    first, _, last = text.partition("-")
    start = day(first)
    return start, (day(last) if last else start)


def is_time(text: str) -> bool:
    """Whether a TM element of 4, 6, 7 or 8 digits is a time."""
    if not (text.isascii() and text.isdigit()) or len(text) not in (4, 6, 7, 8):
        return False
    return text[:2] < "24" and text[2:4] < "60" and (text[4:6] or "00") < "60"


def npi_is_valid(npi: str) -> bool:
    """Whether an NPI has ten digits and the right check digit (Luhn over 80840 and the NPI)."""
    if len(npi) != 10 or not (npi.isascii() and npi.isdigit()):
        return False
    total = 24
    for index, digit in enumerate(npi):
        value = ord(digit) - 48
        if index % 2 == 0:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0
