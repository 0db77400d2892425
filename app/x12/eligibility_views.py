"""271 for people and for other programs: the outline of ``daybook x12 show`` and the JSON of ``daybook x12 json``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.model.benefit import BenefitLine, Delivery, Rejection
from app.model.claim import Party, QualifiedDate
from app.model.eligibility import EligibilityReport, Member, OtherCoverage, Verdict
from app.model.money import Money
from app.x12.claim_837_outline import name_of, when
from app.x12.parts import shown_day
from resources.codes import meaning

Outline = Iterator[tuple[int, str]]

# -- JSON -------------------------------------------------------------------------------------------------------


def to_json(reports: Iterable[EligibilityReport]) -> dict[str, Any]:
    """``{reports: [{source_name, ..., standing, reason, benefits: [...], rejections: [...], ...}]}``.

    ``benefits`` has one entry for each service of each EB, totals and remaining amounts joined; money is text with two
    decimals, ``null`` where nothing is said; dates are as written.
    """
    return {"reports": [_report(one) for one in reports]}


def _report(found: EligibilityReport) -> dict[str, Any]:
    verdict = found.verdict()
    receiver, doctor = found.receiver or Party(), found.primary_care
    return {
        "source_name": found.source.full_name,
        "source_id": found.source.id,
        "receiver_name": receiver.full_name,
        "receiver_id": receiver.id,
        "reference": found.heading.reference,
        "date": found.heading.date,
        "trace_number": found.our_trace,
        "traces": [
            {"number": one.number, "type": one.type, "originator": one.originator} for one in found.traces
        ],
        "subscriber": _member(found.subscriber),
        "dependent": _member(found.dependent),
        "standing": str(verdict.standing),
        "reason": verdict.reason,
        "benefits": [_line(one) for one in found.lines],
        "rejections": [_rejection(one) for one in found.rejections],
        "other_payers": [_other(one) for one in found.other_payers],
        "primary_care": {"name": doctor.full_name, "id": doctor.id} if doctor else None,
    }  # fmt: skip


def _member(member: Member | None) -> dict[str, Any] | None:
    if member is None:
        return None
    return {
        "last_name": member.name,
        "first_name": member.first_name,
        "member_id": member.id,
        "birth_date": member.birth_date,
        "sex": member.sex,
        "relationship": member.relationship,
        "group_number": member.reference("6P") or member.reference("1L"),
        "identity_changed": member.identity_changed,
        "references": [{"qualifier": one.qualifier, "value": one.value} for one in member.references],
        "dates": _dates(member.dates),
    }


def _line(line: BenefitLine) -> dict[str, Any]:
    found = line.benefit
    procedure = found.procedure
    return {
        "information": found.information,
        "coverage_level": found.coverage_level,
        "service": line.service,
        "insurance_type": found.insurance_type,
        "plan": found.plan,
        "period": found.period,
        "amount": _money(line.total),
        "remaining": _money(line.remaining),
        "used": _money(line.used),
        "percent": found.percent,
        "quantity": found.quantity,
        "quantity_qualifier": found.quantity_qualifier,
        "authorization": found.authorization,
        "network": found.network,
        "procedure": procedure.code if procedure else "",
        "places": [one.code for one in found.conditions],
        "references": [{"qualifier": one.qualifier, "value": one.value} for one in found.references],
        "dates": _dates(found.dates),
        "messages": list(found.messages),
        "entities": [{"role": one.role, "name": one.full_name, "id": one.id} for one in found.entities],
    }


def _rejection(one: Rejection) -> dict[str, str]:
    return {
        "level": one.level,
        "reason": one.reason,
        "text": meaning("aaa_reject", one.reason).text,
        "field": one.field,
        "follow_up": one.follow_up,
        "resend": one.resend,
    }


def _other(one: OtherCoverage) -> dict[str, str]:
    payer = one.payer or Party()
    return {
        "name": payer.full_name,
        "id": payer.id,
        "order": one.order,
        "member_id": one.member_id,
        "group_number": one.group_number,
    }


def _money(amount: Money | None) -> str | None:
    return amount.plain() if amount is not None else None


def _dates(dates: tuple[QualifiedDate, ...]) -> dict[str, str]:
    return {one.qualifier: one.text for one in dates}


# -- the outline --------------------------------------------------------------------------------------------------


def outline(reports: Iterable[EligibilityReport]) -> Outline:
    """Lines for people: the verdict first, then what the patient bears, then everything else."""
    source = receiver = None
    for found in reports:
        if found.source is not source or found.receiver is not receiver:
            source, receiver = found.source, found.receiver
            to = f" to {name_of(receiver)}" if receiver else ""
            yield 0, f"{name_of(source)} answers{to}   (2100A, 2100B)"
            for contact in source.contacts:
                yield 1, f"ask {contact.name} {', '.join(number for _, number in contact.numbers)}".rstrip()
        yield from _person(found)
        yield from _verdict(found.verdict())
        for one in found.rejections:
            yield from _refusal(one)
        if found.primary_care:
            yield 2, f"Primary care: {name_of(found.primary_care)}"
        for alike in _alike(found.lines):
            yield from _benefit(alike)


def _person(found: EligibilityReport) -> Outline:
    patient = found.patient
    if patient is None:
        return
    born = f", born {shown_day(patient.birth_date)}" if patient.birth_date else ""
    yield 1, f"Patient {name_of(patient)}{born}   ({'2100D' if found.dependent else '2100C'})"
    if found.dependent and found.subscriber:
        through = meaning("relationship", patient.relationship).text.lower() if patient.relationship else "dependent"
        yield 2, f"{through} of the subscriber {name_of(found.subscriber)}   (2100C)"
    if patient.identity_changed:
        yield 2, "the payer corrected what we sent: compare with the chart"
    if found.our_trace:
        yield 2, f"answers our question {found.our_trace}   (TRN)"
    for one in patient.references:
        yield 2, f"{meaning('ref', one.qualifier).text}: {one.value}"
    for dated in patient.dates:
        yield 2, f"{meaning('dtp', dated.qualifier).text}: {when(dated)}"


def _verdict(verdict: Verdict) -> Outline:
    words = {"active": "ACTIVE", "inactive": "NOT ACTIVE", "unknown": "COULD NOT BE TOLD"}[verdict.standing]
    yield 2, f"Coverage {words}. {verdict.reason}"


def _refusal(one: Rejection) -> Outline:
    said, after = meaning("aaa_reject", one.reason), meaning("aaa_follow_up", one.follow_up)
    resend = f" {after.text}." if one.follow_up else ""
    level = {"source": "payer", "receiver": "provider"}.get(one.level, one.level)
    yield 2, f"Rejected at the {level}, {one.reason}: {said.text}. {said.next_step}{resend}   (AAA)"


def _alike(lines: Iterable[BenefitLine]) -> Iterator[list[BenefitLine]]:
    """Services of one benefit that differ in nothing but the service."""
    run: list[BenefitLine] = []
    for line in lines:
        if run and (
            run[0].benefit is not line.benefit or (run[0].remaining, run[0].used) != (line.remaining, line.used)
        ):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _benefit(alike: list[BenefitLine]) -> Outline:
    line = alike[0]
    found = line.benefit
    said = meaning("benefit", found.information).text
    services = [f"{one.service} {meaning('service_type', one.service).text}" for one in alike if one.service]
    about = f" for {', '.join(services)}" if services else ""
    yield 2, f"{said}{about}: {', '.join(_facts(line))}".rstrip(": ") + "   (EB)"
    if found.plan:
        yield 3, f"plan {found.plan}"
    for one in found.conditions:
        place = meaning("place_of_service", one.code).text if one.list == "ZZ" else one.code
        yield 3, f"at {place}" if one.code else one.text
    for delivery in found.deliveries:
        yield 3, _delivery(delivery)
    for reference in found.references:
        yield 3, f"{meaning('ref', reference.qualifier).text}: {reference.value}"
    for dated in found.dates:
        yield 3, f"{meaning('dtp', dated.qualifier).text}: {when(dated)}"
    for message in found.messages:
        yield 3, f"“{message}”"
    for party in found.entities:
        numbers = "".join(f", {number}" for contact in party.contacts for _, number in contact.numbers)
        yield 3, f"{meaning('entity', party.role).text}: {name_of(party)}{numbers}"


def _delivery(found: Delivery) -> str:
    """``2 visits a week, 3 month``; what is not given is left out."""
    amount = f"{found.quantity} {meaning('quantity', found.quantity_qualifier).text}" if found.quantity else ""
    unit = {"DA": " a day", "WK": " a week", "MO": " a month", "YR": " a year", "VS": " a visit"}.get(found.unit, "")
    period = meaning("period", found.period).text.lower() if found.period else ""
    return ", ".join(part for part in (amount + unit, f"{found.periods} {period}".strip()) if part)


def _facts(line: BenefitLine) -> Iterator[str]:
    """What is said of a benefit, in the order in which a front desk asks for it."""
    found = line.benefit
    if line.total is not None:
        yield line.total.shown()
    if line.remaining is not None:
        yield f"{line.remaining.shown()} left"
    if line.used is not None:
        yield f"{line.used.shown()} used"
    if found.percent:
        yield found.percent_shown
    if found.quantity:
        yield f"{found.quantity} {meaning('quantity', found.quantity_qualifier).text}"
    if found.period:
        yield meaning("period", found.period).text.lower()
    if found.coverage_level:
        yield meaning("coverage_level", found.coverage_level).text.lower()
    if found.network:
        yield meaning("network", found.network).text.lower()
    if found.procedure:
        yield f"procedure {found.procedure.code}"
    if found.insurance_type:
        yield meaning("insurance_type", found.insurance_type).text
    if found.authorization == "Y":
        yield "authorization needed"
