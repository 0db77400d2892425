"""Whatever comes from outside, through the whole program: a clear sentence with the next step, and nothing lost.

Vendors that misbehave are real servers on loopback; stores that are broken are real files. Each row names what is
wrong and the words a person must find.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.main.house import House
from app.model.accounts import Actor
from app.model.booking import BookingDraft, BookingPlan, WarningKind
from app.model.clock import FixedClock
from app.model.connection import Topic
from app.model.errors import DaybookError, StoreError
from app.model.outbox import JobState
from app.model.people import Patient
from app.model.views import FoundSlot, SlotSearch, Verdict
from app.rules.names import shown
from app.store import connections, outbox, patients, providers, visits
from app.store.keys import MemoryKeyRing
from tests.conftest import MORNING
from tests.forms import form_of
from tests.main.computer import Computer, set_up
from tests.vendors import certificates
from vendors.officepro.sandbox import open_sandbox
from vendors.officepro.sandbox.sandbox import OfficeProSandbox
from vendors.sandboxkit.plan import Plan

TOPICS = (Topic.PROVIDERS, Topic.VISIT_TYPES, Topic.OPEN_SLOTS)


class Place:
    """One computer connected to one simulator, everything read once."""

    def __init__(self, computer: Computer, sandbox: OfficeProSandbox) -> None:
        self.computer, self.sandbox = computer, sandbox
        self.house: House
        self.rosa: Actor
        self.connection_id = ""

    async def open(self) -> None:
        self.house, _ = await self.computer.open()

    async def faults(self, spec: str) -> None:
        await self.sandbox.actions["faults"]({"spec": spec})

    async def booked(self) -> list[dict[str, Any]]:
        told = await self.sandbox.actions["ledger"]({})
        return [each for each in told["writes"] if each["operation"] == "book_visit" and each["effect"]]

    async def slot(self, at: int) -> FoundSlot:
        found = await self.house.desk.slots.find(self.rosa, SlotSearch(visit_type="Follow-up", minutes=30))
        return [slot for day in found.days[1:] for row in day.rows for slot in row.times][at]

    async def draft(self, patient_id: str = "", at: int = 0) -> BookingDraft:
        slot = await self.slot(at)
        if not patient_id:
            patient_id = (await self.house.store.read(patients.search, "fennimore mari"))[0].local_id
        return BookingDraft(
            provider_id=slot.provider_id,
            day=slot.day,
            start_minute=slot.start_minute,
            minutes=slot.minutes,
            visit_type="Follow-up",
            patient_id=patient_id,
            window_patient_id=patient_id,
        )

    async def confirmed(self, job_id: str) -> None:
        async with asyncio.timeout(60):
            while True:
                job = await self.house.store.read(outbox.get, job_id)
                assert job is not None
                if job.state is JobState.CONFIRMED:
                    return
                assert job.state is not JobState.NEEDS_PERSON, job.waiting_for
                await asyncio.sleep(0.02)

    async def book(self, plan: BookingPlan) -> None:
        await self.confirmed((await self.house.desk.booking.book(self.rosa, plan))[-1])


@pytest.fixture
async def sandbox() -> AsyncIterator[OfficeProSandbox]:
    made = await open_sandbox(Plan(now=MORNING))
    yield made
    await made.close()


async def _furnished(place: Place) -> None:
    await place.open()
    place.rosa = await set_up(place.house, place.sandbox)
    (connection,) = await place.house.store.read(connections.listed)
    place.connection_id = connection.connection_id
    await place.house.connect.live.sync_now(place.connection_id, TOPICS)


@pytest.fixture
async def place(tmp_path: Path, sandbox: OfficeProSandbox) -> AsyncIterator[Place]:
    made = Place(Computer(tmp_path / "desk", MemoryKeyRing()), sandbox)
    await _furnished(made)
    yield made
    await made.house.close()


def told_well(error: DaybookError, happened: str) -> None:
    """What happened, what it means and what to do next are all there, and in one short sentence each."""
    assert happened in error.happened, error.happened
    assert error.means, "it does not say what it means"
    assert error.next_steps, "it does not say what to do next"
    for words in (error.happened, error.means, *error.next_steps):
        assert len(words) < 260 and words[-1] in ".!?…”", words
        assert "Traceback" not in words and "Error" not in words


# ---------------------------------------------------------------- connecting


async def _nothing(sandbox: OfficeProSandbox) -> dict[str, Any]:
    return {}


def _faulty(spec: str) -> Callable[[OfficeProSandbox], Awaitable[dict[str, Any]]]:
    async def make(sandbox: OfficeProSandbox) -> dict[str, Any]:
        await sandbox.actions["faults"]({"spec": spec})
        return {}

    return make


def _with(**changes: Any) -> Callable[[OfficeProSandbox], Awaitable[dict[str, Any]]]:
    async def make(sandbox: OfficeProSandbox) -> dict[str, Any]:
        return changes

    return make


def _closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


CONNECTING: dict[str, tuple[Callable[[OfficeProSandbox], Awaitable[dict[str, Any]]], str]] = {
    "wrong key": (_with(secrets={"api_key": "not-the-key"}), "OfficePro does not accept"),
    "wrong tenant": (_with(tenant="SomebodyElse"), "OfficePro"),
    "no network": (_with(base_urls={"api": _closed_port()}), "OfficePro could not be reached"),
    "no such name": (_with(base_urls={"api": "https://officepro.invalid"}), "The address of OfficePro was not found"),
    "5xx": (_faulty("fail=503"), "OfficePro has a problem of its own"),
    "HTML instead of JSON": (_faulty("html"), "a web page instead of data"),
    "50 MB body": (_faulty("huge=50"), "more than"),
    "half of the JSON": (_faulty("malformed"), "broken or cut off"),
    "nothing at all": (_faulty("empty"), "answered with nothing at all"),
}


@pytest.mark.parametrize("what", CONNECTING)
async def test_a_system_that_cannot_be_connected_is_told_and_nothing_is_kept(
    what: str, tmp_path: Path, sandbox: OfficeProSandbox
) -> None:
    house, _ = await Computer(tmp_path / "desk", MemoryKeyRing()).open()
    rosa = await house.accounts.first_admin("Rosa Mallow", "rosa", "a quiet morning")
    make, words = CONNECTING[what]
    changes = await make(sandbox)
    with pytest.raises(DaybookError) as told:
        await house.connect.connections.add(form_of(sandbox, **changes), rosa)
    told_well(told.value, words)
    assert await house.store.read(connections.listed) == []
    await sandbox.actions["faults"]({"clear": True})
    assert (await house.connect.connections.add(form_of(sandbox), rosa)).name == "OfficePro"
    await house.close()


async def test_a_certificate_that_is_not_trusted(tmp_path: Path, sandbox: OfficeProSandbox) -> None:
    authority = certificates.make(tmp_path)
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(1000))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=authority.server)
    port = server.sockets[0].getsockname()[1]
    house, _ = await Computer(tmp_path / "desk", MemoryKeyRing()).open()
    rosa = await house.accounts.first_admin("Rosa Mallow", "rosa", "a quiet morning")
    with pytest.raises(DaybookError) as told:
        await house.connect.connections.add(form_of(sandbox, base_urls={"api": f"https://127.0.0.1:{port}"}), rosa)
    told_well(told.value, "could not verify that it talks to OfficePro")
    assert [each for each in asked if each] == [], "the key was not sent"
    await house.close()
    server.close()
    await server.wait_closed()


# ---------------------------------------------------------------- while at work


AT_WORK = {
    "5xx": ("fail=503", "OfficePro has a problem of its own"),
    "HTML instead of JSON": ("html", "a web page instead of data"),
    "50 MB body": ("huge=50", "more than"),
    "half of the JSON": ("malformed", "broken or cut off"),
    "no answer": ("drop_before", "OfficePro"),
}


async def test_a_system_that_fails_at_work_loses_nothing(place: Place) -> None:
    for at, (spec, words) in enumerate(AT_WORK.values()):
        await _fails_and_is_well_again(place, spec, words, at)


async def _fails_and_is_well_again(place: Place, spec: str, words: str, at: int) -> None:
    house, rosa = place.house, place.rosa
    day = house.clock.now().date()
    draft = await place.draft(at=at * 9)
    before = [row.vendor_id for row in await house.store.read(visits.on_day, day)]
    people = await house.store.read(patients.count)
    await place.faults(spec)
    with pytest.raises(DaybookError) as told:
        await house.connect.live.sync_now(place.connection_id, [Topic.VISIT_TYPES])
    told_well(told.value, words)
    assert [row.vendor_id for row in await house.store.read(visits.on_day, day)] == before
    assert await house.store.read(patients.count) >= people
    # Days, patients and free times are still there to read; a booking is weighed and says it could not be checked.
    assert any(column.column.visits for column in (await house.desk.schedule.day(rosa, day)).columns)
    plan = await house.desk.booking.prepare(rosa, draft)
    assert plan.slot.verdict is Verdict.FAILED
    assert WarningKind.NO_LIVE_CHECK in {warning.kind for warning in plan.warnings}
    (connection,) = await house.store.read(connections.listed)
    assert connection.state_words
    assert len(await place.booked()) == at
    # And it goes on by itself once the system is well again.
    await place.sandbox.actions["faults"]({"clear": True})
    await house.connect.live.sync_now(place.connection_id, [Topic.VISIT_TYPES])
    again = msgspec.structs.replace(draft, accepted=frozenset({WarningKind.SAME_PATIENT_OVERLAP}))
    await place.book(await house.desk.booking.prepare(rosa, again))
    assert len(await place.booked()) == at + 1


# ---------------------------------------------------------------- names


NAMES = {
    "markup": "<b>x</b>",
    "script": "<script>alert(1)</script>",
    "right to left override": "Moss\u202ednaloR",
    "right to left letters": "\u05db\u05d4\u05df",
    "emoji": "Fern \U0001f33f\U0001f469\u200d\U0001f680",
    "300 characters": "Ab" * 150,
    "line breaks": "Moss\r\nX-Evil: 1",
    "quotes": "O'Brien\"; DROP TABLE patients; --",
    "stacked marks": "M" + "\u0301" * 40 + "oss",
}


async def test_names_of_any_kind_are_kept_whole_and_shown_harmless(place: Place) -> None:
    house, rosa, names = place.house, place.rosa, list(NAMES.values())
    people = [
        Patient(first_name=f"Zelda{'abcdefghi'[at]}", last_name=name, phone=f"(312) 999-010{at}")
        for at, name in enumerate(names)
    ]
    made = [await house.desk.patients.create(rosa, place.connection_id, person) for person in people]
    await asyncio.gather(*map(place.confirmed, made))
    rows = [(await house.store.read(patients.search, person.first_name))[0] for person in people]
    assert [row.last_name for row in rows] == names, "kept whole, to the letter"
    plans = [
        await house.desk.booking.prepare(rosa, await place.draft(row.local_id, at=at * 9))
        for at, row in enumerate(rows)
    ]
    await asyncio.gather(*map(place.book, plans))
    for row, plan, job_id in zip(rows, plans, made, strict=True):
        day = await house.desk.schedule.day(rosa, plan.draft.day)
        blocks = [block for column in day.columns for block in column.column.visits]
        titles = [block.title for block in blocks if block.visit.patient_id == row.local_id]
        assert titles == [shown(row.full_name())]
        for words in (*titles, plan.sentence, *(warning.words for warning in plan.warnings)):
            assert not set(words) & set("\u202a\u202b\u202d\u202e\r\n")
            assert len(words) <= 200
        job = await house.store.read(outbox.get, job_id)
        assert job is not None
        assert all(row.last_name not in words for words in (job.summary, *(event.words for event in job.history)))


# ---------------------------------------------------------------- the store


async def _newer(house: House) -> None:
    await house.store.maintain(lambda connection: connection.execute("PRAGMA user_version = 9999"))


async def _no_change(house: House) -> None:
    """The file is spoilt after it was closed."""


def _spoil_head(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[:4096] = bytes(4096)
    file.write_bytes(bytes(raw))


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _leave(file: Path) -> None:
    """Nothing more."""


STORES: dict[str, tuple[Callable[[House], Awaitable[None]], Callable[[Path], None], str]] = {
    "newer": (_newer, _leave, "This store was written by a newer Daybook."),
    "first page damaged": (_no_change, _spoil_head, "The store did not open with this key."),
    "cut": (_no_change, _cut, "The store"),
}


@pytest.mark.parametrize("what", STORES)
async def test_a_store_that_does_not_open_is_told_and_left_as_it_is(what: str, place: Place) -> None:
    change, spoil, words = STORES[what]
    await change(place.house)
    await place.house.close()
    file = place.computer.folder / "daybook.store"
    spoil(file)
    before = file.read_bytes()
    with pytest.raises(StoreError) as told:
        await place.computer.open()
    told_well(told.value, words)
    assert file.read_bytes() == before, "what is left must not be touched: support may save it"


async def test_a_full_disk_sends_nothing_and_goes_on_with_space(place: Place) -> None:
    house, rosa = place.house, place.rosa
    plan = await house.desk.booking.prepare(rosa, await place.draft())

    def fill(connection: Any) -> None:
        connection.execute("VACUUM")
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    house.connect.connections.pause_all(True)
    await house.store.maintain(fill)
    big = msgspec.structs.replace(plan.draft, reason="A long story. " * 20_000)
    with pytest.raises(StoreError) as told:
        await house.desk.booking.book(rosa, await house.desk.booking.prepare(rosa, big))
    told_well(told.value, "The disk is full.")
    assert await house.store.read(outbox.listed) == []
    assert await place.booked() == []
    await house.store.maintain(lambda connection: connection.execute("PRAGMA max_page_count = 4294967294"))
    await place.book(plan)
    assert len(await place.booked()) == 1
    assert (await house.prove_audit()).whole


async def test_a_clock_set_back_loses_nothing(tmp_path: Path, sandbox: OfficeProSandbox) -> None:
    clock = FixedClock(MORNING)
    place = Place(Computer(tmp_path / "desk", MemoryKeyRing(), clock=clock), sandbox)
    await _furnished(place)
    house, rosa = place.house, place.rosa
    await place.book(await house.desk.booking.prepare(rosa, await place.draft()))
    clock.set_wall(MORNING - timedelta(days=3))
    await place.book(await house.desk.booking.prepare(rosa, await place.draft(at=9)))
    assert len(await place.booked()) == 2
    assert await house.store.read(providers.listed)
    assert (await house.prove_audit()).whole
    await house.close()
    again, _ = await place.computer.open()
    assert (await again.prove_audit()).whole
    assert len(await again.store.read(outbox.listed)) == 2
    assert (await again.accounts.sign_in("rosa", "a quiet morning")).full_name == "Rosa Mallow"
    await again.close()
