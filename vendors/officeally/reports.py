"""What comes out of ``outbound``: which report a file is, by its content first, and what it says. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from app.model.acknowledgment import Acknowledgment
from app.model.claim_news import ClaimNews, FileNews, Outcome, Report, ReportKind, Speaker
from app.model.claim_status import ClaimStage, ClaimStatus, Status
from app.model.errors import BadDocument
from app.model.remittance import ClaimPayment, Remittance
from app.x12 import ack_999, claim_ack_277ca, remittance_835
from app.x12.delimiters import from_header
from app.x12.envelope import Reader, Transaction, read
from app.x12.kinds import kind_of, polite_name
from app.x12.values import day
from app.x12.wire import decode
from vendors.officeally import columns, unzip

_STAGES = {
    ClaimStage.ACCEPTED: Outcome.ACCEPTED,
    ClaimStage.REJECTED: Outcome.REJECTED,
    ClaimStage.NOT_FOUND: Outcome.REJECTED,
    ClaimStage.PENDING: Outcome.PENDING,
    ClaimStage.PAID: Outcome.PAID,
    ClaimStage.DENIED: Outcome.DENIED,
}
_FORWARDED = frozenset(("19", "20", "21", "23"))
#: Problems of a document that ends before it should.
CUT = frozenset(("cut-off", "envelope-se-missing", "envelope-ge-missing", "envelope-iea-missing"))
_NAMED_X12 = re.compile(r"\.(835|999|277|era|edi|x12)$|_277ca_", re.IGNORECASE)


def recognise(content: bytes, name: str) -> ReportKind:
    """What a file is. Its content decides; a name that promises otherwise becomes a doubt when it is read."""
    if unzip.is_zip(content):
        return ReportKind.BUNDLE
    data = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if from_header(data) is not None:
        return _x12_kind(data)
    text = _text(content)
    if text is None:
        return ReportKind.UNKNOWN
    if columns.is_status(text):
        return ReportKind.PAYER_STATUS
    if columns.is_summary(text):
        return ReportKind.FILE_SUMMARY
    if "Check#" in text and "Line Item" in text:
        return ReportKind.READABLE_REMITTANCE
    return ReportKind.UNKNOWN


def may_be_money(kind: ReportKind, name: str) -> bool:
    """Whether a file of a bundle is a remittance, or is named as if it were one and is something else."""
    return kind is ReportKind.REMITTANCE or (kind is not ReportKind.READABLE_REMITTANCE and _is_named_x12(name))


def _is_named_x12(name: str) -> bool:
    return bool(_NAMED_X12.search(name))


def read_report(content: bytes, name: str, own_ids: Iterable[str] = ()) -> Report:
    """Everything a report says. Never raises for content: what is not understood is in ``doubts``.

    ``own_ids`` are the practice's submitter and tax ids; a report that names only others is ``of_another``. Without
    any, that is not checked.
    """
    kind = recognise(content, name)
    match kind:
        case ReportKind.BUNDLE:
            report = _bundle(content, name, tuple(own_ids))
        case ReportKind.FILE_SUMMARY:
            report = columns.summary(_text(content) or "", name)
        case ReportKind.PAYER_STATUS:
            report = columns.status(_text(content) or "", name)
        case ReportKind.READABLE_REMITTANCE:
            report = Report(kind=kind, name=name)
        case ReportKind.UNKNOWN:
            report = Report(kind=kind, name=name, doubts=(_unknown(content, name),))
        case _:
            report = _x12(content, name, kind)
    mine = {one.strip() for one in own_ids if one.strip()}
    if kind is not ReportKind.BUNDLE and mine and _strangers(content, kind, mine):
        return Report(
            kind=kind,
            name=name,
            of_another=True,
            doubts=("This report is about another practice. Nothing of it was used.",),
        )
    return report


# --- kinds -----------------------------------------------------------------------------------------------------------


def _text(content: bytes) -> str | None:
    """Text, or None for what is binary."""
    sample = content[:4096]
    odd = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    if b"\0" in sample or odd > len(sample) // 50:
        return None
    return decode(content.removeprefix(b"\xef\xbb\xbf"))


def _x12_kind(data: bytes) -> ReportKind:
    reader = read(data)
    first = next(iter(reader), None)
    if first is None:
        return ReportKind.INTERCHANGE if reader.acknowledgments else ReportKind.UNKNOWN
    kind = kind_of(first)
    return {
        "999": ReportKind.SYNTAX,
        "277CA": ReportKind.CLAIM_ACKNOWLEDGMENT,
        "835": ReportKind.REMITTANCE,
    }.get(kind.name if kind else "", ReportKind.UNKNOWN)


def _unknown(content: bytes, name: str) -> str:
    data = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not data:
        return "The file is empty."
    if from_header(data) is not None:
        first = next(iter(read(data)), None)
        return f"This is a {polite_name(first)}, which is not used here." if first else "The file holds no transaction."
    if _is_named_x12(name):
        return "The name promises an X12 document, but the content is none."
    if any(head in data[:4096] for head in (b"Pat. Acct #", b"OA CLAIMID")):
        return (
            "This looks like a report of claims, but its columns are not where they belong. Nothing was read from it."
        )
    return "This is no report that Daybook knows."


def _strangers(content: bytes, kind: ReportKind, mine: set[str]) -> bool:
    """Whether the report names receivers or tax ids, and none of them is ours."""
    if kind in {ReportKind.FILE_SUMMARY, ReportKind.PAYER_STATUS}:
        found: set[str] = set(columns.tax_ids(_text(content) or ""))
    elif kind in {ReportKind.READABLE_REMITTANCE, ReportKind.UNKNOWN}:
        return False
    else:
        found = set()
        reader = read(content)
        for transaction in reader:
            found.add(transaction.interchange.isa[8].strip())
            found.add(transaction.group.gs[3].strip())
            if kind is ReportKind.REMITTANCE:
                advice = remittance_835.remittance(transaction)
                found |= {advice.payee_tax_id, advice.payee_npi}
            else:
                transaction.skip()
        found |= {one.interchange.isa[8].strip() for one in reader.acknowledgments}
    found.discard("")
    return bool(found) and not found & mine


# --- X12 -------------------------------------------------------------------------------------------------------------


class _News(msgspec.Struct):
    """What gathers while a document is read."""

    claims: list[ClaimNews] = msgspec.field(default_factory=list)
    files: list[FileNews] = msgspec.field(default_factory=list)
    doubts: list[str] = msgspec.field(default_factory=list)
    held: list[str] = msgspec.field(default_factory=list)
    sound: list[str] = msgspec.field(default_factory=list)


def _x12(content: bytes, name: str, kind: ReportKind) -> Report:
    news = _News()
    codes: set[str] = set()
    reader = read(content)
    for transaction in reader:
        found = kind_of(transaction)
        match found.name if found else "":
            case "999":
                news.files += (_syntax(one, transaction, name) for one in ack_999.read(transaction))
            case "277CA":
                _acknowledged(list(claim_ack_277ca.read(transaction)), name, news)
            case "835":
                _paid(transaction, name, news)
            case _:
                news.doubts.append(f"It also holds a {polite_name(transaction)}, which is not used here.")
                transaction.skip()
        codes |= {problem.code for problem in transaction.problems.done()}
    news.files += _interchanges(reader, name)
    codes |= {problem.code for problem in reader.problems.done()}
    if codes & CUT:
        words = "The document ends in the middle. Nothing of it was used, because what is missing may change the rest."
        return Report(kind=kind, name=name, doubts=(words,))
    return Report(
        kind=kind,
        name=name,
        claims=tuple(news.claims),
        files=tuple(news.files),
        doubts=tuple(news.doubts),
        held=tuple(news.held),
        sound=tuple(news.sound),
    )


def _interchanges(reader: Reader, name: str) -> Iterator[FileNews]:
    for found in reader.acknowledgments:
        said = ack_999.interchange_acknowledgment(found)
        yield FileNews(
            outcome=Outcome.RECEIVED if said.accepted else Outcome.REJECTED,
            kind=ReportKind.INTERCHANGE,
            control=said.control_number,
            sender=found.interchange.isa[8].strip(),
            made_at=f"{said.date_text.strip()}{said.time_text.strip()}",
            words="" if said.accepted else f"The envelope was refused (note {said.note}); nothing of it was read.",
            report=name,
        )


def _syntax(said: Acknowledgment, transaction: Transaction, name: str) -> FileNews:
    refused = [one for one in said.sets if not one.accepted]
    if said.accepted:
        outcome, words = Outcome.RECEIVED, ""
    elif said.code == "P":
        outcome = Outcome.RECEIVED
        words = f"Only part of it was taken: send transaction {', '.join(one.control_number for one in refused)} again."
    else:
        outcome = Outcome.REJECTED
        words = "The file breaks the rules of the format and was refused as a whole."
    places = [
        f"{error.segment} (segment {error.number})" + "".join(f" element {one.element}" for one in error.elements[:3])
        for one in refused
        for error in one.errors[:5]
    ]
    if places:
        words += f" Wrong: {'; '.join(places[:5])}."
    return FileNews(
        outcome=outcome,
        kind=ReportKind.SYNTAX,
        file_name=submitted_name(name),
        file_id=name.partition("_")[0] if name.partition("_")[0].isdigit() else "",
        control=said.group_control,
        said_on=day(transaction.group.gs[4].strip()),
        words=words.strip(),
        report=name,
    )


def submitted_name(name: str) -> str:
    """Our file's name inside that of its 999: ``<FILEID>_<name>_999.999``; nothing where it has another shape."""
    found = re.fullmatch(r"\d{9,10}_(.+)_999(?:_\d+)?\.999", name, re.IGNORECASE)
    return found[1] if found else ""


