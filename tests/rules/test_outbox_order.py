"""A waiting job is put first or last; what depends on what is never torn apart."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.errors import BadInput
from app.model.outbox import Job, JobKind, JobState
from app.rules.outbox_order import reordered

NOW = datetime(2026, 3, 10, 15, 43, tzinfo=UTC)


def job(number: int, depends_on: int = -1, state: JobState = JobState.QUEUED, place: int = 0) -> Job:
    return Job(
        job_id=f"j{number}",
        kind=JobKind.BOOK_VISIT,
        connection_id="c1",
        idempotency_key=f"k{number}",
        short_code="ABC234",
        state=state,
        summary="Creates 1 visit",
        payload=b"",
        actor_id="rosa",
        created_at=NOW,
        depends_on=f"j{depends_on}" if depends_on >= 0 else "",
        place=place,
    )


def order(jobs: list[Job], places: dict[str, int]) -> list[str]:
    """As the store hands them out: by place, then as they were asked for."""
    return [each.job_id for each in sorted(jobs, key=lambda each: places.get(each.job_id, each.place))]


@st.composite
def lines(draw: st.DrawFn) -> list[Job]:
    count = draw(st.integers(2, 9))
    places = st.integers(-2, 2)
    jobs: list[Job] = []
    for number in range(count):
        parent = draw(st.integers(-1, number - 1))
        # As the rule itself leaves them: never before what they depend on.
        least = jobs[parent].place if parent >= 0 else -2
        jobs.append(job(number, parent, place=max(least, draw(places))))
    return jobs


@given(lines(), st.data(), st.booleans())
def test_nothing_overtakes_what_it_depends_on(jobs: list[Job], data: st.DataObject, first: bool) -> None:
    chosen = data.draw(st.sampled_from(jobs))
    places = reordered(chosen, jobs, first=first)
    line = order(jobs, places)
    for each in jobs:
        if each.depends_on:
            assert line.index(each.depends_on) < line.index(each.job_id)
    family = set(places) | {chosen.job_id}
    at = [line.index(each) for each in family]
    rest = [line.index(each.job_id) for each in jobs if each.job_id not in family]
    if places and rest:
        assert max(at) < min(rest) if first else min(at) > max(rest)


def test_a_patient_to_be_made_goes_ahead_with_her_booking() -> None:
    jobs = [job(0), job(1), job(2, depends_on=1), job(3)]
    assert order(jobs, reordered(jobs[2], jobs, first=True)) == ["j1", "j2", "j0", "j3"]
    assert order(jobs, reordered(jobs[1], jobs, first=False)) == ["j0", "j3", "j1", "j2"]


def test_alone_there_is_nothing_to_reorder_and_what_left_stays_where_it_is() -> None:
    assert reordered(job(0), [job(0)], first=True) == {}
    for state in (JobState.SENDING, JobState.UNKNOWN, JobState.CONFIRMED, JobState.NEEDS_PERSON):
        with pytest.raises(BadInput, match="does not wait in line"):
            reordered(job(0, state=state), [job(1)], first=True)
