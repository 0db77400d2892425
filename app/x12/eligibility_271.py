"""271: answers about coverage, read and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.model.eligibility import EligibilityReport
from app.x12 import eligibility_rows
from app.x12.eligibility_loops import PatientReader
from app.x12.envelope import Transaction
from app.x12.kinds import named
from app.x12.write import Body

KIND = named("271")


def read(transaction: Transaction) -> Iterator[EligibilityReport]:
    """One report a patient; one without a subscriber where the payer refused before it looked at a person.

    Problems gather on ``transaction.problems``.
    """
    reader = PatientReader(transaction, KIND)
    for found in reader.patients():
        yield EligibilityReport(
            source=found.source,
            receiver=found.receiver,
            subscriber=found.subscriber,
            dependent=found.dependent,
            heading=reader.heading,
        )


def body(reports: Iterable[EligibilityReport]) -> Body:
    """The answers as ``build`` takes them, all in one transaction."""
    return Body("271", eligibility_rows.rows(reports))


def check(transaction: Transaction) -> None:
    """Run every check; the problems are on ``transaction.problems``."""
    for _ in PatientReader(transaction, KIND).patients():
        pass


def to_json(transaction: Transaction) -> dict[str, Any]:
    """See ``app.x12.eligibility_views.to_json``."""
    from app.x12 import eligibility_views

    return eligibility_views.to_json(read(transaction))


def outline(transaction: Transaction) -> Iterator[tuple[int, str]]:
    """See ``app.x12.eligibility_views.outline``."""
    from app.x12 import eligibility_views

    return eligibility_views.outline(read(transaction))
