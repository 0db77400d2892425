"""The simulator's web pages and adapters that drive them in a real browser; every way of writing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from app.model.clock import FixedClock
from app.model.portal_writes import PortalOperation, WriteWish
from tests.contracts.portal import Way
from tests.vendors.officeally.desk import Desk
from tests.vendors.stage import NOW, Memory
from vendors.contract import VendorContext
from vendors.officeally.adapter import OfficeAlly
from vendors.officeally.sandbox.payers import BY_KEY
from vendors.portal.engine import Engine
from vendors.sandboxkit.plan import Plan
from vendors.sandboxkit.serve import open_sandbox

TODAY = date(2026, 3, 10)


class WebDesk(Desk):
    """One simulator for a module's tests, each from the beginning; adapters share one browser.

    ``kept`` is the sealed state of adapters that are signed in already, by connection.
    """

    kept: Mapping[str, dict[str, Any]] = MappingProxyType({})

    def context(self, **changes: Any) -> VendorContext:
        """Of somebody without a second factor, unless ``secrets`` say whom."""
        state = Memory(dict(self.kept.get(changes.get("connection_id", "connection-1"), {})))
        return super().context(**{"secrets": self.secrets(portal_user="larkspur.plain"), "state": state, **changes})

    @asynccontextmanager
    async def adapter(self, **changes: Any) -> AsyncIterator[OfficeAlly]:
        """One that gives a page little time to become the expected one: on this machine it comes at once."""
        office = OfficeAlly(self.context(**changes), patience_s=0.4)
        try:
            yield office
        finally:
            await office.close()

    @property
    def sessions(self) -> Any:
        """Who is signed in at the simulator."""
        sandbox: Any = self.sandbox
        return sandbox.sessions

    def rows(self, query: str, *given: Any) -> list[Any]:
        """The simulator's own books."""
        sandbox: Any = self.sandbox
        found: list[Any] = sandbox.database.execute(query, given).fetchall()
        return found


class OneSimulator(NamedTuple):
    """For all tests of a module. ``kept`` and ``sessions``: both connections signed in to both applications."""

    desk: WebDesk
    kept: dict[str, dict[str, Any]]
    sessions: dict[str, Any]


@asynccontextmanager
async def one_simulator(*, signed_in: bool = False) -> AsyncIterator[OneSimulator]:
    """With a browser that outlives each test."""
    sandbox = await open_sandbox("officeally", Plan(now=NOW))
    desk = WebDesk(vendor="officeally", sandbox=sandbox, clock=FixedClock(NOW))
    try:
        async with Engine.shared(FixedClock(NOW)).held():
            kept: dict[str, dict[str, Any]] = {}
            for connection_id in ("connection-1", "connection-2") if signed_in else ():
                state = Memory()
                async with desk.adapter(connection_id=connection_id, state=state) as office:
                    await office.test()
                kept[connection_id] = state.held
            yield OneSimulator(desk, kept, dict(desk.sessions.opened))
    finally:
        await sandbox.close()


@asynccontextmanager
async def from_the_beginning(simulator: OneSimulator) -> AsyncIterator[WebDesk]:
    """For one test: practice, clocks and quarantine as at the start, adapters closed at its end."""
    desk = simulator.desk
    # Its clock goes on while a test's stands; codes of an authenticator hold for half a minute.
    await desk.act("clock", now=NOW.isoformat())
    await desk.act("reset")
    desk.sessions.opened.update(simulator.sessions)
    desk.kept = simulator.kept
    desk.clock = FixedClock(NOW)
    engine = Engine.shared(desk.clock)
    yield desk
    for change in engine.quarantine.changes():
        await engine.quarantine.lift(change.vendor, change.page)


# -- wishes: one for every way of writing


async def new_patient(desk: WebDesk) -> WriteWish:
    values = {"last_name": "O'Thistle-<b>", "first_name": "Zoë", "birth_date": "1990-02-03", "gender": "f"}
    return WriteWish(operation=PortalOperation.SAVE_PATIENT, values=values)


