"""What screens paint of a clearinghouse: enrollments as a grid, payers as a list, and news that need a person."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from app.model.claim_news import ClaimNews
from app.model.enrollment import EnrollmentState, RefusalReason, Step, Turn

#: The columns of the grid, in order.
ENROLLMENT_COLUMNS = ("837P", "837I", "270", "276", "835", "EFT")


class EnrollmentFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows: empty fields mean all. ``payer`` is part of a name or an id."""

    connection_id: str = ""
    provider_npi: str = ""
    payer: str = ""
    turn: Turn | None = None
    stuck_only: bool = False


class EnrollmentCell(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction of a row. ``state`` is None where nobody has ever spoken of it.

    ``payer_id`` is that transaction's. ``whose_turn`` says who must act, ``stuck_days`` for how long somebody else has
    had it too long (0: not stuck). ``reason`` is why the payer refused. ``blocked`` says why the transaction may not be
    used now, empty where it may.
    """

    transaction: str
    payer_id: str = ""
    state: EnrollmentState | None = None
    whose_turn: str = ""
    since: date | None = None
    stuck_days: int = 0
    words: str = ""
    reason: RefusalReason = RefusalReason.NOT_TOLD
    blocked: str = ""
    warnings: tuple[str, ...] = ()
    history: tuple[Step, ...] = ()


class EnrollmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One provider with one payer; ``cells`` stand in the order of the grid's ``transactions``."""

    connection_id: str
    system: str
    provider_npi: str
    provider_name: str
    payer_name: str
    cells: tuple[EnrollmentCell, ...]


class EnrollmentGrid(msgspec.Struct, frozen=True, kw_only=True):
    """Provider × payer. ``ours`` counts cells where the practice must act; ``as_of`` by connection id."""

    transactions: tuple[str, ...]
    rows: tuple[EnrollmentRow, ...]
    ours: int = 0
    stuck: int = 0
    as_of: dict[str, datetime] = msgspec.field(default_factory=dict)


class PayerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A payer as the list shows one.

    ``ids`` are its ids by transaction, because they differ (there may be several for one); ``aliases`` the other names
    that those ids carry. ``enrollment_needed``, ``unavailable`` and ``costs_fee`` name transactions.
    """

    connection_id: str
    name: str
    ids: dict[str, tuple[str, ...]]
    aliases: tuple[str, ...] = ()
    enrollment_needed: tuple[str, ...] = ()
    unavailable: tuple[str, ...] = ()
    costs_fee: tuple[str, ...] = ()
    note: str = ""


class PayerListState(msgspec.Struct, frozen=True, kw_only=True):
    """A clearinghouse's list as it is kept here: ``entries`` rows, when and from where. ``doubts``: rows left out."""

    connection_id: str
    system: str
    entries: int = 0
    imported_at: datetime | None = None
    origin: str = ""
    doubts: tuple[str, ...] = ()


class ClaimFileView(msgspec.Struct, frozen=True, kw_only=True):
    """A file of claims as it is shown before it is sent: ``mode`` says whether payers will see it.

    ``obstacles`` are why not every claim in it has a way to its payer; a file with any is not sent.
    """

    kind: str
    claims: int
    is_test: bool
    mode: str
    obstacles: tuple[str, ...] = ()


class NoticeKind(StrEnum):
    """Why a person is asked to look."""

    NO_REPORT = "no_report"
    NOT_MENTIONED = "not_mentioned"
    PAYER_SILENT = "payer_silent"
    FILE_REFUSED = "file_refused"
    NOT_BELIEVED = "not_believed"
    ANOTHER_PRACTICE = "another_practice"
    UNKNOWN_CLAIM = "unknown_claim"
    UNKNOWN_FILE = "unknown_file"


class ReportNotice(msgspec.Struct, frozen=True, kw_only=True):
    """Something about files of claims or their reports that needs a person, in Activity.

    It goes away by itself when what was missing arrives, or when a person who has dealt with it dismisses it.
    ``accounts`` are our claim numbers that it concerns.
    """

    notice_id: str
    connection_id: str
    system: str
    kind: NoticeKind
    happened: str
    means: str
    next_steps: tuple[str, ...]
    since: datetime
    file_name: str = ""
    accounts: tuple[str, ...] = ()
    can_dismiss: bool = True


class TimelineEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was said about a claim, and which reports told it."""

    news: ClaimNews
    told_by: tuple[str, ...]


class ClaimTimeline(msgspec.Struct, frozen=True, kw_only=True):
    """All that was said about one claim, in order; ``standing`` is where it stands, ``by_payer`` whose word that is.

    ``age_days`` is how old that word is: a clearinghouse's acceptance is not a payer's.
    """

    account: str
    connection_id: str
    events: tuple[TimelineEvent, ...]
    standing: ClaimNews
    by_payer: bool
    age_days: int | None = None
    is_test: bool = False
    clearinghouse_numbers: tuple[str, ...] = ()
    payer_numbers: tuple[str, ...] = ()
