"""Connecting, testing, pausing and removing; states in words, never one for another."""

from __future__ import annotations

import msgspec
import pytest

from app.model.accounts import Role
from app.model.capabilities import Capability, Standing
from app.model.connection import ConnectionState, Environment, Topic
from app.model.errors import AuthExpired, BadInput, DaybookError, NotPermitted, Unreachable, WrongCredentials
from app.model.outbox import JobState, PersonReason
from app.store import audit, connections, patients
from tests.conftest import MORNING
from tests.connect.conftest import Office
from tests.connect.workplace import actor, eventually
from vendors.officepro.sandbox import open_sandbox
from vendors.sandboxkit.plan import Plan


async def test_systems_on_offer(office: Office) -> None:
    form = next(form for form in office.connect.connections.systems() if form.vendor == "officepro")
    assert form.title == "OfficePro"
    assert [field.name for field in form.fields] == ["api_key"]
    assert form.fields[0].secret
    assert form.further


async def test_a_test_tells_every_capability_and_keeps_nothing(office: Office) -> None:
    report = await office.connect.connections.test(office.form(), actor())
    standing = {offer.capability: offer.standing for offer in report.offers}
    assert standing[Capability.BOOK_VISIT] is Standing.YES
    assert standing[Capability.MOVE_VISIT] is Standing.NOT_OFFERED
    assert len(standing) == len(Capability)
    assert await office.store.read(connections.listed) == []
    assert office.ring._secrets == {}


async def test_a_key_with_less_rights_shows_what_is_not_licensed(office: Office) -> None:
    credentials = office.sandbox.announcement()["credentials"]
    report = await office.connect.connections.test(
        office.form(secrets={"api_key": credentials["read_only_api_key"]}), actor()
    )
    standing = {offer.capability: offer.standing for offer in report.offers}
    assert standing[Capability.READ_SCHEDULE] is not Standing.NOT_LICENSED
    assert standing[Capability.BOOK_VISIT] is Standing.NOT_LICENSED


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"secrets": {"api_key": "wrong"}}, WrongCredentials),
        ({"secrets": {}}, BadInput),
        ({"tenant": " "}, BadInput),
        ({"tenant": "Elsewhere"}, DaybookError),
        ({"base_urls": {"api": "http://127.0.0.1:1"}}, Unreachable),
        ({"base_urls": {"api": "http://example.com"}}, BadInput),
        ({"environment": Environment.PRODUCTION}, BadInput),
        ({"time_zone": "Mars/Olympus"}, BadInput),
        ({"vendor": "nobody"}, BadInput),
    ],
)
async def test_what_cannot_be_connected_says_why(office: Office, changes: dict[str, object], error: type) -> None:
    with pytest.raises(error) as caught:
        await office.connect.connections.add(office.form(**changes), actor())
    assert caught.value.happened
    assert await office.store.read(connections.listed) == []


async def test_one_account_once_and_no_mixing_of_live_and_practice(joined: Office) -> None:
    with pytest.raises(BadInput, match="connected already"):
        await joined.connect.connections.add(joined.form(tenant="demooffice"), actor())
    with pytest.raises(BadInput) as caught:
        await joined.connect.connections.add(
            joined.form(environment=Environment.PRODUCTION, tenant="Another", base_urls={"api": "https://x.example"}),
            actor(),
        )
    assert caught.value.field == "environment"


async def test_only_an_admin_connects(office: Office) -> None:
    with pytest.raises(NotPermitted):
        await office.connect.connections.add(office.form(), actor(Role.FRONT_DESK))
    assert (await office.store.read(audit.entries, limit=1))[0].action == "denied"


async def test_secrets_are_in_the_ring_and_nowhere_else(joined: Office) -> None:
    assert list(joined.ring._secrets.values()) == [joined.form().secrets["api_key"]]
    assert joined.form().secrets["api_key"] not in msgspec.json.encode(await joined.told()).decode()


async def test_an_ended_session_is_renewed_and_never_a_wrong_password(joined: Office) -> None:
    await joined.act("faults", spec="expire*1@visit_types")
    await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISIT_TYPES])
    assert (await joined.told()).state is ConnectionState.HEALTHY


async def test_a_withdrawn_key_stops_asking_until_new_details_come(joined: Office) -> None:
    joined.sandbox._tokens.expire_all()
    await joined.act("faults", spec="fail=401@token")
    with pytest.raises((WrongCredentials, AuthExpired)):
        await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISIT_TYPES])
    told = await joined.told()
    assert told.state is ConnectionState.WRONG_CREDENTIALS
    await joined.rest()
    await joined.connect._links.rest(False)
    asked = (await joined.act("ledger"))["requests"]["token"]
    for _ in range(3):
        with pytest.raises(DaybookError):
            await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISIT_TYPES])
    assert (await joined.act("ledger"))["requests"]["token"] == asked
    standing = {offer.capability: offer.standing for offer in joined.connect.live.offers(told.connection_id)}
    assert standing[Capability.BOOK_VISIT] is Standing.WAITING
    job = joined.booking_anywhere()
    await joined.submit(job)
    stuck = await joined.until(job, JobState.NEEDS_PERSON)
    assert stuck.person_reason is PersonReason.SIGN_IN
    await joined.act("faults", clear=True)
    await joined.connect.connections.add(joined.form(connection_id=told.connection_id), actor())
    assert len(await joined.store.read(connections.listed)) == 1
    await joined.connect.outbox.retry(job.job_id, actor())
    await joined.until(job, JobState.CONFIRMED, JobState.NEEDS_PERSON)
    assert (await joined.told()).state is ConnectionState.HEALTHY


