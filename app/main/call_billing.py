"""``daybook call``: the operations of a clearinghouse. Documents are printed as ``daybook x12 json`` prints them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any, Protocol

import msgspec

from app.main.call_given import Given
from app.model.claim_news import Report, ReportKind
from app.model.clock import SystemClock
from app.model.errors import BadDocument, BadInput, NotFound, VendorRejected
from app.model.money import Money
from app.model.payer_list import TRANSACTIONS, PayerEntry
from app.x12.envelope import read
from app.x12.kinds import kind_of, mapping
from vendors.contract import (
    ChecksEligibility,
    ClaimInquiry,
    Document,
    DocumentEntry,
    DocumentKind,
    EligibilityInquiry,
    ReadsClaimStatus,
    ReadsCoverage,
    ReadsEnrollments,
    ReadsRemittances,
    ReadsReports,
    SubmitsClaims,
)
from vendors.contract.clearing import KnowsPayers, TellsNews


class _Reports(ReadsReports, TellsNews, Protocol):
    """What ``reports`` needs."""


class _Remittances(ReadsRemittances, TellsNews, Protocol):
    """What ``remittances`` needs."""


def _documents(document: Document) -> list[dict[str, Any]]:
    """Every transaction of a document that we read, as JSON."""
    return list(_transactions(document))


def _transactions(document: Document) -> Iterator[dict[str, Any]]:
    for transaction in read(document.content):
        kind = kind_of(transaction)
        if kind is not None:
            yield {"type": kind.name, **mapping(kind).to_json(transaction)}
        else:
            transaction.skip()


async def _eligibility(adapter: ChecksEligibility, given: Given) -> Any:
    inquiry = EligibilityInquiry(
        payer_id=given.text("payer_id"),
        payer_name=given.text("payer_name", ""),
        provider_npi=given.text("provider_npi"),
        provider_last_name=given.text("provider_last_name", given.text("provider_name", "")),
        provider_first_name=given.text("provider_first_name", ""),
        member_id=given.text("member_id", ""),
        last_name=given.text("last_name", ""),
        first_name=given.text("first_name", ""),
        birth_date=given.day("birth_date") if given.has("birth_date") else None,
        gender=given.text("gender", ""),
        is_dependent=given.yes("dependent"),
        subscriber_last_name=given.text("subscriber_last_name", ""),
        subscriber_first_name=given.text("subscriber_first_name", ""),
        service_date=given.day("service_date") if given.has("service_date") else SystemClock().now().date(),
        service_types=tuple(given.text("service_types", "30").replace(",", " ").split()),
    )
    given.nothing_left()
    document = await adapter.check_eligibility(inquiry)
    found = _documents(document)
    return found[0] if len(found) == 1 else found


async def _claim_status(adapter: ReadsClaimStatus, given: Given) -> Any:
    inquiry = ClaimInquiry(
        payer_id=given.text("payer_id"),
        payer_name=given.text("payer_name", ""),
        provider_npi=given.text("provider_npi"),
        provider_name=given.text("provider_name", ""),
        patient_control_number=given.text("patient_control_number", ""),
        payer_control_number=given.text("payer_control_number", ""),
        claim_vendor_id=given.text("claim_id", ""),
        member_id=given.text("member_id", ""),
        last_name=given.text("last_name", ""),
        first_name=given.text("first_name", ""),
        birth_date=given.day("birth_date") if given.has("birth_date") else None,
        service_from=given.day("service_from") if given.has("service_from") else None,
        service_to=given.day("service_to") if given.has("service_to") else None,
        charge=_money(given) if given.has("charge") else None,
    )
    given.nothing_left()
    document = await adapter.claim_status(inquiry)
    found = _documents(document)
    return found[0] if len(found) == 1 else found


def _money(given: Given) -> Money:
    try:
        return Money.parse(given.text("charge"))
    except ValueError:
        raise BadInput(
            "charge", "“charge” is not an amount such as 185.00.", "Nothing was sent.", ("Correct it.",)
        ) from None


async def _send_claims(adapter: SubmitsClaims, given: Given) -> Any:
    """With ``payers``, the clearinghouse's list, every claim's payer id is looked up before anything leaves."""
    content = given.file("file")
    listed = given.file("payers") if given.has("payers") else None
    given.nothing_left()
    checked = "Payer ids were not checked: --arg payers=FILE gives the list to check them against."
    if listed is not None:
        if not isinstance(adapter, KnowsPayers):
            raise BadInput("payers", "This system has no list of payers.", "Nothing was sent.", ("Leave it out.",))
        if not (await adapter.import_payer_list(listed)).entries:
            raise BadInput("payers", "There is no payer on this list.", "Nothing was sent.", ("Export it again.",))
        checked = "Every payer id is on the list that was given."
    file = Document(kind=DocumentKind.CLAIM_FILE_837, name="claims.txt", content=content)
    receipt = await adapter.submit_claims(file)
    return msgspec.structs.replace(receipt, words=f"{receipt.words} {checked}")


async def _reports(adapter: _Reports, given: Given) -> Any:
    since = _since(given)
    only = given.text("name", "")
    given.nothing_left()
    found = []
    for entry in await adapter.reports(since):
        if not only or entry.name == only:
            news = await _news(adapter, entry)
            found.append({"report_id": entry.vendor_id, **msgspec.to_builtins(news)})
    return found


async def _news(adapter: _Reports, entry: DocumentEntry) -> Report:
    """What a report says; one that cannot be fetched is told as such and does not stop the others."""
    try:
        return await adapter.news(await adapter.report(entry.vendor_id))
    except (BadDocument, NotFound, VendorRejected) as error:
        words = f"{error.happened} {error.means}".strip()
        return Report(kind=ReportKind.UNKNOWN, name=entry.name, doubts=(words,), bytes_listed=entry.bytes_long)


async def _remittances(adapter: _Remittances, given: Given) -> Any:
    since = _since(given)
    only = given.text("name", "")
    given.nothing_left()
    found = []
    for entry in await adapter.remittances(since):
        if not only or only in {entry.name, entry.vendor_id}:
            document = await adapter.remittance(entry.vendor_id)
            news = await adapter.news(document)
            told = {"remittance_id": entry.vendor_id, "name": entry.name, "doubts": list(news.doubts)}
            # Nothing was taken from a document that is another's or ends in the middle.
            is_used = bool(news.claims) or not news.doubts
            found.append({**told, "payments": _documents(document) if is_used else []})
    return found


def _since(given: Given) -> datetime | None:
    if not given.has("since"):
        return None
    try:
        moment = datetime.fromisoformat(given.text("since"))
    except ValueError:
        raise BadInput(
            "since", "“since” is not a moment such as 2026-03-09T08:00.", "Nothing was sent.", ("Correct it.",)
        ) from None
    return moment.astimezone()


async def _payers(adapter: KnowsPayers, given: Given) -> Any:
    """The export (``file``, or the system's own) searched by name, id or alias."""
    if given.has("file"):
        listed = await adapter.import_payer_list(given.file("file"))
    else:
        listed = await adapter.payer_list()
    search, transaction = given.text("search", ""), given.text("transaction", "")
    limit = given.number("limit", 50)
    given.nothing_left()
    if transaction and transaction not in TRANSACTIONS:
        raise BadInput(
            "transaction", "There is no such transaction.", "Nothing was asked.", (f"Use: {', '.join(TRANSACTIONS)}.",)
        )
    if search:
        matches = listed.find(search, transaction, limit)
        return [{**_payer(one.entry), "aliases": list(one.aliases)} for one in matches]
    rows = [one for one in listed.entries if not transaction or one.transaction == transaction]
    return [_payer(one) for one in rows[:limit]]


def _payer(entry: PayerEntry) -> dict[str, Any]:
    """Every column, also those that say no."""
    return msgspec.structs.asdict(entry)


async def _enrollments(adapter: ReadsEnrollments, given: Given) -> Any:
    given.nothing_left()
    return [{"enrollment_id": one.vendor_id, **msgspec.to_builtins(one.value)} for one in await adapter.enrollments()]


async def _coverage(adapter: ReadsCoverage, given: Given) -> Any:
    patient_id = given.text("patient_id")
    given.nothing_left()
    return [msgspec.to_builtins(one.value) for one in await adapter.coverage(patient_id)]


#: name → (what the adapter must be, how it is done)
OPERATIONS: dict[str, tuple[tuple[type, ...], Callable[[Any, Given], Awaitable[Any]]]] = {
    "eligibility": ((ChecksEligibility,), _eligibility),
    "claim_status": ((ReadsClaimStatus,), _claim_status),
    "send_claims": ((SubmitsClaims,), _send_claims),
    "reports": ((ReadsReports, TellsNews), _reports),
    "remittances": ((ReadsRemittances, TellsNews), _remittances),
    "payers": ((KnowsPayers,), _payers),
    "enrollments": ((ReadsEnrollments,), _enrollments),
    "coverage": ((ReadsCoverage,), _coverage),
}
