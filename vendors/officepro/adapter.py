"""OfficePro as the contract sees it: signs in, reads, books; turns records into Sourced values."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

from app.model.capabilities import CapabilityOffer
from app.model.errors import BadInput, Drifted, SlotTaken, VendorError
from app.model.people import Patient
from app.model.schedule import BookedVisit, BookingRequest, Provider, Slot, SlotCheck, Visit, VisitType
from app.model.sourced import Sourced
from vendors.contract import Page, SessionInfo, VendorContext
from vendors.officepro import account, mapping, people
from vendors.officepro.client import TITLE, OfficeProClient
from vendors.officepro.manifest import MANIFEST
from vendors.transport import failures
from vendors.transport.decode import drifted

T = TypeVar("T")

#: Words by which a refused booking says that the time is gone, where the status alone does not.
_TAKEN = ("not available", "unavailable", "already booked", "no longer", "taken", "conflict", "overlap")


class OfficePro:
    """One practice's account. Implements every capability that ``MANIFEST`` offers."""

    def __init__(self, context: VendorContext) -> None:
        self._context = context
        self._client = OfficeProClient(context)

    async def sign_in(self) -> SessionInfo:
        """A fresh token from the API key. Raises WrongCredentials, NotFound (practice pass), Unreachable."""
        token = await self._client.sign_in()
        if token.lifetime_s is None:
            return SessionInfo(words="Signed in. Renews itself.")
        expires_at = self._context.clock.now() + timedelta(seconds=token.lifetime_s)
        hours = token.lifetime_s / 3600
        length = f"{hours:.0f} h" if hours >= 2 else f"{token.lifetime_s / 60:.0f} min"
        return SessionInfo(words=f"Signed in for {length}. Renews itself.", expires_at=expires_at)

    async def test(self) -> list[CapabilityOffer]:
        """Sign in and try each scope with a read."""
        return await account.entitlements(self._client)

    async def close(self) -> None:
        """Sign out here and give the sockets back."""
        await self._client.close()

    async def providers(self) -> list[Sourced[Provider]]:
        """All active providers."""
        operation = "providers"
        value = await self._client.read(operation, "/availability/providers", {})
        found = mapping.whole(value, mapping.rows(value, operation, "providers"), operation)
        return [self._sourced(*each) for each in mapping.once(mapping.provider(raw, operation) for raw in found)]

    async def provider(self, vendor_id: str) -> Sourced[Provider]:
        """One provider. Raises NotFound."""
        value = await self._client.read("provider", _provider_path(vendor_id), {})
        held = mapping.inside(value)
        if isinstance(held, dict) and isinstance(held.get("provider"), dict):
            held = held["provider"]
        if isinstance(held, list) and len(held) == 1:
            held = held[0]
        found, record = mapping.provider(held, "provider")
        mapping.agree("provider", id=(vendor_id, found))
        return self._sourced(found, record)

    async def visit_types(self, include_inactive: bool = False) -> list[VisitType]:
        """The kinds of visit, with the providers and resources that may have them."""
        operation = "visit_types"
        query = {"includeInactive": "true"} if include_inactive else {}
        value = await self._client.read(operation, "/visit-types", query)
        found = mapping.whole(value, mapping.rows(value, operation, "visitTypes"), operation)
        return mapping.once(mapping.visit_type(raw, operation) for raw in found)

    async def visits(
        self, provider_vendor_id: str, start: date, end: date, visit_type: str = ""
    ) -> list[Sourced[Visit]]:
        """Booked visits from ``start`` to ``end``, both included. No patient and no status: OfficePro shows neither."""
        if end < start:
            raise BadInput("end", "The last day lies before the first.", "Nothing was sent.")
        query = {"startDate": start.isoformat(), "endDate": end.isoformat()}
        if visit_type:
            query["visitType"] = visit_type
        value = await self._client.read("visits", _provider_path(provider_vendor_id, "/schedule"), query)
        found = mapping.visits(value, provider_vendor_id, start, end)
        return [self._sourced(vendor_id, visit) for vendor_id, visit in found]

    async def open_slots(self, provider_vendor_id: str, day: date, minutes: int) -> list[Slot]:
        """Free times of a day."""
        query = {"date": day.isoformat(), "duration": str(mapping.asked_minutes(minutes))}
        value = await self._client.read("open_slots", _provider_path(provider_vendor_id, "/slots"), query)
        return mapping.open_slots(value, provider_vendor_id, day, minutes)

    async def check_slot(self, slot: Slot) -> SlotCheck:
        """Whether exactly this time is free now."""
        query = {
            "date": slot.day.isoformat(),
            "time": mapping.time_out(slot.start),
            "duration": str(mapping.asked_minutes(slot.minutes)),
        }
        value = await self._client.read("check_slot", _provider_path(slot.provider_vendor_id, "/check"), query)
        return mapping.slot_check(value, slot)

    async def next_slot(self, provider_vendor_id: str, minutes: int, max_days: int | None = None) -> Slot | None:
        """The first free time; OfficePro looks 365 days ahead unless told otherwise."""
        query = {"duration": str(mapping.asked_minutes(minutes))}
        if max_days is not None:
            query["maxDays"] = str(max_days)
        value = await self._client.read("next_slot", _provider_path(provider_vendor_id, "/next-slot"), query)
        return mapping.next_slot(value, provider_vendor_id, minutes)

    async def book_visit(self, request: BookingRequest) -> BookedVisit:
        """Book, once. Raises SlotTaken, VendorRejected, NotFound, OutcomeUnknown; never guesses success."""
        mapping.asked_minutes(request.minutes)
        value = await self._client.write("book_visit", "POST", "/visits/book", mapping.booking_out(request), _not_free)
        try:
            return mapping.booked(value, request)
        except Drifted as error:
            raise failures.outcome_unknown(TITLE, error.detail) from None

    async def search_patients(
        self, search: str = "", page: str = "", limit: int = 0, leads_only: bool = False
    ) -> Page[Sourced[Patient]]:
        """One page of prospects. OfficePro documents neither the envelope nor the end of the list (BEHAVIOR.md, 4)."""
        operation = "search_patients"
        number, seen = _place(page)
        size = limit or MANIFEST.limits.page_size
        query = {"page": str(number), "limit": str(size)}
        if search.strip():
            query["search"] = search.strip()
        if leads_only:
            query["prospect"] = "true"
        value = await self._client.read(operation, "/prospects", query)
        found = mapping.rows(value, operation, "prospects", "patients")
        entries = [self._sourced(*people.patient(raw, operation)) for raw in found]
        items = tuple({entry.vendor_id: entry for entry in entries}.values())
        seen += len(entries)
        count = _count(value)
        # A count beyond this page is the whole list's; one equal to a full page may be either.
        total = count if count is not None and (count != len(entries) or len(entries) < size) else None
        more = bool(entries) and (seen < total if total is not None else len(entries) >= size)
        return Page(items=items, next_page=f"{number + 1}:{seen}" if more else "", total=total)

    async def create_patient(self, patient: Patient) -> Sourced[Patient]:
        """Create a prospect, once. An answer without the new id is OutcomeUnknown, whatever it says."""
        fields = people.creation_out(patient)
        value = await self._client.write("create_patient", "POST", "/prospects", fields)
        try:
            vendor_id, answered = people.patient(_told(value, fields), "create_patient")
        except Drifted as error:
            raise failures.outcome_unknown(TITLE, error.detail) from None
        if not people.same_name(fields, answered):
            raise failures.outcome_unknown(TITLE, "create_patient: the answer is about another name")
        return self._sourced(vendor_id, answered)

    async def update_patient(self, vendor_id: str, changes: dict[str, str]) -> Sourced[Patient]:
        """Change the named fields of a prospect, once. An answer that is a message alone confirms them."""
        fields = people.changes_out(changes)
        value = await self._client.write("update_patient", "PUT", f"/prospects/{quote(vendor_id, safe='')}", fields)
        try:
            told = _told(value, fields)
            answered_id, answered = people.patient({"id": vendor_id, **told}, "update_patient")
            mapping.agree("update_patient", id=(vendor_id, answered_id))
        except Drifted as error:
            raise failures.outcome_unknown(TITLE, error.detail) from None
        if not people.same_name(fields, answered):
            raise failures.outcome_unknown(TITLE, "update_patient: the answer is about another name")
        return self._sourced(vendor_id, answered)

    def _sourced(self, vendor_id: str, value: T) -> Sourced[T]:
        return Sourced(
            value=value,
            connection_id=self._context.connection_id,
            vendor_id=vendor_id,
            as_of=self._context.clock.now(),
        )


