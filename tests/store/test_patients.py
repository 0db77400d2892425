from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.model.changes import Change, Kind
from app.model.clock import FixedClock
from app.model.coverage import CoverageCopy, CoverageRecord
from app.model.errors import StoreError
from app.model.money import Money
from app.model.people import Address, Patient
from app.store import connections, coverage, patients, visits
from app.store.store import Store

from .conftest import DAY, NOW, connection, person, told, visit

TODAY = date(2026, 3, 10)


async def found(store: Store, text: str) -> list[str]:
    rows = await store.read(patients.search, text, today=TODAY)
    return [row.full_name() for row in rows]


@pytest.fixture
async def cast(practice: Store) -> Store:
    await practice.write(
        patients.save_all,
        "c1",
        [
            person("1", "Jane", "Smith", birth_date=date(1971, 3, 4), phone="(555) 123-4567", chart_number="1001"),
            person("2", "John", "Smithson", birth_date=date(1971, 3, 14), cell_phone="555.987.1234"),
            person("3", "Zoë", "O'Neil-García", nick_name="Zo", member_ids=("XW-123 456",)),
            person("4", "Marigold", "Fenwick", birth_date=date(2012, 11, 30), sms_phone="+1 555 321 7000"),
            person("5", "Smilla", "Jay", birth_date=date(1971, 3, 4), middle_name="Ann"),
        ],
    )
    return practice


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("smi j 3/4/71", ["Smilla Jay", "Jane Smith"]),
        ("SMITH", ["John Smithson", "Jane Smith"]),
        ("smith ja", ["Jane Smith"]),
        ("smi  jane", ["Jane Smith"]),
        ("ann", ["Smilla Jay"]),
        ("zo garcia", ["Zoë O'Neil-García"]),
        ("zoe", ["Zoë O'Neil-García"]),
        ("oneil", ["Zoë O'Neil-García"]),
        ("O'Neil-García", ["Zoë O'Neil-García"]),
        ("neil", ["Zoë O'Neil-García"]),
        ("3/4/1971", ["Smilla Jay", "Jane Smith"]),
        ("03-04-1971", ["Smilla Jay", "Jane Smith"]),
        ("1971-03-04", ["Smilla Jay", "Jane Smith"]),
        ("03041971", ["Smilla Jay", "Jane Smith"]),
        ("3/4/7", ["Smilla Jay", "Jane Smith"]),
        ("3/4", ["Smilla Jay", "Jane Smith"]),
        ("3/14/71", ["John Smithson"]),
        ("3/", ["Smilla Jay", "John Smithson", "Jane Smith"]),
        ("3/1", ["John Smithson"]),
        ("11/30/12", ["Marigold Fenwick"]),
        ("11/30/20", ["Marigold Fenwick"]),
        ("11/30/99", []),
        ("1234", ["John Smithson", "Zoë O'Neil-García", "Jane Smith"]),
        ("4567", ["Jane Smith"]),
        ("23-45", ["Jane Smith"]),
        ("555 123 4567", ["Jane Smith"]),
        ("(555) 123-4567", ["Jane Smith"]),
        ("+1 (555) 123-4567", ["Jane Smith"]),
        ("15551234567", ["Jane Smith"]),
        ("5553217000", ["Marigold Fenwick"]),
        ("567", []),
        ("45671", []),
        ("smi 1971", []),
        ("1001", ["Jane Smith"]),
        ("100", ["Jane Smith"]),
        ("123456", ["Jane Smith", "Zoë O'Neil-García"]),
        ("xw123", ["Zoë O'Neil-García"]),
        ("XW-123", ["Zoë O'Neil-García"]),
        ("smith 4567", ["Jane Smith"]),
        ("smith 7000", []),
        ("", []),
        ("   ", []),
        ("13/45/99", []),
        ("nobody", []),
    ],
)
async def test_the_search_box_understands(cast: Store, text: str, names: list[str]) -> None:
    assert sorted(await found(cast, text)) == sorted(names)


async def test_a_fragment_stands_in_one_number(practice: Store) -> None:
    parts = person("1", "Both", "Parts", phone="1234-555", cell_phone="2341-555")
    await practice.write(patients.save_all, "c1", [parts, person("2", "One", "Number", phone="512-341-5")])
    assert await found(practice, "12341") == ["One Number"]
    assert await found(practice, "1234") == ["One Number", "Both Parts"]
    assert await found(practice, "5552341") == []


