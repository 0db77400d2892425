"""Reading a 270 or 276 as its receiver: the control table to the letter, then the guide, then who is asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from app.model.acknowledgment import (
    Acknowledgment,
    Context,
    ElementError,
    InterchangeAcknowledgment,
    SegmentError,
)
from app.x12.ack_999 import body, ta1_row
from app.x12.answer_999 import answer
from app.x12.delimiters import from_header
from app.x12.envelope import read
from app.x12.write import Envelope, build

RECEIVER = "OFFALLY"
_GUIDES = {"270": ("HS", "005010X279A1"), "276": ("HR", "005010X212")}
#: What TA1 says of each wrong element of the ISA.
_NOTES = {1: "010", 2: "011", 3: "012", 4: "013", 5: "005", 6: "006", 7: "007", 8: "008", 11: "026", 12: "017",
          14: "019", 15: "020"}  # fmt: skip


@dataclass
class Person:
    """Subscriber or dependent as asked about."""

    last: str = ""
    first: str = ""
    member: str = ""
    birth: str = ""
    sex: str = ""
    address: str = ""


@dataclass
class Inquiry:
    """One question. Days are ISO; ``traces`` are TRN pairs (02, 03) of the level that is asked about."""

    kind: str
    reference: str = ""
    payer: str = ""
    payer_name: str = ""
    npi: str = ""
    provider: list[str] = field(default_factory=list)
    subscriber: Person = field(default_factory=Person)
    dependent: Person | None = None
    traces: list[tuple[str, str]] = field(default_factory=list)
    service_types: list[str] = field(default_factory=list)
    day: str = ""
    last_day: str = ""
    account: str = ""
    payer_control: str = ""
    charge: str = ""
    submitter: list[str] = field(default_factory=list)


def refusal(content: bytes, sender: str, now: datetime, control: int) -> bytes | None:
    """TA1 or 999 for what breaks the control table or the guide; None for a question that can be answered."""
    if from_header(content) is None:
        return _ta1(("ISA", *[""] * 16), "024", now, control)
    reader = read(content)
    first = next(iter(reader), None)
    if first is None:
        return _ta1(("ISA", *[""] * 16), "022", now, control)
    isa, gs = first.interchange.isa, first.group.gs
    kind = first.kind
    note = _isa_note(isa, sender)
    if note:
        return _ta1(isa, note, now, control)
    for transaction in reader:
        transaction.skip()
    answered = answer(content, when=now, control=control)
    if len(answered) != 1 or reader.groups != 1 or reader.transactions != 1:
        return _ta1(isa, "022", now, control)
    group = answered[0].groups[0] if answered[0].groups else None
    if group is None or not answered[0].interchange.accepted:
        return answered[0].data
    wanted = _GUIDES.get(kind, ("", ""))
    given = (gs[1].strip(), gs[8].strip())
    if given != wanted or gs[2].strip() != sender or gs[3].strip() != RECEIVER or gs[7].strip() != "X":
        return _written(msgspec.structs.replace(group, code="R", accepted_count=0), isa, now, control)
    trace, found = _house_rules(content)
    if group.code == "A" and found:
        sets = tuple(msgspec.structs.replace(one, code="R", codes=("5",), errors=found) for one in group.sets)
        group = msgspec.structs.replace(group, sets=sets, code="R", accepted_count=0)
    return None if group.code == "A" else _written(_traced(group, trace), isa, now, control)


def _house_rules(content: bytes) -> tuple[str, tuple[SegmentError, ...]]:
    """The question's trace, and what this house refuses beyond the guide's syntax, by segment and element."""
    [segments] = [list(one.segments()) for one in read(content)]
    trace = next((segment[2] for _, segment in segments if segment[0] == "TRN" and len(segment) > 2), "")
    found = []
    for number, raw in segments:
        segment = [*raw, *[""] * 6]
        element = _wrong_element(segment)
        if element:
            code = "7" if segment[element] else "1"
            wrong = ElementError(element=element, code=code, bad_value=segment[element][:99])
            loop = "2100" if segment[0] == "NM1" else ""
            found.append(SegmentError(segment=segment[0], number=number, loop=loop, code="8", elements=(wrong,)))
    return trace, tuple(found)


def _wrong_element(segment: list[str]) -> int:
    """A question (BHT02 13) about a person (NM102 1), asked by a person with a first name or by a house."""
    match segment[0], segment[1]:
        case "BHT", _ if segment[2] != "13":
            return 2
        case "NM1", "IL" | "03" | "QC" if segment[2] != "1":
            return 2
        case "NM1", "1P" if segment[2] == "1" and not segment[4]:
            return 4
    return 0


def _traced(group: Acknowledgment, trace: str) -> Acknowledgment:
    """Each finding says to which question it belongs (CTX)."""
    context = (Context(name="TRN02", value=trace[:35]),) if trace else ()
    sets = tuple(
        msgspec.structs.replace(
            one,
            errors=tuple(msgspec.structs.replace(each, contexts=(*each.contexts, *context)) for each in one.errors),
        )
        for one in group.sets
    )
    return msgspec.structs.replace(group, sets=sets)


def _isa_note(isa: tuple[str, ...], sender: str) -> str:
    """The note of the first element that is not as the guide wants it, to the letter."""
    wanted = {
        1: "00", 2: " " * 10, 3: "00", 4: " " * 10, 5: "ZZ", 6: sender.ljust(15), 7: "01", 8: RECEIVER.ljust(15),
        12: "00501", 14: "0", 15: "P",
    }  # fmt: skip
    return next((_NOTES[place] for place, text in wanted.items() if isa[place] != text), "")


def _ta1(isa: tuple[str, ...], note: str, now: datetime, control: int) -> bytes:
    number = isa[13].strip()
    said = InterchangeAcknowledgment(
        control_number=number if number.isdigit() else "000000000",
        date_text=isa[9].strip() or f"{now:%y%m%d}",
        time_text=isa[10].strip() or f"{now:%H%M}",
        code="R",
        note=note,
    )
    return build([], _envelope(isa, now, control), acknowledgments=[ta1_row(said)]).data


def _written(group: Acknowledgment, isa: tuple[str, ...], now: datetime, control: int) -> bytes:
    return build([body(group)], _envelope(isa, now, control), check=False).data


def _envelope(isa: tuple[str, ...], now: datetime, control: int) -> Envelope:
    return Envelope(
        sender=RECEIVER, receiver=isa[6].strip() or "SENDER", when=now, interchange_control=control,
        group_control=control, sender_qualifier="01", usage="P",
    )  # fmt: skip


def wrong_kind(content: bytes, now: datetime, control: int) -> bytes:
    """The 999 of a payload that is not what the envelope's PayloadType says."""
    [answered] = answer(content, when=now, control=control)
    refused = msgspec.structs.replace(answered.groups[0], code="R", accepted_count=0)
    return _written(refused, next(iter(read(content))).interchange.isa, now, control)


