"""Hot queries keep their plan: a scan that slips in shows here, not at a practice with a million patients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.model.outbox import JobKind
from app.model.people import Patient
from app.store import audit, documents, outbox, patients, payers, providers, reports, slots, visits
from app.store.database import Reader
from app.store.store import Store

from .conftest import DAY, NOW, person

HOT: dict[str, Callable[[Reader], Any]] = {
    "a day": lambda c: visits.on_day(c, DAY),
    "what a day's bookings take": lambda c: visits.busy_on(c, DAY, 1440, 0),
    "a day's notes": lambda c: visits.notes(c, DAY),
    "a provider's week": lambda c: visits.between(c, DAY, DAY, ["p"]),
    "a visit": lambda c: visits.get(c, "v"),
    "a visit by vendor id": lambda c: visits.by_vendor(c, "c1", "v"),
    "visits of a patient": lambda c: visits.of_patient(c, "p"),
    "visits known on a day": lambda c: visits.vendor_ids(c, "c1", "1", DAY),
    "loads": lambda c: visits.loads(c, DAY, DAY),
    "open days": lambda c: slots.days(c, ["p"], DAY, DAY, 30),
    "search": lambda c: patients.search(c, "smi j 3/4/71 5551234"),
    "a patient": lambda c: patients.get(c, "p"),
    "a patient by vendor id": lambda c: patients.by_vendor(c, "c1", "1"),
    "newest patients": patients.newest,
    "recent patients": lambda c: patients.recent(c, "a1"),
    "candidates": lambda c: patients.candidates(c, Patient(first_name="A", last_name="B")),
    "a provider": lambda c: providers.by_vendor(c, "c1", "1"),
    "a job": lambda c: outbox.get(c, "j"),
    "due jobs": lambda c: outbox.due(c, NOW),
    "open jobs": outbox.unfinished,
    "what jobs made": lambda c: outbox.made(c, "c1", JobKind.BOOK_VISIT),
    "payers": lambda c: payers.search(c, "heron"),
    "routes": lambda c: payers.routes(c, "c1", ["BHH01"]),
    "claim news": lambda c: reports.claim_news(c, "c1", ["DBK-1"]),
    "reports of late": lambda c: reports.since(c, "c1", NOW),
    "a document": lambda c: documents.content(c, "c1", "x"),
    "the audit log": audit.entries,
    "the audit log of a person": lambda c: audit.entries(c, actor_id="a", before_sequence=9),
    "the audit log of a patient": lambda c: audit.entries(c, patient_id="p"),
}

#: Small by nature (providers, the open jobs' own index, the call's own list, FTS5's settings), or terms of the
#: search index.
_SMALL = (
    "SCAN json_each",
    "SCAN providers",
    "SCAN i VIRTUAL TABLE INDEX",
    "SCAN patient_index VIRTUAL TABLE INDEX",
    "SCAN payer_index VIRTUAL TABLE INDEX",
    "SCAN main.",
)
_ORDERED = ("SCAN p", "SCAN audit")  # the newest rows of a LIMIT query, by primary key


def plans(connection: Reader, call: Callable[[Reader], Any]) -> list[str]:
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    try:
        call(connection)
    finally:
        connection.set_trace_callback(None)
    selects = [text for text in statements if text.lstrip().startswith(("SELECT", "WITH"))]
    assert selects
    return [str(row[3]) for text in selects for row in connection.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()]


@pytest.mark.parametrize("name", HOT)
async def test_hot_queries_search_by_index(practice: Store, name: str) -> None:
    await practice.write(patients.save, "c1", person("1", "Jane", "Smith"))
    found = await practice.read(plans, HOT[name])
    scans = [step for step in found if step.startswith("SCAN") and not step.startswith(_SMALL)]
    if name in {"newest patients", "the audit log"}:
        assert scans in ([step] for step in _ORDERED)
        scans = []
    assert [step for step in scans if not step.endswith("USING INDEX jobs_open")] == []
    assert not [step for step in found if "TEMP B-TREE" in step and name in {"a day", "search", "newest patients"}]
    assert not [step for step in found if "AUTOMATIC" in step]
