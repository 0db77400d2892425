"""Eligibility and claim status in real time: one question a call, its answer checked against it.

``ErrorCode`` Success says nothing: inside may be the answer, a 999, a TA1, JSON or a web page. A question is asked
again by itself only where the payer's AAA04 allows it, or without the one element that a payer is known to refuse.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from app.model.acknowledgment import Acknowledgment
from app.model.eligibility import EligibilityReport
from app.model.errors import Drifted, Unreachable, VendorError, VendorRejected, WrongCredentials
from app.x12 import ack_999, eligibility_271, status_277
from app.x12.delimiters import from_header
from app.x12.envelope import Transaction, read
from app.x12.kinds import kind_of, polite_name
from vendors.contract import ClaimInquiry, Document, DocumentKind, EligibilityInquiry, SealedState, VendorContext
from vendors.officeally import core_envelope, inquiries
from vendors.officeally.core_envelope import MIME_PATH, SOAP_PATH, Told
from vendors.officeally.reports import CUT
from vendors.transport import failures, scrub
from vendors.transport.decode import drifted
from vendors.transport.http import Answer, Ask, HttpTransport

T = TypeVar("T")

_TITLE = "Office Ally"
_NUMBER = "realtime_number"
_RULES = "payer_rules"
_NO_SEX = "no sex"
#: AAA03 of a payer that is down or silent: worth another try where AAA04 says so.
_PASSING = frozenset({"42", "80"})
_UNAUTHORIZED = frozenset(
    {"unauthorized", "usernamerequired", "passwordrequired", "usernameillegal", "passwordillegal"}
)
_TYPES = {"270": "X12_270_Request_005010X279A1", "276": "X12_276_Request_005010X212"}


class RealTimeSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """User, password and Sender ID of the real-time agreement."""

    user: str
    password: str
    sender_id: str


class RealTime:
    """The service at one address. An address that ends with the MIME path speaks MIME, any other SOAP."""

    def __init__(self, context: VendorContext, *, address: str, sign_in: RealTimeSignIn) -> None:
        self._context = context
        self._sign_in = sign_in
        base = address.rstrip("/")
        self._is_mime = base.casefold().endswith(MIME_PATH.casefold())
        for path in (MIME_PATH, SOAP_PATH):
            if base.casefold().endswith(path.casefold()):
                base = base[: -len(path)]
        # One try: a second one needs a payload id and a trace of its own, and is ours to decide.
        once = dataclasses.replace(context, timing=msgspec.structs.replace(context.timing, tries=1))
        self._http = HttpTransport(once, title=_TITLE, base_url=base, parallel=2)
        self._numbering = asyncio.Lock()

    async def close(self) -> None:
        """Give the sockets back."""
        await self._http.close()

    async def eligibility(self, inquiry: EligibilityInquiry) -> Document:
        """A 271, which may be the payer's refusal (AAA). A payer that is down or silent is asked a few times.

        Raises BadInput, VendorRejected (999 or TA1), Drifted (another's answer, a web page), Unreachable.
        """
        without_sex = _NO_SEX in await self._rules(inquiry.payer_id)

        async def once() -> tuple[Document, list[EligibilityReport]]:
            nonlocal without_sex
            try:
                return await self._eligibility(inquiry, without_sex=without_sex)
            except _SexRefused:
                if without_sex:
                    raise
                without_sex = True
                await self._add_rule(inquiry.payer_id, _NO_SEX)
                return await self._eligibility(inquiry, without_sex=True)

        return await self._patiently(once)

    async def _patiently(self, once: Callable[[], Awaitable[tuple[Document, list[EligibilityReport]]]]) -> Document:
        timing = self._context.timing
        document, reports = await once()
        for attempt in range(1, timing.tries):
            if not may_ask_again(reports):
                break
            await asyncio.sleep(timing.back_off_s * 5 * 2 ** (attempt - 1))
            document, reports = await once()
        return document

    async def claim_status(self, inquiry: ClaimInquiry) -> Document:
        """A 277 at claim level. Raises as ``eligibility`` does."""
        number, when = await self._next_number(), self._local()
        asked = inquiries.claim_status(
            inquiry,
            sender_id=self._sign_in.sender_id,
            practice=self._context.tenant,
            number=number,
            when=when,
        )
        told = await self._ask("276", asked.content)
        payload = _wanted(told.payload, "277")
        claims = _all(payload, status_277.read)
        if not inquiries.answers_status(asked, claims):
            raise _anothers("claim_status")
        return Document(
            kind=DocumentKind.CLAIM_STATUS_277,
            name=f"{asked.trace}.277",
            content=payload,
            media_type="application/EDI-X12",
        )

    async def _eligibility(
        self, inquiry: EligibilityInquiry, *, without_sex: bool
    ) -> tuple[Document, list[EligibilityReport]]:
        number, when = await self._next_number(), self._local()
        asked = inquiries.eligibility(
            inquiry, sender_id=self._sign_in.sender_id, number=number, when=when, without_sex=without_sex
        )
        told = await self._ask("270", asked.content)
        payload = _wanted(told.payload, "271")
        reports = _all(payload, eligibility_271.read)
        if not inquiries.answers_eligibility(asked, reports):
            raise _anothers("eligibility")
        name, media = f"{asked.trace}.271", "application/EDI-X12"
        return Document(kind=DocumentKind.ELIGIBILITY_271, name=name, content=payload, media_type=media), reports

    async def _ask(self, kind: str, content: bytes) -> Told:
        question = core_envelope.Question(
            payload_type=_TYPES[kind],
            payload=content,
            sender_id=self._sign_in.sender_id,
            user=self._sign_in.user,
            password=self._sign_in.password,
            payload_id=core_envelope.new_payload_id(),
            asked_at=self._context.clock.now(),
        )
        headers, body = core_envelope.mime(question) if self._is_mime else core_envelope.soap(question)
        path = MIME_PATH if self._is_mime else SOAP_PATH
        operation = "eligibility" if kind == "270" else "claim_status"
        answer = await self._http.ask(
            Ask(operation=operation, method="POST", path=path, headers=headers, body=body, is_write=False)
        )
        told = self._opened(answer, operation)
        if told.payload_id and told.payload_id.casefold() != question.payload_id.casefold():
            raise _anothers(operation)
        return told

    def _opened(self, answer: Answer, operation: str) -> Told:
        if answer.status in {401, 403}:
            raise self._wrong_credentials()
        if answer.status >= 400:
            raise self._failed(answer, operation)
        told = core_envelope.opened(answer.headers.get("content-type", ""), answer.body)
        if told.error_code.casefold() in _UNAUTHORIZED:
            raise self._wrong_credentials()
        if told.error_code != "Success":
            said = scrub.reason(told.error_message, (self._sign_in.user, self._sign_in.password))
            raise VendorRejected(
                "Office Ally did not accept the question.",
                f"It says {scrub.reason(told.error_code)}" + (f": “{said}”." if said else "."),
                ("Check the Sender ID in Connections.", "If it is right, tell support."),
                detail=f"{operation}: {scrub.reason(told.error_code)}",
            )
        return told

    def _failed(self, answer: Answer, operation: str) -> VendorError:
        """An HTTP error: a SOAP fault tells more than its status."""
        try:
            core_envelope.opened(answer.headers.get("content-type", ""), answer.body)
        except VendorRejected as fault:
            return fault
        except Drifted:
            pass
        return failures.for_status(_TITLE, answer.status, operation=operation, write=False)

    def _wrong_credentials(self) -> WrongCredentials:
        return WrongCredentials(
            "Office Ally does not accept this real-time user and password.",
            "Nothing was asked. These are not the ones of the web pages or of SFTP.",
            ("Check both, and the Sender ID, in Connections.", "Ask Office Ally's real-time support."),
            detail="realtime: not authorized",
        )

    # --- what is remembered ------------------------------------------------------------------------------------------

    async def _next_number(self) -> int:
        """A number for trace and control: written down before it is used, so that it is never used twice."""
        state = self._context.state
        async with self._numbering:
            held = await state.get(_NUMBER)
            # Where none is remembered the clock begins, so that a connection made anew repeats none of before.
            number = (int(held) if held else int(self._context.clock.now().timestamp() * 10) % 900_000_000) + 1
            await state.put(_NUMBER, str(number).encode())
        return number

    async def _rules(self, payer_id: str) -> list[str]:
        return (await _held_rules(self._context.state)).get(payer_id, [])

    async def _add_rule(self, payer_id: str, rule: str) -> None:
        rules = await _held_rules(self._context.state)
        rules[payer_id] = sorted({*rules.get(payer_id, []), rule})
        await self._context.state.put(_RULES, msgspec.json.encode(rules))

    def _local(self) -> datetime:
        return self._context.clock.now().astimezone(ZoneInfo(self._context.time_zone))


async def _held_rules(state: SealedState) -> dict[str, list[str]]:
    held = await state.get(_RULES)
    return msgspec.json.decode(held, type=dict[str, list[str]]) if held else {}


# --- what is inside --------------------------------------------------------------------------------------------------


class _SexRefused(VendorRejected):
    """A 999 that names DMG03: this payer does not want to be told the sex."""


def _wanted(payload: bytes, kind: str) -> bytes:
    """The payload, if it is the answer that was asked for. Raises what it is instead, in words."""
    start = payload[:200].lstrip()
    if not start:
        raise drifted(_TITLE, "realtime", "an empty answer")
    if start.startswith((b"{", b"[")):
        raise Unreachable(
            "Office Ally could not process the question.",
            "It answered with a message of its own instead of the payer's answer. Nothing is known about the patient "
            "or the claim by it.",
            ("Ask again later.", "If it stays, ask Office Ally's real-time support."),
            detail="realtime: JSON in the payload",
        )
    if start.startswith(b"<"):
        raise drifted(_TITLE, "realtime", "a web page instead of the payer's answer")
    if from_header(payload) is None:
        raise drifted(_TITLE, "realtime", "something that is no X12 document")
    reader = read(payload)
    others: list[str] = []
    for transaction in reader:
        found = kind_of(transaction)
        if found is not None and found.name == kind:
            return payload
        if found is not None and found.name == "999":
            raise _refused(next(iter(ack_999.read(transaction))))
        others.append(polite_name(transaction))
        transaction.skip()
    for one in reader.acknowledgments:
        note = ack_999.interchange_acknowledgment(one).note
        raise VendorRejected(
            "Office Ally refused the envelope of the question.",
            f"Nothing of it was read (TA1, note {note}).",
            ("Check the Sender ID in Connections.", "If it is right, tell support."),
            detail=f"realtime: TA1 {note}",
        )
    raise drifted(_TITLE, "realtime", f"a {others[0]} instead of a {kind}" if others else "a document without content")


def _all(payload: bytes, of: Callable[[Transaction], Iterable[T]]) -> list[T]:
    """Everything an answer says. Raises Unreachable for one that ends in the middle, Drifted where it says nothing."""
    reader = read(payload)
    found: list[T] = []
    codes: set[str] = set()
    for transaction in reader:
        found += of(transaction)
        codes |= {problem.code for problem in transaction.problems.done()}
    codes |= {problem.code for problem in reader.problems.done()}
    if codes & CUT:
        raise Unreachable(
            "Office Ally's answer ends in the middle.",
            "What is missing may change the rest, so nothing of it was used.",
            ("Ask again.",),
            detail="realtime: cut off",
        )
    if not found:
        raise drifted(_TITLE, "realtime", "an answer that says nothing")
    return found


def _refused(said: Acknowledgment) -> VendorRejected:
    errors = [error for one in said.sets for error in one.errors]
    places = [f"{error.segment}{element.element:02d}" for error in errors for element in error.elements] or [
        error.segment for error in errors
    ]
    words = f"At fault: {', '.join(places[:4])}." if places else "It does not say where."
    make = _SexRefused if "DMG03" in places else VendorRejected
    return make(
        "The question was refused for its form, before the payer answered.",
        words,
        ("Check what was entered for the patient and the provider.", "If it is right, tell support."),
        detail=f"realtime: 999 {' '.join(places[:4])}".strip(),
    )


def may_ask_again(reports: Iterable[EligibilityReport]) -> bool:
    """Whether a payer that is down (42) or silent (80) lets the same question come again (AAA04 P or R)."""
    found = [one for report in reports for one in report.rejections if one.level != "benefit"]
    return bool(found) and all(one.reason in _PASSING and one.resend == "yes" for one in found)


def _anothers(operation: str) -> Drifted:
    return Drifted(
        "Office Ally gave an answer to another question.",
        "Its trace number, or the person in it, is not the one that was asked about. It was not used.",
        ("Ask again.", "If it happens again, tell Office Ally's real-time support."),
        detail=f"{operation}: trace or member differs",
    )
