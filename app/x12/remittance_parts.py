"""835: one segment, or one run of like segments, to typed values. Texts that repeat are taken apart once.

A remittance says the same few thousand things over and over (``DTM*472*20260105``, ``CAS*CO*45*25``), so every table
here remembers what a text meant and whether it was clean; unclean texts answer ``None`` and are looked at by the
generic reader, which can say what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from app.model.adjustment import Adjustment
from app.model.claim import Contact, Party, Procedure, QualifiedAmount, QualifiedDate, Reference
from app.model.money import Money
from app.model.people import Address
from app.model.remittance import ClaimPayment, ProviderAdjustment, Quantity, Remark
from app.x12.delimiters import Delimiters
from app.x12.guide import Guide, SegmentSpec
from app.x12.quick import compile_quick, plain_characters, quick_pattern, words
from app.x12.values import cents, npi_is_valid

_MOST = 8_000
Run = tuple[Any, ...]


class _Texts(dict[str, Any]):
    """Text → what it means, made on demand and forgotten when there are too many."""

    __slots__ = ("make", "most")

    def __init__(self, make: Callable[[str], Any], most: int = _MOST) -> None:
        super().__init__()
        self.make = make
        self.most = most

    def __missing__(self, text: str) -> Any:
        if len(self) >= self.most:
            self.clear()
        made = self[text] = self.make(text)
        return made


def _money(text: str) -> Money:
    return Money(cents(text), text)


MONEY = _Texts(_money)


def procedure(text: str, component: str) -> Procedure:
    """SVC01 or SVC06."""
    parts = (text.split(component) if component else [text]) + [""] * 8
    modifiers = tuple(part for part in parts[2:6] if part)
    return Procedure(parts[1], modifiers, parts[0], parts[6], parts[7])


def claim_payment(clp: list[str], *beside: Any) -> ClaimPayment:
    """A CLP of 14 elements, and what stands beside it, from the adjustments on in the order of ``ClaimPayment``."""
    _, number, status, charge, paid, share, filing, payer_number, facility, frequency, _, *rest = clp
    drg, weight, fraction, authorized, *_ = rest
    return ClaimPayment(
        number, status, MONEY[charge], MONEY[paid], MONEY[share], filing, payer_number, facility, frequency,
        drg, weight, fraction, authorized, *beside,
    )  # fmt: skip


def adjustments(segment: list[str], index: int = 0) -> tuple[Adjustment, ...]:
    """CAS: a group and up to six triplets; the quantity is often empty, so we step by three (point 12)."""
    group = segment[1]
    return tuple(
        Adjustment(group, segment[at], MONEY[segment[at + 1]], segment[at + 2], index)
        for at in range(2, len(segment) - 2, 3)
        if segment[at] or segment[at + 1]
    )


def party(segment: list[str]) -> Party:
    """NM1: any single field may be alone, as in a corrected name (point 23)."""
    return Party(
        role=segment[1],
        is_person=segment[2] == "1",
        name=segment[3],
        first_name=segment[4],
        middle_name=segment[5],
        prefix=segment[6],
        suffix=segment[7],
        id_qualifier=segment[8],
        id=segment[9],
    )


def contact(segment: list[str]) -> Contact:
    """PER: a name and up to three numbers."""
    numbers = tuple((segment[at], segment[at + 1]) for at in (3, 5, 7) if segment[at] or segment[at + 1])
    return Contact(name=segment[2], numbers=numbers, function=segment[1])


def address(n3: list[str] | None, n4: list[str] | None) -> Address | None:
    """N3 and N4, where there are any."""
    if n3 is None and n4 is None:
        return None
    street = (n3 or []) + [""] * 3
    place = (n4 or []) + [""] * 5
    return Address(
        street=street[1], unit=street[2], city=place[1], state=place[2], postal_code=place[3], country=place[4]
    )


def reference(segment: list[str]) -> Reference:
    """REF."""
    return Reference(segment[1], segment[2], segment[3])


def dated(segment: list[str]) -> QualifiedDate:
    """DTM."""
    return QualifiedDate(segment[1], "D8", segment[2])


def amount(segment: list[str]) -> QualifiedAmount:
    """AMT."""
    return QualifiedAmount(segment[1], MONEY[segment[2]])


def quantity(segment: list[str]) -> Quantity:
    """QTY."""
    return Quantity(segment[1], segment[2])


def remark(segment: list[str]) -> Remark:
    """LQ."""
    return Remark(segment[1], segment[2])


def provider_adjustments(segment: list[str], component: str, index: int = 0) -> tuple[ProviderAdjustment, ...]:
    """PLB: up to six pairs of a composite (reason, reference) and an amount (point 16)."""
    found = []
    for at in range(3, len(segment) - 1, 2):
        if not (segment[at] or segment[at + 1]):
            continue
        reason, _, after = segment[at].partition(component) if component else (segment[at], "", "")
        found.append(
            ProviderAdjustment(
                provider_id=segment[1],
                fiscal_period_end=segment[2],
                reason=reason,
                reference=after,
                amount=MONEY[segment[at + 1]],
                segment=index,
            )
        )
    return tuple(found)


_ROW_MAKERS: dict[str, Callable[[list[str]], Any]] = {
    "NM1": party,
    "REF": reference,
    "DTM": dated,
    "PER": contact,
    "AMT": amount,
    "QTY": quantity,
    "LQ": remark,
}


def values_of(segments: Sequence[list[str]], name: str) -> tuple[Any, ...]:
    """The typed values of all segments of that id in a loop, clean or not (segments are padded)."""
    if name == "CAS":
        found = [segment for segment in segments if segment[0] == "CAS"]
        return tuple(made for index, segment in enumerate(found) for made in adjustments(segment, index))
    maker = _ROW_MAKERS[name]
    return tuple(maker(segment) for segment in segments if segment[0] == name)


_BLANK = [""] * 13


def any_of(specs: list[SegmentSpec], delimiters: Delimiters) -> Callable[[str], object]:
    """One quick test for several segments of the same id."""
    return re.compile("|".join(quick_pattern(spec, delimiters) for spec in specs)).fullmatch


def _fits(spec: SegmentSpec, segment: list[str]) -> bool:
    return not spec.key or (len(segment) > spec.key and segment[spec.key] in spec.key_part)


class Runs:
    """Runs of like segments of one loop, for one set of delimiters: text → values, or ``None`` when not clean."""

    def __init__(self, guide: Guide, loop: str, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.specs: dict[str, list[SegmentSpec]] = {}
        for item in guide.loops[loop].items:
            if isinstance(item, SegmentSpec):
                self.specs.setdefault(item.id, []).append(item)
                if item.quick is None:
                    item.quick = compile_quick(item, delimiters)
        self.adjustments = _Texts(self._adjustments)
        self._alone = {name: any_of(specs, delimiters) for name, specs in self.specs.items()}
        self._patient = f"NM1{delimiters.element}QC{delimiters.element}"
        self._party_rows = _Texts(self._party, 2_000)
        self.single_reference = self._reference_pattern()
        self._reference = re.compile(self.single_reference).fullmatch
        self._amount = re.compile(self._amount_pattern()).fullmatch
        self.dates = _Texts(lambda run: self._run(run, "DTM"))
        self.contacts = _Texts(lambda run: self._run(run, "PER"), 500)
        self.amounts = _Texts(lambda run: self._run(run, "AMT"))
        self.quantities = _Texts(lambda run: self._run(run, "QTY"), 500)
        self.remarks = _Texts(lambda run: self._run(run, "LQ"))
        self.opening = _Texts(self._opening)

    def _reference_pattern(self) -> str:
        """A single REF with its terminator, qualifier and number as groups, of any kind that the loop knows."""
        return self._pattern("REF", words(plain_characters(self.delimiters), 1, 50))

    def _amount_pattern(self) -> str:
        """A single AMT in the same way."""
        return self._pattern("AMT", r"-?(?:0|[1-9][0-9]{0,9})?(?:\.[0-9]{1,2})?(?<=[0-9])")

    def _pattern(self, name: str, value: str) -> str:
        codes = sorted(code for spec in self.specs[name] for code in spec.elements[0].codes or ())
        element, end = re.escape(self.delimiters.element), re.escape(self.delimiters.terminator)
        return f"{name}{element}({'|'.join(codes) or '(?!)'}){element}({value}){end}"

    def _run(self, run: str, name: str) -> Run | None:
        """A run of segments of one id, each clean and none too often; typed."""
        end = self.delimiters.terminator
        if run.count(end) == 1:  # one alone cannot stand too often
            row = run[:-1]
            if self._alone[name](row):
                segment = row.split(self.delimiters.element)
                segment += _BLANK[len(segment) :]
                return (_ROW_MAKERS[name](segment),)
        segments = self.segments(run, name)
        return None if segments is None else tuple(map(_ROW_MAKERS[name], segments))

    def references_of(self, run: str) -> Run | None:
        """REF are mostly numbers that never come again: not remembered."""
        if alone := self._reference(run):
            return (Reference(alone[1], alone[2]),)
        return self._run(run, "REF")

    def parties(self, run: str) -> Run | None:
        """NM1: a patient seldom comes again, a provider often does. There must be one patient, and no role twice."""
        rows = run.split(self.delimiters.terminator)
        rows.pop()
        found = []
        roles = set()
        for row in rows:
            one = self._party(row) if row.startswith(self._patient) else self._party_rows[row]
            if one is None or one.role in roles:
                return None
            roles.add(one.role)
            found.append(one)
        return tuple(found) if "QC" in roles else None

    def amounts_of(self, run: str) -> Run | None:
        """AMT of a claim are sums that seldom come again: not remembered."""
        if alone := self._amount(run):
            return (QualifiedAmount(alone[1], MONEY[alone[2]]),)
        return self._run(run, "AMT")

    def _party(self, row: str) -> Party | None:
        if self._alone["NM1"](row):
            segment = row.split(self.delimiters.element)
            segment += _BLANK[len(segment) :]
            return party(segment)
        segments = self.segments(row + self.delimiters.terminator, "NM1")
        return party(segments[0]) if segments else None

    def segments(self, run: str, name: str) -> list[list[str]] | None:
        """The run taken apart and padded; ``None`` when the guide's quick test does not call all of it clean."""
        rows = run.split(self.delimiters.terminator)
        rows.pop()
        specs = self.specs[name]
        counts = [0] * len(specs)
        found = []
        for row in rows:
            segment = row.split(self.delimiters.element)
            at = next((n for n, one in enumerate(specs) if _fits(one, segment)), None)
            if at is None:
                return None
            spec = specs[at]
            counts[at] += 1
            if 0 < spec.most < counts[at] or not self.is_clean(spec, row, segment):
                return None
            segment += [""] * (spec.width - len(segment))
            found.append(segment)
        return found

    def is_clean(self, spec: SegmentSpec, row: str, segment: list[str]) -> bool:
        """The quick test; a name with an NPI passes by its own check digit."""
        assert spec.quick is not None
        if spec.quick(row):
            return True
        if spec.id != "NM1" or len(segment) != 10 or segment[8] != "XX" or not npi_is_valid(segment[9]):
            return False
        return spec.quick(self.delimiters.element.join([*segment[:8], "FI", segment[9]])) is not None

    def _adjustments(self, run: str) -> tuple[tuple[Adjustment, ...], int] | None:
        segments = self.segments(run, "CAS")
        if segments is None or any(segment[1] == "CR" for segment in segments):
            return None
        made = tuple(one for index, segment in enumerate(segments) for one in adjustments(segment, index))
        return made, sum(one.amount.cents for one in made)

    def _opening(self, row: str) -> tuple[Any, ...] | None:
        """The SVC itself: (procedure, charge, paid, revenue code, units, submitted, original units)."""
        spec = self.specs["SVC"][0]
        if spec.quick is None or not spec.quick(row):
            return None
        segment = row.split(self.delimiters.element)
        segment += [""] * (8 - len(segment))
        component = self.delimiters.component
        return (
            procedure(segment[1], component),
            MONEY[segment[2]],
            MONEY[segment[3]],
            segment[4],
            segment[5],
            procedure(segment[6], component) if segment[6] else None,
            segment[7],
        )
