"""One connection kept fresh: its refreshers, their pace, and what is read at once after a booking."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from app.connect.fetch_clearing import EnrollmentsFetch, ReportsFetch
from app.connect.fetch_people import PatientsFetch, ProvidersFetch, VisitTypesFetch
from app.connect.fetch_schedule import SlotsFetch, VisitsFetch
from app.connect.refresh import Reading, Refresher
from app.connect.source import Source
from app.connect.tasks import TaskOwner
from app.connect.watching import Watches
from app.model.capabilities import Capability, Standing
from app.model.connection import Topic
from app.model.errors import DaybookError

_NEEDS: dict[Topic, Capability] = {
    Topic.PROVIDERS: Capability.READ_PROVIDERS,
    Topic.VISIT_TYPES: Capability.READ_VISIT_TYPES,
    Topic.VISITS: Capability.READ_SCHEDULE,
    Topic.OPEN_SLOTS: Capability.FIND_OPEN_SLOTS,
    Topic.PATIENTS: Capability.SEARCH_PATIENTS,
    Topic.REPORTS: Capability.READ_REPORTS,
    Topic.ENROLLMENTS: Capability.READ_ENROLLMENTS,
}

#: Seconds between two readings, while somebody looks and while nobody does.
_PACES: dict[Topic, tuple[float, float]] = {
    Topic.PROVIDERS: (900.0, 3600.0),
    Topic.VISIT_TYPES: (900.0, 3600.0),
    Topic.VISITS: (30.0, 300.0),
    Topic.OPEN_SLOTS: (60.0, 600.0),
    Topic.PATIENTS: (1800.0, 7200.0),
    Topic.REPORTS: (300.0, 900.0),
    Topic.ENROLLMENTS: (3600.0, 21600.0),
}
#: What is long, or slow to read, is not read again because somebody wants everything fresh.
_LONG = frozenset({Topic.PATIENTS, Topic.ENROLLMENTS})
#: A long list of patients is read again the more seldom the longer it is (seconds a page).
_PER_PAGE = 60.0
#: Nothing was read yet (there may be no providers so far): look again soon.
_SOON = 5.0
_KEEP_SECONDS = 30.0


class Sync:
    """The refreshers of one connection. ``start`` and ``stop`` as often as the window is locked and unlocked."""

    def __init__(self, source: Source, watches: Watches, on_error: Callable[[str, BaseException], None]) -> None:
        self._source = source
        self._watches = watches
        self._on_error = on_error
        self._owner = TaskOwner(on_error)
        self._read: set[Topic] = set()
        self.visits = VisitsFetch(source, watches)
        self.slots = SlotsFetch(source, watches)
        self._patients = PatientsFetch(source)
        self._fetches: dict[Topic, Callable[[bool], Awaitable[Reading]]] = {
            Topic.PROVIDERS: ProvidersFetch(source),
            Topic.VISIT_TYPES: VisitTypesFetch(source),
            Topic.VISITS: self.visits,
            Topic.OPEN_SLOTS: self.slots,
            Topic.PATIENTS: self._patients,
            Topic.REPORTS: ReportsFetch(source),
            Topic.ENROLLMENTS: EnrollmentsFetch(source),
        }
        self.refreshers = self._refreshers()
        self._stopped = True

    def _refreshers(self) -> dict[Topic, Refresher]:
        manifest = self._source.session.manifest
        offered = {
            topic
            for topic, capability in _NEEDS.items()
            if manifest.offer(capability).standing in {Standing.YES, Standing.PARTLY}
        }
        return {topic: self._refresher(topic) for topic in _NEEDS if topic in offered}

    def _refresher(self, topic: Topic) -> Refresher:
        async def fetch(whole: bool) -> Reading:
            return await self._fetched(topic, whole)

        return Refresher(
            self._source.connection_id,
            topic,
            fetch,
            lambda: self.pace(topic),
            store=self._source.store,
            clock=self._source.clock,
            timing=self._source.timing,
            owner=lambda: self._owner,
        )

    async def _fetched(self, topic: Topic, whole: bool) -> Reading:
        if not self._source.session.licensed(_NEEDS[topic]):
            # What the account may not do is told as such and not asked for again and again.
            return Reading(whole=False)
        first = topic not in self._read
        reading = await self._fetches[topic](whole)
        if reading.whole:
            self._read.add(topic)
        if topic is Topic.PROVIDERS and first:
            self.poke(Topic.VISITS)
            self.poke(Topic.OPEN_SLOTS)
        if topic is Topic.VISITS and topic in self._read:
            now = self._source.clock.now()
            await self._source.session.tell(last_sync=now, next_sync=now + timedelta(seconds=self.pace(topic)))
        return reading

    def start(self) -> None:
        """Begin to keep fresh, providers first."""
        if not self._stopped:
            return
        self._stopped = False
        self._owner = TaskOwner(self._on_error)
        self._owner.start("sync", self._run(), by_itself=True)
        self._owner.start("keep session", self._keep(), by_itself=True)

    async def stop(self) -> None:
        """Stop reading."""
        self._stopped = True
        await self._owner.close()

    async def _run(self) -> None:
        for topic, refresher in self.refreshers.items():
            self._owner.start(f"keep {topic}", refresher.run())
            if topic is Topic.PROVIDERS:
                # The others need to know who there is; what went wrong with that is told already.
                await asyncio.wait({self._owner.start("providers first", _quietly(refresher))})

    async def _keep(self) -> None:
        while True:
            await self._source.timing.wait(asyncio.Event(), _KEEP_SECONDS)
            await self._source.session.keep()

    def pace(self, topic: Topic) -> float:
        """Seconds until the next reading: slower while nobody looks, and as the request budget runs low."""
        if topic not in self._read:
            return _SOON
        watched, idle = _PACES[topic]
        seconds = watched if self._watches.watched(topic) else idle
        if topic is Topic.PATIENTS:
            seconds = max(seconds, self._patients.pages * _PER_PAGE)
        budget = self._source.session.budget.visible()
        spent = budget.used / budget.allowed
        return max(seconds, self._source.session.manifest.limits.poll_floor_s) * (4 if spent > 0.8 else 1)

    def poke(self, topic: Topic) -> None:
        """Somebody began to look at ``topic``."""
        if topic in self.refreshers:
            self.refreshers[topic].poke()

    async def read_now(self, topics: tuple[Topic, ...]) -> None:
        """Read these topics whole (all where none are named, long lists apart). Raises the first error."""
        failure: DaybookError | None = None
        for topic in topics or tuple(topic for topic in self.refreshers if topic not in _LONG):
            if topic in self.refreshers:
                try:
                    await self.refreshers[topic].refresh(whole=True)
                except DaybookError as error:
                    failure = failure or error
        if not topics:
            self.poke(Topic.PATIENTS)
        if failure is not None:
            raise failure

    def read_again(self, topic: Topic) -> None:
        """A job of ours changed what ``topic`` shows."""
        if not self._stopped and topic in self.refreshers:
            self._owner.start(f"read {topic} again", _quietly(self.refreshers[topic], whole=True))

    def after_booking(self, provider_vendor_id: str, day: date, minutes: int) -> None:
        """A time was taken by us: read that provider's day again now."""
        if not self._stopped:
            self._owner.start("read booked day", self._booked(provider_vendor_id, day, minutes))

    async def _booked(self, provider_vendor_id: str, day: date, minutes: int) -> None:
        try:
            if Topic.VISITS in self.refreshers:
                await self.visits.read_span(provider_vendor_id, day, day)
            if Topic.OPEN_SLOTS in self.refreshers:
                await self.slots.read_days(provider_vendor_id, [day], minutes)
        except DaybookError:
            return  # The connection's state tells; the next round reads it.


async def _quietly(refresher: Refresher, *, whole: bool = False) -> None:
    try:
        await refresher.refresh(whole=whole)
    except DaybookError:
        return
