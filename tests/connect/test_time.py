"""What takes minutes in life: holding, backing off, growing old, clocks that jump. Time is moved, never slept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from app.model.capabilities import Capability, Standing
from app.model.connection import ConnectionState, Topic
from app.model.errors import (
    AuthExpired,
    DaybookError,
    Drifted,
    NeedsMfa,
    OutcomeUnknown,
    RateLimited,
    StoreError,
    Unreachable,
)
from app.model.outbox import JobState, PersonReason
from app.model.portal import CodeAnswerInput
from app.rules.outbox_jobs import result_of
from tests.connect.manual import MANIFEST, PaperDesk
from tests.connect.workplace import actor, eventually

#: Request time-out and margin of the usual settings: after this a lost write is read back.
SETTLED = 46.0 + 10.0


async def test_a_held_job_leaves_when_its_time_to_undo_is_over(desk: PaperDesk) -> None:
    job = desk.booking(hold=8.0)
    await desk.connect.outbox.submit([job], [])
    await desk.move(7.0)
    assert (await desk.job(job)).state is JobState.HELD
    await desk.move(1.5)
    await desk.until(job, JobState.CONFIRMED)


async def test_a_clock_set_back_delays_a_held_job_no_longer_than_meant(desk: PaperDesk) -> None:
    job = desk.booking(hold=8.0)
    await desk.connect.outbox.submit([job], [])
    await desk.move(1.0)
    desk.clock.set_wall(desk.clock.now() - timedelta(hours=3))
    await desk.move(9.0)
    await desk.until(job, JobState.CONFIRMED)


async def test_slowed_down_it_waits_as_long_as_it_was_asked_to(desk: PaperDesk) -> None:
    desk.paper.errors["book_visit"] = [RateLimited("Slow down.", retry_after=40.0)]
    job = desk.booking()
    await desk.connect.outbox.submit([job], [])
    await desk.until(job, JobState.QUEUED)

    async def asked_once() -> bool:
        return desk.paper.asked.count("book_visit") == 1 and (await desk.job(job)).waiting_for != ""

    await eventually(asked_once)
    await desk.move(30.0)
    assert desk.paper.asked.count("book_visit") == 1
    await desk.move(11.0)
    await desk.until(job, JobState.CONFIRMED)


async def test_without_a_network_it_waits_by_itself_and_after_ten_minutes_asks(desk: PaperDesk) -> None:
    desk.paper.errors["visits"] = [Unreachable("No network.", detail="ConnectError")] * 1000
    job = desk.booking()
    await desk.connect.outbox.submit([job], [])
    for _ in range(9):
        await desk.move(60.0)
        assert (await desk.job(job)).state is JobState.QUEUED
    assert await desk.state() is ConnectionState.OFFLINE
    await desk.move(61.0)
    stuck = await desk.until(job, JobState.NEEDS_PERSON)
    assert stuck.person_reason is PersonReason.TOO_LATE
    assert "book_visit" not in desk.paper.asked
    desk.paper.errors.clear()
    await desk.move(400.0)
    await desk.connect.outbox.answer(job.job_id, "retry", actor())
    await desk.until(job, JobState.CONFIRMED)


async def test_an_unclear_end_is_read_back_only_after_the_time_out(desk: PaperDesk) -> None:
    desk.paper.errors["book_visit_answer"] = [OutcomeUnknown("No answer.")]
    job = desk.booking()
    await desk.connect.outbox.submit([job], [])
    await desk.until(job, JobState.UNKNOWN)
    read = desk.paper.asked.count("visits")
    await desk.move(40.0)
    assert desk.paper.asked.count("visits") == read
    await desk.move(SETTLED - 40.0)
    asks = await desk.until(job, JobState.NEEDS_PERSON)
    assert asks.person_reason is PersonReason.MAYBE_DONE
    assert len(desk.paper.visits) == 1


async def test_of_two_alike_only_one_can_be_the_visit(desk: PaperDesk) -> None:
    desk.paper.errors["book_visit_answer"] = [OutcomeUnknown("No answer.")]
    first, second = desk.booking(), desk.booking()
    await desk.connect.outbox.submit([first], [])
    await desk.until(first, JobState.UNKNOWN)
    await desk.move(SETTLED)
    await desk.until(first, JobState.NEEDS_PERSON)
    desk.paper.errors["book_visit"] = [OutcomeUnknown("No answer.")]
    await desk.connect.outbox.submit([second], [])
    await desk.until(second, JobState.UNKNOWN)
    desk.paper.visits["777"] = next(iter(desk.paper.visits.values()))
    await desk.move(SETTLED)
    await desk.until(second, JobState.NEEDS_PERSON)
    await desk.connect.outbox.answer(second.job_id, "yes:777", actor())
    await desk.connect.outbox.retry(first.job_id, actor())
    await desk.move(1.0)
    await desk.until(first, JobState.NEEDS_PERSON)
    keys = [choice.key for choice in (await desk.job(first)).choices]
    assert "yes:777" not in keys
    assert keys[0] == "yes:501"


async def test_an_outcome_the_store_cannot_take_is_not_forgotten(
    desk: PaperDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk between the vendor's yes and our note of it."""
    real = desk.store.write
    full = False

    async def fill() -> None:
        nonlocal full
        full = True

    async def write(fn: Any, *args: Any, **more: Any) -> Any:
        if full:
            raise StoreError("The disk is full.")
        return await real(fn, *args, **more)

    monkeypatch.setattr(desk.store, "write", write)
    desk.paper.after_booking = fill
    job = desk.booking()
    await desk.connect.outbox.submit([job], [])

    async def booked() -> bool:
        return bool(desk.paper.visits)

    await eventually(booked)
    await desk.move(1.0)
    assert (await desk.job(job)).state is JobState.SENDING
    full = False
    await desk.move(3.0)
    done = await desk.until(job, JobState.CONFIRMED)
    assert result_of(done).vendor_id == "501"


