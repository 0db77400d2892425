"""``daybook call``: one operation of one vendor's adapter against any server, for support and acceptance.

Opens no store, no outbox, no keyring; a write is sent once and never repeated. Prints the normalised record or list as
JSON, an error as ``{"error": {...}}`` with exit status 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from app.main import call_billing
from app.main.call_given import Given
from app.main.call_shapes import shaped
from app.main.call_words import told
from app.model.clock import SystemClock
from app.model.connection import Environment
from app.model.errors import BadInput, DaybookError
from app.model.people import Address, Patient
from app.model.schedule import BookingRequest, Slot
from vendors import load
from vendors.contract import (
    BooksVisits,
    CreatesPatients,
    FindsSlots,
    Manifest,
    RateBudget,
    ReadsProviders,
    ReadsSchedule,
    ReadsVisitTypes,
    SearchesPatients,
    UpdatesPatients,
    VendorContext,
)

Operation = Callable[[Any, Given], Awaitable[Any]]

_PATIENT_FIELDS = frozenset(
    name for name in Patient.__struct_fields__ if name not in {"address", "member_ids", "extra", "is_lead", "alert"}
)
_ADDRESS_FIELDS = frozenset(Address.__struct_fields__)
#: What the systems call these fields, without case and underscores → our name: both are taken.
_FIELD_NAMES = {
    **{name.replace("_", ""): name for name in (*_PATIENT_FIELDS, *_ADDRESS_FIELDS, "prospect", "patient_id")},
    "id": "patient_id",
    "prospectid": "patient_id",
    "mi": "middle_name",
    "dob": "birth_date",
    "primarylanguage": "language",
    "providerid": "usual_provider_vendor_id",
    "address": "street",
    "zip": "postal_code",
}


async def _providers(adapter: ReadsProviders, given: Given) -> Any:
    given.nothing_left()
    return await adapter.providers()


async def _provider(adapter: ReadsProviders, given: Given) -> Any:
    provider_id = given.text("provider_id")
    given.nothing_left()
    return await adapter.provider(provider_id)


async def _visits(adapter: ReadsSchedule, given: Given) -> Any:
    place = given.text("provider_id"), given.day("start"), given.day("end"), given.text("visit_type", "")
    given.nothing_left()
    return await adapter.visits(*place)


async def _check_slot(adapter: FindsSlots, given: Given) -> Any:
    slot = Slot(
        provider_vendor_id=given.text("provider_id"),
        day=given.day("date"),
        start=given.moment("time"),
        minutes=given.number("duration"),
    )
    given.nothing_left()
    return await adapter.check_slot(slot)


async def _open_slots(adapter: FindsSlots, given: Given) -> Any:
    place = given.text("provider_id"), given.day("date"), given.number("duration")
    given.nothing_left()
    return await adapter.open_slots(*place)


async def _next_slot(adapter: FindsSlots, given: Given) -> Any:
    place = given.text("provider_id"), given.number("duration")
    days = given.number("max_days") if given.has("max_days") else None
    given.nothing_left()
    return await adapter.next_slot(*place, days)


async def _visit_types(adapter: ReadsVisitTypes, given: Given) -> Any:
    everything = given.yes("include_inactive")
    given.nothing_left()
    return await adapter.visit_types(everything)


async def _book_visit(adapter: BooksVisits, given: Given) -> Any:
    request = BookingRequest(
        patient_vendor_id=given.text("patient_id"),
        provider_vendor_id=given.text("provider_id"),
        visit_type=given.text("visit_type"),
        day=given.day("date"),
        start=given.moment("time"),
        minutes=given.number("duration"),
        reason=given.text("visit_complaint", ""),
        notes=given.text("visit_notes", ""),
        provider_start=given.moment("provider_time") if given.has("provider_time") else None,
        provider_minutes=given.number("provider_duration", 0),
    )
    given.nothing_left()
    return await adapter.book_visit(request)


async def _search_patients(adapter: SearchesPatients, given: Given) -> Any:
    limit = given.number("limit", 0)
    asked = given.text("search", ""), given.text("page", ""), limit, given.yes("prospect")
    given.nothing_left()
    items = (await adapter.search_patients(*asked)).items
    # A web page shows as many as it shows.
    return list(items[:limit] if limit else items)


async def _create_patient(adapter: CreatesPatients, given: Given) -> Any:
    given = given.under(_FIELD_NAMES)
    known: dict[str, Any] = {"is_lead": given.yes("prospect")}
    if given.has("birth_date"):
        known["birth_date"] = given.day("birth_date")
    fields = given.rest()
    address = {name: value for name, value in fields.items() if name in _ADDRESS_FIELDS}
    # What has no name of ours may go under the vendor's own, which begin with a capital letter.
    extra = {name: value for name, value in fields.items() if name[:1].isupper()}
    plain = {name: value for name, value in fields.items() if name in _PATIENT_FIELDS}
    for name in fields.keys() - address.keys() - plain.keys() - extra.keys():
        raise BadInput(name, f"A patient has no “{name[:40]}”.", "Nothing was sent.", ("Leave it out.",))
    patient = msgspec.convert({**known, **plain, "extra": extra, "address": address}, Patient)
    return await adapter.create_patient(patient)


async def _update_patient(adapter: UpdatesPatients, given: Given) -> Any:
    given = given.under(_FIELD_NAMES)
    patient_id = given.text("patient_id")
    changes = given.rest()
    if "prospect" in changes:
        changes["is_lead"] = changes.pop("prospect")
    return await adapter.update_patient(patient_id, changes)


#: name → (what the adapter must be, how it is done)
OPERATIONS: dict[str, tuple[tuple[type, ...], Operation]] = {
    "providers": ((ReadsProviders,), _providers),
    "provider": ((ReadsProviders,), _provider),
    "visits": ((ReadsSchedule,), _visits),
    "check_slot": ((FindsSlots,), _check_slot),
    "open_slots": ((FindsSlots,), _open_slots),
    "next_slot": ((FindsSlots,), _next_slot),
    "visit_types": ((ReadsVisitTypes,), _visit_types),
    "book_visit": ((BooksVisits,), _book_visit),
    "search_patients": ((SearchesPatients,), _search_patients),
    "patients": ((SearchesPatients,), _search_patients),
    "create_patient": ((CreatesPatients,), _create_patient),
    "update_patient": ((UpdatesPatients,), _update_patient),
    **call_billing.OPERATIONS,
}


class _Environment:
    """Secrets from the environment: form field → variable. Nothing is written anywhere.

    Under an address's name (``sftp``) a variable holds ``USER:PASSWORD`` for ``sftp_user`` and ``sftp_password``.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    async def get(self, name: str) -> str | None:
        variable = self._variables.get(name)
        if variable:
            return os.environ.get(variable)
        place, _, part = name.rpartition("_")
        pair = os.environ.get(self._variables.get(place, ""), "")
        user, is_pair, password = pair.partition(":")
        if not is_pair or part not in {"user", "password"}:
            return None
        return user if part == "user" else password

    async def put(self, name: str, value: str) -> None:
        raise BadInput("secret_env", "The system wants to change a secret, and here is no place to keep it.")


