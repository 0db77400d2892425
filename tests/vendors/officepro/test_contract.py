"""OfficePro keeps the contract."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import date, time
from typing import Any

import msgspec
import pytest

from app.model.errors import OutcomeUnknown
from app.model.schedule import BookingRequest
from tests.contracts.connection import ConnectionContract
from tests.contracts.people import PeopleContract
from tests.contracts.schedule import ScheduleContract
from tests.vendors.stage import Stage

REQUEST = BookingRequest(
    patient_vendor_id="1001",
    provider_vendor_id="2",
    visit_type="Consult",
    day=date(2026, 3, 12),
    start=time(10),
    minutes=30,
    reason="Follow-up",
    notes="Booked by Daybook K7P2QX",
    provider_start=time(10),
    provider_minutes=30,
)


class TestConnection(ConnectionContract):
    vendor = "officepro"
    read_name = "providers"
    secret = "api_key"
    limited_secret = "read_only_api_key"

    @staticmethod
    def read(adapter: Any) -> Awaitable[Any]:
        found: Awaitable[Any] = adapter.providers()
        return found


class TestSchedule(ScheduleContract):
    vendor = "officepro"
    request = REQUEST

    async def test_the_document_s_own_booking(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            booked = await adapter.book_visit(REQUEST)
        assert booked.room == "102"
        assert booked.request == REQUEST
        [entry] = await stage.writes("book_visit")
        assert entry["body"] == {
            "PatientID": 1001,
            "ProviderID": 2,
            "VisitType": "Consult",
            "VisitDate": "2026-03-12",
            "VisitTime": "10:00:00",
            "VisitDuration": 30,
            "VisitComplaint": "Follow-up",
            "ProviderTime": "10:00:00",
            "ProviderDuration": 30,
            "VisitNotes": "Booked by Daybook K7P2QX",
        }

    @pytest.mark.parametrize(
        "fault",
        ["drift=VisitID", "drift=data", "drift=VisitTime", "alter=PatientID", "alter=ProviderID", "alter=VisitType",
         "alter=VisitDate", "alter=VisitTime", "alter=VisitDuration", "alter=ProviderTime", "alter=ProviderDuration"],
    )  # fmt: skip
    async def test_an_echo_that_differs_is_no_success(self, stage: Stage, fault: str) -> None:
        async with stage.adapter() as adapter:
            await stage.fail(f"{fault}@book_visit")
            with pytest.raises(OutcomeUnknown) as caught:
                await adapter.book_visit(REQUEST)
        assert fault.partition("=")[2] in caught.value.detail.replace("VisitID", "VisitID data")
        assert len(await stage.writes("book_visit")) == 1

    async def test_only_what_says_something_is_sent(self, stage: Stage) -> None:
        bare = msgspec.structs.replace(REQUEST, reason="", notes="", provider_start=None, provider_minutes=0)
        async with stage.adapter() as adapter:
            booked = await adapter.book_visit(bare)
        [entry] = await stage.writes("book_visit")
        assert set(entry["body"]) == {
            "PatientID", "ProviderID", "VisitType", "VisitDate", "VisitTime", "VisitDuration",
        }  # fmt: skip
        assert booked.request.provider_minutes == 30

    async def test_a_type_written_as_a_code(self, stage: Stage) -> None:
        await stage.sandbox.actions["switches"]({"type_codes": True})
        async with stage.adapter() as adapter:
            found = await adapter.visits("2", date(2026, 3, 10), date(2026, 3, 10))
        assert "FOLLOWUP" in {sourced.value.visit_type for sourced in found}


class TestPeople(PeopleContract):
    vendor = "officepro"

    async def test_bare_lists(self, stage: Stage) -> None:
        await stage.sandbox.actions["switches"]({"bare_lists": True})
        await self.test_pages_miss_nobody(stage, 100)
        async with stage.adapter() as adapter:
            assert len(await adapter.providers()) == 6
