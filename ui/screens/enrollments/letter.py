"""The letter that asks again about an enrollment that is stuck: plain text, to paste into mail or a portal."""

from __future__ import annotations

from datetime import date

from app.model.clearing_views import EnrollmentCell, EnrollmentRow
from ui.screens.enrollments.table import head_of
from ui.text import clean


def letter_of(row: EnrollmentRow, cell: EnrollmentCell, practice: str, signed: str, today: date) -> str:
    """Names the provider and the payer, never a patient."""
    since = f" since {cell.since:%B} {cell.since.day}, {cell.since.year}" if cell.since else ""
    state = cell.state.value if cell.state is not None else "open"
    last = f"\nThe last we heard: {clean(cell.words)}\n" if cell.words else ""
    return (
        f"Subject: Enrollment for {head_of(cell.transaction)}, NPI {clean(row.provider_npi)}, "
        f"{clean(row.payer_name)} {clean(cell.payer_id)}\n\n"
        f"{today:%B} {today.day}, {today.year}\n\n"
        f"Please tell us where this enrollment stands. It has been “{state}”{since}.\n\n"
        f"Provider: {clean(row.provider_name)}, NPI {clean(row.provider_npi)}\n"
        f"Payer: {clean(row.payer_name)}, payer id {clean(cell.payer_id)}\n"
        f"Transaction: {head_of(cell.transaction)}\n"
        f"{last}\n"
        "If something is missing, please say which field or paper it is.\n\n"
        f"{clean(signed)}\n{clean(practice)}\n"
    )
