"""Sync fills the store from the sandbox, tells how fresh it is, and says what a vendor hid."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.model.connection import ConnectionState, Freshness, Topic
from app.model.errors import DaybookError, Unreachable
from app.model.rules import ProviderRules, VisitTypeRule
from app.store import patients, providers, rules, slots, visits
from tests.connect.conftest import Office
from tests.connect.workplace import actor, eventually

TODAY = date(2026, 3, 10)


async def freshness(office: Office, topic: Topic) -> Freshness | None:
    return next((item for item in (await office.told()).freshness if item.topic is topic), None)


async def test_a_new_connection_fills_the_store_by_itself(office: Office) -> None:
    await office.join()

    async def all_fresh() -> bool:
        told = {item.topic for item in (await office.told()).freshness if item.as_of is not None}
        return told == set(office.connect._links.get(office.connection.connection_id).sync.refreshers)

    await eventually(all_fresh, why=lambda: "not every topic became fresh")
    assert await office.store.read(patients.count) == 4218
    rows = await office.store.read(providers.listed)
    assert len(rows) == 6
    assert await office.store.read(providers.visit_types)
    read = await office.store.read(visits.coverage, TODAY - timedelta(days=14), TODAY + timedelta(days=90))
    assert len(read) == 6 * 105
    free = await office.store.read(slots.days, [rows[0].provider_id], TODAY, TODAY + timedelta(days=13), 30)
    assert len(free) == 14
    told = await office.told()
    assert told.state is ConnectionState.HEALTHY
    assert told.last_sync is not None
    assert told.next_sync is not None
    assert told.next_sync > told.last_sync
    assert told.budget is not None
    assert told.budget.used > 0


async def test_a_day_that_is_looked_at_is_read_at_once(joined: Office) -> None:
    await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISITS])
    await joined.act("take", provider_id=2, date="2026-04-02", time="09:00:00", duration=20)
    before = await joined.store.read(visits.on_day, date(2026, 4, 2))
    stop = joined.connect.live.watch(Topic.VISITS, [date(2026, 4, 2)])

    async def there() -> bool:
        return len(await joined.store.read(visits.on_day, date(2026, 4, 2))) == len(before) + 1

    await eventually(there)
    stop()
    stop()


async def test_leafing_through_days_reads_each_day_once(joined: Office) -> None:
    await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISITS])
    before = (await joined.act("ledger"))["requests"]["visits"]
    stops = []
    for ahead in range(1, 6):
        day, since = TODAY + timedelta(days=ahead), joined.clock.now()
        stops.append(joined.connect.live.watch(Topic.VISITS, [day]))

        async def read(day: date = day, since: datetime = since) -> bool:
            return min(item.as_of for item in await joined.store.read(visits.coverage, day, day)) >= since

        await eventually(read)
    for stop in stops:
        stop()
    assert (await joined.act("ledger"))["requests"]["visits"] - before <= 6 * 6


async def test_what_the_account_may_not_do_is_not_asked_for(office: Office) -> None:
    credentials = office.sandbox.announcement()["credentials"]
    await office.connect.connections.add(office.form(secrets={"api_key": credentials["read_only_api_key"]}), actor())
    before = (await office.act("ledger"))["requests"].get("search_patients", 0)
    await office.connect.live.sync_now(topics=[Topic.PROVIDERS, Topic.PATIENTS])
    assert (await office.act("ledger"))["requests"].get("search_patients", 0) == before


async def test_a_list_whose_pages_do_not_turn_ends(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vendors.officepro.adapter._place", lambda page: (1, 0))
    await office.join()
    await office.connect.live.sync_now(office.connection.connection_id, [Topic.PATIENTS])
    assert (await office.act("ledger"))["requests"]["search_patients"] < 10
    told = await freshness(office, Topic.PATIENTS)
    assert told is not None
    assert "counts 4218 patients and showed 100" in told.failure


async def test_many_who_ask_are_one_fetch(joined: Office) -> None:
    told = await joined.act("ledger")
    before = told["requests"].get("visit_types", 0)
    await asyncio.gather(
        *(joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISIT_TYPES]) for _ in range(5))
    )
    told = await joined.act("ledger")
    assert told["requests"]["visit_types"] - before <= 2


async def test_a_hidden_schedule_is_reported_and_the_others_are_read(joined: Office) -> None:
    await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISITS])
    await joined.act("faults", spec="fail=403*1@visits")
    await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISITS])
    told = await freshness(joined, Topic.VISITS)
    assert told is not None
    assert "1 of 6 schedules could not be read" in told.failure
    await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.VISITS])
    told = await freshness(joined, Topic.VISITS)
    assert told is not None
    assert told.failure == ""


async def test_a_failed_reading_keeps_the_last_good_time_and_says_why(joined: Office) -> None:
    good = await freshness(joined, Topic.PROVIDERS)
    assert good is not None
    await joined.act("faults", spec="fail=503@providers")
    with pytest.raises(Unreachable):
        await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.PROVIDERS])
    told = await freshness(joined, Topic.PROVIDERS)
    assert told is not None
    assert told.as_of == good.as_of
    assert "problem of its own" in told.failure


async def test_no_providers_at_all_is_not_believed(joined: Office) -> None:
    joined.sandbox.records.database.execute("UPDATE providers SET active = 0")
    await joined.connect.live.sync_now(joined.connection.connection_id, [Topic.PROVIDERS])
    assert len(await joined.store.read(providers.listed)) == 6
    told = await freshness(joined, Topic.PROVIDERS)
    assert told is not None
    assert "named no providers" in told.failure


async def test_a_booking_that_lands_while_its_day_is_read_stays_on_the_grid(
    joined: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow answer was made before the booking; it must not take the visit away again."""
    from app.model.outbox import JobState
    from app.rules.outbox_jobs import result_of

    slot = await joined.free_slot()
    link = joined.connect.connections._links.get(joined.connection.connection_id)
    adapter = link.session.adapter
    answer, made, comes = adapter.visits, asyncio.Event(), asyncio.Event()

    async def slow(*span: Any) -> Any:
        found = await answer(*span)
        if span == ("2", slot.day, slot.day) and not made.is_set():
            made.set()
            await comes.wait()
        return found

    monkeypatch.setattr(adapter, "visits", slow)
    reading = asyncio.ensure_future(link.sync.visits.read_span("2", slot.day, slot.day))
    await made.wait()
    job = joined.booking(slot)
    await joined.submit(job)
    done = await joined.until(job, JobState.CONFIRMED)
    comes.set()
    await reading
    found = await joined.store.read(visits.on_day, slot.day)
    assert result_of(done).vendor_id in {row.vendor_id for row in found}


