"""Each capability on its own pages: Practice Mate and Service Center, read and written."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from app.model.errors import BadInput, NotFound, VendorRejected
from app.model.money import Money
from app.model.people import Address, Patient
from app.model.schedule import VisitStatus
from tests.vendors.officeally.web import TODAY, WAYS, WebDesk
from vendors.contract import Payment
from vendors.officeally.pages import appointments

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

#: Every adapter finds a session that holds.
SIGNED_IN = True


# --- Practice Mate ---------------------------------------------------------------------------------------------------


async def test_providers_and_visits(stage: WebDesk) -> None:
    async with stage.adapter() as office:
        providers = await office.providers()
        assert all(one.value.name and one.connection_id == "connection-1" for one in providers)
        assert await office.provider(providers[0].vendor_id) == providers[0]
        with pytest.raises(NotFound):
            await office.provider("424242")
        who = providers[0].vendor_id
        found = await office.visits(who, date(2026, 3, 9), date(2026, 3, 11))
        blocked = await office.visits(who, TODAY, TODAY, "Blocked")
        assert await office.visits(who, date(2026, 3, 15), date(2026, 3, 15)) == []
        with pytest.raises(NotFound):
            await office.visits("424242", TODAY, TODAY)
        for start, end in ((date(2026, 3, 11), date(2026, 3, 9)), (date(2026, 1, 1), date(2026, 3, 9))):
            with pytest.raises(BadInput):
                await office.visits(who, start, end)
    assert {one.value.day for one in found} == {date(2026, 3, 9), TODAY, date(2026, 3, 11)}
    assert {one.value.provider_vendor_id for one in found} == {who}
    times = [(one.value.day, one.value.start) for one in found]
    assert times == sorted(times)
    assert len({one.vendor_id for one in found}) == len(found)
    assert blocked
    assert all(one.value.is_block and not one.value.patient_name for one in blocked)
    assert not any(one.value.patient_vendor_id for one in blocked)
    assert all(one.value.patient_name for one in found if not one.value.is_block)
    booked = stage.rows("SELECT id, patient_id FROM appointments WHERE provider_id = ? AND day = '2026-03-10'", who)
    patients = {
        one.vendor_id: one.value.patient_vendor_id
        for one in found
        if one.value.day == TODAY and one.value.visit_type != "Blocked"
    }
    assert patients == {str(row["id"]): str(row["patient_id"]) for row in booked}


@pytest.mark.parametrize("shows_all", [True, False])
async def test_the_visits_of_all_providers(stage: WebDesk, monkeypatch: pytest.MonkeyPatch, shows_all: bool) -> None:
    """In one page a day where the portal shows all at once, and one by one where it does not: never only some."""
    if not shows_all:
        monkeypatch.setattr(appointments, "_EVERYBODY", frozenset())
    async with stage.adapter() as office:
        providers = [one.vendor_id for one in await office.providers()]
        apart = [one for who in providers for one in await office.visits(who, TODAY, date(2026, 3, 11))]
        before = await stage.requests("appointments_day")
        found = await office.visits("", TODAY, date(2026, 3, 11))
        turned = await stage.requests("appointments_day") - before
    assert len(providers) > 1
    assert {one.vendor_id for one in found} == {one.vendor_id for one in apart}
    assert len(found) == len(apart)
    assert turned <= 2 if shows_all else turned >= len(providers)


async def test_checking_in(stage: WebDesk) -> None:
    visit = (await WAYS["check_in"].wish(stage)).record
    async with stage.adapter() as office:
        with pytest.raises(VendorRejected):
            await office.change_visit_status(visit, VisitStatus.NO_SHOW)
        arrived = await office.change_visit_status(visit, VisitStatus.ARRIVED)
        assert (arrived.vendor_id, arrived.value.status) == (visit, VisitStatus.ARRIVED)
        assert arrived.value.provider_vendor_id
        with pytest.raises(VendorRejected, match="already"):
            await office.change_visit_status(visit, VisitStatus.ARRIVED)
        with pytest.raises(NotFound):
            await office.change_visit_status("99999999", VisitStatus.ARRIVED)
    assert [one["effect"]["appointment_id"] for one in await stage.writes("check_in")] == [visit]


async def test_patients_are_found_to_the_last_page(stage: WebDesk) -> None:
    stage.rows("DELETE FROM patients WHERE id > 1120")
    found: list[str] = []
    async with stage.adapter() as office:
        place, parts = "", 0
        while parts == 0 or place:
            page = await office.search_patients(page=place)
            found += [one.vendor_id for one in page.items]
            place, parts = page.next_page, parts + 1
        by_name = await office.search_patients("Fennimore, Marigold")
        by_birth = await office.search_patients("3/14/1984 fenn")
        nobody = await office.search_patients("zzzzqqq")
        leads = await office.search_patients(leads_only=True)
        beyond = await office.search_patients(page="99")
    assert parts == 3
    assert len(found) == len(set(found)) == page.total == stage.rows("SELECT count(*) AS n FROM patients")[0]["n"]
    assert [one.vendor_id for one in by_name.items] == [one.vendor_id for one in by_birth.items] == ["1001"]
    assert by_name.items[0].value.birth_date == date(1984, 3, 14)
    assert (nobody.items, nobody.next_page, leads.items, beyond.items) == ((), "", (), ())


JUNIA = Patient(
    first_name="Junia",
    last_name="Testwick",
    birth_date=date(1990, 2, 28),
    phone="(312) 555-0160",
    email="junia@mail.example",
    gender="f",
    address=Address(street="1 Quarry Road", unit="2", city="Larkspur Heights", state="IL", postal_code="60601"),
)


async def test_a_patient_made_found_changed(stage: WebDesk) -> None:
    async with stage.adapter() as office:
        made = await office.create_patient(JUNIA)
        changed = await office.update_patient(made.vendor_id, {"phone": "(312) 555-0161", "birth_date": "1990-02-27"})
        page = await office.search_patients("testwick")
        same = await office.update_patient(made.vendor_id, {"phone": "(312) 555-0161"})
    assert made.value.address == Address(
        street="1 Quarry Road 2", city="Larkspur Heights", state="IL", postal_code="60601"
    )
    assert (changed.value.phone, changed.value.birth_date) == ("(312) 555-0161", date(1990, 2, 27))
    assert changed.value.email == JUNIA.email
    assert [one.vendor_id for one in page.items] == [made.vendor_id]
    assert msgspec.structs.replace(same, as_of=changed.as_of) == changed
    assert [one["operation"] for one in (await stage.ledger())["writes"]] == ["save_patient"] * 2


_ODD = ("<b>x</b>", "\u202egnirts", "Zoë 🦉", "L" * 300, "O'Hara; DROP TABLE", "{{name}}", "a  b", "</script>")


async def test_odd_names_go_and_come_back(stage: WebDesk) -> None:
    async with stage.adapter() as office:
        for name in _ODD:
            made = await office.create_patient(msgspec.structs.replace(JUNIA, last_name=name))
            [row] = stage.rows("SELECT last FROM patients WHERE id = ?", made.vendor_id)
            assert row["last"] == name
            assert made.value.last_name == " ".join(name.split())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_name": "Two\nlines"}, "line break"),
        ({"last_name": "Tab\tstop"}, "line break"),
        ({"language": "Welsh"}, "no field for “language”"),
        ({"extra": {"MaidenName": "Moss"}}, "no field for “MaidenName”"),
    ],
)
async def test_what_cannot_be_written_is_refused_and_stops_nothing(
    stage: WebDesk, changes: dict[str, Any], words: str
) -> None:
    async with stage.adapter() as office:
        with pytest.raises(BadInput, match=words):
            await office.create_patient(msgspec.structs.replace(JUNIA, **changes))
        assert office.changed_pages() == ()
    assert (await stage.ledger())["writes"] == []


async def test_what_is_refused_tells_nothing_of_the_patient(stage: WebDesk) -> None:
    async with stage.adapter() as office:
        await office.create_patient(JUNIA)
        with pytest.raises(VendorRejected) as twin:
            await office.create_patient(msgspec.structs.replace(JUNIA, last_name="TESTWICK"))
        with pytest.raises(NotFound):
            await office.update_patient("99999999", {"phone": "1"})
    assert "exists" in twin.value.means
    for hidden in ("Testwick", "TESTWICK", "Junia", "1990"):
        assert hidden not in repr(twin.value.as_dict()) + twin.value.detail


async def test_coverage(stage: WebDesk) -> None:
    async with stage.adapter() as office:
        first, *_ = await office.coverage("1001")
        with pytest.raises(NotFound):
            await office.coverage("99999999")
        assert (first.vendor_id, first.value.rank, first.value.payer_id) == ("1001/1", 1, "BHH01")
        assert first.value.member_id
        who = first.value.insured_first_name, first.value.insured_last_name, first.value.insured_birth_date
        assert who == ("Marigold", "Fennimore", date(1984, 3, 14))
        assert first.value.copay is not None and first.value.copay.cents == 2500
        wish = await WAYS["new_policy"].wish(stage)
        await office.write(await office.plan(wish))
        second = (await office.coverage(wish.record.partition("/")[0]))[1]
    assert (second.vendor_id, second.value.member_id, second.value.starts) == (
        wish.record, "BHH00077", date(2026, 1, 1),
    )  # fmt: skip


async def test_posting(stage: WebDesk) -> None:
    wish = await WAYS["posting"].wish(stage)
    right = Payment(amount=Money.parse(wish.values["amount"]), received_on=TODAY, reference=wish.record)
    async with stage.adapter() as office:
        for wrong, error in (
            (msgspec.structs.replace(right, amount=Money.parse("0.01")), VendorRejected),
            (msgspec.structs.replace(right, reference="NONE"), NotFound),
        ):
            with pytest.raises(error):
                await office.post_payment(wrong)
        receipt = await office.post_payment(right)
        assert receipt.vendor_reference == wish.record
        with pytest.raises(BadInput):
            await office.post_payment(right)
    assert stage.rows("SELECT 1 FROM check_lines WHERE check_number = ? AND NOT posted", wish.record) == []
    assert len(await stage.writes("auto_post_proceed")) == 1


# --- Service Center --------------------------------------------------------------------------------------------------


async def test_enrollments_decide_what_may_be_sent(stage: WebDesk) -> None:
    async with stage.adapter() as office:
        found = await office.enrollments()
        board = await office.board()
    assert len(found) == stage.rows("SELECT count(*) AS n FROM enrollments")[0]["n"]
    assert {one.value.status_word for one in found} >= {"Approved", "Not started"}
    assert len(board.rows) == len(found)


async def test_payers_are_fetched_when_none_are_known(stage: WebDesk) -> None:
    async with stage.adapter() as office:
        listed = await office.payer_list()
        assert listed.find("BHH01", "270", 1)[0].entry.payer_id == "BLUEHERON-ELIG"
        assert await office.payer_list() == listed
        assert await stage.requests("payer_export") == 1
        await office.fetch_payer_list()
    assert await stage.requests("payer_export") == 2


async def test_today_is_the_practice_s(stage: WebDesk) -> None:
    """Late in the evening in Chicago it is tomorrow in Greenwich."""
    stage.clock.advance(12 * 3600)
    assert stage.clock.now().date() == date(2026, 3, 11)
    visit = (await WAYS["check_in"].wish(stage)).record
    async with stage.adapter() as office:
        plan = await office.plan(await WAYS["check_in"].wish(stage))
    assert (plan.record, plan.marks["day"]) == (visit, "2026-03-10")
