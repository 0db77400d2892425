from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from app.model.changes import Change, Kind
from app.model.errors import StoreError
from app.model.schedule import Provider, Slot, VisitStatus, VisitType
from app.store import connections, patients, providers, slots, visit_links, visits
from app.store.store import Store

from .conftest import DAY, NOW, connection, person, told, visit

NEXT = DAY + timedelta(days=1)
LATER = NOW + timedelta(minutes=5)


async def day_ids(store: Store, day: date = DAY) -> list[str]:
    return [row.vendor_id for row in await store.read(visits.on_day, day)]


async def test_a_window_becomes_what_the_system_says(practice: Store) -> None:
    heard: list[Change] = []
    practice.subscribe(heard.extend)
    await practice.write(
        visits.replace_window, "c1", "1", DAY, NEXT, [visit("a"), visit("b", 10), visit("c", day=NEXT)], NOW
    )
    assert heard[-1] == Change(kind=Kind.VISITS, days=frozenset({DAY, NEXT}), connection_id="c1")
    assert await day_ids(practice) == ["a", "b"]
    (first, _) = await practice.read(visits.on_day, DAY)
    await practice.write(visits.replace_window, "c1", "1", DAY, NEXT, [visit("a", 11), visit("d", 8)], LATER)
    assert await day_ids(practice) == ["d", "a"]
    assert await day_ids(practice, NEXT) == []
    moved = await practice.read(visits.get, first.local_id)
    assert moved is not None
    assert (moved.vendor_id, moved.start_minute, moved.as_of) == ("a", 660, LATER)


async def test_only_the_asked_window_of_the_asked_provider_is_touched(practice: Store) -> None:
    await practice.write(visits.replace_window, "c1", "1", DAY, NEXT, [visit("a"), visit("b", day=NEXT)], NOW)
    await practice.write(visits.replace_window, "c1", "2", DAY, DAY, [visit("z", provider="2")], NOW)
    await practice.write(visits.replace_window, "c1", "1", DAY, DAY, [], NOW)
    assert await day_ids(practice) == ["z"]
    assert await day_ids(practice, NEXT) == ["b"]


async def test_a_visit_that_moved_to_another_provider_keeps_its_id(practice: Store) -> None:
    heard: list[Change] = []
    await practice.write(visits.replace_window, "c1", "1", DAY, DAY, [visit("a")], NOW)
    (before,) = await practice.read(visits.on_day, DAY)
    practice.subscribe(heard.extend)
    await practice.write(visits.replace_window, "c1", "2", NEXT, NEXT, [visit("a", day=NEXT, provider="2")], NOW)
    (after,) = await practice.read(visits.on_day, NEXT)
    assert (after.local_id, after.provider_id) != (before.local_id, before.provider_id)
    assert after.local_id == before.local_id
    assert await day_ids(practice) == []
    assert {DAY, NEXT} <= {day for change in heard for day in change.days}
    assert (await practice.read(visits.loads, DAY, NEXT)) == {DAY: 0, NEXT: 30}


async def test_a_link_survives_every_sync_and_a_vanished_visit(practice: Store) -> None:
    jane = await practice.write(patients.save, "c1", person("1", "Jane", "Smith"))
    await practice.write(visit_links.link, "c1", "a", jane, "a1", "booked here")
    for found in ([visit("a")], [visit("a", 15)], [], [visit("a", 16)]):
        await practice.write(visits.replace_window, "c1", "1", DAY, DAY, found, NOW)
    (row,) = await practice.read(visits.on_day, DAY)
    assert (row.patient_id, row.patient_name, row.start_minute) == (jane, "Jane Smith", 960)
    assert not row.is_told
    assert [item.vendor_id for item in await practice.read(visits.of_patient, jane)] == ["a"]
    await practice.write(visit_links.unlink, "c1", "a")
    (row,) = await practice.read(visits.on_day, DAY)
    assert (row.patient_id, row.patient_name) == ("", "")
    with pytest.raises(StoreError):
        await practice.write(visit_links.link, "c1", "a", "nobody", "a1", "a person said so")