def _provider_path(vendor_id: str, rest: str = "") -> str:
    if not vendor_id.strip():
        raise BadInput("provider_id", "No provider was named.", "Nothing was sent.")
    return f"/availability/providers/{quote(vendor_id, safe='')}{rest}"


def _not_free(status: int, said: str) -> VendorError | None:
    """A refused booking whose time is gone: 409, or words to that effect."""
    words = said.casefold()
    if status == 409 or (status in {200, 400, 422} and any(mark in words for mark in _TAKEN)):
        return SlotTaken(
            "Not booked. OfficePro says this time is not free.",
            f"OfficePro says: “{said}”." if said else "Somebody may just have taken it.",
            ("Choose another time.",),
            detail=f"book_visit: HTTP {status}",
        )
    return None


def _place(page: str) -> tuple[int, int]:
    """``"3:200"`` → page 3, 200 records seen; a bare number is a page; empty is the first."""
    number, _, seen = page.partition(":")
    try:
        place = int(number or 1), int(seen or 0)
    except ValueError:
        place = (0, 0)
    if place[0] < 1:
        raise BadInput("page", "There is no such page.", "Nothing was sent.", ("Start at page 1.",))
    return place


def _count(value: Any) -> int | None:
    if not isinstance(value, dict):
        return None
    for name in ("total", "totalCount", "count"):
        count = value.get(name)
        if isinstance(count, int) and not isinstance(count, bool):
            return count
    return None


def _told(value: Any, sent: dict[str, Any]) -> dict[str, Any]:
    """The record a write answered (under ``data``, alone in a list, or bare), with what was sent where it is silent.

    Raises Drifted for what is neither a record nor a message.
    """
    if not isinstance(value, dict | list):
        raise drifted(TITLE, "a write", "“data” in another shape")
    held = mapping.inside(value)
    if isinstance(held, list) and len(held) == 1:
        held = held[0]
    if isinstance(held, dict):
        held = next((held[name] for name in ("prospect", "patient") if isinstance(held.get(name), dict)), held)
    told = {name: said for name, said in held.items() if said is not None} if isinstance(held, dict) else {}
    told.pop("message", None)
    said = {name.lower() for name in told}
    return {**{name: field for name, field in sent.items() if name.lower() not in said}, **told}
