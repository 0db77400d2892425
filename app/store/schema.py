"""The tables as the releases make them.

Integer ``no`` keys stand inside for connections and providers, so that rows stay small; what leaves the room is
always the text id. Times are microseconds since 1970, days are proleptic ordinals, minutes count from local midnight.
``value`` columns hold the whole ``app.model`` value as JSON; the other columns are what queries and lists need of it.
"""

from __future__ import annotations

_CONNECTIONS = (
    """CREATE TABLE connections (
        no INTEGER PRIMARY KEY, connection_id TEXT NOT NULL UNIQUE, value BLOB NOT NULL) STRICT""",
    """CREATE TABLE locations (
        location_id TEXT PRIMARY KEY, name TEXT NOT NULL, time_zone TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE sealed (
        connection_id TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (connection_id, name)) STRICT, WITHOUT ROWID""",
)

_SCHEDULE = (
    """CREATE TABLE providers (
        no INTEGER PRIMARY KEY, provider_id TEXT NOT NULL UNIQUE, connection_no INTEGER NOT NULL,
        vendor_id TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, specialty TEXT NOT NULL, npi TEXT NOT NULL,
        active INTEGER NOT NULL, as_of INTEGER NOT NULL, UNIQUE (connection_no, vendor_id)) STRICT""",
    """CREATE TABLE visit_types (
        connection_no INTEGER NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (connection_no, name)) STRICT, WITHOUT ROWID""",
    # Clustered by day and provider: a day's grid reads neighbouring pages, however many days the store holds.
    """CREATE TABLE visits (
        day INTEGER NOT NULL, provider_no INTEGER NOT NULL, start_minute INTEGER NOT NULL, local_id TEXT NOT NULL,
        connection_no INTEGER NOT NULL, vendor_id TEXT NOT NULL, minutes INTEGER NOT NULL, visit_type TEXT NOT NULL,
        status TEXT NOT NULL, patient_vendor_id TEXT NOT NULL, patient_id TEXT NOT NULL, patient_name TEXT NOT NULL,
        reason TEXT NOT NULL, room TEXT NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (day, provider_no, start_minute, local_id)) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX visits_by_vendor_id ON visits (connection_no, vendor_id)",
    "CREATE UNIQUE INDEX visits_by_local_id ON visits (local_id)",
    "CREATE INDEX visits_by_patient ON visits (patient_id) WHERE patient_id <> ''",
    """CREATE INDEX visits_by_patient_vendor_id ON visits (connection_no, patient_vendor_id)
        WHERE patient_vendor_id <> ''""",
    # A person (or our own booking) said whose visit it is; survives every sync because it is not part of the visit.
    """CREATE TABLE visit_links (
        connection_no INTEGER NOT NULL, vendor_id TEXT NOT NULL, patient_id TEXT NOT NULL, actor_id TEXT NOT NULL,
        source TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (connection_no, vendor_id)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX visit_links_by_patient ON visit_links (patient_id)",
    # That a provider's day was read, when, and what it adds up to.
    """CREATE TABLE schedule_days (
        day INTEGER NOT NULL, provider_no INTEGER NOT NULL, as_of INTEGER NOT NULL, booked_minutes INTEGER NOT NULL,
        visits INTEGER NOT NULL, PRIMARY KEY (day, provider_no)) STRICT, WITHOUT ROWID""",
    # All open starts of a provider's day in one row: two bytes a start, little endian.
    """CREATE TABLE open_days (
        provider_no INTEGER NOT NULL, minutes INTEGER NOT NULL, day INTEGER NOT NULL, starts BLOB NOT NULL,
        as_of INTEGER NOT NULL, PRIMARY KEY (provider_no, minutes, day)) STRICT, WITHOUT ROWID""",
    "CREATE TABLE provider_rules (provider_id TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
)

_PATIENTS = (
    # ``id`` is the order of last activity (see patients.py), so that the newest matches are the first ones read.
    """CREATE TABLE patients (
        id INTEGER PRIMARY KEY, local_id TEXT NOT NULL, connection_no INTEGER NOT NULL, vendor_id TEXT NOT NULL,
        first_name TEXT NOT NULL, last_name TEXT NOT NULL, birth_day INTEGER, phone TEXT NOT NULL,
        chart_number TEXT NOT NULL, is_lead INTEGER NOT NULL, as_of INTEGER NOT NULL, digits TEXT NOT NULL,
        value BLOB NOT NULL) STRICT""",
    "CREATE UNIQUE INDEX patients_by_local_id ON patients (local_id)",
    "CREATE UNIQUE INDEX patients_by_vendor_id ON patients (connection_no, vendor_id)",
    """CREATE VIRTUAL TABLE patient_index USING fts5 (
        terms, content='', contentless_delete=1, detail=none, tokenize='ascii')""",
    """CREATE TABLE recent_patients (
        account_id TEXT NOT NULL, patient_id TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (account_id, patient_id)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX recent_patients_by_time ON recent_patients (account_id, at)",
    "CREATE INDEX recent_patients_by_patient ON recent_patients (patient_id)",
    # The same person in two systems: linked, with reasons, never merged. ``one`` sorts before ``other``.
    """CREATE TABLE person_links (
        one TEXT NOT NULL, other TEXT NOT NULL, reasons BLOB NOT NULL, actor_id TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (one, other)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX person_links_by_other ON person_links (other)",
)

_OUTBOX = (
    """CREATE TABLE jobs (
        no INTEGER PRIMARY KEY, job_id TEXT NOT NULL UNIQUE, idempotency_key TEXT NOT NULL UNIQUE,
        connection_id TEXT NOT NULL, state TEXT NOT NULL, depends_on TEXT NOT NULL, value BLOB NOT NULL) STRICT""",
    "CREATE INDEX jobs_open ON jobs (state) WHERE state NOT IN ('confirmed', 'cancelled')",
    "CREATE INDEX jobs_by_dependency ON jobs (depends_on) WHERE depends_on <> ''",
    "CREATE INDEX jobs_by_connection ON jobs (connection_id)",
    """CREATE TRIGGER jobs_stay_final BEFORE UPDATE OF state ON jobs WHEN old.state IN ('confirmed', 'cancelled')
        BEGIN SELECT raise(ABORT, 'a finished job does not move'); END""",
    """CREATE TABLE job_events (
        job_no INTEGER NOT NULL, number INTEGER NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (job_no, number)) STRICT, WITHOUT ROWID""",
)

_PEOPLE = (
    """CREATE TABLE accounts (
        account_id TEXT PRIMARY KEY, user_name TEXT NOT NULL COLLATE NOCASE UNIQUE, password_hash TEXT NOT NULL,
        value BLOB NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE settings (
        scope TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (scope, key)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE drafts (
        account_id TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (account_id, key)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE audit (
        sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor_id TEXT NOT NULL, actor_name TEXT NOT NULL,
        action TEXT NOT NULL, subject TEXT NOT NULL, patient_id TEXT NOT NULL, practice TEXT NOT NULL,
        workstation TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, digest TEXT NOT NULL) STRICT""",
    "CREATE INDEX audit_by_actor ON audit (actor_id, sequence)",
    "CREATE INDEX audit_by_patient ON audit (patient_id, sequence) WHERE patient_id <> ''",
    "CREATE INDEX audit_by_action ON audit (action, sequence)",
    """CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
        BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
        BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_is_not_filled_in BEFORE INSERT ON audit
        WHEN new.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit)
        BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END""",
)

#: The first release's schema.
FIRST = (*_CONNECTIONS, *_SCHEDULE, *_PATIENTS, *_OUTBOX, *_PEOPLE)

#: Clearinghouses: documents kept whole, what they said, files that left, payers, enrollments.
SECOND = (
    # Reports, remittances and files of claims as they are; ``sha256`` tells one content from another.
    """CREATE TABLE documents (
        no INTEGER PRIMARY KEY, connection_id TEXT NOT NULL, sha256 TEXT NOT NULL, name TEXT NOT NULL,
        at INTEGER NOT NULL, content BLOB NOT NULL, UNIQUE (connection_id, sha256)) STRICT""",
    # A report by its name at the vendor, with what was read in it.
    """CREATE TABLE reports (
        no INTEGER PRIMARY KEY, connection_id TEXT NOT NULL, vendor_id TEXT NOT NULL, sha256 TEXT NOT NULL,
        kind TEXT NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL, UNIQUE (connection_id, vendor_id)) STRICT""",
    "CREATE INDEX reports_by_time ON reports (connection_id, at)",
    # News of claims apart, to be found by any of the numbers a claim goes by (folded to upper case).
    """CREATE TABLE claim_news (
        no INTEGER PRIMARY KEY, report_no INTEGER NOT NULL, connection_id TEXT NOT NULL, account TEXT NOT NULL,
        clearinghouse_number TEXT NOT NULL, payer_number TEXT NOT NULL, value BLOB NOT NULL) STRICT""",
    "CREATE INDEX claim_news_by_report ON claim_news (report_no)",
    "CREATE INDEX claim_news_by_account ON claim_news (connection_id, account) WHERE account <> ''",
    """CREATE INDEX claim_news_by_clearinghouse ON claim_news (connection_id, clearinghouse_number)
        WHERE clearinghouse_number <> ''""",
    "CREATE INDEX claim_news_by_payer ON claim_news (connection_id, payer_number) WHERE payer_number <> ''",
    """CREATE TABLE sent_files (
        connection_id TEXT NOT NULL, sha256 TEXT NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (connection_id, sha256)) STRICT, WITHOUT ROWID""",
    # What needs a person; a dismissed one stays, so that it is not told again.
    """CREATE TABLE notices (
        notice_id TEXT PRIMARY KEY, connection_id TEXT NOT NULL, at INTEGER NOT NULL, dismissed INTEGER NOT NULL,
        value BLOB NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE payer_lists (
        connection_id TEXT PRIMARY KEY, at INTEGER NOT NULL, origin TEXT NOT NULL, doubts BLOB NOT NULL)
        STRICT, WITHOUT ROWID""",
    """CREATE TABLE payers (
        no INTEGER PRIMARY KEY, connection_id TEXT NOT NULL, payer_id TEXT NOT NULL, plain_name TEXT NOT NULL,
        transaction_name TEXT NOT NULL, value BLOB NOT NULL) STRICT""",
    "CREATE INDEX payers_by_id ON payers (connection_id, payer_id)",
    "CREATE INDEX payers_by_name ON payers (connection_id, plain_name)",
    """CREATE VIRTUAL TABLE payer_index USING fts5 (
        terms, content='', contentless_delete=1, detail=none, prefix='1 2 3', tokenize='ascii')""",
    """CREATE TABLE enrollments (
        connection_id TEXT NOT NULL, provider_npi TEXT NOT NULL, payer_id TEXT NOT NULL, transaction_name TEXT NOT NULL,
        value BLOB NOT NULL, PRIMARY KEY (connection_id, provider_npi, payer_id, transaction_name))
        STRICT, WITHOUT ROWID""",
)

#: Patients' insurance, and blocked time that systems tell.
THIRD = (
    # Time that a system lists among its visits and that is nobody's.
    "ALTER TABLE visits ADD COLUMN is_block INTEGER NOT NULL DEFAULT 0",
    # All policies of a patient in one row, as their system told them; a row without policies says: none there.
    """CREATE TABLE coverage (
        connection_no INTEGER NOT NULL, patient_vendor_id TEXT NOT NULL, as_of INTEGER NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (connection_no, patient_vendor_id)) STRICT, WITHOUT ROWID""",
)
