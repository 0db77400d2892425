"""Answering a document with TA1 and 999, naming the rules that were broken and where (points 30-32).

``answer`` reads a document as its receiver would and says, interchange by interchange, what a payer's front door says:
TA1 for the envelope, one 999 for each group. The words stay with the caller as problems; a 999 has only codes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from app.model.acknowledgment import (
    Acknowledgment,
    Context,
    ElementError,
    InterchangeAcknowledgment,
    SegmentError,
    SetAcknowledgment,
)
from app.model.problem import Problem, Severity
from app.x12.ack_999 import body, ta1_row
from app.x12.delimiters import Delimiters
from app.x12.envelope import Group, Interchange, Transaction, read
from app.x12.kinds import guide_for, kind_of
from app.x12.loops import Walk
from app.x12.values import day, is_time
from app.x12.wire import Source
from app.x12.write import Envelope, build

_MOST_ERRORS = 1_000

# What one of our findings is called in IK304 (the segment) and IK403 (the element).
_SEGMENT_CODES = {
    "segment-unknown": "1",
    "segment-unexpected": "2",
    "segment-missing": "3",
    "loop-missing": "3",
    "loop-too-often": "4",
    "segment-too-often": "5",
    "segment-order": "7",
    "frequency-reference": "I6",
    "patient-data": "I6",
    "accident-date": "I6",
    "admission-date": "I6",
    "attending": "I6",
}
_ELEMENT_CODES = {
    "element-missing": "1",
    "element-relation": "2",
    "element-too-many": "3",
    "component-too-many": "3",
    "element-too-short": "4",
    "element-too-long": "5",
    "character": "6",
    "lower-case": "6",
    "blanks": "6",
    "number-shape": "6",
    "decimals": "6",
    "code-unknown": "7",
    "element-not-used": "I10",
    "accident-state": "I9",
    "msp-type": "I9",
    "context-repeated": "12",
}
_BY_A_RULE = "I12"
_MISSING = {
    "frequency-reference": ("REF", "CLM", 5, 3),
    "accident-date": ("DTP", "CLM", 11, 0),
    "admission-date": ("DTP", "CLM", 5, 1),
}


class Answer(NamedTuple):
    """What goes back for one interchange: the document, its content as values, and the findings in words."""

    data: bytes
    interchange: InterchangeAcknowledgment
    groups: tuple[Acknowledgment, ...]
    problems: tuple[Problem, ...]


def answer(
    source: Source, *, when: datetime, control: int, ta1: bool = False, charset: str = "extended"
) -> list[Answer]:
    """Answer every interchange of a document; ``control`` is the first of our control numbers to use.

    A TA1 goes along where the sender asked for it (ISA14), where ``ta1`` says so, or where the envelope is at fault; a
    refused interchange gets nothing else.
    """
    answers = []
    for number, found in enumerate(_interchanges(source)):
        said = _interchange_answer(found, when)
        groups = () if said.code == "R" else tuple(_group_answer(*pair) for pair in found.groups)
        with_ta1 = ta1 or said.code != "A" or found.interchange.isa[14].strip() == "1" or not groups
        built = build(
            [body(one) for one in groups],
            _envelope(found.interchange, found.groups, when, control + number),
            acknowledgments=[ta1_row(said)] if with_ta1 else (),
            charset=charset,
        )
        answers.append(Answer(built.data, said, groups, tuple(found.problems)))
    return answers


class _Heard:
    """One interchange as received: its groups with the verdict on each of their transactions."""

    def __init__(self, interchange: Interchange) -> None:
        self.interchange = interchange
        self.groups: list[tuple[Group, list[SetAcknowledgment], list[Problem]]] = []
        self.problems: list[Problem] = []

    def group(self, group: Group) -> list[SetAcknowledgment]:
        """The verdicts gathered for a group."""
        if not self.groups or self.groups[-1][0] is not group:
            self.groups.append((group, [], []))
        return self.groups[-1][1]


def _interchanges(source: Source) -> list[_Heard]:
    reader = read(source)
    heard: list[_Heard] = []
    for transaction in reader:
        if not heard or heard[-1].interchange is not transaction.interchange:
            heard.append(_Heard(transaction.interchange))
        verdicts = heard[-1].group(transaction.group)
        verdict, problems = verdict_on(transaction)
        verdicts.append(verdict)
        heard[-1].problems += problems
    for problem in reader.problems.done():
        for one in heard:
            if problem.place.interchange in ("", one.interchange.control):
                one.problems.append(problem)
                for group, _, of_group in one.groups:
                    if problem.place.group == group.control:
                        of_group.append(problem)
                break
    return heard


# -- one transaction --------------------------------------------------------------------------------------------


def verdict_on(transaction: Transaction) -> tuple[SetAcknowledgment, list[Problem]]:
    """AK2 to IK5 for a transaction: accepted, or refused with every error."""
    kind = kind_of(transaction)
    base = SetAcknowledgment(
        kind=_plain(transaction.kind, 3).ljust(3, "0"),
        control_number=_plain(transaction.control, 9).zfill(4),
        version=_plain(transaction.convention, 35),
    )
    if kind is None:
        transaction.skip()
        return msgspec.structs.replace(base, code="R", codes=("I6",)), transaction.problems.done()
    rows: list[str] = []
    walk = Walk(transaction, guide_for(kind, transaction.delimiters))
    for number, run in transaction.rows():
        rows += run
        walk.feed(number, run)
    walk.finish()
    problems = transaction.problems.done()
    errors = [problem for problem in problems if problem.severity is Severity.ERROR and problem.place.segment]
    found = _segment_errors(
        [one for one in errors if not one.code.startswith("envelope")], rows, transaction.delimiters
    )
    codes = _set_codes(errors, bool(found))
    code = "R" if codes else "A"
    return msgspec.structs.replace(base, code=code, codes=codes, errors=found), problems


def _set_codes(errors: Iterable[Problem], segments: bool) -> tuple[str, ...]:
    codes = ["5"] if segments else []
    for problem in errors:
        code = {"envelope-se-missing": "2", "envelope-control": "3", "envelope-count": "4"}.get(problem.code, "")
        if code and code not in codes:
            codes.append(code)
    return tuple(codes)


def _segment_errors(problems: list[Problem], rows: list[str], delimiters: Delimiters) -> tuple[SegmentError, ...]:
    """Findings, gathered by segment in the order of the document."""
    claims = _Claims(rows, delimiters.element)
    by_place: dict[tuple[int, str, str, str], list[Problem]] = {}
    for problem in problems[:_MOST_ERRORS]:
        code = _SEGMENT_CODES.get(problem.code, "8")
        segment = _MISSING[problem.code][0] if problem.code in _MISSING else problem.place.segment
        by_place.setdefault((problem.place.segment_number, segment, problem.place.loop, code), []).append(problem)
    found = []
    for (number, segment, loop, code), here in sorted(by_place.items(), key=lambda pair: pair[0][0]):
        elements = []
        if code == "8":
            row = rows[number - 1].split(delimiters.element) if 0 < number <= len(rows) else [""]
            elements = [_element_error(problem, row, delimiters) for problem in here if problem.place.element]
        contexts = [context for problem in here[:1] if (context := _trigger(problem))]
        claim = _shown(claims.at(number))[:35].strip()
        if claim:
            contexts.append(Context(name="CLM01", value=claim))
        found.append(
            SegmentError(
                segment=re.sub("[^A-Z0-9]", "", segment.upper())[:3].ljust(2, "X"),
                number=number,
                loop=loop[:4],
                code=code,
                contexts=tuple(contexts),
                elements=tuple(elements),
            )
        )
    return tuple(found)


def _trigger(problem: Problem) -> Context | None:
    """What set off a rule that asks for a segment: the claim's own element."""
    if problem.code not in _MISSING:
        return None
    _, segment, element, component = _MISSING[problem.code]
    place = problem.place
    return Context(
        name="SITUATIONAL TRIGGER",
        segment=segment,
        number=place.segment_number,
        loop=place.loop,
        element=element,
        component=component,
    )


