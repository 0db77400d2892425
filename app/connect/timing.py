"""Waiting, made so that tests can move time instead of sleeping."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Protocol


class Timing(Protocol):
    """How this room waits."""

    async def wait(self, alarm: asyncio.Event, seconds: float | None) -> None:
        """Return when ``alarm`` is set or ``seconds`` have passed (never, when None); the alarm stays as it is."""
        ...

    def jitter(self, seconds: float) -> float:
        """``seconds``, give or take a fifth, so that many workplaces do not ask in step."""
        ...


class LoopTiming:
    """The running loop's own time."""

    def __init__(self) -> None:
        self._random = random.SystemRandom()

    async def wait(self, alarm: asyncio.Event, seconds: float | None) -> None:
        """Return when ``alarm`` is set or ``seconds`` have passed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await alarm.wait()

    def jitter(self, seconds: float) -> float:
        """``seconds``, give or take a fifth."""
        return seconds * self._random.uniform(0.8, 1.2)
