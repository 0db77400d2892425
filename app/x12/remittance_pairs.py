"""835: a payment taken back, the payment it takes back, and the one that comes instead (point 15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.model.remittance import ClaimPayment


class Reversal(NamedTuple):
    """A reversal (CLP02 22), its original where we hold it, its correction where one has come."""

    reversal: ClaimPayment
    original: ClaimPayment | None
    correction: ClaimPayment | None


def pair_reversals(claims: Sequence[ClaimPayment], earlier: Iterable[ClaimPayment] = ()) -> list[Reversal]:
    """Find for every reversal in ``claims`` its original in ``earlier`` and its correction beside it.

    The original has the same payer control number (CLP07), or else the same patient control number (CLP01) and the same
    amount; the correction the same CLP01 with another CLP07, before or after it in the file. Each is used once.
    """
    before = [claim for claim in earlier if not claim.is_reversal]
    beside = [claim for claim in claims if not claim.is_reversal]
    found = []
    for claim in claims:
        if not claim.is_reversal:
            continue
        original = _take(before, [one for one in before if _is_original(one, claim, by_number=True)]) or _take(
            before, [one for one in before if _is_original(one, claim, by_number=False)]
        )
        correction = _take(beside, [one for one in beside if _is_correction(one, claim)])
        found.append(Reversal(claim, original, correction))
    return found


def _take(pool: list[ClaimPayment], fits: list[ClaimPayment]) -> ClaimPayment | None:
    if not fits:
        return None
    pool[:] = [claim for claim in pool if claim is not fits[0]]
    return fits[0]


def _is_original(claim: ClaimPayment, reversal: ClaimPayment, *, by_number: bool) -> bool:
    if by_number:
        return bool(reversal.payer_control_number) and claim.payer_control_number == reversal.payer_control_number
    same = claim.patient_control_number == reversal.patient_control_number
    return same and claim.charge.cents == -reversal.charge.cents and claim.paid.cents == -reversal.paid.cents


def _is_correction(claim: ClaimPayment, reversal: ClaimPayment) -> bool:
    return (
        claim.patient_control_number == reversal.patient_control_number
        and claim.payer_control_number != reversal.payer_control_number
    )
