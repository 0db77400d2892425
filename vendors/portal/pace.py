"""Pace like a person's: portals are made for hands, and some throw out what is faster."""

from __future__ import annotations

import asyncio
import random

import msgspec


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds waited before each act on a page, from ``least`` to ``most``; both 0: as fast as the page allows."""

    least: float = 0.25
    most: float = 0.9

    async def wait(self) -> None:
        """Wait as a person would before the next act."""
        if self.most > 0:
            await asyncio.sleep(random.SystemRandom().uniform(self.least, self.most))


PERSON = Pace()
OFF = Pace(least=0.0, most=0.0)
