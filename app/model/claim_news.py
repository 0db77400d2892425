"""What reports say about claims on their way: from a clearinghouse, from the payer behind it, and about whole files.

A piece of news is kept as it was said and by whom; nothing said later takes its place (``app.rules.timeline`` puts it
in order). A clearinghouse's acceptance is never a payer's.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec


class Speaker(StrEnum):
    """Who said it."""

    CLEARINGHOUSE = "clearinghouse"
    PAYER = "payer"


class Outcome(StrEnum):
    """What was said of a claim or of a file."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PENDING = "pending"
    PAID = "paid"
    DENIED = "denied"
    REVERSED = "reversed"
    FORWARDED = "forwarded"
    UNKNOWN = "unknown"


class ReportKind(StrEnum):
    """What a report is, by its content."""

    INTERCHANGE = "TA1"
    SYNTAX = "999"
    CLAIM_ACKNOWLEDGMENT = "277CA"
    FILE_SUMMARY = "file summary"
    PAYER_STATUS = "payer status"
    REMITTANCE = "835"
    BUNDLE = "bundle"
    READABLE_REMITTANCE = "readable remittance"
    UNKNOWN = "unknown"


class ClaimNews(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing said about one claim.

    It is known by our own number (``account``, CLM01), by the clearinghouse's or the payer's; any may be missing.
    ``said_on`` is the day in the report itself. ``file_id`` is the clearinghouse's number of the file the claim came
    in. ``report`` names where it stands.
    """

    speaker: Speaker
    outcome: Outcome
    kind: ReportKind
    account: str = ""
    clearinghouse_number: str = ""
    payer_number: str = ""
    said_on: date | None = None
    words: str = ""
    codes: tuple[str, ...] = ()
    file_id: str = ""
    report: str = ""
    payer_id: str = ""
    is_test: bool = False


class FileNews(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing said about a whole file of ours, which is known by its name or by a control number of ours.

    ``control`` is GS06 (999), ISA13 (TA1) or BHT03 (277CA), by ``kind``. A TA1 also says whose interchange it answers
    (``sender``, our ISA06) and from when that is (``made_at``, its ISA09 and ISA10 as they stand: YYMMDDHHMM).
    ``parts`` are the numbers of the files it was split into.
    """

    outcome: Outcome
    kind: ReportKind
    file_name: str = ""
    file_id: str = ""
    control: str = ""
    sender: str = ""
    made_at: str = ""
    said_on: date | None = None
    words: str = ""
    report: str = ""
    parts: tuple[str, ...] = ()
    is_test: bool = False


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A report, read. ``doubts`` say in words why it (or a part of it) was not believed; the document is kept whole.

    ``of_another`` says that it is about another practice: nothing of it may be used. ``bytes_listed`` is how long the
    listing said it was when it was read (0: it did not say), so that one that grew since is read again. ``held`` are
    the numbers of payments (TRN02) in it that do not add up and may not be posted, ``sound`` of those that do.
    """

    kind: ReportKind
    name: str
    claims: tuple[ClaimNews, ...] = ()
    files: tuple[FileNews, ...] = ()
    doubts: tuple[str, ...] = ()
    of_another: bool = False
    is_test: bool = False
    bytes_listed: int = 0
    held: tuple[str, ...] = ()
    sound: tuple[str, ...] = ()


class SentFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of claims that left: its name there, the hash of its bytes, our control numbers, the claims in it.

    ``sender`` and ``made_at`` are its ISA06, and ISA09 with ISA10 as they stand (YYMMDDHHMM); empty for files sent
    before these were kept. ``tax_ids`` are those of its billing providers. ``is_sure`` is False where no clear answer
    came when it was sent.
    """

    name: str
    sha256: str
    sent_at: datetime
    interchange_control: str
    group_control: str
    batches: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    sender: str = ""
    made_at: str = ""
    tax_ids: tuple[str, ...] = ()
    is_test: bool = False
    is_sure: bool = True
