"""270 and 271 loops to the values in ``app.model.eligibility``: one function a loop or segment.

``PatientReader`` streams patients with the levels above them; levels that several patients share are read once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from app.model.benefit import Benefit, Condition, Delivery, Rejection
from app.model.claim import Party
from app.model.eligibility import Correspondent, Member, Question
from app.model.inquiry import Heading
from app.x12.claim_837_loops import (
    amount_of,
    date_of,
    diagnosis_of,
    head,
    parts,
    party_of_rows,
    procedure_of,
    reference_of,
)
from app.x12.delimiters import Delimiters
from app.x12.eligibility_rows import correspondent_rows, member_rows
from app.x12.envelope import Transaction
from app.x12.guide import Segment
from app.x12.kinds import Kind, guide_for
from app.x12.loops import Loop, Walk
from app.x12.parts import heading_of, kept_of, money_of, own_rows, repeats, trace_of


class Found(NamedTuple):
    """A patient with the levels above; no subscriber where a level ends without one."""

    source: Correspondent
    receiver: Correspondent | None
    subscriber: Member | None
    dependent: Member | None


class PatientReader:
    """Reads the patients of one 270 or 271. ``heading`` is known once the first patient is out."""

    def __init__(self, transaction: Transaction, kind: Kind) -> None:
        self.delimiters = transaction.delimiters
        self._walk = Walk(transaction, guide_for(kind, transaction.delimiters))
        self._source: tuple[Loop | None, Correspondent] = (None, Correspondent(role="PR"))
        self._receiver: tuple[Loop | None, Correspondent | None] = (None, None)

    @property
    def heading(self) -> Heading:
        """BHT."""
        return heading_of(self._walk.root)

    def patients(self) -> Iterator[Found]:
        """Every patient, and every level that ends without one."""
        asked: Loop | None = None
        answered: Loop | None = None
        for loop in self._walk.units():
            if loop.id == "2000C":
                yield from self._family(loop)
                asked = loop.parent
                answered = asked.parent if asked is not None else None
            elif loop.id == "2000B":
                if loop is not asked:
                    yield Found(self._source_of(loop.parent), self._receiver_of(loop), None, None)
                answered = loop.parent
            elif loop is not answered:
                yield Found(self._source_of(loop), None, None, None)

    def _family(self, loop: Loop) -> Iterator[Found]:
        receiver = loop.parent
        source = self._source_of(receiver.parent if receiver is not None else None)
        asks = self._receiver_of(receiver)
        subscriber = member_of(loop, self.delimiters)
        dependents = loop.children("2000D")
        if subscriber.benefits or subscriber.questions or not dependents:
            yield Found(source, asks, subscriber, None)
        for child in dependents:
            yield Found(source, asks, subscriber, member_of(child, self.delimiters))

    def _source_of(self, loop: Loop | None) -> Correspondent:
        if self._source[0] is not loop or loop is None:
            self._source = (loop, correspondent_of(loop, self.delimiters, "PR"))
        return self._source[1]

    def _receiver_of(self, loop: Loop | None) -> Correspondent:
        held, receiver = self._receiver
        if held is not loop or loop is None or receiver is None:
            receiver = correspondent_of(loop, self.delimiters, "1P")
            self._receiver = (loop, receiver)
        return receiver


def correspondent_of(loop: Loop | None, delimiters: Delimiters, role: str) -> Correspondent:
    """Loop 2000A or 2000B; an empty one where a document has none."""
    if loop is None or loop.id not in ("2000A", "2000B"):
        return Correspondent(role=role)
    name = loop.child("2100A", "2100B")
    segments = name.segments if name is not None else []
    read = msgspec.structs.replace(
        party_of_rows(segments, delimiters.component, Correspondent),
        rejections=tuple(rejection_of(one, at.id) for at in (loop, name) if at for one in at.all("AAA")),
        level=loop.start,
    )
    kept = kept_of(own_rows(loop, "2100"), correspondent_rows(read), delimiters)
    return msgspec.structs.replace(read, kept=kept)


def member_of(loop: Loop, delimiters: Delimiters) -> Member:
    """Loop 2000C or 2000D with all that is asked or answered there."""
    component = delimiters.component
    name = loop.child("2100C", "2100D") or Loop(loop.spec, loop, loop.start)
    ins = head(name, "INS")
    mpi = name.first("MPI")
    codes = name.first("HI") or Segment()
    read = msgspec.structs.replace(
        party_of_rows(name.segments, component, Member),
        traces=tuple(map(trace_of, loop.all("TRN"))),
        provider_qualifier=name.value("PRV", 2) or "PXC",
        insured=ins[1],
        relationship=ins[2],
        changed=(ins[3], ins[4]) if ins[3] or ins[4] else (),
        birth_order=ins[17],
        diagnoses=tuple(diagnosis_of(code, component) for code in _filled(codes[1:])),
        military=_filled(mpi[1:]) if mpi else (),
        rejections=tuple(rejection_of(one, name.id) for one in name.all("AAA")),
        questions=tuple(question_of(one, delimiters) for one in name.loops if one.first("EQ")),
        benefits=tuple(benefit_of(one, delimiters) for one in name.loops if one.first("EB")),
        level=loop.start,
    )
    kept = kept_of(own_rows(loop, "2100"), member_rows(read), delimiters)
    return msgspec.structs.replace(read, kept=kept) if kept else read


def _filled(values: list[str]) -> tuple[str, ...]:
    """Without the empty ones at the end."""
    while values and not values[-1]:
        values = values[:-1]
    return tuple(values)


def rejection_of(segment: Segment, loop: str) -> Rejection:
    """AAA."""
    return Rejection(reason=segment[3], follow_up=segment[4], valid=segment[1], loop=loop, agency=segment[2])


def condition_of(segment: Segment) -> Condition:
    """III."""
    return Condition(list=segment[1], code=segment[2], category=segment[3], text=segment[4])


def question_of(loop: Loop, delimiters: Delimiters) -> Question:
    """Loop 2110 of a 270."""
    eq = head(loop, "EQ")
    return Question(
        services=repeats(eq[1], delimiters),
        procedure=procedure_of(eq[2], delimiters.component),
        coverage_level=eq[3],
        pointers=tuple(parts(eq[5], delimiters.component)) if eq[5] else (),
        amounts=tuple(map(amount_of, loop.all("AMT"))),
        conditions=tuple(map(condition_of, loop.all("III"))),
        references=tuple(reference_of(one, delimiters.component) for one in loop.all("REF")),
        dates=tuple(map(date_of, loop.all("DTP"))),
    )


def benefit_of(loop: Loop, delimiters: Delimiters) -> Benefit:
    """Loop 2110 of a 271, with the loops 2115 and 2120 inside it."""
    component = delimiters.component
    eb = head(loop, "EB")
    return Benefit(
        information=eb[1],
        coverage_level=eb[2],
        services=repeats(eb[3], delimiters),
        insurance_type=eb[4],
        plan=eb[5],
        period=eb[6],
        amount=money_of(eb[7]),
        percent=eb[8],
        quantity_qualifier=eb[9],
        quantity=eb[10],
        authorization=eb[11],
        network=eb[12],
        procedure=procedure_of(eb[13], component),
        pointers=tuple(parts(eb[14], component)) if eb[14] else (),
        deliveries=tuple(Delivery(**dict(zip(_HSD, one[1:9], strict=False))) for one in loop.all("HSD")),
        references=tuple(reference_of(one, component) for one in loop.all("REF")),
        dates=tuple(map(date_of, loop.all("DTP"))),
        rejections=tuple(rejection_of(one, loop.id) for one in loop.all("AAA")),
        messages=tuple(one[1] for one in loop.all("MSG")),
        conditions=tuple(condition_of(one) for inner in loop.loops for one in inner.all("III")),
        entities=tuple(_entity(inner, component) for inner in loop.loops if inner.first("NM1")),
        start=loop.start,
    )


_HSD = Delivery.__struct_fields__


def _entity(loop: Loop, component: str) -> Party:
    return party_of_rows(loop.segments, component, Party)
