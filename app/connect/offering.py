"""From "some adapter" to "one that can do this", or NotEntitled in words where it cannot."""

from __future__ import annotations

from app.model.errors import NotEntitled
from vendors.contract import (
    Adapter,
    BooksVisits,
    CreatesPatients,
    DrivesPortal,
    FindsSlots,
    PlansWrites,
    ReadsCoverage,
    ReadsEnrollments,
    ReadsProviders,
    ReadsRemittances,
    ReadsReports,
    ReadsSchedule,
    ReadsVisitTypes,
    SearchesPatients,
    SubmitsClaims,
    TellsNews,
    UpdatesPatients,
)


def reads_providers(adapter: Adapter) -> ReadsProviders:
    """READ_PROVIDERS."""
    if isinstance(adapter, ReadsProviders):
        return adapter
    raise lacking()


def reads_visit_types(adapter: Adapter) -> ReadsVisitTypes:
    """READ_VISIT_TYPES."""
    if isinstance(adapter, ReadsVisitTypes):
        return adapter
    raise lacking()


def reads_schedule(adapter: Adapter) -> ReadsSchedule:
    """READ_SCHEDULE."""
    if isinstance(adapter, ReadsSchedule):
        return adapter
    raise lacking()


def finds_slots(adapter: Adapter) -> FindsSlots:
    """FIND_OPEN_SLOTS."""
    if isinstance(adapter, FindsSlots):
        return adapter
    raise lacking()


def books_visits(adapter: Adapter) -> BooksVisits:
    """BOOK_VISIT."""
    if isinstance(adapter, BooksVisits):
        return adapter
    raise lacking()


def searches_patients(adapter: Adapter) -> SearchesPatients:
    """SEARCH_PATIENTS."""
    if isinstance(adapter, SearchesPatients):
        return adapter
    raise lacking()


def reads_coverage(adapter: Adapter) -> ReadsCoverage:
    """READ_COVERAGE."""
    if isinstance(adapter, ReadsCoverage):
        return adapter
    raise lacking()


def creates_patients(adapter: Adapter) -> CreatesPatients:
    """CREATE_PATIENT."""
    if isinstance(adapter, CreatesPatients):
        return adapter
    raise lacking()


def updates_patients(adapter: Adapter) -> UpdatesPatients:
    """UPDATE_PATIENT."""
    if isinstance(adapter, UpdatesPatients):
        return adapter
    raise lacking()


def submits_claims(adapter: Adapter) -> SubmitsClaims:
    """SUBMIT_CLAIMS."""
    if isinstance(adapter, SubmitsClaims):
        return adapter
    raise lacking()


def reads_reports(adapter: Adapter) -> ReadsReports:
    """READ_REPORTS."""
    if isinstance(adapter, ReadsReports):
        return adapter
    raise lacking()


def reads_remittances(adapter: Adapter) -> ReadsRemittances:
    """READ_REMITTANCES."""
    if isinstance(adapter, ReadsRemittances):
        return adapter
    raise lacking()


def reads_enrollments(adapter: Adapter) -> ReadsEnrollments:
    """READ_ENROLLMENTS."""
    if isinstance(adapter, ReadsEnrollments):
        return adapter
    raise lacking()


def tells_news(adapter: Adapter) -> TellsNews:
    """What reports mean."""
    if isinstance(adapter, TellsNews):
        return adapter
    raise lacking()


def plans_writes(adapter: Adapter) -> PlansWrites:
    """Writing on web pages."""
    if isinstance(adapter, PlansWrites):
        return adapter
    raise lacking()


def drives_portal(adapter: Adapter) -> DrivesPortal:
    """Watching and taking over web pages."""
    if isinstance(adapter, DrivesPortal):
        return adapter
    raise lacking()


def lacking() -> NotEntitled:
    """This system does not do that."""
    return NotEntitled(
        "This system does not offer that.",
        "Nothing was sent.",
        ("Do it in the system's own program.",),
    )