class _Claims:
    """Which claim a segment belongs to: CLM01 by the segment's number, nothing above the first claim of a level."""

    def __init__(self, rows: list[str], element: str) -> None:
        self._starts: list[tuple[int, str]] = []
        for number, row in enumerate(rows, 1):
            if row.startswith("CLM" + element):
                self._starts.append((number, row.split(element)[1]))
            elif row.startswith("HL" + element):
                self._starts.append((number, ""))

    def at(self, number: int) -> str:
        """The claim number that holds at this segment."""
        index = bisect_right(self._starts, number, key=lambda pair: pair[0])
        return self._starts[index - 1][1] if index else ""


def _element_error(problem: Problem, row: list[str], delimiters: Delimiters) -> ElementError:
    element, _, component = problem.place.element.partition("-")
    number, part = int(element), int(component or 0)
    value = row[number] if number < len(row) else ""
    if part and delimiters.component:
        parts = value.split(delimiters.component)
        value = parts[part - 1] if part <= len(parts) else ""
    code = _ELEMENT_CODES.get(problem.code, _BY_A_RULE)
    if problem.code == "element-type":
        code = "8" if "date" in problem.message else "9" if "time" in problem.message else "6"
    return ElementError(element=number, component=part, code=code, bad_value=_shown(value))


