"""Office Ally's portals, page by page, against the sandbox; its ledger is the judge of writes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from app.model.errors import (
    AuthExpired,
    BadInput,
    Drifted,
    NotFound,
    VendorRejected,
    WrongCredentials,
)
from app.model.portal import WritePlan
from tests.vendors.stage import NOW, Memory, Stage, stage
from vendors.contract import CodeAnswer, CodeQuestion, DrivesPortal
from vendors.officeally.portal import OfficeAllyPortal
from vendors.portal.engine import Engine

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

TODAY = date(2026, 3, 10)


class Place:
    """A sandbox and portals made for it."""

    def __init__(self, stage: Stage, engine: Engine, stack: AsyncExitStack) -> None:
        self.stage = stage
        self._engine = engine
        self._stack = stack
        self.credentials = stage.sandbox.announcement()["credentials"]

    def portal(self, connection_id: str = "c1", **changes: Any) -> OfficeAllyPortal:
        secrets = Memory({**self.credentials, "portal_user": "larkspur.plain", **changes.pop("secrets", {})})
        context = self.stage.context(connection_id=connection_id, secrets=secrets, **changes)
        made = OfficeAllyPortal(context, engine=self._engine, patience_s=0.3)
        self._stack.push_async_callback(made.close)
        return made

    async def act(self, action: str, **given: Any) -> Any:
        return await self.stage.sandbox.actions[action](given)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def opened(engine: Engine) -> AsyncIterator[tuple[Stage, Engine]]:
    async with stage("officeally") as made:
        yield made, engine


@pytest_asyncio.fixture(loop_scope="module")
async def place(opened: tuple[Stage, Engine]) -> AsyncIterator[Place]:
    made, engine = opened
    await made.sandbox.actions["reset"]({})
    # Its clock goes on while a test's stands; codes of an authenticator hold for half a minute.
    await made.sandbox.actions["clock"]({"now": NOW.isoformat()})
    async with AsyncExitStack() as stack:
        yield Place(made, engine, stack)
    for change in engine.quarantine.changes():
        await engine.quarantine.lift(change.vendor, change.page)


# -- reading


async def test_service_center_is_read(place: Place) -> None:
    portal = place.portal()
    assert isinstance(portal, DrivesPortal)
    claims = await portal.center.claims()
    assert len(claims) > 25
    assert len({claim.claim_id for claim in claims}) == len(claims)
    rejected = next(claim for claim in await portal.center.claims(status="Rejected"))
    assert rejected.reason
    boxes, reasons = await portal.center.claim_form(rejected.claim_id)
    assert reasons
    assert boxes["Payer ID"] == rejected.payer_id
    assert [one.claim_id for one in await portal.center.claims(find=rejected.account_number)] == [rejected.claim_id]
    with pytest.raises(NotFound):
        await portal.center.claim_form("1234567890")
    with pytest.raises(VendorRejected):
        await portal.center.claim_form(next(claim.claim_id for claim in claims if claim.status == "Passed"))
    assert portal.changed_pages() == ()


async def test_reports_and_remittances_are_fetched(place: Place) -> None:
    portal = place.portal()
    files = await portal.center.files()
    summary = await portal.center.file_summary(next(one.file_id for one in files if one.has_summary))
    assert b"FILE SUMMARY" in summary.content
    assert summary.name.startswith("FS_")
    era = (await portal.center.eras(2026, 3))[0]
    bundle = await portal.center.era_bundle(era.file_id, 2026, 3)
    assert bundle.content.startswith(b"PK")
    payers = await portal.center.payer_list()
    assert b"PAYER NAME" in payers.content
    states = {record.status_word for _, record in await portal.center.enrollments()}
    assert "Not started" in states


@pytest.mark.parametrize("page", ["era_page", "patients_page"])
async def test_a_list_that_is_elsewhere_is_not_taken_for_an_empty_one(place: Place, page: str) -> None:
    portal = place.portal()
    await place.act("faults", spec=f"reid@{page}")
    with pytest.raises(Drifted):
        await (portal.center.eras(2026, 3) if page == "era_page" else portal.patients.search())
    assert [one.missing for one in portal.changed_pages()]


async def test_practice_mate_is_read(place: Place) -> None:
    portal = place.portal()
    found, count, more = await portal.patients.search()
    assert count is not None
    assert more
    second, _, _ = await portal.patients.search(part=2)
    assert not {one for one, _ in found} & {one for one, _ in second}
    patient, policies = await portal.patients.chart(found[0][0])
    assert patient.last_name == found[0][1].last_name
    assert patient.birth_date == found[0][1].birth_date
    assert [policy.rank for policy in policies] == sorted(policy.rank for policy in policies)
    with pytest.raises(NotFound):
        await portal.patients.chart("99999999")
    providers = await portal.visits.providers()
    visits = await portal.visits.day(providers[0][0], TODAY, TODAY)
    assert any(visit.visit_type == "Blocked" and not visit.patient_vendor_id for _, visit in visits)
    assert all(vendor_id and visit.day == TODAY for vendor_id, visit in visits)
    hours = await portal.visits.hours(providers[0][0])
    assert len(hours) == 5
    assert len(hours[0].periods) == 2


# -- signing in


async def test_ways_of_the_code(place: Place) -> None:
    told: list[CodeQuestion] = []

    async def ask(question: CodeQuestion) -> str | CodeAnswer:
        told.append(question)
        if len(told) == 1:
            return CodeAnswer(send_by="email")
        if len(told) == 2:
            return CodeAnswer(send_by="email")
        codes = await place.act("codes")
        return str(codes["email"][-1]["code"])

    portal = place.portal(secrets={"portal_user": "larkspur.all", "portal_totp": ""}, ask_code=ask)
    await portal.sign_in()
    assert [question.method for question in told] == ["sms", "email", "email"]
    assert set(told[0].methods) == {"totp", "sms", "email"}
    assert told[1].can_resend
    assert "mail.example" in told[2].sent_to
    assert len((await place.act("codes"))["email"]) == 2


async def test_a_code_from_the_seed(place: Place) -> None:
    await place.portal(secrets={"portal_user": "larkspur.front"}).sign_in()
    assert await place.stage.requests("mfa") == 1


@pytest.mark.parametrize("trust", [True, False])
async def test_the_device_is_trusted_afterwards_where_that_was_wanted(place: Place, trust: bool) -> None:
    asked = 0

    async def ask(question: CodeQuestion) -> CodeAnswer:
        nonlocal asked
        asked += 1
        assert question.can_trust
        return CodeAnswer(code=str((await place.act("codes"))["sms"][-1]["code"]), trust=trust)

    state = Memory()
    secrets = {"portal_user": "larkspur.sms", "portal_totp": ""}
    first = place.portal(secrets=secrets, state=state, ask_code=ask)
    await first.sign_in()
    await first.close()
    await place.act("sign_out")
    await place.portal(secrets=secrets, state=state, ask_code=ask).sign_in()
    assert asked == (1 if trust else 2)


async def test_special_characters_lock_and_expiry(place: Place) -> None:
    special = {"portal_user": "larkspur.special", "portal_password": place.credentials["special_password"]}
    await place.portal(secrets=special).sign_in()
    with pytest.raises(WrongCredentials):
        await place.portal(secrets={"portal_password": "wrong"}).sign_in()
    await place.act("lock", user="larkspur.plain", minutes=15)
    with pytest.raises(VendorRejected) as locked:
        await place.portal().sign_in()
    assert locked.value.retry_after == 900
    await place.act("reset")
    await place.act("switches", password_expired=True)
    with pytest.raises(WrongCredentials) as run_out:
        await place.portal().sign_in()
    assert "new password" in run_out.value.happened
    await place.act("switches", password_expired=False)


async def test_a_changed_log_in_page_is_not_typed_into(place: Place) -> None:
    await place.stage.fail("relabel@login_page")
    with pytest.raises(Drifted):
        await place.portal().sign_in()
    assert await place.stage.requests("login") == 0


async def test_an_ended_session_is_told_apart(place: Place) -> None:
    portal = place.portal()
    await portal.center.claims()
    await place.act("sign_out")
    with pytest.raises(AuthExpired):
        await portal.center.claims()
    await portal.sign_in()
    assert await portal.center.claims()


# -- writing


async def _changed_patient(place: Place, portal: OfficeAllyPortal) -> WritePlan:
    found, _, _ = await portal.patients.search(last="f")
    return await portal.patients.plan_patient({"cell_phone": "555-555-0199"}, patient_id=found[0][0])


FILE = b"ISA*00*synthetic\r\n\xff\x00"


async def test_what_changed_since_the_plan_is_not_overwritten(place: Place) -> None:
    portal = place.portal()
    plan = await _changed_patient(place, portal)
    await portal.write(await portal.patients.plan_patient({"cell_phone": "555-555-0111"}, patient_id=plan.record))
    with pytest.raises(VendorRejected) as error:
        await portal.write(plan)
    assert "Cell Phone" in error.value.happened
    assert len(await place.stage.writes("save_patient")) == 1


async def test_a_refusal_is_told_in_the_portal_s_words(place: Place) -> None:
    portal = place.portal()
    claim = (await portal.center.claims(status="Rejected"))[0]
    plan = await portal.center.plan_correction(claim.claim_id, {"line_1_charge": "a lot"})
    with pytest.raises(VendorRejected) as error:
        await portal.write(plan)
    assert "is not an amount" in error.value.means
    assert await place.stage.writes("correct_claim") == []


async def test_a_twin_needs_a_person(place: Place) -> None:
    portal = place.portal()
    found, _, _ = await portal.patients.search(last="f")
    patient, _ = await portal.patients.chart(found[0][0])
    fields = {
        "last_name": patient.last_name, "first_name": patient.first_name,
        "birth_date": f"{patient.birth_date:%m/%d/%Y}", "gender": "F",
    }  # fmt: skip
    with pytest.raises(VendorRejected) as error:
        await portal.write(await portal.patients.plan_patient(fields))
    assert "exists" in error.value.means
    plan = await portal.patients.plan_patient(fields, despite_twin=True)
    assert (await portal.write(plan)).record not in plan.marks["known"].split(",")


async def test_negative_checks_are_not_posted(place: Place) -> None:
    portal = place.portal()
    check = next(one for one in await portal.posting.checks() if one.amount.cents > 0)
    books: Any = place.stage.sandbox
    books.database.execute("UPDATE checks SET amount = -amount WHERE number = ?", (check.number,))
    plan = await portal.posting.plan_posting(check.number)
    with pytest.raises(VendorRejected) as error:
        await portal.write(plan)
    assert "negative payments" in error.value.means
    assert await place.stage.writes("auto_post_proceed") == []


async def test_upload_names_decide_who_gets_the_claims(place: Place) -> None:
    center = place.portal().center
    wrong = (("DBK_837P_1.txt", False), ("DBK_OATEST_837P_1.txt", True), ("a.txt", True), ("../837P.txt", True))
    for name, production in wrong:
        with pytest.raises(BadInput):
            center.plan_upload(name, FILE, production=production)
    assert "to payers" in center.plan_upload("DBK_837P_1.txt", FILE, production=True).summary
