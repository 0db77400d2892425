"""Reports of clearinghouses and what they said: by report, by any number of a claim, and the files that left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from app.model.changes import Change, Kind
from app.model.claim_news import ClaimNews, Report, SentFile
from app.model.clearing_views import ReportNotice
from app.store import documents
from app.store.database import Reader, as_list
from app.store.times import from_us, to_us
from app.store.tx import Tx

_report = msgspec.json.Decoder(Report).decode
_news = msgspec.json.Decoder(ClaimNews).decode
_sent = msgspec.json.Decoder(SentFile).decode
_notice = msgspec.json.Decoder(ReportNotice).decode

#: News by each number a claim goes by; the second question mark is a list of them.
_BY_NUMBER = {
    "account": "SELECT no, value FROM claim_news WHERE connection_id = ?"
    " AND account IN (SELECT value FROM json_each(?)) AND account <> ''",
    "clearinghouse_number": "SELECT no, value FROM claim_news WHERE connection_id = ?"
    " AND clearinghouse_number IN (SELECT value FROM json_each(?)) AND clearinghouse_number <> ''",
    "payer_number": "SELECT no, value FROM claim_news WHERE connection_id = ?"
    " AND payer_number IN (SELECT value FROM json_each(?)) AND payer_number <> ''",
}


def known(conn: Reader, connection_id: str) -> dict[str, int]:
    """The reports that were read already: the vendor's name of each, and how long it was listed then (bytes)."""
    rows = conn.execute(
        "SELECT vendor_id, coalesce(json_extract(value, '$.bytes_listed'), 0) FROM reports WHERE connection_id = ?",
        (connection_id,),
    )
    return {row[0]: row[1] for row in rows}


def save(tx: Tx, connection_id: str, vendor_id: str, content: bytes, report: Report) -> bool:
    """Keep a report whole and what it says; False where the very same content was read under another name before.

    A report that could not be had has no content, and is nobody's copy.
    """
    conn = tx.connection
    sha256 = documents.put(tx, connection_id, report.name, content)
    first = conn.execute(
        "SELECT vendor_id FROM reports WHERE connection_id = ? AND sha256 = ? ORDER BY no LIMIT 1",
        (connection_id, sha256),
    ).fetchone()
    is_copy = bool(content) and first is not None and first[0] != vendor_id
    said = msgspec.structs.replace(report, claims=())
    if is_copy:
        said = Report(kind=report.kind, name=report.name, bytes_listed=report.bytes_listed)
    row = conn.execute(
        "INSERT INTO reports (connection_id, vendor_id, sha256, kind, at, value) VALUES (?,?,?,?,?,?)"
        " ON CONFLICT (connection_id, vendor_id) DO UPDATE SET sha256 = excluded.sha256, kind = excluded.kind,"
        " value = excluded.value RETURNING no",
        (connection_id, vendor_id, sha256, report.kind.value, to_us(tx.now()), msgspec.json.encode(said)),
    ).fetchone()
    conn.execute("DELETE FROM claim_news WHERE report_no = ?", (row[0],))
    if not is_copy and not report.of_another:
        conn.executemany(
            "INSERT INTO claim_news (report_no, connection_id, account, clearinghouse_number, payer_number, value)"
            " VALUES (?,?,?,?,?,?)",
            [(row[0], connection_id, *_numbers(news), msgspec.json.encode(news)) for news in report.claims],
        )
    tx.changed(Change(kind=Kind.REPORTS, connection_id=connection_id))
    return not is_copy


def _numbers(news: ClaimNews) -> tuple[str, str, str]:
    payer = f"{news.payer_id}/{news.payer_number}" if news.payer_number else ""
    return news.account.strip().upper(), news.clearinghouse_number.strip().upper(), payer.strip().upper()


def since(conn: Reader, connection_id: str, moment: datetime) -> list[tuple[datetime, Report]]:
    """Reports read since ``moment``, oldest first, with when; their claims apart (``claim_news``)."""
    rows = conn.execute(
        "SELECT at, value FROM reports WHERE connection_id = ? AND at >= ? ORDER BY at, no",
        (connection_id, to_us(moment)),
    )
    return [(from_us(row[0]), _report(row[1])) for row in rows]


def why_held(conn: Reader, connection_id: str, payment: str) -> str:
    """Why the payment of this number may not be posted, as the latest remittance about it says; else empty."""
    row = conn.execute(
        "SELECT value FROM reports WHERE connection_id = ? AND (EXISTS"
        " (SELECT 1 FROM json_each(reports.value, '$.held') AS held WHERE held.value = ?) OR EXISTS"
        " (SELECT 1 FROM json_each(reports.value, '$.sound') AS sound WHERE sound.value = ?))"
        " ORDER BY no DESC LIMIT 1",
        (connection_id, payment, payment),
    ).fetchone()
    report = _report(row[0]) if row else None
    return " ".join(report.doubts) if report is not None and payment in report.held else ""


