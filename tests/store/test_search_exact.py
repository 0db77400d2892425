"""The index against a plain reading of the rules, over invented people and queries."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.model.clock import FixedClock
from app.model.people import Patient
from app.store import connections, patients
from app.store.store import Store

from .conftest import KEY, NOW, connection, person

TODAY = date(2026, 3, 10)

names = st.text(alphabet="abeijmst", min_size=1, max_size=7)
digits = st.text(alphabet="0123", min_size=10, max_size=10)
dates = st.dates(date(1920, 1, 1), date(2026, 3, 1))
people = st.lists(
    st.builds(
        Patient,
        first_name=names,
        last_name=names,
        phone=digits,
        cell_phone=st.one_of(st.just(""), digits),
        birth_date=st.one_of(
            st.none(), st.sampled_from([date(1971, 3, 4), date(2012, 3, 4), date(1912, 3, 14)]), dates
        ),
        chart_number=st.text(alphabet="0123", max_size=5),
    ),
    min_size=1,
    max_size=60,
)
words = st.lists(
    st.one_of(
        st.text(alphabet="abeijmst", min_size=1, max_size=6),
        st.text(alphabet="0123", min_size=1, max_size=7),
        st.sampled_from(["3/4/71", "3/4/1971", "3/4/12", "3/4", "3/", "3/14/1"]),
    ),
    min_size=1,
    max_size=3,
).filter(lambda query: sum(word.isdigit() for word in query) < 2)  # two of them are read as one phone number


def fits(patient: Patient, word: str) -> bool:
    """The rule for one word, straight from its wording."""
    if "/" in word:
        return patient.birth_date is not None and date_fits(patient.birth_date, word)
    named = any(name.startswith(word) for name in (patient.first_name, patient.last_name))
    if word.isalpha():
        return named
    fragment = len(word) >= 4 and any(word in phone for phone in (patient.phone, patient.cell_phone))
    return named or fragment or patient.chart_number.startswith(word)


def date_fits(born: date, word: str) -> bool:
    month, day, year = [*word.split("/"), "", ""][:3]
    if born.month != int(month):
        return False
    if not year:
        return not day or born.day == int(day) or (len(day) == 1 and int(day) <= 3 and str(born.day).startswith(day))
    if born.day != int(day):
        return False
    return str(born.year).startswith(year) or (len(year) <= 2 and f"{born.year % 100:02d}".startswith(year))


async def compare(cast: list[Patient], active: list[int], queries: list[list[str]]) -> None:
    with TemporaryDirectory() as folder:
        clock = FixedClock(NOW)
        store = await Store.open(Path(folder) / "daybook.db", KEY, clock=clock)
        try:
            await store.write(connections.save, connection())
            told = [
                type(person("0"))(value=p, connection_id="c1", vendor_id=str(n), as_of=NOW) for n, p in enumerate(cast)
            ]
            await store.write(patients.save_all, "c1", told)
            order = {str(n): datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=n) for n in range(len(cast))}
            for number in active:
                vendor_id = str(number % len(cast))
                row = await store.read(patients.by_vendor, "c1", vendor_id)
                assert row is not None
                clock.advance(1)
                order[vendor_id] = clock.now()
                await store.write(patients.touch, row.local_id)
            for query in queries:
                got = await store.read(patients.search, " ".join(query), 20, today=TODAY)
                all_fitting = [str(n) for n, p in enumerate(cast) if all(fits(p, word) for word in query)]
                exact = sorted(all_fitting, key=order.__getitem__, reverse=True)[:20]
                assert [row.vendor_id for row in got] == exact, query
        finally:
            await store.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people, st.lists(st.integers(0, 1000), max_size=20), st.lists(words, min_size=5, max_size=25))
def test_search_is_exact_and_newest_first(cast: list[Patient], active: list[int], queries: list[list[str]]) -> None:
    asyncio.run(compare(cast, active, queries))