async def test_a_persons_link_goes_before_what_the_system_names(practice: Store) -> None:
    jane = await practice.write(patients.save, "c1", person("1", "Jane", "Smith"))
    john = await practice.write(patients.save, "c1", person("2", "John", "Rowan"))
    await practice.write(visits.save, "c1", visit("a", patient_vendor_id="2"))
    (row,) = await practice.read(visits.on_day, DAY)
    assert (row.patient_id, row.is_told) == (john, True)
    await practice.write(visit_links.link, "c1", "a", jane, "a1", "a person said so")
    await practice.write(visits.replace_window, "c1", "1", DAY, DAY, [visit("a", 12, patient_vendor_id="2")], NOW)
    (row,) = await practice.read(visits.on_day, DAY)
    assert (row.patient_id, row.is_told) == (jane, False)
    await practice.write(visit_links.unlink, "c1", "a")
    assert (await practice.read(visits.on_day, DAY))[0].patient_name == "John Rowan"


async def test_a_booked_visit_shows_at_once_and_once(practice: Store) -> None:
    local_id = await practice.write(visits.save, "c1", visit("a", notes="[K7Q2MX]", room="102"))
    assert await practice.write(visits.save, "c1", visit("a", 10)) == local_id
    await practice.write(visits.replace_window, "c1", "1", DAY, DAY, [visit("a", 10)], NOW)
    (row,) = await practice.read(visits.on_day, DAY)
    assert (row.local_id, row.start_minute) == (local_id, 600)
    assert await practice.read(visits.vendor_ids, "c1", "1", DAY) == {"a"}
    whole = await practice.read(visits.whole, local_id)
    assert whole is not None
    assert whole.value == visit("a", 10).value
    assert (await practice.read(visits.by_vendor, "c1", "a")) == row


async def test_loads_and_coverage_know_what_was_read(practice: Store) -> None:
    cancelled = visit("c", 12, status=VisitStatus.CANCELLED)
    await practice.write(
        visits.replace_window, "c1", "1", DAY, NEXT, [visit("a"), visit("b", 10, minutes=45), cancelled], NOW
    )
    await practice.write(visits.replace_window, "c1", "2", DAY, DAY, [visit("z", provider="2")], LATER)
    assert await practice.read(visits.loads, DAY, NEXT + timedelta(days=1)) == {DAY: 105, NEXT: 0}
    one = await practice.read(providers.by_vendor, "c1", "1")
    assert one is not None
    assert await practice.read(visits.loads, DAY, DAY, [one.provider_id]) == {DAY: 75}
    read = await practice.read(visits.coverage, DAY, NEXT)
    assert [(item.day, item.as_of, item.visits) for item in read] == [(DAY, NOW, 3), (DAY, LATER, 1), (NEXT, NOW, 0)]
    rows = await practice.read(visits.between, DAY, NEXT, [one.provider_id])
    assert [row.vendor_id for row in rows] == ["a", "b", "c"]
    assert rows == [row for row in await practice.read(visits.between, DAY, NEXT) if row.provider_id == one.provider_id]


async def test_a_removed_connection_takes_no_more(practice: Store) -> None:
    with pytest.raises(StoreError):
        await practice.write(visits.replace_window, "gone", "1", DAY, DAY, [visit("a")], NOW)
    await practice.write(visits.replace_window, "c1", "no such provider", DAY, DAY, [visit("a")], NOW)
    assert await day_ids(practice) == []


def slot(hour: int, day: date = DAY, minute: int = 0) -> Slot:
    return Slot(day=day, start=time(hour, minute), minutes=30, provider_vendor_id="1")