async def test_a_stored_key_is_never_sent_to_another_address(joined: Office) -> None:
    key = joined.connection.connection_id
    other = await open_sandbox(Plan(now=MORNING))
    try:
        moved = joined.form(connection_id=key, base_urls=other.announcement()["base_urls"])
        for ask in (joined.connect.connections.test, joined.connect.connections.add):
            with pytest.raises(BadInput, match="needed again") as caught:
                await ask(msgspec.structs.replace(moved, secrets={}), actor())
            assert caught.value.field == "api_key"
        assert (await other.actions["ledger"]({}))["requests"] == {}
        # At the old address the stored one still serves.
        same = {name: f"{url}/" for name, url in joined.form().base_urls.items()}
        await joined.connect.connections.add(joined.form(connection_id=key, base_urls=same, secrets={}), actor())
        await joined.connect.connections.add(moved, actor())
        assert (await joined.told()).base_urls == moved.base_urls
    finally:
        await joined.connect._links.close(key)
        await other.close()


async def test_the_breaker_opens_says_when_and_closes(joined: Office, caplog: pytest.LogCaptureFixture) -> None:
    await joined.act("faults", spec="fail=503")
    for _ in range(5):
        with pytest.raises(Unreachable):
            await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISIT_TYPES])
    told = await joined.told()
    assert told.state is ConnectionState.VENDOR_DOWN
    assert "tries again in" in told.state_words
    assert told.next_sync is not None
    await joined.arrived()
    asked = (await joined.act("ledger"))["requests"]
    with pytest.raises(Unreachable, match="does not answer"):
        await joined.connect.live.search_patients(joined.connection.connection_id, "fennimore")
    assert (await joined.act("ledger"))["requests"] == asked, "nothing was asked by itself"
    # A person who wants to know now does not wait for that time.
    with pytest.raises(Unreachable):
        await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISIT_TYPES])
    assert (await joined.act("ledger"))["requests"]["visit_types"] > asked["visit_types"]
    await joined.act("faults", clear=True)
    await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISIT_TYPES])
    assert (await joined.told()).state is ConnectionState.HEALTHY
    assert [record.getMessage().rpartition(": ")[2] for record in caplog.records if "lost" in record.getMessage()] == [
        "lost, vendor_down"
    ]
    assert sum("back" in record.getMessage() for record in caplog.records) == 1


async def test_slowed_by_the_vendor(joined: Office) -> None:
    await joined.act("faults", spec="rate_limit=60*1@visit_types")
    with pytest.raises(DaybookError) as caught:
        await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISIT_TYPES])
    assert caught.value.retry_after == pytest.approx(60, abs=2)
    assert (await joined.told()).state is ConnectionState.SLOWED


async def test_a_drifted_answer_pauses_that_and_no_more(joined: Office) -> None:
    await joined.act("faults", spec="html*1@visit_types")
    with pytest.raises(DaybookError):
        await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISIT_TYPES])
    told = await joined.told()
    assert told.state is ConnectionState.DRIFTED
    standing = {offer.capability: offer.standing for offer in told.offers}
    assert standing[Capability.READ_VISIT_TYPES] is Standing.PAUSED
    assert standing[Capability.BOOK_VISIT] is Standing.YES
    await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.PROVIDERS])
    assert (await joined.told()).state is ConnectionState.DRIFTED
    await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISIT_TYPES])
    assert (await joined.told()).state is ConnectionState.HEALTHY


async def test_paused_and_let_go_on(joined: Office) -> None:
    connection_id = joined.connection.connection_id
    await joined.connect.connections.set_paused(connection_id, True, actor())
    assert (await joined.told()).state is ConnectionState.PAUSED
    job = joined.booking_anywhere()
    await joined.submit(job)
    await joined.connect.stop()
    await joined.make().start()
    assert (await joined.told()).state is ConnectionState.PAUSED
    waiting = await joined.job(job.job_id)
    assert waiting.state is JobState.QUEUED
    await joined.connect.connections.set_paused(connection_id, False, actor())
    await joined.connect.outbox.retry(job.job_id, actor())
    await joined.until(job, JobState.CONFIRMED, JobState.NEEDS_PERSON)


async def test_removing_wipes_what_it_brought(joined: Office) -> None:
    async def some() -> bool:
        return await joined.store.read(patients.count) > 0

    await eventually(some)
    await joined.connect.connections.remove(joined.connection.connection_id, actor())
    assert await joined.store.read(connections.listed) == []
    assert await joined.store.read(patients.count) == 0
    assert joined.ring._secrets == {}


async def test_not_removed_while_something_is_on_its_way(joined: Office) -> None:
    job = joined.booking(await joined.free_slot())
    await joined.restart(patience=None)
    await joined.act("faults", spec="drop_after*1@book_visit")
    await joined.submit(job)
    await joined.until(job, JobState.UNKNOWN)
    with pytest.raises(BadInput, match="unclear outcome"):
        await joined.connect.connections.remove(joined.connection.connection_id, actor())
    await joined.connect.outbox.retry(job.job_id, actor())
    # A person is asked whether the visit found is hers: that is as unclear.
    await joined.until(job, JobState.NEEDS_PERSON)
    with pytest.raises(BadInput, match="unclear outcome"):
        await joined.connect.connections.remove(joined.connection.connection_id, actor())
