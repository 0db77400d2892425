"""The front desk as one object: what the window is given."""

from __future__ import annotations

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
    """Use cases by subject. Every method takes the ``Actor`` first and asks whether they may."""

    def __init__(self, store: Store, clock: Clock, live: LivePort, outbox: OutboxPort) -> None:
        self.schedule = Schedule(store, clock, live)
        self.slots = Finding(store, clock, live)
        self.booking = Booking(store, clock, self.slots, outbox)
        self.patients = Patients(store, clock, live, outbox)
        self.day_lists = DayLists(store, clock)
        self.rules = Rules(store, clock)
        self.jobs = Jobs(store, clock, outbox)
        self.audit = AuditView(store, clock)
        self.preferences = Preferences(store, clock)