def sex_refusal(content: bytes, now: datetime, control: int) -> bytes:
    """The 999 of a payer that does not want DMG03: IK3 names the segment, IK4 the element."""
    [answered] = answer(content, when=now, control=control)
    [transaction] = [list(one.segments()) for one in read(content)]
    number = next(place for place, segment in transaction if segment[0] == "DMG")
    group = answered.groups[0]
    error = SegmentError(
        segment="DMG", number=number, loop="2100", code="8", elements=(ElementError(element=3, code="I10"),)
    )
    sets = tuple(msgspec.structs.replace(one, code="R", codes=("5",), errors=(error,)) for one in group.sets)
    refused = msgspec.structs.replace(group, sets=sets, code="R", accepted_count=0)
    return _written(refused, next(iter(read(content))).interchange.isa, now, control)


def parse(content: bytes) -> Inquiry:
    """Who is asked about, of a document that ``refusal`` let pass."""
    [(kind, segments, separators)] = [
        (one.kind, [segment for _, segment in one.segments()], one.delimiters) for one in read(content)
    ]
    found = Inquiry(kind)
    person = found.subscriber
    for raw in segments:
        segment = [*raw, *[""] * 12]
        match segment[0]:
            case "BHT":
                found.reference = segment[3]
            case "HL" if segment[3] == "23":
                person = found.dependent = Person(member=found.subscriber.member)
                found.traces = []
            case "NM1":
                _name(found, person, segment)
            case "TRN":
                found.traces.append((segment[2], segment[3]))
            case "DMG":
                person.birth, person.sex = _iso(segment[2]), segment[3]
            case "N3":
                person.address = segment[1]
            case "DTP" if segment[1] in {"291", "472"}:
                first, _, last = segment[3].partition("-")
                found.day, found.last_day = _iso(first), _iso(last or first)
            case "EQ":
                found.service_types += (
                    segment[1].split(separators.repetition) if separators.repetition else [segment[1]]
                )
            case "REF":
                _reference(found, segment)
            case "AMT" if segment[1] == "T3":
                found.charge = segment[2]
    return found


def _name(found: Inquiry, person: Person, segment: list[str]) -> None:
    match segment[1]:
        case "PR":
            found.payer, found.payer_name = segment[9], segment[3]
        case "1P":
            found.npi, found.provider = segment[9], segment[1:10]
        case "41":
            found.submitter = segment[1:10]
        case "IL" | "03" | "QC":
            person.last, person.first = segment[3] or found.subscriber.last, segment[4]
            person.member = segment[9] or person.member


def _reference(found: Inquiry, segment: list[str]) -> None:
    if segment[1] == "EJ":
        found.account = segment[2]
    elif segment[1] == "1K":
        found.payer_control = segment[2]


def _iso(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) >= 8 and text[:8].isdigit() else ""
