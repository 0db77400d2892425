from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.model.clock import FixedClock
from app.model.connection import Connection, Environment
from app.model.schedule import Provider
from app.model.sourced import Sourced
from app.store import connections, providers
from app.store.store import Store

KEY = bytes(range(32))
NOW = datetime(2026, 3, 10, 15, 43, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def connection(connection_id: str = "c1") -> Connection:
    return Connection(
        connection_id=connection_id,
        vendor="officepro",
        source="OP",
        name="OfficePro",
        practice="Larkspur Family Medicine",
        environment=Environment.SANDBOX,
        base_urls={"api": "http://127.0.0.1:1"},
        tenant="DemoOffice",
    )


@pytest.fixture
async def store(tmp_path: Path, clock: FixedClock) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path / "daybook.db", KEY, clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
async def practice(store: Store) -> Store:
    """A store with one connection and two providers."""
    await store.write(connections.save, connection())
    people = [
        Sourced(value=Provider(name=name), connection_id="c1", vendor_id=vendor_id, as_of=NOW)
        for vendor_id, name in (("1", "Dr. Oakenfield"), ("2", "Noor Calderwick"))
    ]
    await store.write(providers.save_all, "c1", people)
    return store
