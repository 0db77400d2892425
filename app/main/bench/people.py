"""Invented practices of any size for the benchmarks: names as unevenly spread as real ones, one fixed seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

from app.model.connection import Connection, Environment
from app.model.people import Patient
from app.model.schedule import Provider, Visit
from app.model.sourced import Sourced
from app.store import connections, patients, providers, visits
from app.store.store import Store
from app.store.tx import Tx

CONNECTION = "bench"
NOW = datetime(2026, 3, 10, 14, 43, tzinfo=UTC)
FIRST_DAY = date(2025, 12, 1)
PAGE = 500

_SYLLABLES = (
    *("an", "be", "cor", "da", "el", "fi", "gar", "ha", "in", "jo", "ka", "lo", "ma", "ne", "or", "pe"),
    *("qu", "ro", "sa", "ti", "ul", "va", "wi", "xa", "yo", "za", "smi", "th", "ber", "son", "ton"),
)


def connection() -> Connection:
    """The one system of the invented practice."""
    return Connection(
        connection_id=CONNECTION,
        vendor="officepro",
        source="OP",
        name="OfficePro",
        practice="Benchmark",
        environment=Environment.SANDBOX,
        base_urls={},
        tenant="bench",
    )


def people(count: int, seed: int = 1) -> Iterator[list[Sourced[Patient]]]:
    """``count`` patients in pages of 500."""
    chance = random.Random(seed)  # noqa: S311 - chance that repeats
    last, last_weights = _names(chance, 20_000, (2, 2, 3))
    first, first_weights = _names(chance, 3_000, (1, 2, 2))
    for start in range(0, count, PAGE):
        size = min(PAGE, count - start)
        lasts = chance.choices(last, last_weights, k=size)
        firsts = chance.choices(first, first_weights, k=size)
        yield [
            Sourced(
                value=_patient(chance, start + at, firsts[at], lasts[at]),
                connection_id=CONNECTION,
                vendor_id=str(start + at),
                as_of=NOW,
            )
            for at in range(size)
        ]


def _names(chance: random.Random, count: int, lengths: tuple[int, ...]) -> tuple[list[str], list[float]]:
    # A few names are very common and most are rare, as in any town.
    names = ["".join(chance.choices(_SYLLABLES, k=chance.choice(lengths))).title() for _ in range(count)]
    return names, [1 / (rank + 10) for rank in range(count)]


def _patient(chance: random.Random, number: int, first: str, last: str) -> Patient:
    return Patient(
        first_name=first,
        last_name=last,
        birth_date=date.fromordinal(chance.randrange(710_000, 737_000)),
        phone=f"({chance.randrange(200, 999)}) {chance.randrange(200, 999)}-{chance.randrange(10_000):04d}",
        email=f"p{number}@example.com",
        chart_number=str(100_000 + number),
        member_ids=(f"W{chance.randrange(10**9):09d}",),
    )


async def fill_people(store: Store, count: int) -> None:
    """A connection and ``count`` patients."""
    await store.write(connections.save, connection())
    for page in people(count):
        await store.write(patients.save_all, CONNECTION, page)


async def fill_schedule(store: Store, *, columns: int = 40, visits_a_day: int = 30, days: int = 167) -> int:
    """A connection, providers and their visits from ``FIRST_DAY`` on, every sixth patient named; how many visits."""
    await store.write(connections.save, connection())
    await store.write(patients.save_all, CONNECTION, next(people(PAGE)))
    told = [
        Sourced(value=Provider(name=f"Provider {n:02d}"), connection_id=CONNECTION, vendor_id=str(n), as_of=NOW)
        for n in range(columns)
    ]
    await store.write(providers.save_all, CONNECTION, told)
    for column in range(columns):
        await store.write(_fill_column, column, visits_a_day, days)
    return columns * visits_a_day * days


def _fill_column(tx: Tx, column: int, visits_a_day: int, days: int) -> None:
    found = [
        Sourced(
            value=Visit(
                provider_vendor_id=str(column),
                day=FIRST_DAY + timedelta(days=day),
                start=clock_time(7 + turn * 15 // 60, turn * 15 % 60),
                minutes=15,
                visit_type="FOLLOWUP" if turn % 3 else "Consult",
                patient_vendor_id=str((turn * 7 + day) % PAGE) if turn % 6 == 0 else "",
            ),
            connection_id=CONNECTION,
            vendor_id=str((column * days + day) * visits_a_day + turn),
            as_of=NOW,
        )
        for day in range(days)
        for turn in range(visits_a_day)
    ]
    end = FIRST_DAY + timedelta(days=days - 1)
    visits.replace_window(tx, CONNECTION, str(column), FIRST_DAY, end, found, NOW)
