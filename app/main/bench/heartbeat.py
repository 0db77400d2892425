"""Heartbeat: does the window's loop keep its beat while the large practice is read for the first time?

A 5 ms timer of Qt counts on the same loop that carries syncing, the store's answers and the outbox; the simulators run
in a child process. The gap between two beats is what a key press would have waited.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

from app.connect.connect import Connect
from app.main import collecting
from app.main.bench.rows import BenchRow
from app.main.home import STORE_NAME
from app.main.program import run_on_qt
from app.main.sandbox_child import SandboxChild
from app.model.accounts import Actor, Role
from app.model.clock import SystemClock
from app.model.connection import Environment, Topic
from app.model.ids import new_id
from app.model.systems import ConnectionForm
from app.rules.permissions import permissions_of
from app.store import connections, patients, visits
from app.store.database import Reader
from app.store.keys import MemoryKeyRing
from app.store.store import Store
from vendors import load
from vendors.contract import Manifest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

BEAT_MS = 5
SECONDS = 60.0
_ADMIN = Actor(account_id="bench", full_name="Bench", role=Role.ADMIN, permissions=permissions_of(Role.ADMIN))


def heartbeat(seconds: float = SECONDS) -> list[BenchRow]:
    """The longest and the 99.9th percentile gap between beats, over ``seconds`` of syncing."""
    rows: list[BenchRow] = []

    async def main(app: QApplication) -> int:
        rows.extend(await _measured(seconds))
        return 0

    collecting.rest()
    run_on_qt(main, offscreen=True)
    return rows


async def _measured(seconds: float) -> list[BenchRow]:
    with tempfile.TemporaryDirectory(prefix="daybook-bench-", ignore_cleanup_errors=True) as made:
        async with await SandboxChild.start(scale="large") as child:
            store = await Store.open(Path(made) / STORE_NAME, os.urandom(32), clock=SystemClock())
            connect = Connect(store, SystemClock(), _Unhurried(), MemoryKeyRing(), store_id=new_id())
            await connect.start()
            try:
                return await _beaten(store, connect, child, seconds)
            finally:
                await connect.stop()
                await store.close()


class _Unhurried:
    """The table of vendors without their restraint, so that the loop has as much to do as it can get."""

    names = staticmethod(load.names)
    factory = staticmethod(load.factory)

    @staticmethod
    def manifest(name: str) -> Manifest:
        """The vendor's manifest with a budget that never ends."""
        told = load.manifest(name)
        return msgspec.structs.replace(told, limits=msgspec.structs.replace(told.limits, requests=10**9))


async def _beaten(store: Store, connect: Connect, child: SandboxChild, seconds: float) -> list[BenchRow]:
    vendor, told = "officepro", child.told.vendors["officepro"]
    form = ConnectionForm(
        vendor=vendor,
        name=vendor,
        practice="Larkspur Family Medicine",
        environment=Environment.SANDBOX,
        base_urls=told.base_urls,
        tenant=told.tenant,
        location_name="Main Street",
        time_zone="America/Chicago",
        secrets=told.credentials,
    )
    today = SystemClock().now().date()
    stops = [connect.live.watch(topic, [today]) for topic in (Topic.VISITS, Topic.OPEN_SLOTS, Topic.PATIENTS)]
    collecting.settle()  # as the program does once its first window is painted
    beats = Beats()
    beats.start()
    await connect.connections.add(form, _ADMIN)
    begun = perf_counter()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await _all_read(store)
    busy = perf_counter() - begun
    await asyncio.sleep(max(0.0, seconds - busy))
    gaps = beats.stop()
    for stop in stops:
        stop()
    people, booked = await store.read(_kept)
    whole = sorted(gap for _, gap in gaps)
    reading = sorted(gap for at, gap in gaps if at <= begun + busy)
    note = f"{people:,} patients and {booked:,} visits came in within {busy:.0f} s"
    name = f"gap of a {BEAT_MS} ms timer"
    return [
        BenchRow(bench="heartbeat", name=f"longest {name}", value=whole[-1], unit="ms", reach=50, note=note),
        BenchRow(
            bench="heartbeat",
            name=f"p99.9 {name}",
            value=whole[int(len(whole) * 0.999)],
            unit="ms",
            reach=16,
            note=f"{len(whole):,} beats; of the {len(reading):,} while reading: "
            f"p99.9 {reading[int(len(reading) * 0.999)]:.1f}, p99 {reading[int(len(reading) * 0.99)]:.1f} ms",
        ),
    ]


async def _all_read(store: Store) -> None:
    """Until every topic has been read whole."""
    while True:
        fresh = [item for one in await store.read(connections.listed) for item in one.freshness]
        if {item.topic for item in fresh if item.as_of is not None} == set(Topic):
            return
        await asyncio.sleep(0.5)


class Beats:
    """A timer that notes when it was let go."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._at: list[float] = []

    def start(self) -> None:
        """Begin to beat."""
        self._timer.start(BEAT_MS)

    def _beat(self) -> None:
        self._at.append(perf_counter())

    def stop(self) -> list[tuple[float, float]]:
        """When each beat came, and how many milliseconds after the one before."""
        self._timer.stop()
        return [(after, (after - before) * 1000) for before, after in zip(self._at, self._at[1:], strict=False)]


def _kept(conn: Reader) -> tuple[int, int]:
    return patients.count(conn), sum(read.visits for read in visits.coverage(conn, date.min, date.max))
