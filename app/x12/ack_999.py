"""999 and TA1: acknowledgments read and written. ``app.x12.answer_999`` makes the answer to an 837."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from app.model.acknowledgment import (
    Acknowledgment,
    Context,
    ElementError,
    InterchangeAcknowledgment,
    SegmentError,
    SetAcknowledgment,
)
from app.x12.envelope import Acknowledged, Transaction
from app.x12.kinds import guide_for, named
from app.x12.loops import Loop, Walk
from app.x12.write import Body, Row
from resources.codes import meaning

KIND = named("999")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _parts(text: str, separator: str) -> list[str]:
    values = text.split(separator) if separator else [text]
    return [*values, "", "", ""]


def read(transaction: Transaction) -> Iterator[Acknowledgment]:
    """The acknowledgment in a 999; problems gather on ``transaction.problems``."""
    walk = Walk(transaction, guide_for(KIND, transaction.delimiters))
    sets = tuple(_set_of(loop, transaction) for loop in walk.units())
    ak1 = walk.root.first("AK1") or [""] * 4
    ak9 = walk.root.first("AK9") or [""] * 10
    yield Acknowledgment(
        group_kind=ak1[1].strip(),
        group_control=ak1[2],
        version=ak1[3],
        sets=sets,
        code=ak9[1],
        included=_number(ak9[2]),
        received=_number(ak9[3]),
        accepted_count=_number(ak9[4]),
        codes=tuple(code for code in ak9[5:] if code),
    )


def _set_of(loop: Loop, transaction: Transaction) -> SetAcknowledgment:
    ak2 = loop.first("AK2") or [""] * 4
    ik5 = loop.first("IK5") or [""] * 7
    return SetAcknowledgment(
        kind=ak2[1],
        control_number=ak2[2],
        version=ak2[3],
        code=ik5[1],
        codes=tuple(code for code in ik5[2:] if code),
        errors=tuple(_segment_of(child, transaction) for child in loop.children("2100")),
    )


def _segment_of(loop: Loop, transaction: Transaction) -> SegmentError:
    ik3 = loop.first("IK3") or [""] * 5
    return SegmentError(
        segment=ik3[1],
        number=_number(ik3[2]),
        loop=ik3[3],
        code=ik3[4],
        contexts=_contexts(loop, transaction),
        elements=tuple(_element_of(child, transaction) for child in loop.children("2110")),
    )


def _element_of(loop: Loop, transaction: Transaction) -> ElementError:
    ik4 = loop.first("IK4") or [""] * 5
    place = _parts(ik4[1], transaction.delimiters.component)
    return ElementError(
        element=_number(place[0]),
        component=_number(place[1]),
        repeat=_number(place[2]),
        reference=ik4[2],
        code=ik4[3],
        bad_value=ik4[4],
        contexts=_contexts(loop, transaction),
    )


def _contexts(loop: Loop, transaction: Transaction) -> tuple[Context, ...]:
    delimiters = transaction.delimiters
    found = []
    for ctx in loop.all("CTX"):
        repeats = ctx[1].split(delimiters.repetition) if delimiters.repetition else [ctx[1]]
        named = [_parts(one, delimiters.component)[:2] for one in repeats]
        place = _parts(ctx[5], delimiters.component)
        found.append(
            Context(
                name=named[0][0],
                value=named[0][1],
                also=tuple((name, value) for name, value in named[1:]),
                segment=ctx[2],
                number=_number(ctx[3]),
                loop=ctx[4],
                element=_number(place[0]),
                component=_number(place[1]),
                repeat=_number(place[2]),
                reference=ctx[6].replace(delimiters.component, ":") if delimiters.component else ctx[6],
            )
        )
    return tuple(found)


def interchange_acknowledgment(found: Acknowledged) -> InterchangeAcknowledgment:
    """A TA1 as a value (point 32)."""
    ta1 = found.ta1
    return InterchangeAcknowledgment(
        control_number=ta1[1], date_text=ta1[2], time_text=ta1[3], code=ta1[4], note=ta1[5]
    )


# -- writing ----------------------------------------------------------------------------------------------------


def body(acknowledgment: Acknowledgment) -> Body:
    """The 999 as ``build`` takes it."""
    return Body("999", list(rows(acknowledgment)))


def rows(acknowledgment: Acknowledgment) -> Iterator[Row]:
    """AK1 to AK9."""
    yield ["AK1", acknowledgment.group_kind, acknowledgment.group_control, acknowledgment.version]
    for one in acknowledgment.sets:
        yield ["AK2", one.kind, one.control_number, one.version]
        for error in one.errors:
            yield ["IK3", error.segment, str(error.number), error.loop, error.code]
            yield from _ctx(error.contexts)
            for element in error.elements:
                place = (str(element.element), _shown(element.component), _shown(element.repeat))
                yield ["IK4", place, element.reference, element.code, element.bad_value]
                yield from _ctx(element.contexts)
        yield ["IK5", one.code, *one.codes[:5]]
    counts = (acknowledgment.included, acknowledgment.received, acknowledgment.accepted_count)
    yield ["AK9", acknowledgment.code, *map(str, counts), *acknowledgment.codes[:5]]


def _shown(number: int) -> str:
    return str(number) if number else ""


def _ctx(contexts: Iterable[Context]) -> Iterator[Row]:
    for one in contexts:
        name: tuple[str, ...] = (one.name, one.value)
        place = (_shown(one.element), _shown(one.component), _shown(one.repeat))
        reference = tuple(one.reference.split(":"))
        yield [
            "CTX",
            [name, *one.also] if one.also else name,
            one.segment,
            _shown(one.number),
            one.loop,
            place,
            reference,
        ]


def ta1_row(found: InterchangeAcknowledgment) -> Row:
    """TA1; it stands before the first GS, or alone."""
    return ["TA1", found.control_number, found.date_text, found.time_text, found.code, found.note]


# -- for people and machines ------------------------------------------------------------------------------------


def to_json(transaction: Transaction) -> dict[str, Any]:
    """``{group_kind, group_control, version, code, included, received, accepted_count, accepted, sets: [...]}``."""
    told: dict[str, Any] = _told(next(read(transaction)))
    return told


def _told(value: object) -> Any:
    """A value as plain data with every field, the empty ones too: nothing accepted is 0, not left out."""
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    if not isinstance(value, msgspec.Struct):
        return value
    told = {name: _told(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Acknowledgment | SetAcknowledgment):
        told["accepted"] = value.accepted
    return told


def outline(transaction: Transaction) -> Iterator[tuple[int, str]]:
    """Lines for people: which of our transactions was taken, and what was wrong with the others."""
    found = next(read(transaction))
    status = meaning("ack_status", found.code)
    yield 0, f"Answer to our group {found.group_control}: {status.text}. {status.next_step}".rstrip()
    yield 1, f"{found.accepted_count} of {found.received} transactions accepted"
    for one in found.sets:
        said = meaning("ack_status", one.code)
        yield 1, f"Transaction {one.control_number}: {said.text}"
        for code in one.codes:
            yield 2, meaning("ik502", code).text
        for error in one.errors:
            where = f" in loop {error.loop}" if error.loop else ""
            claim = next((context.value for context in error.contexts if context.name == "CLM01"), "")
            of = f" (claim {claim})" if claim else ""
            yield 2, f"Segment {error.number}, {error.segment}{where}: {meaning('ik304', error.code).text}{of}"
            for element in error.elements:
                part = f"-{element.component}" if element.component else ""
                value = f": {element.bad_value}" if element.bad_value else ""
                yield 3, f"{error.segment}{element.element:02d}{part}: {meaning('ik403', element.code).text}{value}"


def check(transaction: Transaction) -> None:
    """Run every check; the problems are on ``transaction.problems``."""
    for _ in read(transaction):
        pass
