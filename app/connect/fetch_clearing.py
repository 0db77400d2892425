"""Reading a clearinghouse: reports and remittances, each content once; what is missing; how far enrollments are."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from app.connect.offering import reads_enrollments, reads_remittances, reads_reports, tells_news
from app.connect.outbox_steps import told_by_reports
from app.connect.refresh import Reading
from app.connect.source import Source
from app.model.capabilities import Capability
from app.model.claim_news import Report, ReportKind, SentFile
from app.model.clearing_views import ReportNotice
from app.model.errors import BadDocument, DaybookError, NotFound, VendorRejected
from app.rules import report_notices
from app.rules.timeline import as_sent
from app.store import enrollments, reports, sealed
from app.store.database import Reader
from app.store.tx import Tx
from vendors.contract import DocumentEntry, HoldsEnrollments, TellsNews

#: So far back files are followed up, and reports weighed for what needs a person.
FOLLOWED = timedelta(days=90)
WEIGHED = timedelta(days=30)

#: Since when reports are news: the end of the first reading, sealed with the connection.
_SINCE = "sync:reports-since"


class ReportsFetch:
    """Every report and remittance that is not known yet; afterwards what needs a person is judged anew."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def __call__(self, whole: bool) -> Reading:
        """Look, read what is new, judge. What cannot be read is kept as such and told; it does not stop the others."""
        source = self._source
        failure: DaybookError | None = None
        try:
            await self._all(Capability.READ_REPORTS)
            if source.session.licensed(Capability.READ_REMITTANCES):
                await self._all(Capability.READ_REMITTANCES)
            await source.store.write(_first_time, source.connection_id)
        except DaybookError as error:
            failure = error
        # Time passes also while nothing can be read: "no report in 24 hours" is told all the same.
        await judge(source)
        if failure is not None:
            raise failure
        return Reading(whole=True)

    async def _all(self, capability: Capability) -> None:
        source, is_money = self._source, capability is Capability.READ_REMITTANCES

        async def listed() -> list[DocumentEntry]:
            return await source.read(
                capability,
                lambda adapter: (
                    reads_remittances(adapter).remittances() if is_money else reads_reports(adapter).reports()
                ),
            )

        entries = await listed()
        known = await source.store.read(reports.known, source.connection_id)
        for entry in entries:
            # What grew since it was read was read half.
            if known.get(entry.vendor_id) != entry.bytes_long:
                await self._one(capability, entry)

    async def _one(self, capability: Capability, entry: DocumentEntry) -> None:
        source, key = self._source, entry.vendor_id
        try:
            document = await source.read(
                capability,
                lambda adapter: (
                    reads_remittances(adapter).remittance(key)
                    if capability is Capability.READ_REMITTANCES
                    else reads_reports(adapter).report(key)
                ),
            )
        except NotFound:
            return  # Somebody took it away between two looks.
        except (BadDocument, VendorRejected) as error:
            report = Report(
                kind=ReportKind.UNKNOWN,
                name=entry.name,
                doubts=(f"{error.happened} {error.means}".strip(),),
                bytes_listed=entry.bytes_long,
            )
            await source.store.write(reports.save, source.connection_id, key, b"", report)
            return
        report = await tells_news(source.session.adapter).news(document)
        report = msgspec.structs.replace(as_sent(report, await _sent(source)), bytes_listed=entry.bytes_long)
        await source.store.write(reports.save, source.connection_id, key, document.content, report)


async def judge(source: Source) -> None:
    """Take over what was sent, settle what reports speak of, and say anew what needs a person."""
    await source.store.write(reports.save_sent, source.connection_id, await _sent(source))
    await source.store.write(told_by_reports, source.connection_id, source.session.title)
    found = await source.store.read(_judged, source.connection_id, source.session.title, source.clock.now())
    await source.store.write(reports.replace_notices, source.connection_id, found)


async def _sent(source: Source) -> tuple[SentFile, ...]:
    adapter = source.session.adapter
    return await adapter.sent_files() if isinstance(adapter, TellsNews) else ()


def _first_time(tx: Tx, connection_id: str) -> None:
    """What lay there when the connection was made is history: nobody need be asked about it."""
    if sealed.get(tx.connection, connection_id, _SINCE) is None:
        sealed.put(tx, connection_id, _SINCE, tx.now().isoformat().encode())


def _judged(conn: Reader, connection_id: str, system: str, now: datetime) -> tuple[ReportNotice, ...]:
    files = reports.sent_since(conn, connection_id, now - FOLLOWED)
    told = [report for _, report in reports.since(conn, connection_id, now - FOLLOWED)]
    ours = {account for file in files for account in file.accounts}
    held = sealed.get(conn, connection_id, _SINCE)
    # After that moment, not at it: a clock that stands still makes no news of what lay there.
    begun = datetime.fromisoformat(held.decode()) if held else now
    since = max(now - WEIGHED, begun + timedelta(microseconds=1))
    return report_notices.notices(
        connection_id,
        system,
        sent=files,
        files=[news for report in told for news in report.files],
        news=reports.claim_news(conn, connection_id, ours),
        fresh=reports.since(conn, connection_id, since),
        fresh_news=reports.news_since(conn, connection_id, since),
        now=now,
    )


class EnrollmentsFetch:
    """The whole list, each time; a changed state goes into its history."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def __call__(self, whole: bool) -> Reading:
        """Read and keep. A word that nobody knows is told and changes nothing."""
        source = self._source
        found = await source.read(Capability.READ_ENROLLMENTS, lambda adapter: reads_enrollments(adapter).enrollments())
        rows = [row for each in found if (row := each.value.enrollment()) is not None]
        strange = len(found) - len(rows)
        await source.store.write(enrollments.save_all, source.connection_id, rows)
        await hand_over(source)
        hid = (f"{strange} enrollments have a state that Daybook does not know.",) if strange else ()
        return Reading(whole=not hid, hid=hid)


async def hand_over(source: Source) -> None:
    """Let the adapter stop claims by what is kept here, a person's word included."""
    adapter = source.session.adapter
    if isinstance(adapter, HoldsEnrollments):
        board = await source.store.read(enrollments.board, source.connection_id)
        await adapter.keep_enrollments(board.rows)
