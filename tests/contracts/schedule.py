"""Providers, schedules, slots and bookings: what the front desk lives by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, time
from typing import ClassVar

import msgspec
import pytest

from app.model.errors import (
    BadInput,
    Drifted,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    SlotTaken,
    Unreachable,
    VendorRejected,
)
from app.model.schedule import BookingRequest, Slot
from tests.vendors.stage import QUICK, Stage, stage, timing_for

DAY = date(2026, 3, 12)


class ScheduleContract:
    """``request`` is a booking that the simulator's practice has room for."""

    vendor: ClassVar[str]
    request: ClassVar[BookingRequest]

    @pytest.fixture
    async def stage(self) -> AsyncIterator[Stage]:
        async with stage(self.vendor) as running:
            yield running

    def slot(self) -> Slot:
        return Slot(
            provider_vendor_id=self.request.provider_vendor_id,
            day=self.request.day,
            start=self.request.start,
            minutes=self.request.minutes,
        )

    # --- reading -----------------------------------------------------------------------------------------------------

    async def test_providers(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            found = await adapter.providers()
            one = await adapter.provider(found[0].vendor_id)
        assert len(found) >= 6
        assert all(sourced.value.active and sourced.value.name for sourced in found)
        assert one == found[0]
        assert one.connection_id == "connection-1"
        assert one.as_of == stage.clock.now()

    async def test_unknown_provider(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            with pytest.raises(NotFound):
                await adapter.provider("424242")

    async def test_visit_types(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            active = await adapter.visit_types()
            everything = await adapter.visit_types(include_inactive=True)
        assert self.request.visit_type in {kind.name for kind in active}
        assert len(everything) > len(active)
        assert all(kind.active for kind in active)

    async def test_visits_lie_in_the_days_asked_for_in_order(self, stage: Stage) -> None:
        start, end = date(2026, 3, 9), date(2026, 3, 13)
        async with stage.adapter() as adapter:
            found = await adapter.visits(self.request.provider_vendor_id, start, end)
            kinds = {sourced.value.visit_type for sourced in found}
            one_kind = await adapter.visits(self.request.provider_vendor_id, start, end, sorted(kinds)[0])
        assert found
        assert all(start <= sourced.value.day <= end for sourced in found)
        times = [(sourced.value.day, sourced.value.start) for sourced in found]
        assert times == sorted(times)
        assert {sourced.value.visit_type for sourced in one_kind} == {sorted(kinds)[0]}

    async def test_an_empty_schedule_is_empty(self, stage: Stage) -> None:
        sunday = date(2026, 3, 15)
        async with stage.adapter() as adapter:
            assert await adapter.visits(self.request.provider_vendor_id, sunday, sunday) == []
            assert await adapter.open_slots(self.request.provider_vendor_id, sunday, 30) == []

    async def test_days_the_wrong_way_round(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            with pytest.raises(BadInput):
                await adapter.visits(self.request.provider_vendor_id, date(2026, 3, 13), date(2026, 3, 9))
        assert (await stage.ledger())["requests"] == {}

    async def test_slots_agree_with_each_other(self, stage: Stage) -> None:
        slot = self.slot()
        async with stage.adapter() as adapter:
            open_slots = await adapter.open_slots(slot.provider_vendor_id, slot.day, slot.minutes)
            checks = [await adapter.check_slot(found) for found in open_slots]
            following = await adapter.next_slot(slot.provider_vendor_id, slot.minutes)
            taken = await adapter.visits(slot.provider_vendor_id, slot.day, slot.day)
            busy = await adapter.check_slot(msgspec.structs.replace(slot, start=taken[0].value.start))
        assert slot in open_slots
        assert open_slots == sorted(open_slots)
        assert all(check.available for check in checks)
        assert not busy.available
        assert following is not None
        assert following <= slot

    async def test_no_next_slot_is_none(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            assert await adapter.next_slot(self.request.provider_vendor_id, 700) is None

    @pytest.mark.parametrize("minutes", [0, -5, 100_000])
    async def test_lengths_that_are_none(self, stage: Stage, minutes: int) -> None:
        async with stage.adapter() as adapter:
            with pytest.raises(BadInput):
                await adapter.open_slots(self.request.provider_vendor_id, DAY, minutes)

    # --- booking -----------------------------------------------------------------------------------------------------

    async def test_a_booking_is_confirmed_and_shows(self, stage: Stage) -> None:
        request = self.request
        async with stage.adapter() as adapter:
            booked = await adapter.book_visit(request)
            visits = await adapter.visits(request.provider_vendor_id, request.day, request.day)
            check = await adapter.check_slot(self.slot())
        assert booked.visit_vendor_id
        mine = [sourced.value for sourced in visits if sourced.vendor_id == booked.visit_vendor_id]
        assert [(visit.start, visit.minutes, visit.visit_type) for visit in mine] == [
            (request.start, request.minutes, request.visit_type)
        ]
        assert not check.available
        writes = await stage.writes("book_visit")
        assert [entry["effect"] for entry in writes] == [{"visit_id": int(booked.visit_vendor_id)}]

    async def test_somebody_else_was_faster(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            assert (await adapter.check_slot(self.slot())).available
            await stage.fail("take*1@book_visit")
            with pytest.raises(SlotTaken) as caught:
                await adapter.book_visit(self.request)
        assert caught.value.happened.startswith("Not booked.")
        assert len(await stage.writes("book_visit")) == 1

    async def test_two_at_once_make_one_visit(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            results = await asyncio.gather(
                adapter.book_visit(self.request), adapter.book_visit(self.request), return_exceptions=True
            )
        assert sorted(type(result).__name__ for result in results) == ["BookedVisit", "SlotTaken"]

    async def test_nobody_of_that_number(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            with pytest.raises(NotFound):
                await adapter.book_visit(msgspec.structs.replace(self.request, patient_vendor_id="99999999"))

    async def test_no_such_type(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            with pytest.raises(VendorRejected):
                await adapter.book_visit(msgspec.structs.replace(self.request, visit_type="Moon landing"))

    @pytest.mark.parametrize(
        "fault",
        ["drop_before", "drop_after", "hang=2", "hang_after=2", "fail=500", "fail=503", "fail_after=502",
         "html", "malformed", "empty", "huge=50", "redirect"],
    )  # fmt: skip
    async def test_without_a_clear_answer_the_outcome_is_unknown(self, stage: Stage, fault: str) -> None:
        async with stage.adapter(timing=timing_for(fault)) as adapter:
            await adapter.sign_in()
            await stage.fail(f"{fault}@book_visit")
            with pytest.raises(OutcomeUnknown):
                await adapter.book_visit(self.request)
        assert len(await stage.writes("book_visit")) <= 1

    async def test_a_booking_that_was_not_sent(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await adapter.sign_in()
            await stage.sandbox.close()
            with pytest.raises(Unreachable):
                await adapter.book_visit(self.request)

    async def test_a_booking_is_not_repeated_when_told_to_wait(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await stage.fail("rate_limit=0.1*1@book_visit")
            with pytest.raises(RateLimited):
                await adapter.book_visit(self.request)
        assert [entry["status"] for entry in await stage.writes("book_visit")] == [429]

    async def test_an_ended_session_books_once(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await adapter.sign_in()
            await stage.fail("expire*1@book_visit")
            await adapter.book_visit(self.request)
        assert [entry["status"] for entry in await stage.writes("book_visit")] == [401, 200]

    async def test_the_whole_time_is_limited(self, stage: Stage) -> None:
        timing = msgspec.structs.replace(QUICK, whole_s=2.0, tries=1)
        async with stage.adapter(timing=timing) as adapter:
            await adapter.sign_in()
            await stage.fail("hang@book_visit")
            with pytest.raises(OutcomeUnknown):
                await adapter.book_visit(self.request)
            await stage.fail("hang@providers")
            with pytest.raises(Unreachable):
                await adapter.providers()

    async def test_drift_in_a_read_names_the_field(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            await stage.fail("drift=Available@check_slot")
            with pytest.raises(Drifted) as caught:
                await adapter.check_slot(self.slot())
        assert "Available" in caught.value.happened

    async def test_time_of_day_is_exact(self, stage: Stage) -> None:
        slot = msgspec.structs.replace(self.slot(), start=time(23, 59))
        async with stage.adapter() as adapter:
            check = await adapter.check_slot(slot)
        assert check.slot == slot
        assert not check.available