async def test_an_outcome_never_written_is_read_back(desk: PaperDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = desk.store.write
    full = False

    async def fill() -> None:
        nonlocal full
        full = True

    async def write(fn: Any, *args: Any, **more: Any) -> Any:
        if full:
            raise StoreError("The disk is full.")
        return await real(fn, *args, **more)

    monkeypatch.setattr(desk.store, "write", write)
    desk.paper.after_booking = fill
    job = desk.booking()
    await desk.connect.outbox.submit([job], [])
    for _ in range(12):
        await desk.move(3.0)
    assert (await desk.job(job)).state is JobState.SENDING
    full = False
    for _ in range(4):
        await desk.move(SETTLED)
    asks = await desk.until(job, JobState.NEEDS_PERSON)
    assert asks.person_reason is PersonReason.MAYBE_DONE


async def test_a_fault_of_ours_after_the_wire_is_an_unclear_end(desk: PaperDesk) -> None:
    desk.paper.errors["book_visit_answer"] = [ZeroDivisionError()]
    job = desk.booking()
    await desk.connect.outbox.submit([job], [])
    await desk.until(job, JobState.UNKNOWN)


async def test_a_vendor_that_shows_no_schedule_leaves_it_to_a_person(desk: PaperDesk) -> None:
    offers = tuple(
        msgspec.structs.replace(offer, standing=Standing.NOT_OFFERED)
        if offer.capability is Capability.READ_SCHEDULE
        else offer
        for offer in MANIFEST.offers
    )
    desk.paper.manifest_ = msgspec.structs.replace(MANIFEST, offers=offers)
    link = await desk.connect._links.open(desk.connection)
    assert Topic.VISITS not in link.sync.refreshers
    desk.paper.errors["book_visit_answer"] = [OutcomeUnknown("No answer.")]
    job = desk.booking()
    await desk.connect.outbox.submit([job], [])
    await desk.until(job, JobState.UNKNOWN)
    await desk.move(SETTLED)
    asks = await desk.until(job, JobState.NEEDS_PERSON)
    assert [choice.key for choice in asks.choices] == ["retry", "done", "not_done"]
    await desk.connect.outbox.answer(job.job_id, "done", actor())
    assert (await desk.job(job)).state is JobState.CONFIRMED


async def test_a_look_that_drifts_asks_and_never_sends(desk: PaperDesk) -> None:
    desk.paper.errors["book_visit"] = [OutcomeUnknown("No answer.")]
    job = desk.booking()
    await desk.connect.outbox.submit([job], [])
    await desk.until(job, JobState.UNKNOWN)
    desk.paper.errors["visits"] = [Drifted("Another shape.")]
    await desk.move(SETTLED)
    asks = await desk.until(job, JobState.NEEDS_PERSON)
    assert asks.person_reason is PersonReason.DRIFTED
    await desk.connect.outbox.answer(job.job_id, "retry", actor())
    await desk.until(job, JobState.CONFIRMED)
    assert desk.paper.asked.count("book_visit") == 2


async def test_a_code_is_asked_for_shown_and_passed_on(desk: PaperDesk) -> None:
    desk.paper.code = "123456"
    desk.paper.errors["visits"] = [AuthExpired("The session ended.")]
    job = desk.booking()
    await desk.connect.outbox.submit([job], [])

    async def asked() -> bool:
        return await desk.state() is ConnectionState.NEEDS_CODE

    await eventually(asked)
    other = desk.booking(day=13)
    await desk.connect.outbox.submit([other], [])
    waiting = await desk.until(other, JobState.NEEDS_PERSON)
    assert waiting.person_reason is PersonReason.MFA
    await desk.connect.connections.give_code(desk.connection.connection_id, CodeAnswerInput(code="123456"), actor())
    await desk.until(job, JobState.CONFIRMED)
    assert await desk.state() is ConnectionState.HEALTHY


async def test_a_session_is_renewed_before_it_ends(desk: PaperDesk) -> None:
    desk.paper.expires_at = desk.clock.now() + timedelta(minutes=30)
    session = desk.connect._links.get(desk.connection.connection_id).session
    session._sides[""].info = None
    await desk.connect.live.sync_now(desk.connection.connection_id, [Topic.PROVIDERS])
    signed_in = desk.paper.asked.count("sign_in")
    await session.keep()
    assert desk.paper.asked.count("sign_in") == signed_in
    desk.clock.advance(28 * 60)
    desk.paper.expires_at = desk.clock.now() + timedelta(minutes=30)
    await session.keep()
    assert desk.paper.asked.count("sign_in") == signed_in + 1
    assert await desk.state() is ConnectionState.HEALTHY


async def test_an_ended_session_that_wants_a_code_is_not_a_wrong_password(desk: PaperDesk) -> None:
    desk.paper.errors["providers"] = [AuthExpired("The session ended.")]
    desk.paper.errors["sign_in"] = [NeedsMfa("A code is wanted.")]
    with pytest.raises(DaybookError):
        await desk.connect.live.sync_now(desk.connection.connection_id, [Topic.PROVIDERS])
    assert await desk.state() is ConnectionState.NEEDS_CODE


async def test_the_pace_follows_who_looks_and_what_is_left(desk: PaperDesk) -> None:
    sync = desk.connect._links.get(desk.connection.connection_id).sync
    assert sync.pace(Topic.VISITS) == 5.0  # Nothing was read yet.
    await desk.connect.live.sync_now(desk.connection.connection_id, [Topic.VISITS])
    assert sync.pace(Topic.VISITS) == 300.0
    stop = desk.connect.live.watch(Topic.VISITS, [date(2026, 3, 12)])
    assert sync.pace(Topic.VISITS) == 30.0
    stop()
    assert sync.pace(Topic.VISITS) == 300.0
