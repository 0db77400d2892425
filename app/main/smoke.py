"""``daybook demo --smoke``: the main job, done through the real screens with real keys, against the simulators.

Each step prints one JSON line ``{"step": …, "ok": …, "ms": …}``; a step that fails says why in ``"why"``, and what
depends on it is still tried. The simulator's own ledger, not the window, judges what was booked.
"""

from __future__ import annotations

import asyncio
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from app.main.demo_command import DemoPlan, clock_of, demo_house
from app.main.demo_practice import PASSWORD
from app.main.logs import outline
from app.main.smoke_clearing import ClearingSteps
from app.main.smoke_hands import PATIENCE_S, Hands, StepFailed
from app.model.booking import BookingStatus
from app.model.errors import NotFound
from app.model.outbox import JobState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.main.house import House
    from app.main.sandbox_child import SandboxChild
    from app.model.accounts import Actor


class Smoke(Hands):
    """The steps, in order, and what they hand to one another."""

    def __init__(self, app: QApplication, house: House, child: SandboxChild, actor: Actor) -> None:
        super().__init__(app, house, child, actor)
        self._day = house.clock.now().date()
        self._unexpected: list[str] = []
        asyncio.get_running_loop().set_exception_handler(self._hear)

    async def run(self) -> None:
        """Every step; each opens where the one before left the window."""
        from ui.screens.registry import SCREENS

        await self.step("window", self._open_window)
        for screen in SCREENS:
            await self.step(f"open {screen.name}", partial(self.open_screen, screen.name))
        await self.step("palette finds a patient", self._palette)
        await self.step("find a slot", self._find)
        await self.step("book it", self._book)
        await self.step("see it on the grid", self._on_grid)
        await self.step("slot taken meanwhile", self._taken)
        await ClearingSteps(self).run()
        await self.step("lock and unlock", self._lock)
        await self.step("audit log is whole", self._audit)
        await self.step("nothing unexpected", self._calm)
        await self.step("close", self._close)

    async def _bookings(self) -> list[Any]:
        told = await self.child.control("officepro", "ledger")
        return [write for write in told["writes"] if write["operation"] == "book_visit" and write["effect"]]

    async def _status(self, job_id: str) -> BookingStatus | None:
        """Where a booking stands; None while its job is on its way into the outbox."""
        try:
            return await self.house.desk.booking.status(self.actor, job_id)
        except NotFound:
            return None

    # -- steps -------------------------------------------------------------------------------------------------------

    async def _open_window(self) -> None:
        from app.main.program import OpenWindow

        self.opened = await OpenWindow.open(self.app, self.house, self.actor)
        self.window.activateWindow()
        await self.until("the day on the grid", lambda: self.window.current_screen().day_view is not None)

    async def _palette(self) -> None:
        self.window.open("schedule")
        await self.settled()
        self.keys("Ctrl+K")
        await self.settled()
        self.type("fennimore marigold")
        await self.settled()
        self.keys("Return")
        await self.settled()
        screen = self.window.current_screen()
        if screen.name != "patients" or not screen.has_patient():
            raise StepFailed("Enter on the first result did not open the patient")

    async def _find(self) -> None:
        found = await self.house.desk.patients.search(self.actor, "fennimore mari", limit=1)
        self.window.open("find_slot", patient_id=found[0].local_id)
        await self.settled()
        screen = self.window.current_screen()
        await self.until("three best times", screen.has_best)
        self.keys("1")
        await self.until("a chosen time", screen.has_choice)

    async def _book(self) -> None:
        before = len(await self._bookings())
        screen = self.window.current_screen()
        self.keys("Return")
        panel = screen.booking
        await self.until("the booking panel ready to write", lambda: panel.plan() is not None and panel.plan().ready)
        self._day = panel.plan().draft.day
        self.keys("Ctrl+Return")
        await self.until("a job", panel.job_id)
        job_id = panel.job_id()
        end = time.monotonic() + PATIENCE_S
        while (status := await self._status(job_id)) is None or status.state is not JobState.CONFIRMED:
            if time.monotonic() > end:
                raise StepFailed(f"the job is {status.state.value if status else 'not kept'}")
            await asyncio.sleep(0.02)
        after = len(await self._bookings())
        if after != before + 1:
            raise StepFailed(f"the vendor's ledger holds {after - before} bookings for one press")

    async def _on_grid(self) -> None:
        self.window.open("schedule", day=self._day)
        await self.settled()
        screen = self.window.current_screen()

        def shown() -> bool:
            view = screen.day_view
            return (
                view is not None
                and view.day == self._day
                and any(
                    block.title == "Marigold Fennimore" for column in view.columns for block in column.column.visits
                )
            )

        await self.until("Marigold Fennimore on the grid", shown)

    async def _taken(self) -> None:
        """Somebody else takes the time between check and booking: nothing is booked, other times are offered."""
        await self.child.control("officepro", "faults", {"spec": "take*1@book_visit"})
        before = len(await self._bookings())
        found = await self.house.desk.patients.search(self.actor, "fennwick tob", limit=1)
        self.window.open("find_slot", patient_id=found[0].local_id)
        await self.settled()
        screen = self.window.current_screen()
        await self.until("best times", screen.has_best)
        self.keys("1")
        await self.until("a chosen time", screen.has_choice)
        self.keys("Return")
        panel = screen.booking
        await self.until("the booking panel ready", lambda: panel.plan() is not None and panel.plan().ready)
        self.keys("Ctrl+Return")
        await self.until("a job", panel.job_id)
        job_id = panel.job_id()
        end = time.monotonic() + PATIENCE_S
        while (status := await self._status(job_id)) is None or not status.alternatives:
            if time.monotonic() > end:
                raise StepFailed("no other times were offered")
            await asyncio.sleep(0.02)
        if len(await self._bookings()) != before:
            raise StepFailed("a booking was made over somebody else's")
        panel.give_up()

    async def _lock(self) -> None:
        self.window.open("schedule")
        await self.settled()
        self.keys("Ctrl+L")
        await self.until("the lock", self.window.session.is_locked)
        await self.settled()
        self.type(PASSWORD)
        self.keys("Return")
        await self.until("the schedule again", lambda: not self.window.session.is_locked())

    async def _audit(self) -> None:
        verdict = await self.house.prove_audit()
        if not verdict.whole:
            raise StepFailed(verdict.words)

    async def _calm(self) -> None:
        if self._unexpected:
            raise StepFailed(f"{len(self._unexpected)} errors reached the loop: {self._unexpected[0]}")

    def _hear(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self._unexpected.append(outline(error) if isinstance(error, BaseException) else str(context.get("message")))

    async def _close(self) -> None:
        if self.opened is not None:
            await self.opened.close()


async def _smoke(app: QApplication, plan: DemoPlan) -> int:
    begun = time.perf_counter()
    async with demo_house(plan, clock_of(plan)) as (house, child, actor):
        took = round((time.perf_counter() - begun) * 1000)
        sys.stdout.write(msgspec.json.encode({"step": "sandbox practice", "ok": True, "ms": took}).decode() + "\n")
        smoke = Smoke(app, house, child, actor)
        await smoke.run()
    return int(smoke.failed)


def run_smoke(plan: DemoPlan) -> int:
    """Offscreen, whatever display there is. Exit 1 if any step is not ok."""
    from app.main.program import run_on_qt

    return run_on_qt(lambda app: _smoke(app, plan), offscreen=True)