def _shown(value: str) -> str:
    """A bad value as IK404 may carry it: our separators out, 99 characters at most."""
    return re.sub(r"[^A-Za-z0-9 !\"&'()+,\-./;?=%@\[\]_{}|<>#$]", " ", value)[:99].strip()


# -- groups and interchanges ------------------------------------------------------------------------------------


def _group_answer(group: Group, verdicts: list[SetAcknowledgment], problems: list[Problem]) -> Acknowledgment:
    accepted = sum(one.accepted for one in verdicts)
    codes = tuple(dict.fromkeys(_group_codes(problems)))
    if codes or not accepted:
        code = "R" if not accepted else "P" if accepted < len(verdicts) else "E"
    else:
        code = "A" if accepted == len(verdicts) else "P"
    said = next((problem.message for problem in problems if problem.code == "envelope-count"), "")
    claimed = re.match(r"GE01 says (\d{1,6}) ", said)
    return Acknowledgment(
        group_kind=_plain(group.gs[1], 2).ljust(2, "0"),
        group_control=_number(group.control, 9).lstrip("0") or "0",
        version=_plain(group.version or next((one.version for one in verdicts if one.version), ""), 12) or "005010",
        sets=tuple(verdicts),
        code=code,
        included=int(claimed.group(1)) if claimed else len(verdicts),
        received=len(verdicts),
        accepted_count=accepted,
        codes=codes,
    )


def _group_codes(problems: Iterable[Problem]) -> Iterator[str]:
    for problem in problems:
        if problem.code == "envelope-ge-missing":
            yield "3"
        elif problem.place.segment == "GE" and problem.code == "envelope-control":
            yield "4"
        elif problem.place.segment == "GE" and problem.code == "envelope-count":
            yield "5"


_NOTES = (
    ("envelope-control", "IEA", "R", "001"),
    ("envelope-iea-missing", "", "R", "023"),
    ("cut-off", "", "R", "023"),
    ("envelope-repeated", "ISA", "R", "025"),
    ("envelope-count", "IEA", "E", "021"),
    ("isa-control", "", "R", "018"),
    ("isa-usage", "", "E", "020"),
)


def _interchange_answer(found: _Heard, when: datetime) -> InterchangeAcknowledgment:
    isa = found.interchange.isa
    code, note = "A", "000"
    for problem_code, segment, verdict, number in _NOTES:
        if any(one.code == problem_code and segment in ("", one.place.segment) for one in found.problems):
            code, note = verdict, number
            break
    control, date, time = found.interchange.control, isa[9].strip(), isa[10].strip()
    if len(time) != 4 or not is_time(time):
        code, note, time = "R", "015", "0000"
    if len(date) != 6 or day(date) is None:
        code, note, date = "R", "014", f"{when:%y%m%d}"
    return InterchangeAcknowledgment(
        control_number=_number(control, 9).zfill(9), date_text=date, time_text=time, code=code, note=note
    )


def _number(text: str, most: int) -> str:
    """Digits of a control number, as far as it has any; an answer must name something."""
    return re.sub("[^0-9]", "", text)[:most] or "0"


def _plain(text: str, most: int) -> str:
    """What of a text may go into an answer."""
    return re.sub(r"[^A-Z0-9 .\-_/]", "", text.upper())[:most].strip()


def _id(text: str, otherwise: str = "") -> str:
    """What may name a sender or receiver."""
    found = _plain(text, 15)
    return found if len(found) > 1 else otherwise


def _qualifier(text: str) -> str:
    found = _plain(text, 2)
    return found if len(found) == 2 else "ZZ"


def _envelope(
    interchange: Interchange,
    groups: list[tuple[Group, list[SetAcknowledgment], list[Problem]]],
    when: datetime,
    control: int,
) -> Envelope:
    """Sender and receiver change places."""
    isa = interchange.isa
    gs = groups[0][0].gs if groups else ("",) * 9
    return Envelope(
        sender=_id(isa[8], "RECEIVER"),
        receiver=_id(isa[6], "SENDER"),
        when=when,
        interchange_control=control,
        group_control=control,
        sender_qualifier=_qualifier(isa[7]),
        receiver_qualifier=_qualifier(isa[5]),
        group_sender=_id(gs[3]),
        group_receiver=_id(gs[2]),
        usage=isa[15].strip() if isa[15].strip() in ("P", "T") else "T",
    )
