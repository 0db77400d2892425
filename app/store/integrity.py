"""Whether the file is whole: every page's seal, the tables' structure, the search index."""

from __future__ import annotations

import msgspec

from app.store.database import DatabaseFailure, Reader, failure_in_words


class StoreReport(msgspec.Struct, frozen=True, kw_only=True):
    """The check-up of a store, free of patient data."""

    version: int
    bytes_used: int
    patients: int
    visits: int
    open_jobs: int


def problems(conn: Reader, *, deep: bool = False) -> tuple[str, ...]:
    """What is wrong with the file, in words; nothing if it is whole. ``deep`` also compares indexes with tables.

    Reads the whole file: seconds for a large one, so never before the first window.
    """
    found: list[str] = []
    try:
        broken = conn.execute("PRAGMA cipher_integrity_check").fetchall()
        if broken:
            found.append(f"Damaged pages in the store: {len(broken)}.")
        check = "integrity_check" if deep else "quick_check"
        answers = [str(row[0]) for row in conn.execute(f"PRAGMA {check}(20)")]
        if answers != ["ok"]:
            found.append(f"The store's structure is damaged in {len(answers)} places.")
        if not found:
            found += _index_problems(conn)
    except DatabaseFailure as failure:
        found.append(failure_in_words(failure).happened)
    return tuple(found)


def _index_problems(conn: Reader) -> list[str]:
    missing = conn.execute(
        "SELECT (SELECT count(*) FROM patients) - (SELECT count(*) FROM patient_index_docsize)"
    ).fetchone()[0]
    return [f"The search index and the patients differ by {abs(missing)} records."] if missing else []


def report(conn: Reader) -> StoreReport:
    """Size and counts of a whole store (``problems`` says whether it is), for the check-up."""

    def one(sql: str) -> int:
        return int(conn.execute(sql).fetchone()[0])

    return StoreReport(
        version=one("PRAGMA user_version"),
        bytes_used=one("PRAGMA page_count") * one("PRAGMA page_size"),
        patients=one("SELECT count(*) FROM patients"),
        visits=one("SELECT count(*) FROM visits"),
        open_jobs=one("SELECT count(*) FROM jobs WHERE state NOT IN ('confirmed', 'cancelled')"),
    )
