"""270: questions about coverage, read and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.model.eligibility import Correspondent, EligibilityRequest, Member
from app.model.inquiry import Heading
from app.x12 import eligibility_rows
from app.x12.claim_837_outline import name_of, when
from app.x12.eligibility_loops import Found, PatientReader
from app.x12.envelope import Transaction
from app.x12.inquiries import Inquiries
from app.x12.kinds import named
from app.x12.parts import shown_day
from app.x12.write import Body, Built
from resources.codes import meaning

KIND = named("270")
_JSON = Inquiries("requests", EligibilityRequest, frozenset(("amount",)))


def read(transaction: Transaction) -> Iterator[EligibilityRequest]:
    """Every patient asked about; problems gather on ``transaction.problems``."""
    reader = PatientReader(transaction, KIND)
    for found in reader.patients():
        if found.subscriber is not None:
            yield _request(found, found.subscriber, reader.heading)


def _request(found: Found, subscriber: Member, heading: Heading) -> EligibilityRequest:
    return EligibilityRequest(
        source=found.source,
        receiver=found.receiver or Correspondent(role="1P"),
        subscriber=subscriber,
        dependent=found.dependent,
        heading=heading,
    )


def body(requests: Iterable[EligibilityRequest]) -> Body:
    """The questions as ``build`` takes them, all in one transaction; a batch holds at most 99 patients."""
    return Body("270", eligibility_rows.rows(requests))


def check(transaction: Transaction) -> None:
    """Run every check; the problems are on ``transaction.problems``."""
    for _ in PatientReader(transaction, KIND).patients():
        pass


# -- JSON -------------------------------------------------------------------------------------------------------


def to_json(transaction: Transaction) -> dict[str, Any]:
    """``{heading: {reference, purpose, date, time}, requests: [{source, receiver, subscriber, dependent}]}``.

    The fields are those of ``EligibilityRequest``; empty ones are left out. ``from_json`` reads it again.
    """
    return _JSON.told(list(read(transaction)))


def from_json(data: dict[str, Any]) -> Built:
    """A finished document: see ``Inquiries.written``."""
    return _JSON.written(data, body)


# -- for people -------------------------------------------------------------------------------------------------


def outline(transaction: Transaction) -> Iterator[tuple[int, str]]:
    """Lines for people: who asks whom about whom, and what."""
    source = receiver = None
    for one in read(transaction):
        if one.source is not source or one.receiver is not receiver:
            source, receiver = one.source, one.receiver
            yield 0, f"{name_of(receiver)} asks {name_of(source)}   (2100B, 2100A)"
        yield from _patient(one)


def _patient(one: EligibilityRequest) -> Iterator[tuple[int, str]]:
    patient = one.patient
    born = f", born {shown_day(patient.birth_date)}" if patient.birth_date else ""
    yield 1, f"about {name_of(patient)}{born}   ({'2100D' if one.dependent else '2100C'})"
    if one.dependent:
        yield 2, f"through the subscriber {name_of(one.subscriber)}   (2100C)"
    for trace in patient.traces:
        yield 2, f"trace {trace.number}"
    for dated in patient.dates:
        yield 2, f"{meaning('dtp', dated.qualifier).text}: {when(dated)}"
    for question in patient.questions:
        for service in question.services:
            yield 2, f"asks about {service}: {meaning('service_type', service).text}   (EQ)"
        if question.procedure:
            yield 2, f"asks about procedure {' '.join((question.procedure.code, *question.procedure.modifiers))}   (EQ)"
        for dated in question.dates:
            yield 3, f"{meaning('dtp', dated.qualifier).text}: {when(dated)}"
