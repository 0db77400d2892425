"""276, 277 and 277CA loops to the values in ``app.model.claim_status``, and those values back to segments.

One ``ClaimWalk`` serves all three: they differ in which levels there are (20, 21, 19, then 22 and 23 or PT) and in
whether a claim carries statuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from app.model.claim import Procedure
from app.model.claim_status import ClaimStatus, Status, StatusCode, StatusLevel, StatusLine, TracedClaim
from app.model.inquiry import Heading
from app.model.remittance import Quantity
from app.x12.claim_837_loops import amount_of, date_of, head, parts, party_of_rows, procedure_of, reference_of
from app.x12.claim_837_segments import address_rows, amt, dtp, name_row, per, procedure_value, ref
from app.x12.delimiters import Delimiters
from app.x12.envelope import Transaction
from app.x12.guide import Segment
from app.x12.kinds import Kind, guide_for
from app.x12.loops import Loop, Walk
from app.x12.parts import (
    Levels,
    Rows,
    Step,
    birth_rows,
    heading_of,
    heading_row,
    kept_of,
    money_of,
    optional,
    own_rows,
    restored,
    trace_of,
    trace_row,
)
from app.x12.write import Body, Row, Value

_FIELDS = {"2000A": "source", "2000B": "receiver", "2000C": "provider", "2000D": "subscriber", "2000E": "patient"}
_CODES = {"source": "20", "receiver": "21", "provider": "19", "subscriber": "22", "patient": "23"}
_Claim = TypeVar("_Claim", bound=TracedClaim)


class ClaimWalk:
    """Reads the claims of one transaction, with the levels above each; shared levels are read once."""

    def __init__(self, transaction: Transaction, kind: Kind) -> None:
        self.delimiters = transaction.delimiters
        self._acknowledges = kind.name == "277CA"
        self._walk = Walk(transaction, guide_for(kind, transaction.delimiters))
        self._levels: list[tuple[Loop, StatusLevel]] = []

    @property
    def heading(self) -> Heading:
        """BHT."""
        return heading_of(self._walk.root)

    def found(self) -> Iterator[tuple[dict[str, Any], Loop | None]]:
        """Every claim's loop 2200 with its levels by field; ``None`` for a level that ended without a claim."""
        below: Loop | None = None
        for loop in self._walk.units():
            if loop.id.startswith("2200"):
                yield self._above(loop.parent), loop
            elif below is None or below.parent is not loop:
                yield self._above(loop), None
            below = loop

    def _above(self, loop: Loop | None) -> dict[str, Any]:
        """The levels from the source down to this loop, by the field that takes them."""
        chain: list[Loop] = []
        while loop is not None and loop.parent is not None:
            chain.append(loop)
            loop = loop.parent
        chain.reverse()
        held = self._levels
        same = 0
        while same < len(held) and same < len(chain) and held[same][0] is chain[same]:
            same += 1
        self._levels = held[:same] + [(one, level_of(one, self.delimiters)) for one in chain[same:]]
        return {self._field(one): level for one, level in self._levels if one.id in _FIELDS}

    def _field(self, loop: Loop) -> str:
        return "patient" if self._acknowledges and loop.id == "2000D" else _FIELDS[loop.id]


def level_of(loop: Loop, delimiters: Delimiters) -> StatusLevel:
    """A loop 2000 with its 2100 and, above the claims, its 2200."""
    component = delimiters.component
    name = loop.children("2100A", "2100B", "2100C", "2100D", "2100E")[:1]
    answer = loop.children("2200A", "2200B", "2200C")[:1]
    segments = [segment for one in (loop, *name, *answer) for segment in one.segments]
    read = msgspec.structs.replace(
        party_of_rows(segments, component, StatusLevel),
        traces=tuple(trace_of(one) for at in answer for one in at.all("TRN")),
        statuses=tuple(status_of(one, component) for at in answer for one in at.all("STC")),
        quantities=tuple(Quantity(one[1], one[2]) for at in answer for one in at.all("QTY")),
        amounts=tuple(amount_of(one) for at in answer for one in at.all("AMT")),
        level=loop.start,
    )
    own = own_rows(loop, "2100", *([] if loop.id in ("2000D", "2000E") else ["2200"]))
    kept = kept_of(own, level_rows(read), delimiters)
    return msgspec.structs.replace(read, kept=kept) if kept else read


def claims_of(transaction: Transaction, kind: Kind, make: type[_Claim]) -> Iterator[_Claim]:
    """Every claim as a ``ClaimStatusRequest`` or ``ClaimStatus``; levels without a claim as ``is_claim`` false."""
    walk = ClaimWalk(transaction, kind)
    for levels, loop in walk.found():
        if loop is None:
            yield make(heading=walk.heading, is_claim=False, **levels)
            continue
        claim = make(heading=walk.heading, **levels, **_claim_fields(loop, walk.delimiters))
        if isinstance(claim, ClaimStatus):
            said = tuple(status_of(one, walk.delimiters.component) for one in loop.all("STC"))
            claim = msgspec.structs.replace(claim, statuses=said)
        kept = kept_of(own_rows(loop, "22"), claim_rows(claim), walk.delimiters)
        yield msgspec.structs.replace(claim, kept=kept) if kept else claim


