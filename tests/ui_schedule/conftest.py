"""Schedule screens under test: the same loop, leak guards and theme as the other screens; the cast's Tuesday."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.model.clock import FixedClock
from tests.ui.conftest import light_theme, pytest_asyncio_loop_factories
from tests.ui.leaks import no_task_left, no_widget_thread_or_timer_left, sweep
from tests.ui.loop import no_pauses
from tests.ui_schedule.larkspur import Larkspur, open_larkspur
from tests.ui_schedule.pages import pages
from tests.ui_schedule.shell import FakeShell, Stage, services_of

__all__ = [
    "light_theme",
    "no_pauses",
    "no_task_left",
    "no_widget_thread_or_timer_left",
    "pages",
    "pytest_asyncio_loop_factories",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says of every window that it does not know size hints; nothing else is forgiven."""
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True))


@pytest.fixture
async def larkspur(tmp_path: Path, clock: FixedClock) -> AsyncIterator[Larkspur]:
    """The practice in a real store."""
    made = await open_larkspur(tmp_path, clock)
    yield made
    await made.store.close()


@pytest.fixture
async def stage(larkspur: Larkspur, qapp: QApplication) -> AsyncIterator[Stage]:
    """Opens screens on the practice and takes them down again."""
    made = Stage(larkspur, FakeShell(), services_of(larkspur))
    yield made
    await made.close()
    sweep()
    assert made.shell.errors == []
