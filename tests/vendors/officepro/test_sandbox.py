"""The simulator against the document: its examples give its shapes, and nothing else is accepted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from vendors.officepro.sandbox import OfficeProSandbox, open_sandbox
from vendors.sandboxkit.cast import working_day
from vendors.sandboxkit.plan import Plan, moment

BOOKING = {
    "PatientID": 1001, "ProviderID": 2, "VisitType": "Consult", "VisitDate": "2026-03-12", "VisitTime": "10:00:00",
    "VisitDuration": 30, "VisitComplaint": "Follow-up", "ProviderTime": "10:00:00", "ProviderDuration": 30,
    "VisitNotes": "Booked via API",
}  # fmt: skip


class Office:
    """The simulator and a plain client that is signed in."""

    def __init__(self, sandbox: OfficeProSandbox, client: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        self.client = client

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.client.get(f"/v1/DemoOffice/{path}", params=query)

    async def book(self, **changes: Any) -> httpx.Response:
        fields = {name: value for name, value in {**BOOKING, **changes}.items() if value is not None}
        return await self.client.post("/v1/DemoOffice/visits/book", json=fields)


async def signed_in(sandbox: OfficeProSandbox, key: str = "api_key") -> httpx.AsyncClient:
    told = sandbox.announcement()
    client = httpx.AsyncClient(base_url=told["base_urls"]["api"], trust_env=False)
    answer = await client.post("/v1/DemoOffice/auth/token", json={"apiKey": told["credentials"][key]})
    token = answer.json()
    assert set(token) == {"accessToken", "tokenType", "expiresIn"}
    assert (token["tokenType"], token["expiresIn"]) == ("Bearer", "24h")
    assert token["accessToken"].startswith("eyJ")
    client.headers["Authorization"] = f"Bearer {token['accessToken']}"
    return client


@pytest.fixture(params=["2026-03-10T09:43", "2027-08-15T12:00"])
async def office(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    """On the Tuesday of the pictures, and on a Sunday of another year: the examples hold on any day."""
    sandbox = await open_sandbox(Plan(now=moment(request.param)))
    client = await signed_in(sandbox)
    yield Office(sandbox, client)
    await client.aclose()
    await sandbox.close()


@pytest.fixture
async def tuesday() -> AsyncIterator[Office]:
    sandbox = await open_sandbox(Plan(now=moment("2026-03-10T09:43")))
    client = await signed_in(sandbox)
    yield Office(sandbox, client)
    await client.aclose()
    await sandbox.close()


def shape(value: Any) -> Any:
    """Field names and types, values left out."""
    if isinstance(value, dict):
        return {name: shape(held) for name, held in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


async def test_the_documented_requests_give_the_documented_shapes(office: Office) -> None:
    one = "availability/providers/1"
    schedule = (await office.get(f"{one}/schedule", startDate="2026-03-09", endDate="2026-03-15")).json()
    assert set(schedule["data"]) == {"provider", "startDate", "endDate", "schedule", "totalVisits"}
    assert set(schedule["data"]["provider"]) == {"id", "name", "title", "specialty"}
    for day in schedule["data"]["schedule"].values():
        assert shape(day) == [{"VisitID": "int", "time": "str", "duration": "int", "type": "str", "booked": "bool"}]
    check = await office.get(f"{one}/check", date="2026-03-09", time="10:15:00", duration=30)
    assert shape(check.json()) == {
        "data": {"ProviderID": "int", "Date": "str", "Time": "str", "Duration": "int", "Available": "bool"}
    }
    slots = (await office.get(f"{one}/slots", date="2026-03-09", duration=20)).json()["data"]
    assert set(slots) == {"ProviderID", "Date", "Duration", "Slots", "Count"}
    assert slots["Count"] == len(slots["Slots"]) > 0
    found = await office.get(f"{one}/next-slot", duration=30, maxDays=30)
    assert shape(found.json()) == {
        "data": {
            "ProviderID": "int", "Duration": "int", "SearchWindowDays": "int",
            "TheNextSlot": {"ProviderID": "str", "Date": "str", "Time": "str"},
        }
    }  # fmt: skip
    types = (await office.get("visit-types")).json()
    assert types["count"] == len(types["data"])
    consult = next(kind for kind in types["data"] if kind["VisitType"] == "Consult")
    assert consult == {"VisitType": "Consult", "Active": True, "Providers": [1, 2], "Resources": [101, 102]}
    booked = await office.book()
    assert booked.status_code == 200
    assert booked.json()["message"] == "Visit booked successfully"
    assert {**booked.json()["data"], "VisitID": 555} == {
        "VisitID": 555, "PatientID": 1001, "ProviderID": 2, "VisitType": "Consult", "VisitDate": "2026-03-12",
        "VisitTime": "10:00:00", "VisitDuration": 30, "ProviderTime": "10:00:00", "ProviderDuration": 30, "RoomID": 102,
    }  # fmt: skip
    john = {"FirstName": "John", "LastName": "Doe", "EMail": "john@example.com", "Phone": "555-0123"}
    created = await office.client.post("/v1/DemoOffice/prospects", json=john)
    assert created.status_code == 201
    assert john.items() <= created.json()["data"].items()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("availability/providers", {"active": "1"}),
        ("availability/providers/1/schedule", {}),
        ("availability/providers/1/schedule", {"startDate": "2026-03-15", "endDate": "2026-03-09"}),
        ("availability/providers/1/schedule", {"startDate": "03/09/2026", "endDate": "2026-03-15"}),
        ("availability/providers/1/check", {"date": "2026-03-09", "time": "10:15", "duration": "30"}),
        ("availability/providers/1/check", {"date": "2026-03-09", "time": "10:15:00"}),
        ("availability/providers/1/slots", {"date": "2026-02-30", "duration": "30"}),
        ("availability/providers/1/slots", {"date": "2026-03-09", "duration": "0"}),
        ("availability/providers/1/next-slot", {"duration": "30", "maxdays": "3"}),
        ("visit-types", {"includeInactive": "perhaps"}),
        ("prospects", {"page": "0"}),
    ],
)
async def test_what_the_document_does_not_say_is_refused(tuesday: Office, path: str, query: dict[str, str]) -> None:
    answer = await tuesday.get(path, **query)
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_paths_that_are_none(tuesday: Office) -> None:
    for path in ("providers", "visits", "availability/providers/1/book", "availability/providers/77"):
        assert (await tuesday.get(path)).status_code == 404
    assert (await tuesday.client.get("/v1/OtherOffice/visit-types")).status_code == 404
    assert (await tuesday.client.post("/v1/DemoOffice/visit-types")).status_code == 405


async def test_bearer_and_scopes(tuesday: Office) -> None:
    token = tuesday.client.headers.pop("Authorization")
    assert (await tuesday.get("visit-types")).status_code == 401
    for wrong in (token[:-2], token + "x", "Bearer a.b.c", "Bearer é", token.replace("Bearer", "Basic")):
        answer = await tuesday.client.get(
            "/v1/DemoOffice/visit-types", headers=[(b"Authorization", wrong.encode("latin-1"))]
        )
        assert answer.status_code == 401, wrong
    limited = await signed_in(tuesday.sandbox, "read_only_api_key")
    assert (await limited.get("/v1/DemoOffice/availability/providers")).status_code == 200
    assert (await limited.get("/v1/DemoOffice/visit-types")).status_code == 403
    assert (await limited.get("/v1/DemoOffice/prospects")).status_code == 403
    await limited.aclose()


async def test_tokens_end(tuesday: Office) -> None:
    tuesday.sandbox.clock.set(datetime(2026, 3, 11, 14, 44, tzinfo=UTC))
    assert (await tuesday.get("visit-types")).status_code == 401


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        *(({name: None}, 400) for name in list(BOOKING)[:6]),
        ({"Room": 101}, 400),
        ({"PatientID": "Marigold"}, 400),
        ({"VisitTime": "10:00"}, 400),
        ({"VisitDate": "2026-03-32"}, 400),
        ({"VisitDuration": 0}, 400),
        ({"PatientID": 99999999}, 404),
        ({"ProviderID": 77}, 404),
        ({"ProviderID": 990}, 422),
        ({"VisitType": "Flu clinic 2024"}, 422),
        ({"ProviderID": 3}, 422),
        ({"ProviderTime": "09:30:00"}, 422),
        ({"ProviderTime": "10:15:00", "ProviderDuration": 30}, 422),
        ({"VisitNotes": "x" * 501}, 422),
        ({"VisitTime": "12:00:00", "ProviderTime": None, "ProviderDuration": None}, 409),
        ({"VisitTime": "07:00:00", "ProviderTime": None, "ProviderDuration": None}, 409),
        ({"VisitDate": "2026-03-14"}, 409),
    ],
)
async def test_bookings_that_are_refused(tuesday: Office, changes: dict[str, Any], status: int) -> None:
    answer = await tuesday.book(**changes)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert all(entry["effect"] is None for entry in tuesday.sandbox.ledger.told()["writes"])


async def test_provider_time_and_room_time_are_apart(tuesday: Office) -> None:
    """The provider is wanted for the last ten minutes only; the room is taken for the whole visit."""
    first = await tuesday.book(ProviderTime="10:20:00", ProviderDuration=10)
    assert first.json()["data"]["RoomID"] == 102
    check = {"date": "2026-03-12", "duration": 20}
    one = "availability/providers/2/check"
    assert (await tuesday.get(one, time="10:00:00", **check)).json()["data"]["Available"]
    assert not (await tuesday.get(one, time="10:15:00", **check)).json()["data"]["Available"]
    short = {"VisitDuration": 20, "ProviderTime": None, "ProviderDuration": None}
    tuesday.sandbox.records.database.execute("DELETE FROM visits WHERE room_id = 101 AND day = '2026-03-12'")
    assert (await tuesday.book(**short)).json()["data"]["RoomID"] == 101


async def test_no_room_is_a_refusal_too(tuesday: Office) -> None:
    records = tuesday.sandbox.records
    records.database.execute("UPDATE visits SET room_id = 101 WHERE day = '2026-03-12' AND provider_id = 1")
    records.database.execute("UPDATE visits SET room_id = 102 WHERE day = '2026-03-12' AND provider_id = 3")
    records.database.execute(
        "UPDATE visits SET start = 600, minutes = 30 WHERE id IN (SELECT min(id) FROM visits WHERE day = '2026-03-12'"
        " AND provider_id IN (1, 3) GROUP BY provider_id)"
    )
    answer = await tuesday.book()
    assert (answer.status_code, answer.json()["error"]) == (409, "No resource is available at the requested time")


async def test_today_s_free_times_begin_now(tuesday: Office) -> None:
    query = {"date": "2026-03-10", "duration": 20}
    slots = (await tuesday.get("availability/providers/1/slots", **query)).json()["data"]["Slots"]
    assert slots[:2] == ["10:00:00", "11:40:00"]


async def test_the_pictures_day(tuesday: Office) -> None:
    answer = await tuesday.get("availability/providers/2/schedule", startDate="2026-03-10", endDate="2026-03-10")
    times = [visit["time"][:5] for visit in answer.json()["data"]["schedule"]["2026-03-10"]]
    assert times == ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:30", "13:00", "14:00", "15:00", "15:30",
                     "16:30"]  # fmt: skip
    links = {link["visit_id"]: link["patient_id"] for link in tuesday.sandbox.records.links()}
    assert all(visit["VisitID"] in links for visit in answer.json()["data"]["schedule"]["2026-03-10"])


async def test_prospects_are_patients_unless_switched(tuesday: Office) -> None:
    await tuesday.sandbox.actions["switches"]({"prospects_are_patients": False})
    assert (await tuesday.book()).status_code == 404


async def test_the_same_seed_is_the_same_practice() -> None:
    told = []
    for seed in (1, 1, 2):
        sandbox = await open_sandbox(Plan(now=moment("2026-03-10T09:43"), seed=seed))
        told.append([tuple(row) for row in sandbox.records.database.execute("SELECT * FROM visits")])
        await sandbox.close()
    assert told[0] == told[1] != told[2]


async def test_reset_begins_anew(tuesday: Office) -> None:
    await tuesday.book()
    await tuesday.sandbox.actions["reset"]({})
    assert tuesday.sandbox.ledger.told() == {"writes": [], "requests": {}}
    assert (await tuesday.book()).status_code == 200


def test_working_days() -> None:
    tuesday = moment("2026-03-10").date()
    assert [working_day(tuesday, offset).isoformat()[5:] for offset in (-8, -2, -1, 0, 3, 4, 12)] == [
        "02-26", "03-06", "03-09", "03-10", "03-13", "03-16", "03-26",
    ]  # fmt: skip
    assert working_day(moment("2026-03-14").date(), 0) == moment("2026-03-16").date()
