"""A fresh simulator for each test that asks for one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.vendors.officeally.desk import Desk, desk


@pytest.fixture
async def office() -> AsyncIterator[Desk]:
    async with desk() as found:
        yield found
