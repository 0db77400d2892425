"""Answers that the document does not show, from a server that gives exactly these."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date, time
from typing import Any

import msgspec
import pytest
from aiohttp import web

from app.model.clock import FixedClock
from app.model.connection import Environment
from app.model.errors import (
    Drifted,
    NotEntitled,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    SlotTaken,
    Unreachable,
    VendorError,
    VendorRejected,
    WrongCredentials,
)
from app.model.people import Patient
from app.model.schedule import BookingRequest
from tests.vendors.stage import NOW, QUICK, Memory
from vendors import load
from vendors.contract import RateBudget, VendorContext
from vendors.contract.context import Timing
from vendors.sandboxkit.web import serve

REQUEST = BookingRequest(
    patient_vendor_id="1001", provider_vendor_id="2", visit_type="Consult", day=date(2026, 3, 12), start=time(10),
    minutes=30,
)  # fmt: skip
BODY = {
    "VisitID": 555, "PatientID": 1001, "ProviderID": 2, "VisitType": "Consult", "VisitDate": "2026-03-12",
    "VisitTime": "10:00:00", "VisitDuration": 30,
}  # fmt: skip


@asynccontextmanager
async def answering(
    status: int, body: Any, token: Any = None, headers: Any = None, timing: Timing = QUICK
) -> AsyncIterator[Any]:
    """An adapter whose every request but the token's gets this answer; a callable body answers itself."""

    async def give_token(request: web.Request) -> web.Response:
        return web.json_response({"accessToken": "a.b.cdefgh", "expiresIn": "24h"} if token is None else token)

    async def give(request: web.Request) -> web.StreamResponse:
        if callable(body):
            given: web.StreamResponse = await body(request)
            return given
        if isinstance(body, str | None):
            return web.Response(status=status, text=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)

    app = web.Application()
    app.router.add_post("/v1/{tenant}/auth/token", give_token)
    app.router.add_route("*", "/{rest:.*}", give)
    served = await serve(app)
    clock = FixedClock(NOW)
    context = VendorContext(
        connection_id="c", base_urls={"api": f"{served.url}/v1/DemoOffice/"}, tenant="DemoOffice",
        environment=Environment.SANDBOX, secrets=Memory({"api_key": "k"}), state=Memory(), clock=clock,
        budget=RateBudget(clock, allowed=999, window_s=1), allow_plain_http=True, timing=timing,
    )  # fmt: skip
    adapter = load.factory("officepro")(context)
    try:
        yield adapter
    finally:
        await adapter.close()
        await served.close()


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, VendorRejected), (403, NotEntitled), (404, NotFound), (409, VendorRejected), (422, VendorRejected),
     (429, RateLimited), (500, Unreachable), (503, Unreachable), (301, Drifted), (418, VendorRejected)],
)  # fmt: skip
async def test_statuses_of_reads(status: int, error: type[VendorError]) -> None:
    async with answering(status, {"error": "Because"}) as adapter:
        with pytest.raises(error) as caught:
            await adapter.providers()
    assert type(caught.value) is error
    assert caught.value.happened
    assert caught.value.next_steps


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": "PatientID is required"}, VendorRejected),
        (400, {"message": "The requested time is not available"}, SlotTaken),
        (403, {"error": "no"}, NotEntitled),
        (404, {"error": {"message": "No such patient"}}, NotFound),
        (409, {"error": "Provider conflict"}, SlotTaken),
        (409, None, SlotTaken),
        (422, {"errors": [{"message": "Slot already booked"}]}, SlotTaken),
        (422, {"errors": {"VisitType": "unknown"}}, VendorRejected),
        (429, None, RateLimited),
        (500, "<html>", OutcomeUnknown),
        (503, {"error": "busy"}, OutcomeUnknown),
        (408, None, OutcomeUnknown),
        (302, None, OutcomeUnknown),
        (204, None, OutcomeUnknown),
        (200, {"message": "Visit booked successfully"}, OutcomeUnknown),
        (200, {"message": "ok", "data": {"VisitID": 555}}, OutcomeUnknown),
        (200, {"error": "Room missing"}, VendorRejected),
        (200, {"success": False, "message": "Slot is no longer available"}, SlotTaken),
        (200, {"error": "Room missing", "data": BODY}, OutcomeUnknown),
        (200, [], OutcomeUnknown),
        (200, "booked", OutcomeUnknown),
    ],
)
async def test_answers_to_a_booking(status: int, body: Any, error: type[VendorError]) -> None:
    async with answering(status, body) as adapter:
        with pytest.raises(error) as caught:
            await adapter.book_visit(REQUEST)
    assert type(caught.value) is error


@pytest.mark.parametrize("body", [{"data": BODY}, BODY, {"message": "x", "data": BODY, "error": None}])
async def test_bookings_that_are_clear(body: Any) -> None:
    async with answering(201, body) as adapter:
        assert (await adapter.book_visit(REQUEST)).visit_vendor_id == "555"


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ({"accessToken": ""}, Drifted),
        ({"accessToken": "line\nbreak-in-it"}, Drifted),
        ({"accessToken": "ünprintable-token"}, Drifted),
        ({"accessToken": "abcdefgh", "tokenType": "MAC"}, Drifted),
        ({"token": "abcdefgh"}, Drifted),
        ({"error": "Invalid key"}, WrongCredentials),
        ([], Drifted),
    ],
)
async def test_tokens_that_are_none(token: Any, error: type[VendorError]) -> None:
    async with answering(200, {}, token) as adapter:
        with pytest.raises(error):
            await adapter.sign_in()


