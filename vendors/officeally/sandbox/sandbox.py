"""The running simulator: SFTP, real-time service, bridge and both portals over one database."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from copy import copy
from typing import Any

from aiohttp import web

from vendors.officeally.sandbox import center, mate, practice, realtime, schema, sessions
from vendors.officeally.sandbox.beginning import beginning
from vendors.officeally.sandbox.bridge import Bridge
from vendors.officeally.sandbox.clearinghouse import Clearinghouse
from vendors.officeally.sandbox.control import Control
from vendors.officeally.sandbox.gate import Gate
from vendors.officeally.sandbox.paying import Paying
from vendors.officeally.sandbox.portal import Portal
from vendors.officeally.sandbox.sftp import Desk, SftpServed, serve_sftp
from vendors.officeally.sandbox.shelf import Shelf
from vendors.sandboxkit import faults, harbor
from vendors.sandboxkit.cast import MAIN_STREET
from vendors.sandboxkit.clock import SandboxClock
from vendors.sandboxkit.faults import Faults
from vendors.sandboxkit.ledger import Ledger
from vendors.sandboxkit.plan import ZONE, Action, Plan
from vendors.sandboxkit.web import Served, serve

SFTP_USER, SFTP_PASSWORD = "larkspur_sftp", "Heron-Quill-42"


class OfficeAllySandbox:
    """One account. ``clock`` is what sessions and codes live by; ``house.clock`` is the clearinghouse's, which may run
    fast or leap without signing anybody out.
    """

    name = "officeally"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.clock = SandboxClock(plan.now)
        self.database = schema.connect()
        self.ledger = Ledger(self.database)
        self.faults = Faults(plan.seed)
        self.shelf = Shelf(self.database)
        self.house = Clearinghouse(self.database, self.shelf, SandboxClock(plan.now), plan.seed)
        self.house.half = self._half
        self.paying = Paying(self.house)
        self.sessions = sessions.Sessions(self.clock)
        self.bridge = Bridge(self.sessions)
        self.center = center.Center(self.sessions, self.bridge, self.house)
        self.mate = mate.Mate(self.sessions, self.bridge, self.house)
        self.realtime = realtime.RealTime(self.database, self.house, self.clock)
        self.sftp: SftpServed | None = None
        self._stack = contextlib.AsyncExitStack()
        self._urls: dict[str, str] = {}
        self.actions: Mapping[str, Action] = Control(self).actions()

    async def open(self) -> None:
        """Make the practice and its past, and listen."""
        self.fill()
        for fault in faults.parse(self.plan.faults):
            self.faults.active.append(fault)
        desk = Desk(self.shelf, self.house.clock, self.faults, self.ledger, self.house.look, self.house.writing)
        self.sftp = await serve_sftp(desk, {SFTP_USER: SFTP_PASSWORD}, self.plan.seed)
        self._stack.push_async_callback(self.sftp.close)
        self._urls["sftp"] = self.sftp.url
        gate = Gate(self.faults, self.ledger, self.clock)
        self._urls["realtime"] = await self._serve(gate, self.realtime.routes())
        doors = self._gate(self.center, center.WRITES, center.PAGES, {})
        portal = await self._serve(doors, self.center.routes(), first=True)
        doors = self._gate(self.mate, mate.WRITES, mate.PAGES, mate.RENAMES)
        pm = await self._serve(doors, self.mate.routes())
        self._urls |= {"portal": portal, "pm": pm}
        bridge = await self._serve(Gate(self.faults, self.ledger, self.clock), self.bridge.routes())
        self.bridge.apps = {"sc": portal, "pm": pm}
        self.center.bridge_url = self.mate.bridge_url = bridge

    def _gate(
        self, portal: Portal, writes: tuple[str, ...], pages: dict[str, str], renames: dict[str, dict[str, str]]
    ) -> Gate:
        return Gate(
            self.faults, self.ledger, self.clock, writes=writes, pages=pages, renames=renames, end=portal.end,
            end_all=self.sessions.end_all,
        )  # fmt: skip

    async def _serve(self, gate: Gate, routes: list[web.RouteDef], *, first: bool = False) -> str:
        app = web.Application(middlewares=[gate.middleware()], client_max_size=64 * 1024 * 1024)
        app.add_routes(routes)
        served: Served = await serve(app, self.plan.port if first else 0, self.plan.tls)
        self._stack.push_async_callback(served.close)
        return served.url

    def fill(self) -> None:
        """Begin anew: practice, old reports, the files of the last weeks, nothing in the ledger."""
        now = self.clock.now()
        begun = beginning(now.replace(second=0, microsecond=0), self.plan.seed, self.plan.scale)
        self.database.commit()
        self.database.deserialize(begun.database)
        self.house.begin(copy(begun.dice))
        self.mate.office, self.mate.first_patient = MAIN_STREET, 0
        self.house.clock.set(now)
        self.paying.odd.clear()
        self.paying.odd_bundles.clear()
        self.realtime.switches = realtime.Switches()
        self.sessions.rules = sessions.Rules()

    def to_harbor_street(self) -> None:
        """Practice Mate is the second office's from now on, until all begins anew."""
        if self.mate.office is not harbor.OFFICE:
            today = self.clock.now().astimezone(ZONE).date()
            self.mate.first_patient = practice.open_harbor(self.database, today)
            self.mate.office = harbor.OFFICE

    def _half(self) -> float:
        """Seconds for which the next report stays half written, where the fault ``half`` is due."""
        due = [fault for fault in self.faults.due("report") if fault.kind == "half"]
        return due[0].number(5.0) if due else 0.0

    def announcement(self) -> dict[str, Any]:
        """Addresses, account name, and the three pairs of credentials."""
        return {
            "base_urls": dict(self._urls),
            "tenant": practice.ACCOUNT,
            "credentials": {
                "sftp_user": SFTP_USER,
                "sftp_password": SFTP_PASSWORD,
                "realtime_user": realtime.USER,
                "realtime_password": realtime.PASSWORD,
                "sender_id": practice.SENDER,
                "submitter_id": practice.SUBMITTER,
                "portal_user": "larkspur.front",
                "portal_password": sessions.PASSWORD,
                "portal_totp": sessions.TOTP_SECRET,
                "special_password": sessions.SPECIAL_PASSWORD,
            },
        }

    async def close(self) -> None:
        """Stop listening and forget everything."""
        await self._stack.aclose()
        self.database.close()


async def open_sandbox(plan: Plan) -> OfficeAllySandbox:
    """A running simulator of Office Ally."""
    sandbox = OfficeAllySandbox(plan)
    try:
        await sandbox.open()
    except BaseException:
        await sandbox.close()
        raise
    return sandbox
