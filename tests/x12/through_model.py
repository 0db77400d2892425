"""Whether a document survives the model: read into values, written from them, compared segment by segment."""

from __future__ import annotations

import re
from datetime import datetime

from app.x12 import claim_ack_277ca, eligibility_271, envelope, inquiry_270, kinds, request_276, status_277
from app.x12.write import Body, Envelope, build

ENVELOPE = Envelope("LARK01", "HLH01", datetime(2026, 1, 12, 9, 15), 41, 41)
Segments = list[list[str]]


def bodies(data: bytes) -> list[Body]:
    """Every transaction of a 270, 271, 276, 277 or 277CA through its values."""
    found = []
    for transaction in envelope.read(data):
        kind = kinds.kind_of(transaction)
        assert kind is not None
        match kind.name:
            case "270":
                found.append(inquiry_270.body(list(inquiry_270.read(transaction))))
            case "271":
                found.append(eligibility_271.body(list(eligibility_271.read(transaction))))
            case "276":
                found.append(request_276.body(list(request_276.read(transaction))))
            case "277":
                found.append(status_277.body(list(status_277.read(transaction))))
            case _:
                found.append(claim_ack_277ca.body(list(claim_ack_277ca.read(transaction))))
    return found


def written(data: bytes) -> bytes:
    """The document as our values write it, whatever is wrong in it."""
    return build(bodies(data), ENVELOPE, check=False).data


def segments(data: bytes) -> Segments:
    """What a document says: no SE, levels by their code only, capital letters, amounts without needless zeros."""
    found: Segments = []
    for transaction in envelope.read(data):
        d = transaction.delimiters
        table = str.maketrans({d.component: ":", **({d.repetition: "^"} if d.repetition else {})})
        if not d.repetition:
            table = str.maketrans({d.component: "^" if d.component == "^" else ":"})
        for _, segment in transaction.segments():
            if segment[0] in ("ST", "SE"):
                continue
            row = [_usual(part.translate(table)) for part in segment]
            if row[0] == "HL":
                row = ["HL", row[3] if len(row) > 3 else ""]
            while len(row) > 1 and not row[-1]:
                row.pop()
            found.append(row)
    return found


def _usual(part: str) -> str:
    part = part.strip().upper().rstrip(":")
    if re.fullmatch(r"-?\d*\.\d+", part):
        part = part.rstrip("0").rstrip(".")
    return part