def claim_news(conn: Reader, connection_id: str, accounts: Iterable[str]) -> list[ClaimNews]:
    """All that was said about the claims with these numbers of ours, under whatever number it was said."""
    asked = {("account", account.strip().upper()) for account in accounts if account.strip()}
    found: dict[int, ClaimNews] = {}
    done: set[tuple[str, str]] = set()
    while asked:
        done |= asked
        new = [(no, _news(value)) for no, value in _by_numbers(conn, connection_id, asked) if no not in found]
        found |= dict(new)
        asked = {
            (name, number) for _, news in new for name, number in zip(_BY_NUMBER, _numbers(news), strict=True) if number
        } - done
    return [found[no] for no in sorted(found)]


def _by_numbers(conn: Reader, connection_id: str, asked: set[tuple[str, str]]) -> Iterator[tuple[int, bytes]]:
    for name, question in _BY_NUMBER.items():
        wanted = sorted(number for kind, number in asked if kind == name)
        yield from conn.execute(question, (connection_id, as_list(wanted))).fetchall()


def news_since(conn: Reader, connection_id: str, moment: datetime) -> list[ClaimNews]:
    """What reports read since ``moment`` said about claims."""
    rows = conn.execute(
        "SELECT n.value FROM claim_news n JOIN reports r ON r.no = n.report_no"
        " WHERE r.connection_id = ? AND r.at >= ? ORDER BY n.no",
        (connection_id, to_us(moment)),
    )
    return [_news(row[0]) for row in rows]


def save_sent(tx: Tx, connection_id: str, files: Iterable[SentFile]) -> None:
    """Files of claims that left, as the connection remembers them."""
    rows = [(connection_id, file.sha256, to_us(file.sent_at), msgspec.json.encode(file)) for file in files]
    before = tx.connection.total_changes
    tx.connection.executemany(
        "INSERT INTO sent_files (connection_id, sha256, at, value) VALUES (?,?,?,?)"
        " ON CONFLICT (connection_id, sha256) DO UPDATE SET at = excluded.at, value = excluded.value"
        " WHERE value <> excluded.value",
        rows,
    )
    if tx.connection.total_changes != before:
        tx.changed(Change(kind=Kind.REPORTS, connection_id=connection_id))


def sent_since(conn: Reader, connection_id: str, moment: datetime) -> list[SentFile]:
    """Files that left since ``moment``, oldest first."""
    rows = conn.execute(
        "SELECT value FROM sent_files WHERE connection_id = ? AND at >= ? ORDER BY at", (connection_id, to_us(moment))
    )
    return [_sent(row[0]) for row in rows]


def about_file(conn: Reader, connection_id: str, sha256: str) -> tuple[str, str]:
    """The name a file of claims left under, and of a report that came since and names it; empty where there is none."""
    row = conn.execute(
        "SELECT value FROM sent_files WHERE connection_id = ? AND sha256 = ?", (connection_id, sha256)
    ).fetchone()
    if row is None:
        return "", ""
    file = _sent(row[0])
    told = (report for _, report in since(conn, connection_id, file.sent_at))
    return file.name, next((one.name for one in told if any(news.file_name == file.name for news in one.files)), "")


def notices(conn: Reader) -> list[ReportNotice]:
    """What needs a person and was not dismissed, oldest first."""
    rows = conn.execute("SELECT value FROM notices WHERE dismissed = 0 ORDER BY at, notice_id")
    return [_notice(row[0]) for row in rows]


def notice(conn: Reader, notice_id: str) -> ReportNotice | None:
    """One of them, or None."""
    row = conn.execute("SELECT value FROM notices WHERE notice_id = ?", (notice_id,)).fetchone()
    return _notice(row[0]) if row else None


def replace_notices(tx: Tx, connection_id: str, found: Iterable[ReportNotice]) -> None:
    """These are true now: others of this connection go away, known ones keep whether they were dismissed."""
    now = {each.notice_id: each for each in found}
    rows = tx.connection.execute("SELECT notice_id, value FROM notices WHERE connection_id = ?", (connection_id,))
    before = {row[0]: bytes(row[1]) for row in rows.fetchall()}
    values = {key: msgspec.json.encode(each) for key, each in now.items()}
    if values == before:
        return
    gone = [(key,) for key in before.keys() - values.keys()]
    tx.connection.executemany("DELETE FROM notices WHERE notice_id = ?", gone)
    tx.connection.executemany(
        "INSERT INTO notices (notice_id, connection_id, at, dismissed, value) VALUES (?,?,?,0,?)"
        " ON CONFLICT (notice_id) DO UPDATE SET value = excluded.value",
        [(key, connection_id, to_us(now[key].since), value) for key, value in values.items()],
    )
    tx.changed(Change(kind=Kind.REPORTS, connection_id=connection_id))


def dismiss(tx: Tx, notice_id: str) -> None:
    """A person has dealt with it."""
    tx.connection.execute("UPDATE notices SET dismissed = 1 WHERE notice_id = ?", (notice_id,))
    tx.changed(Change(kind=Kind.REPORTS))