def _claim_fields(loop: Loop, delimiters: Delimiters) -> dict[str, Any]:
    component = delimiters.component
    return {
        "trace": loop.value("TRN", 2),
        "references": tuple(reference_of(one, component) for one in loop.all("REF")),
        "dates": tuple(map(date_of, loop.all("DTP"))),
        "amounts": tuple(map(amount_of, loop.all("AMT"))),
        "lines": tuple(line_of(one, component) for one in loop.loops),
        "start": loop.start,
    }


def line_of(loop: Loop, component: str) -> StatusLine:
    """Loop 2210 or 2220."""
    svc = head(loop, "SVC")
    return StatusLine(
        procedure=procedure_of(svc[1], component) or Procedure(""),
        charge=money_of(svc[2]),
        paid=money_of(svc[3]),
        revenue_code=svc[4],
        units=svc[7],
        statuses=tuple(status_of(one, component) for one in loop.all("STC")),
        references=tuple(reference_of(one, component) for one in loop.all("REF")),
        dates=tuple(map(date_of, loop.all("DTP"))),
    )


def status_of(segment: Segment, component: str) -> Status:
    """STC with its three composites (point 26)."""
    return Status(
        code=_code(segment[1], component) or StatusCode(""),
        second=_code(segment[10], component),
        third=_code(segment[11], component),
        date=segment[2],
        action=segment[3],
        charge=money_of(segment[4]),
        paid=money_of(segment[5]),
        decided=segment[6],
        method=segment[7],
        check_date=segment[8],
        check_number=segment[9],
        message=segment[12],
    )


def _code(text: str, component: str) -> StatusCode | None:
    return StatusCode(*parts(text, component)[:4]) if text else None


# -- writing ----------------------------------------------------------------------------------------------------


_BEGINNINGS = {"276": ("0010", "13", ""), "277": ("0010", "08", "DG"), "277CA": ("0085", "08", "TH")}


def body(kind: str, claims: Iterable[TracedClaim]) -> Body:
    """The transaction as ``build`` takes it; the first claim's heading is the transaction's."""
    out: Rows = []
    levels = Levels(out, {"23": "", "PT": ""})
    structure, purpose, bht06 = _BEGINNINGS[kind]
    leaf = "PT" if kind == "277CA" else "23"
    for claim in claims:
        if not out:
            out.append(heading_row(structure, claim.heading, purpose, bht06))
        levels.enter([*_path(claim, leaf)], anew=False)
        if claim.is_claim:
            out += restored(claim_rows(claim), claim.kept)
    return Body(kind, out)


def _path(claim: TracedClaim, leaf: str) -> Iterator[Step]:
    for field, code in _CODES.items():
        level: StatusLevel | None = getattr(claim, field)
        if level is not None:
            yield Step(leaf if field == "patient" else code, level, _writer(level))


def _writer(level: StatusLevel) -> Callable[[], Rows]:
    return lambda: restored(level_rows(level), level.kept)


def level_rows(level: StatusLevel) -> Rows:
    """A loop 2000 after its HL: birth date, name, then trace, statuses, numbers, dates, counts and amounts."""
    out: Rows = [*birth_rows(level)]
    if level.role:
        out += [name_row(level), *address_rows(level.address), *map(per, level.contacts)]
    return [
        *out,
        *map(trace_row, level.traces),
        *map(status_row, level.statuses),
        *map(ref, level.references),
        *map(dtp, level.dates),
        *(["QTY", one.qualifier, one.value] for one in level.quantities),
        *map(amt, level.amounts),
    ]


def claim_rows(claim: TracedClaim) -> Rows:
    """Loop 2200 and the lines inside it; a question's trace is 1, an answer's 2."""
    answer = claim if isinstance(claim, ClaimStatus) else None
    return [
        ["TRN", "2" if answer else "1", claim.trace],
        *map(status_row, answer.statuses if answer else ()),
        *map(ref, claim.references),
        *map(amt, claim.amounts),
        *map(dtp, claim.dates),
        *(row for line in claim.lines for row in line_rows(line)),
    ]


def line_rows(line: StatusLine) -> Rows:
    """Loop 2210 or 2220."""
    return [
        ["SVC", procedure_value(line.procedure), optional(line.charge), optional(line.paid), line.revenue_code, "", "",
         line.units],
        *map(status_row, line.statuses),
        *map(ref, line.references),
        *map(dtp, line.dates),
    ]  # fmt: skip


def status_row(found: Status) -> Row:
    """STC."""
    return ["STC", code_value(found.code), found.date, found.action, optional(found.charge), optional(found.paid),
            found.decided, found.method, found.check_date, found.check_number, code_value(found.second),
            code_value(found.third), found.message]  # fmt: skip


def code_value(code: StatusCode | None) -> Value:
    """One composite of STC."""
    return (code.category, code.status, code.entity, code.list) if code else ""