async def test_live_answers(joined: Office) -> None:
    connection_id = joined.connection.connection_id
    live = joined.connect.live
    found = await live.next_slot(connection_id, "2", 30)
    assert found is not None
    assert (await live.check_slot(connection_id, found)).available
    assert found in await live.open_slots(connection_id, "2", found.day, 30)
    people = await live.search_patients(connection_id, "Fennimore")
    assert all(person.local_id for person in people)
    with pytest.raises(DaybookError):
        await live.check_slot("nobody", found)


async def test_while_the_window_is_locked_nothing_is_read(joined: Office) -> None:
    await joined.rest()
    before = (await joined.act("ledger"))["requests"]
    stop = joined.connect.live.watch(Topic.VISITS, [TODAY])
    await asyncio.sleep(0.25)
    assert (await joined.act("ledger"))["requests"] == before
    stop()
    await joined.connect._links.rest(False)

    async def goes_on() -> bool:
        return (await joined.act("ledger"))["requests"] != before

    await eventually(goes_on)


async def test_free_times_are_read_for_the_lengths_of_local_rules(joined: Office) -> None:
    provider_id = await joined.provider_id("2")
    known = ProviderRules(visit_types=(VisitTypeRule(visit_type="Procedure", minutes=45),))
    await joined.store.write(rules.save, provider_id, known)
    last = TODAY + timedelta(days=13)

    async def read(provider: str = provider_id) -> bool:
        return len(await joined.store.read(slots.days, [provider], TODAY, last, 45)) == 14

    await eventually(read, why=lambda: "45 minutes were not asked for")
    assert not await read(await joined.provider_id("1"))


async def test_days_further_ahead_are_read_and_kept_when_asked_for(joined: Office) -> None:
    connection_id, provider_id = joined.connection.connection_id, await joined.provider_id("2")
    days = [TODAY + timedelta(days=30), TODAY + timedelta(days=31)]
    await joined.connect.live.read_slots(connection_id, "2", days, 20)
    kept = await joined.store.read(slots.days, [provider_id], days[0], days[1], 20)
    told = await joined.connect.live.open_slots(connection_id, "2", days[0], 20)
    assert [each.day for each in kept] == days
    assert list(kept[0].starts) == [slot.start.hour * 60 + slot.start.minute for slot in told]
