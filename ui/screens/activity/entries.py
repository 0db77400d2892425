"""What stands in the Activity table: jobs, and notices about reports that need a person."""

from __future__ import annotations

from datetime import datetime

from app.model.clearing_views import ReportNotice
from app.model.outbox import FINAL, Job, JobState
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
