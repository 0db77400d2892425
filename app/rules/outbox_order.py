"""Which waiting job leaves first (FEATURES I16): a person's wish, with what a job depends on always before it."""

from __future__ import annotations

from collections.abc import Iterable

from app.model.errors import BadInput
from app.model.outbox import Job, JobState

_WAITS = frozenset({JobState.HELD, JobState.QUEUED})


def may_reorder(job: Job) -> bool:
    """Whether ``job`` has not left and still will."""
    return job.state in _WAITS


def reordered(job: Job, open_jobs: Iterable[Job], *, first: bool) -> dict[str, int]:
    """The places that let ``job`` leave before (or, not ``first``, after) everything else that waits.

    What it depends on goes ahead with it; what depends on it goes back with it. Raises BadInput for a job that does
    not wait (any more).
    """
    if not may_reorder(job):
        raise BadInput(
            "job",
            "This change does not wait in line.",
            f"It is {job.state.replace('_', ' ')}, so nothing was changed.",
            ("Look at the job again in Activity.",),
        )
    waiting = {each.job_id: each for each in open_jobs if may_reorder(each)} | {job.job_id: job}
    others = [each.place for each in waiting.values() if each.job_id != job.job_id]
    if not others:
        return {}
    place = min(others) - 1 if first else max(others) + 1
    together = _before(job, waiting) if first else _after(job, waiting)
    return {each: place for each in together if waiting[each].place != place}


def _before(job: Job, waiting: dict[str, Job]) -> set[str]:
    found = {job.job_id}
    while job.depends_on in waiting and job.depends_on not in found:
        job = waiting[job.depends_on]
        found.add(job.job_id)
    return found


def _after(job: Job, waiting: dict[str, Job]) -> set[str]:
    found, before = {job.job_id}, 0
    while len(found) > before:
        before = len(found)
        found |= {each.job_id for each in waiting.values() if each.depends_on in found}
    return found
