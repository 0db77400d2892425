"""What in reports of files and claims needs a person, in words; pure, and the same however often it is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from app.model.claim_news import ClaimNews, FileNews, Outcome, Report, ReportKind, SentFile
from app.model.clearing_views import NoticeKind, ReportNotice
from app.rules import timeline
from app.rules.timeline import Lack, Missing

_KINDS = {
    Lack.NO_REPORT: NoticeKind.NO_REPORT,
    Lack.NOT_MENTIONED: NoticeKind.NOT_MENTIONED,
    Lack.PAYER_SILENT: NoticeKind.PAYER_SILENT,
}
_MEANS = {
    Lack.NO_REPORT: "The clearinghouse answers within hours. Nobody knows whether these claims arrived.",
    Lack.NOT_MENTIONED: "They may never have been read, so no payer would hear of them.",
    Lack.PAYER_SILENT: "The clearinghouse took them, which is not the payer's word.",
}
#: Reports that were not believed are told one by one up to this many.
_APART = 10
_CLAIMS = ReportKind.CLAIM_ACKNOWLEDGMENT


def notices(
    connection_id: str,
    system: str,
    *,
    sent: Sequence[SentFile],
    files: Sequence[FileNews],
    news: Iterable[ClaimNews],
    fresh: Sequence[tuple[datetime, Report]],
    fresh_news: Iterable[ClaimNews],
    now: datetime,
) -> tuple[ReportNotice, ...]:
    """Everything that needs a person now.

    ``sent`` are the files followed up, ``files`` and ``news`` what was ever said of them and their claims; ``fresh``
    the reports of late with when they were read, ``fresh_news`` what these said of any claim.
    """
    maker = _Maker(connection_id, system)
    lines = timeline.merge(news)
    found = [maker.missing(each) for each in timeline.missing(sent, files, lines, now)]
    found += maker.refused_files(sent, files, now)
    found += maker.doubtful(fresh)
    found += maker.strangers(sent, fresh, fresh_news)
    found += maker.strange_files(sent, fresh)
    return tuple(found)


class _Maker:
    def __init__(self, connection_id: str, system: str) -> None:
        self._connection_id = connection_id
        self._system = system

    def _notice(
        self,
        kind: NoticeKind,
        happened: str,
        means: str,
        step: str,
        since: datetime,
        *,
        key: str,
        file_name: str = "",
        accounts: tuple[str, ...] = (),
    ) -> ReportNotice:
        whole = "/".join((self._connection_id, kind, key))
        return ReportNotice(
            notice_id=hashlib.sha256(whole.encode()).hexdigest()[:32],
            connection_id=self._connection_id,
            system=self._system,
            kind=kind,
            happened=happened,
            means=means,
            next_steps=(step,),
            since=since,
            file_name=file_name,
            accounts=accounts,
        )

    def missing(self, one: Missing) -> ReportNotice:
        """Something that should have come and did not. It goes away by itself when it comes."""
        return self._notice(
            _KINDS[one.lack],
            one.words,
            _MEANS[one.lack],
            one.next_step,
            one.since,
            key=f"{one.file.sha256}/{','.join(one.accounts)}",
            file_name=one.file.name,
            accounts=one.accounts,
        )

    def refused_files(self, sent: Sequence[SentFile], files: Iterable[FileNews], now: datetime) -> list[ReportNotice]:
        """Files that failed as a whole: no claim of them exists there."""
        told = timeline.answers(filter(_is_refusal, files), sent).of_file
        refused = ((file, told[file.sha256]) for file in sent)
        return [
            self._notice(
                NoticeKind.FILE_REFUSED,
                f"{self._system} refused the file {file.name} as a whole.",
                f"None of its claims exists there. {max((one.words for one in about), key=len)}".strip(),
                "Correct the cause and send a new file.",
                file.sent_at,
                key=file.sha256,
                file_name=file.name,
                accounts=file.accounts,
            )
            for file, about in refused
            if about
        ]

    def doubtful(self, fresh: Iterable[tuple[datetime, Report]]) -> Iterator[ReportNotice]:
        """Reports that were put aside, and those about somebody else's practice."""
        aside = [(at, report) for at, report in fresh if report.of_another or report.doubts]
        for at, report in aside[-_APART:]:
            if report.of_another:
                yield self._notice(
                    NoticeKind.ANOTHER_PRACTICE,
                    f"The report {report.name} is about another practice.",
                    "Nothing of it was used. Somebody else's data may have been delivered here by mistake.",
                    f"Tell {self._system}'s support.",
                    at,
                    key=report.name,
                    file_name=report.name,
                )
            else:
                yield self._notice(
                    NoticeKind.NOT_BELIEVED,
                    f"The report {report.name} could not be read whole.",
                    f"{' '.join(report.doubts[:3])} It is kept as it came.",
                    "Look at it in the system itself.",
                    at,
                    key=report.name,
                    file_name=report.name,
                )
        if len(aside) > _APART:
            at, report = aside[-_APART - 1]
            yield self._notice(
                NoticeKind.NOT_BELIEVED,
                f"{len(aside) - _APART} more reports could not be read whole.",
                "They are kept as they came.",
                "Look at them in the system itself.",
                at,
                key=f"more/{report.name}",
            )

    def strangers(
        self, sent: Iterable[SentFile], fresh: Sequence[tuple[datetime, Report]], news: Iterable[ClaimNews]
    ) -> list[ReportNotice]:
        """Claims that nobody sent from here: shown together, never dropped."""
        ours = [account for file in sent for account in file.accounts]
        unknown = timeline.unmatched(timeline.merge(news), ours)
        if not unknown or not fresh:
            return []
        accounts = tuple(sorted({account for line in unknown for account in line.accounts}))
        count = "1 claim that was" if len(unknown) == 1 else f"{len(unknown)} claims that were"
        return [
            self._notice(
                NoticeKind.UNKNOWN_CLAIM,
                f"Reports speak of {count} not sent from here.",
                "They may come from another program of the practice, or from before Daybook was connected.",
                "Nothing need be done if that is so.",
                fresh[-1][0],
                key=hashlib.sha256("/".join(accounts).encode()).hexdigest(),
                accounts=accounts[:200],
            )
        ]

    def strange_files(
        self, sent: Sequence[SentFile], fresh: Iterable[tuple[datetime, Report]]
    ) -> Iterator[ReportNotice]:
        """Refusals of a file that cannot be told among those sent: shown, and put to none of them."""
        for at, report in fresh:
            refusals = [] if report.of_another else list(filter(_is_refusal, report.files))
            for one in timeline.answers(refusals, sent).of_none:
                yield self._notice(
                    NoticeKind.UNKNOWN_FILE,
                    f"The report {report.name} refuses a file that Daybook cannot find among those it sent.",
                    f"{one.words} Another program of the practice may have sent it.".strip(),
                    f"Look in {self._system} which file it is. Nothing need be done if Daybook did not send it.",
                    at,
                    key=f"{report.name}/{one.kind}/{one.control}/{one.file_name}",
                    file_name=report.name,
                )


def _is_refusal(news: FileNews) -> bool:
    """Of a whole file: a 277CA refuses claims, or all under one provider, never a file."""
    return news.outcome is Outcome.REJECTED and news.kind is not _CLAIMS
