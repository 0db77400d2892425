"""One regular expression a segment: what it matches is clean, what it does not match is looked at closely.

The expression is made from the guide's own table, so both say the same; it is only allowed to be stricter than
``app.x12.checks`` (``tests/x12/test_quick.py`` holds them together).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from app.x12.checks import STATES
from app.x12.delimiters import Delimiters
from app.x12.guide import ElementSpec, SegmentSpec

_MONTHS = (  # the 29th of February is left to the closer look
    "(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)"
)
_DATE = f"(?:19|20)[0-9][0-9]{_MONTHS}"
_TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9](?:[0-9][0-9]?)?)?"
_SIGNS = "!\"&'()*+,./:;?=%~@[]_{}\\|<>#$^`-"

Match = Callable[[str], object]


def compile_quick(spec: SegmentSpec, delimiters: Delimiters) -> Match:
    """The test for clean texts of this segment."""
    return re.compile(quick_pattern(spec, delimiters)).fullmatch


def quick_pattern(spec: SegmentSpec, delimiters: Delimiters) -> str:
    """The expression; it never matches what a rule between elements could forbid."""
    plain = plain_characters(delimiters)
    separator = re.escape(delimiters.element)
    guarded, pairs = _rules(spec)
    if 0 in guarded:
        return "(?!)"
    pattern, demanded = "", False  # what follows, and whether anything in it is required
    number = len(spec.elements)
    while number:
        element = spec.elements[number - 1]
        one = "" if number in guarded else _element(spec, element, plain, delimiters)
        if number - 1 in pairs:
            number -= 1
            both = f"{separator}{_element(spec, spec.elements[number - 1], plain, delimiters)}{separator}{one}"
            pattern = f"(?:{both}|{separator * 2}){pattern}"
        elif element.usage == "R":
            pattern, demanded = f"{separator}{one}{pattern}", True
        else:
            pattern = f"{separator}(?:{one})?{pattern}"
        if not demanded:
            pattern = f"(?:{pattern})?"
        number -= 1
    return spec.id + pattern


def plain_characters(delimiters: Delimiters) -> str:
    """What may stand in a text, for use inside brackets: the blank, lower case and our separators left out."""
    return "A-Z0-9" + "".join(re.escape(char) for char in _SIGNS if char not in delimiters)


def _rules(spec: SegmentSpec) -> tuple[set[int], dict[int, int]]:
    """Elements that must be empty lest a rule between them be asked (0: always ask); neighbours that go in pairs."""
    required = {element.number for element in spec.elements if element.usage == "R"}
    guarded: set[int] = set()
    pairs: dict[int, int] = {}
    for kind, numbers in spec.rules:
        if kind == "R":
            guarded |= {0} if required.isdisjoint(numbers) else set()
        elif kind == "E":
            kept = next((number for number in numbers if number in required), min(numbers))
            guarded |= {*numbers} - {kept}
        elif kind == "P" and not required.issuperset(numbers):
            if len(numbers) == 2 and numbers[0] + 1 == numbers[1] and required.isdisjoint(numbers):
                pairs[numbers[0]] = numbers[1]
            else:
                guarded |= {*numbers} if required.isdisjoint(numbers) else {0}
        elif kind in "CL" and not required.issuperset(numbers[1:]):
            guarded |= {0} if numbers[0] in required else {numbers[0]}
    pairs = {first: second for first, second in pairs.items() if guarded.isdisjoint((first, second))}
    return guarded, pairs


def _element(spec: SegmentSpec, element: ElementSpec, plain: str, delimiters: Delimiters) -> str:
    separator = re.escape(delimiters.element)
    if element.usage == "N":
        return "(?!)"
    if element.parts:
        return f"(?!{separator}|$){_composite(spec, element, plain, delimiters)}"
    if element.type == "PD":
        return _DATE if element.number == 1 else f"(?<={separator}D8{separator}){_DATE}"
    if spec.id == "N4" and element.number == 3:
        return "[0-9]{5}(?:[0-9]{4})?"
    if spec.id == "N4" and element.number == 2:
        return _codes(STATES)
    if spec.id in ("NM1", "N1") and element.type == "ID" and element.codes and "XX" in element.codes:
        return _codes(element.codes - {"XX"})  # the check digit of an NPI is not for an expression
    return _simple(element, plain)


def _composite(spec: SegmentSpec, element: ElementSpec, plain: str, delimiters: Delimiters) -> str:
    if not delimiters.component:
        return "(?!)"
    pattern, demanded = "", False
    separator = re.escape(delimiters.component)
    for part in reversed(element.parts):
        one = "(?!)" if part.usage == "N" or part.type == "PD" else _simple(part, plain)
        lead = separator if part.number > 1 else ""
        demanded = demanded or part.usage == "R"
        pattern = f"{lead}{one}{pattern}" if part.usage == "R" else f"{lead}(?:{one})?{pattern}"
        if not demanded and part.number > 1:
            pattern = f"(?:{pattern})?"
    return f"(?:{pattern})"


def _codes(codes: frozenset[str]) -> str:
    if not codes:
        return "(?!)"
    return "(?:" + "|".join(re.escape(code) for code in sorted(codes, key=lambda code: (-len(code), code))) + ")"


def _simple(element: ElementSpec, plain: str) -> str:
    if element.codes is not None:
        return _codes(element.codes)
    least, most = element.least, element.most
    if element.type == "DT":
        return _DATE if (least, most) == (8, 8) else "(?!)"
    if element.type == "TM":
        return _TIME if (least, most) == (4, 8) else "(?!)"
    if element.type == "N0":
        return f"[1-9][0-9]{{{max(least - 1, 0)},{most - 1}}}"
    if element.type == "R":
        whole = min(most - 2, 12) if least == 1 else 0
        return f"-?(?:0|[1-9][0-9]{{0,{whole - 1}}})?(?:\\.[0-9]{{1,2}})?(?<=[0-9])" if whole > 0 else "(?!)"
    if element.type == "ID":
        return f"[A-Z0-9]{{{least},{most}}}"
    return words(plain, least, most)


def words(plain: str, least: int, most: int) -> str:
    """So many plain characters, with blanks between them but not around them."""
    return f"[{plain}]" if most == 1 else f"(?! )[{plain} ]{{{least},{most}}}(?<! )"