async def test_open_slots_are_what_was_last_said_of_a_day(practice: Store) -> None:
    one = await practice.read(providers.by_vendor, "c1", "1")
    two = await practice.read(providers.by_vendor, "c1", "2")
    assert one is not None
    assert two is not None
    both = [one.provider_id, two.provider_id]
    await practice.write(slots.replace_day, "c1", "1", DAY, 30, [slot(14), slot(9, minute=15), slot(9, minute=15)], NOW)
    await practice.write(slots.replace_day, "c1", "2", DAY, 30, [], LATER)
    await practice.write(slots.replace_day, "c1", "1", DAY, 60, [slot(8)], NOW)
    await practice.write(slots.replace_day, "c1", "1", NEXT, 30, [slot(23, NEXT, 45)], NOW)
    days = await practice.read(slots.days, both, DAY, NEXT, 30)
    assert [(item.provider_id, item.day, item.starts, item.as_of) for item in days] == [
        (one.provider_id, DAY, (555, 840), NOW),
        (two.provider_id, DAY, (), LATER),
        (one.provider_id, NEXT, (1425,), NOW),
    ]
    rows = await practice.read(slots.between, both, DAY, NEXT, 30)
    assert [(row.day, row.start_minute) for row in rows] == [(DAY, 555), (DAY, 840), (NEXT, 1425)]
    await practice.write(slots.replace_day, "c1", "1", DAY, 30, [slot(16)], LATER)
    assert [row.start_minute for row in await practice.read(slots.between, both, DAY, DAY, 30)] == [960]
    await practice.write(slots.forget_before, NEXT)
    assert [item.day for item in await practice.read(slots.days, both, DAY, NEXT, 30)] == [NEXT]


async def test_providers_who_are_no_longer_named_become_inactive(practice: Store) -> None:
    await practice.write(visits.save, "c1", visit("a"))
    await practice.write(providers.save_all, "c1", [told(Provider(name="Noor Calderwick", title="NP"), "2")])
    assert [row.name for row in await practice.read(providers.listed)] == ["Noor Calderwick"]
    (old, new) = await practice.read(lambda conn: providers.listed(conn, active_only=False))
    assert (old.vendor_id, old.active, old.source, old.location_id, new.vendor_id) == ("1", False, "OP", "main", "2")
    assert await practice.read(providers.get, old.provider_id) == old
    assert await day_ids(practice) == ["a"]
    types = [VisitType(name="Consult", provider_vendor_ids=("1",)), VisitType(name="Old", active=False)]
    await practice.write(providers.save_visit_types, "c1", types)
    rows = await practice.read(providers.visit_types)
    assert [row.visit_type for row in rows] == types
    assert [
        row.visit_type.name for row in await practice.read(lambda c: providers.visit_types(c, active_only=True))
    ] == ["Consult"]
    await practice.write(providers.save_visit_types, "c1", types[:1])
    assert len(await practice.read(providers.visit_types)) == 1


async def test_removing_a_connection_removes_what_it_told_and_nothing_else(practice: Store) -> None:
    await practice.write(connections.save, connection("c2"))
    await practice.write(providers.save_all, "c2", [told(Provider(name="Other"), "1", "c2")])
    for name in ("c1", "c2"):
        who = await practice.write(
            patients.save, name, person("1", "Jane", "Smith", connection_id=name), account_id="a1"
        )
        await practice.write(visits.save, name, visit("a"))
        await practice.write(visit_links.link, name, "a", who, "a1", "booked here")
        await practice.write(slots.replace_day, name, "1", DAY, 30, [slot(9)], NOW)
    await practice.write(connections.remove, "c1")
    assert [item.connection_id for item in await practice.read(connections.listed)] == ["c2"]
    assert [row.connection_id for row in await practice.read(visits.on_day, DAY)] == ["c2"]
    assert [row.connection_id for row in await practice.read(patients.search, "smith")] == ["c2"]
    assert [row.connection_id for row in await practice.read(patients.recent, "a1")] == ["c2"]
    counts = await practice.read(
        lambda conn: [
            conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("visit_links", "open_days", "schedule_days", "providers", "patients", "recent_patients")
        ]
    )
    assert counts == [1, 1, 0, 1, 1, 1]


