"""``daybook demo --smoke``: the main job, done through the real screens with real keys, against the simulators.

Each step prints one JSON line ``{"step": …, "ok": …, "ms": …}``; a step that fails says why in ``"why"``, and what
depends on it is still tried. The simulator's own ledger, not the window, judges what was booked.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from app.main.demo_command import DemoPlan, clock_of, demo_house
from app.main.demo_practice import PASSWORD
from app.main.logs import outline
from app.model.booking import BookingStatus
from app.model.errors import DaybookError, NotFound
from app.model.outbox import JobState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.main.house import House
    from app.main.program import OpenWindow
    from app.main.sandbox_child import SandboxChild
    from app.model.accounts import Actor

_PATIENCE_S = 15.0


class StepFailed(Exception):
    """A step did not come to its end."""


class Smoke:
    """The steps, in order, and what they hand to one another."""

    def __init__(self, app: QApplication, house: House, child: SandboxChild, actor: Actor) -> None:
        self._app, self._house, self._child, self._actor = app, house, child, actor
        self._opened: OpenWindow | None = None
        self._day = house.clock.now().date()
        self.failed = False
        self._unexpected: list[str] = []
        asyncio.get_running_loop().set_exception_handler(self._hear)

    # -- running -----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Every step; each opens where the one before left the window."""
        from ui.screens.registry import SCREENS

        await self._step("window", self._open_window)
        for screen in SCREENS:
            await self._step(f"open {screen.name}", partial(self._open_screen, screen.name))
        await self._step("palette finds a patient", self._palette)
        await self._step("find a slot", self._find)
        await self._step("book it", self._book)
        await self._step("see it on the grid", self._on_grid)
        await self._step("slot taken meanwhile", self._taken)
        await self._step("lock and unlock", self._lock)
        await self._step("audit log is whole", self._audit)
        await self._step("nothing unexpected", self._calm)
        await self._step("close", self._close)

    async def _step(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        begun = time.perf_counter()
        why = ""
        try:
            async with asyncio.timeout(_PATIENCE_S * 2):
                await work()
        except DaybookError as error:
            why = error.happened
        except StepFailed as error:
            why = str(error)
        except Exception as error:  # a step may fail in any way; the next is still tried
            why = outline(error)
        self.failed |= bool(why)
        said: dict[str, Any] = {"step": name, "ok": not why, "ms": round((time.perf_counter() - begun) * 1000)}
        if why:
            said["why"] = why
        sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
        sys.stdout.flush()

    # -- hands and eyes ----------------------------------------------------------------------------------------------

    @property
    def _window(self) -> Any:
        if self._opened is None:
            raise StepFailed("there is no window")
        return self._opened.window

    def _keys(self, *sequence: str) -> None:
        """Press key combinations as a person would, wherever focus is."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest

        for keys in sequence:
            target = self._window.focus_widget() or self._window
            QTest.keySequence(target, QKeySequence(keys))

    def _type(self, text: str) -> None:
        from PySide6.QtTest import QTest

        QTest.keyClicks(self._window.focus_widget() or self._window, text)

    async def _until(self, what: str, seen: Callable[[], object]) -> None:
        """Wait until ``seen`` says yes; the words are what could not be seen."""
        end = time.monotonic() + _PATIENCE_S
        while not seen():
            if time.monotonic() > end:
                raise StepFailed(f"waited {_PATIENCE_S:.0f} s and did not see: {what}")
            await asyncio.sleep(0.01)

    async def _settled(self) -> None:
        from ui.shots import settled

        await settled(self._window)

    async def _bookings(self) -> list[Any]:
        told = await self._child.control("officepro", "ledger")
        return [write for write in told["writes"] if write["operation"] == "book_visit" and write["effect"]]

    async def _status(self, job_id: str) -> BookingStatus | None:
        """Where a booking stands; None while its job is on its way into the outbox."""
        try:
            return await self._house.desk.booking.status(self._actor, job_id)
        except NotFound:
            return None

    # -- steps -------------------------------------------------------------------------------------------------------

    async def _open_window(self) -> None:
        from app.main.program import OpenWindow

        self._opened = await OpenWindow.open(self._app, self._house, self._actor)
        self._window.activateWindow()
        await self._until("the day on the grid", lambda: self._window.current_screen().day_view is not None)

    async def _open_screen(self, name: str) -> None:
        self._window.open(name)
        await self._settled()
        screen = self._window.current_screen()
        if screen is None or screen.name != name:
            raise StepFailed(f"the window does not show {name}")
        if self._window.sheets.top() is not None:
            raise StepFailed("an error sheet came up")

    async def _palette(self) -> None:
        self._window.open("schedule")
        await self._settled()
        self._keys("Ctrl+K")
        await self._settled()
        self._type("fennimore marigold")
        await self._settled()
        self._keys("Return")
        await self._settled()
        screen = self._window.current_screen()
        if screen.name != "patients" or not screen.has_patient():
            raise StepFailed("Enter on the first result did not open the patient")

    async def _find(self) -> None:
        found = await self._house.desk.patients.search(self._actor, "fennimore mari", limit=1)
        self._window.open("find_slot", patient_id=found[0].local_id)
        await self._settled()
        screen = self._window.current_screen()
        await self._until("three best times", screen.has_best)
        self._keys("1")
        await self._until("a chosen time", screen.has_choice)

    async def _book(self) -> None:
        before = len(await self._bookings())
        screen = self._window.current_screen()
        self._keys("Return")
        panel = screen.booking
        await self._until("the booking panel ready to write", lambda: panel.plan() is not None and panel.plan().ready)
        self._day = panel.plan().draft.day
        self._keys("Ctrl+Return")
        await self._until("a job", panel.job_id)
        job_id = panel.job_id()
        end = time.monotonic() + _PATIENCE_S
        while (status := await self._status(job_id)) is None or status.state is not JobState.CONFIRMED:
            if time.monotonic() > end:
                raise StepFailed(f"the job is {status.state.value if status else 'not kept'}")
            await asyncio.sleep(0.02)
        after = len(await self._bookings())
        if after != before + 1:
            raise StepFailed(f"the vendor's ledger holds {after - before} bookings for one press")

    async def _on_grid(self) -> None:
        self._window.open("schedule", day=self._day)
        await self._settled()
        screen = self._window.current_screen()

        def shown() -> bool:
            view = screen.day_view
            return (
                view is not None
                and view.day == self._day
                and any(
                    block.title == "Marigold Fennimore" for column in view.columns for block in column.column.visits
                )
            )

        await self._until("Marigold Fennimore on the grid", shown)

    async def _taken(self) -> None:
        """Somebody else takes the time between check and booking: nothing is booked, other times are offered."""
        await self._child.control("officepro", "faults", {"spec": "take*1@book_visit"})
        before = len(await self._bookings())
        found = await self._house.desk.patients.search(self._actor, "fennwick tob", limit=1)
        self._window.open("find_slot", patient_id=found[0].local_id)
        await self._settled()
        screen = self._window.current_screen()
        await self._until("best times", screen.has_best)
        self._keys("1")
        await self._until("a chosen time", screen.has_choice)
        self._keys("Return")
        panel = screen.booking
        await self._until("the booking panel ready", lambda: panel.plan() is not None and panel.plan().ready)
        self._keys("Ctrl+Return")
        await self._until("a job", panel.job_id)
        job_id = panel.job_id()
        end = time.monotonic() + _PATIENCE_S
        while (status := await self._status(job_id)) is None or not status.alternatives:
            if time.monotonic() > end:
                raise StepFailed("no other times were offered")
            await asyncio.sleep(0.02)
        if len(await self._bookings()) != before:
            raise StepFailed("a booking was made over somebody else's")
        panel.give_up()

    async def _lock(self) -> None:
        self._window.open("schedule")
        await self._settled()
        self._keys("Ctrl+L")
        await self._until("the lock", self._window.session.is_locked)
        await self._settled()
        self._type(PASSWORD)
        self._keys("Return")
        await self._until("the schedule again", lambda: not self._window.session.is_locked())

    async def _audit(self) -> None:
        verdict = await self._house.prove_audit()
        if not verdict.whole:
            raise StepFailed(verdict.words)

    async def _calm(self) -> None:
        if self._unexpected:
            raise StepFailed(f"{len(self._unexpected)} errors reached the loop: {self._unexpected[0]}")

    def _hear(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self._unexpected.append(outline(error) if isinstance(error, BaseException) else str(context.get("message")))

    async def _close(self) -> None:
        if self._opened is not None:
            await self._opened.close()


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
