"""The program that is killed: a real store on disk, the real Connect, no window. Told what to do on standard input.

The first line brings the key and the sandbox's announcement; every later one is a command in JSON, answered by one line
in JSON. ``die`` makes it end at once, without any clean-up, the moment a job reaches a state: between the store's
commit and whatever would have come next.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import vendors.load
from app.connect.connect import Connect
from app.connect.outbox_worker import Patience
from app.model.accounts import Actor, Role
from app.model.changes import Change, Kind
from app.model.clock import SystemClock
from app.model.connection import Environment, Topic
from app.model.outbox import Job
from app.model.people import Patient
from app.model.schedule import BookingRequest
from app.model.systems import ConnectionForm
from app.rules.outbox_jobs import new_job, result_of
from app.rules.permissions import permissions_of
from app.store import connections, outbox, visits
from app.store.database import Reader
from app.store.keys import MemoryKeyRing, secret_name
from app.store.store import Store
from vendors.contract.context import Timing

ZONE = "America/Chicago"
STORE_ID = "crash"
TIMING = Timing(connect_s=20.0, answer_s=20.0, whole_s=20.0, tries=2, back_off_s=0.05, patience_s=0.5)
#: No fault lets a request live longer than a second or so; the margin is for a busy machine.
PATIENCE = Patience(answer_s=1.5, margin_s=1.0)
ROSA = Actor(account_id="rosa", full_name="Rosa Mallow", role=Role.ADMIN, permissions=permissions_of(Role.ADMIN))


class Program:
    """One run of it."""

    def __init__(self, store: Store, connect: Connect, connection_id: str, clock: SystemClock) -> None:
        self._store = store
        self._connect = connect
        self._connection_id = connection_id
        self._clock = clock
        self._die_at = ""
        store.subscribe(self._changed)

    def _changed(self, changes: tuple[Change, ...]) -> None:
        if self._die_at == "any" and any(change.kind is Kind.JOBS for change in changes):
            os._exit(9)

    async def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry one command out."""
        act = getattr(self, f"_do_{command.pop('do')}")
        answer: dict[str, Any] = await act(**command)
        return answer

    async def _do_slots(self, count: int) -> dict[str, Any]:
        """Free times that do not overlap, on the coming days."""
        found: list[dict[str, Any]] = []
        day = self._clock.now().date()
        while len(found) < count:
            day += timedelta(days=1)
            for provider in ("1", "2", "4", "5"):
                free = await self._connect.live.open_slots(self._connection_id, provider, day, 30)
                last = -1
                for slot in free:
                    minute = slot.start.hour * 60 + slot.start.minute
                    if minute >= last:
                        last = minute + 30
                        found.append({"provider": provider, "day": day.isoformat(), "start": slot.start.isoformat()})
        return {"slots": found[:count]}

    async def _do_die(self, at: str) -> dict[str, Any]:
        self._die_at = at
        return {"dying": at}

    async def _do_book(self, intent: str, slot: dict[str, str], person: str) -> dict[str, Any]:
        """Promise a booking, for a known patient or with one to be made first."""
        now = self._clock.now()
        jobs: list[Job] = []
        if person:
            jobs.append(
                new_job(
                    Patient(first_name="Test", last_name=person, phone=f"(312) 555-{int(intent[1:]):04d}"),
                    connection_id=self._connection_id,
                    summary="Creates a patient",
                    actor_id="rosa",
                    now=now,
                    idempotency_key=f"{intent}-person",
                )
            )
        request = BookingRequest(
            patient_vendor_id="" if person else "1001",
            provider_vendor_id=slot["provider"],
            visit_type="Follow-up",
            day=date.fromisoformat(slot["day"]),
            start=time.fromisoformat(slot["start"]),
            minutes=30,
        )
        book = new_job(
            request,
            connection_id=self._connection_id,
            summary="Books a visit",
            actor_id="rosa",
            now=now,
            depends_on=jobs[0].job_id if jobs else "",
            idempotency_key=intent,
        )
        await self._connect.outbox.submit([*jobs, book], [])
        return {"kept": intent}

    async def _do_jobs(self) -> dict[str, Any]:
        jobs = await self._store.read(outbox.listed, limit=100_000)
        return {
            "jobs": [
                {
                    "id": job.job_id,
                    "key": job.idempotency_key,
                    "code": job.short_code,
                    "state": job.state,
                    "reason": job.person_reason,
                    "question": job.question,
                    "choices": [choice.key for choice in job.choices],
                    "waiting_for": job.waiting_for,
                    "result": result_of(job).vendor_id,
                    "asked": any(event.state == "needs_person" for event in job.history),
                }
                for job in jobs
            ]
        }

    async def _do_answer(self, job: str, key: str) -> dict[str, Any]:
        await self._connect.outbox.answer(job, key, ROSA)
        return {"answered": job}

    async def _do_shown(self, visit_ids: list[str]) -> dict[str, Any]:
        """Which of these visits the grid would show."""
        return {"shown": await self._store.read(_shown, self._connection_id, visit_ids)}


def _shown(conn: Reader, connection_id: str, visit_ids: list[str]) -> list[str]:
    return [one for one in visit_ids if visits.by_vendor(conn, connection_id, one) is not None]


async def run(folder: Path) -> None:
    """Open, say so, obey until standard input ends."""
    loop = asyncio.get_running_loop()
    told = json.loads(await asyncio.to_thread(sys.stdin.readline))
    clock = SystemClock()
    store = await Store.open(folder / "daybook.db", bytes.fromhex(told["key"]), clock=clock)
    ring = MemoryKeyRing()
    connect = Connect(store, clock, vendors.load, ring, store_id=STORE_ID, vendor_timing=TIMING)
    connect._worker._patience = PATIENCE
    known = await store.read(connections.listed)
    for connection in known:
        ring.put(secret_name(STORE_ID, connection.connection_id, "api_key"), told["vendor"]["credentials"]["api_key"])
    # Reading everything again after each of many starts would only heat the room.
    connect.connections.pause_all(True)
    await connect.start()
    if not known:
        form = ConnectionForm(
            vendor="officepro",
            name="OfficePro",
            practice="Larkspur Family Medicine",
            environment=Environment.SANDBOX,
            base_urls=told["vendor"]["base_urls"],
            tenant=told["vendor"]["tenant"],
            location_name="Main Street",
            time_zone=ZONE,
            secrets={"api_key": told["vendor"]["credentials"]["api_key"]},
        )
        known = [await connect.connections.add(form, ROSA)]
        await connect.live.sync_now(known[0].connection_id, [Topic.PROVIDERS])
    program = Program(store, connect, known[0].connection_id, clock)
    _say({"ready": True, "at": datetime.isoformat(clock.now())})
    while line := await asyncio.to_thread(sys.stdin.readline):
        _say(await program.do(json.loads(line)))
    await connect.stop()
    await store.close()
    await loop.shutdown_default_executor()


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1])))
