"""The same news from three reports, put together to one line of time a claim; and what should have come and did not.

The order in which reports arrive changes nothing: late, doubled and out-of-order ones give the same timelines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import msgspec

from app.model.claim_news import ClaimNews, FileNews, Outcome, Report, ReportKind, SentFile, Speaker

#: A clearinghouse says something about every file within this time, or a person looks.
FIRST_WORD = timedelta(hours=24)
#: A payer says something about an accepted claim within this time.
PAYERS_WORD = timedelta(days=7)

_STEPS = {
    Outcome.RECEIVED: 0,
    Outcome.UNKNOWN: 0,
    Outcome.PENDING: 1,
    Outcome.ACCEPTED: 1,
    Outcome.REJECTED: 2,
    Outcome.FORWARDED: 3,
    Outcome.DENIED: 3,
    Outcome.PAID: 3,
    Outcome.REVERSED: 4,
}
#: Of two reports that say the same, the one whose words are told.
_PLAINEST = (
    ReportKind.FILE_SUMMARY,
    ReportKind.PAYER_STATUS,
    ReportKind.CLAIM_ACKNOWLEDGMENT,
    ReportKind.REMITTANCE,
)
_NO_DAY = date.min
#: What answers one file, and may know it by a number that several bear.
_BY_NUMBER_ALONE = frozenset({ReportKind.SYNTAX, ReportKind.INTERCHANGE})


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said once, in as many reports as told it (``told_by``, names in order)."""

    news: ClaimNews
    told_by: tuple[str, ...]


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """Everything said about one claim, in order. Accounts and numbers are all by which it was called."""

    events: tuple[Event, ...]
    accounts: tuple[str, ...] = ()
    clearinghouse_numbers: tuple[str, ...] = ()
    payer_numbers: tuple[str, ...] = ()

    @property
    def standing(self) -> ClaimNews:
        """Where the claim stands: the payer's latest word, or the clearinghouse's while no payer has spoken.

        A clearinghouse's word about another file, later than a payer's rejection, begins a new round: the claim was
        corrected and sent again.
        """
        by_payer = [event.news for event in self.events if event.news.speaker is Speaker.PAYER]
        if not by_payer:
            return self.events[-1].news
        last = by_payer[-1]
        if last.outcome is Outcome.REJECTED:
            again = self._again(last)
            if again is not None:
                return again
        return last

    @property
    def by_payer(self) -> bool:
        """Whether the standing is the payer's own word."""
        return self.standing.speaker is Speaker.PAYER

    def _again(self, refused: ClaimNews) -> ClaimNews | None:
        own = [
            event.news for event in self.events if event.news.speaker is Speaker.CLEARINGHOUSE and event.news.file_id
        ]
        before = {news.file_id for news in own if _day(news) <= _day(refused)}
        later = [news for news in own if _day(news) > _day(refused) and news.file_id not in before]
        return later[-1] if later and before else None


def merge(news: Iterable[ClaimNews]) -> tuple[Timeline, ...]:
    """Timelines of all claims spoken of, joined by our number, the clearinghouse's or the payer's.

    A test's news and a real claim's never meet, not even under one account number.
    """
    groups: list[list[ClaimNews]] = []
    by_name: dict[tuple[str, str, bool], int] = {}
    merged_into: dict[int, int] = {}

    def root(place: int) -> int:
        while place in merged_into:
            place = merged_into[place]
        return place

    for one in news:
        names = [(kind, value, one.is_test) for kind, value in _names(one)]
        places = sorted({root(by_name[name]) for name in names if name in by_name})
        if not places:
            groups.append([])
            places = [len(groups) - 1]
        first, *others = places
        for other in others:
            groups[first] += groups[other]
            groups[other] = []
            merged_into[other] = first
        groups[first].append(one)
        by_name.update(dict.fromkeys(names, first))
    found = [_timeline(group) for group in groups if group]
    return tuple(sorted(found, key=lambda line: (line.accounts, line.clearinghouse_numbers, line.payer_numbers)))


def as_sent(report: Report, sent: Iterable[SentFile]) -> Report:
    """``report`` with the news of our tests marked as such: not every kind of report says that it is about a test."""
    modes: dict[str, set[bool]] = {}
    for file in sent:
        for account in file.accounts:
            modes.setdefault(account.upper(), set()).add(file.is_test)
    claims = tuple(
        msgspec.structs.replace(news, is_test=True) if modes.get(news.account.strip().upper()) == {True} else news
        for news in report.claims
    )
    return msgspec.structs.replace(report, claims=claims)


