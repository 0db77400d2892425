"""The front desk as one object: what the window is given."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.desk.audit import AuditView
    from app.desk.booking import Booking
    from app.desk.daylist import DayLists
    from app.desk.finding import Finding
    from app.desk.jobs import Jobs
    from app.desk.patients import Patients
    from app.desk.ports import LivePort, OutboxPort
    from app.desk.preferences import Preferences
    from app.desk.rules import Rules
    from app.desk.schedule import Schedule
    from app.model.clock import Clock
    from app.store.store import Store


class Desk:
    """Use cases by subject. Every method takes the ``Actor`` first and asks whether they may.

    Each subject is imported when it is first asked for: the first paint waits for the schedule alone.
    """

    def __init__(self, store: Store, clock: Clock, live: LivePort, outbox: OutboxPort) -> None:
        self._store = store
        self._clock = clock
        self._live = live
        self._outbox = outbox

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