async def changed_patient(desk: WebDesk) -> WriteWish:
    values = {"cell_phone": "(312) 555-0199", "birth_date": "1984-03-15"}
    return WriteWish(operation=PortalOperation.SAVE_PATIENT, record="1001", values=values)


async def new_policy(desk: WebDesk) -> WriteWish:
    [free] = desk.rows(
        "SELECT id FROM patients WHERE id NOT IN (SELECT patient_id FROM policies WHERE rank = 2)"
        " AND id IN (SELECT patient_id FROM policies WHERE rank = 1) ORDER BY id LIMIT 1"
    )
    values = {"payer_id": "BHH01", "member_id": "BHH00077", "relationship": "Spouse", "starts": "2026-01-01"}
    return WriteWish(operation=PortalOperation.SAVE_POLICY, record=f"{free['id']}/2", values=values)


async def changed_policy(desk: WebDesk) -> WriteWish:
    return WriteWish(operation=PortalOperation.SAVE_POLICY, record="1001/1", values={"member_id": "EHP77"})


async def check_in(desk: WebDesk) -> WriteWish:
    [row] = desk.rows(
        "SELECT id FROM appointments WHERE day = ? AND status = 'Scheduled' ORDER BY id LIMIT 1", TODAY.isoformat()
    )
    return WriteWish(operation=PortalOperation.CHECK_IN, record=str(row["id"]))


async def posting(desk: WebDesk) -> WriteWish:
    [row] = desk.rows(
        "SELECT number, amount FROM checks WHERE amount > 0 AND number NOT IN"
        " (SELECT check_number FROM check_lines WHERE posted) ORDER BY number LIMIT 1"
    )
    values = {"amount": f"{row['amount'] // 100}.{row['amount'] % 100:02d}"}
    return WriteWish(operation=PortalOperation.POST_REMITTANCE, record=row["number"], values=values)


async def correction(desk: WebDesk) -> WriteWish:
    claim = next(one for one in await desk.act("claims") if one["status"] == "Rejected")
    values = {"member_id": "BHH00012399", "line_1_units": "2"}
    return WriteWish(operation=PortalOperation.CORRECT_CLAIM, record=claim["id"], values=values)


async def upload(desk: WebDesk) -> WriteWish:
    return WriteWish(operation=PortalOperation.UPLOAD_CLAIMS)


async def enrollment(desk: WebDesk) -> WriteWish:
    [row] = desk.rows("SELECT * FROM enrollments WHERE status = 'Not started' ORDER BY plan, txn LIMIT 1")
    values = {
        "payer_id": BY_KEY[row["plan"]].ids[row["txn"]], "transaction": row["txn"], "provider_npi": row["npi"],
        "contact": "Rosa Mallow", "email": "rosa@mail.example",
    }  # fmt: skip
    return WriteWish(operation=PortalOperation.ENROLL, values=values)


async def one_claim(desk: WebDesk) -> bytes:
    return (await desk.claims("DBK-1")).content


#: Every write of the adapter.
WAYS: dict[str, Way] = {
    "new_patient": Way(wish=new_patient, operation="save_patient", page="edit_page"),
    "changed_patient": Way(wish=changed_patient, operation="save_patient", page="edit_page"),
    "new_policy": Way(wish=new_policy, operation="save_policy", page="policy_page"),
    "changed_policy": Way(wish=changed_policy, operation="save_policy", page="policy_page"),
    "check_in": Way(wish=check_in, operation="check_in", page="appointments_page"),
    "posting": Way(wish=posting, operation="auto_post_proceed", page="era_checks"),
    "correction": Way(wish=correction, operation="correct_claim", page="correct_page"),
    "upload": Way(wish=upload, operation="upload_claims", page="upload_page", content=one_claim),
    "enrollment": Way(wish=enrollment, operation="enroll", page="enrollment_form"),
}