def unmatched(timelines: Iterable[Timeline], known: Iterable[str]) -> tuple[Timeline, ...]:
    """Timelines of claims that nobody here sent, by our own numbers: to be shown, never to be dropped."""
    accounts = set(known)
    return tuple(line for line in timelines if not accounts.intersection(line.accounts))


def _names(news: ClaimNews) -> list[tuple[str, str]]:
    named = (
        ("account", news.account),
        ("clearinghouse", news.clearinghouse_number),
        ("payer", f"{news.payer_id}/{news.payer_number}" if news.payer_number else ""),
    )
    found = [(kind, value.strip().upper()) for kind, value in named if value.strip()]
    return found or [("nameless", f"{news.report}/{news.words}")]


def _timeline(group: Sequence[ClaimNews]) -> Timeline:
    same: dict[tuple[object, ...], list[ClaimNews]] = {}
    for one in group:
        same.setdefault(_said(one), []).append(one)
    events = [_event(members) for members in same.values()]
    return Timeline(
        events=tuple(sorted(events, key=_order)),
        accounts=_all(one.account for one in group),
        clearinghouse_numbers=_all(one.clearinghouse_number for one in group),
        payer_numbers=_all(one.payer_number for one in group),
    )


def _said(news: ClaimNews) -> tuple[object, ...]:
    """What makes two reports' news the same: who said what, on which day, of which submission."""
    money = news.words if news.kind is ReportKind.REMITTANCE else ""
    return news.speaker, news.outcome, news.said_on, news.clearinghouse_number or news.account, money


def _event(members: Sequence[ClaimNews]) -> Event:
    told = sorted(members, key=lambda one: (_plainness(one), one.report, one.words))
    best = told[0]
    for other in told[1:]:  # What one report leaves out another may tell.
        best = msgspec.structs.replace(
            best,
            account=best.account or other.account,
            clearinghouse_number=best.clearinghouse_number or other.clearinghouse_number,
            payer_number=best.payer_number or other.payer_number,
            payer_id=best.payer_id or other.payer_id,
            file_id=best.file_id or other.file_id,
            words=best.words or other.words,
            codes=tuple(dict.fromkeys((*best.codes, *other.codes))),
        )
    return Event(news=best, told_by=_all(one.report for one in members))


def _plainness(news: ClaimNews) -> int:
    return _PLAINEST.index(news.kind) if news.kind in _PLAINEST else len(_PLAINEST)


def _order(event: Event) -> tuple[object, ...]:
    news = event.news
    return _day(news), news.speaker is Speaker.PAYER, _STEPS[news.outcome], news.file_id, event.told_by


def _day(news: ClaimNews) -> date:
    return news.said_on or _NO_DAY


def _all(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({text for text in texts if text}))


# --- what did not come -----------------------------------------------------------------------------------------------