class Forgetful:
    """An adapter's state in memory, gone with the process."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    async def get(self, name: str) -> bytes | None:
        """What was put under ``name``, or None."""
        return self._held.get(name)

    async def put(self, name: str, value: bytes) -> None:
        """Keep ``value`` for as long as the process lives."""
        self._held[name] = value


def run(argv: Sequence[str]) -> int:
    """Do it and print the answer. 0: done; 1: an error, told as JSON; 2: not understood."""
    arguments = _arguments(argv)
    try:
        value = asyncio.run(_call(arguments))
    except DaybookError as error:
        _print({"error": told(error)})
        return 1
    _print(value)
    return 0


def _print(value: Any) -> None:
    """One line of JSON, readable in every language; escaped only where the terminal cannot show it."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        line = json.dumps(value)
    sys.stdout.write(line + "\n")


async def _call(arguments: argparse.Namespace) -> Any:
    manifest = load.manifest(arguments.vendor)
    wanted, operation = OPERATIONS.get(arguments.operation, (None, None))
    if wanted is None or operation is None:
        raise BadInput(
            "operation",
            f"There is no operation “{arguments.operation[:40]}”.",
            "Nothing was sent.",
            (f"Use one of: {', '.join(OPERATIONS)}.",),
        )
    adapter = load.factory(arguments.vendor)(_context(manifest, arguments))
    try:
        if not all(isinstance(adapter, one) for one in wanted):
            raise BadInput("operation", f"{manifest.title} does not offer this.", "Nothing was sent.")
        return shaped(await operation(adapter, Given(_pairs(arguments.arg, "arg"))))
    finally:
        await adapter.close()


