"""One protocol per capability. An adapter implements those its manifest offers, and no more.

Every method may raise any error of ``app.model.errors.VendorError``'s family and nothing else. A write that may have
been sent and has no clear answer raises OutcomeUnknown; a write that certainly was not sent raises Unreachable.
Cancelling the awaiting task abandons the request; after that a write's outcome is unknown to the caller too.
Ids are the vendor's, as text. Times of day are the location's own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol, runtime_checkable

import msgspec

from app.model.capabilities import Capability, CapabilityOffer
from app.model.coverage import CoverageRecord
from app.model.people import Patient
from app.model.portal import Evidence, PortalUse, PortalView, ScreenChange
from app.model.schedule import (
    BookedVisit,
    BookingRequest,
    Provider,
    Slot,
    SlotCheck,
    Visit,
    VisitStatus,
    VisitType,
)
from app.model.sourced import Sourced
from vendors.contract.billing import (
    ClaimInquiry,
    Document,
    DocumentEntry,
    EligibilityInquiry,
    EnrollmentRecord,
    Payment,
    Receipt,
)
from vendors.contract.page import ChangePage, Page


class SessionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A session as people see it: ``words`` such as "Signed in until 9:40 AM tomorrow", None where it does not end."""

    words: str
    expires_at: datetime | None = None


@runtime_checkable
class Adapter(Protocol):
    """What every adapter can do: sign in, say what this account may do, and leave."""

    async def sign_in(self) -> SessionInfo:
        """Make or renew the session. Raises WrongCredentials, NeedsMfa, Locked-out words in VendorRejected."""
        ...

    async def test(self) -> list[CapabilityOffer]:
        """Try the connection harmlessly and say what this account is entitled to, one offer per capability."""
        ...

    async def close(self) -> None:
        """Give sockets, browsers and files back. Safe to call twice."""
        ...


@runtime_checkable
class SignsInApart(Protocol):
    """Beside the capabilities of a system whose manifest has ``sides``."""

    async def sign_in_to(self, side: str) -> SessionInfo:
        """Make or renew the session of one side alone. Raises what ``sign_in`` does, or NotEntitled."""
        ...


@runtime_checkable
class ReadsProviders(Protocol):
    """READ_PROVIDERS."""

    async def providers(self) -> list[Sourced[Provider]]:
        """All active providers."""
        ...

    async def provider(self, vendor_id: str) -> Sourced[Provider]:
        """One provider. Raises NotFound."""
        ...


@runtime_checkable
class ReadsVisitTypes(Protocol):
    """READ_VISIT_TYPES."""

    async def visit_types(self, include_inactive: bool = False) -> list[VisitType]:
        """The kinds of visit that can be booked."""
        ...


@runtime_checkable
class ReadsSchedule(Protocol):
    """READ_SCHEDULE."""

    async def visits(
        self, provider_vendor_id: str, start: date, end: date, visit_type: str = ""
    ) -> list[Sourced[Visit]]:
        """Visits from ``start`` to ``end``, both days included, in order of time; one ``visit_type`` or all.

        An empty ``provider_vendor_id`` means all providers, where the manifest's limits say ``whole_days``.
        """
        ...


@runtime_checkable
class FindsSlots(Protocol):
    """FIND_OPEN_SLOTS."""

    async def open_slots(self, provider_vendor_id: str, day: date, minutes: int) -> list[Slot]:
        """Free times of that length on that day, in order."""
        ...

    async def check_slot(self, slot: Slot) -> SlotCheck:
        """Is exactly this time free now?"""
        ...

    async def next_slot(self, provider_vendor_id: str, minutes: int, max_days: int | None = None) -> Slot | None:
        """The first free time within ``max_days`` (the vendor's own reach, when None), or None."""
        ...


@runtime_checkable
class BooksVisits(Protocol):
    """BOOK_VISIT."""

    async def book_visit(self, request: BookingRequest) -> BookedVisit:
        """Book, once. Raises SlotTaken, VendorRejected, OutcomeUnknown."""
        ...


@runtime_checkable
class MovesVisits(Protocol):
    """MOVE_VISIT."""

    async def move_visit(self, visit_vendor_id: str, request: BookingRequest) -> BookedVisit:
        """Give a visit another time or provider, once; the vendor may answer with a new visit id."""
        ...


@runtime_checkable
class CancelsVisits(Protocol):
    """CANCEL_VISIT."""

    async def cancel_visit(self, visit_vendor_id: str, reason: str = "") -> None:
        """Cancel, once; the visit stays on record as cancelled."""
        ...


@runtime_checkable
class ChangesVisitStatus(Protocol):
    """CHANGE_VISIT_STATUS."""

    async def change_visit_status(self, visit_vendor_id: str, status: VisitStatus) -> Sourced[Visit]:
        """Say how far a visit has come. Raises VendorRejected for a step the vendor does not know."""
        ...


@runtime_checkable
class SearchesPatients(Protocol):
    """SEARCH_PATIENTS."""

    async def search_patients(
        self, search: str = "", page: str = "", limit: int = 0, leads_only: bool = False
    ) -> Page[Sourced[Patient]]:
        """One part of the patients that match (an empty search: all); ``page`` is a ``Page.next_page``."""
        ...


@runtime_checkable
class CreatesPatients(Protocol):
    """CREATE_PATIENT."""

    async def create_patient(self, patient: Patient) -> Sourced[Patient]:
        """Create a record, once. The value holds at least what was sent."""
        ...


