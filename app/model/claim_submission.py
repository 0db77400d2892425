"""A batch of claims as it is sent: one ST…SE of an 837."""

from __future__ import annotations

import msgspec

from app.model.claim import Claim, Kept, Receiver, Submitter


class ClaimSubmission(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One ST…SE of an 837: who sends it to whom, and its claims.

    ``kind`` is ``837P`` or ``837I``. ``reference`` BHT03 names the batch; ``purpose`` BHT02 is 00 original or
    18 again; ``use`` BHT06 is CH (claims), RP (encounters) or 31 (subrogation); ``date`` (8 digits) and ``time``
    (4 digits or more) are BHT04 and BHT05 as written.
    """

    kind: str
    submitter: Submitter
    receiver: Receiver
    claims: tuple[Claim, ...] = ()
    reference: str = ""
    purpose: str = "00"
    use: str = "CH"
    date: str = ""
    time: str = ""
    kept: tuple[Kept, ...] = ()
