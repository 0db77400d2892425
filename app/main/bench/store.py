"""Benchmarks ``search`` and ``upsert``, and what of ``day`` is the store's, all on real encrypted stores."""

from __future__ import annotations

import asyncio
import gc
import random
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

from app.main.bench import people as bench_people
from app.main.bench.rows import BenchRow, median, p95
from app.model.clock import FixedClock, SystemClock
from app.model.people import Patient
from app.model.sourced import Sourced
from app.store import connections, patients, visits
from app.store.database import Reader, connect
from app.store.migrations import bring_up_to_date
from app.store.search import terms_of
from app.store.store import Store
from app.store.tx import Tx

PEOPLE = 1_000_000
ACTIVE = 20_000
QUERIES = 120
UPSERTS = 30_000
ROUNDS = 5

SEARCH_REACH_MS = 20.0
UPSERT_REACH = 0.6
DAY_REACH_MS = 60.0


def _short_date(patient: Patient) -> str:
    born = patient.birth_date
    assert born is not None
    return f"{born.month}/{born.day}/{born.year % 100:02d}"


#: What people type, by kind, from the patient they look for.
KINDS: dict[str, Callable[[Patient], str]] = {
    "one letter": lambda p: p.last_name[:1],
    "two letters": lambda p: p.last_name[:2],
    "three letters": lambda p: p.last_name[:3],
    "five letters": lambda p: p.last_name[:5],
    "whole name": lambda p: f"{p.first_name} {p.last_name}",
    "smi j": lambda p: f"{p.last_name[:3]} {p.first_name[:1]}",
    "s j": lambda p: f"{p.last_name[:1]} {p.first_name[:1]}",
    "smi j 3/4/71": lambda p: f"{p.last_name[:3]} {p.first_name[:1]} {_short_date(p)}",
    "3/": lambda p: _short_date(p).split("/")[0] + "/",
    "3/4": lambda p: _short_date(p).rpartition("/")[0],
    "smi 3/4": lambda p: f"{p.last_name[:3]} {_short_date(p).rpartition('/')[0]}",
    "birth date": _short_date,
    "four digits of a phone": lambda p: p.phone[-4:],
    "phone": lambda p: p.phone,
    "smi 4567": lambda p: f"{p.last_name[:3]} {p.phone[-4:]}",
    "member id": lambda p: p.member_ids[0],
    "part of a member id": lambda p: p.member_ids[0][:4],
    "chart number": lambda p: p.chart_number,
    "nobody": lambda p: f"{p.last_name[:3]} qqq",
}


def search() -> list[BenchRow]:
    """Keystroke to the exact newest 20 rows among a million patients, through the store's threads."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_search(Path(folder) / "bench.db", PEOPLE))


async def _search(path: Path, count: int) -> list[BenchRow]:
    clock = FixedClock(bench_people.NOW)
    store = await Store.open(path, secrets.token_bytes(32), clock=clock)
    try:
        await bench_people.fill_people(store, count)
        chance = random.Random(7)  # noqa: S311 - chance that repeats
        for _ in range(ACTIVE // 500):
            await store.write(_act, clock, [str(chance.randrange(count)) for _ in range(500)])
        sought = await store.read(_some, [str(chance.randrange(count)) for _ in range(QUERIES)])
        figures = {kind: await _typed(store, [make(patient) for patient in sought]) for kind, make in KINDS.items()}
        exact = await store.read(_is_exact, {patient.last_name[:3] for patient in sought[:10]})
    finally:
        await store.close()
    worst = max(figures, key=lambda kind: p95(figures[kind]))
    everything = [taken for values in figures.values() for taken in values]
    note = f"{count:,} patients, {len(KINDS)} kinds of query; exact newest 20: {'yes' if exact else 'NO'}"
    return [
        BenchRow(
            bench="search",
            name=f"p95 of the worst kind ({worst})",
            value=p95(figures[worst]),
            unit="ms",
            reach=SEARCH_REACH_MS,
            note=note,
        ),
        BenchRow(bench="search", name="median of all", value=median(everything), unit="ms", reach=SEARCH_REACH_MS),
    ]


def _act(tx: Tx, clock: FixedClock, vendor_ids: list[str]) -> None:
    for vendor_id in vendor_ids:
        row = patients.by_vendor(tx.connection, bench_people.CONNECTION, vendor_id)
        assert row is not None
        clock.advance(1)
        patients.touch(tx, row.local_id)


def _some(connection: Reader, vendor_ids: list[str]) -> list[Patient]:
    rows = [patients.by_vendor(connection, bench_people.CONNECTION, vendor_id) for vendor_id in vendor_ids]
    found = [patients.get(connection, row.local_id) for row in rows if row]
    return [item.value for item in found if item]


async def _typed(store: Store, texts: list[str]) -> list[float]:
    taken = []
    for text in texts:
        begun = time.perf_counter()
        await store.read(patients.search, text, 20)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def _is_exact(connection: Reader, stems: set[str]) -> bool:
    """Whether the search gives what a plain walk from the newest patient gives."""
    for stem in stems:
        walked = connection.execute(
            "SELECT local_id FROM patients WHERE last_name LIKE ?1 OR first_name LIKE ?1 ORDER BY id DESC LIMIT 20",
            (f"{stem}%",),
        )
        if [row[0] for row in walked] != [row.local_id for row in patients.search(connection, stem, 20)]:
            return False
    return True


def upsert() -> list[BenchRow]:
    """Patients a second into an empty store, against ready-made tuples through the same statements by executemany."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_upsert(Path(folder)))


