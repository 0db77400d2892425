"""Connect: the one object the composition root makes of this room. Its three faces are the desk's ports."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from app.connect.administration import Administration
from app.connect.clearing import ClearingOnLinks
from app.connect.fetch_people import read_coverage
from app.connect.links import Links
from app.connect.live import LiveOnLinks
from app.connect.outbox_port import OutboxPortOnStore
from app.connect.outbox_steps import go_on
from app.connect.outbox_worker import OutboxWorker, Patience
from app.connect.portal import PortalOnLinks
from app.connect.source import Source
from app.connect.tasks import TaskOwner
from app.connect.timing import LoopTiming, Timing
from app.connect.vendor_table import VendorTable
from app.model.changes import Change, Kind
from app.model.clock import Clock
from app.model.connection import Topic
from app.model.errors import DaybookError
from app.model.outbox import Job, JobKind
from app.rules.outbox_jobs import booking_of
from app.rules.outbox_plans import wish_of
from app.store.keys import KeyRing
from app.store.store import Store
from vendors.contract.context import USUAL_TIMING
from vendors.contract.context import Timing as VendorTiming

log = logging.getLogger("daybook.connect")

#: Where what a job changed is to be seen, so that it is read again at once.
_SHOWN_BY = {
    JobKind.CHANGE_VISIT_STATUS: Topic.VISITS,
    JobKind.SEND_CLAIMS: Topic.REPORTS,
    JobKind.ENROLL: Topic.ENROLLMENTS,
}


class Connect:
    """Everything that speaks with vendors: ``live``, ``outbox`` and ``connections`` are the ports of the desk.

    ``ring`` keeps small secrets; with None they are sealed in the store. ``store_id`` names this store in the ring.
    ``vendor_timing`` rules single requests; ``margin_s`` is what is waited beyond them before a write of unknown end
    is read back; ``grace_s`` is what a write on its way gets to end by itself when the program closes. ``start``
    switches every connection on and finds jobs that were on their way; ``stop`` ends it all.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        vendors: VendorTable,
        ring: KeyRing | None,
        *,
        store_id: str,
        timing: Timing | None = None,
        vendor_timing: VendorTiming = USUAL_TIMING,
        margin_s: float = 10.0,
        grace_s: float = 5.0,
    ) -> None:
        timing = timing or LoopTiming()
        self._store = store
        self._grace_s = grace_s
        self._unheard: Callable[[], None] = _nothing
        self._owner = TaskOwner(_tell)
        self._steps = TaskOwner(_tell)
        self._links = Links(
            store,
            clock,
            vendors,
            ring,
            store_id,
            timing=timing,
            vendor_timing=vendor_timing,
            on_signed_in=self._signed_in,
        )
        self._worker = OutboxWorker(
            store,
            self._links.sources,
            clock=clock,
            timing=timing,
            patience=Patience(answer_s=vendor_timing.whole_s, margin_s=margin_s),
            owner=self._steps,
            on_confirmed=self._confirmed,
        )
        self.live = LiveOnLinks(store, clock, self._links)
        self.outbox = OutboxPortOnStore(store, clock, self._worker, self._confirmed)
        self.portal = PortalOnLinks(store, self._links)
        self.clearing = ClearingOnLinks(store, clock, self._links)
        self.connections = Administration(store, clock, vendors, links=self._links, owner=lambda: self._owner)

    async def start(self) -> None:
        """Switch every connection on and let the outbox go on where it was."""
        self._unheard = self._store.subscribe(self._heard)
        await self._links.open_all()
        self._owner.start("outbox", self._worker.run())

    async def stop(self) -> None:
        """Begin nothing more, give what is on its way a moment, end every task, close every session."""
        self._unheard()
        self._worker.stop()
        self._links.codes.close()
        await self._steps.close(self._grace_s)
        await self._owner.close()
        await self._links.close_all()

    def _heard(self, changes: Sequence[Change]) -> None:
        # Other local rules mean other lengths of visits to read free times for.
        if any(change.kind in {Kind.RULES, Kind.VISIT_TYPES} for change in changes):
            for link in self._links.by_id.values():
                link.sync.poke(Topic.OPEN_SLOTS)

    async def _signed_in(self, connection_id: str) -> None:
        if await self._store.write(go_on, connection_id):
            self._worker.wake()

    def _confirmed(self, job: Job) -> None:
        link = self._links.by_id.get(job.connection_id)
        if link is None:
            return
        if job.kind is JobKind.BOOK_VISIT:
            request = booking_of(job)
            link.sync.after_booking(request.provider_vendor_id, request.day, request.minutes)
        elif job.kind is JobKind.SAVE_POLICY and (wish := wish_of(job)) is not None:
            self._owner.start("read insurance again", _read_insurance(link.source, wish.record.partition("/")[0]))
        elif job.kind in _SHOWN_BY:
            link.sync.read_again(_SHOWN_BY[job.kind])


async def _read_insurance(source: Source, patient_vendor_id: str) -> None:
    try:
        await read_coverage(source, patient_vendor_id)
    except DaybookError:
        return  # The connection's state tells; it is read when somebody opens the patient.


def _nothing() -> None:
    """Not listening yet."""


def _tell(name: str, error: BaseException) -> None:
    # Its text may hold a patient's data; its type does not.
    log.error("%s failed: %s", name, type(error).__name__)
