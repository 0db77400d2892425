"""271 and 277CA in the shape of the corpus's expected values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from app.model.benefit import Benefit, Rejection
from app.model.claim import Party
from app.model.claim_status import ClaimStatus, Status, StatusCode, StatusLevel
from app.model.eligibility import EligibilityReport
from app.x12 import claim_ack_277ca, eligibility_271
from app.x12.envelope import Reader
from app.x12.values import money


def eligibility(reader: Reader) -> list[dict[str, Any]]:
    """271: one object a transaction."""
    return [
        {"control_number": transaction.control, **_reports(list(eligibility_271.read(transaction)))}
        for transaction in reader
    ]


def _reports(reports: list[EligibilityReport]) -> dict[str, Any]:
    benefits = [_benefit(one) for found in reports for one in found.benefits]
    rejections = [_rejection(one) for found in reports for one in found.rejections]
    traces = [one.number for found in reports for one in found.traces]
    (first, *others) = reports
    assert not others  # one patient in every sample
    who: dict[str, Any] = {"source_name": _name(first.source), "source_id": first.source.id}
    for name, party in (
        ("receiver", first.receiver),
        ("subscriber", first.subscriber),
        ("dependent", first.dependent),
    ):
        if party is not None:
            who |= {f"{name}_name": _name(party), f"{name}_id": party.id}
    return {
        "benefits": benefits,
        "rejections": rejections,
        **who,
        **({"traces": traces} if traces else {}),
        "benefit_count": len(benefits),
    }


def _benefit(one: Benefit) -> dict[str, Any]:
    full = {
        "info": one.information,
        "coverage": one.coverage_level,
        "services": list(one.services),
        "insurance": one.insurance_type,
        "plan": one.plan,
        "period": one.period,
        "amount": one.amount.source if one.amount else "",
        "percent": one.percent,
        "authorization": one.authorization,
        "network": one.network,
        "messages": list(one.messages),
        "entities": [f"{party.role} {party.name}" for party in one.entities],
    }
    return {key: value for key, value in full.items() if value}


def _rejection(one: Rejection) -> dict[str, str]:
    return {"level": one.level, "valid": one.valid, "reason": one.reason, "follow_up": one.follow_up}


def _name(party: Party) -> str:
    return ", ".join(part for part in (party.name, party.first_name) if part)


def claim_acknowledgments(reader: Reader) -> list[dict[str, Any]]:
    """277CA: one object a transaction."""
    return [
        {"control_number": transaction.control, **_acknowledgment(list(claim_ack_277ca.read(transaction)))}
        for transaction in reader
    ]


def _acknowledgment(found: list[ClaimStatus]) -> dict[str, Any]:
    source, receiver = found[0].source, found[0].receiver
    claims = [one for one in found if one.is_claim]
    codes = Counter(f"{code.category}:{code.status}" for one in claims for code in _codes(one.statuses))
    return {
        "reference": found[0].heading.reference,
        "date": found[0].heading.date,
        "source": {"name": _name(source), "id": source.id, "trace": source.trace},
        "receiver": _receiver(receiver or StatusLevel()),
        "providers": [
            {"name": _name(level), "npi": level.id, "statuses": _statuses(level.statuses)}
            for level in _once(one.provider for one in found)
        ],
        "claims": [_claim(one) for one in claims],
        "claim_count": len(claims),
        "accepted": sum(one.accepted is True for one in claims),
        "rejected": sum(one.accepted is False for one in claims),
        "status_codes": dict(codes),
    }


def _once(levels: Iterable[StatusLevel | None]) -> Iterator[StatusLevel]:
    last = None
    for level in levels:
        if level is not None and level is not last:
            yield level
            last = level


def _receiver(level: StatusLevel) -> dict[str, Any]:
    accepted, rejected = level.amount("YU"), level.amount("YY")
    full = {
        "name": _name(level),
        "id": level.id,
        "trace": level.trace,
        "accepted_count": level.quantity("90"),
        "rejected_count": level.quantity("AA"),
        "accepted_amount": money(accepted.cents) if accepted else None,
        "rejected_amount": money(rejected.cents) if rejected else None,
    }
    return {"statuses": _statuses(level.statuses), **{key: value for key, value in full.items() if value}}


def _claim(one: ClaimStatus) -> dict[str, Any]:
    patient = one.patient
    number = {"payer_claim_number": one.payer_control_number} if one.payer_control_number else {}
    conflicts = {"action_code_conflicts": True} if one.contradicts_itself else {}
    return {
        "patient": _name(patient) if patient else "",
        "trace": one.trace,
        "statuses": _statuses(one.statuses),
        "lines": len(one.lines),
        **number,
        "accepted": one.accepted,
        **conflicts,
    }


def _codes(statuses: Iterable[Status]) -> Iterator[StatusCode]:
    return (code for status in statuses for code in status.codes)


def _statuses(statuses: Iterable[Status]) -> list[dict[str, Any]]:
    found = []
    for status in statuses:
        codes = {
            name: {"category": code.category, "status": code.status, "entity": code.entity}
            for name, code in zip(("codes", "codes2", "codes3"), status.codes, strict=False)
        }
        amount = money(status.charge.cents) if status.charge else ""
        found.append({**codes, "date": status.date, "action": status.action, "amount": amount})
    return found
