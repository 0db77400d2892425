"""Eligibility questions and answers to 270 and 271 segments, in the order of the guide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.model.benefit import Benefit, Condition, Rejection
from app.model.claim import Party
from app.model.eligibility import Correspondent, EligibilityReport, EligibilityRequest, Member, Question
from app.x12.claim_837_segments import address_rows, amt, dtp, name_row, per, procedure_value, ref
from app.x12.parts import (
    Levels,
    Rows,
    Step,
    birth_rows,
    heading_row,
    optional,
    restored,
    trace_row,
)
from app.x12.write import Row

_LAST = {"23": "0"}


def rows(values: Iterable[EligibilityRequest | EligibilityReport]) -> Rows:
    """All segments between ST and SE; the first value's heading is the transaction's."""
    out: Rows = []
    levels = Levels(out, _LAST)
    for value in values:
        if not out:
            out.append(heading_row("0022", value.heading, "13" if isinstance(value, EligibilityRequest) else "11"))
        levels.enter(list(_path(value)), anew=True)
    return out


def _path(value: EligibilityRequest | EligibilityReport) -> Iterator[Step]:
    source, receiver, subscriber, dependent = value.source, value.receiver, value.subscriber, value.dependent
    yield Step("20", source, lambda: restored(correspondent_rows(source), source.kept))
    if receiver is not None:
        yield Step("21", receiver, lambda: restored(correspondent_rows(receiver), receiver.kept))
    if subscriber is not None:
        yield Step("22", subscriber, lambda: restored(member_rows(subscriber), subscriber.kept))
    if dependent is not None:
        yield Step("23", dependent, lambda: restored(member_rows(dependent), dependent.kept))


def correspondent_rows(found: Correspondent) -> Rows:
    """2000A or 2000B after its HL."""
    out: Rows = [rejection_row(one) for one in found.rejections if one.loop == "2000A"]
    if found.name or found.id or found.role:
        out += _party_rows(found, [one for one in found.rejections if one.loop != "2000A"])
    return out


def member_rows(member: Member) -> Rows:
    """2000C or 2000D after its HL."""
    out: Rows = [*map(trace_row, member.traces)]
    if member.role:
        named = _party_rows(member, member.rejections, member.provider_qualifier)
        at = next((n for n, row in enumerate(named) if row[0] == "DTP"), len(named))
        out += [*named[:at], *_insured(member), *named[at:]]
    if member.military:
        out.append(["MPI", *member.military])
    for question in member.questions:
        out += question_rows(question)
    for benefit in member.benefits:
        out += benefit_rows(benefit)
    return out


def _insured(member: Member) -> Iterator[Row]:
    if member.insured or member.relationship:
        yield [
            "INS",
            member.insured,
            member.relationship,
            *(member.changed or ("", "")),
            *[""] * 12,
            member.birth_order,
        ]
    if member.diagnoses:
        yield ["HI", *((one.qualifier, one.code) for one in member.diagnoses)]


def _party_rows(party: Party, rejections: Iterable[Rejection] = (), qualifier: str = "PXC") -> Rows:
    """NM1 and what follows it, in the order of these guides."""
    out: Rows = [
        name_row(party),
        *map(ref, party.references),
        *address_rows(party.address),
        *map(per, party.contacts),
        *map(rejection_row, rejections),
    ]
    if party.provider_role or party.taxonomy:
        out.append(["PRV", party.provider_role, qualifier if party.taxonomy else "", party.taxonomy])
    return [*out, *birth_rows(party), *map(dtp, party.dates)]


def rejection_row(found: Rejection) -> Row:
    """AAA."""
    return ["AAA", found.valid, found.agency, found.reason, found.follow_up]


def condition_row(found: Condition) -> Row:
    """III."""
    return ["III", found.list, found.code, found.category, found.text]


def question_rows(question: Question) -> Rows:
    """Loop 2110 of a 270."""
    return [
        ["EQ", list(question.services), procedure_value(question.procedure), question.coverage_level, "",
         question.pointers],
        *map(amt, question.amounts),
        *map(condition_row, question.conditions),
        *map(ref, question.references),
        *map(dtp, question.dates),
    ]  # fmt: skip


def benefit_rows(benefit: Benefit) -> Rows:
    """Loop 2110 of a 271, with the loops 2115 and 2120 inside it."""
    out: Rows = [
        ["EB", benefit.information, benefit.coverage_level, list(benefit.services), benefit.insurance_type,
         benefit.plan, benefit.period, optional(benefit.amount), benefit.percent, benefit.quantity_qualifier,
         benefit.quantity, benefit.authorization, benefit.network, procedure_value(benefit.procedure),
         benefit.pointers],
        *(["HSD", one.quantity_qualifier, one.quantity, one.unit, one.sample, one.period, one.periods, one.pattern,
           one.time] for one in benefit.deliveries),
        *map(ref, benefit.references),
        *map(dtp, benefit.dates),
        *map(rejection_row, benefit.rejections),
        *(["MSG", message] for message in benefit.messages),
        *map(condition_row, benefit.conditions),
    ]  # fmt: skip
    if benefit.entities:
        out.append(["LS", "2120"])
        for entity in benefit.entities:
            out += _party_rows(entity)
        out.append(["LE", "2120"])
    return out
