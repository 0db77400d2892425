"""Every write through web pages, from the desk to the ledger: killed in the middle, nothing is done twice or lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from app.connect.outbox_worker import Patience
from app.desk.patients import HOLD_SECONDS
from app.model.accounts import Account, Role
from app.model.connection import Topic
from app.model.errors import BadInput, NotPermitted
from app.model.outbox import JobKind, JobState, PersonReason
from app.model.people import Patient
from app.model.portal_writes import PortalOperation, WriteWish
from app.model.schedule import VisitStatus
from app.rules.outbox_jobs import evidence_of, result_of
from app.store import accounts, coverage, patients, providers, visits
from tests.connect.clearing import Clearinghouse, workplace
from tests.connect.workplace import actor, eventually
from tests.vendors.officeally import web
from tests.vendors.officeally.web import OneSimulator, from_the_beginning, one_simulator

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

#: What is wished, and the operation in the simulator's ledger and faults.
WRITES = {
    "new_patient": (web.new_patient, "save_patient"),
    "changed_patient": (web.changed_patient, "save_patient"),
    "new_policy": (web.new_policy, "save_policy"),
    "changed_policy": (web.changed_policy, "save_policy"),
    "check_in": (web.check_in, "check_in"),
    "posting": (web.posting, "auto_post_proceed"),
    "correction": (web.correction, "correct_claim"),
    "upload": (web.upload, "upload_claims"),
    "enrollment": (web.enrollment, "enroll"),
}
ROSA = Account(account_id="rosa", user_name="rosa", full_name="Rosa Mallow", role=Role.ADMIN)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def simulator() -> AsyncIterator[OneSimulator]:
    async with one_simulator() as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def joined(simulator: OneSimulator, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Clearinghouse]:
    async with workplace(simulator.desk, tmp_path_factory.mktemp("store")) as place:
        await place.store.write(accounts.save, ROSA, "$argon2id$x")
        await place.join()
        yield place


@pytest_asyncio.fixture(loop_scope="module")
async def house(joined: Clearinghouse, simulator: OneSimulator) -> AsyncIterator[Clearinghouse]:
    # Whoever is signed in stays so: the sign-in has tests of its own.
    sessions = dict(simulator.desk.sessions.opened)
    async with from_the_beginning(simulator._replace(sessions=sessions)):
        yield joined


_control = iter(range(5_001, 6_000))


async def asked_for(house: Clearinghouse, name: str) -> tuple[str, str]:
    """Plan, look, ask: the job and the operation in the ledger."""
    wisher, operation = WRITES[name]
    wish = await wisher(house.desk)
    rosa, writes = actor(), house.office.writes
    if wish.operation is PortalOperation.UPLOAD_CLAIMS:
        number = next(_control)
        content = (await house.desk.claims(f"DBK-{number}", control=number)).content
        plan = await writes.plan(rosa, house.key, wish, content)
        return await writes.send_claims(rosa, house.key, content, "claims.txt", plan=plan, hold_seconds=0), operation
    plan = await writes.plan(rosa, house.key, wish)
    assert plan.sentences()
    return await writes.submit(rosa, house.key, wish, plan, hold_seconds=0), operation


@pytest.mark.parametrize("fault", ["kill_before", "kill_after"])
@pytest.mark.parametrize("name", WRITES)
async def test_the_session_killed_in_the_middle_of_a_write(house: Clearinghouse, name: str, fault: str) -> None:
    operation = WRITES[name][1]
    await house.desk.fail(f"{fault}*1@{operation}")
    job_id, _ = await asked_for(house, name)
    unknown = await house.until(job_id, JobState.UNKNOWN, JobState.CONFIRMED)
    evidence = evidence_of(unknown)
    assert evidence is not None
    assert evidence.plan is not None
    assert await house.effects(operation) == (fault == "kill_after")
    if unknown.state is JobState.UNKNOWN:
        # The request has ended for certain; no need to sit the time out in which it might still land.
        await house.connect.outbox.retry(job_id, actor())
    done = await house.until(job_id, JobState.CONFIRMED)
    assert await house.effects(operation) == 1
    assert done.attempts >= (1 if fault == "kill_after" else 2)
    uses = house.office.portals.uses(actor(), house.key)
    assert any(use.who == "Rosa Mallow" for use in uses)


async def test_left_alone_it_is_settled_by_itself(house: Clearinghouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.connect._worker, "_patience", Patience(answer_s=0.5, margin_s=0.2))
    await house.desk.fail("kill_before*1@save_policy")
    job_id, operation = await asked_for(house, "changed_policy")
    done = await house.until(job_id, JobState.CONFIRMED)
    assert [event.state for event in done.history if event.state is JobState.UNKNOWN] != []
    assert await house.effects(operation) == 1


async def test_a_new_patient_is_in_the_store_afterwards(house: Clearinghouse) -> None:
    job_id, _ = await asked_for(house, "new_patient")
    done = await house.until(job_id, JobState.CONFIRMED)
    row = await house.store.read(patients.by_vendor, house.key, result_of(done).vendor_id)
    assert row is not None
    assert (row.first_name, row.last_name) == ("Zoë", "O'Thistle-<b>")


async def test_nothing_is_typed_that_nobody_has_seen(house: Clearinghouse) -> None:
    """A patient asked for in the usual way: the job stops and shows what will be typed where."""
    person = Patient(last_name="Quillfeather", first_name="Ada", birth_date=date(1991, 5, 6))
    job_id = await house.office.patients.create(actor(), house.key, person)
    assert (await house.job(job_id)).state is JobState.HELD
    house.clock.shift(timedelta(seconds=HOLD_SECONDS))
    house.connect._worker.wake()
    asks = await house.until(job_id, JobState.NEEDS_PERSON)
    assert asks.person_reason is PersonReason.PREVIEW
    assert "“Last Name”: gets “Quillfeather”" in asks.question
    assert await house.effects("save_patient") == 0
    await house.office.jobs.answer(actor(), job_id, "retry")
    await house.until(job_id, JobState.CONFIRMED)
    assert await house.effects("save_patient") == 1


async def test_a_page_that_changed_since_it_was_shown_is_shown_again(house: Clearinghouse) -> None:
    rosa, writes = actor(), house.office.writes
    values = {"cell_phone": "(312) 555-0199"}
    wish = WriteWish(operation=PortalOperation.SAVE_PATIENT, record="1001", values=values)
    plan = await writes.plan(rosa, house.key, wish)
    other = msgspec.structs.replace(wish, values={"cell_phone": "(312) 555-0111"})
    seen = await writes.plan(rosa, house.key, other)
    first = await writes.submit(rosa, house.key, other, seen, hold_seconds=0, key="one press")
    assert await writes.submit(rosa, house.key, other, seen, hold_seconds=0, key="one press") == first
    await house.until(first, JobState.CONFIRMED)
    job_id = await writes.submit(rosa, house.key, wish, plan, hold_seconds=0)
    asks = await house.until(job_id, JobState.NEEDS_PERSON)
    assert asks.person_reason is PersonReason.CHANGED
    assert "“(312) 555-0111” becomes “(312) 555-0199”" in asks.question
    await house.office.jobs.answer(rosa, job_id, "retry")
    await house.until(job_id, JobState.CONFIRMED)
    assert await house.effects("save_patient") == 2


async def test_only_those_who_may_are_let(house: Clearinghouse) -> None:
    wish = WriteWish(operation=PortalOperation.POST_REMITTANCE, record="1")
    with pytest.raises(NotPermitted):
        await house.office.writes.plan(actor(Role.FRONT_DESK), house.key, wish)
    with pytest.raises(NotPermitted):
        await house.office.portals.watch(actor(Role.FRONT_DESK), house.key)
    with pytest.raises(BadInput):
        await house.office.writes.plan(actor(), "nowhere", wish)


async def test_the_program_ends_in_the_middle_of_a_write(simulator: OneSimulator, tmp_path: Path) -> None:
    """Found on its way at the next start: looked up first; done once, whether it had arrived or not."""
    patience = Patience(answer_s=3.0, margin_s=0.2)
    async with from_the_beginning(simulator) as desk, workplace(desk, tmp_path, patience=patience) as place:
        await place.store.write(accounts.save, ROSA, "$argon2id$x")
        await place.join()
        for fault, name in (("hang_after=60", "changed_policy"), ("hang=60", "check_in")):
            operation = WRITES[name][1]
            await place.desk.fail(f"{fault}*1@{operation}")
            job_id, _ = await asked_for(place, name)
            await place.until(job_id, JobState.SENDING)
            await place.connect.stop()
            left = await place.job(job_id)
            assert left.state in {JobState.SENDING, JobState.UNKNOWN}
            await place.desk.act("faults", clear=True)
            await place.open()
            done = await place.until(job_id, JobState.CONFIRMED)
            assert done.kind in {JobKind.SAVE_POLICY, JobKind.CHANGE_VISIT_STATUS}
            assert await place.effects(operation) == 1


async def test_a_check_in_found_by_reading_back_shows_at_once(
    house: Clearinghouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = house.connect._links.get(house.key).sync
    monkeypatch.setattr(sync, "read_again", lambda topic: None)
    await house.connect.live.sync_now(house.key, [Topic.PROVIDERS])
    wish = await web.check_in(house.desk)
    for row in await house.store.read(providers.listed):
        await sync.visits.read_span(row.vendor_id, web.TODAY, web.TODAY)
    await house.desk.fail("kill_after*1@check_in")
    job_id, _ = await asked_for(house, "check_in")
    await house.until(job_id, JobState.UNKNOWN)
    await house.connect.outbox.retry(job_id, actor())
    await house.until(job_id, JobState.CONFIRMED)
    row = await house.store.read(visits.by_vendor, house.key, wish.record)
    assert row is not None and row.status is VisitStatus.ARRIVED


async def test_a_policy_that_was_written_is_read_again_and_kept(house: Clearinghouse) -> None:
    wish = await web.changed_policy(house.desk)
    patient = wish.record.partition("/")[0]
    before = await house.connect.live.coverage(house.key, patient, actor())
    kept = await house.store.read(coverage.of_patient, house.key, patient)
    assert kept is not None and [each.value for each in kept.policies] == [each.value for each in before]
    # The chart that was read for it tells more of the patient than any list.
    row = await house.store.read(patients.by_vendor, house.key, patient)
    whole = await house.store.read(patients.get, row.local_id) if row is not None else None
    assert whole is not None and whole.value.address.city == "Larkspur Heights" and whole.value.email
    job_id, _ = await asked_for(house, "changed_policy")
    await house.until(job_id, JobState.CONFIRMED)

    async def shown() -> bool:
        copy = await house.store.read(coverage.of_patient, house.key, patient)
        return copy is not None and copy.policies[0].value.member_id == wish.values["member_id"]

    await eventually(shown, why=lambda: "the policy was not read again")