@runtime_checkable
class UpdatesPatients(Protocol):
    """UPDATE_PATIENT."""

    async def update_patient(self, vendor_id: str, changes: dict[str, str]) -> Sourced[Patient]:
        """Change the named fields (names as in ``Patient``, address parts as in ``Address``); the rest stays.

        The value holds the changes and whatever else the vendor's answer told; keep what it does not mention.
        """
        ...


@runtime_checkable
class ReadsCoverage(Protocol):
    """READ_COVERAGE."""

    async def coverage(self, patient_vendor_id: str) -> list[Sourced[CoverageRecord]]:
        """The policies on a patient's record, primary first."""
        ...


@runtime_checkable
class ReadsCharts(Protocol):
    """Beside READ_COVERAGE, where a patient's page tells more than lists of patients do, and the policies with it."""

    async def chart(self, patient_vendor_id: str) -> tuple[Sourced[Patient], list[Sourced[CoverageRecord]]]:
        """The whole record and its policies, primary first. Raises NotFound."""
        ...


@runtime_checkable
class ChecksEligibility(Protocol):
    """CHECK_ELIGIBILITY."""

    async def check_eligibility(self, inquiry: EligibilityInquiry) -> Document:
        """Ask the payer: a 271, or the portal's page."""
        ...


@runtime_checkable
class SubmitsClaims(Protocol):
    """SUBMIT_CLAIMS."""

    async def submit_claims(self, batch: Document) -> Receipt:
        """Hand over a file of claims, once. Taken is not accepted: acknowledgments follow as reports."""
        ...


@runtime_checkable
class ReadsClaimStatus(Protocol):
    """READ_CLAIM_STATUS."""

    async def claim_status(self, inquiry: ClaimInquiry) -> Document:
        """Where a claim stands: a 277, or the portal's page."""
        ...


@runtime_checkable
class ReadsReports(Protocol):
    """READ_REPORTS."""

    async def reports(self, since: datetime | None = None) -> list[DocumentEntry]:
        """Reports and acknowledgments waiting, oldest first."""
        ...

    async def report(self, vendor_id: str) -> Document:
        """One of them, left in place."""
        ...


@runtime_checkable
class ReadsRemittances(Protocol):
    """READ_REMITTANCES."""

    async def remittances(self, since: datetime | None = None) -> list[DocumentEntry]:
        """Remittances waiting, oldest first."""
        ...

    async def remittance(self, vendor_id: str) -> Document:
        """One of them: an 835, or the portal's page."""
        ...


@runtime_checkable
class PostsPayments(Protocol):
    """POST_PAYMENTS."""

    async def post_payment(self, payment: Payment) -> Receipt:
        """Record a payment, once."""
        ...


@runtime_checkable
class ReadsEnrollments(Protocol):
    """READ_ENROLLMENTS."""

    async def enrollments(self) -> list[Sourced[EnrollmentRecord]]:
        """How far each payer's enrollment is."""
        ...


@runtime_checkable
class NoticesChanges(Protocol):
    """CHANGE_NOTICES."""

    async def changes(self, mark: str = "") -> ChangePage:
        """What changed since ``mark`` (an earlier ``ChangePage.mark``; empty starts the feed)."""
        ...


@runtime_checkable
class DrivesPortal(Protocol):
    """Beside the capabilities of a system that is reached through its web pages: what people see and do of them."""

    async def view(self) -> PortalView:
        """Watch the page, and take it over."""
        ...

    def changed_pages(self) -> tuple[ScreenChange, ...]:
        """Pages on which writing is stopped, for every connection of this system."""
        ...

    async def lift(self, page: str) -> None:
        """Somebody has looked: writing on ``page`` may go on."""
        ...

    async def evidence(self) -> tuple[Evidence, ...]:
        """What failed steps of this connection left behind lately, blanked."""
        ...

    def uses(self) -> tuple[PortalUse, ...]:
        """Who used this connection's login lately, from whichever connection, the latest last."""
        ...


#: What an adapter must implement for each capability that its manifest offers.
PROTOCOLS: dict[Capability, type] = {
    Capability.READ_PROVIDERS: ReadsProviders,
    Capability.READ_VISIT_TYPES: ReadsVisitTypes,
    Capability.READ_SCHEDULE: ReadsSchedule,
    Capability.FIND_OPEN_SLOTS: FindsSlots,
    Capability.BOOK_VISIT: BooksVisits,
    Capability.MOVE_VISIT: MovesVisits,
    Capability.CANCEL_VISIT: CancelsVisits,
    Capability.CHANGE_VISIT_STATUS: ChangesVisitStatus,
    Capability.SEARCH_PATIENTS: SearchesPatients,
    Capability.CREATE_PATIENT: CreatesPatients,
    Capability.UPDATE_PATIENT: UpdatesPatients,
    Capability.READ_COVERAGE: ReadsCoverage,
    Capability.CHECK_ELIGIBILITY: ChecksEligibility,
    Capability.SUBMIT_CLAIMS: SubmitsClaims,
    Capability.READ_CLAIM_STATUS: ReadsClaimStatus,
    Capability.READ_REPORTS: ReadsReports,
    Capability.READ_REMITTANCES: ReadsRemittances,
    Capability.POST_PAYMENTS: PostsPayments,
    Capability.READ_ENROLLMENTS: ReadsEnrollments,
    Capability.CHANGE_NOTICES: NoticesChanges,
}
