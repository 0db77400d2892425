"""Writes through a system's web pages: what is wished, what came of it, what reading back told.

A wish becomes a ``WritePlan`` (what will be typed where), the plan is done once, and after a lost answer the same plan
is read back. Wish and plan are plain values: a job can hold them across restarts.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class PortalOperation(StrEnum):
    """What can be written, with the ``record`` and ``values`` its wish holds. Dates are ISO."""

    #: ``record`` the patient's id, empty for a new one; values named as in ``Patient`` and ``Address``.
    SAVE_PATIENT = "save_patient"
    #: ``record`` the policy as ``coverage`` names it (``PATIENT/RANK``); values named as in ``CoverageRecord``, and
    #: ``insured_last_name``, ``insured_first_name``, ``insured_birth_date``, ``copay``.
    SAVE_POLICY = "save_policy"
    #: ``record`` the visit's id; values ``day`` (today without), ``provider`` (the provider's id; all without).
    CHECK_IN = "check_in"
    #: ``record`` the check's number; value ``amount`` is compared, where given. Posts every line that is still open.
    POST_REMITTANCE = "post_remittance"
    #: ``record`` the claim's id at the system; values by box (``member_id``, ``line_1_charge`` …).
    CORRECT_CLAIM = "correct_claim"
    #: No record, no values; the file of claims goes along as ``content``.
    UPLOAD_CLAIMS = "upload_claims"
    #: No record; values ``payer_id``, ``transaction``, ``provider_npi``, ``contact``, ``email``.
    ENROLL = "enroll"


class WriteWish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants written. ``despite_twin``: a person decided so although the system knows such a record."""

    operation: PortalOperation
    record: str = ""
    values: dict[str, str] = msgspec.field(default_factory=dict)
    despite_twin: bool = False


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A write that the portal confirmed and that was found again: the vendor's id, and the portal's words."""

    record: str
    words: str


class Done(StrEnum):
    """What reading back told."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class ReadBack(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a write happened: ``record`` is the vendor's id of what it made, ``words`` what was found.

    NO tells what stands there now. A request that is still under way may yet take effect: where its answer was lost by
    waiting too long, look again after a while before sending it once more.
    """

    done: Done
    record: str = ""
    words: str = ""
