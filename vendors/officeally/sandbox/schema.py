"""The simulator's own database: the practice, the clearinghouse's files and claims, the payers' decisions."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime

SCHEMA = """
CREATE TABLE providers (id INTEGER PRIMARY KEY, name TEXT, npi TEXT, interval INTEGER);
CREATE TABLE hours (provider_id INTEGER, weekday INTEGER, start INTEGER, stop INTEGER, start2 INTEGER, stop2 INTEGER);
CREATE TABLE patients (
    id INTEGER PRIMARY KEY, alt TEXT, ally TEXT, last TEXT, first TEXT, middle TEXT, birth TEXT, sex TEXT, address TEXT,
    city TEXT, state TEXT, zip TEXT, home TEXT, cell TEXT, email TEXT, pcp TEXT
);
CREATE TABLE policies (
    patient_id INTEGER, rank INTEGER, plan TEXT, subscriber TEXT, grp TEXT, relationship TEXT, insured_last TEXT,
    insured_first TEXT, insured_birth TEXT, effective TEXT, termination TEXT, copay TEXT,
    PRIMARY KEY (patient_id, rank)
);
CREATE TABLE appointments (
    id INTEGER PRIMARY KEY, provider_id INTEGER, patient_id INTEGER, day TEXT, start INTEGER, minutes INTEGER,
    reason TEXT, status TEXT
);
CREATE INDEX appointments_of_day ON appointments (day, provider_id);
CREATE TABLE members (
    plan TEXT, member_id TEXT, last TEXT, first TEXT, birth TEXT, sex TEXT, script TEXT, PRIMARY KEY (plan, member_id)
);
CREATE TABLE enrollments (
    plan TEXT, txn TEXT, npi TEXT, status TEXT, since TEXT, contact TEXT, PRIMARY KEY (plan, txn, npi)
);
CREATE TABLE files (
    id TEXT PRIMARY KEY, name TEXT, is_test INTEGER, channel TEXT, uploaded TEXT, processed TEXT, status TEXT,
    cause TEXT, split TEXT, sender TEXT, control TEXT, claims INTEGER DEFAULT 0, accepted INTEGER DEFAULT 0,
    rejected INTEGER DEFAULT 0, summary BLOB, content BLOB
);
CREATE TABLE claims (
    id TEXT PRIMARY KEY, file_id TEXT, account TEXT, payer TEXT, plan TEXT, member TEXT, last TEXT, first TEXT,
    birth TEXT, from_day TEXT, to_day TEXT, npi TEXT, tax_id TEXT, charge INTEGER, status TEXT, reasons TEXT,
    is_test INTEGER, received TEXT, record TEXT, payer_control TEXT DEFAULT '', decided TEXT DEFAULT '',
    payer_words TEXT DEFAULT '', paid INTEGER, checked TEXT DEFAULT ''
);
CREATE INDEX claims_of_file ON claims (file_id);
CREATE INDEX claims_by_account ON claims (account);
CREATE TABLE events (number INTEGER PRIMARY KEY, due TEXT, kind TEXT, ref TEXT);
CREATE INDEX events_by_due ON events (due, number);
CREATE TABLE shelf (
    folder TEXT, name TEXT, written TEXT, size INTEGER, content BLOB, script TEXT, whole_at REAL DEFAULT 0,
    PRIMARY KEY (folder, name)
);
CREATE TABLE checks (
    number TEXT PRIMARY KEY, plan TEXT, day TEXT, amount INTEGER, file_id TEXT, name TEXT, bundle BLOB, claims INTEGER
);
CREATE TABLE check_lines (
    check_number TEXT, account TEXT, patient TEXT, line INTEGER, charge INTEGER, paid INTEGER, adjusted INTEGER,
    patient_share INTEGER, posted INTEGER DEFAULT 0, PRIMARY KEY (check_number, account, line)
);
CREATE TABLE transmissions (number INTEGER PRIMARY KEY, at TEXT, plan TEXT, claim_id TEXT, account TEXT, file_id TEXT);
CREATE TABLE notes (number INTEGER PRIMARY KEY, at TEXT, kind TEXT, words TEXT);
CREATE TABLE numbers (name TEXT PRIMARY KEY, last INTEGER);
"""

#: The first numbers given out, as long as the vendor's.
_FIRST = {"file": 481_230_000, "claim": 4_812_300_000, "control": 4_700, "check": 99_800, "patient": 1_000}


def connect() -> sqlite3.Connection:
    """An empty database in memory, rows by name; ``fold(text)`` there compares names in every alphabet."""
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    database.create_function("fold", 1, str.casefold, deterministic=True)
    return database


def make(database: sqlite3.Connection) -> None:
    """Make the tables, and begin to count."""
    database.executescript(SCHEMA)
    database.executemany("INSERT INTO numbers VALUES (?,?)", _FIRST.items())


def next_number(database: sqlite3.Connection, name: str, step: int = 1) -> int:
    """A number that was never given before: file, claim, control, check, patient."""
    row = database.execute("UPDATE numbers SET last = last + ? WHERE name = ? RETURNING last", (step, name)).fetchone()
    return int(row[0])


def us(value: str | date | datetime) -> str:
    """A day as the vendor writes it: 03/10/2026. Text is an ISO date, or nothing."""
    if not value:
        return ""
    day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{day:%m/%d/%Y}"


def from_us(text: str) -> str:
    """``03/10/2026`` (or 3/10/2026) → ``2026-03-10``. Raises ValueError for what is no day."""
    month, day, year = text.strip().split("/")
    if len(year) != 4:
        raise ValueError(text)
    return date(int(year), int(month), int(day)).isoformat()


def plain(cents: int) -> str:
    """Money as reports write it: ``185.00``."""
    sign, value = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{value // 100}.{value % 100:02d}"
