"""Patients: searched to the last page, created once, changed exactly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any, ClassVar

import pytest

from app.model.errors import BadInput, NotFound, OutcomeUnknown, VendorRejected
from app.model.people import Address, Patient
from tests.vendors.stage import Stage, stage

ODD_NAMES = ("<b>x</b>", "\u202egnirts", "Zoë 🦉", "L" * 300, "O'Hara; DROP TABLE", "{{name}}", "a\tb")


class PeopleContract:
    """The simulator's practice is the cast's: Marigold Fennimore, born 1984, is in it."""

    vendor: ClassVar[str]

    @pytest.fixture
    async def stage(self) -> AsyncIterator[Stage]:
        async with stage(self.vendor) as running:
            yield running

    async def test_search_finds_the_cast(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            page = await adapter.search_patients("fenn")
        names = {sourced.value.full_name() for sourced in page.items}
        assert {"Marigold Fennimore", "Tobias Fennwick", "Lark Fennimore"} <= names
        marigold = next(sourced.value for sourced in page.items if sourced.value.first_name == "Marigold")
        assert marigold.birth_date == date(1984, 3, 14)
        assert marigold.phone == "(312) 555-0147"

    async def test_nobody_found(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            page = await adapter.search_patients("zzzzqqq")
        assert (page.items, page.next_page) == ((), "")

    @pytest.mark.parametrize("limit", [0, 150, 1000])
    async def test_pages_miss_nobody(self, stage: Stage, limit: int) -> None:
        found: list[str] = []
        place, pages = "", 0
        async with stage.adapter() as adapter:
            while pages == 0 or place:
                page = await adapter.search_patients(page=place, limit=limit)
                found += [sourced.vendor_id for sourced in page.items]
                place, pages = page.next_page, pages + 1
                assert pages < 100
        assert len(found) == len(set(found)) == 4218

    async def test_leads_only(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            page = await adapter.search_patients(leads_only=True)
        assert page.items
        assert all(sourced.value.is_lead for sourced in page.items)

    async def test_create_then_find_then_change(self, stage: Stage) -> None:
        patient = Patient(
            first_name="Junia",
            last_name="Testwick",
            birth_date=date(1990, 2, 28),
            phone="(312) 555-0160",
            email="junia@mail.example",
            gender="f",
            address=Address(street="1 Quarry Road", city="Larkspur Heights", state="IL", postal_code="60601"),
        )
        async with stage.adapter() as adapter:
            created = await adapter.create_patient(patient)
            changed = await adapter.update_patient(
                created.vendor_id, {"phone": "(312) 555-0161", "unit": "2", "nick_name": "", "birth_date": "1990-02-27"}
            )
            page = await adapter.search_patients("testwick")
        assert created.value.full_name() == "Junia Testwick"
        assert changed.vendor_id == created.vendor_id
        [found] = [sourced.value for sourced in page.items]
        assert found.phone == changed.value.phone == "(312) 555-0161"
        assert found.birth_date == date(1990, 2, 27)
        assert found.email == patient.email
        assert found.address == Address(
            street="1 Quarry Road", unit="2", city="Larkspur Heights", state="IL", postal_code="60601"
        )
        assert [entry["operation"] for entry in (await stage.ledger())["writes"]] == [
            "create_patient",
            "update_patient",
        ]

    @pytest.mark.parametrize("name", ODD_NAMES)
    async def test_odd_names_go_and_come_back_as_they_are(self, stage: Stage, name: str) -> None:
        async with stage.adapter() as adapter:
            created = await adapter.create_patient(Patient(first_name="Odd", last_name=name))
            page = await adapter.search_patients("Odd")
        assert created.value.last_name == name
        assert [s.value.last_name for s in page.items if s.vendor_id == created.vendor_id] == [name]

    async def test_without_a_name_nothing_is_sent(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            with pytest.raises(BadInput):
                await adapter.create_patient(Patient(phone="(312) 555-0160"))
        assert (await stage.ledger())["requests"] == {}

    @pytest.mark.parametrize("changes", [{}, {"shoe_size": "44"}, {"birth_date": "yesterday"}])
    async def test_changes_that_cannot_be(self, stage: Stage, changes: dict[str, str]) -> None:
        async with stage.adapter() as adapter:
            with pytest.raises(BadInput):
                await adapter.update_patient("1001", changes)

    async def test_changing_nobody(self, stage: Stage) -> None:
        async with stage.adapter() as adapter:
            with pytest.raises(NotFound):
                await adapter.update_patient("99999999", {"phone": "(312) 555-0161"})

    @pytest.mark.parametrize("fault", ["drop_after", "fail_after=500", "malformed", "drift=id"])
    async def test_without_a_clear_answer_the_outcome_is_unknown(self, stage: Stage, fault: str) -> None:
        async with stage.adapter() as adapter:
            await adapter.sign_in()
            await stage.fail(f"{fault}@create_patient")
            with pytest.raises(OutcomeUnknown):
                await adapter.create_patient(Patient(first_name="Junia", last_name="Testwick"))
        assert len(await stage.writes("create_patient")) == 1

    async def test_refusals_hold_nothing_of_the_patient(self, stage: Stage) -> None:
        wrong: dict[str, Any] = {"first_name": "Junia", "last_name": "Testwick", "gender": "Junia Testwick"}
        async with stage.adapter() as adapter:
            with pytest.raises(VendorRejected) as caught:
                await adapter.create_patient(Patient(**wrong))
        text = repr(caught.value.as_dict()) + caught.value.detail
        assert "Testwick" not in text