async def test_newest_activity_comes_first(cast: Store, clock: FixedClock) -> None:
    assert await found(cast, "smi") == ["Smilla Jay", "John Smithson", "Jane Smith"]
    jane = (await cast.read(patients.search, "smith jane"))[0]
    assert jane.last_activity is None
    clock.advance(60)
    await cast.write(patients.touch, jane.local_id, "a1")
    assert (await found(cast, "smi"))[0] == "Jane Smith"
    john = (await cast.read(patients.search, "smithson"))[0]
    await cast.write(patients.touch, john.local_id, "a1")  # within the same millisecond
    assert (await found(cast, "smi"))[:2] == ["John Smithson", "Jane Smith"]
    row = (await cast.read(patients.search, "jane"))[0]
    assert row.local_id == jane.local_id
    assert row.last_activity == datetime(2026, 3, 10, 14, 44, tzinfo=UTC)
    assert [row.full_name() for row in await cast.read(patients.newest, 2)] == ["John Smithson", "Jane Smith"]


async def test_a_clock_set_back_loses_nobody(cast: Store, clock: FixedClock) -> None:
    people = await cast.read(patients.newest, 5)
    for person_ in people:
        await cast.write(patients.touch, person_.local_id, "a1")
    clock.set_wall(datetime(1969, 1, 1, tzinfo=UTC))
    for person_ in people:
        await cast.write(patients.touch, person_.local_id, "a1")
    assert await cast.read(patients.count) == 5
    assert len(await found(cast, "smi")) == 3


async def test_recent_ones_are_a_persons_own(cast: Store, clock: FixedClock) -> None:
    people = await cast.read(patients.newest, 5)
    for person_ in people[:3]:
        clock.advance(1)
        await cast.write(patients.touch, person_.local_id, "a1")
    await cast.write(patients.touch, people[4].local_id, "a2")
    mine = await cast.read(patients.recent, "a1", 2)
    assert [row.local_id for row in mine] == [people[2].local_id, people[1].local_id]
    assert [row.local_id for row in await cast.read(patients.recent, "a2")] == [people[4].local_id]
    with pytest.raises(StoreError):
        await cast.write(patients.touch, "nobody", "a1")


async def test_a_second_sync_replaces_keeps_ids_and_reindexes(cast: Store, clock: FixedClock) -> None:
    jane = (await cast.read(patients.search, "jane"))[0]
    await cast.write(patients.touch, jane.local_id)
    again = person("1", "Janet", "Rowan", phone="555-000-9999")
    await cast.write(patients.save_all, "c1", [again, person("6", "New", "Comer")])
    row = (await cast.read(patients.search, "rowan"))[0]
    assert (row.local_id, row.birth_date) == (jane.local_id, None)
    assert row.last_activity is not None
    assert await found(cast, "jane") == ["Janet Rowan"]
    assert await found(cast, "smith j 4567") == []
    assert await found(cast, "9999") == ["Janet Rowan"]
    assert await cast.read(patients.count) == 6
    whole = await cast.read(patients.get, jane.local_id)
    assert whole is not None
    assert (whole.value, whole.local_id, whole.vendor_id) == (again.value, jane.local_id, "1")


async def test_the_same_answer_again_only_says_how_fresh_it_is(cast: Store, clock: FixedClock) -> None:
    jane = (await cast.read(patients.search, "jane"))[0]
    clock.advance(3600)
    whole = await cast.read(patients.get, jane.local_id)
    assert whole is not None
    later = person("1").as_of.replace(hour=20)
    fresh = type(whole)(value=whole.value, connection_id="c1", vendor_id="1", as_of=later)
    await cast.write(patients.save_all, "c1", [fresh, fresh])
    row = (await cast.read(patients.search, "jane"))[0]
    assert (row.local_id, row.as_of, row.last_activity) == (jane.local_id, later, None)


async def test_one_created_here_is_active_at_once(cast: Store) -> None:
    local_id = await cast.write(patients.save, "c1", person("77", "Ada", "Smirnow"), account_id="a1")
    rows = await cast.read(patients.search, "smi")
    assert rows[0].local_id == local_id
    assert [row.local_id for row in await cast.read(patients.recent, "a1")] == [local_id]
    assert (await cast.read(patients.by_vendor, "c1", "77")) == rows[0]
    assert await cast.read(patients.row_of, local_id) == rows[0]
    assert await cast.read(patients.name_of, local_id) == "Ada Smirnow"


HOSTILE = [
    "<b>x</b>",
    "\u202eright to left\u202c",
    "🩺 Doktor 🩺",
    "a" * 300,
    "Robert'); DROP TABLE patients;--",
    '"quoted" AND (NEAR OR *) -NOT {terms}: ^x',
    "null\x00byte",
    "محمد",
    "李小龍",
    "ﬁnancial ẞtraße",
    "é" * 3 + "é",
    " ",
]


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_come_back_as_they_went_in_and_search_never_fails(practice: Store, name: str) -> None:
    value = Patient(
        first_name=name,
        last_name=name,
        phone=name,
        chart_number=name,
        member_ids=(name,),
        notes=name,
        address=Address(street=name),
        extra={name: name},
    )
    local_id = await practice.write(patients.save, "c1", person(name))
    await practice.write(
        patients.save, "c1", type(person("x"))(value=value, connection_id="c1", vendor_id=name, as_of=person("x").as_of)
    )
    kept = await practice.read(patients.get, local_id)
    assert kept is not None
    assert kept.value == value
    rows = await practice.read(patients.search, name)
    if any(char.isalnum() for char in name):
        assert [row.first_name for row in rows] == [name]
    for text in (name[:2], name + "*", f'"{name}', f"{name}:{name}", f"n{name} OR", f"({name}"):
        await practice.read(patients.search, text)
    await practice.read(patients.candidates, value)


