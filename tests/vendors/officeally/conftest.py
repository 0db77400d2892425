"""A fresh simulator for each test that asks for one; for web pages one simulator and browser a module."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.vendors.officeally.desk import Desk, desk
from tests.vendors.officeally.web import OneSimulator, WebDesk, from_the_beginning, one_simulator
from vendors.portal.browsers import find_browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_browser() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="there is no browser on this machine"))


@pytest.fixture
async def office() -> AsyncIterator[Desk]:
    async with desk() as found:
        yield found


@pytest.fixture
def few(office: Desk) -> Desk:
    """The same with few reports to fetch."""
    office.forget_old_reports()
    return office


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def simulator(request: pytest.FixtureRequest) -> AsyncIterator[OneSimulator]:
    """With everybody signed in where the module says ``SIGNED_IN``."""
    async with one_simulator(signed_in=getattr(request.module, "SIGNED_IN", False)) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def stage(simulator: OneSimulator) -> AsyncIterator[WebDesk]:
    async with from_the_beginning(simulator) as made:
        yield made
