"""What goes through the billing capabilities: inquiries, documents, receipts.

EDI travels as the document it is and is read by ``app/x12``; a portal that gives none hands over the screen's own text
as a PAGE document. So a new way of getting a 271 or an 835 changes nothing above the contract.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from app.model.enrollment import Enrollment, EnrollmentState
from app.model.money import Money

_STATES = {state.value: state for state in EnrollmentState}


class DocumentKind(StrEnum):
    """What a document is, as far as its sender says; its content decides."""

    ELIGIBILITY_271 = "271"
    CLAIM_STATUS_277 = "277"
    CLAIM_FILE_837 = "837"
    ACKNOWLEDGMENT_999 = "999"
    ACKNOWLEDGMENT_TA1 = "TA1"
    CLAIM_ACKNOWLEDGMENT_277CA = "277CA"
    REMITTANCE_835 = "835"
    SUMMARY = "summary"
    PAGE = "page"
    OTHER = "other"


class DocumentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A document waiting at the vendor: ``vendor_id`` fetches it, ``bytes_long`` is 0 where unknown."""

    vendor_id: str
    kind: DocumentKind
    name: str
    created_at: datetime | None = None
    bytes_long: int = 0


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A document in full, exactly as received."""

    kind: DocumentKind
    name: str
    content: bytes
    media_type: str = "application/octet-stream"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The vendor took something: its own reference (empty where it gives none) and its words."""

    vendor_reference: str = ""
    words: str = ""


class EligibilityInquiry(msgspec.Struct, frozen=True, kw_only=True):
    """Is this person covered? Fields as 270 names them; a portal uses those its form has.

    ``subscriber_last_name`` and ``subscriber_first_name`` say whose policy it is, where the person is a dependent.
    """

    payer_id: str
    payer_name: str = ""
    provider_npi: str
    provider_last_name: str
    provider_first_name: str = ""
    member_id: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    gender: str = ""
    is_dependent: bool = False
    subscriber_last_name: str = ""
    subscriber_first_name: str = ""
    patient_vendor_id: str = ""
    coverage_vendor_id: str = ""
    service_date: date
    service_types: tuple[str, ...] = ("30",)


class ClaimInquiry(msgspec.Struct, frozen=True, kw_only=True):
    """Where does this claim stand? ``claim_vendor_id`` for systems that hold the claim, the rest as 276 names them."""

    claim_vendor_id: str = ""
    patient_control_number: str = ""
    payer_control_number: str = ""
    payer_id: str = ""
    payer_name: str = ""
    provider_npi: str = ""
    provider_name: str = ""
    member_id: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    service_from: date | None = None
    service_to: date | None = None
    charge: Money | None = None


class EnrollmentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How far a payer's enrollment is for one transaction (``837P``, ``835``, ``270`` …), in the vendor's word."""

    payer_id: str
    payer_name: str
    transaction: str
    status_word: str
    provider_npi: str = ""
    since: date | None = None
    words: str = ""

    def enrollment(self) -> Enrollment | None:
        """The vendor's word as a state; None for a word nobody knows, which then stops nothing."""
        state = _STATES.get(self.status_word.strip().lower())
        if state is None:
            return None
        return Enrollment(
            provider_npi=self.provider_npi,
            payer_id=self.payer_id,
            payer_name=self.payer_name,
            transaction=self.transaction,
            state=state,
            since=self.since,
            words=self.words,
        )


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment to be recorded, unapplied unless ``claim_vendor_id`` names its claim."""

    amount: Money
    received_on: date
    reference: str
    payer_name: str = ""
    patient_vendor_id: str = ""
    claim_vendor_id: str = ""
    method: str = ""
