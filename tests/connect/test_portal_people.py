"""People and web pages, through connect: codes while connecting, a changed page, watching, reading the practice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from app.model.accounts import Account, AuditAction, Role
from app.model.connection import ConnectionState, Topic
from app.model.errors import Drifted, NeedsMfa, WrongCredentials
from app.model.outbox import JobState, PersonReason
from app.model.people import Address
from app.model.portal import CodeAnswerInput, CodeRequest
from app.model.portal_writes import PortalOperation, WriteWish
from app.model.schedule import VisitStatus
from app.rules.outbox_jobs import result_of
from app.store import accounts, audit, enrollments, patients, providers, visits
from tests.connect.clearing import Clearinghouse, workplace
from tests.connect.workplace import actor, eventually
from tests.vendors.officeally import web
from tests.vendors.officeally.web import TODAY, OneSimulator, from_the_beginning, one_simulator

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ROSA = Account(account_id="rosa", user_name="rosa", full_name="Rosa Mallow", role=Role.ADMIN)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def simulator() -> AsyncIterator[OneSimulator]:
    async with one_simulator() as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def house(simulator: OneSimulator, tmp_path: Path) -> AsyncIterator[Clearinghouse]:
    async with from_the_beginning(simulator) as desk, workplace(desk, tmp_path) as place:
        await place.store.write(accounts.save, ROSA, "$argon2id$x")
        yield place


async def asked(house: Clearinghouse, *, refused: bool = False) -> CodeRequest:
    async def stands() -> bool:
        return any(each.refused is refused for each in house.office.portals.codes(actor()))

    await eventually(stands, why=lambda: "no code was asked for")
    [request] = house.office.portals.codes(actor())
    return request


async def sent(house: Clearinghouse, way: str) -> str:
    return str((await house.desk.act("codes"))[way][-1]["code"])


async def test_a_code_is_given_while_connecting_and_not_asked_for_again(house: Clearinghouse) -> None:
    portals, rosa = house.office.portals, actor()
    joining = asyncio.ensure_future(house.join(user="larkspur.all", without=("portal_totp",)))
    try:
        first = await asked(house)
        assert (first.system, first.practice, first.for_name) == (
            "Office Ally",
            "Larkspur Family Medicine",
            "Rosa Mallow",
        )
        assert set(first.methods) == {"sms", "email", "totp"}
        assert first.waiting == "Connecting Office Ally"
        await portals.give_code(rosa, first.connection_id, CodeAnswerInput(code="000000"))
        assert (await asked(house, refused=True)).method == first.method
        await portals.give_code(rosa, first.connection_id, CodeAnswerInput(send_by="email"))
        by_mail = await asked(house)
        assert by_mail.method == "email"
        await portals.give_code(rosa, first.connection_id, CodeAnswerInput(code=await sent(house, "email")))
        await asyncio.wait_for(joining, 60)
    finally:
        joining.cancel()
    # The browser is trusted now: the connection itself signs in without another code.
    await house.connect.live.sync_now(house.key, [Topic.PROVIDERS])
    assert portals.codes(rosa) == ()
    assert (await house.told()).state is ConnectionState.HEALTHY


async def test_nobody_gives_the_code_and_only_the_pages_wait(house: Clearinghouse) -> None:
    await house.join(user="larkspur.plain")
    # Another user, who needs a code: as if the portal had begun to ask for one.
    await house.desk.act("sign_out", devices=True)
    vault = house.connect._links.vault(house.connection)
    await vault.put("portal_user", "larkspur.sms")
    await house.connect._links.open(house.connection)
    reading = asyncio.ensure_future(house.connect.live.sync_now(house.key, [Topic.PROVIDERS]))
    request = await asked(house)
    assert request.method == "sms"
    # Meanwhile reports are read all the same.
    await house.connect.clearing.read_reports(house.key, actor())
    await house.office.portals.decline_code(actor(), house.key)
    with pytest.raises(NeedsMfa):
        await reading
    assert (await house.told()).state is ConnectionState.NEEDS_CODE
    before = len((await house.desk.act("codes"))["sms"])
    with pytest.raises(NeedsMfa):
        await house.connect.live.sync_now(house.key, [Topic.PROVIDERS])
    assert len((await house.desk.act("codes"))["sms"]) == before
    await house.connect.clearing.read_reports(house.key, actor())
    # A job waits for it, and goes on by itself once somebody gives the code.
    wish = await web.check_in(house.desk)
    with pytest.raises(NeedsMfa):
        await house.office.writes.plan(actor(), house.key, wish)
    await house.office.portals.give_code(actor(), house.key, CodeAnswerInput(send_by="sms"))
    await asked(house)
    await house.office.portals.give_code(actor(), house.key, CodeAnswerInput(code=await sent(house, "sms")))
    assert (await house.told()).state is ConnectionState.HEALTHY


async def test_a_wrong_password_is_tried_once(house: Clearinghouse) -> None:
    await house.join(user="larkspur.plain")
    await house.desk.act("sign_out", devices=True)
    before = await house.desk.requests("login")
    await house.connect._links.vault(house.connection).put("portal_password", "wrong")
    await house.connect._links.open(house.connection)
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            await house.connect.live.sync_now(house.key, [Topic.PROVIDERS])
    with pytest.raises(WrongCredentials):
        await house.connect.connections.check(house.key, actor())
    assert await house.desk.requests("login") == before + 1
    # The files are another sign-in: they are read all the same.
    await house.connect.clearing.read_reports(house.key, actor())
    assert (await house.told()).state is ConnectionState.WRONG_CREDENTIALS


async def test_a_changed_page_stops_writing_there_until_somebody_looked(house: Clearinghouse) -> None:
    await house.join()
    portals, rosa = house.office.portals, actor()
    values = {"cell_phone": "(312) 555-0199"}
    wish = WriteWish(operation=PortalOperation.SAVE_PATIENT, record="1001", values=values)
    plan = await house.office.writes.plan(rosa, house.key, wish)
    await house.desk.fail("relabel@edit_page")
    job_id = await house.office.writes.submit(rosa, house.key, wish, plan, hold_seconds=0)
    asks = await house.until(job_id, JobState.NEEDS_PERSON)
    assert asks.person_reason is PersonReason.DRIFTED
    assert [change.page for change in portals.changed_pages(rosa, house.key)] == ["Edit Patient"]
    [evidence, *_] = await portals.evidence(rosa, house.key)
    assert evidence.page == "Edit Patient"
    assert (await house.told()).state is ConnectionState.DRIFTED
    # What is unaffected goes on.
    check_in = await web.check_in(house.desk)
    other = await house.office.writes.submit(
        rosa, house.key, check_in, await house.office.writes.plan(rosa, house.key, check_in)
    )
    await house.until(other, JobState.CONFIRMED)
    await house.desk.act("faults", clear=True)
    await portals.lift(rosa, house.key, "Edit Patient")
    assert portals.changed_pages(rosa, house.key) == ()
    assert (await house.told()).state is ConnectionState.HEALTHY
    await house.office.jobs.retry(rosa, job_id)
    await house.until(job_id, JobState.CONFIRMED)
    assert await house.effects("save_patient") == 1
    lines = [line.subject for line in await house.store.read(audit.entries, action=AuditAction.CHANGE, limit=9)]
    assert "Writing on Office Ally's page “Edit Patient” allowed again" in lines


async def test_the_page_is_watched_and_that_is_remembered(house: Clearinghouse) -> None:
    await house.join()
    rosa = actor()
    view = await house.office.portals.watch(rosa, house.key)
    try:
        reading = asyncio.ensure_future(house.connect.live.sync_now(house.key, [Topic.PROVIDERS]))
        frame = await asyncio.wait_for(anext(aiter(view.frames())), 20)
        assert frame.jpeg[:2] == b"\xff\xd8"
        await reading
        view.pause()
        view.pause()
        view.hand_back()
        view.pause()
    finally:
        await view.close()
    [line, *_] = await house.store.read(audit.entries, action=AuditAction.VIEW, limit=3)
    assert line.subject == "Watched Office Ally's pages"
    lines = [line.subject for line in await house.store.read(audit.entries, action=AuditAction.CHANGE, limit=5)]
    taken = [line for line in lines if line.endswith("Office Ally's page")]
    assert taken == ["Handed back Office Ally's page", "Took over Office Ally's page"] * 2


async def test_who_asked_for_a_reading_is_told_among_the_uses(house: Clearinghouse) -> None:
    await house.join()

    def users(since: int = 0) -> list[str]:
        return [use.who for use in house.office.portals.uses(actor(), house.key)][since:]

    await house.connect.live.sync_now(house.key, [Topic.PROVIDERS])
    before = len(users())
    await house.connect.live.sync_now(house.key, [Topic.PROVIDERS])
    by_itself = users(before)
    assert set(by_itself) == {""}
    await house.office.enrollments.refresh(actor(), house.key)
    assert set(users(before + len(by_itself))) == {"Rosa Mallow"}


async def test_the_practice_is_read_into_the_store(house: Clearinghouse) -> None:
    await house.join()
    await house.connect.live.sync_now(house.key, [Topic.PROVIDERS, Topic.PATIENTS])
    rows = await house.store.read(providers.listed)
    assert rows
    assert await house.store.read(patients.count) > 10
    [sourced] = await house.connect.live.search_patients(house.key, "1001")
    known = msgspec.structs.replace(sourced.value, chart_number="ALT-7", address=Address(city="Boise"))
    await house.store.write(patients.save, house.key, msgspec.structs.replace(sourced, value=known))
    # A list tells little: what it leaves out is no news.
    [again] = await house.connect.live.search_patients(house.key, "1001")
    assert (again.value.chart_number, again.value.address.city) == ("ALT-7", "Boise")
    wish = await web.check_in(house.desk)
    fetch = house.connect._links.get(house.key).sync.visits
    whose = ""
    for row in rows:
        await fetch.read_span(row.vendor_id, TODAY, TODAY)
        if wish.record in {visit.vendor_id for visit in await house.store.read(visits.on_day, TODAY)}:
            whose = row.vendor_id
            break
    plan = await house.office.writes.plan(actor(), house.key, wish)
    job_id = await house.office.writes.submit(actor(), house.key, wish, plan)
    done = await house.until(job_id, JobState.CONFIRMED)
    await fetch.read_span(whose, TODAY, TODAY)
    await house.connect.live.sync_now(house.key, [Topic.ENROLLMENTS])
    now = {row.vendor_id: row.status for row in await house.store.read(visits.on_day, TODAY)}
    assert now[result_of(done).vendor_id] is VisitStatus.ARRIVED
    board = await house.store.read(enrollments.board, house.key)
    assert len(board.rows) > 5
    await house.office.payers.fetch(actor(), house.key)
    [state] = await house.office.payers.state(actor())
    assert state.origin == "fetched from Office Ally"


@pytest.mark.parametrize("is_well", [True, False])
async def test_a_day_of_all_providers_is_one_page(
    house: Clearinghouse, monkeypatch: pytest.MonkeyPatch, is_well: bool
) -> None:
    """And where one provider's row cannot be read, the others are still read, one by one."""
    await house.join()
    await house.connect.live.sync_now(house.key, [Topic.PROVIDERS])
    rows = await house.store.read(providers.listed)
    adapter: Any = house.connect._links.get(house.key).session.adapter
    visits_of, asked = adapter.visits, []

    async def noted(provider_vendor_id: str, start: date, end: date) -> Any:
        asked.append(provider_vendor_id)
        if not is_well and provider_vendor_id in {"", rows[0].vendor_id}:
            raise Drifted("This row cannot be read.", "", ())
        return await visits_of(provider_vendor_id, start, end)

    monkeypatch.setattr(adapter, "visits", noted)
    await house.connect.live.sync_now(house.key, [Topic.VISITS])
    read = {visit.provider_id for visit in await house.store.read(visits.on_day, TODAY)}
    assert len(rows) > 1
    assert set(asked) == ({""} if is_well else {"", *(row.vendor_id for row in rows)})
    assert read == {row.provider_id for row in (rows if is_well else rows[1:])}
