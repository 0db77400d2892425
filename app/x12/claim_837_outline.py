"""A claim as people read it: plain words, money with dollar signs, codes with their meaning."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.claim import (
    BillingProvider,
    Claim,
    OtherSubscriber,
    Party,
    QualifiedDate,
    ServiceLine,
    Subscriber,
)
from app.model.claim_submission import ClaimSubmission
from resources.codes import meaning

Outline = Iterator[tuple[int, str]]


def words(table: str, code: str) -> str:
    """``11 (Office)``; an unknown code says so; nothing for nothing."""
    return f"{code} ({meaning(table, code).text})" if code else ""


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def name_of(party: Party) -> str:
    """Name and number of a person or organization."""
    number = {"XX": "NPI", "MI": "member", "PI": "payer ID", "46": "ID"}.get(party.id_qualifier, party.id_qualifier)
    shown = f"{number} {party.id}".strip() if party.id else ""
    return ", ".join(part for part in (party.full_name or "(no name)", shown) if part)


def when(found: QualifiedDate) -> str:
    """A date or range in figures; an impossible one as written."""
    if found.start is None:
        return f"{found.text} (not a real date)" if found.format != "TM" else found.text
    first = f"{found.start:%m/%d/%Y}"
    return first if found.end in (None, found.start) else f"{first} to {found.end:%m/%d/%Y}"


def header(submission: ClaimSubmission) -> Outline:
    """Who sends the batch to whom."""
    yield 0, f"Claims from {name_of(submission.submitter)} to {name_of(submission.receiver)}"
    if submission.reference:
        yield 1, f"Batch {submission.reference} of {submission.date} {submission.time}".rstrip()


def billing(provider: BillingProvider) -> Outline:
    """Loop 2000A."""
    yield 0, f"Billing provider {name_of(provider.party)}   (2000A)"
    if provider.pay_to and provider.pay_to.address:
        place = provider.pay_to.address
        yield 1, f"Pay to {place.street}, {place.city} {place.state} {place.postal_code}"


def subscriber(level: Subscriber) -> Outline:
    """Loop 2000B."""
    order = meaning("payer_order", level.payer_order).text if level.payer_order else "payer"
    yield 1, f"Subscriber {name_of(level.party)}   (2000B)"
    group = f"group {level.group_number}" if level.group_number else ""
    yield 2, f"{order}: {_listed(name_of(level.payer), group, words('claim_filing', level.claim_filing))}"


def claim(found: Claim) -> Outline:
    """Loop 2300 and all inside it."""
    yield 1, f"Claim {found.patient_control_number}: {found.charge.shown()} for {name_of(found.patient_party)}   (2300)"
    if found.facility_qualifier == "A":
        kind = meaning("frequency", found.frequency).text
        yield 2, f"Type of bill {found.facility_code}{found.frequency} ({kind})"
    else:
        place = words("place_of_service", found.facility_code) or "(not said)"
        yield 2, "; ".join(part for part in (f"Place {place}", words("frequency", found.frequency)) if part)
    for dated in found.dates:
        yield 2, f"{meaning('dtp', dated.qualifier).text}: {when(dated)}"
    for reference in found.references:
        yield 2, f"{meaning('ref', reference.qualifier).text}: {reference.value}"
    for valued in found.amounts:
        yield 2, f"{meaning('amt', valued.qualifier).text}: {valued.amount.shown()}"
    for code in found.diagnoses:
        yield 2, f"{meaning('diagnosis_qualifier', code.qualifier).text}: {code.code}"
    for note in found.notes:
        yield 2, f"Note: {note.text}"
    for provider in found.providers:
        yield 2, f"{meaning('entity', provider.role).text}: {name_of(provider)}"
    for other in found.other_subscribers:
        yield from _other(other)
    for line in found.lines:
        yield from _line(line)


def _other(other: OtherSubscriber) -> Outline:
    payer = name_of(other.payer) if other.payer else "(not named)"
    yield 2, f"Other payer, {meaning('payer_order', other.payer_order).text.lower()}: {payer}   (2320)"
    if other.paid is not None:
        yield 3, f"Paid {other.paid.shown()}"
    for taken in other.adjustments:
        yield 3, f"{taken.group}-{taken.reason} {taken.amount.shown()}: {meaning('carc', taken.reason).text}"


def _line(line: ServiceLine) -> Outline:
    revenue = f"revenue code {line.revenue_code}" if line.revenue_code else ""
    what = " ".join((line.procedure.code, *line.procedure.modifiers)) if line.procedure else ""
    unit = {"MJ": "minute", "DA": "day"}.get(line.unit, "unit") + ("" if line.units == "1" else "s")
    on = f" on {when(line.service_date)}" if line.service_date else ""
    points = f"diagnosis {', '.join(map(str, line.pointers))}" if line.pointers else ""
    said = _listed(revenue, what, f"{line.units} {unit}" if line.units else "", line.charge.shown() + on, points)
    yield 2, f"Line {line.number}: {said}   (2400)"
    for drug in line.drugs:
        yield 3, f"Drug {drug.code}: {drug.quantity} {drug.unit}".rstrip()
    for provider in line.providers:
        yield 3, f"{meaning('entity', provider.role).text}: {name_of(provider)}"
    for decision in line.adjudications:
        yield 3, f"Payer {decision.payer_id} paid {decision.paid.shown()}"
        for taken in decision.adjustments:
            yield 4, f"{taken.group}-{taken.reason} {taken.amount.shown()}: {meaning('carc', taken.reason).text}"
