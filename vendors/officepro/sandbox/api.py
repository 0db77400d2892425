"""The documented surface, path by path, and nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from itertools import groupby
from typing import Any

from aiohttp import web

from vendors.officepro.sandbox import fields
from vendors.officepro.sandbox.practice import PROSPECT_FIELDS
from vendors.officepro.sandbox.records import Records, Refused
from vendors.officepro.sandbox.tokens import Tokens
from vendors.sandboxkit.clock import SandboxClock
from vendors.sandboxkit.web import BODY, EFFECT, answer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TENANT = "DemoOffice"
#: API key → its scopes.
KEYS = {
    "demo-key-larkspur": ("Providers", "Scheduling", "Prospects"),
    "demo-key-read-only": ("Providers",),
}
LARGEST_PAGE = 200


class Api:
    """Handlers over the records. ``bare_lists`` leaves the envelope out, since none is documented for prospects."""

    def __init__(self, records: Records, tokens: Tokens, clock: SandboxClock) -> None:
        self._records = records
        self._tokens = tokens
        self._clock = clock
        self.bare_lists = False
        #: Schedules may write a type as FOLLOWUP where visit types say Follow-up, as the document's examples do.
        self.type_codes = False

    def routes(self) -> list[web.RouteDef]:
        """Everything under /v1/{PPass}; the names are what faults and the ledger call each."""
        base = "/v1/{tenant}"
        one = f"{base}/availability/providers/{{id}}"
        return [
            web.post(f"{base}/auth/token", self._answered(self._token), name="token"),
            web.get(f"{base}/prospects", self._allowed("Prospects", self._search), name="search_patients"),
            web.post(f"{base}/prospects", self._allowed("Prospects", self._create), name="create_patient"),
            web.put(f"{base}/prospects/{{id}}", self._allowed("Prospects", self._update), name="update_patient"),
            web.get(f"{base}/availability/providers", self._allowed("Providers", self._providers), name="providers"),
            web.get(one, self._allowed("Providers", self._provider), name="provider"),
            web.get(f"{one}/schedule", self._allowed("Providers", self._schedule), name="visits"),
            web.get(f"{one}/check", self._allowed("Providers", self._check), name="check_slot"),
            web.get(f"{one}/slots", self._allowed("Providers", self._slots), name="open_slots"),
            web.get(f"{one}/next-slot", self._allowed("Providers", self._next), name="next_slot"),
            web.get(f"{base}/visit-types", self._allowed("Scheduling", self._types), name="visit_types"),
            web.post(f"{base}/visits/book", self._allowed("Scheduling", self._book), name="book_visit"),
        ]

    def _answered(self, handler: Handler) -> Handler:
        """Refusals as JSON, and 404 for another tenant."""

        async def answered(request: web.Request) -> web.StreamResponse:
            try:
                if request.match_info["tenant"] != TENANT:
                    raise Refused(404, "Unknown practice")
                return await handler(request)
            except Refused as refusal:
                return answer({"error": refusal.words}, refusal.status)

        return answered

    def _allowed(self, scope: str, handler: Handler) -> Handler:
        """Behind a bearer token that has ``scope``."""

        async def allowed(request: web.Request) -> web.StreamResponse:
            kind, _, token = request.headers.get("Authorization", "").partition(" ")
            if kind != "Bearer" or not token:
                raise Refused(401, "Missing bearer token")
            scopes = self._tokens.scopes(token, TENANT, self._clock.now())
            if scopes is None:
                raise Refused(401, "Invalid or expired token")
            if scope not in scopes:
                raise Refused(403, f"This token lacks the scope {scope}")
            return await handler(request)

        return self._answered(allowed)

    async def _token(self, request: web.Request) -> web.Response:
        body = request[BODY]
        if not isinstance(body, dict) or set(body) != {"apiKey"}:
            raise Refused(400, 'The body must be {"apiKey": …}')
        scopes = KEYS.get(str(body["apiKey"]))
        if scopes is None:
            raise Refused(401, "Invalid API key")
        token = self._tokens.issue(TENANT, scopes, self._clock.now())
        return answer({"accessToken": token, "tokenType": "Bearer", "expiresIn": self._tokens.said_lifetime()})

    # --- prospects ---------------------------------------------------------------------------------------------------

    async def _search(self, request: web.Request) -> web.Response:
        query = request.query
        fields.known(query, ("search", "page", "limit", "prospect"))
        page = fields.number(query, "page", usual=1)
        limit = min(fields.number(query, "limit", usual=25), LARGEST_PAGE)
        rows, count = self._records.prospects(query.get("search", ""), page, limit, fields.truth(query, "prospect"))
        found = [_prospect(row) for row in rows]
        return answer(found if self.bare_lists else {"data": found, "count": count, "page": page, "limit": limit})

    async def _create(self, request: web.Request) -> web.Response:
        row = self._records.create_prospect(fields.prospect(request[BODY], new=True))
        request[EFFECT] = {"patient_id": row["id"]}
        return answer({"message": "Prospect created successfully", "data": _prospect(row)}, 201)

    async def _update(self, request: web.Request) -> web.Response:
        changes = fields.prospect(request[BODY], new=False)
        row = self._records.update_prospect(fields.number(request.match_info, "id"), changes)
        request[EFFECT] = {"patient_id": row["id"]}
        return answer({"message": "Prospect updated successfully", "data": _prospect(row)})

    # --- providers ---------------------------------------------------------------------------------------------------

    async def _providers(self, request: web.Request) -> web.Response:
        fields.known(request.query, ())
        found = [_provider(row) for row in self._records.providers()]
        return answer(found if self.bare_lists else {"data": found, "count": len(found)})

    async def _provider(self, request: web.Request) -> web.Response:
        fields.known(request.query, ())
        return answer({"data": _provider(self._one(request))})

    async def _schedule(self, request: web.Request) -> web.Response:
        provider, query = self._one(request), request.query
        fields.known(query, ("startDate", "endDate", "visitType"))
        start, end = fields.day(query, "startDate"), fields.day(query, "endDate")
        if end < start:
            raise Refused(400, "endDate must not be before startDate")
        rows = self._records.visits(provider["id"], start, end, query.get("visitType", ""))
        schedule = {day: [self._visit(row) for row in group] for day, group in groupby(rows, lambda row: row["day"])}
        return answer(
            {
                "data": {
                    "provider": {name: provider[name] for name in ("id", "name", "title", "specialty")},
                    "startDate": start.isoformat(),
                    "endDate": end.isoformat(),
                    "schedule": schedule,
                    "totalVisits": len(rows),
                }
            }
        )

    async def _check(self, request: web.Request) -> web.Response:
        provider, query = self._one(request), request.query
        fields.known(query, ("date", "time", "duration"))
        day, start = fields.day(query, "date"), fields.minute(query, "time")
        minutes = fields.number(query, "duration", high=720)
        free = self._records.is_free(provider["id"], day, start, minutes)
        data = {"ProviderID": provider["id"], "Date": day.isoformat(), "Time": _clock(start), "Duration": minutes}
        return answer({"data": {**data, "Available": free}})

    async def _slots(self, request: web.Request) -> web.Response:
        provider, query = self._one(request), request.query
        fields.known(query, ("date", "duration"))
        day, minutes = fields.day(query, "date"), fields.number(query, "duration", high=720)
        found = [_clock(start) for start in self._records.slots(provider["id"], day, minutes, self._clock.now())]
        data = {"ProviderID": provider["id"], "Date": day.isoformat(), "Duration": minutes}
        return answer({"data": {**data, "Slots": found, "Count": len(found)}})

    async def _next(self, request: web.Request) -> web.Response:
        provider, query = self._one(request), request.query
        fields.known(query, ("duration", "maxDays"))
        minutes = fields.number(query, "duration", high=720)
        days = fields.number(query, "maxDays", usual=365, high=365)
        found = self._records.next_slot(provider["id"], minutes, days, self._clock.now())
        # A number everywhere else, text here: as documented.
        slot = found and {"ProviderID": str(provider["id"]), "Date": found[0].isoformat(), "Time": _clock(found[1])}
        data = {"ProviderID": provider["id"], "Duration": minutes, "SearchWindowDays": days, "TheNextSlot": slot}
        return answer({"data": data})

    # --- visit scheduling --------------------------------------------------------------------------------------------

    async def _types(self, request: web.Request) -> web.Response:
        fields.known(request.query, ("includeInactive",))
        found = [
            {
                "VisitType": row["name"],
                "Active": bool(row["active"]),
                "Providers": _numbers(row["providers"]),
                "Resources": _numbers(row["resources"]),
            }
            for row in self._records.visit_types(fields.truth(request.query, "includeInactive"))
        ]
        return answer({"data": found, "count": len(found)})

    async def _book(self, request: web.Request) -> web.Response:
        row = self._records.book(fields.booking(request[BODY]))
        request[EFFECT] = {"visit_id": row["id"]}
        data = {
            "VisitID": row["id"],
            "PatientID": row["patient_id"],
            "ProviderID": row["provider_id"],
            "VisitType": row["type"],
            "VisitDate": row["day"],
            "VisitTime": _clock(row["start"]),
            "VisitDuration": row["minutes"],
            "ProviderTime": _clock(row["provider_start"]),
            "ProviderDuration": row["provider_minutes"],
            "RoomID": row["room_id"],
        }
        return answer({"message": "Visit booked successfully", "data": data})

    def _one(self, request: web.Request) -> sqlite3.Row:
        return self._records.provider(fields.number(request.match_info, "id"))

    def _visit(self, row: sqlite3.Row) -> dict[str, Any]:
        kind = "".join(filter(str.isalnum, row["type"])).upper() if self.type_codes else row["type"]
        time = _clock(row["start"])
        return {"VisitID": row["id"], "time": time, "duration": row["minutes"], "type": kind, "booked": True}


def _provider(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "title": row["title"],
        "specialty": row["specialty"],
        "active": bool(row["active"]),
    }


def _prospect(row: Mapping[str, Any]) -> dict[str, Any]:
    held: dict[str, Any] = {"id": row["id"]}
    held |= {name: row[name] for name in PROSPECT_FIELDS if row.get(name)}
    held["Prospect"] = int(held.get("Prospect", 0))
    if str(held.get("ProviderID", "")).isdigit():
        held["ProviderID"] = int(held["ProviderID"])
    return held


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}:00"


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if number]
