"""The loop of the tests stands still while it does not run, whatever Qt is asked to do meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.loop import PatientLoop


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[PatientLoop]:
    made = PatientLoop(qapp)
    yield made
    made.close()


def qt_works(milliseconds: int = 0) -> None:
    """Qt works through its events with no loop running, as the test runner lets it between a test and its end."""
    QTest.qWait(milliseconds)
    QApplication.processEvents()


def test_a_task_s_step_waits_for_the_next_run(loop: PatientLoop) -> None:
    begun: asyncio.Future[None] = loop.create_future()
    steps: list[asyncio.AbstractEventLoop] = []

    async def work() -> None:
        begun.set_result(None)
        for pause in (0, 0.001, 0):
            await asyncio.sleep(pause)
            steps.append(asyncio.get_running_loop())

    task = loop.create_task(work())
    loop.run_until_complete(begun)
    taken = list(steps)
    for _ in range(4):
        qt_works(5)
    assert steps == taken and not task.done()
    loop.run_until_complete(task)
    assert steps == [loop] * 3


def test_nothing_is_lost_and_what_was_cancelled_stays_so(loop: PatientLoop) -> None:
    done: asyncio.Future[None] = loop.create_future()
    ran: list[str] = []
    loop.call_soon(ran.append, "first")
    dropped = loop.call_soon(ran.append, "dropped")
    loop.call_soon(ran.append, "second")
    loop.call_later(0.001, ran.append, "third")
    qt_works(10)
    assert ran == []
    dropped.cancel()
    loop.call_later(0.02, done.set_result, None)
    loop.run_until_complete(done)
    assert ran == ["first", "second", "third"]