async def test_what_takes_time_is_read_lean(practice: Store) -> None:
    gone = visit("d", 10, status=VisitStatus.CANCELLED)
    told_visits = [visit("a", 9, room="R1", notes="Ramp"), visit("b", 11), visit("c", day=NEXT), gone]
    await practice.write(visits.replace_window, "c1", "1", DAY, NEXT, told_visits, NOW)
    (first, _, second) = await practice.read(visits.on_day, DAY)
    whole = await practice.read(visits.busy_on, DAY, 1440, 0)
    assert whole == [(first.provider_id, 540, 30, "", "R1"), (first.provider_id, 660, 30, "", "")]
    # Half-open on both sides: what ends at 9:30 does not reach past it, what begins at 11:00 does not begin before.
    assert await practice.read(visits.busy_on, DAY, 660, 569) == whole[:1]
    assert await practice.read(visits.busy_on, DAY, 661, 570) == whole[1:]
    assert await practice.read(visits.notes, DAY) == {first.local_id: "Ramp"}
    assert second.vendor_id == "b"


async def test_only_a_linked_lead_is_called_a_new_patient(practice: Store) -> None:
    lead = await practice.write(patients.save, "c1", person("p1", is_lead=True))
    known = await practice.write(patients.save, "c1", person("p2"))
    await practice.write(visits.replace_window, "c1", "1", DAY, DAY, [visit("a"), visit("b", 10), visit("c", 11)], NOW)
    await practice.write(visit_links.link, "c1", "a", lead, "rosa", "booked here")
    await practice.write(visit_links.link, "c1", "b", known, "rosa", "booked here")
    assert [row.is_new_patient for row in await practice.read(visits.on_day, DAY)] == [True, False, False]


async def test_whom_a_schedule_names_shows_before_that_patient_is_read(practice: Store) -> None:
    named = visit("a", patient_vendor_id="7", patient_name="MARIGOLD FENWICK")
    await practice.write(visits.replace_window, "c1", "1", DAY, DAY, [named], NOW)
    row = await practice.read(visits.by_vendor, "c1", "a")
    assert row is not None
    assert (row.patient_id, row.patient_vendor_id, row.patient_name) == ("", "7", "MARIGOLD FENWICK")
    other = await practice.write(patients.save, "c1", person("8", "Jane", "Smith"))
    await practice.write(visit_links.link, "c1", "a", other, "a1", "a person said so")
    await practice.write(visit_links.unlink, "c1", "a")
    row = await practice.read(visits.by_vendor, "c1", "a")
    assert row is not None and (row.patient_id, row.patient_name) == ("", "MARIGOLD FENWICK")
    await practice.write(patients.save_all, "c1", [person("7", "Marigold", "Fenwick")])
    row = await practice.read(visits.by_vendor, "c1", "a")
    assert row is not None and (row.is_told, row.patient_name) == (True, "Marigold Fenwick")


async def test_time_a_system_blocks_is_nobodys_visit_and_takes_time(practice: Store) -> None:
    held = visit("block:1", 12, reason="Lunch", is_block=True)
    await practice.write(visits.replace_window, "c1", "1", DAY, DAY, [held], NOW)
    assert await practice.read(visit_links.schedule_names_patients, "c1") is None
    await practice.write(visits.replace_window, "c1", "1", DAY, DAY, [visit("a"), held], NOW)
    assert [row.is_block for row in await practice.read(visits.on_day, DAY)] == [False, True]
    [read] = await practice.read(visits.coverage, DAY, DAY)
    assert (read.visits, read.booked_minutes) == (1, 30)
    await practice.write(visits.save, "c1", visit("a", 10))
    [read] = await practice.read(visits.coverage, DAY, DAY)
    assert (read.visits, read.booked_minutes) == (1, 30)
    assert len(await practice.read(visits.busy_on, DAY, 24 * 60, 0)) == 2
