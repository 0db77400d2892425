"""The payer list as Office Ally exports it, read; and what it and the enrollments say of a claim's way."""

from __future__ import annotations

import csv
import io

from app.model.errors import BadDocument
from app.model.payer_list import TRANSACTIONS, PayerEntry, PayerList
from app.model.routing import obstacles
from app.x12.wire import decode

__all__ = ["COLUMNS", "obstacles", "read"]

COLUMNS = (
    "PAYER NAME", "PAYER ID", "TRANSACTION", "AVAILABLE", "NON PAR", "ENROLLMENT", "SECONDARY", "ATTACHMENT",
    "WC / AUTO", "NOTES",
)  # fmt: skip


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
