"""What stands in the Activity table: jobs, and notices about reports that need a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.model.clearing_views import ReportNotice
from app.model.outbox import FINAL, Job, JobKind, JobState
from app.rules.outbox_jobs import booking_of
from app.rules.words import clock_time, short_day
from ui import words
from ui.text import clean
from ui.words import Shown

Entry = Job | ReportNotice

_ASKS = Shown(label="Needs you", family="amber", icon="inbox")


def key_of(entry: Entry) -> str:
    """What tells an entry from all others."""
    return entry.job_id if isinstance(entry, Job) else entry.notice_id


def shown_of(entry: Entry) -> Shown:
    """State as word, family and shape."""
    return words.jobs().states[entry.state] if isinstance(entry, Job) else _ASKS


def summary_of(entry: Entry) -> str:
    """What it is about."""
    return clean(entry.summary if isinstance(entry, Job) else entry.happened)


def brief_of(entry: Entry, system: str, providers: Mapping[tuple[str, str], str]) -> str:
    """The same in a table that names the system in a column of its own. ``providers``: names by connection and id."""
    told = summary_of(entry)
    if not isinstance(entry, Job):
        return told
    if entry.kind is not JobKind.BOOK_VISIT or not entry.payload:
        return told.replace(f" in {system}", "", 1)
    wanted = booking_of(entry)
    minute = wanted.start.hour * 60 + wanted.start.minute
    who = providers.get((entry.connection_id, wanted.provider_vendor_id), "")
    return f"Book a visit: {', '.join(filter(None, (short_day(wanted.day), clock_time(minute), clean(who))))}"


def moment_of(entry: Entry) -> datetime:
    """When it began."""
    return entry.created_at if isinstance(entry, Job) else entry.since


def asks(entry: Entry) -> bool:
    """Whether a person is wanted."""
    return not isinstance(entry, Job) or entry.state is JobState.NEEDS_PERSON


def order_of(entry: Entry) -> tuple[bool, bool, float]:
    """What needs a person first, then what is open, the newest first."""
    over = isinstance(entry, Job) and entry.state in FINAL
    return not asks(entry), over, -moment_of(entry).timestamp()