def _context(manifest: Manifest, arguments: argparse.Namespace) -> VendorContext:
    clock = SystemClock()
    limits = manifest.limits
    addresses = [field.name for field in manifest.addresses]
    fields = sorted(manifest.sign_in, key=lambda field: not field.secret)
    secrets = [field.name for field in fields]
    pairs = [name for name in addresses if f"{name}_password" in secrets]
    return VendorContext(
        connection_id="call",
        base_urls=_named(arguments.base_url, addresses, "base_url"),
        tenant=arguments.tenant,
        environment=Environment.PRODUCTION if arguments.production else Environment.SANDBOX,
        secrets=_Environment(_named(arguments.secret_env, [*secrets, *pairs], "secret_env")),
        state=Forgetful(),
        clock=clock,
        budget=RateBudget(clock, allowed=limits.requests, window_s=limits.window_s, words=limits.words),
        allow_plain_http=True,
    )


def _named(values: Sequence[str], names: Sequence[str], option: str) -> dict[str, str]:
    """``VALUE`` for the one name there is, ``NAME=VALUE`` for several. Raises BadInput."""
    found = {}
    for value in values:
        name, is_named, rest = value.partition("=")
        if is_named and re.fullmatch(r"[a-z][a-z0-9_]*", name):
            if name not in names:
                raise BadInput(option, f"There is no “{name}”.", "Nothing was sent.", (f"Use: {', '.join(names)}.",))
            found[name] = rest
        else:
            found[names[0]] = value
    return found


def _pairs(values: Sequence[str], option: str) -> dict[str, str]:
    found = {}
    for value in values:
        name, is_pair, rest = value.partition("=")
        if not is_pair or not name:
            raise BadInput(option, "An argument is written name=value.", "Nothing was sent.", ("Correct it.",))
        if not value.isprintable() and any("\ud800" <= char <= "\udfff" for char in value):
            raise BadInput(name, f"“{name}” is not text in UTF-8.", "Nothing was sent.", ("Correct it.",))
        if name in found:
            raise BadInput(name, f"“{name[:40]}” is given twice.", "Nothing was sent.", ("Leave one of them out.",))
        found[name] = rest
    return found


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="daybook call", description=__doc__, epilog=f"operations: {', '.join(OPERATIONS)}"
    )
    parser.add_argument("vendor", help=f"one of: {', '.join(load.names())}")
    parser.add_argument("operation")
    parser.add_argument("--base-url", action="append", required=True, metavar="[NAME=]URL")
    parser.add_argument("--tenant", default="", help="the practice's account, as the vendor calls it")
    parser.add_argument(
        "--secret-env",
        action="append",
        default=[],
        metavar="[NAME=]VARIABLE",
        help="environment variable of a sign-in field; under an address's name it holds USER:PASSWORD",
    )
    parser.add_argument(
        "--production", action="store_true", help="send real claims; without it claims go out as a test only"
    )
    parser.add_argument("--arg", action="append", nargs="+", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args(list(argv))
    arguments.arg = [pair for group in arguments.arg for pair in group]
    return arguments
