"""Checks of one segment against its guide: usage, types, lengths, codes, and the rules between elements.

A segment that is clean is remembered by its text, so that the thousandth ``DTM*472*20260105`` costs one look-up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.model.problem import Severity
from app.x12.delimiters import Delimiters
from app.x12.guide import ElementSpec, SegmentSpec
from app.x12.problems import shown
from app.x12.values import day, is_decimal, is_time, npi_is_valid

if TYPE_CHECKING:
    from app.x12.loops import Report

EXTENDED = re.compile(r"""[A-Za-z0-9 !"&'()*+,\-./:;?=%~@\[\]_{}\\|<>#$^`]*""")
_STATES = """
AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI
SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI FM MH PW AA AE AP UM AB BC MB NB NL NS NT NU ON PE QC SK YT
"""  # states, territories, armed forces; Canada without its country
STATES = frozenset(_STATES.split())
_TYPE_WORDS = {
    "N0": "a whole number",
    "R": "a number",
    "DT": "a date",
    "TM": "a time",
    "PD": "a date",
}


class _Checker:
    """One segment under inspection; ``clean`` turns false at the first finding."""

    __slots__ = ("clean", "delimiters", "loop", "number", "report", "segment", "spec")

    def __init__(
        self, spec: SegmentSpec, segment: list[str], number: int, loop: str, report: Report, delimiters: Delimiters
    ) -> None:
        self.spec = spec
        self.segment = segment
        self.number = number
        self.loop = loop
        self.report = report
        self.delimiters = delimiters
        self.clean = True

    def fault(self, element: str, code: str, message: str, next_step: str = "", *, warn: bool = False) -> None:
        self.clean = False
        severity = Severity.WARNING if warn and not self.report.ours else Severity.ERROR
        self.report.at(
            self.number,
            self.spec.id,
            self.loop,
            element,
            code,
            message,
            next_step or ("Correct this field." if self.report.ours else "Tell the sender; the rest was read."),
            severity,
        )

    def run(self) -> bool:
        spec, segment = self.spec, self.segment
        if any(segment[spec.width :]):
            extra = f"{spec.id}{spec.width:02d}"
            self.fault(f"{spec.width:02d}", "element-too-many", f"{extra} does not exist: the segment is too long.")
        for element, value in zip(spec.elements, segment[1:], strict=False):
            if value or element.usage == "R":
                self.element(element, value, f"{element.number:02d}")
        for kind, numbers in spec.rules:
            self.relation(kind, [n for n in numbers if n < spec.width])
        self.special()
        return self.clean

    def element(self, element: ElementSpec, value: str, place: str) -> None:
        name = f"{self.spec.id}{place} ({element.name})"
        if not value:
            self.fault(place, "element-missing", f"{name} is missing.")
            return
        if element.usage == "N":
            self.fault(place, "element-not-used", f"{name} is not used in this transaction.", "Leave it empty.")
            return
        repetition = self.delimiters.repetition
        if not repetition and element.type == "ID":  # ISA11 names no other separator than ISA16: that one repeats
            repetition = self.delimiters.component
        for one in value.split(repetition) if repetition and repetition in value else (value,):
            if not one:
                self.fault(place, "repeat-empty", f"{name} has an empty repeat.", warn=True)
            elif element.parts:
                self.composite(element, one, place)
            else:
                self.simple(element, one, place, name)

    def composite(self, element: ElementSpec, value: str, place: str) -> None:
        parts = value.split(self.delimiters.component) if self.delimiters.component else [value]
        if len(parts) > len(element.parts):
            self.fault(place, "component-too-many", f"{self.spec.id}{place} has more than {len(element.parts)} parts.")
        for index, part in enumerate(element.parts):
            given = parts[index] if index < len(parts) else ""
            if given or part.usage == "R":
                where = f"{place}-{part.number}"
                name = f"{self.spec.id}{where} ({part.name})"
                if not given:
                    self.fault(where, "element-missing", f"{name} is missing.")
                elif part.usage == "N":
                    self.fault(where, "element-not-used", f"{name} is not used in this transaction.", "Leave it empty.")
                else:
                    self.simple(part, given, where, name)

    def simple(self, element: ElementSpec, value: str, place: str, name: str) -> None:
        kind = element.type
        if kind in ("AN", "ID"):
            length = len(value)
        elif kind == "R":
            length = sum(map(str.isdigit, value))
        else:
            length = len(value.lstrip("-"))
        if element.codes is not None:
            if value not in element.codes:
                if value.upper() in element.codes:
                    self.fault(place, "lower-case", f"{name} is in lower case: {value}.", warn=True)
                else:
                    self.fault(
                        place, "code-unknown", f"{name} has {shown(value)}, which this transaction does not know."
                    )
            return
        if kind == "PD":
            self.period(value, place, name)
            return
        if kind not in ("AN", "ID"):
            self.number_or_date(kind, value, place, name)
        if length < element.least:
            self.fault(
                place, "element-too-short", f"{name} has {length} characters; at least {element.least} are needed."
            )
        elif length > element.most:
            self.fault(place, "element-too-long", f"{name} has {length} characters; {element.most} are allowed.")
        if kind == "AN":
            self.text(value, place, name)

    def number_or_date(self, kind: str, value: str, place: str, name: str) -> None:
        if kind == "R":
            good = is_decimal(value)
        elif kind == "N0":
            good = value.isascii() and value.lstrip("-").isdigit()
        elif kind == "DT":
            good = day(value) is not None
        else:
            good = is_time(value)
        if not good:
            self.fault(place, "element-type", f"{name} is not {_TYPE_WORDS[kind]}: {shown(value)}.")
        elif kind in ("R", "N0") and re.match(r"-?0\d", value):
            self.fault(place, "number-shape", f"{name} has leading zeros: {value}.", warn=True)

    def period(self, value: str, place: str, name: str) -> None:
        """A date whose shape stands in the element before it: D8, RD8, DT, TM (point 9)."""
        number = int(place.partition("-")[0])
        if "-" in place:
            parts = self.segment[number].split(self.delimiters.component)
            shape = parts[int(place.partition("-")[2]) - 2]
        else:
            shape = self.segment[number - 1]
        if shape == "D8":
            good = len(value) == 8 and day(value) is not None
        elif shape == "RD8":
            first, _, last = value.partition("-")
            good = len(value) == 17 and day(first) is not None and day(last) is not None
            if good and first > last:
                self.fault(place, "date-order", f"{name} ends before it begins: {value}.", warn=True)
        elif shape == "DT":
            good = len(value) == 12 and day(value[:8]) is not None and is_time(value[8:])
        elif shape == "TM":
            good = is_time(value)
        elif shape == "D6":
            good = len(value) == 6 and day(value) is not None
        else:
            good = bool(shape) and len(value) <= 35
        if not good:
            self.fault(place, "element-type", f"{name} is not a real date: {shown(value)}.")

    def text(self, value: str, place: str, name: str) -> None:
        if value[-1] == " " or value[0] == " ":
            self.fault(place, "blanks", f"{name} begins or ends with a blank.", warn=True)
        if not EXTENDED.fullmatch(value):
            self.fault(place, "character", f"{name} has characters outside the X12 character set.", warn=True)
        elif self.report.ours and value != value.upper() and "@" not in value:
            self.fault(place, "lower-case", f"{name} has lower-case letters.", warn=True)

    def relation(self, kind: str, numbers: list[int]) -> None:
        """P, R, E, C, L rules between elements, by their standard meaning."""
        given = [n for n in numbers if self.segment[n : n + 1] not in ([], [""])]
        spec_id = self.spec.id
        listed = ", ".join(f"{spec_id}{n:02d}" for n in numbers)
        bad = (
            (kind == "P" and given and len(given) != len(numbers))
            or (kind == "R" and not given)
            or (kind == "E" and len(given) > 1)
            or (kind == "C" and numbers[0] in given and len(given) != len(numbers))
            or (kind == "L" and numbers[0] in given and len(given) == 1)
        )
        if bad:
            words = {
                "P": f"If one of {listed} is given, all must be.",
                "R": f"At least one of {listed} must be given.",
                "E": f"Only one of {listed} may be given.",
                "C": f"{spec_id}{numbers[0]:02d} demands the others of {listed}.",
                "L": f"{spec_id}{numbers[0]:02d} demands one of the others of {listed}.",
            }[kind]
            missing = next((n for n in numbers if n not in given), numbers[-1])
            self.fault(f"{missing:02d}", "element-relation", words)

    def special(self) -> None:
        """Shapes that small practices meet everywhere: NPI check digit, ZIP, state."""
        segment, name = self.segment, self.spec.id
        if name == "NM1" and len(segment) > 9 and segment[8] == "XX":
            self.npi(segment[9], "09")
        elif name == "N1" and len(segment) > 4 and segment[3] == "XX":
            self.npi(segment[4], "04")
        elif name == "N4" and len(segment) > 3 and segment[4:5] in ([], [""], ["US"]):
            self.address(segment[2], segment[3])

    def address(self, state: str, code: str) -> None:
        if state and state.upper() not in STATES:
            self.fault(
                "02", "state", f"N402 (state) is {shown(state)}, which is no state of the United States.", warn=True
            )
        if code and not re.fullmatch(r"[0-9]{5}(?:[0-9]{4})?", code):
            self.fault("03", "zip", f"N403 (ZIP code) is {shown(code)}; it has 5 or 9 digits.", warn=True)

    def npi(self, value: str, place: str) -> None:
        if value and not npi_is_valid(value):
            self.fault(
                place,
                "npi",
                f"{self.spec.id}{place} is not a valid NPI: {shown(value)} fails its check digit.",
                "Compare the number with NPPES.",
                warn=True,
            )


def check_segment(
    spec: SegmentSpec, segment: list[str], number: int, loop: str, report: Report, delimiters: Delimiters
) -> bool:
    """Check one segment, report what is wrong, return whether nothing was."""
    return _Checker(spec, segment, number, loop, report, delimiters).run()