async def test_a_token_in_an_envelope() -> None:
    async with answering(200, [], {"data": {"accessToken": "abcdefgh", "expiresIn": 3600}}) as adapter:
        assert (await adapter.sign_in()).words == "Signed in for 60 min. Renews itself."
        assert await adapter.providers() == []


@pytest.mark.parametrize(
    "body",
    [{"message": "Created", "data": {"id": 5}}, {"id": 5, "message": "Created"}, {"data": [{"ProspectID": "5"}]},
     {"prospect": {"id": 5, "FirstName": "Junia "}}],
)  # fmt: skip
async def test_created_under_likely_shapes(body: Any) -> None:
    async with answering(201, body) as adapter:
        created = await adapter.create_patient(Patient(first_name="Junia", last_name="Moss"))
    assert (created.vendor_id, created.value.full_name()) == ("5", "Junia Moss")


@pytest.mark.parametrize("body", [{"message": "Created"}, {"data": {"id": 5, "LastName": "Stone"}}, {"data": None}])
async def test_created_or_not(body: Any) -> None:
    async with answering(200, body) as adapter:
        with pytest.raises(OutcomeUnknown):
            await adapter.create_patient(Patient(first_name="Junia", last_name="Moss"))


@pytest.mark.parametrize("answer", [(200, {"message": "Updated"}), (204, None), (200, {"data": {"id": 5}})])
async def test_updated_under_likely_shapes(answer: tuple[int, Any]) -> None:
    async with answering(*answer) as adapter:
        changed = await adapter.update_patient("5", {"phone": "(312) 555-0161"})
    assert (changed.vendor_id, changed.value.phone) == ("5", "(312) 555-0161")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, {"data": {"id": 6}}, OutcomeUnknown),
        (200, {"data": {"id": 5, "FirstName": "Sorrel"}}, OutcomeUnknown),
        (202, {"message": "Queued"}, OutcomeUnknown),
        (200, '"done"', OutcomeUnknown),
        (200, {"status": "error", "message": "No"}, VendorRejected),
    ],
    ids=["somebody else", "another name", "not done yet", "no record", "a refusal"],
)
async def test_an_update_that_is_not_confirmed(status: int, body: Any, error: type[VendorError]) -> None:
    async with answering(status, body) as adapter:
        with pytest.raises(error):
            await adapter.update_patient("5", {"first_name": "Junia"})


@pytest.mark.parametrize(
    ("body", "next_page", "total"),
    [
        ([], "", None),
        ({"data": [], "count": 0}, "", 0),
        ({"data": [{"id": 1}, {"id": 2}]}, "2:2", None),
        ({"data": [{"id": 1}, {"id": 2}], "count": 2}, "2:2", None),
        ({"data": [{"id": 1}, {"id": 2}], "count": 5}, "2:2", 5),
        ({"data": [{"id": 1}], "count": 5}, "2:1", 5),
        ({"data": [{"id": 1}], "count": 1}, "", 1),
        ({"prospects": [{"id": 1}], "total": 1}, "", 1),
    ],
)
async def test_the_end_of_a_list(body: Any, next_page: str, total: int | None) -> None:
    async with answering(200, body) as adapter:
        page = await adapter.search_patients(limit=2)
    assert (page.next_page, page.total) == (next_page, total)


async def test_reasons_hold_nothing_of_what_was_searched() -> None:
    said = "No Fennimore born 1984-03-14T00:00 with (312) 555-0147, 555-0147 or m@mail.example\r\n<script>x</script>"
    async with answering(400, {"error": said}) as adapter:
        with pytest.raises(VendorRejected) as caught:
            await adapter.search_patients("Fennimore")
    assert caught.value.means == "OfficePro says: “No … born … with …, … or … x”."


async def test_a_large_answer_is_read_off_the_loop() -> None:
    rows = [{"id": number, "FirstName": "Junia", "LastName": "x" * 200} for number in range(1, 3001)]
    async with answering(200, {"data": rows, "count": 3000}) as adapter:
        page = await adapter.search_patients(limit=3000)
    assert len(page.items) == 3000


@pytest.mark.parametrize("text", ['\ufeff{"data": []}', '\n\n{"data": []}', "[]"])
async def test_json_under_another_label(text: str) -> None:
    async with answering(200, text, headers={"Content-Type": "text/html; charset=utf-8"}) as adapter:
        assert await adapter.providers() == []


async def test_an_answer_that_drips_is_not_asked_for_again() -> None:
    asked = []

    async def drip(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        response = web.StreamResponse()
        await response.prepare(request)
        with suppress(ConnectionError):
            while True:
                await response.write(b" ")
                await asyncio.sleep(0.05)
        return response

    async with answering(200, drip, timing=msgspec.structs.replace(QUICK, whole_s=0.5)) as adapter:
        with pytest.raises(Unreachable):
            await adapter.providers()
    assert len(asked) <= 1  # None where this machine is too busy even for the token.


@pytest.mark.parametrize("delay", [0.0, 0.001, 0.003, 0.01])
async def test_closing_under_requests_leaves_typed_errors(delay: float) -> None:
    async with answering(200, {"data": []}) as adapter:
        await adapter.sign_in()
        reads = [asyncio.ensure_future(adapter.providers()) for _ in range(6)]
        await asyncio.sleep(delay)
        await adapter.close()
        results = await asyncio.gather(*reads, return_exceptions=True)
    assert all(result == [] or isinstance(result, VendorError) for result in results)
