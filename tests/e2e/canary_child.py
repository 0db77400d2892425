"""Run apart by test_nothing_leaks: a new patient is booked through the real window, found, shown, locked; a fault that
quotes her name is thrown. The last thing on standard output is what must be found nowhere else."""

from __future__ import annotations

import asyncio
import logging
import sys

from PySide6.QtWidgets import QApplication

from app.main.home import data_dir
from app.main.house import House
from app.main.logs import keep_logs
from app.main.program import OpenWindow, run_on_qt
from app.model.booking import BookingDraft
from app.model.clock import ShiftedClock
from app.model.outbox import JobState
from app.model.people import Patient
from app.model.views import SlotSearch
from app.store import outbox, patients
from app.store.keys import MemoryKeyRing
from tests.conftest import MORNING
from tests.main.computer import set_up
from ui.shots import settled
from vendors.officepro.sandbox import open_sandbox
from vendors.sandboxkit.plan import Plan

CANARY = Patient(
    first_name="Canarybird", last_name="Quillfeather", phone="(312) 555-7391", email="quillfeather@mail.example",
    notes="Sneezewort allergy",
)  # fmt: skip
MARKS = ("Canarybird", "Quillfeather", "555-7391", "3125557391", "Sneezewort")


async def _book(house: House, opened: OpenWindow) -> None:
    rosa = opened.window.actor()
    found = await house.desk.slots.find(rosa, SlotSearch(visit_type="Follow-up", minutes=30))
    slot = found.best[0].slot
    draft = BookingDraft(
        provider_id=slot.provider_id, day=slot.day, start_minute=slot.start_minute, minutes=slot.minutes,
        visit_type="Follow-up", new_patient=CANARY, reason="Sneezewort",
    )  # fmt: skip
    job_id = (await house.desk.booking.book(rosa, await house.desk.booking.prepare(rosa, draft)))[-1]
    async with asyncio.timeout(90):
        while (job := await house.store.read(outbox.get, job_id)) is None or job.state is not JobState.CONFIRMED:
            await asyncio.sleep(0.05)
    (row,) = await house.store.read(patients.search, "quillfeather")
    for name, where in (
        ("schedule", {"day": slot.day}),
        ("patients", {"patient_id": row.local_id}),
        ("find_slot", {"patient_id": row.local_id}),
        ("activity", {}),
        ("audit", {}),
    ):
        opened.window.open(name, **where)
        await settled(opened.window)
        title = opened.window.windowTitle()
        assert not [mark for mark in MARKS if mark in title], "a window title tells a name"
    await house.desk.patients.save_draft(rosa, "patient", b"Canarybird Quillfeather")


def _crash() -> None:
    """What a fault of ours may quote: the record it choked on."""
    try:
        raise ValueError(f"cannot use {CANARY!r}")
    except ValueError as error:
        logging.getLogger("daybook").error("failed on %s", CANARY.full_name(), exc_info=True)
        sys.excepthook(ValueError, error, error.__traceback__)
        asyncio.get_running_loop().call_exception_handler({"message": str(error), "exception": error})


async def _main(app: QApplication) -> int:
    folder = data_dir()
    keep_logs(folder)
    sandbox = await open_sandbox(Plan(now=MORNING))
    house = await House.open(folder, ShiftedClock(MORNING), MemoryKeyRing())
    await house.start()
    rosa = await set_up(house, sandbox)
    await house.connect.live.sync_now()
    opened = await OpenWindow.open(app, house, rosa)
    await settled(opened.window)
    await _book(house, opened)
    opened.window.session.lock("by key")
    await settled(opened.window)
    _crash()
    await opened.close()
    await house.close()
    await sandbox.close()
    return 0


if __name__ == "__main__":
    status = run_on_qt(_main, offscreen=True)
    sys.stdout.write("".join(f"canary {mark}\n" for mark in MARKS))
    sys.exit(status)