async def test_candidates_for_the_duplicate_check(cast: Store) -> None:
    async def names(**fields: Any) -> set[str]:
        rows = await cast.read(patients.candidates, Patient(**fields))
        return {row.full_name() for row in rows}

    assert await names(first_name="J.", last_name="Smith") == {"Jane Smith"}
    assert await names(first_name="Smilla", birth_date=date(1971, 3, 4)) == {"Smilla Jay"}
    assert await names(phone="+1 555 123 4567") == {"Jane Smith"}
    assert await names(first_name="Nobody", last_name="Known", birth_date=date(1971, 3, 4)) == set()
    assert await names() == set()


async def test_the_same_person_in_two_systems_is_linked_never_merged(cast: Store) -> None:
    await cast.write(connections.save, connection("c2"))
    await cast.write(connections.save, connection("c3"))
    two = await cast.write(patients.save, "c2", person("90", "Jane", "Smith", connection_id="c2"))
    three = await cast.write(patients.save, "c3", person("91", "Jane", "Smith", connection_id="c3"))
    one = (await cast.read(patients.search, "jane 4567"))[0].local_id
    await cast.write(patients.link_persons, two, one, ["same birth date", "same name"], "a1")
    await cast.write(patients.link_persons, two, three, ["a person said so"], "a1")
    linked = await cast.read(patients.linked, one)
    assert {link.patient.local_id for link in linked} == {two, three}
    assert next(link.reasons for link in linked if link.patient.local_id == three) == ("a person said so",)
    assert await cast.read(patients.count) == 7
    await cast.write(patients.unlink_persons, three, two)
    assert [link.patient.local_id for link in await cast.read(patients.linked, one)] == [two]
    assert await cast.read(patients.linked, three) == []


async def test_names_on_visits_follow_the_patient(practice: Store) -> None:
    await practice.write(
        visits.replace_window, "c1", "1", DAY, DAY, [visit("v1", patient_vendor_id="1")], visit("v1").as_of
    )
    (row,) = await practice.read(visits.on_day, DAY)
    assert (row.patient_id, row.patient_name) == ("", "")
    heard: list[Change] = []
    practice.subscribe(heard.extend)
    await practice.write(patients.save_all, "c1", [person("1", "Jane", "Smith")])
    (row,) = await practice.read(visits.on_day, DAY)
    assert row.patient_name == "Jane Smith"
    assert Change(kind=Kind.VISITS, days=frozenset({DAY})) in heard
    await practice.write(patients.save_all, "c1", [person("1", "Jane", "Rowan")])
    (row,) = await practice.read(visits.on_day, DAY)
    assert row.patient_name == "Jane Rowan"
    assert [visit_.vendor_id for visit_ in await practice.read(visits.of_patient, row.patient_id)] == ["v1"]


async def test_insurance_is_what_the_system_told_last(practice: Store) -> None:
    first = told(CoverageRecord(rank=1, payer_name="Harborlight", copay=Money.parse("25.00")), "7/1")
    second = told(CoverageRecord(rank=2, payer_name="Lantern", ends=date(2026, 1, 31)), "7/2")
    heard: list[Change] = []
    unsubscribe = practice.subscribe(heard.extend)
    assert await practice.read(coverage.of_patient, "c1", "7") is None
    await practice.write(coverage.keep, "c1", "7", [second, first], NOW)
    copy = await practice.read(coverage.of_patient, "c1", "7")
    assert copy == CoverageCopy(as_of=NOW, policies=(first, second))
    later = NOW + timedelta(hours=1)
    await practice.write(coverage.keep, "c1", "7", [], later)
    assert await practice.read(coverage.of_patient, "c1", "7") == CoverageCopy(as_of=later)
    assert [change.kind for change in heard] == [Kind.COVERAGE, Kind.COVERAGE]
    # An answer that was asked for before and came later is an old one.
    await practice.write(coverage.keep, "c1", "7", [first], NOW)
    assert await practice.read(coverage.of_patient, "c1", "7") == CoverageCopy(as_of=later)
    unsubscribe()
    await practice.write(connections.remove, "c1")
    assert await practice.read(coverage.of_patient, "c1", "7") is None
    assert await practice.read(lambda conn: conn.execute("SELECT count(*) FROM coverage").fetchone()) == (0,)
