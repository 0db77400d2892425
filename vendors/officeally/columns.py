"""The two reports in fixed columns, read by position and with checks: File Summary and EDI status.

A line that does not keep its columns is not guessed at: it becomes a doubt in words, and the report stays whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from app.model.claim_news import ClaimNews, FileNews, Outcome, Report, ReportKind, Speaker

#: name → (start, length), 0-based.
_SUMMARY = {
    "number": (0, 6), "claim_id": (7, 10), "member": (19, 18), "patient": (37, 20), "birth": (57, 10),
    "from": (70, 10), "to": (81, 10), "procedure": (92, 5), "diagnosis": (100, 7), "tax_id": (109, 10),
    "account": (121, 14), "physician": (135, 10), "payer": (146, 5), "errors": (153, 30),
}  # fmt: skip
_STATUS = {
    "file_id": (4, 9), "claim_id": (14, 10), "account": (26, 14), "patient": (41, 20), "amount": (61, 9),
    "practice": (73, 10), "tax_id": (84, 10), "payer": (95, 5), "processed": (105, 10), "payer_number": (122, 15),
    "status": (142, 8), "words": (152, 255),
}  # fmt: skip
_SUMMARY_HEADS = {"OA CLAIMID": 7, "ACCNT#": 121, "PAYER": 146}
_STATUS_HEADS = {"Claim ID": 14, "Pat. Acct #": 26, "Status": 142, "Payer Response": 152}
_BLOCKS = {"ERROR": Outcome.REJECTED, "ACCEPTED": Outcome.ACCEPTED, "PENDING": Outcome.PENDING}
_BLOCK = re.compile(r"-{3,}\s*(ERROR|ACCEPTED|PENDING)\w* CLAIM DETAIL", re.IGNORECASE)
_TAX_ID = re.compile(r"\d{9}")


def is_summary(text: str) -> bool:
    """Whether this is a File Summary by its content."""
    return bool(re.search(r"^\s*FILE SUMMARY\s*$", text[:2000], re.MULTILINE) or _BLOCK.search(text))


def is_status(text: str) -> bool:
    """Whether this is an EDI status text: its heading stands at the columns."""
    return any(_heads(line, _STATUS_HEADS) for line in text.splitlines()[:10])


def summary(text: str, name: str) -> Report:
    """A File Summary: news of the file and of each claim; a file that failed as a whole has no claims."""
    return _Summary(text, name).report()


def status(text: str, name: str) -> Report:
    """An EDI status: what payers said, of claims of many files."""
    claims: list[ClaimNews] = []
    doubts: list[str] = []
    started = False
    for number, line in enumerate(text.splitlines(), 1):
        if _heads(line, _STATUS_HEADS):
            started = True
        elif line.strip() and started:
            values = _values(line, _STATUS)
            claim = _status_claim(values, name)
            if claim is None:
                doubts.append(f"Line {number} does not keep the columns of an EDI status.")
            else:
                claims.append(claim)
    return Report(kind=ReportKind.PAYER_STATUS, name=name, claims=tuple(claims), doubts=tuple(doubts))


def tax_ids(text: str) -> frozenset[str]:
    """The tax ids in a report of either kind, to see whose it is."""
    columns = _STATUS if is_status(text) else _SUMMARY
    start, length = columns["tax_id"]
    found = (line[start : start + length].strip() for line in text.splitlines())
    return frozenset(one for one in found if _TAX_ID.fullmatch(one))


def _status_claim(values: dict[str, str], name: str) -> ClaimNews | None:
    outcome = {"ACCEPTED": Outcome.ACCEPTED, "REJECTED": Outcome.REJECTED}.get(values["status"].upper())
    if outcome is None or not _is_claim_id(values["claim_id"]) or not values["file_id"].isdigit():
        return None
    if values["processed"] and _day(values["processed"]) is None:
        return None
    return ClaimNews(
        speaker=Speaker.PAYER,
        outcome=outcome,
        kind=ReportKind.PAYER_STATUS,
        account=values["account"],
        clearinghouse_number=values["claim_id"],
        payer_number=values["payer_number"],
        payer_id=values["payer"],
        said_on=_day(values["processed"]),
        words=values["words"],
        file_id=values["file_id"],
        report=name,
    )


class _Summary:
    """One File Summary being read."""

    def __init__(self, text: str, name: str) -> None:
        self._lines = text.splitlines()
        self._name = name
        self._labels = dict(self._labelled())
        self._is_test = any("TEST FILE" in line.upper() for line in self._lines[:20])
        self._day = _day(self._labels.get("date processed", ""))
        self._claims: list[ClaimNews] = []
        self._doubts: list[str] = []

    def report(self) -> Report:
        """The whole."""
        self._read()
        file = FileNews(
            outcome=Outcome.REJECTED if self._failed() else Outcome.ACCEPTED,
            kind=ReportKind.FILE_SUMMARY,
            file_name=self._labels.get("file name", ""),
            file_id=self._labels.get("file id", ""),
            said_on=self._day,
            words=self._words(),
            report=self._name,
            parts=self._parts(),
            is_test=self._is_test,
        )
        if not file.file_id.isdigit():
            self._doubts.append("The File ID is missing, so this summary cannot be put to its file.")
        return Report(
            kind=ReportKind.FILE_SUMMARY,
            name=self._name,
            claims=tuple(self._claims),
            files=(file,) if file.file_id.isdigit() else (),
            doubts=tuple(self._doubts),
            is_test=self._is_test,
        )

    def _labelled(self) -> Iterator[tuple[str, str]]:
        for line in self._lines[:20]:
            label, is_label, value = line.partition(":")
            if is_label and len(label) < 20:
                yield label.strip().lower(), _plain(value)

    def _read(self) -> None:
        outcome: Outcome | None = None
        placed = False
        for number, line in enumerate(self._lines, 1):
            block = _BLOCK.search(line)
            if block:
                outcome, placed = _BLOCKS[block[1].upper()], False
            elif _heads(line, _SUMMARY_HEADS):
                placed = True
            elif outcome and re.match(r"\s*\d+\)", line):
                self._take(line, number, outcome, placed)
            elif outcome and line.lstrip().startswith("+--->") and self._claims:
                self._claims[-1] = _told(self._claims[-1], line)

    def _take(self, line: str, number: int, outcome: Outcome, placed: bool) -> None:
        values = _values(line, _SUMMARY)
        if not placed or not _is_claim_id(values["claim_id"]) or _day(values["from"]) is None:
            self._doubts.append(f"Line {number} does not keep the columns of a File Summary.")
            return
        errors = tuple(re.findall(r"\d+", values["errors"]))
        self._claims.append(
            ClaimNews(
                speaker=Speaker.CLEARINGHOUSE,
                outcome=outcome,
                kind=ReportKind.FILE_SUMMARY,
                account=values["account"],
                clearinghouse_number=values["claim_id"],
                payer_id=values["payer"],
                said_on=self._day,
                words="" if outcome is Outcome.REJECTED else "Accepted by Office Ally; the payer has not spoken yet.",
                codes=errors,
                file_id=self._labels.get("file id", ""),
                report=self._name,
                is_test=self._is_test,
            )
        )

    def _failed(self) -> bool:
        return any("FILE FAILED" in line.upper() for line in self._lines)

    def _words(self) -> str:
        cause = next((line.partition(":")[2] for line in self._lines if line.upper().startswith("CAUSE:")), "")
        if self._failed():
            return f"The whole file failed and holds no claims: {_plain(cause) or 'no cause is told'}"
        return "A test: nothing was sent to any payer." if self._is_test else ""

    def _parts(self) -> tuple[str, ...]:
        found = next((line for line in self._lines if "was split into" in line), "")
        return tuple(re.findall(r"\d{9,10}", found.partition("was split into")[2]))


def _told(claim: ClaimNews, line: str) -> ClaimNews:
    """``+---> 1 # errors HCFA 17 - SUBSCRIBER ID …`` says in words what is wrong."""
    said = re.sub(r"^\+-*>\s*\d*\s*#?\s*errors\s*(HCFA|UB|ADA)?\s*", "", _plain(line), flags=re.IGNORECASE)
    return msgspec.structs.replace(claim, words="; ".join(part for part in (claim.words, said) if part))


def _heads(line: str, wanted: dict[str, int]) -> bool:
    """Whether the headings stand where their columns begin."""
    return all(line[start : start + len(head)] == head for head, start in wanted.items())


def _values(line: str, columns: dict[str, tuple[int, int]]) -> dict[str, str]:
    return {name: _plain(line[start : start + length]) for name, (start, length) in columns.items()}


def _plain(text: str) -> str:
    """Without blanks around it and without marks that cannot be seen."""
    return "".join(mark for mark in text if unicodedata.category(mark)[0] != "C").strip()


def _is_claim_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 10


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), "%m/%d/%Y").date()
    except ValueError:
        return None
