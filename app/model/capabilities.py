"""What a connected system can be asked to do, and how fully."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Capability(StrEnum):
    """One thing a vendor system may offer. A manifest speaks of every one of them."""

    READ_PROVIDERS = "read_providers"
    READ_VISIT_TYPES = "read_visit_types"
    READ_SCHEDULE = "read_schedule"
    FIND_OPEN_SLOTS = "find_open_slots"
    BOOK_VISIT = "book_visit"
    MOVE_VISIT = "move_visit"
    CANCEL_VISIT = "cancel_visit"
    CHANGE_VISIT_STATUS = "change_visit_status"
    SEARCH_PATIENTS = "search_patients"
    CREATE_PATIENT = "create_patient"
    UPDATE_PATIENT = "update_patient"
    READ_COVERAGE = "read_coverage"
    CHECK_ELIGIBILITY = "check_eligibility"
    SUBMIT_CLAIMS = "submit_claims"
    READ_CLAIM_STATUS = "read_claim_status"
    READ_REPORTS = "read_reports"
    READ_REMITTANCES = "read_remittances"
    POST_PAYMENTS = "post_payments"
    READ_ENROLLMENTS = "read_enrollments"
    CHANGE_NOTICES = "change_notices"


class Standing(StrEnum):
    """How far an offer goes. The words a person reads are in ``CapabilityOffer.words``.

    NOT_LICENSED: the account may not, by the system's own word. NOT_SET_UP: an address or a credential is missing here.
    """

    YES = "yes"
    PARTLY = "partly"
    NOT_OFFERED = "not_offered"
    NOT_LICENSED = "not_licensed"
    NOT_SET_UP = "not_set_up"
    WAITING = "waiting"
    PAUSED = "paused"


class CapabilityOffer(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the capability table: how far it goes and, in words, why not further."""

    capability: Capability
    standing: Standing
    words: str = ""