def _acknowledged(found: list[ClaimStatus], name: str, news: _News) -> None:
    """A 277CA: by Office Ally (source AY) or by a payer (PR)."""
    if not found:
        return
    source = found[0].source
    by_payer = source.role == "PR"
    batch = next((one.receiver.trace for one in found if one.receiver and one.receiver.trace), "")
    outcome = Outcome.RECEIVED
    for one in found:
        if one.is_claim:
            if one.contradicts_itself:
                news.doubts.append("A status says both accepted and rejected; its category was believed.")
            news.claims.append(_status_news(one, name, by_payer=by_payer))
        elif one.accepted is False:
            outcome = Outcome.REJECTED
            news.doubts.append("Everything under one sender or provider was rejected; its claims are not listed.")
    if not by_payer:
        news.files.append(
            FileNews(
                outcome=outcome,
                kind=ReportKind.CLAIM_ACKNOWLEDGMENT,
                control=batch,
                file_id=source.trace or found[0].heading.reference,
                said_on=day(found[0].heading.date),
                report=name,
            )
        )


def _status_news(one: ClaimStatus, name: str, *, by_payer: bool) -> ClaimNews:
    above = one.rejected_above
    statuses = one.statuses or (above.statuses if above else ())
    said = [status.date for status in statuses if status.date]
    outcome = Outcome.REJECTED if one.accepted is False else _STAGES.get(one.stage, Outcome.UNKNOWN)
    words = next((status.message for status in statuses if status.message), "")
    if above is not None and not words:
        words = "Rejected together with everything that was sent for this provider."
    return ClaimNews(
        speaker=Speaker.PAYER if by_payer else Speaker.CLEARINGHOUSE,
        outcome=outcome,
        kind=ReportKind.CLAIM_ACKNOWLEDGMENT,
        account=one.patient_control_number,
        clearinghouse_number=one.reference("D9"),
        payer_number=one.payer_control_number,
        payer_id=one.source.id if by_payer else "",
        said_on=day(max(said)) if said else day(one.heading.date),
        words=words,
        codes=tuple(dict.fromkeys(code for status in statuses for code in _codes(status))),
        file_id="" if by_payer else one.source.trace,
        report=name,
    )