class Lack(StrEnum):
    """What is missing."""

    NO_REPORT = "no_report"
    NOT_MENTIONED = "not_mentioned"
    PAYER_SILENT = "payer_silent"


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person must look after: which file, since when, which claims, in words with the next step."""

    lack: Lack
    file: SentFile
    since: datetime
    accounts: tuple[str, ...]
    words: str
    next_step: str


def missing(
    sent: Iterable[SentFile], files: Iterable[FileNews], timelines: Iterable[Timeline], now: datetime
) -> tuple[Missing, ...]:
    """What should have been said by ``now`` about the files that were sent. A late report makes its item go away."""
    files_sent, lines = list(sent), list(timelines)
    told = answers(files, files_sent).of_file
    spoken = {(account, _is_test(line)): line for line in lines for account in line.accounts}
    found: list[Missing] = []
    for file in files_sent:
        own = told[file.sha256]
        lines_of = [line for account in file.accounts if (line := spoken.get((account, file.is_test)))]
        since = _said_since(lines_of, file)
        if not own and not since:
            found += _no_report(file, now)
        elif not any(news.outcome is Outcome.REJECTED for news in own):
            found += _not_mentioned(file, own, since, now)
            found += _silent(file, since, now)
    return tuple(found)


def _is_test(line: Timeline) -> bool:
    return line.events[0].news.is_test


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """News of whole files, by the hash of the file they speak of; and what can be put to none of them for certain."""

    of_file: dict[str, list[FileNews]]
    of_none: list[FileNews]


def answers(told: Iterable[FileNews], sent: Iterable[SentFile]) -> Answers:
    """Put each piece of news to its file. What answers a number that several files bear is put to none of them."""
    files = list(sent)
    found = Answers(of_file={file.sha256: [] for file in files}, of_none=[])
    for news in told:
        about = [file for file in files if is_about(news, file)]
        # A file told by mistake that it was refused would be sent a second time.
        if not about or (len(about) > 1 and news.kind in _BY_NUMBER_ALONE and not news.file_name):
            found.of_none.append(news)
            continue
        for file in about:
            found.of_file[file.sha256].append(news)
    return found


def is_about(news: FileNews, file: SentFile) -> bool:
    """Whether a report speaks of ``file``: by its name, or where it tells none by the control number it answers.

    Other programs of a practice count their interchanges too, so a TA1 must also agree in whose the interchange is and
    from when, as far as both are known.
    """
    if news.file_name:
        return news.file_name == file.name
    own = {
        ReportKind.SYNTAX: (file.group_control,),
        ReportKind.INTERCHANGE: (file.interchange_control,),
        ReportKind.CLAIM_ACKNOWLEDGMENT: file.batches,
    }
    mine = {_number(control) for control in own.get(news.kind, ())}
    known = ((news.sender, file.sender), (news.made_at, file.made_at))
    agrees = all(theirs == ours for theirs, ours in known if theirs and ours)
    return bool(news.control) and _number(news.control) in mine and agrees


def _number(control: str) -> str:
    return control.strip().lstrip("0")


def _said_since(lines: Iterable[Timeline], file: SentFile) -> dict[str, Timeline]:
    """By account, the timelines that speak of this sending and not only of an earlier one."""
    first = file.sent_at.astimezone(UTC).date() - timedelta(days=1)  # A day's grace: reports are dated in another zone.
    return {
        account: line
        for line in lines
        for account in line.accounts
        if account in file.accounts and any(_day(event.news) >= first for event in line.events)
    }


def _no_report(file: SentFile, now: datetime) -> list[Missing]:
    if now - file.sent_at < FIRST_WORD:
        return []
    hours = int((now - file.sent_at).total_seconds() // 3600)
    step = "Look in the clearinghouse whether the file is there before anything is sent again."
    if not file.is_sure:
        step = "It is not certain that this file arrived. " + step
    return [
        Missing(
            lack=Lack.NO_REPORT,
            file=file,
            since=file.sent_at,
            accounts=file.accounts,
            words=f"No report on {file.name} after {hours} hours.",
            next_step=step,
        )
    ]


def _not_mentioned(file: SentFile, own: list[FileNews], since: dict[str, Timeline], now: datetime) -> list[Missing]:
    """Claims that the reports on their file leave out."""
    if now - file.sent_at < FIRST_WORD or not (since or any(news.kind is ReportKind.FILE_SUMMARY for news in own)):
        return []
    left_out = tuple(account for account in file.accounts if account not in since)
    if not left_out:
        return []
    count = "One claim" if len(left_out) == 1 else f"{len(left_out)} claims"
    return [
        Missing(
            lack=Lack.NOT_MENTIONED,
            file=file,
            since=file.sent_at,
            accounts=left_out,
            words=f"{count} of {file.name} stand in no report.",
            next_step="Look for them in the clearinghouse; a report may still be on its way.",
        )
    ]


def _silent(file: SentFile, since: dict[str, Timeline], now: datetime) -> list[Missing]:
    """Claims that a clearinghouse took and no payer has spoken of. A test never reaches a payer."""
    if file.is_test or now - file.sent_at < PAYERS_WORD:
        return []
    waiting = tuple(
        account
        for account, line in since.items()
        if not line.by_payer and line.standing.outcome is not Outcome.REJECTED
    )
    if not waiting:
        return []
    count = "One claim" if len(waiting) == 1 else f"{len(waiting)} claims"
    return [
        Missing(
            lack=Lack.PAYER_SILENT,
            file=file,
            since=file.sent_at,
            accounts=waiting,
            words=f"{count} of {file.name}: no word from the payer after {(now - file.sent_at).days} days.",
            next_step="Ask for the claim's status.",
        )
    ]
