"""999 in the shape of the corpus's expected values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.model.acknowledgment import Acknowledgment, Context, SegmentError
from app.x12.ack_999 import read
from app.x12.envelope import Reader


def acknowledgments(reader: Reader) -> list[dict[str, Any]]:
    """One object a transaction; contexts as CTX was written."""
    return [
        {"control_number": transaction.control, **_acknowledgment(found)}
        for transaction in reader
        for found in read(transaction)
    ]


def _acknowledgment(found: Acknowledgment) -> dict[str, Any]:
    return {
        "sets": [
            {
                "transaction": one.kind,
                "control": one.control_number,
                "status": one.code,
                "errors": [_error(error) for error in one.errors],
                "codes": list(one.codes),
            }
            for one in found.sets
        ],
        "group_function": found.group_kind,
        "group_control": found.group_control,
        "version": found.version,
        "status": found.code,
        "included": str(found.included),
        "received": str(found.received),
        "accepted": str(found.accepted_count),
    }


def _error(error: SegmentError) -> dict[str, Any]:
    return {
        "segment": error.segment,
        "position": str(error.number),
        "loop": error.loop,
        "code": error.code,
        "context": _contexts(error.contexts),
        "elements": [
            {
                "element": _shown(element.element),
                "component": _shown(element.component),
                "reference": element.reference,
                "code": element.code,
                "value": element.bad_value,
                "context": _contexts(element.contexts),
            }
            for element in error.elements
        ],
    }


def _contexts(contexts: Iterable[Context]) -> list[str]:
    found = []
    for one in contexts:
        names = "^".join(":".join(filter(None, pair)) for pair in ((one.name, one.value), *one.also))
        place = ":".join(map(_shown, (one.element, one.component, one.repeat))).rstrip(":")
        found.append("*".join((names, one.segment, _shown(one.number), one.loop, place, one.reference)).rstrip("*"))
    return found


def _shown(number: int) -> str:
    return str(number) if number else ""
