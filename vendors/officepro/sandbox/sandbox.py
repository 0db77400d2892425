"""The running simulator: records, tokens, faults and ledger behind one address, and what tests may ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aiohttp import web

from vendors.officepro.sandbox import fields
from vendors.officepro.sandbox.api import KEYS, TENANT, Api
from vendors.officepro.sandbox.records import Records, Refused
from vendors.officepro.sandbox.tokens import Tokens
from vendors.sandboxkit import faults
from vendors.sandboxkit.clock import SandboxClock
from vendors.sandboxkit.faults import Faults
from vendors.sandboxkit.ledger import Ledger
from vendors.sandboxkit.plan import Action, Plan, moment
from vendors.sandboxkit.web import FaultyGate, Served, serve


class OfficeProSandbox:
    """One practice on one address. ``actions`` are what the control address offers."""

    name = "officepro"

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.clock = SandboxClock(plan.now)
        self.records = Records()
        self.ledger = Ledger(self.records.database)
        self.faults = Faults(plan.seed)
        self._tokens = Tokens()
        self._api = Api(self.records, self._tokens, self.clock)
        self._served: Served | None = None
        self.actions: Mapping[str, Action] = {
            "ledger": self._told,
            "faults": self._fail,
            "take": self._take,
            "reset": self._reset,
            "clock": self._set_clock,
            "links": self._links,
            "switches": self._switch,
        }

    async def open(self) -> None:
        """Make the practice and listen."""
        self.records.fill(self.clock.now(), self._plan.seed, self._plan.scale)
        self._add_faults(self._plan.faults)
        gate = FaultyGate(self.faults, self.ledger, self.clock, expire=self._tokens.expire_all, take=self._take_before)
        app = web.Application(middlewares=[gate.middleware()], client_max_size=1024 * 1024)
        app.add_routes(self._api.routes())
        self._served = await serve(app, self._plan.port, self._plan.tls)

    def announcement(self) -> dict[str, Any]:
        """Addresses, tenant and keys; ``read_only_api_key`` has the scope Providers alone."""
        keys = list(KEYS)
        return {
            "base_urls": {"api": self._served.url if self._served else ""},
            "tenant": TENANT,
            "credentials": {"api_key": keys[0], "read_only_api_key": keys[1]},
        }

    async def close(self) -> None:
        """Stop listening and forget everything."""
        if self._served is not None:
            await self._served.close()
            self._served = None
            self.records.database.close()

    # --- control -----------------------------------------------------------------------------------------------------

    async def _told(self, given: dict[str, Any]) -> Any:
        return self.ledger.told()

    async def _fail(self, given: dict[str, Any]) -> Any:
        """``{"spec": "drop_after*1@book_visit"}`` adds; ``{"clear": true}`` removes all first."""
        if given.get("clear"):
            self.faults.active.clear()
            self.clock.skew = timedelta()
        self._add_faults(given.get("spec", ""))
        return [vars(fault) for fault in self.faults.active]

    async def _take(self, given: dict[str, Any]) -> Any:
        """Somebody else books ``provider_id, date, time, duration[, visit_type]``."""
        try:
            visit_id = self.records.take(
                fields.number(given, "provider_id"),
                fields.day(given, "date"),
                fields.minute(given, "time"),
                fields.number(given, "duration"),
                str(given.get("visit_type", "Office visit")),
            )
        except Refused as refusal:
            raise ValueError(refusal.words) from None
        return {"visit_id": visit_id}

    async def _reset(self, given: dict[str, Any]) -> Any:
        """The practice, the ledger and the faults as at the start."""
        self.faults.active.clear()
        self.clock.skew = timedelta()
        self.ledger.clear()
        self.records.fill(self.clock.now(), self._plan.seed, self._plan.scale)
        return {}

    async def _set_clock(self, given: dict[str, Any]) -> Any:
        if "now" in given:
            self.clock.set(moment(given["now"]))
        return {"now": self.clock.now().isoformat()}

    async def _links(self, given: dict[str, Any]) -> Any:
        return {"links": self.records.links()}

    async def _switch(self, given: dict[str, Any]) -> Any:
        """Our modelling, switchable: see the names in the answer."""
        if "prospects_are_patients" in given:
            self.records.prospects_are_patients = bool(given["prospects_are_patients"])
        if "bare_lists" in given:
            self._api.bare_lists = bool(given["bare_lists"])
        if "type_codes" in given:
            self._api.type_codes = bool(given["type_codes"])
        if "token_lifetime_s" in given:
            self._tokens.lifetime_s = int(given["token_lifetime_s"])
        return {
            "prospects_are_patients": self.records.prospects_are_patients,
            "bare_lists": self._api.bare_lists,
            "type_codes": self._api.type_codes,
            "token_lifetime_s": self._tokens.lifetime_s,
        }

    def _add_faults(self, spec: str) -> None:
        for fault in faults.parse(spec):
            if fault.kind == "skew":
                self.clock.skew = timedelta(seconds=fault.number(0.0))
            else:
                self.faults.active.append(fault)

    def _take_before(self, body: Any) -> None:
        """The fault ``take``: the very time of this booking goes to somebody else."""
        try:
            wanted = fields.booking(body)
        except Refused:
            return
        self.records.take(wanted.provider_id, wanted.day, wanted.start, wanted.minutes)


async def open_sandbox(plan: Plan) -> OfficeProSandbox:
    """A running simulator of OfficePro."""
    sandbox = OfficeProSandbox(plan)
    try:
        await sandbox.open()
    except BaseException:
        sandbox.records.database.close()
        raise
    return sandbox