def _codes(status: Status) -> Iterator[str]:
    for code in status.codes:
        yield ":".join(part for part in (code.category, code.status, code.entity) if part)


def _paid(transaction: Transaction, name: str, news: _News) -> None:
    """An 835: news of its claims. One that does not balance is told as such and may not be posted."""
    advice = remittance_835.remittance(transaction)
    balance = held_back(advice)
    if balance:
        news.doubts.append(balance)
    (news.held if balance else news.sound).append(advice.trace_number)
    news.claims += (_payment(claim, advice, name) for claim in advice.claims)


def held_back(advice: Remittance) -> str:
    """Why a remittance may not be posted, with the difference; nothing where it balances at every level."""
    if advice.difference:
        return (
            f"Payment {advice.trace_number} does not add up: it differs from its claims and adjustments by "
            f"${abs(advice.difference) / 100:,.2f}. It may not be posted before the payer has explained it."
        )
    wrong = [claim for claim in advice.claims if claim.difference or any(line.difference for line in claim.lines)]
    if wrong:
        return f"{len(wrong)} of the claims in payment {advice.trace_number} do not add up and may not be posted."
    return ""


def _payment(claim: ClaimPayment, advice: Remittance, name: str) -> ClaimNews:
    if claim.is_reversal:
        outcome = Outcome.REVERSED
    elif claim.status in _FORWARDED and not claim.paid.cents:
        outcome = Outcome.FORWARDED
    elif claim.status == "4":
        outcome = Outcome.DENIED
    else:
        outcome = Outcome.PAID
    on: date | None = advice.payment_date or advice.production_date
    return ClaimNews(
        speaker=Speaker.PAYER,
        outcome=outcome,
        kind=ReportKind.REMITTANCE,
        account=claim.patient_control_number,
        payer_number=claim.payer_control_number,
        payer_id=advice.payer.reference("2U") or advice.payer.id,
        said_on=on,
        words=f"{claim.paid.shown()} of {claim.charge.shown()}, payment {advice.trace_number}.",
        codes=(f"CLP02:{claim.status}",),
        report=name,
    )


# --- bundles ---------------------------------------------------------------------------------------------------------


def _bundle(content: bytes, name: str, own_ids: tuple[str, ...]) -> Report:
    try:
        inside = unzip.members(content)
    except BadDocument as error:
        return Report(kind=ReportKind.BUNDLE, name=name, doubts=(f"{error.happened} {error.means}",))
    found = [read_report(one.content, f"{name}/{one.name}", own_ids) for one in inside]
    doubts = [doubt for one in found for doubt in one.doubts]
    money = [one for one in found if one.kind is ReportKind.REMITTANCE]
    if not money:
        doubts.append("This bundle holds no remittance.")
    return Report(
        kind=ReportKind.BUNDLE,
        name=name,
        claims=tuple(claim for one in found for claim in one.claims),
        files=tuple(file for one in found for file in one.files),
        doubts=tuple(doubts),
        held=tuple(number for one in found for number in one.held),
        sound=tuple(number for one in found for number in one.sound),
        of_another=bool(money) and all(one.of_another for one in money),
    )
