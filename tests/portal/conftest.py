"""One browser for each module, a little portal and sessions for each test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from app.model.clock import FixedClock
from app.model.connection import Environment
from tests.portal.little import ACCOUNT, PASSWORD, USER, Little, site
from tests.vendors.stage import QUICK, Memory
from vendors.contract import RateBudget, VendorContext
from vendors.portal.browsers import find_browser
from vendors.portal.engine import Engine
from vendors.portal.session import PortalSession
from vendors.sandboxkit.web import serve

NOW = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)

MakeSession = Callable[..., PortalSession]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_browser() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="there is no browser on this machine"))


def context(url: str, *, state: Memory | None = None, secrets: dict[str, str] | None = None, **changes: Any) -> Any:
    clock = FixedClock(NOW)
    values: dict[str, Any] = {
        "connection_id": "connection-1",
        "base_urls": {"portal": url},
        "tenant": ACCOUNT,
        "environment": Environment.SANDBOX,
        "secrets": Memory({"portal_user": USER, "portal_password": PASSWORD, **(secrets or {})}),
        "state": state if state is not None else Memory(),
        "clock": clock,
        "budget": RateBudget(clock, allowed=10_000, window_s=60.0),
        "allow_plain_http": True,
        "timing": QUICK,
    }
    return VendorContext(**{**values, **changes})


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def engine() -> AsyncIterator[Engine]:
    engine = Engine(FixedClock(NOW))
    async with engine.held():
        yield engine
    assert not engine.is_running


@pytest_asyncio.fixture(loop_scope="module")
async def little() -> AsyncIterator[Little]:
    portal = Little()
    served = await serve(portal.app())
    portal.url = served.url
    yield portal
    await served.close()


@pytest_asyncio.fixture(loop_scope="module")
async def session(engine: Engine, little: Little) -> AsyncIterator[MakeSession]:
    async with AsyncExitStack() as stack:

        def make(*, site_changes: dict[str, Any] | None = None, person: str = "", **changes: Any) -> PortalSession:
            made = PortalSession(
                context(little.url, **changes), site(little.url, **(site_changes or {})), engine=engine, person=person
            )
            stack.push_async_callback(made.close)
            return made

        yield make
    for change in engine.quarantine.changes():
        await engine.quarantine.lift(change.vendor, change.page)
    await asyncio.sleep(0)
