"""The payer list as Office Ally exports it, read; and what it and the enrollments say of a claim's way."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from app.model.enrollment import EnrollmentBoard, EnrollmentState
from app.model.errors import BadDocument
from app.model.payer_list import TRANSACTIONS, PayerEntry, PayerList
from app.x12.wire import decode

COLUMNS = (
    "PAYER NAME", "PAYER ID", "TRANSACTION", "AVAILABLE", "NON PAR", "ENROLLMENT", "SECONDARY", "ATTACHMENT",
    "WC / AUTO", "NOTES",
)  # fmt: skip
_WORDS = {
    EnrollmentState.NOT_STARTED: "The enrollment was not started.",
    EnrollmentState.SENT: "The enrollment was sent and is not approved yet.",
    EnrollmentState.WITH_PAYER: "The enrollment lies with the payer and is not approved yet.",
    EnrollmentState.REFUSED: "The payer refused the enrollment.",
    EnrollmentState.EXPIRED: "The enrollment has expired.",
}


def read(content: bytes) -> PayerList:
    """The list from its CSV export. A bad row is left out and told; raises BadDocument where it is no such list."""
    rows = csv.reader(io.StringIO(decode(content.removeprefix(b"\xef\xbb\xbf")), newline=""))
    try:
        heading = [one.strip().upper() for one in next(rows, [])]
        places = [heading.index(column) for column in COLUMNS]
    except (ValueError, csv.Error):
        raise BadDocument(
            "This is not the payer list as Office Ally exports it.",
            "Its columns are others, so it was not read. The list that Daybook had stays.",
            ("Export the list again in the Resource Center and choose that file.",),
        ) from None
    entries: list[PayerEntry] = []
    doubts: list[str] = []
    try:
        for number, row in enumerate(rows, 2):
            entry = _entry([row[place] if place < len(row) else "" for place in places])
            if entry is not None:
                entries.append(entry)
            elif any(cell.strip() for cell in row):
                doubts.append(f"Row {number} was left out: no payer, no id or no transaction that is known.")
    except csv.Error:
        doubts.append("The list ends in the middle of a row.")
    return PayerList(entries=tuple(entries), doubts=tuple(doubts))


def _entry(cells: list[str]) -> PayerEntry | None:
    name, number, title = (cell.strip() for cell in cells[:3])
    transaction = next((one for one in TRANSACTIONS if one in title), "")
    if not (name and number and transaction):
        return None
    yes = [cell.strip().casefold() == "yes" for cell in cells[3:8]]
    return PayerEntry(
        name=" ".join(name.split()),
        payer_id=number,
        transaction=transaction,
        available=yes[0],
        non_par=yes[1],
        enrollment_needed=yes[2],
        secondary=yes[3],
        attachment=yes[4],
        liability=cells[8].strip(),
        notes=cells[9].strip().replace("\r\n", "\n"),
    )


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
        yield f"Payer {payer_id} takes no {transaction} through Office Ally at present."
    row = board.find(provider_npi, payer_id, transaction)
    if row is not None and not row.is_live:
        yield f"Payer {payer_id}, {transaction}, provider {provider_npi}: {_WORDS[row.state]}"
    elif row is None and any(one.enrollment_needed for one in listed):
        yield (
            f"Payer {payer_id} wants an enrollment for {transaction} before anything is sent, and none is known for "
            f"provider {provider_npi}."
        )


def _not_listed(payers: PayerList, payer_id: str, transaction: str) -> str:
    """With the id that is meant, where the payer is known by this one for another transaction."""
    names = {one.name for one in payers.entries if one.payer_id.upper() == payer_id.strip().upper()}
    meant = sorted({one.payer_id for one in payers.entries if one.name in names and one.transaction == transaction})
    said = f"Payer id {payer_id} is not on the list for {transaction}."
    return f"{said} For that the payer's id is {' or '.join(meant)}." if meant else said
