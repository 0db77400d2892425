"""276, 277 and 277CA for people and for other programs: outlines and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.model.claim_status import (
    ClaimStage,
    ClaimStatus,
    Status,
    StatusCode,
    StatusLevel,
    StatusLine,
    TracedClaim,
    accepted,
)
from app.model.money import Money
from app.x12.claim_837_outline import name_of, when
from app.x12.parts import shown_day
from resources.codes import meaning

Outline = Iterator[tuple[int, str]]
_STAGES = {ClaimStage.UNKNOWN: "the answer does not say what became of it", ClaimStage.WANTED: "the payer wants more"}

# -- JSON -------------------------------------------------------------------------------------------------------


def acknowledgment_json(found: Iterable[ClaimStatus]) -> dict[str, Any]:
    """277CA. ``levels`` holds the statuses of source, receiver and providers with what they counted."""
    listed = list(found)
    claims = [one for one in listed if one.is_claim]
    return {
        **_heading(listed),
        "claims": [{**_claim(one, accepted=one.accepted), "amount": _money(one.charge)} for one in claims],
        "accepted_count": sum(one.accepted is True for one in claims),
        "rejected_count": sum(one.accepted is False for one in claims),
        "levels": _levels(listed),
    }


def status_json(found: Iterable[ClaimStatus]) -> dict[str, Any]:
    """277."""
    listed = list(found)
    return {
        **_heading(listed),
        "claims": [
            {"trace_number": one.trace, **_claim(one), "stage": str(one.stage), "charge": _money(one.charge)}
            for one in listed
            if one.is_claim
        ],
        "levels": _levels(listed),
    }


def _heading(listed: Sequence[TracedClaim]) -> dict[str, Any]:
    first = listed[0] if listed else None
    source = first.source if first else StatusLevel()
    receiver = (first.receiver if first else None) or StatusLevel()
    return {
        "source_name": source.full_name,
        "source_id": source.id,
        "receiver_name": receiver.full_name,
        "receiver_id": receiver.id,
        "reference": first.heading.reference if first else "",
        "date": first.heading.date if first else "",
    }


def _claim(one: ClaimStatus, **verdict: bool | None) -> dict[str, Any]:
    patient, provider = one.patient_party or StatusLevel(), one.provider or StatusLevel()
    return {
        "patient_control_number": one.patient_control_number,
        "payer_control_number": one.payer_control_number,
        **verdict,
        "statuses": _statuses(one.statuses),
        "patient": patient.full_name,
        "member_id": (one.subscriber or patient).id,
        "provider_id": provider.id,
        "dates": {dated.qualifier: dated.text for dated in one.dates},
        "references": [{"qualifier": found.qualifier, "value": found.value} for found in one.references],
        "contradicts_itself": one.contradicts_itself,
        "lines": [_line(line) for line in one.lines],
    }


def _statuses(statuses: Iterable[Status]) -> list[dict[str, Any]]:
    """One object a code: an STC with three codes gives three, with what stands beside them."""
    return [
        {
            "category": code.category,
            "status": code.status,
            "entity": code.entity,
            "action": status.action,
            "list": code.list,
            "date": status.date,
            "charge": _money(status.charge),
            "paid": _money(status.paid),
            "decided": status.decided,
            "method": status.method,
            "check_date": status.check_date,
            "check_number": status.check_number,
            "message": status.message,
        }
        for status in statuses
        for code in status.codes
    ]


def _line(line: StatusLine) -> dict[str, Any]:
    return {
        "control_number": line.control_number,
        "procedure": line.procedure.code,
        "modifiers": list(line.procedure.modifiers),
        "revenue_code": line.revenue_code,
        "charge": _money(line.charge),
        "paid": _money(line.paid),
        "units": line.units,
        "dates": {dated.qualifier: dated.text for dated in line.dates},
        "statuses": _statuses(line.statuses),
    }


def _levels(listed: Iterable[ClaimStatus]) -> list[dict[str, Any]]:
    """Source, receivers and providers in order, each once."""
    seen: list[StatusLevel] = []
    found = []
    for one in listed:
        for name, level in (("source", one.source), ("receiver", one.receiver), ("provider", one.provider)):
            if level is None or any(level is other for other in seen):
                continue
            seen = [*seen[-8:], level]
            found.append(
                {
                    "level": name,
                    "name": level.full_name,
                    "id": level.id,
                    "trace_number": level.trace,
                    "accepted": accepted(level.statuses),
                    "statuses": _statuses(level.statuses),
                    "quantities": {one.qualifier: one.value for one in level.quantities},
                    "amounts": {one.qualifier: _money(one.amount) for one in level.amounts},
                }
            )
    return found


def _money(amount: Money | None) -> str | None:
    return amount.plain() if amount is not None else None


# -- the outline --------------------------------------------------------------------------------------------------


def outline(claims: Iterable[TracedClaim], verb: str) -> Outline:
    """Lines for people; levels are told once, claims as they are read."""
    source = receiver = provider = None
    taken = refused = 0
    for one in claims:
        if one.source is not source or one.receiver is not receiver:
            source, receiver, provider = one.source, one.receiver, None
            yield 0, _opening(source, receiver, verb)
            yield from _level(source, 1)
            if receiver is not None:
                yield from _level(receiver, 1)
        if one.provider is not None and one.provider is not provider:
            provider = one.provider
            yield 1, f"Provider {name_of(provider)}   (2100C)"
            yield from _level(provider, 2)
        if one.is_claim:
            yield from _claim_lines(one)
        if isinstance(one, ClaimStatus) and one.is_claim:
            taken += one.accepted is True
            refused += one.accepted is False
    if verb == "acknowledges":
        yield 0, f"{taken} {'claim' if taken == 1 else 'claims'} accepted, {refused} rejected"


def _opening(source: StatusLevel, receiver: StatusLevel | None, verb: str) -> str:
    other = name_of(receiver) if receiver else "(nobody named)"
    if verb == "asks":
        return f"{other} asks {name_of(source)}   (2100B, 2100A)"
    return f"{name_of(source)} {verb} to {other}   (2100A, 2100B)"


def _level(level: StatusLevel, depth: int) -> Outline:
    for contact in level.contacts:
        yield depth, f"ask {contact.name} {', '.join(number for _, number in contact.numbers)}".rstrip()
    yield from _status_lines(level.statuses, depth)
    if accepted(level.statuses) is False:
        yield depth, "everything sent at this level is rejected"
    for counted in level.quantities:
        words = {"90": "accepted", "QA": "accepted", "AA": "rejected", "QC": "rejected"}.get(counted.qualifier, "")
        yield depth, f"counts {counted.value} {'claim' if counted.value == '1' else 'claims'} {words}".rstrip()


def _claim_lines(one: TracedClaim) -> Outline:
    patient = one.patient_party
    about = f" for {name_of(patient)}" if patient else ""
    on = f", {when(one.dates[0])}" if one.dates else ""
    answer = one if isinstance(one, ClaimStatus) else None
    number = (answer.patient_control_number if answer else one.reference("EJ")) or one.trace
    yield 2, f"Claim {number}{about}{on}   (2200)"
    for valued in one.amounts:
        yield 3, f"{meaning('amt', valued.qualifier).text}: {valued.amount.shown()}"
    for found in one.references:
        yield 3, f"{meaning('ref', found.qualifier).text}: {found.value}"
    if answer:
        word = {True: "accepted", False: "REJECTED", None: _STAGES.get(answer.stage, answer.stage)}[answer.accepted]
        why = " with everything at the level above" if answer.rejected_above else ""
        yield 3, f"{word}{why}"
        yield from _status_lines(answer.statuses, 3)
    for line in one.lines:
        charge = f", {line.charge.shown()}" if line.charge else ""
        yield 3, f"Line {line.procedure.code or line.revenue_code}{charge}   (2220)"
        yield from _status_lines(line.statuses, 4)


def _status_lines(statuses: Iterable[Status], depth: int) -> Outline:
    for status in statuses:
        for code in status.codes:
            yield depth, _words(code)
        if status.paid is not None:
            check = f", check {status.check_number}" if status.check_number else ""
            on = f" on {shown_day(status.check_date or status.decided)}" if status.check_date or status.decided else ""
            yield depth, f"paid {status.paid.shown()}{on}{check}"
        if status.message:
            yield depth, f"“{status.message}”"
        if status.contradicts_itself:
            yield depth, f"the action code {status.action} says the opposite; the category was believed"


def _words(code: StatusCode) -> str:
    """``A7:562:85  Rejected: … — NPI (billing provider)``."""
    written = ":".join(part for part in (code.category, code.status, code.entity) if part)
    category = meaning("claim_status_category", code.category)
    about = f" ({meaning('entity', code.entity).text.lower()})" if code.entity else ""
    said = ""
    if code.list == "RX":
        said = f" Pharmacy reject code {code.status}{about}."
    elif code.status:
        said = f" {meaning('claim_status', code.status).text}{about}."
    return f"{written}: {category.text}.{said} {category.next_step}".rstrip()