async def _upsert(folder: Path) -> list[BenchRow]:
    pages = list(bench_people.people(UPSERTS))
    rows, terms = _ready_made(folder / "made.db", pages)
    gc.collect()
    gc.freeze()  # the pages held here are no part of the work
    ours, floors, again = [], [], []
    for turn in range(ROUNDS):
        store = await Store.open(folder / f"ours{turn}.db", secrets.token_bytes(32), clock=SystemClock())
        await store.write(connections.save, bench_people.connection())
        ours.append(await _rate(_save(store, pages)))
        again.append(await _rate(_save(store, pages)))
        await store.close()
        plain = _prepared(folder / f"floor{turn}.db")
        floors.append(await _rate(_raw(plain, rows, terms)))
        plain.close()
    gc.unfreeze()
    floor = median(floors)
    return [
        BenchRow(
            bench="upsert",
            name="patients into the store ÷ executemany",
            value=median(ours) / floor,
            unit="ratio",
            reach=UPSERT_REACH,
            at_least=True,
            floor=f"{floor:,.0f} rows/s by executemany into the same tables and search index, 500 a transaction",
            note=f"ours {median(ours):,.0f} rows/s; the same answer again {median(again):,.0f} rows/s",
        )
    ]


async def _rate(work: Awaitable[None]) -> float:
    begun = time.perf_counter()
    await work
    return UPSERTS / (time.perf_counter() - begun)


async def _save(store: Store, pages: list[list[Sourced[Patient]]]) -> None:
    for page in pages:
        await store.write(patients.save_all, bench_people.CONNECTION, page)


async def _raw(plain: Reader, rows: list[tuple[object, ...]], terms: list[tuple[int, str]]) -> None:
    for at in range(0, len(rows), bench_people.PAGE):
        plain.execute("BEGIN IMMEDIATE")
        plain.executemany(patients.INSERT, rows[at : at + bench_people.PAGE])
        plain.executemany(patients.INDEX, terms[at : at + bench_people.PAGE])
        plain.execute("COMMIT")


def _prepared(path: Path) -> Reader:
    plain = connect(path, secrets.token_bytes(32), writer=True, create=True)
    bring_up_to_date(plain, path)
    return plain


def _ready_made(
    path: Path, pages: list[list[Sourced[Patient]]]
) -> tuple[list[tuple[object, ...]], list[tuple[int, str]]]:
    """The very tuples our own way writes."""
    plain = _prepared(path)
    tx = Tx(plain, SystemClock())
    connections.save(tx, bench_people.connection())
    for page in pages:
        patients.save_all(tx, bench_people.CONNECTION, page)
    rows = [
        tuple(row)
        for row in plain.execute(
            "SELECT id, local_id, connection_no, vendor_id, first_name, last_name, birth_day, phone, chart_number,"
            " is_lead, as_of, digits, value FROM patients ORDER BY id"
        )
    ]
    plain.close()
    values = [item.value for page in pages for item in page]
    terms = [(row[0], terms_of(value, row[11])) for row, value in zip(rows, values, strict=True)]
    return rows, terms


def day() -> list[BenchRow]:
    """What of the next-day key is the store's: the day's visits and how fresh each column is, 200,000 visits kept."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_day(Path(folder) / "bench.db"))


async def _day(path: Path) -> list[BenchRow]:
    store = await Store.open(path, secrets.token_bytes(32), clock=SystemClock())
    try:
        count = await bench_people.fill_schedule(store)
        taken = []
        for step in range(160):
            begun = time.perf_counter()
            await store.read(_one_day, bench_people.FIRST_DAY + timedelta(days=step))
            taken.append((time.perf_counter() - begun) * 1000)
    finally:
        await store.close()
    note = f"{count:,} visits in the store, 1,200 on the day; painting comes on top"
    return [
        BenchRow(bench="day", name="the store's part, p95", value=p95(taken), unit="ms", reach=DAY_REACH_MS, note=note)
    ]


def _one_day(connection: Reader, wanted: date) -> int:
    return len(visits.on_day(connection, wanted)) + len(visits.coverage(connection, wanted, wanted))
