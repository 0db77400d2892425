"""Practice Mate's part of ``demo --smoke``: the second office's day on the grid, a patient's insurance, a check-in.

Real pages in a real browser; the simulator's own ledger, not the window, judges what was checked in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from app.main.demo_clearing import VENDOR, open_harbor_street
from app.main.smoke_hands import Hands, StepFailed
from app.model.schedule import VisitRow, VisitStatus
from app.rules import timezones
from app.store import visits
from vendors.sandboxkit import cast
from vendors.sandboxkit.plan import ZONE

if TYPE_CHECKING:
    from ui.grid.content import GridColumn, GridItem


class OfficeSteps:
    """Steps on the second office, at the window of ``hands``."""

    def __init__(self, hands: Hands) -> None:
        self._at = hands
        self._connection_id = ""

    def steps(self) -> tuple[tuple[str, Callable[[], Awaitable[None]]], ...]:
        """Each goes on where the one before left the window."""
        return (
            ("the second office is connected", self._connect),
            ("its day is read from its pages", self._read),
            ("a visit is checked in on its page", self._check_in),
            ("insurance is read when a patient is opened", self._insurance),
        )

    async def _connect(self) -> None:
        at = self._at
        self._connection_id = (await open_harbor_street(at.house, at.child, at.actor)).connection_id

    async def _read(self) -> None:
        at = self._at
        at.window.open("schedule", day=self._day())
        await at.until("the second office on the grid", self._on_grid)

    def _day(self) -> Any:
        today, _ = timezones.local(self._at.house.clock.now(), ZONE.key)
        return cast.working_day(today, 0)

    def _on_grid(self) -> tuple[GridColumn, GridItem] | None:
        """A visit of the second office that can still be checked in, as the grid shows it."""
        screen = self._at.window.current_screen()
        if screen.day_view is None or screen.day_view.day != self._day():
            return None
        coming = {
            block.visit.local_id
            for column in screen.day_view.columns
            for block in column.column.visits
            if self._coming(block.visit)
        }
        for column in screen.grid.content.columns:
            for item in column.items:
                if item.key in coming:
                    return column, item
        return None

    def _coming(self, visit: VisitRow) -> bool:
        statuses = (VisitStatus.BOOKED, VisitStatus.CONFIRMED)
        return visit.connection_id == self._connection_id and visit.status in statuses and bool(visit.patient_id)

    async def _check_in(self) -> None:
        at = self._at
        found = self._on_grid()
        if found is None:
            raise StepFailed("nobody of the second office can be checked in")
        column, item = found
        screen = at.window.current_screen()
        screen.open_item(column.key, item.key)
        screen.check_in(column.key, item.key)
        await at.until("what will be typed where", lambda: hasattr(at.window.sheets.top(), "write"))
        at.keys("Ctrl+Return")

        def arrived() -> bool:
            columns = screen.grid.content.columns
            return any(
                each.key == item.key and each.status is VisitStatus.ARRIVED for one in columns for each in one.items
            )

        await at.until("the visit as arrived", arrived)
        told = await at.child.control(VENDOR, "ledger")
        done = [one for one in told["writes"] if one["operation"] == "check_in" and one["effect"]]
        if len(done) != 1:
            raise StepFailed(f"the vendor's ledger holds {len(done)} check-ins for one press")

    async def _insurance(self) -> None:
        at = self._at
        rows = await at.house.store.read(visits.on_day, self._day())
        patient = next(row.patient_id for row in rows if row.connection_id == self._connection_id and row.patient_id)
        at.window.open("patients", patient_id=patient)
        screen = at.window.current_screen()

        def read() -> bool:
            profile = screen.profile.profile()
            return profile is not None and profile.patient.local_id == patient and profile.coverage is not None

        await at.until("the patient's insurance", read)
