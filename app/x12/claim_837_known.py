"""Parts of an 837P claim that come again and again (a code with its fee, a day, a payer): text → values, once each.

Every table answers ``None`` for a text that is not clean by the guide's own quick test; the generic reader then looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from app.model.claim import (
    Diagnosis,
    Note,
    Party,
    Payer,
    Procedure,
    QualifiedAmount,
    QualifiedDate,
    Reference,
)
from app.model.people import Address
from app.x12.claim_837_loops import party_of_rows, procedure_of
from app.x12.delimiters import Delimiters
from app.x12.guide import Guide, LoopSpec, Segment, SegmentSpec
from app.x12.kinds import guide_for, named
from app.x12.quick import plain_characters, quick_pattern, words
from app.x12.texts import MONEY, Texts
from app.x12.values import day, npi_is_valid

_TAXONOMY = re.compile(r"[0-9A-Z]{9}X").fullmatch
_CLAIM_DATES = ("431", "454", "439", "484", "435", "096")
_PAD = [[""] * n for n in range(30)]
CHARGE = r"(?:0|[1-9][0-9]{0,9})?(?:\.[0-9]{1,2})?(?<=[0-9])"
MOST_CLAIMS = 100  # under one subscriber or patient; more is for the generic reader to say
MOST_LINES = 50
_CHARGE = re.compile(CHARGE).fullmatch
_known: dict[Delimiters, Known] = {}


def known(delimiters: Delimiters) -> Known:
    """The parts as they are written with these delimiters, kept for all that is read and written with them."""
    found = _known.get(delimiters)
    if found is None:
        if len(_known) > 20:
            _known.clear()
        found = _known[delimiters] = Known(guide_for(named("837P"), delimiters), delimiters)
    return found


class Known:
    """The parts, for one set of delimiters."""

    def __init__(self, guide: Guide, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.element, self.end = delimiters.element, delimiters.terminator
        self._loops = guide.loops
        self._clean_text: dict[tuple[str, str], Callable[[str], object]] = {}
        plain = plain_characters(delimiters)
        self.number, self.value = words(plain, 1, 20), words(plain, 1, 50)
        self.is_number, self._is_value = re.compile(self.number).fullmatch, re.compile(self.value).fullmatch
        self.is_charge = _CHARGE
        self.claim_kinds, self.line_kinds = self._reference_kinds("2300"), self._reference_kinds("2400")
        self.coverages = Texts(self._read_coverage, 2_000)
        self.cities = Texts(self._read_city, 4_000)
        self.births = Texts(self._read_birth, 20_000)
        self.payers = Texts(self._read_payer, 2_000)
        self.heads = Texts(self._read_head, 2_000)
        self.dates = Texts(self._read_dates, 8_000)
        self.service_dates = Texts(self._read_service_date, 8_000)
        self.amounts = Texts(self._read_amounts, 4_000)
        self.codes = Texts(self._read_codes, 8_000)
        self._one_provider = Texts(self._read_provider, 4_000)
        self.providers = Texts(self._read_providers, 4_000)
        self.services = Texts(self._read_service, 20_000)

    # -- expressions ----------------------------------------------------------------------------------------

    def is_value(self, text: str) -> object:
        """Whether a text may be the number in a REF; most are letters and digits, which is quickly seen."""
        if (text.isdecimal() or (text.isupper() and text.isalnum())) and text.isascii() and len(text) < 51:
            return True
        return self._is_value(text)

    def _reference_kinds(self, loop: str) -> frozenset[str]:
        """The kinds of REF that a loop knows, but for X4: its shape is for the generic reader to judge."""
        specs = (item for item in self._loops[loop].items if isinstance(item, SegmentSpec) and item.id == "REF")
        return frozenset(code for spec in specs for code in spec.key_part) - {"X4"}

    def _any(self, loop: LoopSpec, segment_id: str) -> Callable[[str], object]:
        specs = [item for item in loop.items if isinstance(item, SegmentSpec) and item.id == segment_id]
        return re.compile("|".join(quick_pattern(spec, self.delimiters) for spec in specs)).fullmatch

    def clean(self, loop: str, segment_id: str) -> Callable[[str], object]:
        """The guide's quick test for that segment of a loop: what it answers is true for a clean text."""
        key = (loop, segment_id)
        clean = self._clean_text.get(key)
        if clean is None:
            clean = self._clean_text[key] = self._any(self._loops[loop], segment_id)
        return clean

    def fields(self, loop: str, row: str, width: int) -> list[str] | None:
        """A clean segment taken apart and padded; ``None`` when the guide's quick test does not call it clean."""
        fields = row.split(self.element)
        if not self.clean(loop, fields[0])(row):
            return None
        return fields + _PAD[width - len(fields)] if len(fields) < width else fields

    def person(self, loop: str, nm1: str, n3: str | None, n4: str | None, dmg: str | None) -> Party | None:
        """A subscriber or patient from NM1, N3 and N4, DMG."""
        name = self.fields(loop, nm1, 10)
        if name is None:
            return None
        address: Address | None = None
        if n3 is not None and n4 is not None:
            street, city = self.fields(loop, n3, 3), self.cities[n4]
            if street is None or city is None:
                return None
            address = Address(
                street=street[1], unit=street[2], city=city[0], state=city[1], postal_code=city[2], country=city[3]
            )
        birth = self.births[dmg] if dmg is not None else ("", "")
        if birth is None:
            return None
        return Party(
            role=name[1],
            is_person=name[2] == "1",
            name=name[3],
            first_name=name[4],
            middle_name=name[5],
            suffix=name[7],
            id_qualifier=name[8],
            id=name[9],
            address=address,
            birth_date=birth[0],
            sex=birth[1],
        )

    def _read_coverage(self, row: str) -> tuple[str, ...] | None:
        """SBR: (order, relationship, group, group name, insurance type, filing)."""
        fields = self.fields("2000B", row, 10)
        if fields is None or (fields[9] in ("MA", "MB") and fields[1] != "P" and not fields[5]):
            return None
        return fields[1], fields[2], fields[3], fields[4], fields[5], fields[9]

    def _read_city(self, row: str) -> tuple[str, ...] | None:
        fields = self.fields("2010BA", row, 8)
        return None if fields is None or any(fields[5:]) else tuple(fields[1:5])

    def _read_birth(self, row: str) -> tuple[str, str] | None:
        fields = self.fields("2010BA", row, 4)
        return None if fields is None else (fields[2], fields[3])

    def _read_payer(self, run: str) -> Payer | None:
        rows = self._clean_loop("2010BB", run)
        if rows is None:
            return None
        return party_of_rows(rows, self.delimiters.component, Payer)

    def _clean_loop(self, loop: str, run: str) -> list[Segment] | None:
        """The segments of one loop, each clean, in the guide's order and none too often; ``None`` otherwise."""
        texts = run.split(self.end)
        texts.pop()
        items = [item for item in self._loops[loop].items if isinstance(item, SegmentSpec)]
        counts = dict.fromkeys(items, 0)
        found: list[Segment] = []
        slots = []
        for row in texts:
            segment = Segment(row.split(self.element))
            spec = next(
                (
                    item
                    for item in items
                    if item.id == segment[0]
                    and (not item.key or (segment[item.key : item.key + 1] and segment[item.key] in item.key_part))
                ),
                None,
            )
            if spec is None or not self._clean(spec, row, segment):
                return None
            counts[spec] += 1
            slots.append(spec.slot)
            segment += [""] * (spec.width - len(segment))
            found.append(segment)
        if any(first > second for first, second in pairwise(slots)):
            return None
        for item, count in counts.items():
            if (item.most and count > item.most) or (item.usage == "R" and not count):
                return None
        return found

    def _clean(self, spec: SegmentSpec, row: str, segment: list[str]) -> bool:
        """The guide's quick test; an NPI passes by its own check digit."""
        if len(segment) == 10 and segment[0] == "NM1" and segment[8] == "XX":
            if not npi_is_valid(segment[9]):
                return False
            return (
                re.fullmatch(quick_pattern(spec, self.delimiters), self.element.join(segment[:8]).rstrip(self.element))
                is not None
            )
        return re.fullmatch(quick_pattern(spec, self.delimiters), row) is not None

    def _read_head(self, rest: str) -> tuple[str, ...] | None:
        """CLM from its third element on; nothing that calls for another rule."""
        row = self.element.join(("CLM", "A", "1", rest))
        fields = self.fields("2300", row, 21)
        if fields is None or any(fields[11:]):
            return None
        place = fields[5].split(self.delimiters.component)
        if len(place) != 3 or place[2] in ("7", "8"):
            return None
        return place[0], place[1], place[2], fields[6], fields[7], fields[8], fields[9], fields[10]

    def _read_dates(self, run: str) -> tuple[QualifiedDate, ...] | None:
        """DTP of a claim: real days, each kind once."""
        found = []
        for row in run.split(self.end)[:-1]:
            fields = row.split(self.element)
            if (
                len(fields) != 4
                or fields[1] not in _CLAIM_DATES
                or fields[2] != "D8"
                or not self._real("D8", fields[3])
            ):
                return None
            found.append(QualifiedDate(fields[1], fields[2], fields[3]))
        return tuple(found) if len({one.qualifier for one in found}) == len(found) else None

    def _read_service_date(self, run: str) -> tuple[QualifiedDate] | None:
        """DTP of a line: the service date alone, a real day or range."""
        fields = run[:-1].split(self.element)
        if len(fields) != 4 or fields[1] != "472" or not self._real(fields[2], fields[3]):
            return None
        return (QualifiedDate(fields[1], fields[2], fields[3]),)

    @staticmethod
    def _real(form: str, text: str) -> bool:
        if form == "D8":
            return len(text) == 8 and day(text) is not None
        first, dash, last = text.partition("-")
        return (
            form == "RD8"
            and len(text) == 17
            and dash == "-"
            and day(first) is not None
            and day(last) is not None
            and first <= last
        )

    def _read_amounts(self, run: str) -> tuple[QualifiedAmount, ...] | None:
        row = run[:-1]
        fields = row.split(self.element)
        if self.end in row or len(fields) != 3 or not _CHARGE(fields[2]) or fields[1] not in ("F5", "T"):
            return None
        return (QualifiedAmount(fields[1], MONEY[fields[2]]),)

    def references(self, run: str, loop: str, before: tuple[Reference, ...] = ()) -> tuple[Reference, ...] | None:
        """REF after those ``before``, each kind once. They are mostly numbers that never come again: not remembered."""
        kinds = self.claim_kinds if loop == "2300" else self.line_kinds
        found = list(before)
        for row in run.split(self.end)[:-1]:
            fields = row.split(self.element)
            if len(fields) != 3 or fields[1] not in kinds or not self.is_value(fields[2]):
                return None
            if any(fields[1] == other.qualifier for other in found):
                return None
            found.append(Reference(fields[1], fields[2]))
        return tuple(found)

    def notes(self, run: str, loop: str) -> tuple[Note, ...] | None:
        """NTE, one alone."""
        row = run[:-1]
        if self.end in row:
            return None
        fields = self.fields(loop, row, 3)
        return None if fields is None else (Note(fields[1], fields[2]),)

    def _read_codes(self, run: str) -> tuple[tuple[Diagnosis, ...], tuple[int, ...], int] | None:
        """HI: one segment of diagnoses, of one code set, none twice, without points."""
        row = run[:-1]
        if not run or self.end in row or self.fields("2300", row, 2) is None:
            return None
        found = []
        for text in row.split(self.element)[1:]:
            qualifier, _, code = text.partition(self.delimiters.component)
            if not code or "." in code or qualifier[-2:] not in ("BK", "BF"):
                return None
            found.append(Diagnosis(qualifier, code))
        if len({one.code for one in found}) != len(found) or len({len(one.qualifier) for one in found}) > 1:
            return None
        return tuple(found), (len(found),), len(found)

    def _read_providers(self, run: str) -> tuple[tuple[Party, ...], str] | None:
        """Loops 2310: each role once, in any order that the guide allows; and the rendering provider's NPI."""
        mark = "NM1" + self.element
        if not run.startswith(mark):
            return None
        found: list[Party] = []
        for block in run.split(self.end + mark):
            text = block if block.startswith(mark) else mark + block
            one = self._one_provider[text if text.endswith(self.end) else text + self.end]
            if one is None or any(one.role == other.role for other in found):
                return None
            found.append(one)
        rendering = next((one.npi for one in found if one.role == "82"), "")
        return tuple(found), rendering

    def _read_provider(self, run: str) -> Party | None:
        role = run.split(self.element, 2)[1]
        loop = {"DN": "2310A", "P3": "2310A", "82": "2310B", "77": "2310C", "DQ": "2310D"}.get(role)
        rows = self._clean_loop(loop, run) if loop else None
        if rows is None:
            return None
        party = party_of_rows(rows, self.delimiters.component, Party)
        if party.taxonomy and not _TAXONOMY(party.taxonomy):
            return None
        if loop == "2310C" and party.address is not None and len(party.address.postal_code) != 9:
            return None
        return party

    def _read_service(self, rest: str) -> tuple[Procedure, Any, str, str, str, tuple[int, ...], int] | None:
        """SV1 from its first element on: (procedure, charge, unit, units, place, pointers, the highest of them)."""
        row = "SV1" + self.element + rest
        fields = self.fields("2400", row, 22)
        if fields is None or any(fields[8:]) or not _CHARGE(fields[2]):
            return None
        component = self.delimiters.component
        pointers = fields[7].split(component)
        if not all(pointer.isdigit() and 1 <= int(pointer) <= 12 for pointer in pointers):
            return None
        if len(set(pointers)) != len(pointers) or MONEY[fields[4]].cents <= 0:
            return None
        procedure = procedure_of(fields[1], component)
        numbers = tuple(map(int, pointers))
        assert procedure is not None
        return procedure, MONEY[fields[2]], fields[3], fields[4], fields[5], numbers, max(numbers)
