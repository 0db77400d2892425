"""Which way a job goes on the wire: by the system's own interface, or typed on its web pages."""

from __future__ import annotations

from app.connect.outbox_claims import SendClaims
from app.connect.outbox_kinds import BookVisit, CreatePatient, Kind, UpdatePatient
from app.connect.outbox_planned import Planned
from app.connect.source import Source
from app.model.outbox import Job, JobKind
from app.rules.outbox_jobs import WISHES
from app.rules.outbox_plans import wish_of
from vendors.contract import PlansWrites

_PLANNED = Planned()

#: By kind: its lane, what it keeps in the end, and the way it goes unless it is typed on web pages.
KINDS: dict[JobKind, Kind] = {
    JobKind.BOOK_VISIT: BookVisit(),
    JobKind.CREATE_PATIENT: CreatePatient(),
    JobKind.UPDATE_PATIENT: UpdatePatient(),
    JobKind.SEND_CLAIMS: SendClaims(),
    **dict.fromkeys(WISHES, _PLANNED),
}


def wire_of(source: Source, job: Job) -> Kind:
    """How ``job`` goes there: what a system's web pages take is planned, shown and looked up by its plan."""
    wish = wish_of(job)
    adapter = source.session.adapter
    if wish is not None and isinstance(adapter, PlansWrites) and wish.operation in adapter.planned_writes():
        return _PLANNED
    return KINDS[job.kind]
