"""The fixed-column reports: File Summary, EDI status, and the readable twin of an ERA. Long values are cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from vendors.officeally.sandbox.edits import EDITS
from vendors.officeally.sandbox.schema import plain, us

#: (heading, start, length), as two public parsers agree on.
SUMMARY_COLUMNS = (
    ("CLAIM#", 0, 6), ("OA CLAIMID", 7, 10), ("PATIENT ID", 19, 18), ("LAST,FIRST", 37, 20), ("DOB", 57, 10),
    ("FROM DOS", 70, 10), ("TO DOS", 81, 10), ("CPT", 92, 5), ("DIAG", 100, 7), ("TAX ID", 109, 10),
    ("ACCNT#", 121, 14), ("PHYS.ID", 135, 10), ("PAYER", 146, 5), ("ERRORS", 153, 30),
)  # fmt: skip
STATUS_COLUMNS = (
    ("File ID", 4, 9), ("Claim ID", 14, 10), ("Pat. Acct #", 26, 14), ("Patient", 41, 20), ("Amount", 61, 9),
    ("PracticeID", 73, 10), ("Tax ID", 84, 10), ("Payer", 95, 5), ("Process Dt", 105, 10), ("Payer Ref ID", 122, 15),
    ("Status", 142, 8), ("Payer Response", 152, 255),
)  # fmt: skip
PRACTICE_ID = "1234567"
_RULE = "-" * 165


def _placed(columns: Sequence[tuple[str, int, int]], values: Sequence[str]) -> str:
    line = ""
    for (_, start, length), value in zip(columns, values, strict=True):
        line = line.ljust(start) + value[:length]
    return line.rstrip()


def _heading(columns: Sequence[tuple[str, int, int]]) -> str:
    """Each name where its column starts."""
    line = ""
    for name, start, _ in columns:
        line = line.ljust(start) + name
    return line


def _name(claim: dict[str, Any]) -> str:
    return f"{claim['last']},{claim['first']}".upper()


def file_summary(
    file_id: str, name: str, uploaded: datetime, processed: datetime, claims: Sequence[dict[str, Any]],
    *, form: str = "HCFA", is_test: bool = False, split: str = "",
) -> str:  # fmt: skip
    """The report of a file that was read. A claim's ``errors`` are edit numbers; with any, it is rejected."""
    lines = _header(file_id, name, uploaded, processed, is_test)
    if split:
        lines += [split, ""]
    bad = [claim for claim in claims if claim["errors"]]
    good = [claim for claim in claims if not claim["errors"]]
    for title, members in (("ERROR", bad), ("ACCEPTED", good)):
        if members:
            lines += [f"-------{title} CLAIM DETAIL", _RULE, _heading(SUMMARY_COLUMNS), _RULE]
            for number, claim in enumerate(members, 1):
                lines += _summary_lines(number, claim, form)
            lines.append("")
    lines += [f"TOTAL CLAIMS: {len(claims)}   ACCEPTED: {len(good)}   REJECTED: {len(bad)}"]
    return "\r\n".join(lines) + "\r\n"


def failed_summary(file_id: str, name: str, uploaded: datetime, processed: datetime, cause: str, is_test: bool) -> str:
    """The report of a file that failed as a whole."""
    lines = _header(file_id, name, uploaded, processed, is_test)
    lines += ["THIS FILE FAILED. NO CLAIMS WERE CREATED.", f"CAUSE: {cause}", "CORRECT THE FILE AND SEND A NEW ONE."]
    return "\r\n".join(lines) + "\r\n"


def _header(file_id: str, name: str, uploaded: datetime, processed: datetime, is_test: bool) -> list[str]:
    lines = [
        "FILE SUMMARY",
        f"File ID:        {file_id}",
        f"File Name:      {name}",
        f"Date Uploaded:  {us(uploaded)}",
        f"Date Processed: {us(processed)}",
        "",
    ]
    return [*lines, "*** TEST FILE *** THE CLAIMS WERE NOT SENT TO ANY PAYER.", ""] if is_test else lines


def _summary_lines(number: int, claim: dict[str, Any], form: str) -> list[str]:
    first = claim["lines"][0]["code"] if claim["lines"] else ""
    errors = claim["errors"]
    values = (
        f"{number})", claim["id"], claim["member"], _name(claim), us(claim["birth"]), us(claim["from"]),
        us(claim["to"]), first, claim["diagnoses"][0] if claim["diagnoses"] else "", claim["tax_id"], claim["account"],
        claim["npi"], claim["payer"], " ".join(map(str, errors)),
    )  # fmt: skip
    lines = [_placed(SUMMARY_COLUMNS, values)]
    if errors:
        said = "; ".join(f"{one} - {EDITS[one].words}" for one in errors)
        lines.append(f"      +---> {len(errors)} # errors {form} {said}")
    return lines


def edi_status(claims: Iterable[dict[str, Any]]) -> str:
    """What payers said of claims, text. Each claim carries ``file_id``, ``processed``, ``words`` and ``accepted``."""
    lines = [_heading(STATUS_COLUMNS)]
    for claim in claims:
        verdict = "ACCEPTED" if claim["accepted"] else "REJECTED"
        values = (
            claim["file_id"], claim["id"], claim["account"], _name(claim), plain(claim["charge"]), PRACTICE_ID,
            claim["tax_id"], claim["payer"], us(claim["processed"]), claim["payer_control"], verdict, claim["words"],
        )  # fmt: skip
        lines.append(_placed(STATUS_COLUMNS, values))
    return "\r\n".join(lines) + "\r\n"


def readable_eob(number: str, amount: int, payer: str, day: str, claims: Iterable[dict[str, Any]]) -> str:
    """The twin of an 835 for people. Its columns are our own: none were found in public."""
    lines = ["Check#          Amount      Payer                                   Date", "=" * 78]
    lines += [f"{number:<16}{plain(amount):<12}{payer[:38]:<40}{us(day)}", "-" * 78]
    for claim in claims:
        lines += [
            "Check#          Patient ID       Last,First           Charge Amt  Payment Amt  Accnt#          "
            "Status  Payer",
            f"{number:<16}{claim['member'][:16]:<17}{_name(claim)[:20]:<21}{plain(claim['charge']):<12}"
            f"{plain(claim['paid']):<13}{claim['account'][:14]:<16}{claim['status']:<8}{payer[:30]}",
            f"Payer Claim Control Number: {claim['payer_control']}",
        ]
        for line in claim["lines"]:
            lines.append("Line Item:")
            said = ", ".join(f"{group}-{reason} {plain(cents)}" for group, reason, cents in line["adjustments"])
            lines.append(
                f"    {us(line['from'])}  {line['code']:<8}{plain(line['charge']):>10}{plain(line['paid']):>10}  {said}"
            )
        lines.append("=" * 78)
    return "\r\n".join(lines) + "\r\n"
