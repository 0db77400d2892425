"""The front desk as one object: what the window is given."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from app.desk.audit import AuditView
    from app.desk.booking import Booking
    from app.desk.daylist import DayLists
    from app.desk.enrollments import Enrollments
    from app.desk.finding import Finding
    from app.desk.jobs import Jobs
    from app.desk.patients import Patients
    from app.desk.payers import Payers
    from app.desk.portals import Portals
    from app.desk.ports import ClearingPort, ConnectionsPort, LivePort, OutboxPort, PortalPort
    from app.desk.preferences import Preferences
    from app.desk.reports import Reports
    from app.desk.rules import Rules
    from app.desk.schedule import Schedule
    from app.desk.writes import Writes
    from app.model.clock import Clock
    from app.store.store import Store


P = TypeVar("P")


class Desk:
    """Use cases by subject. Every method takes the ``Actor`` first and asks whether they may.

    Each subject is imported when it is first asked for: the first paint waits for the schedule alone.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        live: LivePort,
        outbox: OutboxPort,
        *,
        connections: ConnectionsPort | None = None,
        portal: PortalPort | None = None,
        clearing: ClearingPort | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._live = live
        self._outbox = outbox
        self._connections = connections
        self._portal = portal
        self._clearing = clearing

    @cached_property
    def schedule(self) -> Schedule:
        """The day and week grids."""
        from app.desk.schedule import Schedule

        return Schedule(self._store, self._clock, self._live)

    @cached_property
    def slots(self) -> Finding:
        """Searching for free time."""
        from app.desk.finding import Finding

        return Finding(self._store, self._clock, self._live)

    @cached_property
    def booking(self) -> Booking:
        """Planning and making bookings."""
        from app.desk.booking import Booking

        return Booking(self._store, self._clock, self.slots, self._outbox)

    @cached_property
    def patients(self) -> Patients:
        """Looking for, making and changing patients."""
        from app.desk.patients import Patients

        return Patients(self._store, self._clock, self._live, self._outbox)

    @cached_property
    def day_lists(self) -> DayLists:
        """The day as a list to print."""
        from app.desk.daylist import DayLists

        return DayLists(self._store, self._clock)

    @cached_property
    def rules(self) -> Rules:
        """The practice's own scheduling rules."""
        from app.desk.rules import Rules

        return Rules(self._store, self._clock)

    @cached_property
    def jobs(self) -> Jobs:
        """What goes out, and what waits for a person."""
        from app.desk.jobs import Jobs

        return Jobs(self._store, self._clock, self._outbox)

    @cached_property
    def audit(self) -> AuditView:
        """The audit log, to read."""
        from app.desk.audit import AuditView

        return AuditView(self._store, self._clock)

    @cached_property
    def preferences(self) -> Preferences:
        """What each person likes."""
        from app.desk.preferences import Preferences

        return Preferences(self._store, self._clock)

    @cached_property
    def portals(self) -> Portals:
        """Sign-in codes, and systems reached through their web pages."""
        from app.desk.portals import Portals

        return Portals(self._store, self._clock, _given(self._connections), _given(self._portal))

    @cached_property
    def writes(self) -> Writes:
        """What is typed on web pages, and claims that are sent: shown first, then asked for."""
        from app.desk.writes import Writes

        return Writes(self._store, self._clock, self._outbox, _given(self._portal))

    @cached_property
    def enrollments(self) -> Enrollments:
        """Which payers let which providers use which transactions."""
        from app.desk.enrollments import Enrollments

        return Enrollments(self._store, self._clock, _given(self._clearing))

    @cached_property
    def payers(self) -> Payers:
        """Payers and their ids."""
        from app.desk.payers import Payers

        return Payers(self._store, self._clock, _given(self._clearing))

    @cached_property
    def reports(self) -> Reports:
        """What clearinghouses say of claims, and what they do not."""
        from app.desk.reports import Reports

        return Reports(self._store, self._clock, _given(self._clearing))


def _given(port: P | None) -> P:
    if port is None:
        raise RuntimeError("this desk was made without that port")
    return port
