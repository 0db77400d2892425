"""What a payer list and the enrollments say of a claim's way: the one rule, for whoever sends and whoever shows it."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.enrollment import REFUSALS, Enrollment, EnrollmentBoard, EnrollmentState
from app.model.payer_list import PayerList

_WORDS = {
    EnrollmentState.NOT_STARTED: "The enrollment was not started.",
    EnrollmentState.SENT: "The enrollment was sent and is not approved yet.",
    EnrollmentState.WITH_PAYER: "The enrollment lies with the payer and is not approved yet.",
    EnrollmentState.REFUSED: "The payer refused the enrollment.",
    EnrollmentState.EXPIRED: "The enrollment has expired.",
}


def obstacles(
    payers: PayerList, board: EnrollmentBoard, *, payer_id: str, provider_npi: str, transaction: str
) -> Iterator[str]:
    """Why this transaction may not go to this payer for this provider: one sentence each, nothing where it may.

    Without a payer list nothing is known of ids; an enrollment that is known and not live stops it all the same.
    """
    listed = payers.of(payer_id, transaction)
    if payers.entries and not listed:
        yield _not_listed(payers, payer_id, transaction)
        return
    if listed and not any(one.available for one in listed):
        yield f"Payer {payer_id} takes no {transaction} through this clearinghouse at present."
    row = board.find(provider_npi, payer_id, transaction)
    if row is not None and not row.is_live:
        yield f"Payer {payer_id}, {transaction}, provider {provider_npi}: {_why(row)}"
    elif row is None and any(one.enrollment_needed for one in listed):
        yield (
            f"Payer {payer_id} wants an enrollment for {transaction} before anything is sent, and none is known for "
            f"provider {provider_npi}."
        )


def _why(row: Enrollment) -> str:
    refused = row.state is EnrollmentState.REFUSED
    return f"{_WORDS[row.state]} {REFUSALS[row.reason]}" if refused else _WORDS[row.state]


def _not_listed(payers: PayerList, payer_id: str, transaction: str) -> str:
    """With the id that is meant, where the payer is known by this one for another transaction."""
    names = {one.name for one in payers.entries if one.payer_id.upper() == payer_id.strip().upper()}
    meant = sorted({one.payer_id for one in payers.entries if one.name in names and one.transaction == transaction})
    said = f"Payer id {payer_id} is not on the list for {transaction}."
    return f"{said} For that the payer's id is {' or '.join(meant)}." if meant else said
