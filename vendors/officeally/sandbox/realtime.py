"""The real-time service: one question a call, SOAP on one path and MIME on another, the same answers behind both."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from app.x12.write import Body
from vendors.officeally.sandbox import claim_status, edi, eligibility, inquiry
from vendors.officeally.sandbox.clearinghouse import Clearinghouse
from vendors.officeally.sandbox.envelopes import Asked, NotAnEnvelope, fault, from_mime, from_soap, to_mime, to_soap
from vendors.officeally.sandbox.payers import by_id
from vendors.officeally.sandbox.practice import SENDER
from vendors.officeally.sandbox.schema import next_number
from vendors.sandboxkit.clock import SandboxClock
from vendors.sandboxkit.plan import ZONE
from vendors.sandboxkit.web import EFFECT

SOAP_PATH = "/TransactionService/rtx.svc"
MIME_PATH = "/TransactionSite/realtime-request/MIME"
USER, PASSWORD = "larkspur-rt", "Sparrow-Lantern-77"
_TYPES = {
    "X12_270_Request_005010X279A1": ("270", "X12_271_Response_005010X279A1"),
    "X12_276_Request_005010X212": ("276", "X12_277_Response_005010X212"),
}
_BROKEN = '{"message":"An error occurred while processing your request. Please contact support."}'
_PAGE = "<!DOCTYPE html><html><head><title>Service Unavailable</title></head><body><h1>503</h1></body></html>"


@dataclass
class Switches:
    """Modelling: whether wrong credentials are HTTP 401; whether payloads come as CDATA; how slow a slow payer is."""

    bad_login_is_401: bool = False
    cdata: bool = True
    slow_s: float = 3.0


class RealTime:
    """Handlers of both paths."""

    def __init__(self, database: sqlite3.Connection, house: Clearinghouse, clock: SandboxClock) -> None:
        self._db = database
        self._house = house
        self._clock = clock
        self.switches = Switches()
        self._payload_ids: set[str] = set()

    def routes(self) -> list[web.RouteDef]:
        """The two paths."""
        return [
            web.post(SOAP_PATH, self._soap, name="realtime_soap"),
            web.post(MIME_PATH, self._mime, name="realtime_mime"),
        ]

    async def _soap(self, request: web.Request) -> web.StreamResponse:
        kind = request.headers.get("Content-Type", "").replace(" ", "").replace('"', "").lower()
        if not kind.startswith("application/soap+xml") or "action=realtimetransaction" not in kind:
            return _xml(415, fault("Content-Type must be application/soap+xml with action=RealTimeTransaction"))
        try:
            asked = from_soap(await request.read())
        except NotAnEnvelope as problem:
            return _xml(500, fault(str(problem)))
        answered = await self._answer(request, asked)
        if isinstance(answered, web.Response):
            return answered
        return _xml(200, to_soap(answered, cdata=self.switches.cdata))

    async def _mime(self, request: web.Request) -> web.StreamResponse:
        try:
            asked = from_mime(request.headers.get("Content-Type", ""), await request.read())
        except NotAnEnvelope as problem:
            return web.Response(status=400, text=str(problem))
        answered = await self._answer(request, asked)
        if isinstance(answered, web.Response):
            return answered
        boundary = "OfficeAllyPart1"
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return web.Response(body=to_mime(answered, boundary), headers=headers)

    async def _answer(self, request: web.Request, asked: Asked) -> dict[str, str] | web.Response:
        """The fields of the answer, or a response of another kind."""
        self._house.look()
        now = self._clock.now()
        code, words = self._envelope_fault(asked)
        kind, answer_type = _TYPES.get(asked["PayloadType"], ("", "CoreEnvelopeError"))
        fields = {
            "PayloadType": answer_type,
            "ProcessingMode": "RealTime",
            "PayloadID": asked["PayloadID"],
            "TimeStamp": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "SenderID": inquiry.RECEIVER,
            "ReceiverID": asked["SenderID"],
            "CORERuleVersion": "2.2.0",
            "ErrorCode": code,
            "ErrorMessage": words,
        }
        if code == "UnAuthorized" and self.switches.bad_login_is_401:
            return web.Response(status=401, text="Unauthorized")
        if code != "Success":
            return {**fields, "PayloadType": "CoreEnvelopeError", "Payload": ""}
        seen = asked["PayloadID"] in self._payload_ids
        self._payload_ids.add(asked["PayloadID"])
        payload, script = self._payload(kind, asked["Payload"].strip().encode("latin-1", "replace"), now)
        request[EFFECT] = {"asked": kind, "payload_id": asked["PayloadID"], "again": seen}
        if script == "slow":
            await asyncio.sleep(self.switches.slow_s)
        if script == "cut" and request.transport is not None:
            request.transport.abort()
            return web.Response(status=444)
        return {**fields, "Payload": payload}

    def _envelope_fault(self, asked: Asked) -> tuple[str, str]:
        for name in ("PayloadType", "ProcessingMode", "PayloadID", "TimeStamp", "SenderID", "ReceiverID", "Payload"):
            if not asked[name]:
                return f"{name}Required", f"{name} is missing"
        checks = (
            (
                (asked["Username"], asked["Password"]) != (USER, PASSWORD),
                "UnAuthorized",
                "The credentials are not valid",
            ),
            (asked["SenderID"] != SENDER, "SenderIDIllegal", "SenderID is unknown"),
            (asked["ReceiverID"] != inquiry.RECEIVER, "ReceiverIDIllegal", "ReceiverID is unknown"),
            (asked["CORERuleVersion"] != "2.2.0", "VersionMismatch", "CORERuleVersion must be 2.2.0"),
            (asked["ProcessingMode"] != "RealTime", "ProcessingModeIllegal", "ProcessingMode must be RealTime"),
            (asked["PayloadType"] not in _TYPES, "PayloadTypeIllegal", "PayloadType is not supported"),
        )
        return next(((code, words) for wrong, code, words in checks if wrong), ("Success", "None"))

    def _payload(self, kind: str, content: bytes, now: datetime) -> tuple[str, str]:
        """The payload of the answer, and the member's script."""
        local = now.astimezone(ZONE)
        refused = inquiry.refusal(content, SENDER, local, next_number(self._db, "control"))
        if refused is not None:
            return refused.decode("latin-1"), ""
        asked = inquiry.parse(content)
        if asked.kind != kind:
            return inquiry.wrong_kind(content, local, next_number(self._db, "control")).decode("latin-1"), ""
        if kind == "270":
            return self._eligibility(asked, content, local)
        return self._status(asked, local)

    def _eligibility(self, asked: inquiry.Inquiry, content: bytes, local: datetime) -> tuple[str, str]:
        plan = by_id("270", asked.payer)
        if plan is not None and plan.refuses_sex and (asked.dependent or asked.subscriber).sex:
            control = next_number(self._db, "control")
            return inquiry.sex_refusal(content, local, control).decode("latin-1"), ""
        found = eligibility.find(self._db, asked, local.date())
        script = found.member["script"] if found.member is not None else ""
        if script == "html":
            return _PAGE, script
        body = eligibility.answer(asked, found, local.date(), f"{local:%H%M}")
        return self._written(body, local), script

    def _status(self, asked: inquiry.Inquiry, local: datetime) -> tuple[str, str]:
        row = self._db.execute(
            "SELECT script FROM members WHERE member_id = ?", (asked.subscriber.member.upper(),)
        ).fetchone()
        script = row["script"] if row is not None else ""
        if script == "json":
            return json.dumps(json.loads(_BROKEN)), script
        stands = claim_status.standing(self._db, asked)
        return self._written(claim_status.answer(asked, stands, local.date(), f"{local:%H%M}"), local), script

    def _written(self, body: Body, local: datetime) -> str:
        control = next_number(self._db, "control")
        manner = edi.manner_of(control)
        post = edi.Post(SENDER, local, control)
        return edi.written([body], post, manner._replace(sender=inquiry.RECEIVER), qualifiers=("01", "ZZ")).decode(
            "latin-1"
        )


def _xml(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="application/soap+xml", charset="utf-8")
