"""A real encrypted store in a temporary folder, and a practice with one connection and two providers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from app.model.clock import FixedClock
from app.model.connection import Connection, Environment
from app.model.outbox import Job, JobKind, JobState
from app.model.people import Patient
from app.model.schedule import Provider, Visit
from app.model.sourced import Sourced
from app.store import connections, providers
from app.store.store import Store

KEY = bytes(range(32))
NOW = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)
DAY = date(2026, 3, 10)


def connection(connection_id: str = "c1", **fields: Any) -> Connection:
    values: dict[str, Any] = {
        "connection_id": connection_id,
        "vendor": "officepro",
        "source": "OP",
        "name": "OfficePro",
        "practice": "Larkspur Family Medicine",
        "environment": Environment.SANDBOX,
        "base_urls": {"api": "http://127.0.0.1:1"},
        "tenant": "DemoOffice",
        "location_id": "main",
    }
    return Connection(**(values | fields))


def told(value: Any, vendor_id: str, connection_id: str = "c1", as_of: datetime = NOW) -> Sourced[Any]:
    return Sourced(value=value, connection_id=connection_id, vendor_id=vendor_id, as_of=as_of)


def person(vendor_id: str, first: str = "", last: str = "", **fields: Any) -> Sourced[Patient]:
    connection_id = fields.pop("connection_id", "c1")
    return told(Patient(first_name=first, last_name=last, **fields), vendor_id, connection_id)


def visit(vendor_id: str, hour: int = 9, day: date = DAY, provider: str = "1", **fields: Any) -> Sourced[Visit]:
    values: dict[str, Any] = {"provider_vendor_id": provider, "day": day, "start": time(hour), "minutes": 30}
    return told(Visit(**(values | fields)), vendor_id)


def job(job_id: str, state: JobState = JobState.QUEUED, **fields: Any) -> Job:
    values: dict[str, Any] = {
        "job_id": job_id,
        "kind": JobKind.BOOK_VISIT,
        "connection_id": "c1",
        "idempotency_key": f"key-{job_id}",
        "short_code": "K7Q2MX",
        "state": state,
        "summary": "Book a visit",
        "payload": b"{}",
        "actor_id": "a1",
        "created_at": NOW,
    }
    return Job(**(values | fields))


@pytest.fixture
async def store(tmp_path: Path, clock: FixedClock) -> AsyncIterator[Store]:
    opened = await Store.open(tmp_path / "daybook.db", KEY, clock=clock, gather_seconds=0)
    yield opened
    await opened.close()


@pytest.fixture
async def practice(store: Store) -> Store:
    """One connection, c1, with the providers 1 and 2."""
    await store.write(connections.save, connection())
    await store.write(
        providers.save_all, "c1", [told(Provider(name="Dr. Oakenfield"), "1"), told(Provider(name="Noor"), "2")]
    )
    return store
